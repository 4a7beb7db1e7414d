"""The sections of a scenario: one pydantic model per table of the TOML.

A section is a family of the planner's questions. Unknown keys are refused;
every number's unit is in its name; `None` means "not asked for". What each key
means is told in `keys`.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = [
    "ClashError",
    "Cover",
    "Feature",
    "Likeness",
    "Membership",
    "Neighbours",
    "NonNegative",
    "Positive",
    "Rules",
    "Section",
    "Share",
    "Solve",
    "TravelModel",
    "Weights",
]

Share = Annotated[float, Field(ge=0, le=1)]
NonNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Codes = tuple[str, ...]


class ClashError(ValueError):
    """Sound keys that contradict one another: (key, what is wrong) pairs."""

    def __init__(self, *clashes: tuple[str, str]) -> None:
        self.clashes = clashes
        super().__init__("; ".join(f"{key}: {message}" for key, message in clashes))


class Section(BaseModel):
    """A frozen table of the TOML that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Membership(Section):
    """Whether every practice must join, and what standing alone costs."""

    mode: Literal["mandatory", "voluntary"] = "mandatory"
    alone_gbp_per_patient: NonNegative = 0.0
    allow_singletons: bool = True


class Rules(Section):
    """Hard constraints on federations; a rule left out does not bind."""

    size_bounds: tuple[NonNegative, NonNegative] | None = None
    size_waivers: Codes = ()
    oversize: Literal["own", "refuse"] = "own"
    practices_bounds: (
        tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]] | None
    ) = None
    num_federations: (
        Annotated[int, Field(ge=1)]
        | tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]
        | Literal["free"]
        | None
    ) = None
    contiguity: Literal["contiguous", "pieces", "none"] | None = None
    max_pieces: Annotated[int, Field(ge=2)] | None = None
    max_travel_min: Positive | None = None
    no_donut: bool = False
    respect_vetoes: bool = True
    stay_inside: tuple[str, ...] = ()
    together: tuple[Codes, ...] = ()
    apart: tuple[Codes, ...] = ()
    keep: Codes = ()
    freeze: Codes = ()
    grow: Codes = ()

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        pairs = {
            "size_bounds": self.size_bounds,
            "practices_bounds": self.practices_bounds,
            "num_federations": self.num_federations,
        }
        clashes = [
            (
                name,
                f"the lower bound {pair[0]:,g} is above the upper bound "
                f"{pair[1]:,g}; swap them",
            )
            for name, pair in pairs.items()
            if isinstance(pair, tuple) and pair[0] > pair[1]
        ]
        if (self.contiguity == "pieces") != (self.max_pieces is not None):
            clashes.append(
                (
                    "contiguity" if self.max_pieces is None else "max_pieces",
                    'contiguity = "pieces" and max_pieces go together; state both, '
                    'or contiguity = "contiguous" or "none" alone',
                )
            )
        if clashes:
            raise ClashError(*clashes)
        return self


class Weights(Section):
    """Prices that turn natural units into £ a year."""

    travel_gbp_per_patient_min: NonNegative = 1.0
    unlikeness_gbp_per_patient: NonNegative = 20.0
    size_deviation_gbp_per_person: NonNegative = 0.0
    target_size: Positive | None = None
    disruption_gbp_per_patient: NonNegative = 0.0
    cut_edges_gbp_per_pair: NonNegative = 0.0


class Feature(Section):
    """One column that makes practices alike.

    A number's likeness is exp(−|Δ|/scale); a category's is 1 or 0.
    `scale` defaults to the standard deviation over the instance.
    """

    weight: Positive = 1.0
    scale: Positive | None = None


class Likeness(Section):
    """What makes practices alike, and how far that replaces geography."""

    mode: Literal["geographic", "like-minded", "hybrid"] = "geographic"
    geographic_weight: Share | None = None
    ties_weight: NonNegative = 0.25
    features: dict[str, Feature] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _hybrid_states_its_weight(self) -> Self:
        if (self.mode == "hybrid") != (self.geographic_weight is not None):
            raise ClashError(
                (
                    "mode" if self.geographic_weight is None else "geographic_weight",
                    'mode = "hybrid" and geographic_weight (0 like-minded to 1 '
                    "geographic) go together; state both or neither",
                )
            )
        return self


class Cover(Section):
    """Out-of-hours cover: which bases to open, and how far they reach."""

    enabled: bool = True
    reach_urban_min: Positive = 30.0
    reach_rural_min: Positive = 60.0
    base_fixed_gbp: NonNegative = 150_000.0
    contract_gbp: NonNegative = 0.0
    contacts_per_1000: NonNegative = 109.0
    travel_gbp_per_contact_min: NonNegative = 1.0


class TravelModel(Section):
    """Crow distance × detour at a speed by rurality, where no minute is stated."""

    detour_urban: Annotated[float, Field(ge=1)] = 1.3
    detour_rural: Annotated[float, Field(ge=1)] = 1.4
    speed_urban_mph: Positive = 20.0
    speed_mixed_mph: Positive = 30.0
    speed_rural_mph: Positive = 45.0
    rurality: str = "rurality"


class Neighbours(Section):
    """Which practices count as neighbours.

    `auto` takes the instance's neighbours file where there is one, Voronoi
    cells on land where there is a boundary, Delaunay otherwise.
    """

    method: Literal["auto", "file", "voronoi", "delaunay"] = "auto"
    max_km: Positive | None = None


class Solve(Section):
    """How hard to look."""

    engine: Literal["auto", "compact", "columns", "medians", "lagrangian", "search"] = (
        "auto"
    )
    solver: str = "highs"
    time_limit_s: Positive = 60.0
    gap: NonNegative = 1e-4
    threads: Annotated[int, Field(ge=1)] = 2
    seed: Annotated[int, Field(ge=0)] = 0
