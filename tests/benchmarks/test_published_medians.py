"""The adapters of the p-median families, against their definitions by enumeration."""

import gzip
import math
from collections.abc import Callable, Iterable
from itertools import combinations, product
from pathlib import Path

import pytest

from benchmarks.published import cpmp_lorena, cpmp_osman, cpmp_spain737, pmed_orlib
from benchmarks.published.statement import Row, Statement
from federate.plan import Plan
from federate.problem import Problem
from tests.oracle import brute_force

POINTS = ((0, 0, 5), (3, 1, 4), (4, 5, 3), (9, 2, 5), (8, 7, 2), (1, 8, 4))
CAPACITY = 13


def write_points(path: Path, demands: Iterable[int]) -> None:
    lines = [f"{len(POINTS)} 2"]
    lines += [
        f"{x} {y} {CAPACITY} {demand}"
        for (x, y, _), demand in zip(POINTS, demands, strict=True)
    ]
    path.write_text("\n".join(lines))


def cheapest(
    n: int,
    num_medians: int,
    distance: Callable[[int, int], float],
    fits: Callable[[dict[int, list[int]]], bool],
) -> float:
    """Try every set of medians and every assignment to them."""
    best = math.inf
    for medians in combinations(range(n), num_medians):
        for served_by in product(medians, repeat=n):
            clusters: dict[int, list[int]] = {median: [] for median in medians}
            for i, median in enumerate(served_by):
                clusters[median].append(i)
            if fits(clusters):
                cost = sum(distance(i, median) for i, median in enumerate(served_by))
                best = min(best, cost)
    return best


def within_capacity(demands: list[int]) -> Callable[[dict[int, list[int]]], bool]:
    return lambda clusters: all(
        sum(demands[i] for i in members) <= CAPACITY for members in clusters.values()
    )


def euclid(i: int, k: int) -> float:
    return math.dist(POINTS[i][:2], POINTS[k][:2])


def best_of(statement: Statement) -> tuple[float, Plan]:
    best = brute_force(Problem.build(statement.instance, statement.scenario))
    assert best is not None
    return best


def test_lorena_and_senne_count_exact_distances(tmp_path: Path) -> None:
    demands = [demand for _, _, demand in POINTS]
    write_points(tmp_path / "tiny.txt", demands)
    statement = cpmp_lorena.state(tmp_path, Row("tiny", 6, 2, 1.0, True))
    cost, plan = best_of(statement)
    assert cost == pytest.approx(cheapest(6, 2, euclid, within_capacity(demands)))
    verdict = statement.judge(plan)
    assert verdict.value == pytest.approx(cost)
    assert verdict.faults == ()


def test_osman_and_christofides_round_distances_down(tmp_path: Path) -> None:
    demands = [demand for _, _, demand in POINTS]
    write_points(tmp_path / "tiny.txt", demands)
    statement = cpmp_osman.state(tmp_path, Row("tiny", 6, 2, 1.0, True))

    def down(i: int, k: int) -> float:
        return math.floor(euclid(i, k))

    cost, plan = best_of(statement)
    assert cost == pytest.approx(cheapest(6, 2, down, within_capacity(demands)))
    assert statement.judge(plan).value == pytest.approx(cost)


def test_spain_takes_its_distances_from_the_matrix(tmp_path: Path) -> None:
    demands = [demand for _, _, demand in POINTS]
    write_points(tmp_path / "tiny.txt", demands)
    matrix = [[7 * abs(i - k) % 11 for k in range(6)] for i in range(6)]
    with gzip.open(tmp_path / "spain737_dist.txt.gz", "wt") as file:
        file.write("\n".join(str(d) for line in matrix for d in line))
    statement = cpmp_spain737.state(tmp_path, Row("tiny", 6, 2, 1.0, True))
    cost, plan = best_of(statement)
    expected = cheapest(6, 2, lambda i, k: matrix[i][k], within_capacity(demands))
    assert cost == pytest.approx(expected)
    assert statement.judge(plan).value == pytest.approx(cost)


def test_a_point_without_demand_still_pays_its_way(tmp_path: Path) -> None:
    demands = [5, 4, 0, 5, 8, 4]
    write_points(tmp_path / "tiny.txt", demands)
    statement = cpmp_lorena.state(tmp_path, Row("tiny", 6, 2, 1.0, True))
    cost, plan = best_of(statement)
    assert cost == pytest.approx(cheapest(6, 2, euclid, within_capacity(demands)))
    assert statement.judge(plan).faults == ()


def test_a_median_over_its_capacity_is_named(tmp_path: Path) -> None:
    write_points(tmp_path / "tiny.txt", [demand for _, _, demand in POINTS])
    statement = cpmp_lorena.state(tmp_path, Row("tiny", 6, 2, 1.0, True))
    code = statement.instance.practices.code
    federation = dict.fromkeys(code, "A") | {code[5]: "B"}
    verdict = statement.judge(Plan(federation, {"A": code[0], "B": code[5]}))
    assert verdict.faults == ("median 0 carries 19 of 13",)


def test_capacities_that_differ_are_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.txt").write_text("2 1\n0 0 5 1\n1 1 6 1\n")
    with pytest.raises(ValueError, match="2 different capacities"):
        cpmp_lorena.state(tmp_path, Row("odd", 2, 1, 1.0, True))


def test_of_an_edge_given_twice_the_last_counts(tmp_path: Path) -> None:
    edges = ((1, 2, 4), (2, 3, 1), (3, 4, 6), (4, 5, 2), (5, 1, 9), (2, 1, 8))
    text = f"5 {len(edges)} 2\n" + "\n".join(" ".join(map(str, e)) for e in edges)
    (tmp_path / "ring.txt").write_text(text)
    length = {(1, 2): 8, (2, 3): 1, (3, 4): 6, (4, 5): 2, (1, 5): 9}
    ring = [1, 2, 3, 4, 5]

    def around(i: int, k: int) -> float:
        i, k = sorted((i, k))
        one_way = sum(length[ring[j], ring[j] + 1] for j in range(i, k))
        return min(one_way, sum(length.values()) - one_way)

    statement = pmed_orlib.state(tmp_path, Row("ring", 5, 2, 1.0, True))
    cost, plan = best_of(statement)
    assert cost == pytest.approx(cheapest(5, 2, around, lambda _: True))
    verdict = statement.judge(plan)
    assert verdict.value == pytest.approx(cost)
    assert verdict.faults == ()
