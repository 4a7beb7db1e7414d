"""Problem → `Fixed`: units, near lists, local prices; and back to a grouping."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import RiskTerms, no_risk_terms
from federate.engine.search.arrays import ALONE, Fixed, Moving
from federate.engine.search.natural import local_price_gbp, natural_size
from federate.problem import Problem

__all__ = ["blank_state", "group_units", "prepare"]

IntArray = npt.NDArray[np.int64]
Lists = list[npt.NDArray[np.int32]]
NUM_NEAR = 12  # cheapest companions offered where neighbours are no rule


@dataclass(frozen=True, eq=False)
class Units:
    """Which practices move as one: unit of each practice, and its members."""

    of: npt.NDArray[np.int32]
    members: tuple[tuple[int, ...], ...]


def group_units(problem: Problem) -> Units:
    """Return the `together` sets and the single practices, by lowest index."""
    own = set(problem.oversize)
    sets = [tuple(i for i in group if i not in own) for group in problem.together]
    bound = {i for group in sets for i in group}
    singles: list[tuple[int, ...]] = [
        (i,) for i in range(problem.n) if i not in bound and i not in own
    ]
    members = tuple(sorted([group for group in sets if group] + singles))
    of = np.full(problem.n, -1, dtype=np.int32)
    for unit, group in enumerate(members):
        of[list(group)] = unit
    return Units(of, members)


def prepare(problem: Problem) -> Fixed:
    """Return the arrays of a problem as the kernels read them."""
    units = group_units(problem)
    sizes = problem.list_size
    goal = natural_size(problem)
    price = local_price_gbp(problem, units.of, goal)
    first = [group[0] for group in units.members]
    running = (problem.cost.fixed_gbp + problem.cost.gbp_per_member) / goal
    ground = max(float(price.mean()) * 0.02, 1e-9)
    unit_price = np.maximum(price[first], ground)
    typical = max(float(sizes[units.of >= 0].sum()) / max(len(first), 1), 1.0)
    lower, upper = problem.size_bounds or (0.0, np.inf)
    fewest, most = _member_bounds(problem)
    fewest_federations, most_federations = _count_bounds(problem)
    graph = problem.graph
    cost = problem.cost
    alone = np.zeros(problem.n) if problem.alone_gbp is None else problem.alone_gbp
    waived = np.zeros(problem.n, dtype=np.int64)
    waived[list(problem.waived)] = 1
    return Fixed(
        assign=_frozen(_assign_gbp(problem), np.float64),
        reachable=_frozen(
            np.zeros((0, 0)) if problem.reachable is None else problem.reachable,
            np.bool_,
        ),
        unit_of=_frozen(units.of, np.int32),
        **_csr("unit", [np.asarray(group, np.int32) for group in units.members]),
        **_csr("near", _near(problem, units.of)),
        next_start=_frozen(graph.indptr, np.int32),
        next_items=_frozen(graph.indices, np.int32),
        **_csr("apart", _apart(problem, units.of)),
        on_edge=_frozen(graph.on_edge, np.bool_),
        linked=_frozen(_linked(problem), np.bool_),
        unit_size=_sums(units, sizes, np.int64),
        unit_count=_sums(units, np.ones(problem.n), np.int64),
        unit_waived=_sums(units, waived, np.int64),
        unit_budget=_sums(units, problem.budget_gbp, np.float64),
        unit_variance=_sums(units, problem.variance_gbp2, np.float64),
        unit_alone=_sums(units, alone, np.float64),
        heat=_frozen(unit_price * typical, np.float64),
        price=_frozen(unit_price + running, np.float64),
        lower=float(lower),
        upper=float(upper),
        fewest=fewest,
        most=most,
        fewest_federations=fewest_federations,
        most_federations=most_federations,
        kappa2=_kappa2(problem.kappa),
        terms=_terms(problem),
        unit_parts=_sums(units, _terms(problem).parts, np.float64),
        max_pieces=problem.max_pieces or 0,
        no_donut=int(problem.no_donut),
        voluntary=int(problem.alone_gbp is not None),
        fixed_gbp=cost.fixed_gbp,
        head_gbp=cost.gbp_per_head,
        member_gbp=cost.gbp_per_member,
        target_size=cost.target_size or 0.0,
        deviation_gbp=0.0
        if cost.target_size is None
        else cost.deviation_gbp_per_person,
        pair_gbp=0.0 if cost.cut_edges is None else cost.cut_edges.gbp_per_pair,
        typical=typical,
        count_price=float((unit_price + running).mean()) * goal,
    )


def _assign_gbp(problem: Problem) -> npt.NDArray[np.float64]:
    """Return what a member costs under each centre, its half of all its pairs too.

    The pairs within a federation are taken off again, `pair_gbp` each.
    """
    cost = problem.cost
    if cost.cut_edges is None:
        return cost.assign_gbp
    return cost.assign_gbp + cost.cut_edges.alone_gbp[:, None]


def _frozen(values: npt.ArrayLike, dtype: type) -> Any:
    """Return a contiguous, read-only view, copied only if it has to be."""
    out: Any = np.ascontiguousarray(values, dtype=dtype).view()
    out.flags.writeable = False
    return out


def _csr(name: str, rows: Lists) -> dict[str, Any]:
    start = np.zeros(len(rows) + 1, dtype=np.int32)
    start[1:] = np.cumsum([len(row) for row in rows])
    items = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)
    return {
        f"{name}_start": _frozen(start, np.int32),
        f"{name}_items": _frozen(items, np.int32),
    }


def _sums(units: Units, values: npt.ArrayLike, dtype: type) -> Any:
    table = np.asarray(values)
    sums = [table[list(group)].sum(axis=0) for group in units.members]
    empty = np.zeros((0, *table.shape[1:]))
    return _frozen(np.array(sums) if sums else empty, dtype)


def _member_bounds(problem: Problem) -> tuple[int, int]:
    fewest, most = problem.practices_bounds or (1, problem.n)
    return (fewest if problem.allow_singletons else max(fewest, 2)), most


def _count_bounds(problem: Problem) -> tuple[int, int]:
    """Return the bounds on federations that are not a single oversize practice."""
    fewest, most = problem.num_federations
    own = len(problem.oversize)
    return max(0, fewest - own), (problem.n if most is None else max(0, most - own))


def _kappa2(kappa: float | None) -> float:
    """Return κ² a hair inside the rule, so that rounding cannot break it."""
    if kappa is None:
        return -1.0
    return 0.0 if np.isnan(kappa) else kappa * kappa * (1.0 - 1e-12)


def _terms(problem: Problem) -> RiskTerms:
    """Return the terms of risk, or such as ask nothing."""
    pooled = problem.cost.pooled
    return no_risk_terms(problem.n) if pooled is None else pooled.terms


def _near(problem: Problem, unit_of: npt.NDArray[np.int32]) -> Lists:
    """Return the practices each may follow: neighbours, or cheapest companions."""
    zone = problem.zone
    if zone is None:
        zone = np.zeros(problem.n, dtype=np.int64)
    near: list[set[int]] = [set() for _ in range(problem.n)]
    if problem.max_pieces is not None:
        for i in range(problem.n):
            near[i].update(int(k) for k in problem.graph.of(i))
    if problem.max_pieces != 1:
        for i, row in enumerate(_cheapest(problem, zone)):
            near[i].update(int(k) for k in row)
            for k in row:
                near[int(k)].add(i)
    return [
        np.array(
            sorted(
                k
                for k in near[i]
                if unit_of[i] >= 0
                and unit_of[k] >= 0
                and zone[i] == zone[k]
                and unit_of[i] != unit_of[k]
            ),
            dtype=np.int32,
        )
        for i in range(problem.n)
    ]


def _cheapest(problem: Problem, zone: IntArray) -> list[IntArray]:
    """Return the few practices of its zone that each leads or follows most cheaply."""
    sizes = np.maximum(problem.list_size, 1).astype(np.float64)
    assign = problem.cost.assign_gbp
    rows = []
    for i in range(problem.n):
        both = assign[i] / sizes[i] + assign[:, i] / sizes
        both[zone != zone[i]] = np.inf
        both[i] = np.inf
        num = min(NUM_NEAR, problem.n - 1)
        found = np.argpartition(both, num - 1)[:num] if num else np.zeros(0, np.int64)
        rows.append(found[np.isfinite(both[found])])
    return rows


def _apart(problem: Problem, unit_of: npt.NDArray[np.int32]) -> Lists:
    rows: list[list[int]] = [[] for _ in range(problem.n)]
    for i, k in problem.apart:
        if unit_of[i] >= 0 and unit_of[k] >= 0:
            rows[i].append(k)
            rows[k].append(i)
    return [np.array(sorted(row), dtype=np.int32) for row in rows]


def _linked(problem: Problem) -> npt.NDArray[np.bool_]:
    """Return the practices connected to the outside of the area."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    graph = problem.graph
    ones = np.ones(len(graph.indices), dtype=np.int8)
    matrix = csr_array((ones, graph.indices, graph.indptr), shape=(problem.n,) * 2)
    _, piece = connected_components(matrix, directed=False)
    outer = np.unique(piece[graph.on_edge])
    return np.isin(piece, outer)


def blank_state(fixed: Fixed, seed: int) -> Moving:
    """Return a state in which every unit stands alone."""
    n, num_units = len(fixed.unit_of), len(fixed.unit_size)
    slots = num_units + 1
    return Moving(
        slot=np.full(n, ALONE, dtype=np.int32),
        first=np.full(slots, -1, dtype=np.int32),
        after=np.full(n, -1, dtype=np.int32),
        before=np.full(n, -1, dtype=np.int32),
        own=np.zeros(n),
        short=np.zeros(n, dtype=np.int64),
        size=np.zeros(slots, dtype=np.int64),
        count=np.zeros(slots, dtype=np.int64),
        waived=np.zeros(slots, dtype=np.int64),
        budget=np.zeros(slots),
        variance=np.zeros(slots),
        parts=np.zeros((slots, fixed.unit_parts.shape[1])),
        region=np.zeros(slots),
        trial=np.zeros(fixed.unit_parts.shape[1]),
        clash=np.zeros(slots, dtype=np.int64),
        pairs=np.zeros(slots, dtype=np.int64),
        knots=np.zeros(slots, dtype=np.int64),
        pain=np.zeros(slots),
        worth=np.zeros(slots),
        open=np.ones(slots, dtype=np.bool_),
        weight=np.ones(num_units),
        stress=np.ones(1),
        where=np.zeros(slots, dtype=np.int32),
        spare=np.zeros(slots, dtype=np.int32),
        tally=np.zeros(3, dtype=np.int64),
        mark=np.zeros(n, dtype=np.int64),
        queue=np.zeros(n + 1, dtype=np.int32),
        leg=np.zeros(9, dtype=np.int64),
        leg_worth=np.zeros(3),
        leg_knots=np.zeros(3, dtype=np.int64),
        listed=np.zeros(num_units, dtype=np.int32),
        spot=np.zeros(num_units, dtype=np.int32),
        parent=np.zeros(num_units, dtype=np.int32),
        order=np.zeros(num_units, dtype=np.int32),
        side=np.zeros(num_units, dtype=np.int32),
        origin=np.zeros(num_units, dtype=np.int32),
        key=np.zeros(num_units),
        random=np.array([seed], dtype=np.uint64),
    )
