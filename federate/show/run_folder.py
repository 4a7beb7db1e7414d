"""A run folder: all of one result, to be read back years later.

| file | holds |
| --- | --- |
| plan.csv | ``code,federation,centre`` |
| cover.csv | ``code,base``, where out-of-hours cover was planned |
| plan.geojson, map.html | the plan drawn |
| scenario.toml | what was asked, every key in force stated |
| instance/ | the practices, where they came from memory and not from files |
| events.jsonl | what happened while solving, one object a line |
| env.json | Python, packages, platform, accuracy of coordinates |
| certificate.json | the prices that prove the bound, where asked for |
| inputs.sha256 | digests of the instance, the scenario and the plan |
| metrics.json | outcome, scorecard, broken rules; written last |

All is written aside and moved into place at once, so that a folder is whole
or absent.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from federate.engine.events import Event
from federate.errors import Fault, InputError
from federate.evidence import Evidence
from federate.plan import Plan
from federate.plan_file import read_plan, write_plan
from federate.problem import Problem
from federate.proof.certificate import CERTIFICATE, Certificate
from federate.result import Result, evaluated
from federate.scenario import Scenario
from federate.show.aside import move_into_place, written_aside
from federate.show.certificate import write_certificate
from federate.show.environment import environment
from federate.show.run_name import new_name
from solvers.contract import Status, StopReason

__all__ = ["metrics", "read_run", "refuse_full", "write_run"]

SCHEMA = 1
COPY = "instance"
METRICS = "metrics.json"
RUNS = Path("runs")


def write_run(
    result: Result,
    folder: str | Path | None = None,
    *,
    certificate: bool = False,
    runs: Path = RUNS,
    drawn: bool = True,
) -> Path:
    """Write the run folder of a result.

    Parameters
    ----------
    result
        With or without a plan; without one there is nothing to draw.
    folder
        Must not exist, or be empty. By default a new one in `runs`, named for the
        time, the scenario and a digest of what was asked.
    certificate
        Whether to write what proves the bound, for ``federate certify``.
    runs
        Where the default name lies.
    drawn
        Whether to draw the plan too, as map and regions.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    InputError
        If the folder holds something already, or nothing proves a bound.
    """
    target = new_name(result, runs) if folder is None else Path(folder)
    refuse_full(target)
    with written_aside(target.parent, target.name) as aside:
        if certificate:
            write_certificate(result, aside / CERTIFICATE)
        _write_all(result, aside, drawn=drawn)
        _write_json(aside / METRICS, metrics(result, target.name))
        while not move_into_place(aside, target):
            if folder is not None:
                refuse_full(target)
            target = new_name(result, runs)  # another process had the same idea
            _write_json(aside / METRICS, metrics(result, target.name))
    return target


def refuse_full(folder: Path) -> None:
    """Refuse to write a run where something lies already.

    Raises
    ------
    InputError
        If the folder holds something, or is a file.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = "is there already and not empty; choose another folder or remove it"
        raise InputError("the run folder", [Fault(str(folder), message)])


def read_run(folder: str | Path) -> Result:
    """Read a run folder back: its plan is scored and verified anew.

    Status, bound, engine, time, events and evidence are as recorded; cost, gap,
    scorecard and broken rules are worked out again from the instance.

    Raises
    ------
    InputError
        If a file of the folder is missing or changed, or the instance is no
        longer what it was.
    """
    folder = Path(folder)
    recorded = _read_metrics(folder)
    digests = _checked_digests(folder)
    problem = _read_problem(folder, digests["instance"])
    result = Result(problem, None, Status.NO_SOLUTION, StopReason.FINISHED)
    if "plan.csv" in digests:
        plan = replace(
            read_plan(folder / "plan.csv", problem),
            bases=_read_cover(folder / "cover.csv"),
            open_bases=tuple(recorded["open_bases"]),
        )
        result = evaluated(problem, plan, bound_gbp=recorded["bound_gbp"])
    return replace(
        result,
        status=Status(recorded["status"]),
        stop=StopReason(recorded["stop"]),
        bound_gbp=recorded["bound_gbp"],
        reasons=tuple(recorded["reasons"]),
        engine=recorded["engine"],
        solver=recorded["solver"],
        seconds=recorded["seconds"],
        events=tuple(_read_events(folder / "events.jsonl")),
        evidence=_read_evidence(folder / CERTIFICATE),
    )


def metrics(result: Result, run: str) -> dict[str, Any]:
    """Return what ``metrics.json`` holds: the summary and the scorecard."""
    plan, card = result.plan, result.scorecard
    return {
        "schema": SCHEMA,
        "run": run,
        "instance": result.problem.instance.name,
        **result.summary(),
        "exceptions": [asdict(finding) for finding in result.exceptions],
        "open_bases": [] if plan is None else list(plan.open_bases),
        "terms_gbp": None if card is None else dict(card.terms_gbp),
        "totals": None if card is None else dict(card.totals),
        "federations": [] if card is None else [asdict(f) for f in card.federations],
    }


def _write_all(result: Result, folder: Path, *, drawn: bool) -> None:
    """Write every file of a run into a new folder, but for the metrics."""
    digests = {"instance": _write_scenario(result.problem, folder)}
    digests["scenario.toml"] = _digest(folder / "scenario.toml")
    if result.plan is not None:
        write_plan(result.plan, folder / "plan.csv")
        digests["plan.csv"] = _digest(folder / "plan.csv")
        _write_cover(result.plan, folder / "cover.csv")
        if drawn:
            _draw(result, folder)
    lines = [f"{digest}  {name}\n" for name, digest in sorted(digests.items())]
    _write_text(folder / "inputs.sha256", "".join(lines))
    events = [f"{event.to_json()}\n" for event in result.events]
    _write_text(folder / "events.jsonl", "".join(events))
    _write_json(folder / "env.json", environment())


def _draw(result: Result, folder: Path) -> None:
    from federate.show.export import export
    from federate.show.map import write_map

    export(result, folder / "plan.geojson")
    write_map(result, folder / "map.html")


def _write_scenario(problem: Problem, folder: Path) -> str:
    """Write what was asked, and the practices if no file has them; their digest."""
    asked, instance = problem.scenario, problem.instance
    digest = instance.digest
    if asked.instance is None or not digest:
        from federate.practices.folder import read_folder, write_folder

        write_folder(instance, folder / COPY)
        digest = read_folder(folder / COPY).digest
        asked = asked.model_copy(update={"instance": COPY})
    _write_text(folder / "scenario.toml", asked.to_toml())
    return digest


def _write_cover(plan: Plan, path: Path) -> None:
    if plan.bases:
        rows = [f"{code},{base}\n" for code, base in sorted(plan.bases.items())]
        _write_text(path, "code,base\n" + "".join(rows))


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, indent=2, sort_keys=True, allow_nan=False)
    _write_text(path, f"{text}\n")


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _faulty(folder: Path, file: str, message: str) -> InputError:
    return InputError(f"the run {folder}", [Fault(file, message)])


def _read_metrics(folder: Path) -> dict[str, Any]:
    """Return the recorded outcome of a finished run."""
    path = folder / METRICS
    if not path.is_file():
        message = "is missing, so this is no finished run; name the folder of one"
        raise _faulty(folder, path.name, message)
    try:
        recorded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"is not JSON ({error}); restore the file"
        raise _faulty(folder, path.name, message) from None
    if recorded.get("schema") != SCHEMA:
        message = f"this version reads schema {SCHEMA}; update federate"
        raise _faulty(folder, path.name, message)
    return recorded


def _checked_digests(folder: Path) -> dict[str, str]:
    """Return the recorded digests; refuse files that are no longer the same."""
    path = folder / "inputs.sha256"
    if not path.is_file():
        raise _faulty(folder, path.name, "is missing; restore the file")
    pairs = [line.split("  ", 1) for line in path.read_text("utf-8").splitlines()]
    digests = {name: digest for digest, name in pairs}
    faults = [
        Fault(name, "is not what the run recorded; restore it, or make a new run of it")
        for name, digest in digests.items()
        if name != "instance"
        and not ((folder / name).is_file() and _digest(folder / name) == digest)
    ]
    if faults:
        raise InputError(f"the run {folder}", faults)
    return digests


def _read_problem(folder: Path, digest: str) -> Problem:
    """Return the problem that was solved, on the very same practices."""
    from federate.practices.source import read

    asked = Scenario.load(folder / "scenario.toml")
    source = asked.instance or str(folder / COPY)
    instance = read(source)
    if instance.digest != digest:
        message = (
            f"{source} is not what it was when the run was made; restore its files, "
            f"or evaluate plan.csv as a new run"
        )
        raise _faulty(folder, "instance", message)
    return Problem.build(instance, asked)


def _read_cover(path: Path) -> dict[str, str]:
    """Return the base of each practice; nothing where cover was not planned."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["base"] for row in csv.DictReader(file)}


def _read_evidence(path: Path) -> Evidence | None:
    return Certificate.read(path).evidence if path.is_file() else None


def _read_events(path: Path) -> Iterator[Event]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield Event(**json.loads(line))
