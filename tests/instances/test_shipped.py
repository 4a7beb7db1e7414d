"""The shipped instances: made again byte for byte, and what their READMEs claim."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from federate.criteria.cover import contacts_per_year, cover_gbp, within_reach
from federate.feasibility import prove_infeasible
from federate.geography.neighbours import neighbour_graph
from federate.geography.rurality import is_rural
from federate.practices.folder import check_folder, read_folder, write_folder
from federate.practices.generate import RECIPES, generate_recipe
from federate.problem import Problem
from federate.scenario.schema import Scenario
from federate.verify import verify
from tests.oracle import brute_force, plan_of

INSTANCES = Path(__file__).resolve().parents[2] / "instances"
BY_HAND = {"README.md", "scenario.toml"}


def _problem(name: str, **changes: object) -> Problem:
    scenario = Scenario.load(INSTANCES / name / "scenario.toml").with_(**changes)
    return Problem.build(read_folder(INSTANCES / name), scenario)


def _pounds(text: str) -> list[int]:
    return [int(n.replace(",", "")) for n in re.findall(r"£([\d,]+\d)", text)]


@pytest.fixture(scope="module")
def toy() -> Problem:
    return _problem("toy")


@pytest.fixture(scope="module")
def vale() -> Problem:
    return _problem("vale")


@pytest.fixture(scope="module")
def by_hand() -> str:
    return (INSTANCES / "toy" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RECIPES)
def test_a_shipped_instance_is_made_again_byte_for_byte(
    name: str, tmp_path: Path
) -> None:
    write_folder(generate_recipe(name), tmp_path / name)
    made = {f.name: f.read_bytes() for f in (tmp_path / name).iterdir()}
    kept = {
        f.name: f.read_bytes()
        for f in (INSTANCES / name).iterdir()
        if f.name not in BY_HAND
    }
    assert sorted(made) == sorted(kept)
    assert [file for file in made if made[file] != kept[file]] == []


@pytest.mark.parametrize("name", RECIPES)
def test_a_shipped_instance_is_sound_and_small(name: str) -> None:
    report = check_folder(INSTANCES / name)
    assert report.faults == ()
    assert sum(f.stat().st_size for f in (INSTANCES / name).iterdir()) < 250_000


@pytest.mark.parametrize("name", RECIPES)
def test_nothing_rules_out_a_plan_of_a_shipped_scenario(name: str) -> None:
    assert prove_infeasible(_problem(name)) == ()


def test_the_toy_has_the_optimum_of_its_readme(toy: Problem, by_hand: str) -> None:
    stated = re.search(r"= \*\*£([\d,]+) a year\*\*, the optimum", by_hand)
    assert stated is not None
    best = brute_force(toy)
    assert best is not None
    assert best[0] == _pounds(stated[0])[0] == 870_000


def test_the_toy_optimum_is_the_grouping_of_its_readme(toy: Problem) -> None:
    best = brute_force(toy)
    assert best is not None
    groups = {
        "".join("ABCDEFGH"[int(c[-1]) - 1] for c in m) for m in best[1].members.values()
    }
    assert groups == {"ABCE", "DFGH"}
    assert sorted(best[1].centre.values()) == ["V00002", "V00007"]


def test_the_toy_readme_lists_every_possible_grouping_and_its_cost(
    by_hand: str,
) -> None:
    toy = _problem("toy", rules__respect_vetoes=False)
    best = {}
    for number in range(1, 8):
        for group in combinations(range(8), number):
            if 0 not in group:
                continue
            rest = tuple(i for i in range(8) if i not in group)
            led = [toy.cost.best_centre(g) for g in (group, rest)]
            plan = plan_of(toy, (group, rest), (led[0][0], led[1][0]))
            if not verify(toy, plan):
                best[group] = round(led[0][1] + led[1][1]) - 444_000
    travel = by_hand.split("## What each costs")[1].split("## Which")[0]
    listed = re.findall(r"\*\*£([\d,]+)\*\* \|", travel)
    assert sorted(best.values()) == sorted(_pounds(" ".join(f"£{t}" for t in listed)))


def test_the_quarrel_costs_what_the_toy_readme_says(by_hand: str) -> None:
    best = brute_force(_problem("toy", rules__respect_vetoes=False))
    assert best is not None
    assert best[0] == 756_000
    assert "£756,000: the quarrel costs £114,000" in " ".join(by_hand.split())


def test_the_toy_readme_has_the_cheapest_bases(toy: Problem, by_hand: str) -> None:
    assert toy.instance.bases is not None
    cover, travel = toy.scenario.cover, toy.travel
    near = within_reach(
        travel.base_minutes,
        is_rural(toy.instance, "rurality"),
        reach_urban_min=cover.reach_urban_min,
        reach_rural_min=cover.reach_rural_min,
    )
    contacts = contacts_per_year(
        toy.list_size, contacts_per_1000=cover.contacts_per_1000
    )
    price = np.where(
        near,
        cover_gbp(
            contacts,
            travel.base_minutes,
            gbp_per_contact_min=cover.travel_gbp_per_contact_min,
        ),
        np.inf,
    )
    fixed = toy.instance.bases.fixed_cost_gbp
    cost = {
        run: fixed[list(run)].sum() + price[:, list(run)].min(axis=1).sum()
        for run in ((0,), (1,), (0, 1))
    }
    table = by_hand.split("| run |")[1]
    rows = [
        line for line in table.splitlines() if line.startswith("| ") and "£" in line
    ]
    assert [_pounds(row)[-1] for row in rows] == [round(cost[run]) for run in cost]
    assert min(cost, key=lambda run: cost[run]) == (1,)


def test_the_readme_of_the_instances_states_their_patients() -> None:
    text = (INSTANCES / "README.md").read_text(encoding="utf-8")
    for name in RECIPES:
        practices = read_folder(INSTANCES / name).practices
        row = f"| `{name}` | {len(practices)} | {practices.list_size.sum():,} |"
        assert row in text


def test_vale_has_what_its_readme_promises(vale: Problem) -> None:
    instance = vale.instance
    xy = list(
        zip(instance.practices.easting_m, instance.practices.northing_m, strict=True)
    )
    assert sum(xy.count(place) > 1 for place in xy) == 19
    assert instance.practices.list_size.max() <= 26_000
    assert instance.current is not None
    assert instance.current.count("") == 1
    assert len(vale.graph.islands) == 4
    # The estuary parts what lies near: pairs by distance alone would cross it.
    assert neighbour_graph(instance, method="delaunay").num_cut > 0
    for part in (instance.bases, instance.partners, instance.travel):
        assert part is not None


def test_the_present_networks_of_vale_have_the_flaws_of_real_ones(
    vale: Problem,
) -> None:
    import networkx as nx

    assert vale.instance.current is not None
    graph: nx.Graph[int] = nx.Graph(vale.graph.pairs.tolist())
    members: dict[str, list[int]] = {}
    for i, label in enumerate(vale.instance.current):
        if label:
            members.setdefault(label, []).append(i)
    sizes = np.array([vale.list_size[m].sum() for m in members.values()])
    in_range = np.mean((sizes >= 30_000) & (sizes <= 50_000))
    whole = np.mean([nx.is_connected(graph.subgraph(m)) for m in members.values()])
    assert 0.4 < in_range < 0.7
    assert 0.6 < whole < 0.85


def test_todays_bases_of_vale_leave_some_practices_out_of_reach(vale: Problem) -> None:
    assert vale.instance.bases is not None
    cover = vale.scenario.cover
    near = within_reach(
        vale.travel.base_minutes,
        is_rural(vale.instance, "rurality"),
        reach_urban_min=cover.reach_urban_min,
        reach_rural_min=cover.reach_rural_min,
    )
    is_open = np.array(vale.instance.bases.status) == "open"
    assert near.any(axis=1).all()
    assert 0.65 < near[:, is_open].any(axis=1).mean() < 0.85
