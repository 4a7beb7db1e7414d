"""The certificate of a result: what it claims, and the prices that prove it."""

from pathlib import Path

from federate.errors import Fault, InputError
from federate.proof.certificate import Certificate
from federate.result import Result
from federate.show.environment import environment

__all__ = ["NO_EVIDENCE", "write_certificate"]

NO_EVIDENCE = (
    "no certificate can be written: the engine that found this plan proves no bound "
    "by prices; columns, lagrangian and medians do"
)


def write_certificate(result: Result, path: Path) -> None:
    """Write the certificate file of a result.

    Raises
    ------
    InputError
        If no prices prove a bound.
    """
    if result.evidence is None:
        raise InputError("the certificate", [Fault(path.name, NO_EVIDENCE)])
    versions = environment()["packages"]
    certificate = Certificate.of(
        result.problem,
        result.evidence,
        status=result.status.value,
        objective_gbp=None if result.violations else result.objective_gbp,
        made_with={
            "federate": versions["gp-federate"] or "checkout",
            "engine": result.engine,
            "solver": result.solver,
        },
    )
    path.write_text(certificate.to_json(), encoding="utf-8", newline="")
