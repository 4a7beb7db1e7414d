"""Out-of-hours bases: which to run for a plan, and who is covered from where.

A second, small model after the grouping:

    min  Σ_b F_b y_b + Σ_{i,b} c_ib z_ib + Σ_{g,b} K o_gb
    s.t. Σ_b z_ib = 1        every practice i that some base reaches
         z_ib ≤ y_b          only from a base that runs
         z_ib ≤ o_gb         only from a base that i's federation g has joined

over the pairs (i, b) within reach, where F_b is the fixed cost of base b, c_ib
the price of i's contacts reaching b and K the price of joining a base. At whole
y and o each practice takes its cheapest base, so z need not be integer. A base
that is open today may be closed: it costs no less than a new one.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from federate.criteria.cover import contacts_per_year, cover_gbp, within_reach
from federate.errors import SolverError
from federate.geography.travel import is_rural
from federate.plan import Plan
from federate.problem import Problem
from solvers.contract import BackendError, MixedIntegerModel, Options
from solvers.registry import backend

__all__ = ["open_bases"]

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Choice:
    """The pairs within reach, and what each thing costs, £ a year.

    `practice` and `base` are the ends of each pair, `pair_gbp` its price; `club`
    numbers the (federation, base) pairs that `of_club` sorts the pairs into.
    """

    practice: IntArray
    base: IntArray
    pair_gbp: FloatArray
    base_gbp: FloatArray
    of_club: IntArray
    num_clubs: int
    club_gbp: float


def open_bases(
    problem: Problem, plan: Plan, *, options: Options, solver: str = "highs"
) -> Plan:
    """Return the plan with the cheapest bases to run and each practice's base.

    Practices that no base reaches are left out of ``bases``; the verifier names
    them. Without bases in the instance the plan comes back as it is.

    Raises
    ------
    SolverError
        If the backend is missing or broke, or found no choice in time.
    """
    bases = problem.instance.bases
    if bases is None or not len(bases):
        return plan
    choice = _choice(problem, plan)
    if not len(choice.practice):
        return replace(plan, bases={}, open_bases=())
    try:
        outcome = backend(solver).solve(_model(choice), options)
    except BackendError as error:
        raise SolverError(f"choosing out-of-hours bases: {error}") from error
    if outcome.values is None:
        raise SolverError(
            f"no choice of out-of-hours bases found ({outcome.stop.value}); "
            f"raise solve.time_limit_s"
        )
    runs = outcome.values[: len(bases)] > 0.5
    clubs = outcome.values[len(bases) : len(bases) + choice.num_clubs] > 0.5
    taken = _cheapest(choice, runs, clubs)
    code = problem.instance.practices.code
    used = sorted({bases.code[b] for b in taken.values()})
    return replace(
        plan,
        bases={code[i]: bases.code[b] for i, b in sorted(taken.items())},
        open_bases=tuple(used),
    )


def _choice(problem: Problem, plan: Plan) -> _Choice:
    """Return the pairs within reach with their prices."""
    asked, instance = problem.scenario.cover, problem.instance
    minutes = problem.travel.base_minutes
    near = within_reach(
        minutes,
        is_rural(instance, problem.scenario.travel.rurality),
        reach_urban_min=asked.reach_urban_min,
        reach_rural_min=asked.reach_rural_min,
    )
    practice, base = np.nonzero(near)
    contacts = contacts_per_year(
        problem.list_size, contacts_per_1000=asked.contacts_per_1000
    )
    price = cover_gbp(
        contacts, minutes, gbp_per_contact_min=asked.travel_gbp_per_contact_min
    )
    of_club, num_clubs = _clubs(problem, plan, practice, base, asked.contract_gbp)
    assert instance.bases is not None
    stated = instance.bases.fixed_cost_gbp
    return _Choice(
        practice=practice,
        base=base,
        pair_gbp=price[practice, base],
        base_gbp=np.where(np.isnan(stated), asked.base_fixed_gbp, stated),
        of_club=of_club,
        num_clubs=num_clubs,
        club_gbp=asked.contract_gbp,
    )


def _clubs(
    problem: Problem, plan: Plan, practice: IntArray, base: IntArray, price_gbp: float
) -> tuple[IntArray, int]:
    """Return the (federation, base) pair of each, where joining has a price.

    A practice that stands alone joins by itself.
    """
    if price_gbp <= 0:
        return np.zeros(0, dtype=np.int64), 0
    code = problem.instance.practices.code
    label = np.array([plan.federation[c] or f" {c}" for c in code])
    _, group = np.unique(label, return_inverse=True)
    pairs = np.stack([group[practice], base], axis=1)
    _, number = np.unique(pairs, axis=0, return_inverse=True)
    number = number.reshape(-1).astype(np.int64)
    return number, int(number.max()) + 1


def _model(choice: _Choice) -> MixedIntegerModel:
    """Return the model: columns y, o, z; rows cover, z ≤ y, z ≤ o."""
    from scipy.sparse import csc_array

    num_bases, num_pairs = len(choice.base_gbp), len(choice.practice)
    first_pair = num_bases + choice.num_clubs
    covered, row = np.unique(choice.practice, return_inverse=True)
    pair = first_pair + np.arange(num_pairs)
    link = len(covered) + np.arange(num_pairs)
    rows = [row, link, link]
    columns = [pair, pair, choice.base]
    values = [np.ones(num_pairs), np.ones(num_pairs), -np.ones(num_pairs)]
    if choice.num_clubs:
        rows += [link + num_pairs, link + num_pairs]
        columns += [pair, num_bases + choice.of_club]
        values += [np.ones(num_pairs), -np.ones(num_pairs)]
    links = num_pairs * (2 if choice.num_clubs else 1)
    shape = (len(covered) + links, first_pair + num_pairs)
    where = (np.concatenate(rows), np.concatenate(columns))
    clubs = np.full(choice.num_clubs, choice.club_gbp)
    whole = np.arange(shape[1]) < first_pair
    return MixedIntegerModel(
        cost=np.concatenate([choice.base_gbp, clubs, choice.pair_gbp]),
        matrix=csc_array((np.concatenate(values), where), shape=shape),
        row_lower=np.concatenate([np.ones(len(covered)), np.full(links, -np.inf)]),
        row_upper=np.concatenate([np.ones(len(covered)), np.zeros(links)]),
        lower=np.zeros(shape[1]),
        upper=np.ones(shape[1]),
        integral=whole,
    )


def _cheapest(choice: _Choice, runs: BoolArray, clubs: BoolArray) -> dict[int, int]:
    """Return each practice's cheapest base among those it may use, ties by order."""
    usable = runs[choice.base]
    if choice.num_clubs:
        usable &= clubs[choice.of_club]
    taken: dict[int, int] = {}
    for k in np.lexsort((choice.base, choice.pair_gbp)):
        if usable[k]:
            taken.setdefault(int(choice.practice[k]), int(choice.base[k]))
    return taken
