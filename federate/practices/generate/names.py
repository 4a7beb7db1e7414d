"""Names of places and practices, made of syllables: none of them is real."""

from collections.abc import Iterator, Sequence

import numpy as np

__all__ = ["place_names", "practice_names"]

_FIRST = (
    "Aldrev", "Brax", "Corv", "Dask", "Dunver", "Elvar", "Fesk", "Garv", "Harv",
    "Hesk", "Imver", "Jarl", "Kelv", "Lorv", "Lusk", "Marv", "Morv", "Nesk", "Orl",
    "Osk", "Pelv", "Quarv", "Resk", "Skarl", "Sorv", "Sterv", "Tavel", "Threl",
    "Tresk", "Ulv", "Umvel", "Varl", "Velm", "Wexen", "Wyrm", "Yarv", "Yesk", "Zeal",
)  # fmt: skip
_INLAND = (
    "ham", "ford", "ton", "wick", "by", "thorpe", "stead", "mere", "holt", "den",
    "field", "brough", "combe", "ley", "worth", "cote", "bury", "well", "hurst",
)  # fmt: skip
_COASTAL = ("mouth", "haven", "ness", "sand", "cliffe", "quay", "strand")
_ISLAND = ("sey", "holm", "oe")
_QUALIFIER = ("Great", "Little", "Nether", "Over", "High", "Long", "Old", "New")
_STREET = ("Road", "Lane", "Street", "Gate", "Hill", "Park", "Green", "Row")
_PRACTICE = (
    "{} Surgery", "{} Medical Centre", "{} Practice", "{} Medical Practice",
    "The {} Surgery", "{} Health Centre", "{} Family Practice", "The {} Partnership",
)  # fmt: skip


def place_names(
    kinds: Sequence[str], coastal: Sequence[bool], rng: np.random.Generator
) -> list[str]:
    """Return one new name per settlement.

    Parameters
    ----------
    kinds
        ``island`` gives names such as Morvsey; other kinds none of their own.
    coastal
        Whether the settlement lies on the coast.
    rng
        Source of randomness.
    """
    pools = {
        "island": _shuffled(_ISLAND, rng),
        "coastal": _shuffled(_COASTAL, rng),
        "inland": _shuffled(_INLAND, rng),
    }
    used: set[str] = set()
    names = []
    for kind, on_coast in zip(kinds, coastal, strict=True):
        pool = "island" if kind == "island" else "coastal" if on_coast else "inland"
        name = next(n for n in pools[pool] if n not in used)
        used.add(name)
        names.append(name)
    return names


def practice_names(places: list[str], rng: np.random.Generator) -> list[str]:
    """Return one new name per practice, after its place or an invented street.

    The first practice of a place often bears the name of the place.
    """
    streets = _shuffled(_INLAND, rng)
    used: set[str] = set()
    names = []
    for place in places:
        form = _PRACTICE[int(rng.integers(len(_PRACTICE)))]
        name = form.format(place)
        if name in used or rng.random() < 0.5:
            street = f"{next(streets)} {_STREET[int(rng.integers(len(_STREET)))]}"
            name = form.format(street)
        used.add(name)
        names.append(name)
    return names


def _shuffled(endings: tuple[str, ...], rng: np.random.Generator) -> Iterator[str]:
    """Yield names without end: all plain ones shuffled, then qualified ones."""
    plain = [first + end for first in _FIRST for end in endings]
    plain = [plain[k] for k in rng.permutation(len(plain))]
    yield from plain
    number = 0
    while True:
        number += 1
        suffix = "" if number == 1 else f" {number}"
        for qualifier in _QUALIFIER:
            yield from (f"{qualifier} {name}{suffix}" for name in plain)
