"""Plan tables ⇄ `Plan`, and the centres of a plan that names none.

The table has one row a practice: ``code``, ``federation`` (blank where it
stands alone) and, if wanted, ``centre`` and the ``contract`` taken. Headings that
other tools use for the same things are understood, so that any plan can be scored,
whoever made it.
"""

import csv
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from federate.errors import Fault, PlanError, did_you_mean
from federate.plan import Plan
from federate.practices.tablefile import TableFile, read_table
from federate.problem import Problem

__all__ = ["current_plan", "read_plan", "with_centres", "within", "write_plan"]

IntArray = npt.NDArray[np.int64]

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": (
        "code",
        "practice_code",
        "practice",
        "ods_code",
        "gp_code",
        "gp_practice_code",
        "organisation_code",
        "org_code",
    ),
    "federation": (
        "federation",
        "federation_code",
        "group",
        "label",
        "pcn_code",
        "pcn",
        "network",
        "neighbourhood",
        "district",
        "cluster",
    ),
    "centre": ("centre", "center", "lead", "lead_practice", "lead_code", "hub"),
    "contract": ("contract",),
}
MOST_NAMED = 10


def read_plan(
    path: str | Path, problem: Problem, *, outside: Collection[str] = ()
) -> Plan:
    """Read a plan table: CSV, XLSX or Parquet.

    Parameters
    ----------
    path
        The table. A federation without a stated centre is led from its
        cheapest member.
    problem
        Whose practices the plan must name, each once.
    outside
        Practices of the instance that lie outside the scenario's area: their
        rows are passed over, and what they lead is led from inside.

    Raises
    ------
    PlanError
        With every fault of the table at once.
    """
    path = Path(path)
    table, faults = read_table(path, layer="plan")
    columns = _find_columns(table, faults)
    if "code" not in columns or "federation" not in columns:
        raise PlanError(str(path), faults)
    away = frozenset(outside)
    rows = [k for k, code in enumerate(columns["code"]) if code not in away]
    faults += _practice_faults(table, columns["code"], rows, problem)
    federation = {columns["code"][k]: columns["federation"][k] for k in rows}
    if "centre" in columns:
        columns["centre"] = ["" if c in away else c for c in columns["centre"]]
    centre = _read_centres(table, columns, rows, problem, faults)
    contracts = _read_contracts(table, columns, rows, problem, faults)
    if faults:
        raise PlanError(str(path), faults)
    return replace(with_centres(problem, federation, centre), contracts=contracts)


def within(problem: Problem, plan: Plan, outside: Collection[str]) -> Plan:
    """Return the part of a plan that lies in the problem's area.

    A federation whose centre is not stated, or lies outside, is led from its
    cheapest member. A plan with practices that are strange to both is
    returned as it is, for `verify` to refuse.
    """
    inside = {c: g for c, g in plan.federation.items() if c not in outside}
    if not inside.keys() <= problem.instance.index.keys():
        return plan
    centre = {g: c for g, c in plan.centre.items() if c not in outside}
    bases = {c: b for c, b in plan.bases.items() if c in inside}
    led = with_centres(problem, inside, centre)
    contracts = {g: name for g, name in plan.contracts.items() if g in led.centre}
    return replace(led, bases=bases, open_bases=plan.open_bases, contracts=contracts)


def write_plan(plan: Plan, path: str | Path) -> None:
    """Write ``code,federation,centre`` as CSV, in the order of the codes.

    A plan that states contracts has a column ``contract`` too.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    also = ("contract",) if plan.contracts else ()
    writer.writerow(("code", "federation", "centre", *also))
    for code in sorted(plan.federation):
        label = plan.federation[code]
        taken = [plan.contracts.get(label, "") for _ in also]
        writer.writerow((code, label, plan.centre[label] if label else "", *taken))
    Path(path).write_text(text.getvalue(), encoding="utf-8", newline="")


def current_plan(problem: Problem) -> Plan:
    """Return the present grouping as a plan, each group led from its cheapest member.

    Raises
    ------
    PlanError
        If the instance knows no present grouping.
    """
    instance = problem.instance
    if instance.current is None:
        message = "has no current grouping; add current.csv or give a plan table"
        raise PlanError(instance.name, [Fault(instance.name, message)])
    codes = instance.practices.code
    return with_centres(problem, dict(zip(codes, instance.current, strict=True)))


def with_centres(
    problem: Problem,
    federation: Mapping[str, str],
    centre: Mapping[str, str] | None = None,
) -> Plan:
    """Return a plan in which every federation has a centre.

    A stated centre stays. Otherwise the member that leads most cheaply among
    those that every member may have as centre, or among all where there is
    none; ties by code.
    """
    stated = dict(centre or {})
    bare = Plan(federation, stated)
    index = problem.instance.index
    code = problem.instance.practices.code
    for label, codes in bare.members.items():
        if label not in stated:
            members = np.array([index[c] for c in codes], dtype=np.int64)
            stated[label] = code[_cheapest_centre(problem, members)]
    return Plan(federation, {label: stated[label] for label in bare.members})


def _cheapest_centre(problem: Problem, members: IntArray) -> int:
    """Return the member that leads most cheaply, in reach of all if there is one."""
    leads = members
    if problem.reachable is not None:
        in_reach = problem.reachable[np.ix_(members, members)].all(axis=0)
        leads = members[in_reach] if in_reach.any() else members
    cost = problem.cost.assign_gbp[np.ix_(members, leads)].sum(axis=0)
    return int(leads[int(np.argmin(cost))])


def _find_columns(table: TableFile, faults: list[Fault]) -> dict[str, list[str]]:
    """Return the cells of code, federation and centre; report what is not there."""
    plain = {re.sub(r"[^a-z0-9]+", "_", name.lower()): name for name in table.columns}
    out = {}
    for wanted, variants in HEADINGS.items():
        found = [plain[name] for name in variants if name in plain]
        exact = wanted in plain
        if len(found) > 1 and not exact:
            message = (
                f"{' and '.join(found)} could both be the {wanted}; name the one "
                f"to take {wanted}"
            )
            faults.append(Fault(table.file, message, 1))
        elif found:
            out[wanted] = table.columns[plain[wanted] if exact else found[0]]
        elif wanted not in ("centre", "contract") and table.columns:
            hint = f"; the headings are {', '.join(table.columns)}"
            message = f"has no column {wanted}{hint}"
            faults.append(Fault(table.file, message, 1))
    return out


def _practice_faults(
    table: TableFile, codes: list[str], rows: list[int], problem: Problem
) -> list[Fault]:
    """Report codes that are blank, unknown or repeated, and practices left out."""
    known = problem.instance.index
    faults = []
    first: dict[str, int] = {}
    for k in rows:
        code, line = codes[k], table.lines[k]
        if not code:
            faults.append(Fault(table.file, "must name a practice", line, "code"))
        elif code not in known:
            message = f"no such practice in {problem.instance.name}"
            message += did_you_mean(code, known)
            faults.append(Fault(table.file, message, line, "code", code))
        elif code in first:
            message = f"stands on line {first[code]} already; keep one of the rows"
            faults.append(Fault(table.file, message, line, "code", code))
        else:
            first[code] = line
    missing = [code for code in known if code not in first]
    if missing:
        shown = ", ".join(missing[:MOST_NAMED])
        more = len(missing) - MOST_NAMED
        shown += f" and {more:,} more" if more > 0 else ""
        message = (
            f"has no row for {shown}; add a row for each practice, with a blank "
            f"federation for one that stands alone"
        )
        faults.append(Fault(table.file, message))
    return faults


def _read_centres(
    table: TableFile,
    columns: Mapping[str, list[str]],
    rows: list[int],
    problem: Problem,
    faults: list[Fault],
) -> dict[str, str]:
    """Return the stated centre of each federation; report clashes and strangers."""
    known = problem.instance.index
    centre: dict[str, str] = {}
    for k in rows if "centre" in columns else ():
        label, stated, line = (
            columns["federation"][k],
            columns["centre"][k],
            table.lines[k],
        )
        if not stated:
            continue
        if stated not in known:
            message = f"no such practice in {problem.instance.name}"
            message += did_you_mean(stated, known)
            faults.append(Fault(table.file, message, line, "centre", stated))
        elif not label:
            message = "a practice that stands alone has no centre; leave it blank"
            faults.append(Fault(table.file, message, line, "centre", stated))
        elif centre.setdefault(label, stated) != stated:
            message = f"{label} has the centre {centre[label]} further up; choose one"
            faults.append(Fault(table.file, message, line, "centre", stated))
    return centre


def _read_contracts(
    table: TableFile,
    columns: Mapping[str, list[str]],
    rows: list[int],
    problem: Problem,
    faults: list[Fault],
) -> dict[str, str]:
    """Return the stated contract of each federation; report clashes and strangers."""
    pooled = problem.pooled
    known = () if pooled is None else pooled.names
    contracts: dict[str, str] = {}
    for k in rows if "contract" in columns else ():
        label, stated = columns["federation"][k], columns["contract"][k]
        line = table.lines[k]
        if stated not in known and (stated or label):
            message = "no such contract in contracts.menu"
            if not stated:
                message = "must name a contract: the scenario requires one"
            message += did_you_mean(stated, known)
            faults.append(Fault(table.file, message, line, "contract", stated))
        elif not label and stated:
            message = "a practice that stands alone takes no contract; leave it blank"
            faults.append(Fault(table.file, message, line, "contract", stated))
        elif label and contracts.setdefault(label, stated) != stated:
            taken = contracts[label] or "none"
            message = f"{label} takes contract {taken} further up; choose one"
            faults.append(Fault(table.file, message, line, "contract", stated))
    return contracts
