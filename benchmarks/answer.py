"""Answer a case and read the figures off the result; runs in the child."""

import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.cases import Case
from benchmarks.trace import Trace, first_plan_s, gap_reached_s, trace_of

if TYPE_CHECKING:
    from benchmarks.published.statement import Statement
    from federate import Instance, Result, Scenario
    from federate.proof.verdict import Verdict

__all__ = ["Limits", "answer", "certified"]

AGREES = 1e-6


@dataclass(frozen=True)
class Limits:
    """How hard to look, with what; ``""`` or ``None``: as the scenario says.

    `peers_python` is the Python of the peers' environment; with `certify` every
    bound is derived again, after the clock has stopped.
    """

    time_limit_s: float = 60.0
    threads: int = 2
    seed: int = 0
    engine: str = ""
    solver: str = ""
    peers_python: str = ""
    certify: bool = False
    gap: float | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """The changes to a scenario that say the same."""
        asked = {"engine": self.engine, "solver": self.solver, "gap": self.gap}
        return {
            "solve__time_limit_s": self.time_limit_s,
            "solve__threads": self.threads,
            "solve__seed": self.seed,
            **{
                f"solve__{name}": value
                for name, value in asked.items()
                if value not in ("", None)
            },
        }


def answer(case: Case, limits: Limits) -> "tuple[dict[str, Any], Trace, Result]":
    """Return the figures of a case, what was known when, and the result itself."""
    import federate as fed

    clock = [time.perf_counter()]
    statement = _published(case)
    if statement is None:
        instance, scenario = _own(case)
    else:
        instance, scenario = statement.instance, statement.scenario
    scenario = scenario.with_(**limits.changes, **case.changes)
    clock.append(time.perf_counter())
    asked: dict[str, Any] = {}
    if case.peer:
        from benchmarks.peers.ask import ask

        plan, asked = ask(
            case.peer,
            instance,
            scenario,
            python=limits.peers_python,
            time_limit_s=limits.time_limit_s,
            seed=limits.seed,
        )
        result = fed.evaluate(plan, scenario, instance=instance)
    elif case.plan:
        result = fed.evaluate(case.plan, scenario, instance=instance)
    else:
        result = fed.solve(scenario, instance=instance)
    clock.append(time.perf_counter())
    read_s, solve_s = (round(b - a, 2) for a, b in pairwise(clock))
    trace = trace_of(result.events)
    row = {
        "num_practices": result.problem.n,
        "read_s": read_s,
        "solve_s": solve_s,
        "first_plan_s": first_plan_s(trace),
        "one_percent_s": gap_reached_s(trace, 0.01),
        **_figures(result),
        **({} if statement is None else _judged(case, statement, result)),
        **asked,
    }
    return row, trace, result


def certified(case: Case, limits: Limits, result: "Result") -> dict[str, Any]:
    """Return what `federate certify` derives of a result; nothing without evidence."""
    import federate as fed

    if result.evidence is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        if case.family:
            began, verdict = _checked(case, limits, result, Path(folder))
        else:
            run = result.save(Path(folder) / "run", certificate=True)
            began = time.perf_counter()
            verdict = fed.certify(run, threads=limits.threads)
        seconds = time.perf_counter() - began
    return {
        "certified_bound_gbp": round(verdict.proven_gbp, 2),
        "certified_gap": _rounded(verdict.gap, 8),
        "certify_s": round(seconds, 2),
    }


def _checked(
    case: Case, limits: Limits, result: "Result", folder: Path
) -> "tuple[float, Verdict]":
    """Return what a certificate proves of an instance read anew, and when that began.

    Points of published instances are no places in England, so no run folder holds them.
    """
    from federate.problem import Problem
    from federate.proof.certificate import CERTIFICATE, Certificate
    from federate.proof.check import check
    from federate.show.certificate import write_certificate

    write_certificate(result, folder / CERTIFICATE)
    statement = _published(case)
    assert statement is not None
    scenario = statement.scenario.with_(**limits.changes, **case.changes)
    problem = Problem.build(statement.instance, scenario)
    began = time.perf_counter()
    certificate = Certificate.read(folder / CERTIFICATE)
    return began, check(problem, result.plan, certificate, threads=limits.threads)


def _own(case: Case) -> "tuple[Instance, Scenario]":
    import federate as fed

    if case.generated is None:
        instance = fed.read(case.source)
    else:
        instance = fed.generate(case.source, **case.generated)
    if isinstance(case.scenario, str):
        return instance, fed.Scenario.load(case.scenario)
    return instance, fed.Scenario.model_validate(case.scenario)


def _published(case: Case) -> "Statement | None":
    if not case.family:
        return None
    from benchmarks.published.families import state

    return state(case)


def _figures(result: "Result") -> dict[str, Any]:
    """Return the figures of a result that the table keeps."""
    row: dict[str, Any] = {
        "engine": result.engine,
        "solver": result.solver,
        "status": result.status.value,
        "stop": result.stop.value,
        "bound_gbp": _rounded(result.bound_gbp, 2),
        "gap": _rounded(result.gap, 8),
        "num_violations": len(result.violations),
    }
    card = result.scorecard
    if card is not None and card.federations:
        rows = card.federations
        patients = sum(f.patients for f in rows)
        minutes = sum(f.travel_mean_min * f.patients for f in rows)
        row |= {
            "objective_gbp": round(card.objective_gbp, 2),
            "num_federations": len(rows),
            "patients_min": min(f.patients for f in rows),
            "patients_max": max(f.patients for f in rows),
            "travel_mean_min": round(minutes / patients, 3),
            "travel_max_min": round(max(f.travel_max_min for f in rows), 1),
            "overspend_probability_max": round(
                max(f.overspend_probability for f in rows), 4
            ),
        }
    return row


def _judged(case: Case, statement: "Statement", result: "Result") -> dict[str, Any]:
    """Return what the family's own convention says of the plan."""
    row = case.published
    if row is None:
        return {}
    known: dict[str, Any] = {
        "published": row.value,
        "published_optimal": row.is_optimal,
    }
    if result.plan is None or result.objective_gbp is None:
        return known
    verdict = statement.judge(result.plan)
    faults = list(verdict.faults)
    off = abs(verdict.gbp - result.objective_gbp)
    if off > AGREES * max(1.0, abs(verdict.gbp)):
        faults.append(f"costs {verdict.gbp:.6f} by the family's convention")
    worse = (
        row.value - verdict.value if statement.maximise else verdict.value - row.value
    )
    return known | {
        "value": round(verdict.value, 4),
        "gap_to_published": round(worse / abs(row.value), 8),
        "convention": "; ".join(faults)[:200] or "ok",
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
