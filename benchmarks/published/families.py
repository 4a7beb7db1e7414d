"""The families of published instances, by the name of their folder."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.published import (
    cpmp_lorena,
    cpmp_osman,
    cpmp_spain737,
    cpmp_stefanello,
    districting_cutedges,
    districting_hop,
    districting_inertia,
    mclp_sjc,
    pmed_orlib,
)
from benchmarks.published.statement import Row, Statement, read_best_known

__all__ = ["FAMILIES", "cases_in", "state"]

FAMILIES: Mapping[str, Callable[[Path, Row], Statement]] = {
    "cpmp_lorena": cpmp_lorena.state,
    "cpmp_osman": cpmp_osman.state,
    "cpmp_spain737": cpmp_spain737.state,
    "cpmp_stefanello": cpmp_stefanello.state,
    "districting_cutedges": districting_cutedges.state,
    "districting_hop": districting_hop.state,
    "districting_inertia": districting_inertia.state,
    "mclp_sjc": mclp_sjc.state,
    "pmed_orlib": pmed_orlib.state,
}


def cases_in(bench: Path) -> Iterator[Case]:
    """Yield a case for each row of each family whose folder is there."""
    for family in FAMILIES:
        folder = bench / family
        if not (folder / "best_known.csv").is_file():
            continue
        rows = read_best_known(folder)
        named = Counter(row.instance for row in rows)
        for row in rows:
            name = f"{family}/{row.instance}"
            if named[row.instance] > 1:
                name += f"/{row.num_federations}"
            yield Case("published", name, str(folder), family=family, published=row)


def state(case: Case) -> Statement:
    """Return the question of a published case.

    Raises
    ------
    NotStatedError
        If there is no criterion to put it with.
    """
    if case.published is None:
        raise ValueError(f"{case.name} is no published case")
    return FAMILIES[case.family](Path(case.source), case.published)
