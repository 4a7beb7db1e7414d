"""Robustness on nine equal practices, where the answer is known in the head."""

from typing import Any

from federate.result import Result, evaluated
from federate.whatif.robustness import _with_lists, robustness
from tests.square import rows, square


def three_rows(**held: Any) -> Result:
    rules = {"size_bounds": (29_000.0, 31_000.0), "num_federations": 3}
    problem = square(
        {"rules": rules},
        size_bounds=(29_000.0, 31_000.0),
        max_pieces=1,
        num_federations=(3, 3),
        **held,
    )
    return evaluated(problem, rows())


def test_no_drift_breaks_nothing() -> None:
    found = robustness(three_rows(), drift=0.0, draws=5)
    assert found.any_share == 0.0
    assert {row.spare_below for row in found.federations} == {1_000}


def test_a_large_drift_breaks_narrow_bounds() -> None:
    found = robustness(three_rows(), drift=0.3, draws=50)
    assert found.rule_share["rules.size_bounds"] == found.any_share > 0.5


def test_the_same_seed_gives_the_same_answer() -> None:
    first, second = (robustness(three_rows(), draws=20, seed=3) for _ in range(2))
    assert first == second


def test_the_loss_of_the_largest_leaves_a_row_below_the_bound() -> None:
    for row in robustness(three_rows(), draws=1).federations:
        assert row.left_patients == 20_000
        assert any("20,000 patients" in message for message in row.loss_broken)


def test_patients_of_a_closed_practice_join_the_nearest() -> None:
    # Of those ten minutes away the first named is nearest: in row A that is always
    # one of the row, which keeps its patients; B1 and C1 lose theirs to the row above.
    row = {r.federation: r for r in robustness(three_rows(), draws=1).federations}
    assert (row["F1"].worst_closure, row["F1"].closure_broken) == ("", ())
    assert any("20,000 patients" in text for text in row["F2"].closure_broken)
    assert any("40,000 patients" in text for text in row["F2"].closure_broken)
    assert row["F3"].worst_closure == "C3"


def test_stated_budgets_drift_with_their_lists() -> None:
    held = three_rows().problem
    moved = _with_lists(held, held.list_size * 2)
    assert moved.instance.practices.list_size.tolist() == [20_000] * 9
    per_head = moved.instance.practices.budget_gbp / moved.list_size
    assert per_head.tolist() == (held.budget_gbp / held.list_size).tolist()
