"""`federate solvers`: which solvers run here, and why the others do not."""

from typing import TYPE_CHECKING

from federate.cli.options import Json

if TYPE_CHECKING:
    from rich.table import Table

    from solvers.contract import Probe

__all__ = ["solvers"]


def solvers(as_json: Json = False) -> None:
    """List the solvers, each tried on a small problem."""
    from federate.cli.screen import print_json, result_console
    from solvers.registry import probe_all

    probes = probe_all()
    if as_json:
        print_json({"solvers": [_data(probe) for probe in probes]})
        return
    console = result_console()
    for title, runs in (("Run here", True), ("Do not run here", False)):
        some = [probe for probe in probes if probe.runs is runs]
        if some:
            console.print(title, style="bold")
            console.print(_table(some))


def _table(probes: "list[Probe]") -> "Table":
    """Return one row a solver: its version and licence, then what it can or lacks."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    table.add_column(no_wrap=True, min_width=max(len(p.name) for p in probes))
    table.add_column()
    for probe in probes:
        said = ", ".join(_able(probe)) if probe.runs else probe.why_not
        known = ", ".join(
            filter(None, (probe.version, probe.licence, probe.size_limit))
        )
        table.add_row(probe.name, f"{escape(known)}\n[dim]{escape(said)}[/dim]")
    return table


def _able(probe: "Probe") -> list[str]:
    from solvers.contract import Capability

    return [
        str(flag.name).lower().replace("_", " ")
        for flag in Capability
        if flag in probe.capabilities
    ]


def _data(probe: "Probe") -> dict[str, object]:
    return {
        "name": probe.name,
        "runs": probe.runs,
        "version": probe.version,
        "licence": probe.licence,
        "size_limit": probe.size_limit,
        "capabilities": _able(probe),
        "why_not": probe.why_not,
    }
