"""Lagrangian: large federations, bounded by prices and planned from them."""

from federate.engine.lagrangian.solve import get_ready, solve_lagrangian

__all__ = ["get_ready", "solve_lagrangian"]
