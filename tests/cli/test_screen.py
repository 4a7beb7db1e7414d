"""Where words go, and that they go without colour where none is wanted."""

import logging
import subprocess
import sys

import pytest

from federate.cli.screen import result_console, warnings_shown
from tests.cli.command import ROOT


def test_no_color_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert result_console().no_color


def test_a_pipe_gets_no_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    result_console().print("[red bold]broken[/]")
    assert capsys.readouterr().out == "broken\n"


def test_quiet_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    result_console(quiet=True).print("words")
    assert capsys.readouterr() == ("", "")


def test_what_the_library_warns_of_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings_shown(quiet=False):
        logging.getLogger("federate.practices").warning("left out: %s", "[A81001]")
    assert capfd.readouterr().err == "warning: left out: [A81001]\n"


def test_a_quiet_command_shows_no_warning() -> None:
    code = (
        "import logging; from federate.cli.screen import warnings_shown\n"
        "with warnings_shown(quiet=True):\n"
        "    logging.getLogger('federate.practices').warning('left out')"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr == ""


def test_warnings_are_shown_only_while_a_command_runs() -> None:
    with warnings_shown(quiet=False):
        pass
    assert not logging.getLogger("federate").handlers
