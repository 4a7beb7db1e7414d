"""The table of what each backend can do, for ``solvers/README.md``.

``python -m solvers.table`` writes it there anew.
"""

from pathlib import Path

from solvers.contract import Capability
from solvers.registry import backend, known_solvers, probe_all

__all__ = ["capability_table", "write_table"]

_README = Path(__file__).with_name("README.md")
_BEGIN = "<!-- python -m solvers.table -->\n"
_END = "<!-- end of the table -->\n"


def capability_table() -> str:
    """Return the table as Markdown; it is the same wherever it is made."""
    flags = list(Capability)
    words = [str(flag.name).lower().replace("_", " ") for flag in flags]
    lines = [["solver", *words, "licence", "without a bought one"]]
    lines.append([":--", *[":-:"] * len(flags), ":--", ":--"])
    probes = {probe.name: probe for probe in probe_all()}
    for name in known_solvers():
        able, probe = backend(name).capabilities, probes[name]
        marks = ["●" if flag in able else "" for flag in flags]
        lines.append([f"`{name}`", *marks, probe.licence, probe.size_limit])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def write_table(readme: Path = _README) -> None:
    """Write the table between its two marks in the README."""
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(_BEGIN)
    _, after = rest.split(_END)
    table = capability_table()
    readme.write_text(f"{before}{_BEGIN}{table}{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write_table()
