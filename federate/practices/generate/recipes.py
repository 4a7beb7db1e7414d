"""The shipped instances by name, and regions made to order."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from federate.errors import Fault, InstanceError, did_you_mean
from federate.practices.generate.region import Recipe, grow
from federate.practices.generate.toy import make_toy
from federate.practices.instance import Instance

__all__ = ["RECIPES", "generate", "generate_recipe"]

_VALE = Recipe("vale", "County of Vale", num_practices=120, seed=6, largest_list=26_000)

RECIPES: Mapping[str, Callable[[], Instance]] = MappingProxyType(
    {"toy": make_toy, "vale": lambda: grow(_VALE)}
)
"""Name of each shipped instance → what makes it, byte for byte."""


def generate(
    name: str = "region",
    title: str | None = None,
    num_practices: int = 120,
    seed: int = 0,
    num_islands: int = 2,
    largest_list: int = 110_000,
) -> Instance:
    """Make a synthetic region: the same knobs and seed give the same region.

    Parameters
    ----------
    name, title
        Short name for files, and name for people (from `name` if left out).
    num_practices
        Number of practices, 1 to 69,999.
    seed
        Whole number from 0.
    num_islands
        Islands with practices; no more than one for every 40 practices.
    largest_list
        No practice has more registered patients than this, persons; the largest
        English practice of 2022/23 had 109,484.

    Raises
    ------
    InstanceError
        If a knob is out of range; every such fault at once.

    Examples
    --------
    >>> region = generate("eastmark", num_practices=40, seed=7)
    >>> region.num_practices, region.practices.code[0], len(region.bases) > 1
    (40, 'V10001', True)
    """
    knobs = (num_practices, seed, num_islands, largest_list)
    return grow(Recipe(name, title or name.replace("-", " ").title(), *knobs))


def generate_recipe(name: str) -> Instance:
    """Make a shipped instance from its recipe.

    Raises
    ------
    InstanceError
        If there is no such recipe.
    """
    if name not in RECIPES:
        known = ", ".join(RECIPES)
        message = (
            f"there is no such recipe; known are {known}{did_you_mean(name, RECIPES)}"
        )
        raise InstanceError("recipe", [Fault("recipe", message, value=name)])
    return RECIPES[name]()
