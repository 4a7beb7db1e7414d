"""Every constraint family, as rows to read: ``golden/<family>.lp``.

Rewrite them all with ``FEDERATE_GOLDEN=write pytest tests/engine/compact``, and
read the difference before committing it.
"""

import os
import pkgutil
import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.repn.plugins.lp_writer import LPWriter

import federate.engine.compact
from federate.criteria.capacity import Limit
from federate.criteria.cut_edges import CutEdges
from federate.engine.compact.contiguity import add_contiguity, cut_contiguity
from federate.engine.compact.count import add_count
from federate.engine.compact.cut_edges import add_cut_edges
from federate.engine.compact.cuts import add_cuts
from federate.engine.compact.deviation import add_deviation
from federate.engine.compact.donut import cut_donut
from federate.engine.compact.flow import add_flow
from federate.engine.compact.members import add_members
from federate.engine.compact.membership import add_membership
from federate.engine.compact.model import build_model, new_model
from federate.engine.compact.objective import add_objective
from federate.engine.compact.oversize import add_oversize
from federate.engine.compact.pairs import add_apart, add_together
from federate.engine.compact.pooled import add_pooled
from federate.engine.compact.pooled_cuts import complete
from federate.engine.compact.risk import add_risk
from federate.engine.compact.risk_cones import add_risk_cones
from federate.engine.compact.risk_cuts import cut_risk
from federate.engine.compact.size import add_size
from federate.problem import Problem
from federate.problem.pooling import pooled_risk
from federate.problem.references import References
from federate.scenario import Scenario
from tests.engine.compact.street import street
from tests.square import square

GOLDEN = Path(__file__).parent / "golden"

Rows = Callable[[], Any]


def _with(add: Callable[[Any, Problem], None], **held: Any) -> Rows:
    """Return a maker of a model that holds this one family."""

    def make() -> Any:
        problem = street(**held)
        model = new_model(problem)
        add(model, problem)
        return model

    return make


def _members_left(**held: Any) -> Rows:
    """Return a maker of the membership rows, which show the variables left."""
    return _with(add_membership, **held)


def _objective() -> Any:
    problem = street(
        cost=replace(
            street().cost,
            gbp_per_head=2.0,
            gbp_per_member=500.0,
            target_size=50_000.0,
            deviation_gbp_per_person=3.0,
        ),
        alone_gbp=np.array([1e5, 2e5, 3e5, 4e5]),
    )
    model = new_model(problem)
    model.over = pyo.Var(model.centres)
    model.under = pyo.Var(model.centres)
    add_objective(model, problem)
    return model


def _cut_edges() -> Any:
    priced = CutEdges(
        1_000.0,
        np.array([1, 2, 2, 1]),
        np.array([0, 1, 3, 5, 6]),
        np.array([1, 0, 2, 1, 3, 2]),
    )
    problem = street(cost=replace(street().cost, cut_edges=priced))
    model = new_model(problem)
    add_cut_edges(model, problem)
    add_objective(model, problem)
    return model


def _contiguity_cuts() -> Any:
    problem = street(max_pieces=1)
    model = new_model(problem)
    cuts = cut_contiguity(problem, model.neighbours, model.candidates, (0, 1, 3))
    add_cuts(model, cuts)
    return model


def _pieces_cuts() -> Any:
    problem = square(max_pieces=2)
    model = new_model(problem)
    corners = (0, 2, 6)
    add_cuts(
        model, cut_contiguity(problem, model.neighbours, model.candidates, corners)
    )
    return model


def _donut_cuts() -> Any:
    problem = square(no_donut=True)
    model = new_model(problem)
    ring = tuple(i for i in range(9) if i != 4)
    add_cuts(model, cut_donut(problem, model.neighbours, model.candidates, ring))
    return model


def _risk_cuts() -> Any:
    problem = street(kappa=0.015, variance_gbp2=np.array([1e11, 3e11, 2e11, 9e11]))
    model = new_model(problem)
    add_cuts(model, cut_risk(problem, model.candidates, (0, 1)))
    return model


def _pooled(limit_gbp: float = 5e7) -> Problem:
    """Return the street under a rule, a price, tiers, scale and a limited partner."""
    asked = {
        "schema": 1,
        "rules": {"num_federations": "free", "contiguity": "none"},
        "risk": {
            "max_probability": 0.1,
            "tolerance": 0.05,
            "gbp_per_gbp_at_risk": 0.5,
        },
        "contracts": {"menu": {"cap": {"stop_loss_from": 0.04, "loading": 0.2}}},
        "tiers": {"min_full_share": 0.5},
        "scale": {
            "fixed_gbp_per_federation": 100_000.0,
            "allowance_gbp_per_head": 8.0,
            "innovation_share": 0.001,
        },
    }
    plain, scenario = street(), Scenario.model_validate(asked)
    tier = np.array([0, 2, 0, 0])
    pooled = pooled_risk(References(plain.instance, scenario), scenario, (), tier)
    assert pooled is not None
    pooled = replace(pooled, limits=(Limit("V1", (1,), limit_gbp),))
    cost = replace(plain.cost, pooled=pooled)
    return street(scenario=scenario, cost=cost, pooled=pooled)


def _pooled_rows() -> Any:
    problem = _pooled()
    model = new_model(problem)
    add_pooled(model, problem)
    add_objective(model, problem)
    return model


def _cones_of_contracts() -> Any:
    problem = _pooled()
    model = new_model(problem)
    add_pooled(model, problem)
    add_risk_cones(model, problem)
    return model


def _pooled_cuts() -> Any:
    problem = _pooled()
    model = new_model(problem)
    add_pooled(model, problem)
    pooled = problem.cost.pooled
    assert pooled is not None
    unit, some = model.pooled_unit, model.candidates
    add_cuts(model, complete(pooled, some[0], 0, (0, 1), unit))
    add_cuts(model, complete(pooled, some[2], 2, (2, 3), unit))
    return model


def _whole() -> Any:
    return build_model(
        street(size_bounds=(25_000, 60_000), max_pieces=1, num_federations=(1, 3))
    )


FAMILIES: dict[str, Rows] = {
    "membership": _with(add_membership),
    "membership_voluntary": _with(add_membership, alone_gbp=np.ones(4)),
    "oversize": _with(add_oversize, oversize=(3,)),
    "oversize_left": _members_left(oversize=(3,)),
    "size": _with(add_size, size_bounds=(25_000, 60_000), waived=(0,)),
    "members": _with(add_members, practices_bounds=(1, 3), allow_singletons=False),
    "count": _with(add_count, num_federations=(1, 2)),
    "travel_left": _members_left(reachable=np.eye(4, k=1) + np.eye(4) > 0),
    "zone_left": _members_left(zone=np.array([0, 0, 1, 1])),
    "apart": _with(add_apart, apart=((0, 2),)),
    "together": _with(add_together, together=((0, 2, 3),)),
    "contiguity": _with(add_contiguity, max_pieces=1, size_bounds=(0, 70_000)),
    "contiguity_cuts": _contiguity_cuts,
    "pieces_cuts": _pieces_cuts,
    "flow": _with(add_flow, max_pieces=1, size_bounds=(0, 60_000)),
    "flow_pieces": _with(add_flow, max_pieces=2, size_bounds=(0, 60_000)),
    "donut_cuts": _donut_cuts,
    "risk": _with(add_risk, kappa=0.015),
    "risk_cones": _with(add_risk_cones, kappa=0.015),
    "risk_cones_of_contracts": _cones_of_contracts,
    "risk_cuts": _risk_cuts,
    "pooled": _pooled_rows,
    "pooled_cuts": _pooled_cuts,
    "symmetry_left": _members_left(
        cost=replace(street().cost, assign_gbp=np.zeros((4, 4)))
    ),
    "deviation": _with(
        add_deviation,
        cost=replace(street().cost, target_size=50_000.0, deviation_gbp_per_person=3.0),
    ),
    "cut_edges": _cut_edges,
    "objective": _objective,
    "whole": _whole,
}


def _lp(model: Any) -> str:
    """Return a model as LP text, without the comments of the writer's version."""
    if not list(model.component_data_objects(pyo.Objective)):
        first = model.assign[model.pairs[0]]
        model.nothing = pyo.Objective(expr=0 * first)
    text = StringIO()
    LPWriter().write(model, text, symbolic_solver_labels=True)
    rounded = re.sub(r"(?<![\w(.])[-+]?\d+\.\d+", _rounded, text.getvalue())
    lines = [line.rstrip() for line in rounded.splitlines()]
    kept = [line for line in lines if line and not line.startswith("\\")]
    return "\n".join(kept) + "\n"


def _rounded(figure: re.Match[str]) -> str:
    return f"{float(figure.group()):+.9g}"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_writes_the_rows_of_its_golden_file(family: str) -> None:
    file = GOLDEN / f"{family}.lp"
    text = _lp(FAMILIES[family]())
    if os.environ.get("FEDERATE_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_every_family_has_a_golden_file() -> None:
    verbs = ("add_", "cut_", "forbid_")
    families = {
        module.name
        for module in pkgutil.iter_modules(federate.engine.compact.__path__)
        for name in getattr(
            import_module(f"federate.engine.compact.{module.name}"), "__all__", ()
        )
        if name.startswith(verbs) and module.name != "cuts"
    }
    shown = {family.split("_")[0] for family in FAMILIES} | set(FAMILIES)
    named = {"pairs": {"apart", "together", "zone"}}
    assert families
    for family in sorted(families):
        assert named.get(family, {family}) <= shown, family


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.lp")} == set(FAMILIES)
