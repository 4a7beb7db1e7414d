"""What is asked: the scenario file, its presets and its checks."""

from federate.scenario.schema import Scenario

__all__ = ["Scenario"]
