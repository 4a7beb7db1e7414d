"""Columns: set partitioning over candidate federations, priced exactly."""

from federate.engine.columns.solve import fits, solve_columns

__all__ = ["fits", "solve_columns"]
