"""The scenario file, `schema = 1`: what is asked of one instance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from federate.scenario.pooling import Contract, Contracts, Risk, Scale, Tiers
from federate.scenario.sections import (
    ClashError,
    Codes,
    Cover,
    Feature,
    Likeness,
    Membership,
    Neighbours,
    Rules,
    Section,
    Solve,
    TravelModel,
    Weights,
)

__all__ = [
    "Contract",
    "Contracts",
    "Cover",
    "Feature",
    "Likeness",
    "Membership",
    "Neighbours",
    "Origin",
    "Risk",
    "Rules",
    "Scale",
    "Scenario",
    "Section",
    "Solve",
    "Tiers",
    "TravelModel",
    "Weights",
]


@dataclass(frozen=True)
class Origin:
    """Where each key was stated; no part of what a scenario means.

    `places` maps a key's path to file and one-based line; `file` is where a key
    stated nowhere would go.
    """

    file: str = field(default="scenario", compare=False)
    places: Mapping[tuple[str, ...], tuple[str, int | None]] = field(
        default_factory=dict, compare=False
    )

    def find(self, path: tuple[str, ...]) -> tuple[str, int | None]:
        """Return file and line of a key, or of the nearest table around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return self.file, None


class Scenario(Section):
    """A whole scenario: what is asked of one instance.

    Load one with `Scenario.load`; change one with `Scenario.with_`, which
    returns a new, validated scenario. `instance` is a shipped name or a path;
    `area` keeps only the practices whose attributes hold one of the values,
    e.g. ``{"sub_icb_code": ("02A",)}``. `sweep` holds the values that each dotted
    key takes in a sweep; a single solve passes them over.
    """

    schema_version: Literal[1] = Field(alias="schema")
    title: str = ""
    instance: str | None = None
    area: dict[str, Codes] = Field(default_factory=dict)
    membership: Membership = Membership()
    rules: Rules = Rules()
    weights: Weights = Weights()
    scale: Scale = Scale()
    risk: Risk = Risk()
    contracts: Contracts = Contracts()
    tiers: Tiers = Tiers()
    likeness: Likeness = Likeness()
    cover: Cover = Cover()
    travel: TravelModel = TravelModel()
    neighbours: Neighbours = Neighbours()
    solve: Solve = Solve()
    sweep: dict[str, Any] = Field(default_factory=dict)

    _origin: Origin = PrivateAttr(default_factory=Origin)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        steered = (
            self.scale.fixed_gbp_per_federation > 0
            or self.weights.target_size is not None
            or self.rules.num_federations is not None
            or self.weights.cut_edges_gbp_per_pair > 0
        )
        clashes = []
        if not steered:
            # Travel alone makes every federation as small as it may be.
            clashes.append(
                (
                    "rules.num_federations",
                    "nothing says how large federations should be, so each would "
                    "shrink to its lower bound; state a running cost "
                    "(scale.fixed_gbp_per_federation), a target size "
                    "(weights.target_size) or a count (rules.num_federations), or "
                    'say rules.num_federations = "free" to accept that',
                )
            )
        price = self.weights.size_deviation_gbp_per_person > 0
        if price != (self.weights.target_size is not None):
            clashes.append(
                (
                    "weights.size_deviation_gbp_per_person"
                    if price
                    else "weights.target_size",
                    "weights.target_size and weights.size_deviation_gbp_per_person "
                    "(above 0) go together; state both or neither",
                )
            )
        if clashes:
            raise ClashError(*clashes)
        return self

    @classmethod
    def load(cls, source: str | Path, **changes: object) -> "Scenario":
        """Read a scenario: a TOML file, a preset, or an instance's own.

        Parameters
        ----------
        source
            A ``.toml`` file, the name of a preset (``pcn2019``), or a shipped
            instance or an instance folder that holds a ``scenario.toml``.
        changes
            As `with_` takes them; they count before the scenario is checked.

        Raises
        ------
        ScenarioError
            With every fault: file, line, key, value and the way out.

        Examples
        --------
        >>> Scenario.load("pcn2019").rules.size_bounds
        (30000.0, 50000.0)
        """
        from federate.scenario.load import load

        return load(source, changes)

    def with_(self, **changes: object) -> "Scenario":
        """Return a new, checked scenario with these keys changed.

        Write the dot of a key as two underscores. A tuple or a list is an
        array, ``None`` takes a rule away.

        Raises
        ------
        ScenarioError
            With every fault.

        Examples
        --------
        >>> pcn = Scenario.load("pcn2019")
        >>> pcn.with_(rules__size_bounds=(35_000, 50_000)).rules.size_bounds
        (35000.0, 50000.0)
        """
        from federate.scenario.change import with_changes

        return with_changes(self, changes)

    def where(self, key: str) -> tuple[str, int | None]:
        """Return the file and line that state a dotted key, for messages.

        Examples
        --------
        >>> Scenario.load("pcn2019").where("rules.size_bounds")[0]
        'preset pcn2019'
        """
        return self._origin.find(tuple(key.partition("[")[0].split(".")))

    def to_toml(self) -> str:
        """Return the scenario as TOML, every key in force stated.

        Nothing is left to a default, so that the file means the same under
        any later version; `load` gives an equal scenario back.
        """
        from federate.scenario.write import to_toml

        return to_toml(self)
