"""Scale: what it costs to run a federation, per head and per member."""

__all__ = ["running_gbp"]


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
