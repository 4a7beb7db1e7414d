"""What is killed at any moment leaves a store whose every run is whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.kills import kills
from federate.whatif.store import Store
from tests.cli.command import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """Kill six times in one store; what each kill left."""
    folder = tmp_path_factory.mktemp("store")
    order = ("keep", "remove", "pair", "solve", "keep", "remove")
    return list(kills(folder, 6, seed=6, kinds=order))


@pytest.mark.parametrize("wrong", ["lost", "torn", "half"])
def test_no_kill_leaves_a_run(rows: list[dict[str, object]], wrong: str) -> None:
    assert [row[wrong] for row in rows] == [0] * 6


def test_the_index_is_sound_after_every_kill(rows: list[dict[str, object]]) -> None:
    assert all(row["readable"] for row in rows)


def test_the_killed_had_kept_runs_before(rows: list[dict[str, object]]) -> None:
    assert sum(int(str(row["new"])) for row in rows) > 5


def test_two_processes_at_once_keep_every_run_in_one_store(tmp_path: Path) -> None:
    order = [sys.executable, "-m", "benchmarks.writer", str(tmp_path), "keep", "0"]
    writers = [
        subprocess.Popen(order, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(2)
    ]
    told = [[writer.stdout.readline() for _ in range(9)] for writer in writers]  # type: ignore[union-attr]
    for writer in writers:
        writer.kill()
        writer.communicate()
    kept = {line.split()[1] for lines in told for line in lines[1:]}
    assert len(kept) == 16
    assert kept <= {record.name for record in Store(tmp_path).records()}
