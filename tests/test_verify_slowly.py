"""Checks that take a short cut, against their definition taken literally."""

from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.plan import Plan
from federate.plan_file import with_centres
from federate.problem import Problem
from federate.verify import verify
from tests.square import CODES, square

LABELS = st.lists(st.sampled_from(("", "P", "Q", "R")), min_size=9, max_size=9)
SOME = st.lists(st.booleans(), min_size=12, max_size=12)
EVERY_RULE = {
    "rules": {
        "size_bounds": (20_000, 40_000),
        "practices_bounds": (2, 4),
        "num_federations": 2,
        "contiguity": "contiguous",
        "no_donut": True,
        "max_travel_min": 15.0,
        "stay_inside": ["row"],
        "together": [["A1", "B1"]],
        "apart": [["A2", "B2"]],
        "keep": ["C"],
    },
    "membership": {"allow_singletons": False},
    "risk": {"max_probability": 0.33},
}


def enclosed(problem: Problem, plan: Plan) -> set[tuple[str, str]]:
    """Return (federation, practice) cut off from the outside, by definition."""
    graph: Any = nx.Graph()
    graph.add_nodes_from(range(-1, problem.n))
    graph.add_edges_from(problem.graph.pairs.tolist())
    graph.add_edges_from((-1, i) for i in np.flatnonzero(problem.graph.on_edge))
    before = nx.node_connected_component(graph, -1)
    out = set()
    for label, codes in plan.members.items():
        members = {problem.instance.index[c] for c in codes}
        rest = graph.subgraph(set(graph) - members)
        lost = before - members - nx.node_connected_component(rest, -1)
        out |= {(label, CODES[i]) for i in lost}
    return out


@settings(max_examples=200, deadline=None)
@given(LABELS, SOME, SOME)
def test_donuts_are_those_of_the_definition(
    labels: list[str], borders: list[bool], coast: list[bool]
) -> None:
    problem = square({"rules": {"no_donut": True}}, alone_gbp=np.ones(9))
    graph = replace(
        problem.graph,
        pairs=problem.graph.pairs[np.array(borders)],
        on_edge=np.array(coast[:9]),
    )
    problem = replace(problem, graph=graph)
    plan = with_centres(problem, dict(zip(CODES, labels, strict=True)))
    told = {(v.federation, c) for v in verify(problem, plan) for c in v.practices}
    assert told == enclosed(problem, plan)


@settings(max_examples=100, deadline=None)
@given(LABELS, st.permutations(("P", "Q", "R")))
def test_what_is_broken_does_not_hang_on_the_labels(
    labels: list[str], names: list[str]
) -> None:
    problem = square(EVERY_RULE)
    rename = dict(zip(("P", "Q", "R"), names, strict=True)) | {"": ""}
    plans = (
        dict(zip(CODES, labels, strict=True)),
        {c: rename[g] for c, g in zip(CODES, labels, strict=True)},
    )
    first, second = (
        sorted((v.rule, v.practices, v.amount) for v in verify(problem, plan))
        for plan in (with_centres(problem, federation) for federation in plans)
    )
    assert first == second
