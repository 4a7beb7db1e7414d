"""The compact model of a problem, assembled from its families."""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from federate.engine.compact.contiguity import add_contiguity
from federate.engine.compact.count import add_count
from federate.engine.compact.cut_edges import add_cut_edges
from federate.engine.compact.deviation import add_deviation
from federate.engine.compact.fixing import possible
from federate.engine.compact.flow import add_flow
from federate.engine.compact.members import add_members
from federate.engine.compact.membership import add_membership
from federate.engine.compact.objective import add_objective
from federate.engine.compact.oversize import add_oversize
from federate.engine.compact.pairs import add_apart, add_together
from federate.engine.compact.paths import neighbours_of
from federate.engine.compact.pooled import add_pooled
from federate.engine.compact.risk import add_risk
from federate.engine.compact.risk_cones import add_risk_cones
from federate.engine.compact.size import add_size
from federate.problem import Problem

__all__ = ["Contiguity", "Risk", "build_model", "new_model"]

Contiguity = Literal["auto", "rounds", "lazy", "flow"]
Risk = Literal["auto", "rows", "cones"]


def new_model(problem: Problem, allowed: npt.NDArray[np.bool_] | None = None) -> Any:
    """Return a model with its variables, and no row yet.

    assign[i, j] = x_ij      1 where practice i is in the federation led by j

    Only pairs that are allowed have a variable. The model carries the sets its
    families iterate over: ``pairs``, ``centres`` (who may lead itself),
    ``leaders[i]``, ``candidates[j]``, ``allowed`` and ``neighbours``.
    """
    import pyomo.environ as pyo

    if allowed is None:
        allowed = possible(problem)
    n = problem.n
    model = pyo.ConcreteModel(name=problem.instance.name)
    model.pairs = [(int(i), int(j)) for i, j in np.argwhere(allowed)]
    model.allowed = frozenset(model.pairs)
    model.centres = [j for j in range(n) if allowed[j, j]]
    model.leaders = {i: tuple(np.flatnonzero(allowed[i]).tolist()) for i in range(n)}
    model.candidates = {
        j: tuple(np.flatnonzero(allowed[:, j]).tolist()) for j in model.centres
    }
    model.neighbours = neighbours_of(problem)
    model.assign = pyo.Var(model.pairs, domain=pyo.Binary)
    return model


def build_model(
    problem: Problem,
    *,
    contiguity: Contiguity = "rounds",
    risk: Risk = "rows",
    allowed: npt.NDArray[np.bool_] | None = None,
) -> Any:
    """Return the whole model, but for the rows that are stated when broken.

    With ``contiguity="flow"`` contiguity is complete at once; otherwise only the
    rows that every contiguous plan keeps at sight are there. With ``risk="cones"``
    the rule of risk is in cones, otherwise in secants. Donuts and pooled risk are
    always completed by rows stated when broken.
    """
    model = new_model(problem, allowed)
    add_membership(model, problem)
    add_oversize(model, problem)
    add_size(model, problem)
    add_members(model, problem)
    add_count(model, problem)
    add_apart(model, problem)
    add_together(model, problem)
    if risk != "cones":
        add_risk(model, problem)
    add_pooled(model, problem)
    if risk == "cones":
        add_risk_cones(model, problem)
    add_deviation(model, problem)
    add_cut_edges(model, problem)
    add_contiguity(model, problem)
    if contiguity == "flow":
        add_flow(model, problem)
    add_objective(model, problem)
    return model
