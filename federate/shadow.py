"""Another program's `solvers` in the way of ours.

The solver layer is a package of its own name, and a caller's ``solvers.py``
beside a script comes first on Python's path.
"""

from importlib.util import find_spec
from pathlib import Path

__all__ = ["ShadowError", "refuse_shadow"]


class ShadowError(ImportError):
    """Another file hides a package of ours; the message names it."""


def refuse_shadow() -> None:
    """Refuse to go on where another `solvers` hides the one of this package.

    Raises
    ------
    ShadowError
        Naming the other file and the ways out.
    """
    spec = find_spec("solvers")
    origin = None if spec is None else spec.origin
    ours = Path(__file__).resolve().parents[1] / "solvers" / "__init__.py"
    if origin is not None and Path(origin).resolve() != ours:
        raise ShadowError(
            f"{origin} hides federate's own package of that name; rename it, or "
            "start the command from another folder"
        )
