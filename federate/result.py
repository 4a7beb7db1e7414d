"""`Result`: the plan, its proof, its scorecard and what made it."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from federate.engine.events import Event
from federate.errors import InfeasibleError
from federate.evidence import Evidence
from federate.plan import Plan, PlanDiff
from federate.plan_file import with_centres
from federate.problem import Problem
from federate.refutation import Refutation
from federate.score import Scorecard, score
from federate.verify import Finding, Violation, exceptions, verify
from solvers.contract import Status, StopReason

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.figure import Figure
    from pandas import DataFrame

__all__ = ["Result", "evaluated"]


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """What a solve or an evaluation found; `plan` is ``None`` where none is.

    Nothing changes in place: `move` returns a new result.

    Parameters
    ----------
    problem, plan
        What was asked and what was found.
    status, stop
        What the answer is worth; why it stopped.
    objective_gbp, bound_gbp, gap
        Cost of the plan, proven lower bound, (objective − bound) / |objective|;
        ``None`` where absent.
    scorecard, violations
        Figures and broken rules, each from its own independent code.
    reasons
        For an infeasible problem, sentences that say why and the way out.
    engine, solver
        Who found it.
    seconds, events
        How long it took and what happened.
    evidence
        What proves `bound_gbp`, for a certificate or to start a what-if from.
    refutations
        What proves that there is no plan, as far as prices or sums do.
    """

    problem: Problem
    plan: Plan | None
    status: Status
    stop: StopReason
    objective_gbp: float | None = None
    bound_gbp: float | None = None
    gap: float | None = None
    scorecard: Scorecard | None = None
    violations: tuple[Violation, ...] = ()
    reasons: tuple[str, ...] = ()
    engine: str = ""
    solver: str = ""
    seconds: float = 0.0
    events: tuple[Event, ...] = ()
    evidence: Evidence | None = None
    refutations: tuple[Refutation, ...] = ()

    def __repr__(self) -> str:
        if self.plan is None:
            why = self.reasons[0] if self.reasons else self.stop.value
            return f"<Result {self.status.value}: no plan; {why}>"
        parts = [f"{self.plan.num_federations:,} federations"]
        if self.objective_gbp is not None:
            parts.append(f"£{self.objective_gbp:,.0f} a year")
        parts.append("no gap proven" if self.gap is None else f"gap {self.gap:.2%}")
        broken = len(self.violations)
        parts.append("keeps every rule" if not broken else f"{broken:,} rules broken")
        return f"<Result {self.status.value}: {', '.join(parts)}>"

    def require_plan(self) -> Plan:
        """Return the plan.

        Raises
        ------
        InfeasibleError
            If there is none; the message says why.
        """
        if self.plan is None:
            raise InfeasibleError("; ".join(self.reasons) or self.stop.value)
        return self.plan

    @property
    def exceptions(self) -> tuple[Finding, ...]:
        """The named exceptions: what the rules let pass, and is worth saying."""
        return () if self.plan is None else exceptions(self.problem, self.plan)

    def summary(self) -> dict[str, Any]:
        """Return the outcome in JSON-able figures: what ``--json`` prints.

        Keys: ``status, stop, objective_gbp, bound_gbp, gap, num_federations,
        num_violations, violations, reasons, engine, solver, seconds``.
        """
        return {
            "status": self.status.value,
            "stop": self.stop.value,
            "objective_gbp": self.objective_gbp,
            "bound_gbp": self.bound_gbp,
            "gap": self.gap,
            "num_federations": None if self.plan is None else self.plan.num_federations,
            "num_violations": len(self.violations),
            "violations": [asdict(violation) for violation in self.violations],
            "reasons": list(self.reasons),
            "engine": self.engine,
            "solver": self.solver,
            "seconds": self.seconds,
        }

    def move(self, code: str, to: str) -> "Result":
        """Return this result with one practice moved, scored and verified anew.

        A new label founds a federation; ``""`` makes the practice stand alone.
        Centres stay, but a federation that loses its own is led from its
        cheapest member. The bound holds for every plan, so it stays too.

        Raises
        ------
        PlanError
            If the plan has no such practice.
        InfeasibleError
            If there is no plan to change.
        """
        before = self.require_plan()
        after = before.move(code, to)
        kept = {
            label: centre
            for label, centre in after.centre.items()
            if before.centre.get(label, centre) == centre
        }
        led = with_centres(self.problem, after.federation, kept)
        plan = replace(led, bases=before.bases, open_bases=before.open_bases)
        return evaluated(self.problem, plan, bound_gbp=self.bound_gbp)

    def diff(self, before: "Result | Plan") -> PlanDiff:
        """Return what changed from `before` to this result's plan.

        Federations are matched so that the fewest patients move.
        """
        plan = before.require_plan() if isinstance(before, Result) else before
        table = self.problem.instance.practices
        patients = dict.fromkeys(plan.federation, 0)
        patients.update(zip(table.code, table.list_size.tolist(), strict=True))
        return self.require_plan().diff(plan, patients)

    def to_frame(self) -> "DataFrame":
        """Return one row a federation: its figures, and its terms in £ a year."""
        import pandas as pd

        rows = []
        for card in self.scorecard.federations if self.scorecard else ():
            row = asdict(card)
            terms = row.pop("terms_gbp")
            row.pop("exposure_gbp")  # by practice, not by federation
            rows.append(row | {f"{name}_gbp": value for name, value in terms.items()})
        return pd.DataFrame(rows).set_index("federation") if rows else pd.DataFrame()

    def regions(self) -> "GeoDataFrame":
        """Return the land of each federation with its figures, EPSG:27700."""
        from federate.geography.regions import federation_regions

        plan = self.require_plan()
        shapes = federation_regions(self.problem.instance, plan.federation)
        if self.scorecard is None or not self.scorecard.federations:
            return shapes
        figures = self.to_frame().reset_index()
        known = [c for c in figures if c in shapes.columns and c != "federation"]
        return shapes.merge(figures.drop(columns=known), on="federation", how="left")

    def plot(self, ax: Any = None) -> "Figure":
        """Draw the plan with matplotlib, on `ax` where one is given."""
        from federate.show.plots import plot

        return plot(self, ax)

    def plot_risk(self) -> "Figure":
        """Draw the chance of an overspend against population, each federation marked.

        Raises
        ------
        ScenarioError
            If the scenario asks nothing about risk.
        """
        from federate.show.risk_plot import plot_risk

        return plot_risk(self)

    def to_html(self, path: str | Path) -> None:
        """Write the map as one HTML file that opens offline."""
        from federate.show.map import write_map

        write_map(self, path)

    def save(
        self, folder: str | Path | None = None, *, certificate: bool = False
    ) -> Path:
        """Write the run folder and return where it is.

        Parameters
        ----------
        folder
            Must not exist, or be empty; by default a new one under ``runs``.
        certificate
            Whether to write what proves the bound too, for ``federate certify``.
        """
        from federate.show.run_folder import write_run

        return write_run(self, folder, certificate=certificate)


def evaluated(
    problem: Problem, plan: Plan, *, bound_gbp: float | None = None
) -> Result:
    """Score and verify a plan, whoever made it.

    Returns
    -------
    Result
        ``FEASIBLE`` where the plan keeps every rule, ``NO_SOLUTION`` where it
        breaks one; in both cases with its scorecard and the broken rules.

    Raises
    ------
    PlanError
        If the plan does not name exactly the practices of the problem.
    """
    violations = verify(problem, plan)
    card = score(problem, plan)
    cost = card.objective_gbp
    gap = None
    if bound_gbp is not None and cost and not violations:
        gap = (cost - bound_gbp) / abs(cost)
    return Result(
        problem=problem,
        plan=plan,
        status=Status.NO_SOLUTION if violations else Status.FEASIBLE,
        stop=StopReason.FINISHED,
        objective_gbp=cost,
        bound_gbp=bound_gbp,
        gap=gap,
        scorecard=card,
        violations=violations,
        engine="evaluate",
    )
