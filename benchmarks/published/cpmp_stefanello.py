"""Stefanello, de Araujo & Müller 2015: large capacitated p-medians.

The convention is that of Lorena & Senne: exact Euclid, unweighted.
"""

from benchmarks.published.cpmp_lorena import state

__all__ = ["state"]
