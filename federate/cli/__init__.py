"""The command `federate`: one module a command, no logic of their own.

Everything a command does is a Python call in the same words. What it found goes
to stdout, everything for people to stderr. Exit codes: 0 optimal within the gap,
1 internal, 2 usage, 3 invalid input, 4 proven infeasible, 5 and 6 stopped without
a proof, with and without a plan, 7 a certificate that proves less than it claims,
130 interrupted.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn

__all__ = ["main", "run"]


def main() -> NoReturn:
    """Run the command line of this process, and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line, e.g. ``["solve", "toy"]``; return its exit code."""
    from federate.cli.app import app
    from federate.cli.faults import tell
    from federate.cli.screen import warnings_shown
    from federate.shadow import refuse_shadow

    arguments = list(arguments)
    quiet = not {"-q", "--quiet"}.isdisjoint(arguments)
    try:
        refuse_shadow()
        with warnings_shown(quiet=quiet):
            code = app(args=arguments, prog_name="federate", standalone_mode=False)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        return tell(error, as_json="--json" in arguments)
    return code if isinstance(code, int) else 0
