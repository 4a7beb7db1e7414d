"""The cut that bounds an outline in whole numbers, against other ways to find it."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from federate.engine.answer import to_grouping
from federate.engine.columns import solve_columns
from federate.problem import Problem
from federate.proof.check import check
from federate.proof.outline import said_at, table_of
from federate.proof.prices import LARGEST_GBP, Prices
from federate.proof.pricing import Federations, unused_rules
from federate.proof.records import Facts, Rules, View
from federate.proof.units import GRID
from solvers.contract import Options, Status
from tests.engine.columns.test_parting import few_large
from tests.oracle import brute_force
from tests.proof.drawn import certificate_of, evidence_for
from tests.strategies import small_problem

RULE = "cut edges oversize"
SEEDS = range(6)


def asked(problem: Problem, seed: int) -> tuple[View, Facts, Rules]:
    """Return a centre with most candidates as the twin sees it, at random prices."""
    duals = np.random.default_rng(seed).uniform(0, 200_000, problem.n).tolist()
    federations = Federations(problem, Prices.of(problem, evidence_for(problem, duals)))
    centres = list(range(problem.n))
    near = federations._near(centres)
    centre = int(near.sum(axis=1).argmax())
    rules, facts = federations._classes[0]
    view = federations._view(centre, np.flatnonzero(near[centre]), rules, facts)
    return view, facts, rules


@pytest.mark.parametrize("seed", SEEDS)
def test_the_flow_is_that_of_another_solver(seed: int) -> None:
    problem = few_large(seed, 12, 3)
    view, facts, rules = asked(problem, seed)
    assert rules.by_outline
    table = table_of(view, facts, rules)
    price = int(np.random.default_rng(seed).integers(-20, 20)) * GRID
    said, _ = said_at(price, view, facts, rules, table)
    inside = [view.centre, *view.order.tolist()]
    network: nx.DiGraph[int | str] = nx.DiGraph()
    lost = 0
    for j in inside:
        worth = int(view.profit[j]) - price * int(facts.patients[j])
        lost += max(0, worth)
        around = problem.graph.of(j).tolist()
        elsewhere = int(facts.ends[j]) - sum(k in inside for k in around)
        out = max(0, -worth) + rules.half * elsewhere
        network.add_edge(j, "sink", capacity=out)
        if j != view.centre:
            network.add_edge("source", j, capacity=max(0, worth))
        for k in around:
            if k in inside:
                network.add_edge(j, k, capacity=rules.half)
    network.add_edge("source", view.centre)
    size = rules.upper if price >= 0 else view.lower
    least = nx.minimum_cut_value(network, "source", "sink")
    assert said == rules.base - price * size - lost + least


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cut_lists_what_a_filling_lists(seed: int) -> None:
    problem = few_large(seed, 16, 3)
    duals = np.random.default_rng(seed).uniform(0, 150_000, problem.n).tolist()
    prices = Prices.of(problem, evidence_for(problem, duals))
    by_cut, by_filling = Federations(problem, prices), Federations(problem, prices)
    by_filling._classes = [
        (rules._replace(by_outline=False), facts)
        for rules, facts in by_filling._classes
    ]
    limit = 300_000 * GRID
    found = by_cut.below(limit, room=10**6)
    assert found
    other = by_filling.below(limit, room=10**6)
    assert other is not None
    assert {(one.members, one.reduced) for one in found} == {
        (one.members, one.reduced) for one in other
    }
    assert by_cut.least() == by_filling.least()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_optimum_by_outlines_is_certified(seed: int) -> None:
    problem = small_problem(seed, RULE, 7)
    best = brute_force(problem)
    if best is None:
        return
    start = to_grouping(problem, best[1])
    answer = solve_columns(problem, options=Options(rel_gap=1e-7), warm_start=start)
    assert answer.status is Status.OPTIMAL
    assert answer.evidence is not None
    verdict = check(problem, best[1], certificate_of(problem, answer.evidence))
    assert verdict.proven_gbp == pytest.approx(best[0], abs=0.1)
    assert verdict.proven_gbp <= best[0] + 0.01
    assert verdict.unused_rules == ()


def test_no_price_is_too_high_for_whole_numbers() -> None:
    problem = few_large(1, 12, 3)
    sizes = problem.list_size.copy()
    sizes[0] = 1
    problem = replace(problem, list_size=sizes)
    dear = [LARGEST_GBP / 4, *(LARGEST_GBP / 64 for _ in range(problem.n - 1))]
    prices = Prices.of(problem, evidence_for(problem, dear))
    by_cut, by_filling = Federations(problem, prices), Federations(problem, prices)
    by_filling._classes = [
        (rules._replace(by_outline=False), facts)
        for rules, facts in by_filling._classes
    ]
    assert by_cut.least() == by_filling.least() < 0


def test_neighbours_parted_count_beside_travel() -> None:
    problem = small_problem(2, "cut edges", 7)
    free = replace(problem, cost=replace(problem.cost, cut_edges=None))
    duals = np.full(problem.n, 120_000.0).tolist()
    evidence = evidence_for(problem, duals)
    dear = Federations(problem, Prices.of(problem, evidence)).least()
    assert dear > Federations(free, Prices.of(free, evidence)).least()
    assert unused_rules(problem, by_size=False) == ()
    assert "neighbours parted" in " ".join(unused_rules(problem, by_size=True))
