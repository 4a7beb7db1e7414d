"""`Problem`: an instance and a scenario as arrays, ready for any engine."""

from federate.problem.arrays import Problem

__all__ = ["Problem"]
