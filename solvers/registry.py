"""Name → backend, imported only when asked for.

Adding a backend: write its twin of ``highs.py``, and add its line here.
"""

from difflib import get_close_matches
from functools import cache
from importlib import import_module

from solvers.contract import (
    Backend,
    BackendError,
    Capability,
    CapabilityError,
    Probe,
)

__all__ = [
    "available_solvers",
    "backend",
    "capable",
    "isolated",
    "known_solvers",
    "probe_all",
    "require",
]

# name → module and class; the module imports its package inside functions only.
_TWINS = {
    "highs": ("solvers.highs", "Highs"),
    "scip": ("solvers.scip", "Scip"),
    "cpsat": ("solvers.cpsat", "CpSat"),
    "gurobi": ("solvers.gurobi", "Gurobi"),
    "cplex": ("solvers.cplex", "Cplex"),
    "copt": ("solvers.copt", "Copt"),
    "xpress": ("solvers.xpress", "Xpress"),
    "glpk": ("solvers.glpk", "Glpk"),
    "cbc": ("solvers.cbc", "Cbc"),
    "mosek": ("solvers.mosek", "Mosek"),
    "cuopt": ("solvers.cuopt", "CuOpt"),
}
# Those whose package clashes with another's inside one process.
_APART = frozenset({"cpsat"})

# Whatever follows is a name of Pyomo's own, as in "pyomo:ipopt".
_BY_PYOMO = "pyomo:"


def known_solvers() -> tuple[str, ...]:
    """Return the names of all backends, whether or not they run here."""
    return tuple(_TWINS)


def backend(name: str) -> Backend:
    """Return a backend by name; its package is imported when it first solves.

    Raises
    ------
    BackendError
        If there is none of that name.
    """
    if name.startswith(_BY_PYOMO):
        from solvers.by_pyomo import ByPyomo

        return ByPyomo(name.removeprefix(_BY_PYOMO))
    if name not in _TWINS:
        close = get_close_matches(name.lower(), _TWINS, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise BackendError(
            f"no solver called {name!r}{hint} (known: {', '.join(_TWINS)})"
        )
    module, twin = _TWINS[name]
    made: Backend = getattr(import_module(module), twin)()
    return isolated(made) if name in _APART else made


def isolated(asked: Backend) -> Backend:
    """Return a backend whose every solve is a process of its own.

    It can be killed hard, held to a memory limit, and die alone.
    """
    from solvers.isolate import Isolated

    return asked if isinstance(asked, Isolated) else Isolated(asked)


@cache
def _probe(name: str) -> Probe:
    return backend(name).probe()


def probe_all() -> tuple[Probe, ...]:
    """Return what every backend is and whether it runs here; each tried once."""
    return tuple(_probe(name) for name in _TWINS)


def available_solvers() -> tuple[str, ...]:
    """Return the names of the backends that run here, the default first."""
    return tuple(probe.name for probe in probe_all() if probe.runs)


def capable(needed: Capability) -> list[str]:
    """Return the names of the backends that can, whether or not they run here."""
    return [name for name in _TWINS if needed in backend(name).capabilities]


def require(asked: Backend, needed: Capability) -> None:
    """Refuse what a backend cannot do.

    Raises
    ------
    CapabilityError
        Naming what is lacking and the backends that have it.
    """
    lacking = needed & ~asked.capabilities
    if not lacking:
        return
    able = capable(lacking)
    words = ", ".join(str(c.name).lower().replace("_", " ") for c in lacking)
    way_out = f"these can: {', '.join(able)}" if able else "no known solver can"
    raise CapabilityError(f"{asked.name} cannot do this: {words}; {way_out}")
