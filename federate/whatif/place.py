"""Why a practice is where it is, and what it would cost to have it elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from federate.errors import Fault, PlanError, did_you_mean
from federate.plan import Plan
from federate.problem import Problem
from federate.result import Result
from federate.whatif.demand import changed
from federate.whatif.prices import difference_gbp, resolved

__all__ = ["Elsewhere", "WhyHere", "why_here"]

NEAREST = 3


@dataclass(frozen=True)
class Elsewhere:
    """What it would cost to have a practice in another federation, £ a year.

    Parameters
    ----------
    federation, centre
        The other federation, and the code of its lead practice.
    travel_min
        From the practice to that centre.
    move_gbp, move_broken
        Of moving this practice alone, all else as it is: the change of cost, and
        what rules it would break.
    best_gbp, least_gbp, most_gbp
        Of the best plan that has the practice together with that centre, all else
        free to change, against the best plan: as found, and between which it is
        proven. ``None``: not found, or not proven.
    is_impossible
        Whether no plan at all has the two together.
    by_term_gbp
        Change of each term from this plan to that one.
    moved
        How many practices change federation in that plan.
    """

    federation: str
    centre: str
    travel_min: float
    move_gbp: float
    move_broken: tuple[str, ...]
    best_gbp: float | None = None
    least_gbp: float | None = None
    most_gbp: float | None = None
    is_impossible: bool = False
    by_term_gbp: Mapping[str, float] | None = None
    moved: int | None = None


@dataclass(frozen=True)
class WhyHere:
    """Where a practice is, what rules hold it there, and what else there is.

    Parameters
    ----------
    code, name, federation, centre, travel_min
        The practice, its federation, that one's lead practice and the minutes.
    elsewhere
        Other federations, cheapest first.
    """

    code: str
    name: str
    federation: str
    centre: str
    travel_min: float
    elsewhere: tuple[Elsewhere, ...]

    def as_data(self) -> dict[str, Any]:
        """Return all of it as JSON has it."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Return it in sentences, one a line."""
        where = f"in {self.federation}, led from {self.centre}"
        where += f", {self.travel_min:.1f} minutes away"
        if self.centre == self.code:
            where = f"in {self.federation}, which it leads"
        if not self.federation:
            where = "in no federation"
        said = [f"{self.name} ({self.code}) is {where}."]
        for other in self.elsewhere:
            said += _told(other)
        return said


def why_here(
    result: Result,
    code: str,
    there: str | None = None,
    *,
    each_s: float = 20.0,
    cancel: Callable[[], bool] | None = None,
) -> WhyHere:
    """Say why a practice is in its federation, by what others would cost.

    For each other federation first the practice alone is moved; then everything
    is solved again with the practice together with that federation's centre.

    Parameters
    ----------
    there
        A federation of the plan; by default the three whose quick move costs
        least.
    each_s
        Seconds for each solve.

    Raises
    ------
    PlanError
        If the plan has no such practice or federation.
    InfeasibleError
        If the result has no plan.
    """
    plan = result.require_plan()
    here = _checked(plan, code, there)
    problem = result.problem
    others = [there] if there else [g for g in plan.members if g != here]
    quick = sorted((_quick(result, code, g) for g in others), key=_rank)
    index = problem.instance.index
    centre = plan.centre.get(here, code)
    return WhyHere(
        code=code,
        name=problem.instance.practices.name[index[code]],
        federation=here,
        centre=centre,
        travel_min=float(problem.travel.minutes[index[code], index[centre]]),
        elsewhere=tuple(
            sorted(
                (_forced(result, code, o, each_s, cancel) for o in quick[:NEAREST]),
                key=lambda o: (o.best_gbp is None, o.best_gbp or 0.0, o.federation),
            )
        ),
    )


def _checked(plan: Plan, code: str, there: str | None) -> str:
    """Return the practice's federation; refuse names that the plan lacks."""
    if code not in plan.federation:
        hint = did_you_mean(code, plan.federation)
        raise PlanError("plan", [Fault("plan", f"no practice {code}{hint}")])
    here = plan.federation[code]
    if there is None:
        return here
    if there not in plan.members:
        hint = did_you_mean(there, plan.members)
        hint = hint or f"; there are {', '.join(plan.members)}"
        raise PlanError("plan", [Fault("plan", f"no federation {there}{hint}")])
    if there == here:
        raise PlanError("plan", [Fault("plan", f"{code} is in {there} already")])
    return here


def _rank(other: Elsewhere) -> tuple[float, str]:
    return other.move_gbp, other.federation


def _quick(result: Result, code: str, there: str) -> Elsewhere:
    """Move one practice alone, and say what that costs and breaks."""
    plan, problem = result.require_plan(), result.problem
    moved = result.move(code, there)
    before, after = result.objective_gbp or 0.0, moved.objective_gbp or 0.0
    index, centre = problem.instance.index, plan.centre[there]
    held = {violation.message for violation in result.violations}
    return Elsewhere(
        federation=there,
        centre=centre,
        travel_min=float(problem.travel.minutes[index[code], index[centre]]),
        move_gbp=after - before,
        move_broken=tuple(v.message for v in moved.violations if v.message not in held),
    )


def _forced(
    result: Result,
    code: str,
    other: Elsewhere,
    each_s: float,
    cancel: Callable[[], bool] | None,
) -> Elsewhere:
    """Solve again with the practice together with the other's centre."""
    problem = result.problem
    forced = changed(problem, {"rules__together": _with_pair(problem, code, other)})
    # A plan to start from: the practice moved; it may break rules.
    start = result.move(code, other.federation)
    found = resolved(forced, _like(result, start), each_s, cancel)
    figures = asdict(other)
    if found.plan is None or found.violations or found.scorecard is None:
        impossible = found.status.value == "infeasible"
        return Elsewhere(**figures | {"is_impossible": impossible})
    best, least, most = difference_gbp(result, found)
    terms = result.scorecard.terms_gbp if result.scorecard else {}
    by_term = {
        name: value - terms.get(name, 0.0)
        for name, value in found.scorecard.terms_gbp.items()
    }
    return Elsewhere(
        **figures
        | {
            "best_gbp": best,
            "least_gbp": least,
            "most_gbp": most,
            "by_term_gbp": by_term,
            "moved": len(found.diff(result).moved),
        }
    )


def _with_pair(
    problem: Problem, code: str, other: Elsewhere
) -> tuple[tuple[str, ...], ...]:
    return (*problem.scenario.rules.together, (code, other.centre))


def _like(result: Result, start: Result) -> Result:
    """Return a result to start from: that plan, these prices."""
    return replace(start, evidence=result.evidence)


def _told(other: Elsewhere) -> list[str]:
    said = [
        f"In {other.federation} (led from {other.centre}, {other.travel_min:.1f} "
        f"minutes):"
    ]
    alone = f"  moved alone: {_signed(other.move_gbp)} a year"
    if other.move_broken:
        alone += "; it would break: " + "; ".join(other.move_broken[:3])
    said.append(alone)
    if other.is_impossible:
        said.append("  no plan that keeps the rules has the two together (proven)")
    elif other.best_gbp is None:
        said.append("  no plan with the two together was found in the time")
    else:
        said.append(f"  all else free: {_signed(other.best_gbp)} a year{_sure(other)}")
        terms = other.by_term_gbp or {}
        parts = [
            f"{name.replace('_', ' ')} {_signed(value)}"
            for name, value in terms.items()
            if abs(value) >= 0.5
        ]
        if parts:
            moved = f"; {other.moved} practices move" if other.moved else ""
            said.append(f"    {', '.join(parts)}{moved}")
    return said


def _sure(other: Elsewhere) -> str:
    if other.least_gbp is None or other.most_gbp is None:
        return " (as found, not proven)"
    if other.most_gbp - other.least_gbp <= 1.0:
        return " (exact)"
    return f" (proven {_signed(other.least_gbp)} to {_signed(other.most_gbp)})"


def _signed(gbp: float) -> str:
    """Return pounds with their sign.

    Examples
    --------
    >>> print(_signed(1234.4), _signed(-20.0))
    +£1,234 -£20
    """
    return f"{'-' if gbp < -0.5 else '+'}£{abs(gbp):,.0f}"
