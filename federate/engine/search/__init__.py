"""Search: construction and local search, for any rule and any size."""

from federate.engine.search.run import search

__all__ = ["search"]
