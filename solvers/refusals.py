"""What a backend refuses, in words that tell the way out; alike for all."""

from solvers.claim import Claim
from solvers.contract import (
    BackendError,
    MixedIntegerModel,
    OptionError,
    Options,
    Status,
    StopReason,
)

__all__ = ["missing", "refuse_nonsense", "too_large", "unlicensed"]


def missing(solver: str, extra: str, error: object) -> BackendError:
    """Return the error for a package that is not installed."""
    return BackendError(
        f"{solver} is not installed here ({error}); "
        f"install it with: pip install 'gp-federate[{extra}]'"
    )


def unlicensed(solver: str, error: object) -> BackendError:
    """Return the error for a solver that is installed and may not run."""
    return BackendError(f"{solver} has no licence here: {error}")


def too_large(solver: str, model: MixedIntegerModel, limit: str) -> Claim:
    """Return the claim for a model that the licence here does not admit.

    Parameters
    ----------
    limit
        What the licence admits, as in ``"2,000 variables"``.
    """
    return Claim(
        Status.NO_SOLUTION,
        StopReason.LICENCE_SIZE,
        message=f"{solver}'s licence here admits {limit}; this model has "
        f"{model.num_columns:,} variables and {model.num_rows:,} rows; install a "
        f"full licence, or choose a solver without a limit, such as highs",
    )


def refuse_nonsense(solver: str, options: Options) -> None:
    """Refuse figures without a meaning, for a solver that takes any.

    Raises
    ------
    OptionError
        Naming each with its value.
    """
    least = {"time_limit_s": 0, "rel_gap": 0, "abs_gap": 0, "threads": 1, "seed": 0}
    refused = []
    for name, low in least.items():
        value = getattr(options, name)
        if value is not None and not value >= low:
            refused.append(f"{name} = {value}")
    if refused:
        raise OptionError(f"{solver} has no use for {', '.join(refused)}")
