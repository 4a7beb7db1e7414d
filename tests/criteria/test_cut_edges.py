"""What parting neighbours costs, shared out among federations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.engine.answer import Grouping, objective_gbp, to_plan
from federate.problem import Problem
from federate.problem.restrict import restrict
from federate.score import score
from tests.strategies import problems, small_problem

PRICED = ("cut edges", "cut edges alone", "cut edges oversize")


def parted(problem: Problem, label: list[int]) -> int:
    """Count the pairs by looking at every one; label −1 stands alone."""
    return sum(
        label[i] != label[k] or label[i] < 0 for i, k in problem.graph.pairs.tolist()
    )


@settings(max_examples=40, deadline=None)
@given(problem=problems(*PRICED), data=st.data())
def test_a_plan_pays_once_for_each_pair_it_parts(
    problem: Problem, data: st.DataObject
) -> None:
    least = -1 if problem.alone_gbp is not None else 0
    drawn = st.lists(st.integers(least, 2), min_size=problem.n, max_size=problem.n)
    label = data.draw(drawn)
    groups = [[i for i in range(problem.n) if label[i] == g] for g in range(3)]
    members = tuple(tuple(group) for group in groups if group)
    grouping = Grouping(members, tuple(group[0] for group in members))
    card = score(problem, to_plan(problem, grouping))
    assert problem.cost.cut_edges is not None
    price = problem.cost.cut_edges.gbp_per_pair
    assert card.terms_gbp.get("cut_edges", 0.0) == pytest.approx(
        price * parted(problem, label)
    )
    assert card.totals["num_cut_edges"] == parted(problem, label)
    assert card.objective_gbp == pytest.approx(objective_gbp(problem, grouping))


def test_without_a_price_nothing_is_counted() -> None:
    assert small_problem(3).cost.cut_edges is None


@settings(max_examples=25, deadline=None)
@given(problem=problems(*PRICED), pick=st.sets(st.integers(0, 4), min_size=1))
def test_a_window_pays_for_the_pairs_it_has_with_the_rest(
    problem: Problem, pick: set[int]
) -> None:
    keep = np.array(sorted(pick))
    part = restrict(problem, keep, (1, None))
    everybody = list(range(len(keep)))
    assert part.cost.cut_edges_gbp(everybody) == problem.cost.cut_edges_gbp(keep)
    assert part.cost.cut_edges_gbp([0]) == problem.cost.cut_edges_gbp(keep[:1])


def test_what_is_dearer_to_part_is_parted_no_more_often() -> None:
    from tests.oracle import brute_force

    for seed in range(4):
        problem = small_problem(seed, "cut edges", 6)
        rules = problem.scenario.rules
        cheap = problem.scenario.with_(weights__cut_edges_gbp_per_pair=1.0)
        assert rules == cheap.rules
        counts = []
        for asked in (cheap, problem.scenario):
            found = brute_force(Problem.build(problem.instance, asked))
            assert found is not None
            totals = score(Problem.build(problem.instance, asked), found[1]).totals
            counts.append(totals["num_cut_edges"])
        assert counts[0] is not None
        assert counts[1] is not None
        assert counts[1] <= counts[0]
