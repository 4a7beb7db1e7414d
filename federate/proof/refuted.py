"""The certificate that no plan exists: the file, and the verdict on it.

JSON, `schema = 1`, in the place of a certificate of a bound. Practices are named by
code; a price that is not written is 0.
"""

from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from federate.errors import Fault, InputError
from federate.evidence import Evidence
from federate.problem import Problem
from federate.proof.certificate import WHERE
from federate.proof.digest import problem_digest
from federate.proof.no_plan import derive
from federate.proof.verdict import Verdict
from federate.refutation import Kind, Refutation

__all__ = ["NoPlan", "NoPlanCertificate", "check_no_plan"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _Prices(_Section):
    practice_gbp: dict[str, float]
    count_gbp: float


class _Reason(_Section):
    kind: Kind
    sentence: str
    areas: list[list[str]]
    prices: _Prices | None = None


class _File(_Section):
    schema_version: Literal[1] = Field(alias="schema")
    problem: str
    instance: str
    status: Literal["infeasible"]
    made_with: dict[str, str]
    no_plan: Annotated[list[_Reason], Field(min_length=1)]


@dataclass(frozen=True, eq=False)
class NoPlanCertificate:
    """What a run claims of rules that no plan keeps.

    Parameters
    ----------
    problem, instance
        Digests, as `Certificate` has them.
    reasons
        Each a proof by itself; reasons from another problem's file are never read.
    made_with
        Versions, engine and solver, for the record.
    """

    problem: str
    instance: str
    reasons: tuple[Refutation, ...]
    made_with: dict[str, str]

    def to_json(self) -> str:
        """Return the text of the file."""
        file = _File(
            schema=1,
            problem=self.problem,
            instance=self.instance,
            status="infeasible",
            made_with=self.made_with,
            no_plan=[_written(reason) for reason in self.reasons],
        )
        return file.model_dump_json(by_alias=True, indent=1) + "\n"

    @staticmethod
    def is_in(path: Path) -> bool:
        """Whether a certificate file claims that there is no plan."""
        return path.is_file() and b'"no_plan"' in path.read_bytes()

    @classmethod
    def read(cls, path: Path, problem: Problem) -> "NoPlanCertificate":
        """Read a certificate of some problem.

        Raises
        ------
        InputError
            With everything wrong in it, or if it is of another problem.
        """
        try:
            file = _File.model_validate_json(path.read_bytes())
        except ValidationError as error:
            faults = [
                Fault(
                    str(path),
                    f"{fault['msg'].lower()}; restore the file, or solve again",
                    None,
                    ".".join(str(part) for part in fault["loc"]) or None,
                )
                for fault in error.errors()
            ]
            raise InputError(WHERE, faults) from None
        if file.problem != problem_digest(problem):
            message = (
                "is of another problem: practices or scenario are no longer what was "
                "certified; restore them, or solve again"
            )
            raise InputError(WHERE, [Fault("problem", message)])
        reasons = tuple(_read(path, problem, reason) for reason in file.no_plan)
        return cls(file.problem, file.instance, reasons, file.made_with)


@dataclass(frozen=True)
class NoPlan(Verdict):
    """A verdict on the claim that no plan keeps the rules.

    Parameters
    ----------
    proven
        What was derived, a clause for each reason that holds.
    num_claimed
        Reasons in the certificate.
    """

    proven: tuple[str, ...] = ()
    num_claimed: int = 0

    @property
    def is_best(self) -> bool:
        """Never: there is no plan to be best."""
        return False

    @property
    def is_proven(self) -> bool:
        """Whether every reason of the certificate holds."""
        return 0 < self.num_claimed == len(self.proven)

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        if not self.proven:
            return (
                "Less is proven than claimed: that no plan keeps the rules of this "
                "scenario rests on the word of the engine alone."
            )
        said = "; and ".join(self.proven)
        if self.is_proven:
            return f"No plan keeps the rules of this scenario: {said}."
        count = f"{len(self.proven)} of {self.num_claimed} reasons"
        return (
            f"Less is proven than claimed, {count}, yet no plan keeps the rules of "
            f"this scenario: {said}."
        )

    def as_data(self) -> dict[str, Any]:
        """Return the verdict as JSON has it: no bound where nothing can cost it."""
        data = super().as_data()
        for key in ("proven_gbp", "claimed_bound_gbp", "prices_gbp"):
            data[key] = None
        return {**data, "no_plan": bool(self.proven), "reasons": list(self.proven)}


def check_no_plan(
    problem: Problem, certificate: NoPlanCertificate, *, threads: int = 1
) -> NoPlan:
    """Derive each reason of a certificate again from the instance alone."""
    found = [derive(problem, reason, threads=threads) for reason in certificate.reasons]
    proven = tuple(said for said in found if said is not None)
    bound = inf if proven else -inf
    return NoPlan(
        claimed_bound_gbp=inf,
        claimed_objective_gbp=None,
        proven_gbp=bound,
        prices_gbp=bound,
        proven=proven,
        num_claimed=len(found),
    )


def _written(reason: Refutation) -> _Reason:
    evidence, prices = reason.evidence, None
    if evidence is not None:
        by_code = zip(evidence.codes, evidence.practice_gbp.tolist(), strict=True)
        prices = _Prices(
            practice_gbp={code: gbp for code, gbp in by_code if gbp},
            count_gbp=evidence.count_gbp,
        )
    areas = [list(area) for area in reason.areas]
    return _Reason(
        kind=reason.kind, sentence=reason.sentence, areas=areas, prices=prices
    )


def _read(path: Path, problem: Problem, reason: _Reason) -> Refutation:
    """Return a reason with its prices by position."""
    areas = tuple(tuple(area) for area in reason.areas)
    if reason.prices is None:
        return Refutation(reason.kind, reason.sentence, areas)
    codes = tuple(problem.instance.practices.code)
    by_code = reason.prices.practice_gbp
    if unknown := sorted(set(by_code) - set(codes)):
        message = "names practices that the instance does not have; solve again"
        place = "no_plan.prices.practice_gbp"
        raise InputError(WHERE, [Fault(str(path), message, None, place, unknown[0])])
    evidence = Evidence(
        codes=codes,
        practice_gbp=np.array([by_code.get(code, 0.0) for code in codes]),
        count_gbp=reason.prices.count_gbp,
        sets=np.zeros((0, 5), dtype=np.int64),
        cut_gbp=np.zeros(0),
        dual_bound_gbp=0.0,
        bound_gbp=0.0,
    )
    return Refutation(reason.kind, reason.sentence, areas, evidence)
