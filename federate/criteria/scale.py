"""Scale: what it costs to run a federation, who pays, and what size may save.

Compiled, so that every engine values them by the same function.
"""

import math

from numba import types

from federate.engine.compiled import entry

__all__ = ["running_gbp", "scale_benefit_gbp"]

_F = types.float64


@entry(_F(_F, _F, _F, _F, _F))
def running_gbp(
    num_patients: float,
    num_members: float,
    fixed_gbp: float,
    gbp_per_head: float,
    gbp_per_member: float,
) -> float:
    """Return the running cost F + f·N_g + f_m·m_g, £ a year.

    A commissioning group's ready-reckoner put F at about £1.5m and f at about
    £9 (Health Service Journal 5034619). With an allowance of A a head, £25 for
    clinical commissioning groups (NHS England, running cost allowances, 2012), the
    rule is running + ι B_g ≤ A·N_g: fixed cost sets the floor F / (A − f), about
    94,000 patients, as risk does.

    Examples
    --------
    >>> running_gbp(175_000, 24, 1.5e6, 9.0, 0.0)
    3075000.0
    """
    return fixed_gbp + gbp_per_head * num_patients + gbp_per_member * num_members


@entry(_F(_F, _F, _F, _F))
def scale_benefit_gbp(
    num_patients: float,
    budget_gbp: float,
    benefit_share: float,
    benefit_persons: float,
) -> float:
    """Return the saving from purchasing power η B_g (1 − e^{−N_g/N0}), £ a year.

    η is 0 by default because size was found not to matter: 14 of 36 indicators of 152
    trusts went with size before adjustment and none after (Greaves et al., Br J Gen
    Pract 2011), and no evidence was found that size beyond 100,000 patients improves
    overall performance (Bojke, Gravelle and Wilkin, BMJ 2001;322:599). State η to see
    what a belief in purchasing power would change; N0 is a choice.

    Examples
    --------
    >>> round(scale_benefit_gbp(100_000, 1.7e8, 0.01, 1e5))
    1074605
    """
    if benefit_share <= 0.0:
        return 0.0
    saved = 1.0 - math.exp(-num_patients / benefit_persons)
    return benefit_share * budget_gbp * saved
