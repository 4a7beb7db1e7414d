"""What the kernels read and write: `Fixed` and `Moving`, records of flat arrays.

A *unit* is a set of practices that moves as one: a `together` set, or a single
practice. Federations sit in *slots*; an empty slot is spare. Slot −1 holds the
units that stand alone outside every federation. Oversize practices are in no
unit and no slot.

Every field's annotation names its numba type, from which the signatures of the
kernels are made.
"""

from typing import Annotated, Any, NamedTuple, get_type_hints

import numpy as np
import numpy.typing as npt
from numba import types

from federate.criteria.risk_terms import RISK_TERMS, RiskTerms

__all__ = [
    "ALONE",
    "FIXED",
    "MOVING",
    "NUM_FEDERATIONS",
    "NUM_SPARE",
    "STAMP",
    "Fixed",
    "Moving",
]

_FLOATS = types.Array(types.float64, 1, "C", readonly=True)
_FLOAT_TABLE = types.Array(types.float64, 2, "C", readonly=True)
_INTS = types.Array(types.int64, 1, "C", readonly=True)
_INDICES = types.Array(types.int32, 1, "C", readonly=True)
_FLAGS = types.Array(types.boolean, 1, "C", readonly=True)
_FLAG_TABLE = types.Array(types.boolean, 2, "C", readonly=True)

Floats = Annotated[npt.NDArray[np.float64], _FLOATS]
FloatTable = Annotated[npt.NDArray[np.float64], _FLOAT_TABLE]
Ints = Annotated[npt.NDArray[np.int64], _INTS]
Indices = Annotated[npt.NDArray[np.int32], _INDICES]
Flags = Annotated[npt.NDArray[np.bool_], _FLAGS]
FlagTable = Annotated[npt.NDArray[np.bool_], _FLAG_TABLE]
Terms = Annotated[RiskTerms, RISK_TERMS]
Float = Annotated[float, types.float64]
Int = Annotated[int, types.int64]

_FLOATS_RW = types.float64[::1]
_FLOAT_TABLE_RW = types.float64[:, ::1]
_INTS_RW = types.int64[::1]
_INDICES_RW = types.int32[::1]
_FLAGS_RW = types.boolean[::1]
_WORDS_RW = types.uint64[::1]

FloatsRW = Annotated[npt.NDArray[np.float64], _FLOATS_RW]
FloatTableRW = Annotated[npt.NDArray[np.float64], _FLOAT_TABLE_RW]
IntsRW = Annotated[npt.NDArray[np.int64], _INTS_RW]
IndicesRW = Annotated[npt.NDArray[np.int32], _INDICES_RW]
FlagsRW = Annotated[npt.NDArray[np.bool_], _FLAGS_RW]
WordsRW = Annotated[npt.NDArray[np.uint64], _WORDS_RW]

ALONE = -1
NUM_FEDERATIONS, NUM_SPARE, STAMP = 0, 1, 2


class Fixed(NamedTuple):
    """The problem as the kernels see it; read-only.

    Parameters
    ----------
    assign
        Shape ``(n, n)``, £ a year: member (row) led from centre (column).
    reachable
        Shape ``(n, n)``, or ``(0, 0)`` where any centre may lead anyone.
    unit_of
        Unit of each practice, −1 for an oversize one.
    unit_start, unit_items
        Practices of each unit, CSR.
    near_start, near_items
        Practices a practice may follow into a federation, CSR.
    next_start, next_items
        The neighbour graph over all practices, CSR.
    apart_start, apart_items
        Practices a practice may not share a federation with, CSR.
    on_edge, linked
        Cells on the outside of the area; practices connected to one of them.
    unit_size, unit_count, unit_waived
        Persons, practices and waived practices of each unit.
    unit_budget, unit_variance, unit_alone
        £ a year, £², and the price of standing alone.
    heat
        What moving a typical unit costs near each unit, £ a year: the local scale
        of the temperature, so that London and Northumberland anneal alike.
    price
        What a person costs near each unit, £ a year: the local scale of penalties.
    lower, upper, fewest, most
        Size bounds (persons) and numbers of practices.
    fewest_federations, most_federations
        Bounds on the number of slots in use.
    kappa2
        κ² of the pooled-risk rule, −1 where there is none.
    terms, unit_parts
        Pooled risk beyond that rule, and each unit's sums of its `parts`.
    max_pieces
        0 where there is no contiguity rule.
    no_donut, voluntary
        1 where the rule or the choice holds.
    fixed_gbp, head_gbp, member_gbp, target_size, deviation_gbp
        Running cost per federation, person and member, and size deviation.
    pair_gbp
        What a neighbour pair within a federation saves: the price of parting it,
        half of which is in each member's row of `assign`.
    typical
        Mean list of a unit, persons: what one broken yes-or-no rule counts as.
    count_price
        £ a year that one federation too many or too few is charged.
    """

    assign: FloatTable
    reachable: FlagTable
    unit_of: Indices
    unit_start: Indices
    unit_items: Indices
    near_start: Indices
    near_items: Indices
    next_start: Indices
    next_items: Indices
    apart_start: Indices
    apart_items: Indices
    on_edge: Flags
    linked: Flags
    unit_size: Ints
    unit_count: Ints
    unit_waived: Ints
    unit_budget: Floats
    unit_variance: Floats
    unit_alone: Floats
    heat: Floats
    price: Floats
    lower: Float
    upper: Float
    fewest: Int
    most: Int
    fewest_federations: Int
    most_federations: Int
    kappa2: Float
    terms: Terms
    unit_parts: FloatTable
    max_pieces: Int
    no_donut: Int
    voluntary: Int
    fixed_gbp: Float
    head_gbp: Float
    member_gbp: Float
    target_size: Float
    deviation_gbp: Float
    pair_gbp: Float
    typical: Float
    count_price: Float


class Moving(NamedTuple):
    """A plan under search, with the sums that make a move cheap to judge.

    Parameters
    ----------
    slot
        Slot of each practice.
    first, after, before
        Members of each slot as a linked list over practices; −1 ends it.
    own
        £ a year that the practice's federation would cost led from here.
    short
        Members of its federation that could not have it as centre.
    size, count, waived, budget, variance
        Sums over the members of each slot.
    parts, region
        Sums of the risk parts of each slot, and what its regions share, £².
    trial
        Scratch for the sums of a slot as it would be.
    clash
        Pairs in the slot that must stay apart.
    knots
        Pieces beyond the rule, plus one where the federation encloses others.
    pairs
        Neighbour pairs within the slot, where they have a price.
    pain
        Σ over units of weight × price × persons: the local price of breaking a
        bound.
    worth
        Cost plus penalties, knots left out.
    open
        Slots that moves may touch.
    weight
        Of each unit: grows while its federation breaks a rule.
    stress
        One number: the general level of penalties.
    where, spare
        Position of a slot in the list of spare ones, and that list.
    tally
        Number of federations, number of spare slots, last stamp.
    mark, queue
        Scratch over practices.
    leg, leg_worth, leg_knots
        A proposed move: per slot touched (slot, unit that leaves, unit that
        joins), and what the slot would then be worth.
    listed, spot, parent, order, side, origin, key
        Scratch over units, for moves of many units at once.
    random
        State of the generator.
    """

    slot: IndicesRW
    first: IndicesRW
    after: IndicesRW
    before: IndicesRW
    own: FloatsRW
    short: IntsRW
    size: IntsRW
    count: IntsRW  # type: ignore[assignment]
    waived: IntsRW
    budget: FloatsRW
    variance: FloatsRW
    parts: FloatTableRW
    region: FloatsRW
    trial: FloatsRW
    clash: IntsRW
    knots: IntsRW
    pairs: IntsRW
    pain: FloatsRW
    worth: FloatsRW
    open: FlagsRW
    weight: FloatsRW
    stress: FloatsRW
    where: IndicesRW
    spare: IndicesRW
    tally: IntsRW
    mark: IntsRW
    queue: IndicesRW
    leg: IntsRW
    leg_worth: FloatsRW
    leg_knots: IntsRW
    listed: IndicesRW
    spot: IndicesRW
    parent: IndicesRW
    order: IndicesRW
    side: IndicesRW
    origin: IndicesRW
    key: FloatsRW
    random: WordsRW


def _numba_type(record: type[Any]) -> Any:
    hints = get_type_hints(record, include_extras=True)
    named: Any = types.NamedTuple
    return named([h.__metadata__[0] for h in hints.values()], record)


FIXED = _numba_type(Fixed)
MOVING = _numba_type(Moving)
