"""Columns: set partitioning over candidate federations, priced exactly."""

from federate.engine.columns.limited import choose_limited
from federate.engine.columns.solve import WHOLE, Seek, fits, get_ready, solve_columns

__all__ = ["WHOLE", "Seek", "choose_limited", "fits", "get_ready", "solve_columns"]
