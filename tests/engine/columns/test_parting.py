"""The minimum cut that bounds what an outline costs, against other ways to find it."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from federate.engine.columns import parting, pricing
from federate.engine.columns.facts import facts_of
from federate.engine.columns.finds import Priced
from federate.engine.columns.pricing import NO_CUTS, Pricer
from federate.problem import Problem
from tests.engine.columns.test_pricing import random_prices, reduced_costs
from tests.strategies import small_problem

RULE = "cut edges oversize"
SEEDS = range(8)


def few_large(
    seed: int, num_practices: int, num_federations: int, spread: float = 0.03
) -> Problem:
    """Return an area of federations of about one size, that cost their outline."""
    problem = small_problem(seed, RULE, num_practices)
    kept = np.delete(problem.list_size, list(problem.oversize))
    size = float(kept.sum()) / num_federations
    return replace(problem, size_bounds=((1 - spread) * size, (1 + spread) * size))


class Root:
    """The net of one centre at its root, and what it is asked with."""

    def __init__(self, problem: Problem, seed: int) -> None:
        pricer = Pricer(problem)
        self.duals, _, _ = random_prices(problem, seed)
        self.facts = facts_of(problem)
        self.limits = pricer._limits(0.0, pricer._classes[0])
        ptr, flat = pricer.candidates
        self.centre = int(np.argmax(np.diff(ptr)))
        self.order = flat[ptr[self.centre] : ptr[self.centre + 1]]
        self.net = parting.lay(self.centre, self.order, self.facts)
        self.asked = (
            self.centre,
            self.order,
            self.duals,
            self.facts,
            self.limits,
            self.limits.lower,
            self.net,
        )

    def price(self, rng: np.random.Generator) -> float:
        """Return a price of a patient, £, about what practices are worth."""
        return float(rng.normal(0.0, 1.0) * (self.duals / self.facts.patients).mean())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_flow_is_that_of_another_solver(seed: int) -> None:
    problem = few_large(seed, 14, 3)
    root = Root(problem, seed)
    price = root.price(np.random.default_rng(seed))
    said, _ = parting.said_at(price, *root.asked)
    half = root.limits.half_cut
    whole: nx.DiGraph[int | str] = nx.DiGraph()
    inside = [root.centre, *(int(j) for j in root.order)]
    lost = 0.0
    for j in inside:
        worth = float(root.duals[j] - price * root.facts.patients[j])
        lost += max(0.0, worth)
        around = [int(k) for k in problem.graph.of(j)]
        out = half * (float(root.facts.ends[j]) - sum(k in inside for k in around))
        whole.add_edge(j, "sink", capacity=max(0.0, -worth) + out)
        if j != root.centre:
            whole.add_edge("source", j, capacity=max(0.0, worth))
        for k in around:
            if k in inside:
                whole.add_edge(j, k, capacity=half)
    whole.add_edge("source", root.centre)
    size = root.limits.lower if price < 0 else root.limits.upper
    cut = nx.minimum_cut_value(whole, "source", "sink")
    assert said == pytest.approx(root.limits.base - price * size - lost + cut)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_federation_of_the_centre_costs_less_than_the_root_says(seed: int) -> None:
    problem = few_large(seed, 10, 2)
    root = Root(problem, seed)
    said = parting.tune(*root.asked)
    every = reduced_costs(problem, root.duals, 0.0, NO_CUTS)
    among = {root.centre, *(int(j) for j in root.order)}
    led = [
        value
        for (members, centre), value in every.items()
        if centre == root.centre and among.issuperset(members)
    ]
    assert said <= min(led, default=np.inf) + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_no_price_of_a_patient_says_more_than_the_tuned_one(seed: int) -> None:
    problem = few_large(seed, 40, 4)
    root = Root(problem, seed)
    said = parting.tune(*root.asked)
    assert root.net.tally[parting.FLOW] + root.net.tally[parting.FIXED] == said
    rng = np.random.default_rng(seed)
    others = [parting.said_at(root.price(rng), *root.asked)[0] for _ in range(40)]
    assert max(others) <= said + 1e-6 * abs(said)


def test_a_minimum_cut_leaves_the_tree_far_sooner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = few_large(5, 60, 4, spread=0.005)
    assert problem.size_bounds is not None
    share = problem.list_size / problem.size_bounds[1]
    duals = share * np.random.default_rng(5).uniform(0.4, 1.2, problem.n) * 630_000

    def is_done(nodes: int) -> bool:
        return Pricer(problem).price(duals, 0.0, NO_CUTS, node_limit=nodes).complete

    assert is_done(300)
    monkeypatch.setattr(pricing, "by_outlines", lambda _: False)
    assert not is_done(30_000)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_minimum_cut_lists_what_a_filling_lists(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = few_large(seed, 18, 3)
    duals, count, cuts = random_prices(problem, seed)

    def listed() -> Priced:
        return Pricer(problem).enumerate(
            duals, count, cuts, limit=20_000.0, most=100_000
        )

    by_cut = listed()
    monkeypatch.setattr(pricing, "by_outlines", lambda _: False)
    by_filling = listed()
    assert by_cut.complete
    assert by_filling.complete
    assert set(by_cut.members) == set(by_filling.members)
