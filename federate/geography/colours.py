"""Colours for regions: as few as will do, never the same on both sides."""

from collections.abc import Iterable, Sequence

__all__ = ["PALETTE", "four_colours"]

PALETTE = ("#228833", "#CCBB44", "#66CCEE", "#AA3377", "#EE6677", "#4477AA")
"""Tol's bright scheme; the first four are furthest apart to every kind of sight.

References
----------
Paul Tol (2021), Colour schemes, SRON technical note 09-002, issue 3.2.
"""


def four_colours(
    labels: Sequence[str], adjacency: Iterable[tuple[str, str]]
) -> dict[str, int]:
    """Give adjacent regions different colours, as few as will do.

    Where every region is of one piece, five suffice and four mostly do; regions
    in pieces may need a sixth. Where six do not suffice, a region takes the
    colour that fewest of its neighbours have: then colour no longer tells
    neighbours apart, and a map should show one region at a time.

    Parameters
    ----------
    labels
        Every region, also one without neighbours.
    adjacency
        Pairs of labels that share a border.

    Returns
    -------
    dict
        Label → index into `PALETTE`.

    References
    ----------
    Matula, Beck (1983), Smallest-last ordering and clustering and graph
    coloring algorithms, Journal of the ACM 30(3).

    Examples
    --------
    >>> borders = [("east", "mid"), ("mid", "west")]
    >>> colour = four_colours(["east", "mid", "west"], borders)
    >>> colour["east"] == colour["west"] != colour["mid"]
    True
    """
    import networkx as nx

    # Numbers, not labels: sets of strings have another order in every run.
    number = {label: k for k, label in enumerate(sorted(labels))}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(number.values())
    graph.add_edges_from(sorted((number[a], number[b]) for a, b in adjacency))
    colour = nx.greedy_color(graph, "smallest_last", interchange=True)
    for region in sorted(colour):
        if colour[region] >= len(PALETTE):
            taken = [colour[k] for k in graph[region]]
            colour[region] = min(range(len(PALETTE)), key=taken.count)
    return {label: colour[k] for label, k in number.items()}
