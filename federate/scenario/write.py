"""`Scenario` → TOML."""

from typing import Any

from federate.scenario.schema import Scenario

__all__ = ["to_toml"]


def to_toml(scenario: Scenario) -> str:
    """Return the scenario with every key in force stated; see `Scenario.to_toml`."""
    import tomlkit

    stated = _stated(scenario.model_dump(by_alias=True))
    if not scenario.sweep:
        del stated["sweep"]
    return tomlkit.dumps(stated)


def _stated(value: Any) -> Any:
    """Return plain TOML values; what is absent is left out."""
    if isinstance(value, dict):
        return {k: _stated(v) for k, v in value.items() if v is not None}
    return [_stated(v) for v in value] if isinstance(value, tuple) else value
