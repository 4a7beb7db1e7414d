"""The finish in whole numbers against trying everything, and its way out."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.engine.columns import solve_columns
from federate.proof import choice
from federate.proof.certificate import Certificate
from federate.proof.check import check
from federate.proof.cover import Sets, least_cover
from federate.proof.facts import ragged
from solvers.contract import Options
from tests.oracle import partitions
from tests.proof.drawn import certificate_of
from tests.strategies import small_problem

ROWS = 5
NEVER = 10**9


def sets_of(
    chosen: Sequence[tuple[int, ...]], cost: list[int], more: list[int]
) -> Sets:
    through = [[k for k, rows in enumerate(chosen) if r in rows] for r in range(ROWS)]
    return Sets(
        *ragged(chosen),
        *ragged(through),
        cost=np.array(cost, dtype=np.int64),
        more=np.array(more, dtype=np.int64),
        is_led=np.ones(len(chosen), dtype=np.int64),
    )


@settings(max_examples=80, deadline=None)
@given(
    masks=st.sets(st.integers(1, 2**ROWS - 1), min_size=1, max_size=20),
    costs=st.lists(st.integers(-50, 200), min_size=20, max_size=20),
    count=st.sampled_from([(0, 5), (2, 2), (3, 4)]),
)
def test_the_least_cover_is_the_least_of_all(
    masks: set[int], costs: list[int], count: tuple[int, int]
) -> None:
    chosen = [tuple(r for r in range(ROWS) if mask & 2**r) for mask in sorted(masks)]
    price = dict(zip(chosen, costs, strict=False))
    sets = sets_of(chosen, [price[rows] for rows in chosen], [0] * len(chosen))
    tried = [
        sum(price[rows] for rows in parts)
        for parts in partitions(tuple(range(ROWS)))
        if all(rows in price for rows in parts) and count[0] <= len(parts) <= count[1]
    ]
    assert least_cover(sets, -NEVER, NEVER, count, 10**6) == min([NEVER, *tried])


def test_too_long_a_search_gives_up() -> None:
    chosen = [(r,) for r in range(ROWS)]
    sets = sets_of(chosen, [1] * ROWS, [0] * ROWS)
    assert least_cover(sets, 0, NEVER, (0, ROWS), 3) is None
    assert least_cover(sets, 0, NEVER, (0, ROWS), 100) == ROWS


def test_a_start_that_cannot_get_below_is_left() -> None:
    chosen = [(r,) for r in range(ROWS)]
    sets = sets_of(chosen, [1] * ROWS, [10] * ROWS)
    assert least_cover(sets, 0, 20, (0, ROWS), 2) == 20


def certificate_with_finish(seed: int, rule: str) -> Certificate | None:
    """Return what columns prove, where they needed the finish for it."""
    problem = small_problem(seed, rule)
    evidence = solve_columns(problem, options=Options(rel_gap=1e-9)).evidence
    if evidence is None or evidence.reach_gbp is None:
        return None
    return certificate_of(problem, evidence)


def test_where_there_are_too_many_plans_a_solver_chooses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = ((seed, rule) for seed in range(12) for rule in ("bounds", "count"))
    found = ((small_problem(*case), certificate_with_finish(*case)) for case in cases)
    problem, made = next((p, c) for p, c in found if c is not None)
    alone = check(problem, None, made)
    monkeypatch.setattr(choice, "WORK", 0)
    helped = check(problem, None, made)
    assert alone.is_proven
    assert helped.is_proven
    assert "solver" not in alone.sentence
    assert "going by the solver highs" in helped.sentence
    assert helped.proven_gbp == pytest.approx(alone.proven_gbp, abs=0.01)
