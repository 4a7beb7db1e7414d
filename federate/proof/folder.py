"""A run folder certified: from its scenario, plan and certificate alone."""

from pathlib import Path

from federate.errors import Fault, InputError, SolverError
from federate.plan_file import read_plan
from federate.practices.source import read
from federate.problem import Problem
from federate.proof.certificate import CERTIFICATE, Certificate
from federate.proof.check import check
from federate.proof.refuted import NoPlanCertificate, check_no_plan
from federate.proof.verdict import Verdict
from federate.scenario import Scenario
from solvers.contract import BackendError

__all__ = ["certify"]


def certify(
    run: str | Path,
    *,
    instance: str | Path | None = None,
    solver: str = "highs",
    threads: int = 2,
) -> Verdict:
    """Derive the bound of a run again, by code that shares nothing with the engines.

    Parameters
    ----------
    run
        A run folder that was written with its certificate. Only its
        ``certificate.json``, ``scenario.toml``, ``plan.csv`` and, where it is
        there, ``instance`` are read.
    instance
        Where the practices are now, if no longer where the scenario says.
    solver
        Chooses among the federations that matter, where the claim goes beyond
        what the prices prove and they are too many to look through.
    threads
        Lead practices looked at side by side.

    Returns
    -------
    Verdict
        Also where less is proven than claimed.

    Raises
    ------
    InputError
        If a file is missing or broken, or the certificate is of another problem.
    SolverError
        If a solver is needed and does not run.
    """
    folder = Path(run)
    claim = folder / CERTIFICATE
    refutes = NoPlanCertificate.is_in(claim)
    certificate = None if refutes else Certificate.read(claim)
    path = folder / "scenario.toml"
    if not path.is_file():
        message = "is missing; restore the file, or solve again"
        raise InputError(f"the run {folder}", [Fault(path.name, message)])
    asked = Scenario.load(path)
    source = instance or asked.instance or folder / "instance"
    problem = Problem.build(read(source), asked)
    if certificate is None:
        claimed = NoPlanCertificate.read(claim, problem)
        return check_no_plan(problem, claimed, threads=threads)
    certificate.refuse_other(problem)
    plan = None
    if (folder / "plan.csv").is_file():
        plan = read_plan(folder / "plan.csv", problem)
    try:
        return check(problem, plan, certificate, solver=solver, threads=threads)
    except BackendError as error:
        raise SolverError(str(error)) from error
