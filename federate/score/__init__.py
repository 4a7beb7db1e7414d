"""Plan → scorecard: every criterion in its own unit and in £ a year."""

from federate.score.card import FederationScore, Scorecard
from federate.score.plan import score

__all__ = ["FederationScore", "Scorecard", "score"]
