"""`federate map`: one HTML file that opens offline."""

__all__ = ["map_"]


def map_() -> int:
    """Draw the map of a run or of a plan."""
    raise NotImplementedError
