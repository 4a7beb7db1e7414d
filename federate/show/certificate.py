"""The certificate of a result: what it claims, and the prices that prove it."""

from pathlib import Path

from federate.engine.priced import certifiable
from federate.errors import Fault, InputError
from federate.proof.certificate import Certificate
from federate.proof.digest import problem_digest
from federate.proof.refuted import NoPlanCertificate
from federate.result import Result
from federate.show.environment import environment

__all__ = ["NO_EVIDENCE", "write_certificate"]

NO_EVIDENCE = (
    "no certificate can be written: the engine that found this plan proves no bound "
    "by prices; columns, medians and lagrangian do, and compact to 60 practices"
)


def write_certificate(result: Result, path: Path) -> None:
    """Write the certificate file of a result.

    Raises
    ------
    InputError
        If no prices prove a bound, or that there is no plan.
    """
    if result.refutations:
        _write(path, _no_plan(result).to_json())
        return
    result = certifiable(result)
    if result.evidence is None:
        raise InputError("the certificate", [Fault(path.name, NO_EVIDENCE)])
    certificate = Certificate.of(
        result.problem,
        result.evidence,
        status=result.status.value,
        objective_gbp=None if result.violations else result.objective_gbp,
        made_with=_made_with(result),
    )
    _write(path, certificate.to_json())


def _no_plan(result: Result) -> NoPlanCertificate:
    """Return the certificate of rules that no plan keeps."""
    return NoPlanCertificate(
        problem=problem_digest(result.problem),
        instance=result.problem.instance.digest,
        reasons=result.refutations,
        made_with=_made_with(result),
    )


def _made_with(result: Result) -> dict[str, str]:
    version = environment()["packages"]["gp-federate"]
    return {
        "federate": version or "checkout",
        "engine": result.engine,
        "solver": result.solver,
    }


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
