"""The compiled search tree against its slow twin: every set, every centre."""

from dataclasses import replace
from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from federate.engine.columns.pricing import Cuts, Pricer
from federate.problem import Problem
from tests.strategies import RULES, small_problem

EVERYWHERE = [r for r in RULES if r != "loose pieces"]
NO_CUTS = Cuts(np.zeros((0, 3), dtype=np.int64), np.zeros(0))


def keeps_rules(problem: Problem, members: tuple[int, ...], centre: int) -> bool:
    """Whether one federation keeps every rule that concerns it alone."""
    inside = set(members)
    graph: nx.Graph[int] = nx.Graph(problem.graph.pairs.tolist())
    graph.add_nodes_from(range(problem.n))
    patients = int(problem.list_size[list(members)].sum())
    lower, upper = problem.size_bounds or (0.0, np.inf)
    fewest, most = problem.practices_bounds or (1, problem.n)
    variance = float(problem.variance_gbp2[list(members)].sum())
    budget = float(problem.budget_gbp[list(members)].sum())
    outside = {int(i) for i in np.flatnonzero(problem.graph.on_edge)}
    return all(
        (
            not inside & set(problem.oversize),
            patients <= upper,
            patients >= lower or bool(inside & set(problem.waived)),
            fewest <= len(members) <= most,
            problem.allow_singletons or len(members) > 1,
            problem.max_pieces is None or nx.is_connected(graph.subgraph(members)),
            not (problem.no_donut and cuts_somebody_off(graph, inside, outside)),
            problem.kappa is None or variance <= problem.kappa**2 * budget**2,
            problem.zone is None or len({problem.zone[i] for i in members}) == 1,
            problem.reachable is None
            or all(problem.reachable[i, centre] for i in members),
            not any(i in inside and k in inside for i, k in problem.apart),
            problem.cost.fits(members),
            all(len(inside & set(g)) in (0, len(g)) for g in problem.together),
        )
    )


def reduced_costs(
    problem: Problem, duals: np.ndarray, count: float, cuts: Cuts
) -> dict[tuple[tuple[int, ...], int], float]:
    """Return the reduced cost of every allowed federation, the slow way."""
    out = {}
    for size in range(1, problem.n + 1):
        for members in combinations(range(problem.n), size):
            dues = sum(
                s * (len(set(blank) & set(members)) // 2)
                for blank, s in zip(cuts.sets.tolist(), cuts.sigma, strict=True)
            )
            for centre in members:
                if keeps_rules(problem, members, centre):
                    cost = problem.cost.cost(members, centre)
                    paid = float(duals[list(members)].sum())
                    out[members, centre] = cost - paid - count + float(dues)
    return out


def random_prices(problem: Problem, seed: int) -> tuple[np.ndarray, float, Cuts]:
    rng = np.random.default_rng(seed)
    duals = rng.uniform(0, 120_000, problem.n)
    triples = [sorted(rng.choice(problem.n, 3, replace=False)) for _ in range(3)]
    fives = [sorted(rng.choice(problem.n, 5, replace=False)) for _ in range(2)]
    sigma = rng.uniform(0, 20_000, 5) * (rng.random(5) < 0.7)
    sets = np.array([[*t, -1, -1] for t in triples] + fives)
    return duals, float(rng.normal(0, 5_000)), Cuts(sets, sigma)


@pytest.mark.parametrize("rule", EVERYWHERE)
def test_the_least_reduced_cost_under_each_centre_is_exact(rule: str) -> None:
    for seed in range(4):
        problem = small_problem(seed, rule)
        duals, count, cuts = random_prices(problem, seed)
        priced = Pricer(problem).price(duals, count, cuts)
        slow = reduced_costs(problem, duals, count, cuts)
        least = np.zeros(problem.n)
        for (_, centre), value in slow.items():
            least[centre] = min(least[centre], value)
        assert priced.complete
        assert priced.least == pytest.approx(least, abs=1e-6)


@pytest.mark.parametrize("rule", EVERYWHERE)
def test_enumeration_meets_every_federation_below_the_limit_once(rule: str) -> None:
    for seed in range(4):
        problem = small_problem(seed, rule)
        duals, count, cuts = random_prices(problem, seed + 100)
        limit = 10_000.0
        found = Pricer(problem).enumerate(duals, count, cuts, limit=limit, most=10_000)
        slow = reduced_costs(problem, duals, count, cuts)
        wanted = {key: value for key, value in slow.items() if value < limit}
        keys = list(zip(found.members, found.centres, strict=True))
        assert found.complete
        assert len(keys) == len(set(keys))
        assert set(keys) == set(wanted)
        assert found.reduced == pytest.approx([wanted[key] for key in keys], abs=1e-6)


def test_a_full_store_is_reported_as_incomplete() -> None:
    problem = small_problem(1)
    high = np.full(problem.n, 1e6)
    found = Pricer(problem).enumerate(high, 0.0, NO_CUTS, limit=0.0, most=3)
    assert not found.complete


def test_a_node_limit_is_reported_as_incomplete() -> None:
    problem = small_problem(1)
    high = np.full(problem.n, 1e6)
    assert not Pricer(problem).price(high, 0.0, NO_CUTS, node_limit=2).complete


@pytest.mark.parametrize("seed", range(6))
def test_a_search_cut_short_never_claims_more_than_there_is(seed: int) -> None:
    problem = small_problem(seed)
    duals, count, cuts = random_prices(problem, seed)
    exact = Pricer(problem).price(duals, count, cuts).least
    for nodes in (1, 3, 10):
        short = Pricer(problem).price(duals, count, cuts, node_limit=nodes)
        assert (short.least <= exact + 1e-6).all()


def test_the_best_few_under_a_centre_are_its_cheapest() -> None:
    problem = small_problem(5)
    duals, count, cuts = random_prices(problem, 5)
    few = Pricer(problem).price(duals, count, cuts, keep=2)
    slow = reduced_costs(problem, duals, count, cuts)
    for centre in range(problem.n):
        cheapest = sorted(v for (_, c), v in slow.items() if c == centre and v < 0)
        kept = sorted(few.reduced[np.array(few.centres) == centre])
        assert kept == pytest.approx(cheapest[:2], abs=1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_enclosing_is_seen_as_its_definition_says(seed: int) -> None:
    problem = small_problem(seed, "no donut", num_practices=16)
    rng = np.random.default_rng(seed)
    on_edge = rng.random(problem.n) < 0.2
    graph: nx.Graph[int] = nx.Graph(problem.graph.pairs.tolist())
    problem = replace(problem, graph=replace(problem.graph, on_edge=on_edge))
    pricer = Pricer(problem)
    for _ in range(20):
        members = [int(rng.integers(problem.n))]
        for _ in range(int(rng.integers(0, 6))):
            beside = {k for i in members for k in graph[i]} - set(members)
            members.append(int(rng.choice(sorted(beside))))
        assert pricer.encloses(tuple(members)) == cuts_somebody_off(
            graph, set(members), set(np.flatnonzero(on_edge).tolist())
        )


def cuts_somebody_off(graph: "nx.Graph[int]", inside: set[int], edge: set[int]) -> bool:
    """Whether somebody could walk to the edge before, and cannot any more."""
    rest = graph.subgraph(set(graph) - inside)
    before = {k for k in graph if nx.node_connected_component(graph, k) & edge}
    after = {k for k in rest if nx.node_connected_component(rest, k) & edge}
    return not before - inside <= after


def test_a_pricing_that_may_be_stopped_finds_the_same() -> None:
    problem = small_problem(2, "bounds", num_practices=20)
    prices = random_prices(problem, 2)
    pricer = Pricer(problem)
    whole, watched = pricer.price(*prices), pricer.price(*prices, stop=lambda: False)
    assert watched.complete
    assert watched.members == whole.members
    assert watched.centres == whole.centres
    assert watched.reduced.tolist() == whole.reduced.tolist()
    assert watched.least.tolist() == whole.least.tolist()


def test_what_a_stopped_pricing_says_is_a_bound() -> None:
    problem = small_problem(2, "bounds", num_practices=20)
    prices = random_prices(problem, 2)
    whole = Pricer(problem).price(*prices)
    stopped = Pricer(problem).price(*prices, stop=lambda: True)
    assert not stopped.complete
    assert (stopped.least <= whole.least + 1e-6).all()
    listed = Pricer(problem).find(*prices, limit=1e9, most=10**5, stop=lambda: True)
    assert not listed.complete
