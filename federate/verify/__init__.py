"""Which rules a plan breaks, and by how much; shares no code with any engine."""

from federate.verify.rules import CHECKS, exceptions, verify
from federate.verify.violation import Finding, Violation

__all__ = ["CHECKS", "Finding", "Violation", "exceptions", "verify"]
