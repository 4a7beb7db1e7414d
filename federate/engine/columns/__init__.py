"""Columns: set partitioning over candidate federations, priced exactly."""

from federate.engine.columns.solve import fits, get_ready, solve_columns

__all__ = ["fits", "get_ready", "solve_columns"]
