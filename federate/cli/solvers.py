"""`federate solvers`: which solvers run here, and why the others do not."""

from federate.cli.options import Json

__all__ = ["solvers"]


def solvers(as_json: Json = False) -> int:
    """List the solvers, each tried on a small problem."""
    from rich.table import Table
    from rich.text import Text

    from federate.cli.screen import print_json, result_console
    from solvers.contract import Capability
    from solvers.registry import probe_all

    probes = probe_all()
    able = {
        probe.name: [
            str(flag.name).lower().replace("_", " ")
            for flag in Capability
            if flag in probe.capabilities
        ]
        for probe in probes
    }
    if as_json:
        rows = [
            {
                "name": probe.name,
                "runs": probe.runs,
                "version": probe.version,
                "licence": probe.licence,
                "size_limit": probe.size_limit,
                "capabilities": able[probe.name],
                "why_not": probe.why_not,
            }
            for probe in probes
        ]
        print_json({"solvers": rows})
        return 0
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("solver", "runs here", "version", "licence", "can"):
        table.add_column(heading)
    for probe in probes:
        runs = Text("yes", "green") if probe.runs else Text("no", "red")
        said = ", ".join(able[probe.name]) if probe.runs else probe.why_not
        limit = f"; up to {probe.size_limit}" if probe.size_limit else ""
        licence = Text(f"{probe.licence}{limit}")
        # Text, for "gp-federate[extra]" would be read as markup.
        table.add_row(probe.name, runs, probe.version, licence, Text(said))
    result_console().print(table)
    return 0
