"""Instance + Scenario → Problem."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from federate.criteria.cut_edges import CutEdges
from federate.criteria.disruption import disruption_gbp
from federate.criteria.federation import FederationCost
from federate.criteria.likeness import WeightedFeature, likeness, unlikeness_gbp
from federate.criteria.pooled import PooledRisk
from federate.criteria.risk import practice_variance_gbp2, risk_slope
from federate.criteria.travel import travel_gbp
from federate.errors import ScenarioError
from federate.geography.neighbours import NeighbourGraph, neighbour_graph
from federate.geography.travel import Travel, estimate_travel
from federate.practices.instance import Instance
from federate.problem.arrays import Problem
from federate.problem.pooling import budgets, pooled_risk, spend_model
from federate.problem.references import (
    References,
    apart_from_all,
    merge_sets,
    pairs_between,
    select_area,
)
from federate.problem.tiers import tiers_of
from federate.scenario.schema import Scenario

__all__ = ["build"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def build(instance: Instance, scenario: Scenario) -> Problem:
    """Return the problem that `scenario` asks of `instance`."""
    instance = select_area(instance, scenario)
    look = References(instance, scenario)
    rules = scenario.rules
    frozen = look.groups("rules.freeze", rules.freeze)
    grown = look.groups("rules.grow", rules.grow)
    kept = look.kept((*rules.keep, *grown))
    together = [
        look.practices(f"rules.together[{k}]", codes)
        for k, codes in enumerate(rules.together)
    ]
    apart = _apart(look, scenario) | pairs_between(kept)
    waived = look.practices("rules.size_waivers", rules.size_waivers)
    zone = apart_from_all(
        look.zones(rules.stay_inside), tuple(frozen.values()), instance.num_practices
    )
    features = _features(look, scenario)
    oversize = _oversize(instance, scenario)
    tier = tiers_of(look, scenario)
    pooled = pooled_risk(look, scenario, oversize, tier)
    _check_current(look, scenario)
    if look.faults:
        raise ScenarioError(f"the scenario for {instance.name}", look.faults)

    graph = neighbour_graph(
        instance,
        method=scenario.neighbours.method,
        max_km=scenario.neighbours.max_km,
    )
    travel = estimate_travel(instance, **scenario.travel.model_dump())
    alike = _likeness(look, scenario, features)
    cut_edges = _cut_edges(scenario, graph)
    cost = _cost(instance, scenario, travel, alike, cut_edges, pooled)
    budget = budgets(instance, scenario)
    sizes = instance.practices.list_size
    model = spend_model(scenario)
    return Problem(
        instance=instance,
        scenario=scenario,
        graph=graph,
        travel=travel,
        cost=cost,
        list_size=sizes,
        budget_gbp=budget,
        variance_gbp2=practice_variance_gbp2(
            budget,
            sizes,
            cv1=model.cv1,
            tau_practice=model.tau_own,
        ),
        likeness=alike,
        size_bounds=rules.size_bounds,
        practices_bounds=rules.practices_bounds,
        num_federations=_num_federations(scenario),
        max_pieces=_max_pieces(scenario),
        no_donut=rules.no_donut,
        together=merge_sets([*together, *kept, *frozen.values()]),
        apart=tuple(sorted(apart)),
        zone=zone,
        reachable=_reachable(scenario, travel),
        oversize=oversize,
        waived=waived,
        alone_gbp=_alone_gbp(scenario, cost, [*frozen.values(), *grown.values()]),
        allow_singletons=scenario.membership.allow_singletons,
        kappa=_kappa(scenario, pooled),
        tier=tier if scenario.tiers.is_stated else None,
        pooled=pooled,
    )


def _apart(look: References, scenario: Scenario) -> set[tuple[int, int]]:
    """Return the pairs stated apart, and the vetoes among the ties."""
    out: set[tuple[int, int]] = set()
    for k, codes in enumerate(scenario.rules.apart):
        found = look.practices(f"rules.apart[{k}]", codes)
        out |= pairs_between([(i,) for i in found])
    if scenario.rules.respect_vetoes:
        index = look.instance.index
        for tie in look.instance.ties:
            if tie.kind == "would_not":
                i, k = index[tie.a], index[tie.b]
                out.add((min(i, k), max(i, k)))
    return out


def _features(look: References, scenario: Scenario) -> list[WeightedFeature]:
    """Return the likeness features, and refuse likeness without any."""
    section = scenario.likeness
    features = []
    for name, asked in section.features.items():
        attribute = look.attribute(f"likeness.features.{name}", name)
        if attribute is not None:
            features.append(WeightedFeature(attribute, asked.weight, asked.scale))
    has_ties = bool(look.instance.ties) and section.ties_weight > 0
    if section.mode != "geographic" and not section.features and not has_ties:
        look.fault(
            "likeness",
            "nothing says what makes practices alike; name columns under "
            "likeness.features or give the instance ties.csv",
        )
    return features


def _check_current(look: References, scenario: Scenario) -> None:
    priced = scenario.weights.disruption_gbp_per_patient > 0
    if priced and look.instance.current is None:
        look.fault(
            "weights.disruption_gbp_per_patient",
            "the instance has no current grouping to leave; add current.csv "
            "or set this to 0",
        )


def _likeness(
    look: References, scenario: Scenario, features: Sequence[WeightedFeature]
) -> FloatArray | None:
    """Return the likeness of every pair where the scenario or a reader wants it."""
    instance = look.instance
    ties = None
    if instance.ties:
        ties = [
            (instance.index[t.a], instance.index[t.b], t.strength)
            for t in instance.ties
            if t.kind != "would_not"
        ]
    if not features and scenario.likeness.mode == "geographic":
        return None
    return likeness(
        instance.num_practices, features, ties, scenario.likeness.ties_weight
    )


def _geographic_weight(scenario: Scenario) -> float:
    """Return λ: 1 geographic, 0 like-minded, stated for a hybrid."""
    stated = scenario.likeness.geographic_weight
    if stated is not None:
        return stated
    return 0.0 if scenario.likeness.mode == "like-minded" else 1.0


def _cost(
    instance: Instance,
    scenario: Scenario,
    travel: Travel,
    alike: FloatArray | None,
    cut_edges: CutEdges | None,
    pooled: PooledRisk | None,
) -> FederationCost:
    """Return the cost of a federation: λ·travel + (1 − λ)·unlikeness + the rest."""
    weights, scale = scenario.weights, scenario.scale
    sizes = instance.practices.list_size
    by_place = _geographic_weight(scenario)
    journeys = unlike = leaving = None
    if (price := by_place * weights.travel_gbp_per_patient_min) > 0:
        journeys = travel_gbp(sizes, travel.minutes, gbp_per_patient_min=price)
    price = (1 - by_place) * weights.unlikeness_gbp_per_patient
    if price > 0 and alike is not None:
        unlike = unlikeness_gbp(sizes, alike, gbp_per_patient=price)
    if weights.disruption_gbp_per_patient > 0 and instance.current is not None:
        leaving = disruption_gbp(
            sizes, instance.current, gbp_per_patient=weights.disruption_gbp_per_patient
        )
    parts = [part for part in (journeys, unlike, leaving) if part is not None]
    if parts:
        assign = parts[0] if len(parts) == 1 else np.sum(parts, axis=0)
    else:
        assign = np.zeros((len(sizes), len(sizes)))
    return FederationCost(
        travel_gbp=journeys,
        unlikeness_gbp=unlike,
        disruption_gbp=leaving,
        assign_gbp=assign,
        list_size=sizes,
        fixed_gbp=scale.fixed_gbp_per_federation,
        gbp_per_head=scale.gbp_per_head,
        gbp_per_member=scale.gbp_per_member,
        target_size=weights.target_size,
        deviation_gbp_per_person=weights.size_deviation_gbp_per_person,
        cut_edges=cut_edges,
        pooled=pooled if pooled is not None and pooled.is_on else None,
    )


def _cut_edges(scenario: Scenario, graph: NeighbourGraph) -> CutEdges | None:
    """Return the price of parting neighbours, where the scenario has one."""
    price = scenario.weights.cut_edges_gbp_per_pair
    if price <= 0:
        return None
    return CutEdges(
        price,
        np.diff(graph.indptr).astype(np.int64),
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int64),
    )


def _num_federations(scenario: Scenario) -> tuple[int, int | None]:
    asked = scenario.rules.num_federations
    if isinstance(asked, tuple):
        return asked
    if isinstance(asked, int):
        return asked, asked
    return (0 if scenario.membership.mode == "voluntary" else 1), None


def _max_pieces(scenario: Scenario) -> int | None:
    """Return the pieces a federation may have; left unsaid, the mode decides."""
    asked = scenario.rules.contiguity
    if asked is None:
        asked = "contiguous" if scenario.likeness.mode == "geographic" else "none"
    return {"contiguous": 1, "pieces": scenario.rules.max_pieces, "none": None}[asked]


def _reachable(scenario: Scenario, travel: Travel) -> BoolArray | None:
    limit = scenario.rules.max_travel_min
    return None if limit is None else travel.minutes <= limit


def _oversize(instance: Instance, scenario: Scenario) -> tuple[int, ...]:
    bounds = scenario.rules.size_bounds
    if bounds is None or scenario.rules.oversize != "own":
        return ()
    above = np.flatnonzero(instance.practices.list_size > bounds[1])
    return tuple(int(i) for i in above)


def _alone_gbp(
    scenario: Scenario, cost: FederationCost, bound: Sequence[Sequence[int]]
) -> FloatArray | None:
    """Return the price of standing alone: per patient, and the pairs that it parts.

    A frozen or grown group stands alone as a whole or not at all. So it never does
    once that costs more than any other plan.
    """
    if scenario.membership.mode == "mandatory":
        return None
    price = scenario.membership.alone_gbp_per_patient
    out: FloatArray = cost.list_size.astype(np.float64) * price
    if cost.cut_edges is not None:
        out += cost.cut_edges.alone_gbp
    dearest = cost.dearest_gbp(out)
    for members in bound:
        out[list(members)] = dearest / len(members)
    return out


def _kappa(scenario: Scenario, pooled: PooledRisk | None) -> float | None:
    """Return κ, where the rule is no more than V_g ≤ κ² B_g²."""
    risk = scenario.risk
    if risk.max_probability is None or (pooled is not None and pooled.is_on):
        return None
    return risk_slope(
        tolerance=risk.tolerance,
        max_probability=risk.max_probability,
        tau_shock=spend_model(scenario).tau_common,
    )
