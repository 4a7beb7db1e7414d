"""A sketch is a whole plan: sure federations, and pieces of what they leave."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from federate.engine.columns.master import ARTIFICIAL, Column
from federate.engine.columns.sketch import sketch_of
from federate.problem import Problem
from tests.strategies import small_problem


@pytest.fixture
def county() -> Problem:
    return small_problem(4, "bounds", num_practices=20)


def columns_of(*groups: tuple[int, ...], centre: int | None = None) -> list[Column]:
    return [Column(g, g[0] if centre is None else centre, 1.0) for g in groups]


def test_sure_federations_stay_and_the_rest_is_in_pieces(county: Problem) -> None:
    columns = columns_of((0, 1, 2), (2, 3), (3, 4), (5, 6, 7))
    sketch = sketch_of(county, columns, np.array([0.6, 0.4, 0.5, 1.0]))
    plan = sketch.grouping
    assert {(0, 1, 2), (5, 6, 7)} < set(plan.members)
    assert sorted(i for g in plan.members for i in g) == list(range(county.n))
    assert sketch.suspects == set(range(county.n)) - {0, 1, 2, 5, 6, 7}
    graph: nx.Graph[int] = nx.Graph(county.graph.pairs.tolist())
    graph.add_nodes_from(range(county.n))
    pieces = nx.connected_components(graph.subgraph(sketch.suspects))
    expected = {tuple(sorted(piece)) for piece in pieces}
    assert set(plan.members) - {(0, 1, 2), (5, 6, 7)} == expected
    assert all(c in m for m, c in zip(plan.members, plan.centres, strict=True))


def test_what_stands_alone_stays_alone_and_what_is_left_out_does_not(
    county: Problem,
) -> None:
    columns = [*columns_of((4,), centre=-1), *columns_of((9,), centre=ARTIFICIAL)]
    sketch = sketch_of(county, columns, np.array([1.0, 1.0]))
    inside = {i for g in sketch.grouping.members for i in g}
    assert inside == set(range(county.n)) - {4}
    assert 4 not in sketch.suspects
    assert 9 in sketch.suspects


def test_sets_that_stay_together_are_in_one_piece(county: Problem) -> None:
    apart = replace(county, together=((0, 19),))
    sketch = sketch_of(apart, columns_of((5, 6)), np.array([1.0]))
    assert any({0, 19} <= set(g) for g in sketch.grouping.members)


def test_a_practice_above_the_upper_bound_is_its_own(county: Problem) -> None:
    sketch = sketch_of(replace(county, oversize=(3,)), [], np.zeros(0))
    assert (3,) in sketch.grouping.members
    assert 3 not in sketch.suspects
