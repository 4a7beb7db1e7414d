"""What each key of a scenario means, in a planner's words.

One line a key; the README's reference, the template's comments and the tests
read it here. A key of the schema that is missing here fails a test.
"""

from collections.abc import Mapping
from types import MappingProxyType

from federate.scenario.meaning_of_risk import CONTRACTS, RISK, SCALE, TIERS, Meaning

__all__ = ["MEANING", "Meaning"]


def _of(table: str, keys: Mapping[str, tuple[str, str]]) -> dict[str, Meaning]:
    prefix = f"{table}." if table else ""
    return {prefix + key: Meaning(*said) for key, said in keys.items()}


_TOP = {
    "schema": ("–", "Version of the file format: `1`."),
    "extends": (
        "–",
        "What to start from: a preset, a shipped instance, or another file relative "
        "to this one. Keys stated here replace its own, lists whole; the text "
        '`"none"` takes one of its rules away.',
    ),
    "title": ("–", "What the map, the table and the run folder are called."),
    "instance": (
        "–",
        "What is: a shipped instance (`toy`, `vale`), or an instance folder or one "
        "wide table, relative to this file. A folder named like a shipped instance "
        "is written `./vale`.",
    ),
    "area": (
        "–",
        "Keep only the practices whose columns hold one of these labels; several "
        "columns must all agree.",
    ),
    "area.<column>": ("labels", 'E.g. `sub_icb_code = ["02A"]`.'),
    "membership": ("–", "Whether every practice must join."),
    "rules": ("–", "What a plan may not break. A rule left out does not bind."),
    "weights": (
        "–",
        "Prices that turn minutes, persons and likeness into £ a year. They are "
        "choices, not facts: change one and look at what moves.",
    ),
    "scale": (
        "–",
        "What it costs to run one federation, and what it may cost.",
    ),
    "risk": (
        "–",
        "How far spend strays from budget, and how often that may happen. The "
        "figures are always reported; the rule binds only where `max_probability` "
        "is stated, and risk has a price only where `gbp_per_gbp_at_risk` is.",
    ),
    "contracts": (
        "–",
        "What a federation may buy to bear its risk. It takes the contract of the "
        "menu, or none, with which it keeps every rule at the least cost.",
    ),
    "tiers": (
        "–",
        "How much of its risk each practice bears: all (full), part (partial), or "
        "none (provider only). Left out, everybody bears all.",
    ),
    "likeness": ("–", "What makes practices alike, and how far it replaces distance."),
    "cover": ("–", "Out-of-hours cover: which bases to run, after the grouping."),
    "travel": (
        "–",
        "Minutes where the instance states none: straight line × detour, at a "
        "speed by rurality.",
    ),
    "neighbours": ("–", "Which practices count as neighbours."),
    "solve": ("–", "How hard to look."),
    "sweep": (
        "–",
        "For `federate sweep` alone: any key of this file, a dot between table and "
        "key, and the values that it takes one after the other.",
    ),
}

_MEMBERSHIP = {
    "mode": (
        "–",
        '`"mandatory"`: every practice is in a federation. `"voluntary"`: a '
        "practice may stand alone at a price.",
    ),
    "alone_gbp_per_patient": (
        "£ a year per patient",
        "Price of a practice standing alone, where joining is voluntary.",
    ),
    "allow_singletons": ("–", "Whether a federation may have a single practice."),
}

_RULES = {
    "size_bounds": (
        "registered patients",
        "Smallest and largest federation, both allowed.",
    ),
    "size_waivers": (
        "practice codes",
        "A federation with one of these may lie below the lower bound.",
    ),
    "oversize": (
        "–",
        'A practice larger than the upper bound: `"own"` makes it a federation of '
        'its own, a named exception; `"refuse"` makes the scenario infeasible.',
    ),
    "practices_bounds": ("practices", "Fewest and most practices in a federation."),
    "num_federations": (
        "federations",
        'How many: a number, a pair, or `"free"` to accept whatever costs least.',
    ),
    "contiguity": (
        "–",
        '`"contiguous"`: neighbours only; `"pieces"`: at most `max_pieces` pieces; '
        '`"none"`: anywhere. Left out: contiguous where likeness is geographic.',
    ),
    "max_pieces": ("pieces", 'Most pieces of one federation, with `"pieces"`.'),
    "max_travel_min": ("minutes", "Longest journey from a practice to its centre."),
    "no_donut": ("–", "No federation may enclose other practices."),
    "respect_vetoes": (
        "–",
        "Practices that said they would not work together never share a federation.",
    ),
    "stay_inside": (
        "columns",
        "A federation may not cross these lines: its practices share the label, "
        'e.g. `["lad_code"]`.',
    ),
    "together": ("lists of practice codes", "Each list shares one federation."),
    "apart": ("lists of practice codes", "No two of a list share a federation."),
    "keep": (
        "practice codes, present groups",
        "These stay with those of their present group that are kept too.",
    ),
    "freeze": (
        "present groups",
        "Each stays a federation exactly as it is: no practice joins, none leaves.",
    ),
    "grow": (
        "present groups",
        "Each stays whole and may gain practices; none of its own leaves.",
    ),
}

_WEIGHTS = {
    "travel_gbp_per_patient_min": (
        "£ a year per patient and minute",
        "Price of one minute between a practice and its centre, for each patient.",
    ),
    "unlikeness_gbp_per_patient": (
        "£ a year per patient",
        "Price of a practice led from a centre wholly unlike it.",
    ),
    "size_deviation_gbp_per_person": (
        "£ a year per person",
        "Price of each patient above or below `target_size`.",
    ),
    "target_size": ("registered patients", "Size a federation should have."),
    "disruption_gbp_per_patient": (
        "£ a year per patient",
        "Price of a patient's practice leaving its present group.",
    ),
    "cut_edges_gbp_per_pair": (
        "£ a year per pair of neighbours",
        "Price of each pair of neighbours that share no federation: compact "
        "federations, few borders.",
    ),
}

_LIKENESS = {
    "mode": (
        "–",
        '`"geographic"`: distance only; `"like-minded"`: likeness only; `"hybrid"`: '
        "both, by `geographic_weight`.",
    ),
    "geographic_weight": (
        "0 to 1",
        "In a hybrid: 1 is geographic, 0 like-minded.",
    ),
    "ties_weight": ("–", "Weight of stated ties beside the features below."),
    "features.<column>.weight": ("–", "Weight of this column."),
    "features.<column>.scale": (
        "the column's unit",
        "For a number: the difference at which likeness has fallen to 37 %; left "
        "out, the standard deviation over the instance.",
    ),
}

_COVER = {
    "enabled": ("–", "Whether to choose bases at all, where the instance has any."),
    "reach_urban_min": ("minutes", "A base reaches urban practices within this."),
    "reach_rural_min": ("minutes", "A base reaches rural practices within this."),
    "base_fixed_gbp": ("£ a year", "Cost of running a base that states none."),
    "contract_gbp": ("£ a year", "Cost of one federation's contract with one base."),
    "contacts_per_1000": (
        "contacts a year per 1,000 patients",
        "Out-of-hours contacts. 109: England 2013/14 (Public Accounts Committee, "
        "HC 583, 2014-15).",
    ),
    "travel_gbp_per_contact_min": (
        "£ per contact and minute",
        "Price of one minute between a practice and its base, for each contact.",
    ),
}

_TRAVEL = {
    "detour_urban": ("–", "Road ÷ straight line, urban."),
    "detour_rural": ("–", "Road ÷ straight line, rural."),
    "speed_urban_mph": ("miles an hour", "Between two urban practices."),
    "speed_mixed_mph": ("miles an hour", "Between an urban and a rural practice."),
    "speed_rural_mph": ("miles an hour", "Between two rural practices."),
    "rurality": ("column", "Which column says whether a practice is rural."),
}

_NEIGHBOURS = {
    "method": (
        "–",
        '`"file"`: the instance\'s pairs; `"voronoi"`: cells that touch on land; '
        '`"delaunay"`: nearest on every side; `"auto"`: the first of these that '
        "the instance allows.",
    ),
    "max_km": ("km", "Drop neighbours further apart, but leave nobody cut off."),
}

_SOLVE = {
    "engine": (
        "–",
        '`"auto"` chooses by size; `"compact"` is one model, for small areas; '
        '`"columns"` weighs whole federations of up to some 15 practices, for any '
        'area; `"medians"` is for federations that need not be contiguous '
        '(for others it is as `"auto"`); '
        '`"lagrangian"` prices practices, for larger federations in any area; '
        'all four prove how good the plan is; `"search"` works for any federation '
        "and may prove nothing.",
    ),
    "solver": ("–", "Which solver; `federate solvers` lists those that run here."),
    "time_limit_s": ("seconds", "Stop then, with the best plan so far."),
    "gap": ("share of the cost", "Stop when proven this close to the best possible."),
    "threads": (
        "–",
        "Threads: one improves the plan while the other proves its bound.",
    ),
    "seed": ("–", "Same problem, seed and one thread: same plan."),
}

_SWEEP = {
    "<key>": (
        "the key's own",
        'E.g. `rules.size_bounds = [[30_000, 50_000], [40_000, 60_000]]`; `"none"` '
        "among the values takes a rule away.",
    ),
}

MEANING: Mapping[str, Meaning] = MappingProxyType(
    _of("", _TOP)
    | _of("membership", _MEMBERSHIP)
    | _of("rules", _RULES)
    | _of("weights", _WEIGHTS)
    | _of("scale", SCALE)
    | _of("risk", RISK)
    | _of("contracts", CONTRACTS)
    | _of("tiers", TIERS)
    | _of("likeness", _LIKENESS)
    | _of("cover", _COVER)
    | _of("travel", _TRAVEL)
    | _of("neighbours", _NEIGHBOURS)
    | _of("solve", _SOLVE)
    | _of("sweep", _SWEEP)
)
