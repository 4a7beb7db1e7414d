"""The certificate file: what is claimed, of which problem, and what proves it.

JSON, `schema = 1`. Practices are named by code, so that the file means the same in
any order; every float is written with as many digits as give it back exactly.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from federate.errors import Fault, InputError
from federate.evidence import Evidence
from federate.problem import Problem
from federate.proof.digest import problem_digest

__all__ = ["CERTIFICATE", "Certificate"]

CERTIFICATE = "certificate.json"
"""The file of a run folder that holds it."""
WHERE = "the certificate"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _Cut(_Section):
    practices: list[str] = Field(min_length=3)
    gbp: Annotated[float, Field(ge=0)]


class _Prices(_Section):
    dual_bound_gbp: float
    reach_gbp: float | None
    count_gbp: float
    practice_gbp: dict[str, float]
    cuts: list[_Cut]


class _Proof(_Prices):
    pricing: Literal["connected", "knapsack", "whole"]
    later: _Prices | None = None


class _File(_Section):
    schema_version: Literal[1] = Field(alias="schema")
    problem: str
    instance: str
    status: str
    bound_gbp: float
    objective_gbp: float | None
    made_with: dict[str, str]
    proof: _Proof


@dataclass(frozen=True, eq=False)
class Certificate:
    """What a run claims, and the prices that prove it.

    Parameters
    ----------
    problem
        Digest of what was asked (see `digest`).
    instance
        Digest of the practices' files, for the record.
    status
        What the answer was said to be worth.
    objective_gbp
        Cost of the plan beside it, £ a year; ``None`` without a plan.
    evidence
        The prices, and the bound that is claimed.
    made_with
        Versions, engine and solver, for the record.
    """

    problem: str
    instance: str
    status: str
    objective_gbp: float | None
    evidence: Evidence
    made_with: dict[str, str]

    @classmethod
    def of(
        cls,
        problem: Problem,
        evidence: Evidence,
        *,
        status: str,
        objective_gbp: float | None,
        made_with: dict[str, str],
    ) -> "Certificate":
        """Return the certificate of a problem's answer."""
        return cls(
            problem=problem_digest(problem),
            instance=problem.instance.digest,
            status=status,
            objective_gbp=objective_gbp,
            evidence=evidence,
            made_with=made_with,
        )

    def to_json(self) -> str:
        """Return the text of the file; idle cuts are left out."""
        evidence = self.evidence
        later = evidence.later
        proof = _Proof(
            pricing=evidence.pricing,
            later=None if later is None else _Prices(**_prices(later)),
            **_prices(evidence),
        )
        file = _File(
            schema=1,
            problem=self.problem,
            instance=self.instance,
            status=self.status,
            bound_gbp=evidence.bound_gbp,
            objective_gbp=self.objective_gbp,
            made_with=self.made_with,
            proof=proof,
        )
        return file.model_dump_json(by_alias=True, indent=1) + "\n"

    @classmethod
    def read(cls, path: str | Path) -> "Certificate":
        """Read a certificate file.

        Raises
        ------
        InputError
            If it is missing, or with everything wrong in it.
        """
        path = Path(path)
        if not path.is_file():
            message = "is missing; solve again with --certificate"
            raise InputError(WHERE, [Fault(str(path), message)])
        try:
            file = _File.model_validate_json(path.read_bytes())
        except ValidationError as error:
            faults = [_fault(str(path), dict(fault)) for fault in error.errors()]
            raise InputError(WHERE, faults) from None
        return cls(
            problem=file.problem,
            instance=file.instance,
            status=file.status,
            objective_gbp=file.objective_gbp,
            evidence=_evidence(str(path), file),
            made_with=file.made_with,
        )

    def refuse_other(self, problem: Problem) -> None:
        """Refuse a problem that is not the one certified.

        Raises
        ------
        InputError
            Naming the certificate.
        """
        codes = tuple(problem.instance.practices.code)
        if self.problem == problem_digest(problem) and self.evidence.codes == codes:
            return
        message = (
            "is of another problem: practices, scenario or prices of practices are "
            "no longer what was certified; restore them, or solve again"
        )
        raise InputError(WHERE, [Fault("problem", message)])


def _prices(evidence: Evidence) -> dict[str, Any]:
    """Return the fields of one set of prices, by code; idle cuts left out."""
    codes = evidence.codes
    cuts = zip(evidence.sets.tolist(), evidence.cut_gbp.tolist(), strict=True)
    return {
        "dual_bound_gbp": evidence.dual_bound_gbp,
        "reach_gbp": evidence.reach_gbp,
        "count_gbp": evidence.count_gbp,
        "practice_gbp": dict(zip(codes, evidence.practice_gbp.tolist(), strict=True)),
        "cuts": [
            _Cut(practices=[codes[i] for i in members if i >= 0], gbp=gbp)
            for members, gbp in cuts
            if gbp > 0
        ],
    }


def _evidence(path: str, file: _File) -> Evidence:
    """Return the prices by position, in the order of the practices' codes."""
    proof = file.proof
    codes = tuple(sorted(proof.practice_gbp))
    faults: list[Fault] = []
    first = _by_place(path, "proof", proof, codes, file.bound_gbp, faults)
    later = None
    if proof.later is not None:
        place = "proof.later"
        later = _by_place(path, place, proof.later, codes, file.bound_gbp, faults)
    if faults:
        raise InputError(WHERE, faults)
    return replace(first, pricing=proof.pricing, later=later)


def _by_place(
    path: str,
    where: str,
    prices: _Prices,
    codes: tuple[str, ...],
    bound_gbp: float,
    faults: list[Fault],
) -> Evidence:
    """Return one set of prices by position; add what is wrong with it."""
    index = {code: i for i, code in enumerate(codes)}
    if set(prices.practice_gbp) != set(codes):
        message = "must name the practices of proof.practice_gbp"
        faults.append(Fault(path, message, None, f"{where}.practice_gbp"))
    width = max([5, *(len(cut.practices) for cut in prices.cuts)])
    sets = np.full((len(prices.cuts), width), -1, dtype=np.int64)
    for number, cut in enumerate(prices.cuts):
        known = [index[code] for code in cut.practices if code in index]
        if len(set(known)) < len(cut.practices):
            message = "must name different practices of proof.practice_gbp"
            place = f"{where}.cuts.{number}.practices"
            faults.append(Fault(path, message, None, place, ", ".join(cut.practices)))
        else:
            sets[number, : len(known)] = known
    return Evidence(
        codes=codes,
        practice_gbp=np.array([prices.practice_gbp.get(code, 0.0) for code in codes]),
        count_gbp=prices.count_gbp,
        sets=sets,
        cut_gbp=np.array([cut.gbp for cut in prices.cuts], dtype=np.float64),
        dual_bound_gbp=prices.dual_bound_gbp,
        bound_gbp=bound_gbp,
        reach_gbp=prices.reach_gbp,
    )


def _fault(path: str, error: dict[str, object]) -> Fault:
    """Return what the reader of the file objects to, as one of our faults."""
    place = error["loc"]
    key = ".".join(str(part) for part in place) if isinstance(place, tuple) else ""
    value = error["input"]
    plain = isinstance(value, str | int | float) and len(str(value)) < 60
    message = str(error["msg"])
    message = f"{message[:1].lower()}{message[1:]}; restore the file, or solve again"
    return Fault(path, message, None, key or None, value if plain else None)
