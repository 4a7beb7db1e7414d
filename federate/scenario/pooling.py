"""The sections on pooled risk: spend, contracts, tiers, scale."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from federate.scenario.sections import (
    ClashError,
    NonNegative,
    Positive,
    Section,
    Share,
)

__all__ = ["Contract", "Contracts", "Risk", "Scale", "Service", "Tiers"]


class Service(Section):
    """One part of all spend: its share, and the spread of a patient's cost in it."""

    share: Annotated[float, Field(gt=0, le=1)]
    cv1: Positive
    included: bool = True


class Risk(Section):
    """The spend model and the pooled-risk rule P(overspend > r) ≤ ε.

    The rule binds only where `max_probability` (ε) is stated, and risk has a price
    only where `gbp_per_gbp_at_risk` is above 0.
    """

    cv1: Positive = 3.6
    tau_practice: NonNegative = 0.07
    tau_shock: NonNegative = 0.005
    tau_region: NonNegative = 0.0
    region_km: Positive = 30.0
    management_effect: Annotated[float, Field(ge=-0.1, le=0.1)] = 0.0
    tail: Literal["normal", "normal-power", "lognormal"] = "normal"
    tolerance: Positive = 0.02
    max_probability: Annotated[float, Field(gt=0, lt=0.5)] | None = None
    gbp_per_gbp_at_risk: NonNegative = 0.0
    measure: Literal["expected_overspend", "cvar"] = "expected_overspend"
    cvar_level: Annotated[float, Field(ge=0.5, lt=1)] = 0.95
    budget_gbp_per_head: Positive = 1713.0
    budget_origin: Literal["bottom-up", "top-down"] = "bottom-up"
    tau_formula: NonNegative = 0.01
    budget_from: Literal["instance", "per_head"] = "instance"
    services: dict[str, Service] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if not self.services:
            return self
        total = sum(service.share for service in self.services.values())
        if total > 1 + 1e-9:
            raise ClashError(
                (
                    "services",
                    f"the shares add up to {total:.3f}; at most 1 is all spend",
                )
            )
        if not any(service.included for service in self.services.values()):
            raise ClashError(("services", "none is included; let one be in the budget"))
        return self


class Contract(Section):
    """One contract of the menu: what the partner takes, and what it asks.

    A price that is left out is the partner's own, where it names one.
    """

    partner: str | None = None
    quota_share: Annotated[float, Field(ge=0, lt=1)] | None = None
    stop_loss_from: NonNegative | None = None
    stop_loss_to: Positive | None = None
    stop_loss_share: Share = 1.0
    carve_out_above_gbp: Positive | None = None
    loading: NonNegative = 0.0
    sd_loading: NonNegative = 0.0
    fee_share: Share | None = None
    fixed_gbp: NonNegative | None = None
    gain_share: Share | None = None
    gain_beyond: NonNegative = 0.0
    management_gbp: NonNegative = 0.0

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        clashes = list(self._clashes())
        if clashes:
            raise ClashError(*clashes)
        return self

    def _clashes(self) -> Iterator[tuple[str, str]]:
        low, high = self.stop_loss_from, self.stop_loss_to
        if high is not None and low is None:
            yield (
                "stop_loss_to",
                "says where a stop-loss ends but not where it begins; state "
                "stop_loss_from",
            )
        elif low is not None and high is not None and high <= low:
            yield "stop_loss_to", f"must be above stop_loss_from, {low:g}"


class Contracts(Section):
    """What a federation may buy to bear its risk; it takes the cheapest that fits."""

    required: bool = False
    max_partner_share: Annotated[float, Field(gt=0, le=1)] | None = None
    menu: dict[str, Contract] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.required and not self.menu:
            raise ClashError(
                (
                    "required",
                    "there is no contract to take; add one under contracts.menu or "
                    "set this to false",
                )
            )
        return self


class Tiers(Section):
    """How much of its risk each practice bears, and who answers for it."""

    column: str | None = None
    readiness_column: str | None = None
    full_readiness: float | None = None
    partial_readiness: float | None = None
    willingness_column: str | None = None
    full_willingness: float | None = None
    partial_willingness: float | None = None
    partial_share: Share = 0.5
    min_full_share: Share | None = None
    liability: Literal["several", "joint", "joint-capped"] = "joint"
    income_gbp_per_patient: Positive | None = None
    max_exposure_share: Positive | None = None

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        clashes = list(self._clashes())
        if clashes:
            raise ClashError(*clashes)
        return self

    def _clashes(self) -> Iterator[tuple[str, str]]:
        for name in ("readiness", "willingness"):
            column = getattr(self, f"{name}_column")
            full, partial = (getattr(self, f"{t}_{name}") for t in ("full", "partial"))
            if (column is None) != (full is None and partial is None):
                yield (
                    f"{name}_column",
                    f"{name}_column and full_{name} or partial_{name} go together; "
                    "state both or neither",
                )
            elif full is not None and partial is not None and partial > full:
                yield f"partial_{name}", f"must be at most full_{name}, {full:g}"
        if self.column is not None and (
            self.readiness_column is not None or self.willingness_column is not None
        ):
            yield (
                "column",
                "the tier is either stated (column) or follows from readiness and "
                "willingness; take one of them away",
            )
        if (self.max_exposure_share is None) != (self.income_gbp_per_patient is None):
            yield (
                "max_exposure_share"
                if self.max_exposure_share is None
                else "income_gbp_per_patient",
                "max_exposure_share is a share of the practice's income; state it "
                "and income_gbp_per_patient, or neither",
            )
        if self.liability == "joint-capped" and self.max_exposure_share is None:
            yield (
                "max_exposure_share",
                'liability = "joint-capped" needs the cap; state '
                "max_exposure_share and income_gbp_per_patient",
            )

    @property
    def is_stated(self) -> bool:
        """Whether practices may differ in tier."""
        columns = (self.column, self.readiness_column, self.willingness_column)
        return any(column is not None for column in columns)


class Scale(Section):
    """Running cost of a federation, what it may be, and who can do the work."""

    fixed_gbp_per_federation: NonNegative = 0.0
    gbp_per_head: NonNegative = 0.0
    gbp_per_member: NonNegative = 0.0
    allowance_gbp_per_head: Positive | None = None
    innovation_share: Share = 0.0
    management_column: str | None = None
    management_gbp_per_head: Positive | None = None
    benefit_share: Share = 0.0
    benefit_persons: Positive = 100_000.0

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        clashes = []
        if (self.management_column is None) != (self.management_gbp_per_head is None):
            clashes.append(
                (
                    "management_gbp_per_head"
                    if self.management_gbp_per_head is None
                    else "management_column",
                    "management_column (what a practice gives) and "
                    "management_gbp_per_head (what a patient needs) go together; "
                    "state both or neither",
                )
            )
        if self.innovation_share > 0 and self.allowance_gbp_per_head is None:
            clashes.append(
                (
                    "innovation_share",
                    "is kept from the running-cost allowance; state "
                    "allowance_gbp_per_head",
                )
            )
        if clashes:
            raise ClashError(*clashes)
        return self
