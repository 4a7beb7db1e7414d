"""Scale: what it costs to run a federation, who pays, and who can do the work."""

from dataclasses import dataclass
from math import exp, inf

__all__ = [
    "Support",
    "least_affordable_population",
    "management_shortfall_gbp",
    "running_gbp",
    "scale_benefit_gbp",
    "support_gbp",
    "surplus_gbp",
]


def running_gbp(
    num_patients: float,
    num_members: int,
    *,
    fixed_gbp: float,
    gbp_per_head: float,
    gbp_per_member: float,
) -> float:
    """Return the running cost F + f·N_g + f_m·m_g, £ a year.

    A commissioning group's ready-reckoner put F at about £1.5m and f at about
    £9 (Health Service Journal 5034619).

    Examples
    --------
    >>> running_gbp(
    ...     175_000, 24, fixed_gbp=1.5e6, gbp_per_head=9.0, gbp_per_member=0.0
    ... )
    3075000.0
    """
    return fixed_gbp + gbp_per_head * num_patients + gbp_per_member * num_members


def surplus_gbp(
    num_patients: float, running_cost_gbp: float, *, allowance_gbp_per_head: float
) -> float:
    """Return what the running-cost allowance leaves: A·N_g − running cost, £ a year.

    Clinical commissioning groups were allowed £25 a head (NHS England, running cost
    allowances, 2012), later £24.73 and £22.07 (NHS England, February 2014). A rule on
    an innovation reserve is surplus ≥ ι B_g.

    Examples
    --------
    >>> surplus_gbp(175_000, 3_075_000.0, allowance_gbp_per_head=25.0)
    1300000.0
    """
    return allowance_gbp_per_head * num_patients - running_cost_gbp


def least_affordable_population(
    *,
    fixed_gbp: float,
    gbp_per_head: float,
    allowance_gbp_per_head: float,
    reserve_gbp_per_head: float = 0.0,
) -> float:
    """Return the population whose allowance just pays: F / (A − f − reserve), persons.

    Infinite where a head costs what it brings. With F = £1.5m, f = £9 and A = £25 it
    is about 94,000: fixed cost sets the same floor as risk does.

    Examples
    --------
    >>> least_affordable_population(
    ...     fixed_gbp=1.5e6, gbp_per_head=9.0, allowance_gbp_per_head=25.0
    ... )
    93750.0
    """
    margin = allowance_gbp_per_head - gbp_per_head - reserve_gbp_per_head
    return fixed_gbp / margin if margin > 0 else inf


@dataclass(frozen=True)
class Support:
    """A partner that does the work of commissioning for several federations.

    ``fixed_gbp`` a year per client federation, ``gbp_per_head`` a year,
    ``capacity_gbp`` of management work that it adds to each client.
    """

    name: str
    fixed_gbp: float
    gbp_per_head: float
    capacity_gbp: float = inf


def support_gbp(support: Support, num_patients: float) -> float:
    """Return what a support partner asks of one federation: F_k + p_k N_g, £ a year."""
    return support.fixed_gbp + support.gbp_per_head * num_patients


def management_shortfall_gbp(
    own_gbp: float,
    num_patients: float,
    *,
    needed_gbp_per_head: float,
    support: Support | None = None,
) -> float:
    """Return the management that a federation lacks, £ of work a year; 0 with enough.

    (need·N_g − Σ own − capacity of the partner)+

    Examples
    --------
    >>> management_shortfall_gbp(4e5, 50_000, needed_gbp_per_head=10.0)
    100000.0
    """
    bought = support.capacity_gbp if support else 0.0
    return max(needed_gbp_per_head * num_patients - own_gbp - bought, 0.0)


def scale_benefit_gbp(
    num_patients: float,
    budget_gbp: float,
    *,
    benefit_share: float = 0.0,
    benefit_persons: float = 100_000.0,
) -> float:
    """Return the saving from purchasing power η B_g (1 − e^{−N_g/N0}), £ a year.

    η is 0 by default because size was found not to matter: 14 of 36 indicators of 152
    trusts went with size before adjustment and none after (Greaves et al., Br J Gen
    Pract 2011), and no evidence was found that size beyond 100,000 patients improves
    overall performance (Bojke, Gravelle and Wilkin, BMJ 2001;322:599). State η to see
    what a belief in purchasing power would change; N0 is a choice.

    Examples
    --------
    >>> scale_benefit_gbp(100_000, 1.7e8)
    0.0
    >>> round(scale_benefit_gbp(100_000, 1.7e8, benefit_share=0.01))
    1074605
    """
    return benefit_share * budget_gbp * (1.0 - exp(-num_patients / benefit_persons))
