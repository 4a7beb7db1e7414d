"""Every criterion of several results side by side: cost terms, totals, proof."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from federate.result import Result
from federate.show.payload import TERM_WORDS

__all__ = ["Criterion", "Unit", "criteria_of", "unit_of"]

Unit = Literal["gbp", "persons", "minutes", "km", "share", "count", "number"]
Figure = float | int | None

# Totals whose plain name would not tell a planner what they are.
WORDS: Mapping[str, str] = {
    "size_min_persons": "Smallest federation, patients",
    "size_median_persons": "Median federation, patients",
    "size_mean_persons": "Mean federation, patients",
    "size_max_persons": "Largest federation, patients",
    "practices_mean": "Practices in a federation, mean",
    "practices_max": "Practices in a federation, most",
    "travel_mean_min": "Mean travel to the lead practice, min",
    "travel_max_min": "Longest travel to a lead practice, min",
    "num_cut_edges": "Neighbours parted",
    "num_practices_alone": "Practices standing alone",
    "num_federations_in_bounds": "Federations within the size bounds",
    "num_federations_in_pieces": "Federations in several pieces",
    "size_cv_fraction": "Spread of sizes (standard deviation ÷ mean)",
    "moment_of_inertia_person_km2": "Moment of inertia, person km²",
    "sigma_worst_fraction": "Greatest spread of spend, share of budget",
    "overspend_worst_probability": "Greatest overspend risk",
    "n_min_persons": "Least pool that keeps the risk rule, persons",
    "patients_changing_group": "Patients led from another group",
    "likeness_mean": "Likeness to the lead practice",
}
_ENDINGS: Mapping[str, Unit] = {
    "_gbp": "gbp",
    "_per_head": "gbp",
    "_per_federation": "gbp",
    "_min": "minutes",
    "_km": "km",
    "_persons": "persons",
    "_share": "share",
    "_probability": "share",
    "_fraction": "share",
}


@dataclass(frozen=True)
class Criterion:
    """One figure of every plan compared.

    Parameters
    ----------
    group
        ``cost`` (terms, £ a year), ``totals`` or ``proof``.
    key, title
        Name in files, ending in its unit, and in words.
    unit
        How to write it.
    of_plans
        The figure of each plan, in order; ``None`` where it does not apply.
    """

    group: Literal["cost", "totals", "proof"]
    key: str
    title: str
    unit: Unit
    of_plans: tuple[Figure, ...]

    @property
    def differs(self) -> bool:
        """Whether the plans differ in it at all."""
        return len(set(self.of_plans)) > 1


def criteria_of(results: Sequence[Result]) -> tuple[Criterion, ...]:
    """Return cost terms, cost, totals and what is known of each plan's worth."""
    cards = [result.scorecard for result in results]
    terms = _names(card.terms_gbp if card else {} for card in cards)
    totals = _names(card.totals if card else {} for card in cards)
    out = [
        Criterion(
            "cost",
            f"{name}_gbp",
            TERM_WORDS.get(name, name.replace("_", " ").capitalize()),
            "gbp",
            tuple(card.terms_gbp.get(name) if card else None for card in cards),
        )
        for name in terms
    ]
    costs = tuple(card.objective_gbp if card else None for card in cards)
    out.append(Criterion("cost", "objective_gbp", "Cost of the plan", "gbp", costs))
    for name in totals:
        found = tuple(card.totals.get(name) if card else None for card in cards)
        if any(value is not None for value in found):
            out.append(Criterion("totals", name, _title(name), unit_of(name), found))
    broken = tuple(len(result.violations) for result in results)
    gaps = tuple(result.gap for result in results)
    out.append(Criterion("proof", "num_violations", "Rules broken", "count", broken))
    out.append(Criterion("proof", "gap_share", "Proven gap", "share", gaps))
    return tuple(out)


def unit_of(name: str) -> Unit:
    """Return the unit that a name ends in.

    Examples
    --------
    >>> unit_of("travel_mean_min"), unit_of("num_federations"), unit_of("patients")
    ('minutes', 'count', 'persons')
    """
    if name.startswith("num_"):
        return "count"
    for ending, unit in _ENDINGS.items():
        if name.endswith(ending):
            return unit
    return "persons" if name.startswith("patients") else "number"


def _names(tables: Iterable[Mapping[str, object]]) -> list[str]:
    """Return the keys of several tables, in the order in which they appear."""
    out: dict[str, None] = {}
    for table in tables:
        out.update(dict.fromkeys(table))
    return list(out)


def _title(name: str) -> str:
    if name in WORDS:
        return WORDS[name]
    text = name.removeprefix("num_").replace("_", " ").replace(" gbp", ", £ a year")
    for ending in ("persons", "min", "km"):
        text = text.removesuffix(f" {ending}") + (
            f", {ending}" if text.endswith(f" {ending}") else ""
        )
    return text[:1].upper() + text[1:]
