"""What a certificate proves, in figures and in one sentence."""

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from federate.proof.choice import Choice

__all__ = ["Verdict", "tolerance_gbp"]


def tolerance_gbp(gbp: float) -> float:
    """Return what rounding may take from a bound: 10⁻⁹ of it, or a penny."""
    return max(0.01, 1e-9 * abs(gbp))


@dataclass(frozen=True)
class Verdict:
    """The claim of a run beside what the check derives.

    Parameters
    ----------
    claimed_bound_gbp, claimed_objective_gbp
        As the certificate has them, £ a year.
    proven_gbp
        No plan that keeps the rules costs less; rounded down.
    prices_gbp
        What the prices alone prove, in exact arithmetic.
    objective_gbp
        Exact cost of the plan beside it, rounded up; ``None`` without a plan.
    num_violations
        Rules that the plan breaks.
    choice
        The finish, where the claim needed one.
    unused_rules
        Rules that the proof leaves out; the bound holds with them too.
    """

    claimed_bound_gbp: float
    claimed_objective_gbp: float | None
    proven_gbp: float
    prices_gbp: float
    objective_gbp: float | None = None
    num_violations: int = 0
    choice: Choice | None = None
    unused_rules: tuple[str, ...] = ()

    @property
    def gap(self) -> float | None:
        """(objective − proven) / |objective|; ``None`` without a sound plan."""
        if self.objective_gbp is None or self.num_violations:
            return None
        saving = max(0.0, self.objective_gbp - self.proven_gbp)
        return saving / max(1e-9, abs(self.objective_gbp))

    @property
    def is_best(self) -> bool:
        """Whether no plan is cheaper than the one beside it, to a penny."""
        if self.objective_gbp is None or self.num_violations:
            return False
        saving = self.objective_gbp - self.proven_gbp
        return saving <= tolerance_gbp(self.objective_gbp)

    @property
    def is_proven(self) -> bool:
        """Whether bound and plan are what the certificate claims.

        A certificate without a cost claims nothing of the plan.
        """
        claimed, found = self.claimed_objective_gbp, self.objective_gbp
        same = claimed is None
        if claimed is not None and found is not None:
            same = abs(found - claimed) <= tolerance_gbp(claimed)
            same = same and not self.num_violations
        slack = tolerance_gbp(self.claimed_bound_gbp)
        return same and self.proven_gbp >= self.claimed_bound_gbp - slack

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        least = f"{_pounds(floor(self.proven_gbp))} a year"
        if self.is_best:
            least = f"this one, {_pounds(self.objective_gbp or 0.0)} a year"
        said = f"no plan that keeps the rules of this scenario costs less than {least}"
        said += f"{self._trusting}{self._unlike_claim}{self._of_the_plan}."
        if self.is_proven:
            return f"{said[0].upper()}{said[1:]}"
        return f"Less is proven than claimed: {said}"

    @property
    def _trusting(self) -> str:
        """What the bound leans on, and what it leaves out."""
        said = ""
        chosen = self.choice
        if chosen is not None and chosen.solver and self.proven_gbp > self.prices_gbp:
            said = (
                f", going by the solver {chosen.solver} for the choice among the "
                f"{chosen.num_federations:,} {chosen.of} that a cheaper plan could hold"
            )
        if self.unused_rules:
            said += f" (rules not used in the proof: {', '.join(self.unused_rules)})"
        return said

    @property
    def _unlike_claim(self) -> str:
        """Which of the claims do not hold."""
        said, claimed = "", self.claimed_bound_gbp
        if self.proven_gbp < claimed - tolerance_gbp(claimed):
            said = f", not {_pounds(claimed)} as claimed"
        cost = self.claimed_objective_gbp
        if cost is None:
            return said
        if self.objective_gbp is None:
            return f"{said}; the plan of {_pounds(cost)} that is claimed is not here"
        if abs(cost - self.objective_gbp) > tolerance_gbp(cost):
            said += f"; the plan does not cost {_pounds(cost)} as claimed"
        return said

    @property
    def _of_the_plan(self) -> str:
        """What that says of the plan."""
        if self.num_violations:
            noun = "rule" if self.num_violations == 1 else "rules"
            return f"; this plan breaks {self.num_violations:,} {noun}"
        if self.objective_gbp is None or self.is_best:
            return ""
        saving = _percent_up(self.gap or 0.0)
        cost = _pounds(self.objective_gbp)
        return f"; this plan costs {cost}, so at most {saving} could be saved"

    def as_data(self) -> dict[str, Any]:
        """Return the verdict as JSON has it."""
        chosen = self.choice
        return {
            "sentence": self.sentence,
            "is_proven": self.is_proven,
            "is_best": self.is_best,
            "proven_gbp": self.proven_gbp,
            "claimed_bound_gbp": self.claimed_bound_gbp,
            "prices_gbp": self.prices_gbp,
            "objective_gbp": self.objective_gbp,
            "gap": self.gap,
            "num_violations": self.num_violations,
            "unused_rules": list(self.unused_rules),
            "solver": chosen and chosen.solver,
            "num_federations_chosen_from": chosen and chosen.num_federations,
        }


def _pounds(gbp: float) -> str:
    """Return an amount to the pound.

    Examples
    --------
    >>> _pounds(-1234.4)
    '−£1,234'
    """
    sign = "−" if round(gbp) < 0 else ""
    return f"{sign}£{abs(round(gbp)):,}"


def _percent_up(share: float) -> str:
    """Return a share in percent with two digits that count, rounded up.

    Examples
    --------
    >>> _percent_up(0.002501), _percent_up(0.0000312), _percent_up(0.31)
    ('0.26 %', '0.0032 %', '31 %')
    """
    percent = 100.0 * share
    if percent <= 0:
        return "0 %"
    digits = max(0, 1 - floor(log10(percent)))
    up = ceil(round(percent * 10**digits, 6)) / 10**digits
    return f"{up:.{digits}f} %"
