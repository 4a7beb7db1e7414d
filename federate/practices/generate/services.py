"""Out-of-hours bases and the partners on offer."""

import numpy as np

from federate.practices.generate.calibration import PATIENTS_PER_BASE
from federate.practices.generate.crossings import Crossings, Ends
from federate.practices.generate.settlements import Settlements
from federate.practices.instance import Bases, FloatArray, Partners

__all__ = ["make_bases", "make_partners"]

# £ a year for site, reception and car; our own choice, spread by town. An
# island's is a room in the cottage hospital.
_BASE_GBP, _BASE_SPREAD, _ISLAND_BASE_GBP = 150_000.0, 0.15, 60_000.0

# Candidates are added until every town has one within this. At 20 mph through
# streets it is just under half an hour.
_TOWN_REACH_MIN = 17.0


def make_bases(
    settlements: Settlements,
    names: list[str],
    patients: FloatArray,
    crossings: Crossings,
    rng: np.random.Generator,
) -> tuple[Bases, Ends]:
    """Put bases in the largest towns, and candidates where the others need one.

    Parameters
    ----------
    settlements, names
        Places, towns first.
    patients
        Registered in each settlement, persons.
    crossings
        Tells the minutes between them.
    rng
        Source of randomness.

    Returns
    -------
    tuple
        The bases, and the same as ends of journeys.
    """
    kind = np.array(settlements.kind)
    towns = np.flatnonzero(kind == "town")
    if not len(towns):
        towns = np.arange(1)
    largest = towns[np.argsort(-patients[towns], kind="stable")]
    num_open = max(1, round(float(patients.sum()) / PATIENTS_PER_BASE))
    chosen = [int(t) for t in largest[:num_open]]
    num_open = len(chosen)
    nearest = np.min([_minutes(crossings, settlements, b)[towns] for b in chosen], 0)
    while nearest.max() > _TOWN_REACH_MIN:
        chosen.append(int(towns[np.argmax(nearest)]))
        more = _minutes(crossings, settlements, chosen[-1])[towns]
        nearest = np.minimum(nearest, more)
    spare = [int(t) for t in largest if int(t) not in chosen][:num_open]
    chosen += spare + [int(k) for k in np.flatnonzero(kind == "island")]
    cost = _BASE_GBP * np.exp(_BASE_SPREAD * rng.standard_normal(len(chosen)))
    cost[kind[chosen] == "island"] = _ISLAND_BASE_GBP
    code = tuple(f"VB{k:03d}" for k in range(1, len(chosen) + 1))
    place_m = settlements.place_m[chosen]
    bases = Bases(
        code=code,
        name=tuple(f"{names[s]} Urgent Care" for s in chosen),
        easting_m=place_m[:, 0],
        northing_m=place_m[:, 1],
        status=tuple(
            "open" if k < num_open else "candidate" for k in range(len(chosen))
        ),
        fixed_cost_gbp=np.round(cost, -3),
    )
    return bases, Ends(code, place_m, settlements.island[chosen])


def _minutes(crossings: Crossings, settlements: Settlements, origin: int) -> FloatArray:
    place_m, island = settlements.place_m, settlements.island
    return crossings.minutes(place_m[origin], int(island[origin]), place_m, island)


def make_partners() -> Partners:
    """Return one partner of each kind, at prices about the fair ones.

    Fair prices for a federation of 40,000 under the default spend model: a
    stop-loss above 2 % of budget 0.4 % with its loading, a carve-out of patients
    above £56,000 removes 55 % of the variance and cedes 7.2 % of the cost, so the
    fee is a loading on that. Names and terms are invented.
    """
    offers = (
        ("Meridale Mutual", "quota_share", 0.30, 0.004, 0.0, 600e6),
        ("Castellan Health Re", "stop_loss", 1.00, 0.004, 25_000.0, 900e6),
        ("Northshore Cover", "carve_out", 0.55, 0.009, 10_000.0, 500e6),
        ("Lantern Care Partners", "gain_share", 0.50, 0.0, 40_000.0, 400e6),
        ("Tidewater Support", "support", 0.0, 0.003, 60_000.0, 1_500e6),
    )
    terms = np.array([offer[2:] for offer in offers])
    return Partners(
        code=tuple(f"VP{k:02d}" for k in range(1, len(offers) + 1)),
        name=tuple(offer[0] for offer in offers),
        contract=tuple(offer[1] for offer in offers),
        share=terms[:, 0],
        fee_share=terms[:, 1],
        fixed_gbp=terms[:, 2],
        capacity_gbp=terms[:, 3],
    )
