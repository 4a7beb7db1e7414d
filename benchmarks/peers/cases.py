"""The questions that the peers are asked, beside our own answers."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.cases import REGIONS, SIZES, TRAVEL_ALONE, Case

__all__ = ["PEERS", "peers"]

PEERS = (
    "gerrychain-recom",
    "gerrychain-tree",
    "k-means-constrained",
    "pymetis",
    "spopt-azp",
    "spopt-maxp",
    "spopt-pmedian",
    "spopt-skater",
)


def peers(data: Path) -> Iterator[Case]:
    """Yield each region, travel alone at 30,000–50,000: we first, then each peer."""
    low, high = SIZES[0]
    changes = {"rules__size_bounds": (low, high)}
    for region in REGIONS:
        source = str(data / f"regions/{region}.csv")
        for peer in ("", *PEERS):
            yield Case(
                "peers",
                f"{region}/{low // 1000}-{high // 1000}k/{peer or 'federate'}",
                source,
                TRAVEL_ALONE,
                changes,
                peer=peer,
            )
