"""Backends side by side: what is asked, how it is clocked, and the tables printed."""

import csv
import pickle
from pathlib import Path

import pytest

from benchmarks import questions as asking
from benchmarks.backends import main
from benchmarks.backends_answer import Clock, answer
from benchmarks.backends_table import tables
from benchmarks.questions import questions, state

LIMITS = {"time_limit_s": 30.0, "threads": 1, "seed": 0}


def _row(**held: str) -> dict[str, str]:
    blank = dict.fromkeys(
        ("case", "solver", "status", "stop", "message", "seconds", "gap", "bound"), ""
    )
    more = dict.fromkeys(("to_1pct_s", "to_optimal_s", "peak_memory_mb"), "")
    return blank | more | {"time_limit_s": "60.0"} | held


def test_the_toy_is_answered_at_its_optimum(tmp_path: Path) -> None:
    (toy,) = questions(tmp_path)
    path = tmp_path / "toy.pickle"
    state(toy, path)
    row = answer(path, "highs", LIMITS)
    assert row["status"] == "optimal"
    assert row["objective"] == pytest.approx(870_000.0)
    assert row["to_1pct_s"] <= row["to_optimal_s"] <= row["seconds"]
    assert row["num_integers"] <= row["num_columns"]


@pytest.mark.slow
def test_a_choice_and_its_programme_are_models_of_their_own(
    tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SEARCH_S", 0.5)
    by_name = {question.name: question for question in questions(shared_data)}
    bounds = []
    for kind in ("lp", "choice"):
        path = tmp_path / kind
        state(by_name[f"manchester/{kind}"], path)
        model = pickle.loads(path.read_bytes()).asked
        assert model.is_linear is (kind == "lp")
        bounds.append(answer(path, "highs", LIMITS)["objective"])
    assert bounds[0] <= bounds[1] * (1 + 1e-6)


def test_regions_without_their_data_are_left_out(tmp_path: Path) -> None:
    assert [question.name for question in questions(tmp_path)] == ["toy/compact"]


def test_the_clock_stops_once_best_and_bound_are_within_a_hundredth() -> None:
    clock = Clock()
    clock.hear(100.0, None)
    clock.hear(None, 98.0)
    assert clock.to_1pct_s is None
    clock.hear(None, 99.0)
    assert clock.to_1pct_s is not None


def test_a_worse_figure_told_later_changes_nothing() -> None:
    clock = Clock()
    clock.hear(100.0, 90.0)
    clock.hear(110.0, 80.0)
    assert (clock.best, clock.bound) == (100.0, 90.0)


def test_a_backend_that_cannot_run_says_why(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert main(["--only", "toy/*", "--solvers", "abacus", "--out", str(out)]) == 0
    with out.open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["solver"] == "abacus"
    assert "no solver called 'abacus'" in row["message"]


def test_the_tables_tell_seconds_gaps_and_refusals() -> None:
    rows = [
        _row(case="a/lp", solver="one", to_optimal_s="2.04", to_1pct_s="1.0"),
        _row(case="b/lp", solver="one", status="feasible", gap="0.125"),
        _row(case="a/lp", solver="two", status="error", stop="licence_size"),
        _row(solver="three", status="cannot run", message="no licence"),
    ]
    optimal, near, memory, lame = tables(rows)
    assert "| one | 2.0 | 12.50% |" in optimal
    assert "| two | too large for its licence |  |" in optimal
    assert "at 60 s" in optimal
    assert "| one | 1.0 | – |" in near
    assert memory.startswith("Peak memory, MB")
    assert "- three: no licence" in lame
