"""The adapters of the districting and covering families, by enumeration."""

import csv
import math
from collections.abc import Callable, Iterator
from itertools import combinations, product
from pathlib import Path

import pytest

from benchmarks.published import (
    districting_cutedges,
    districting_hop,
    districting_inertia,
    mclp_sjc,
)
from benchmarks.published.districts import pieces, read_map
from benchmarks.published.statement import Row, Statement
from benchmarks.run import main
from federate.plan import Plan
from federate.problem import Problem
from tests.oracle import brute_force

PEOPLE = (10, 12, 9, 11, 10, 8)
EDGES = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (1, 4))
METRES = ((0, 0), (900, 2000), (5000, 0), (5200, 900), (1000, 1000), (200, 4800))
SMALLEST, LARGEST = 28, 32


def write_map(path: Path) -> None:
    lines = [f"# k=2 L={SMALLEST} U={LARGEST} EPSG=3557", "# node index,geoid,…"]
    lines += [f"N,{i},{i:05d},{p},-70.{i},44.{i},1.0,0" for i, p in enumerate(PEOPLE)]
    lines += [f"E,{k},{i},0.5" for i, k in EDGES]
    lines += [f"X,{i},{x},{y}" for i, (x, y) in enumerate(METRES)]
    path.write_text("\n".join(lines), encoding="utf-8")


def is_connected(members: set[int]) -> bool:
    around: list[list[int]] = [[] for _ in PEOPLE]
    for i, k in EDGES:
        around[i].append(k)
        around[k].append(i)
    return pieces(around, members) == 1


def halves(*, connected: bool) -> Iterator[tuple[set[int], set[int]]]:
    """Every way to cut the map into two districts of the right size."""
    for side in product((0, 1), repeat=len(PEOPLE)):
        pair = tuple({i for i, s in enumerate(side) if s == half} for half in (0, 1))
        sizes = [sum(PEOPLE[i] for i in members) for members in pair]
        if not all(SMALLEST <= size <= LARGEST for size in sizes):
            continue
        if not connected or all(is_connected(members) for members in pair):
            yield pair[0], pair[1]


def cheapest(connected: bool, distance: Callable[[int, int], float]) -> float:
    def one(members: set[int]) -> float:
        return min(
            sum(PEOPLE[i] * distance(i, centre) for i in members) for centre in members
        )

    return min(one(a) + one(b) for a, b in halves(connected=connected))


def hops(i: int, k: int) -> float:
    reached, steps = {i}, 0
    while k not in reached:
        reached |= {b for a, b in (*EDGES, *(e[::-1] for e in EDGES)) if a in reached}
        steps += 1
    return steps


def inertia(i: int, k: int) -> float:
    return (math.dist(METRES[i], METRES[k]) / 1000) ** 2 / 1e6


def best_of(statement: Statement) -> tuple[float, Plan]:
    best = brute_force(Problem.build(statement.instance, statement.scenario))
    assert best is not None
    return best


def test_hops_are_counted_in_the_whole_graph(tmp_path: Path) -> None:
    write_map(tmp_path / "ZZ.txt")
    statement = districting_hop.state(tmp_path, Row("ZZ", 6, 2, 1.0, True))
    cost, plan = best_of(statement)
    assert cost == pytest.approx(cheapest(True, hops))
    verdict = statement.judge(plan)
    assert verdict.value == pytest.approx(cost)
    assert verdict.faults == ()


@pytest.mark.parametrize("ending", ["contig", "nocontig"])
def test_inertia_is_people_times_square_kilometres(tmp_path: Path, ending: str) -> None:
    write_map(tmp_path / "ZZ.txt")
    row = Row(f"ZZ_{ending}", 6, 2, 1.0, True)
    statement = districting_inertia.state(tmp_path, row)
    cost, plan = best_of(statement)
    assert cost == pytest.approx(cheapest(ending == "contig", inertia))
    assert statement.judge(plan).value == pytest.approx(cost)


def test_contiguity_binds_in_the_hand_made_map() -> None:
    assert cheapest(True, inertia) > cheapest(False, inertia)


def test_the_judge_names_each_rule_that_a_plan_breaks(tmp_path: Path) -> None:
    write_map(tmp_path / "ZZ.txt")
    statement = districting_hop.state(tmp_path, Row("ZZ", 6, 2, 1.0, True))
    code = statement.instance.practices.code
    federation = dict.fromkeys(code, "A") | {code[0]: "B", code[3]: "B"}
    verdict = statement.judge(Plan(federation, {"A": code[4], "B": code[0]}))
    assert verdict.faults == (
        "district A has 39 people",
        "district B has 21 people",
        "district B is in 2 pieces",
    )


def test_a_map_without_metres_lies_where_its_degrees_say(tmp_path: Path) -> None:
    write_map(tmp_path / "ZZ.txt")
    text = (tmp_path / "ZZ.txt").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("X")]
    (tmp_path / "YY.txt").write_text("\n".join(kept), encoding="utf-8")
    places = read_map(tmp_path / "YY.txt").places
    assert places[1, 1] - places[0, 1] == pytest.approx(11_119.5)


def test_cut_edges_are_the_pairs_between_districts(tmp_path: Path) -> None:
    write_map(tmp_path / "ZZ.txt")
    statement = districting_cutedges.state(tmp_path, Row("ZZ", 6, 2, 1.0, True))
    cost, plan = best_of(statement)
    fewest = min(
        sum((i in a) != (k in a) for i, k in EDGES) for a, _ in halves(connected=True)
    )
    assert cost == fewest
    verdict = statement.judge(plan)
    assert verdict.value == fewest
    assert verdict.faults == ()


def test_a_published_bound_is_derived_again_from_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "districting_cutedges"
    folder.mkdir()
    write_map(folder / "ZZ.txt")
    fewest = min(
        sum((i in a) != (k in a) for i, k in EDGES) for a, _ in halves(connected=True)
    )
    rows = f"instance,n,p,best_known,optimal,source,note\nZZ,6,2,{fewest},yes,,\n"
    (folder / "best_known.csv").write_text(rows, encoding="utf-8")
    out = tmp_path / "rows.csv"
    asked = ["published", "--bench", str(tmp_path), "--certify", "--out", str(out)]
    assert main(asked) == 0
    (row,) = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert row["status"] == "optimal"
    assert float(row["certified_bound_gbp"]) == pytest.approx(fewest, abs=1e-3)
    assert float(row["value"]) == fewest


def test_covering_leaves_as_little_demand_as_may_be(tmp_path: Path) -> None:
    demand = (5, 3, 4, 6, 2, 7)
    lines = [f"{x}\t{y}\t{d}" for (x, y), d in zip(METRES, demand, strict=True)]
    text = "6\t9999\tp\tS\n" + "\n".join(lines)
    (tmp_path / "SJC6.txt").write_text(text)

    def covered(sites: tuple[int, ...]) -> int:
        return sum(
            d
            for i, d in enumerate(demand)
            if any(math.dist(METRES[i], METRES[k]) <= 1500 for k in sites)
        )

    statement = mclp_sjc.state(tmp_path, Row("SJC6_S1500", 6, 2, 1.0, True))
    cost, plan = best_of(statement)
    most = max(covered(sites) for sites in combinations(range(6), 2))
    assert most < sum(demand)
    assert sum(demand) - cost == pytest.approx(most)
    verdict = statement.judge(plan)
    assert verdict.value == most
    assert verdict.faults == ()
