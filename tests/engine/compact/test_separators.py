"""Rows added in rounds: each cuts off what breaks a rule and nothing else."""

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest

from federate.engine.compact.contiguity import cut_contiguity, minimal_separator
from federate.engine.compact.cuts import Cut
from federate.engine.compact.donut import cut_donut
from federate.engine.compact.paths import components, neighbours_of
from federate.engine.compact.risk_cuts import (
    breaks_risk,
    cut_risk,
    polymatroid_cut,
)
from federate.problem import Problem
from tests.engine.compact.street import street
from tests.engine.compact.variants import variant
from tests.square import square


def _sets(problem: Problem) -> list[tuple[int, ...]]:
    everybody = range(problem.n)
    sizes = range(1, problem.n + 1)
    return list(chain.from_iterable(combinations(everybody, k) for k in sizes))


def _candidates(problem: Problem) -> dict[int, tuple[int, ...]]:
    return {j: tuple(range(problem.n)) for j in range(problem.n)}


def _excess(cut: Cut, members: tuple[int, ...]) -> float:
    return cut.excess(dict.fromkeys(members, 1.0))


def _pieces(problem: Problem, members: tuple[int, ...]) -> int:
    return len(components(neighbours_of(problem), members))


def _cuts_on_all_sets(problem: Problem, rule: str) -> list[tuple[Cut, tuple[int, ...]]]:
    """Return every row that some set breaks, with that set."""
    neighbours, candidates = neighbours_of(problem), _candidates(problem)
    found = []
    for members in _sets(problem):
        cuts = {
            "contiguity": lambda m=members: cut_contiguity(
                problem, neighbours, candidates, m
            ),
            "no_donut": lambda m=members: cut_donut(problem, neighbours, candidates, m),
            "risk": lambda m=members: cut_risk(problem, candidates, m),
        }[rule]()
        found += [(cut, members) for cut in cuts]
    return found


@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_separators_cut_off_all_that_is_in_too_many_pieces(pieces: int) -> None:
    problem = square(max_pieces=pieces)
    broken = {members for _, members in _cuts_on_all_sets(problem, "contiguity")}
    assert broken == {m for m in _sets(problem) if _pieces(problem, m) > pieces}


@pytest.mark.parametrize("pieces", [1, 2])
@pytest.mark.parametrize("upper", [None, 40_000.0])
def test_separators_keep_every_set_in_few_enough_pieces(
    pieces: int, upper: float | None
) -> None:
    bounds = None if upper is None else (0.0, upper)
    problem = square(max_pieces=pieces, size_bounds=bounds)
    size = problem.list_size
    kept = [
        m
        for m in _sets(problem)
        if _pieces(problem, m) <= pieces
        and (upper is None or size[list(m)].sum() <= upper)
    ]
    for cut, breaks in set(_cuts_on_all_sets(problem, "contiguity")):
        assert _excess(cut, breaks) > 0
        assert all(_excess(cut, m) <= 0 for m in kept if cut.centre in m)


def test_a_separator_is_as_small_as_it_can_be() -> None:
    problem = square(max_pieces=1)
    neighbours, patients = neighbours_of(problem), problem.list_size.tolist()
    everybody = set(range(9))
    left_of = minimal_separator(
        neighbours, patients, everybody, (0, 8), sorted(everybody - {0, 8}), np.inf
    )
    assert len(left_of) == 2


def test_the_upper_bound_shortens_a_separator() -> None:
    problem = square(max_pieces=1)
    neighbours, patients = neighbours_of(problem), problem.list_size.tolist()
    ends, start = (0, 2), [1, 3]
    for upper, wanted in ((np.inf, {1, 3}), (40_000, {1})):
        kept = minimal_separator(
            neighbours, patients, set(range(9)), ends, start[::-1], upper
        )
        assert kept == wanted


def test_rings_are_cut_off_where_they_enclose() -> None:
    problem = square(no_donut=True)
    broken = {members for _, members in _cuts_on_all_sets(problem, "no_donut")}
    ring = {1, 3, 5, 7}
    assert broken == {m for m in _sets(problem) if ring <= set(m) and 4 not in m}


def test_rings_keep_every_set_that_encloses_nobody() -> None:
    problem = square(no_donut=True)
    ring = {1, 3, 5, 7}
    kept = [m for m in _sets(problem) if not ring <= set(m) or 4 in m]
    for cut, breaks in set(_cuts_on_all_sets(problem, "no_donut")):
        assert _excess(cut, breaks) > 0
        assert all(_excess(cut, m) <= 0 for m in kept if cut.centre in m)


def test_whoever_is_cut_off_already_is_not_enclosed() -> None:
    inland = replace(street().graph, on_edge=np.zeros(4, dtype=bool))
    assert _cuts_on_all_sets(street(no_donut=True), "no_donut")
    assert not _cuts_on_all_sets(street(no_donut=True, graph=inland), "no_donut")


def test_a_large_practice_may_enclose_others_by_itself() -> None:
    one_end = replace(street().graph, on_edge=np.array([True, False, False, False]))
    problem = street(no_donut=True, graph=one_end)
    assert (1,) in {m for _, m in _cuts_on_all_sets(problem, "no_donut")}
    problem = street(no_donut=True, graph=one_end, oversize=(1,))
    assert (1,) not in {m for _, m in _cuts_on_all_sets(problem, "no_donut")}


@pytest.mark.parametrize("seed", range(12))
def test_risk_rows_cut_off_exactly_the_sets_that_break_the_rule(seed: int) -> None:
    problem = variant(seed)
    if problem.kappa is None:
        problem = street(
            kappa=0.015,
            variance_gbp2=np.random.default_rng(seed).uniform(1e11, 9e11, 4),
        )
    found = _cuts_on_all_sets(problem, "risk")
    kept = [m for m in _sets(problem) if not breaks_risk(problem, m)]
    assert {m for _, m in found} == {
        m for m in _sets(problem) if breaks_risk(problem, m)
    }
    for cut, breaks in found:
        assert _excess(cut, breaks) > 0
        if cut.centre not in problem.oversize:
            own = [m for m in kept if cut.centre in m]
            assert all(_excess(cut, m) <= 1e-9 for m in own)


def test_a_risk_row_too_weak_to_feel_forbids_the_set_itself() -> None:
    # √V = κB (1 + 1e-7): broken, but (3) by 1e-7 of its figures only.
    budget = street().budget_gbp
    pair = float(budget[:2].sum())
    problem = street(
        kappa=0.01, variance_gbp2=np.full(4, (0.01 * pair * (1 + 1e-7)) ** 2 / 2)
    )
    cuts = list(cut_risk(problem, _candidates(problem), (0, 1)))
    assert cuts
    for cut in cuts:
        assert _excess(cut, (0, 1)) == 1
        assert _excess(cut, (0, 1, 2)) == 0
        assert _excess(cut, (0,)) == 0


def test_a_row_may_be_broken_by_a_fraction() -> None:
    problem = street(kappa=0.015)
    value = {0: 1.0, 1: 0.3}
    cut = polymatroid_cut(problem, (0, 1, 2, 3), 0, value)
    assert cut.excess(value) > 0
