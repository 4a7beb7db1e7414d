"""Size: how far a federation is from the size that is wanted."""

__all__ = ["deviation_gbp"]


def deviation_gbp(
    num_patients: float, *, target_size: float | None, gbp_per_person: float
) -> float:
    """Return p·|N_g − T|, £ a year; 0 without a target.

    Examples
    --------
    >>> deviation_gbp(38_000, target_size=40_000, gbp_per_person=5.0)
    10000.0
    """
    if target_size is None:
        return 0.0
    return gbp_per_person * abs(num_patients - target_size)
