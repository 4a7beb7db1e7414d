"""Why no plan exists: the demands that clash, who is concerned, what would help."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from federate.problem import Problem
from federate.whatif.conflict import Conflict, find_conflict
from federate.whatif.demand import Changes, changed, named
from federate.whatif.demands import demands
from federate.whatif.fix import Fix, joined
from federate.whatif.fixes import fixes_for
from federate.whatif.settle import Desk, settled

__all__ = ["Explanation", "explain_infeasible"]

MOST_CONFLICTS = 5
ALL_TOGETHER = {
    "weights__travel_gbp_per_patient_min": 0.0,
    "weights__unlikeness_gbp_per_patient": 0.0,
    "weights__size_deviation_gbp_per_person": 0.0,
    "weights__target_size": None,
    "weights__disruption_gbp_per_patient": 0.0,
    "weights__cut_edges_gbp_per_pair": 0.0,
    "scale__fixed_gbp_per_federation": 0.0,
    "scale__gbp_per_head": 0.0,
    "scale__gbp_per_member": 0.0,
    "scale__benefit_share": 0.0,
    "risk__gbp_per_gbp_at_risk": 0.0,
    "likeness__mode": "geographic",
    "likeness__geographic_weight": None,
    "membership__mode": "voluntary",
    "membership__alone_gbp_per_patient": 1.0,
}
SMALL = frozenset(
    {"lower size", "travel", "contiguity", "zone", "risk", "donut", "full share"}
)


@dataclass(frozen=True)
class Explanation:
    """Why there is no plan, and what would make one possible.

    Parameters
    ----------
    is_infeasible
        Whether that no plan exists is proven; ``None``: neither that nor a plan.
    conflicts
        Each proven; more than one where curing the first does not do.
    practices
        Codes of the practices concerned, those of the conflicts' wishes and those
        that find no federation.
    left_out_patients
        Fewest patients that the rules of the first conflict leave without a
        federation, where that was proven and practices were concerned.
    fixes
        Each checked by solving the whole scenario with it; least change first.
    reasons
        What the checks before any search say.
    seconds_out
        Whether the time ended before everything was looked at.
    """

    is_infeasible: bool | None
    conflicts: tuple[Conflict, ...] = ()
    practices: tuple[str, ...] = ()
    left_out_patients: int | None = None
    fixes: tuple[Fix, ...] = ()
    reasons: tuple[str, ...] = ()
    num_solves: int = 0
    seconds_out: bool = False
    names: str = ""

    def lines(self) -> list[str]:
        """Return the explanation, one sentence a line."""
        return list(_told(self))

    def as_data(self) -> dict[str, Any]:
        """Return the explanation as JSON has it."""
        return {
            "is_infeasible": self.is_infeasible,
            "conflicts": [
                {
                    "rules": [
                        {"key": d.key, "words": d.words, "practices": list(d.codes)}
                        for d in conflict.demands
                    ],
                    "is_smallest": conflict.is_smallest,
                }
                for conflict in self.conflicts
            ],
            "practices": list(self.practices),
            "left_out_patients": self.left_out_patients,
            "fixes": [
                {
                    "words": fix.words,
                    "settings": list(fix.settings),
                    "change_share": round(fix.change_share, 6),
                    "is_smallest": fix.is_smallest,
                    "num_federations": fix.num_federations,
                }
                for fix in self.fixes
            ],
            "reasons": list(self.reasons),
            "num_solves": self.num_solves,
            "seconds_out": self.seconds_out,
        }


def explain_infeasible(
    problem: Problem,
    *,
    each_s: float = 10.0,
    total_s: float = 240.0,
    cancel: Callable[[], bool] | None = None,
) -> Explanation:
    """Say why no plan keeps the rules, and what to change.

    Parameters
    ----------
    each_s, total_s
        Seconds for one question to the engines, and for all of them.
    cancel
        Asked several times a second whether to give up; what was found is kept.
    """
    from federate.feasibility import prove_infeasible

    desk = Desk(problem, each_s, total_s, cancel)
    answer = desk.has_plan({})
    reasons = prove_infeasible(problem)
    if answer is not False:
        return Explanation(None if answer is None else False, reasons=reasons)
    conflicts: list[Conflict] = []
    concerned: list[str] = []
    left_patients, fixes, done = None, [], None
    for _ in range(MOST_CONFLICTS):
        conflict = find_conflict(desk, demands(desk.problem))
        if conflict is None:
            break
        conflicts.append(conflict)
        left, patients = _left_out(desk, conflict)
        concerned += [c for d in conflict.demands for c in d.codes] + left
        if len(conflicts) == 1:
            left_patients = patients
        found = fixes_for(desk, conflict, left, {})
        if found:
            fixes = [fix if done is None else joined(done, fix) for fix in found]
            break
        cure = fixes_for(desk, conflict, left, _only(desk, conflict))
        if not cure:
            break
        done = cure[0] if done is None else joined(done, cure[0])
        used = desk.num_solves
        desk = Desk(
            changed(desk.problem, cure[0].changes), each_s, desk.seconds_left, cancel
        )
        desk.num_solves = used
    return Explanation(
        True,
        tuple(conflicts),
        tuple(dict.fromkeys(concerned)),
        left_patients,
        tuple(fixes),
        reasons,
        desk.num_solves,
        desk.seconds_left <= 0,
        named(problem, dict.fromkeys(concerned)) if concerned else "",
    )


def _only(desk: Desk, conflict: Conflict) -> Changes:
    """Return the changes that drop every demand but those of the conflict."""
    changes: Changes = {}
    for demand in demands(desk.problem):
        if demand not in conflict.demands:
            demand.drop(changes)
    return changes


def _left_out(desk: Desk, conflict: Conflict) -> tuple[list[str], int | None]:
    """Return who finds no federation under the conflict's rules alone.

    Practices may stand outside at a price of their patients and nothing else
    costs anything: the best plan leaves out the fewest patients. Not asked where
    contracts have a price of their own. The practices are told only where they are
    fewer than half; their patients where proven.
    """
    kinds = {demand.kind for demand in conflict.demands}
    if not kinds & SMALL or desk.problem.scenario.contracts.menu:
        return [], None
    changes = _only(desk, conflict) | ALL_TOGETHER
    asked = changes.get("rules__num_federations")
    if asked is None and desk.problem.scenario.rules.num_federations is None:
        changes["rules__num_federations"] = "free"
    result = settled(changed(desk.problem, changes), desk.each_s, desk.cancel)
    desk.num_solves += 1
    if result.plan is None or result.violations:
        return [], None
    out = [code for code, label in result.plan.federation.items() if not label]
    if not out or len(out) > desk.problem.n / 2:
        return [], None
    index, size = desk.problem.instance.index, desk.problem.list_size
    patients = sum(int(size[index[code]]) for code in out)
    proven = result.gap is not None and result.gap <= 1e-6
    return out, patients if proven else None


def _told(why: Explanation) -> Iterator[str]:
    if why.is_infeasible is None:
        yield "Neither a plan nor a proof that there is none was found in the time."
        return
    if not why.is_infeasible:
        yield "A plan exists that keeps every rule; nothing is in conflict."
        return
    for number, conflict in enumerate(why.conflicts):
        many = len(conflict.demands) > 1
        start = "Besides, no plan" if number else "No plan"
        yield f"{start} can keep {'all of these' if many else 'this rule'}:"
        yield from (f"  • {d.words} ({d.key})" for d in conflict.demands)
        if many and conflict.is_smallest:
            yield "  Without any one of them the others have a plan: each was tried."
        elif many:
            yield "  It is not proven that all of them are needed for the conflict."
    if why.names:
        yield f"Practices concerned: {why.names}."
    if why.left_out_patients:
        yield (
            f"These rules leave at least {why.left_out_patients:,} patients without "
            f"a federation."
        )
    yield from _fixes_told(why)


def _fixes_told(why: Explanation) -> Iterator[str]:
    if not why.fixes:
        yield "No change of one rule was found that makes a plan possible."
        return
    yield "What would help, least change first; each was tried and has a plan:"
    for fix in why.fixes:
        number = fix.num_federations
        plan = f" → {number:,} federation{'s' * (number != 1)}" if number else ""
        yield f"  • {fix.words}{plan}"
        if fix.settings:
            yield "      " + " ".join(f"--set '{text}'" for text in fix.settings)
