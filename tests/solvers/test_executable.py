"""A program that solves is told to stop, and killed where it does not."""

import sys
from pathlib import Path
from time import perf_counter

import pytest

from solvers.contract import Options, Progress
from solvers.executable import Folder, find, folder_of, run
from solvers.progress import Watch
from tests.solvers.models import knapsack

_DEAF = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN)"
_FOREVER = "while True: time.sleep(0.05)"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def _program(*lines: str) -> list[str]:
    return [sys.executable, "-c", "\n".join(lines)]


def test_what_a_program_says_is_its_log(folder: Folder) -> None:
    command = _program("import sys", "print('out')", "print('err', file=sys.stderr)")
    assert sorted(run(command, folder, Options()).split()) == ["err", "out"]


def test_a_program_past_its_limit_is_killed(folder: Folder) -> None:
    began = perf_counter()
    run(_program(_DEAF, _FOREVER), folder, Options(time_limit_s=0.1))
    assert perf_counter() - began < 10


def test_a_program_deaf_to_an_interrupt_is_killed(folder: Folder) -> None:
    watch = Watch(lambda progress: True, perf_counter())
    run(_program(_DEAF, _FOREVER), folder, Options(), watch)
    assert watch.stopping


def test_an_interrupted_program_may_still_write(folder: Folder) -> None:
    lines = [
        "import time",
        "print('ready', flush=True)",
        "try:",
        f"    {_FOREVER}",
        "except KeyboardInterrupt:",
        "    print('best so far')",
    ]

    def once_ready(progress: Progress) -> bool:
        return "ready" in folder.log.read_text()

    log = run(_program(*lines), folder, Options(), Watch(once_ready, perf_counter()))
    assert "best so far" in log


def test_what_the_listener_raises_ends_the_program(folder: Folder) -> None:
    def fails(progress: Progress) -> bool:
        raise ZeroDivisionError("from the listener")

    with pytest.raises(ZeroDivisionError, match="from the listener"):
        run(_program(_DEAF, _FOREVER), folder, Options(), Watch(fails, perf_counter()))


def test_the_log_is_passed_on_where_it_is_wanted(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    run(_program("print('a line')"), folder, Options(log=True))
    captured = capsys.readouterr()
    assert captured.err == "a line\n"
    assert captured.out == ""


def test_the_folder_goes_when_the_solve_is_over() -> None:
    with folder_of(knapsack()) as made:
        assert made.model.exists()
        assert made.read_solution() == []
    assert not made.model.exists()


def test_a_program_that_is_not_there_is_not_found() -> None:
    assert find("no-such-program-as-this") is None
