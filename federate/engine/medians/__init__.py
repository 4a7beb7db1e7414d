"""Medians: federations that need not be contiguous, settled by prices and choice."""

from federate.engine.medians.ready import get_ready
from federate.engine.medians.solve import solve_medians
from federate.engine.medians.table import fits

__all__ = ["fits", "get_ready", "solve_medians"]
