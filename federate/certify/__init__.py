"""Certificates: what proves a bound, written down and derived again.

The check starts from the instance and the scenario alone. It shares no code with
the engines: its own search over federations, in whole numbers, where a rounding
always goes the way that weakens the bound.
"""

from federate.certify.certificate import Certificate
from federate.certify.check import check
from federate.certify.verdict import Verdict

__all__ = ["Certificate", "Verdict", "check"]
