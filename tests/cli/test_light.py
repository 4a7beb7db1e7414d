"""The import and the help stay light: nothing heavy is loaded to say little."""

import subprocess
import sys

import pytest

from tests.cli.command import ROOT, federate

HEAVY = (
    "geopandas",
    "highspy",
    "jinja2",
    "libpysal",
    "matplotlib",
    "networkx",
    "numba",
    "numpy",
    "pandas",
    "pandera",
    "pyarrow",
    "pyomo",
    "pyproj",
    "scipy",
    "shapely",
)
COMMANDS = (
    "import",
    "generate",
    "check",
    "init",
    "solve",
    "sweep",
    "evaluate",
    "edit",
    "repair",
    "compare",
    "runs",
    "show",
    "rm",
    "explain",
    "alternatives",
    "robust",
    "simulate",
    "split",
    "risk",
    "map",
    "report",
    "export",
    "solvers",
)


def loaded_by(code: str) -> set[str]:
    """Return the heavy packages that `code` loads in a fresh interpreter."""
    listed = (
        f"import sys\n{code}\n"
        f"sys.stderr.write(' '.join(m for m in {HEAVY} if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", listed],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return set(done.stderr.split())


def test_the_import_loads_nothing_heavy() -> None:
    assert loaded_by("import federate") == set()


def test_the_scenario_loads_nothing_heavy_but_numpy() -> None:
    code = "import federate; federate.Scenario.load('pcn2019')"
    assert loaded_by(code) <= {"numpy", "pandas", "pyarrow"}


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_loads_nothing_heavy(command: str) -> None:
    arguments = [*filter(None, [command]), "--help"]
    code = f"from federate.cli import run; assert run({arguments}) == 0"
    assert loaded_by(code) == set()


def test_every_command_is_in_the_help() -> None:
    done = federate("--help")
    assert not [name for name in COMMANDS if f" {name} " not in done.stdout]


def test_no_command_at_all_shows_the_help() -> None:
    assert "Usage: federate" in federate().stdout


def test_the_version_is_told() -> None:
    assert federate("--version").stdout.startswith("federate ")
