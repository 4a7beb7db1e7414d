"""The suites by name."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks.cases import Case, national, priced, regions, small, standard, travel
from benchmarks.peers.cases import peers
from benchmarks.published.families import cases_in

__all__ = ["SUITES", "suite"]

SUITES: Mapping[str, Callable[[Path, Path], Iterator[Case]]] = {
    "national": lambda data, bench: national(data),
    "peers": lambda data, bench: peers(data),
    "priced": lambda data, bench: priced(data),
    "published": lambda data, bench: cases_in(bench),
    "regions": lambda data, bench: regions(data),
    "small": lambda data, bench: small(data),
    "standard": lambda data, bench: standard(data),
    "travel": lambda data, bench: travel(data),
}


def suite(name: str, data: Path, bench: Path) -> Iterator[Case]:
    """Yield the cases of a suite; those that need absent data are left out.

    Parameters
    ----------
    data
        Folder with ``england_practices.csv``, ``england_practices_2014_15.csv``
        and ``regions/*.csv``.
    bench
        Folder with one folder for each family of published instances.

    Raises
    ------
    KeyError
        If there is no such suite.
    """
    return (case for case in SUITES[name](data, bench) if case.is_present)
