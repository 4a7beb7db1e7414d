"""The sixty scenarios, and what a way of answering them is said to have done."""

from pathlib import Path

import pytest

import federate
from benchmarks.sweeps import AXES, COLUMNS, Answered, asked, row_of
from federate.practices.source import read
from federate.problem import Problem
from federate.whatif.executors import Inline
from federate.whatif.points import grid
from federate.whatif.table import Sweep
from tests.whatif import works


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    axes = {"solve__seed": (0, works.POISON)}
    folder = tmp_path_factory.mktemp("store")
    return federate.sweep(
        "toy", axes, store=folder, executor=Inline(works.fail_at_poison)
    )


def test_there_are_sixty_scenarios_each_of_a_real_region(shared_data: Path) -> None:
    scenario = asked(shared_data / "regions/trafford.csv", 5.0)
    points = grid(AXES)
    assert len(points) == 60
    problem = Problem.build(
        read(str(scenario.instance)), scenario.with_(**points.changes[-1])
    )
    assert problem.n == 27


def test_a_row_counts_what_was_proven_and_what_failed(found: Sweep) -> None:
    first = Answered("cold", found, wall_s=10.0, cpu_s=8.0)
    row = row_of(Answered("2", found, 4.0, 6.0), first, "toy")
    assert (row["points"], row["optimal"], row["failed"], row["lost"]) == (2, 1, 1, 0)
    assert (row["wall_ratio"], row["cpu_ratio"]) == (0.4, 0.75)
    assert row["differ_from_first"] == 0
    assert set(row) <= set(COLUMNS)
