"""The pooled-risk rule, worked from list sizes and budgets alone."""

from collections.abc import Iterator
from math import erf, sqrt

from federate.verify.pooling import is_plain
from federate.verify.spend import budget_of, spread_of
from federate.verify.subject import Subject
from federate.verify.violation import Violation

__all__ = ["check_risk"]

# V and κ²B² are floats near 1e12 £² summed in different orders; the closed
# form of the normal tail is good to about 1e-12.
RELATIVE_TOLERANCE = 1e-9


def check_risk(subject: Subject) -> Iterator[Violation]:
    """P(X_g > (1 + r) B_g) ≤ ε for every federation but a single oversize one.

    B_g = Σ b_i;  V_g = Σ (CV1² b_i²/n_i + τ_p² b_i²);  s = √(V_g/B_g² + τ_s²);
    P = 1 − Φ(r/s). The problem's κ, where it holds one, is checked as
    V_g ≤ κ² B_g² on the problem's own arrays. Beyond a normal tail, or with a
    contract, `check_pooling` does it.
    """
    risk = subject.problem.scenario.risk
    written = risk.max_probability if is_plain(subject.problem.scenario) else None
    if written is None and subject.problem.kappa is None:
        return
    for label, members in subject.members.items():
        if subject.is_exempt(label):
            continue
        probability = _overspend_probability(subject, members)
        over = 0.0 if written is None else probability - written
        slack = RELATIVE_TOLERANCE * (written or 1.0)
        if over <= slack and not _breaks_slope(subject, members):
            continue
        allowed = f"; at most {written:.1%} is allowed" if written else ""
        yield Violation(
            rule="risk.max_probability",
            federation=label,
            practices=subject.codes(members),
            amount=max(over, 0.0),
            unit="probability",
            message=(
                f"{label} with {subject.size(label):,} patients would overspend by "
                f"more than {risk.tolerance:.1%} in {probability:.1%} of years{allowed}"
            ),
        )


def _overspend_probability(subject: Subject, members: tuple[int, ...]) -> float:
    """Return 1 − Φ(r/s) of some practices."""
    risk = subject.problem.scenario.risk
    cv1 = spread_of(subject.problem.scenario)
    budget = variance = 0.0
    for i in members:
        share = budget_of(subject, i)
        budget += share
        variance += cv1**2 * share**2 / max(subject.patients[i], 1)
        variance += risk.tau_practice**2 * share**2
    if budget <= 0:
        return 0.0
    spread = sqrt(variance / budget**2 + risk.tau_shock**2)
    return 0.5 * (1.0 - erf(risk.tolerance / (spread * sqrt(2.0)))) if spread else 0.0


def _breaks_slope(subject: Subject, members: tuple[int, ...]) -> bool:
    """Whether V_g > κ² B_g²; a κ that is not a number lets nobody pass."""
    kappa = subject.problem.kappa
    if kappa is None:
        return False
    pooled = sum(float(subject.problem.variance_gbp2[i]) for i in members)
    budget = sum(float(subject.problem.budget_gbp[i]) for i in members)
    return not pooled <= (kappa * budget) ** 2 * (1.0 + RELATIVE_TOLERANCE)
