"""What a federation keeps of its overspend, by the verifier's own arithmetic.

Nothing here is shared with the engines; the law itself is in ``overspend``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import exp, hypot, inf, isnan, sqrt

from federate.scenario import Scenario
from federate.verify.overspend import Kept, patient_moments, value_of
from federate.verify.subject import Subject

__all__ = ["Offer", "Spend", "budget_of", "exposure_of", "offers", "spread_of"]

TIERS: Mapping[str, float | None] = {
    "full": 1.0,
    "partial": None,
    "provider": 0.0,
    "none": 0.0,
}


@dataclass(frozen=True)
class Offer:
    """One contract as the verifier reads it; shares of budget and £ a year."""

    name: str
    quota: float = 0.0
    attach: float = inf
    limit: float = inf
    layer: float = 0.0
    cut_above_gbp: float = inf
    management_gbp: float = 0.0
    partner: str = ""


def offers(subject: Subject) -> Iterator[Offer]:
    """Yield what a federation may take: no contract, then the menu."""
    contracts = subject.problem.scenario.contracts
    if not contracts.required:
        yield Offer("")
    for name, item in contracts.menu.items():
        quota, layer, attach = item.quota_share, item.stop_loss_share, inf
        if item.stop_loss_from is not None:
            attach = item.stop_loss_from
        partners = subject.problem.instance.partners
        if item.partner is not None and partners is not None:
            row = partners.code.index(item.partner)
            share = float(partners.share[row])
            share = 0.0 if isnan(share) else share
            if partners.contract[row] == "quota_share" and quota is None:
                quota = share
            if partners.contract[row] == "gain_share":
                attach, layer = item.gain_beyond, share
        yield Offer(
            name,
            quota or 0.0,
            attach,
            item.stop_loss_to or inf,
            0.0 if attach == inf else layer,
            item.carve_out_above_gbp or inf,
            item.management_gbp,
            item.partner or "",
        )


def scope_share(scenario: Scenario) -> float:
    """Return the share of all spend that is in the budget."""
    services = scenario.risk.services.values()
    return sum(s.share for s in services if s.included) if services else 1.0


def spread_of(scenario: Scenario) -> float:
    """Return CV1 of what is in the budget: services included, independent."""
    held = [s for s in scenario.risk.services.values() if s.included]
    if not held:
        return scenario.risk.cv1
    return sqrt(sum((s.share * s.cv1) ** 2 for s in held)) / scope_share(scenario)


def budget_of(subject: Subject, practice: int) -> float:
    """Return b_i: as stated, or so much a head, of the services in scope, £ a year."""
    risk = subject.problem.scenario.risk
    stated = float(subject.problem.instance.practices.budget_gbp[practice])
    if risk.budget_from == "per_head" or isnan(stated):
        stated = subject.patients[practice] * risk.budget_gbp_per_head
    return scope_share(subject.problem.scenario) * stated


def exposure_of(subject: Subject, practice: int) -> float:
    """Return the share of its risk that a practice bears, by its tier."""
    asked = subject.problem.scenario.tiers
    table = subject.problem.instance.practices.attributes
    if asked.column is not None:
        word = str(table[asked.column].values[practice]).strip().lower()
        share = TIERS[word]
        return asked.partial_share if share is None else share
    out = 1.0
    for name in ("readiness", "willingness"):
        column = getattr(asked, f"{name}_column")
        if column is None:
            continue
        value = float(table[column].values[practice])
        full, partial = (getattr(asked, f"{t}_{name}") for t in ("full", "partial"))
        if full is not None and value >= full:
            share = 1.0
        elif value >= (full if partial is None else partial):
            share = asked.partial_share
        else:
            share = 0.0
        out = min(out, share)
    return out


@dataclass(frozen=True, eq=False)
class Spend:
    """The spend of some practices together.

    Parameters
    ----------
    subject
        Supplies lists, budgets, places and the scenario.
    members
        Indices.
    """

    subject: Subject
    members: tuple[int, ...]

    @property
    def scenario(self) -> Scenario:
        """What is asked."""
        return self.subject.problem.scenario

    def budget(self, practice: int) -> float:
        """Return b_i: as stated, or so much a head, £ a year."""
        return budget_of(self.subject, practice)

    @cached_property
    def shares(self) -> dict[int, float]:
        """The share of its risk that each member bears."""
        return {i: exposure_of(self.subject, i) for i in self.members}

    @cached_property
    def exposed_gbp(self) -> float:
        """Σ ρ_i b_i, £ a year."""
        return sum(self.shares[i] * self.budget(i) for i in self.members)

    def law(self, offer: Offer) -> tuple[float, float]:
        """Return σ/B and skew of the spend that is left once patients are cut."""
        risk, total = self.scenario.risk, self.exposed_gbp
        bottom_up = risk.budget_origin == "bottom-up"
        own = risk.tau_practice if bottom_up else 0.0
        common = (
            risk.tau_shock if bottom_up else hypot(risk.tau_shock, risk.tau_formula)
        )
        variance = (common * total) ** 2 + self._regional()
        third = 0.0
        for i in self.members:
            share, budget = self.shares[i], self.budget(i)
            patients = max(self.subject.patients[i], 1)
            each = budget / patients
            square, cube = patient_moments(
                spread_of(self.scenario), offer.cut_above_gbp, each
            )
            variance += share**2 * (patients * each**2 * square + (own * budget) ** 2)
            third += share**3 * patients * each**3 * cube
        if variance <= 0 or total <= 0:
            return 0.0, 0.0
        return sqrt(variance) / total, third / variance**1.5

    def _regional(self) -> float:
        """Return τ_c² Σ_ik e^{−d/ℓ} b_i b_k, £²."""
        risk = self.scenario.risk
        if risk.tau_region == 0:
            return 0.0
        table = self.subject.problem.instance.practices
        held = {i: self.shares[i] * self.budget(i) for i in self.members}
        total = 0.0
        for i in self.members:
            for k in self.members:
                metres = hypot(
                    table.easting_m[i] - table.easting_m[k],
                    table.northing_m[i] - table.northing_m[k],
                )
                near = exp(-metres / (1000.0 * risk.region_km))
                total += near * held[i] * held[k]
        return risk.tau_region**2 * total

    def probability(self, offer: Offer) -> float:
        """Return P(left > r): 1 − Φ(z) at the score z where what is left passes r."""
        if self.exposed_gbp <= 0:
            return 0.0
        return self.kept(offer).exceedance(self.scenario.risk.tolerance)

    def worst_mean_gbp(self, offer: Offer) -> float:
        """Return the mean of what is kept in the worst 1 − α of years, £."""
        worst = self.kept(offer).worst_mean(self.scenario.risk.cvar_level)
        return max(0.0, worst) * self.exposed_gbp

    def kept(self, offer: Offer) -> Kept:
        """Return what is kept under a contract as a function of the score."""
        risk = self.scenario.risk
        spread, skew = self.law(offer)
        share = 1.0 - offer.quota
        lowest = -40.0
        if risk.tail == "normal-power" and skew > 0:
            lowest = max(lowest, -3.0 / skew)
        mean = share * risk.management_effect
        value = value_of(risk.tail, skew)
        return Kept(
            lambda z: mean + share * spread * value(z),
            offer.attach,
            offer.limit,
            offer.layer,
            lowest,
        )
