"""What is written aside is whole or absent, and never in anybody's way."""

import os
import time
from pathlib import Path

import pytest

from federate.show.aside import clear_leftovers, move_into_place, written_aside


def test_a_folder_has_its_name_only_when_it_is_finished(tmp_path: Path) -> None:
    with written_aside(tmp_path, "run") as aside:
        (aside / "file").write_text("whole", "utf-8")
        assert not (tmp_path / "run").exists()
        assert move_into_place(aside, tmp_path / "run")
    assert (tmp_path / "run" / "file").read_text("utf-8") == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_fails_on_the_way_is_gone(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), written_aside(tmp_path, "run"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_was_taken_meanwhile_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "file").write_text("theirs", "utf-8")
    with written_aside(tmp_path, "run") as aside:
        (aside / "file").write_text("ours", "utf-8")
        assert not move_into_place(aside, tmp_path / "run")
    assert (tmp_path / "run" / "file").read_text("utf-8") == "theirs"


def test_only_old_leftovers_are_cleared(tmp_path: Path) -> None:
    for name in (".old-1", ".new-1", "kept-1"):
        (tmp_path / name).mkdir()
    long_ago = time.time() - 10_000
    os.utime(tmp_path / ".old-1", (long_ago, long_ago))
    os.utime(tmp_path / "kept-1", (long_ago, long_ago))
    assert clear_leftovers(tmp_path) == 1
    assert {path.name for path in tmp_path.iterdir()} == {".new-1", "kept-1"}
