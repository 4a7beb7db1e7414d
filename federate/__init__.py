"""Group general practices into federations: optimised, proven, mapped.

The public names, loaded when first used, so that the import stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from federate.shadow import refuse_shadow

if TYPE_CHECKING:
    from federate.api import evaluate, generate, read, solve, start
    from federate.draft import Edit
    from federate.errors import (
        Fault,
        FederateError,
        InfeasibleError,
        InputError,
        InstanceError,
        PlanError,
        ScenarioError,
        SolverError,
    )
    from federate.plan import Plan
    from federate.practices.instance import Instance
    from federate.proof.folder import certify
    from federate.proof.verdict import Verdict
    from federate.result import Result
    from federate.scenario import Scenario
    from federate.whatif.compare import compare
    from federate.whatif.comparison import Comparison
    from federate.whatif.doors import (
        alternatives,
        explain,
        robustness,
        rule_prices,
        sweep,
        why_here,
    )
    from federate.whatif.edit import edit
    from federate.whatif.repair import repair
    from federate.whatif.risk_doors import fit_risk, simulate, split
    from federate.whatif.store import Store
    from federate.whatif.table import Sweep
    from solvers.contract import Outcome, Status
    from solvers.registry import available_solvers

    __version__: str

__all__ = [
    "Comparison",
    "Edit",
    "Fault",
    "FederateError",
    "InfeasibleError",
    "InputError",
    "Instance",
    "InstanceError",
    "Outcome",
    "Plan",
    "PlanError",
    "Result",
    "Scenario",
    "ScenarioError",
    "SolverError",
    "Status",
    "Store",
    "Sweep",
    "Verdict",
    "__version__",
    "alternatives",
    "available_solvers",
    "certify",
    "compare",
    "edit",
    "evaluate",
    "explain",
    "fit_risk",
    "generate",
    "read",
    "repair",
    "robustness",
    "rule_prices",
    "simulate",
    "solve",
    "split",
    "start",
    "sweep",
    "why_here",
]

_HOMES = {
    "federate.api": ("evaluate", "generate", "read", "solve", "start"),
    "federate.draft": ("Edit",),
    "federate.errors": (
        "Fault",
        "FederateError",
        "InfeasibleError",
        "InputError",
        "InstanceError",
        "PlanError",
        "ScenarioError",
        "SolverError",
    ),
    "federate.plan": ("Plan",),
    "federate.practices.instance": ("Instance",),
    "federate.proof.folder": ("certify",),
    "federate.proof.verdict": ("Verdict",),
    "federate.result": ("Result",),
    "federate.scenario": ("Scenario",),
    "federate.whatif.compare": ("compare",),
    "federate.whatif.comparison": ("Comparison",),
    "federate.whatif.doors": (
        "alternatives",
        "explain",
        "robustness",
        "rule_prices",
        "sweep",
        "why_here",
    ),
    "federate.whatif.edit": ("edit",),
    "federate.whatif.repair": ("repair",),
    "federate.whatif.risk_doors": ("fit_risk", "simulate", "split"),
    "federate.whatif.store": ("Store",),
    "federate.whatif.table": ("Sweep",),
    "solvers.contract": ("Outcome", "Status"),
    "solvers.registry": ("available_solvers",),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    for home, names in _HOMES.items():
        if name in names:
            refuse_shadow()
            value = globals()[name] = getattr(import_module(home), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    """Return the installed version, or say that this is a bare checkout."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("gp-federate")
    except PackageNotFoundError:
        return "0+checkout"
