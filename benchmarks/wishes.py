"""Wishes that clash, made from what an area holds."""

from dataclasses import replace
from typing import Any

import numpy as np

from federate.practices.instance import Instance, Tie
from federate.problem import Problem

__all__ = [
    "all_apart",
    "both_ways",
    "by_another",
    "cut_off",
    "far_together",
    "five_together",
    "frozen_large",
    "frozen_small",
    "grown_large",
    "kept_and_joined",
    "refused",
    "vetoed",
]

Changes = dict[str, Any]


def _largest(base: Problem, count: int) -> tuple[str, ...]:
    order = np.argsort(-base.list_size, kind="stable")[:count]
    return tuple(base.instance.practices.code[i] for i in sorted(order))


def _farthest(base: Problem) -> tuple[str, str]:
    """Return the two practices with the longest journey between them."""
    a, b = np.unravel_index(int(base.travel.minutes.argmax()), (base.n, base.n))
    code = base.instance.practices.code
    return code[int(a)], code[int(b)]


def _corner(base: Problem) -> int:
    """Return a practice with the fewest neighbours, the smallest of them."""
    degree = np.diff(base.graph.indptr)
    return int(np.lexsort((base.list_size, degree))[0])


def _groups(base: Problem) -> list[tuple[int, str, tuple[str, ...]]]:
    """Return patients, label and practices of the present groups, smallest first."""
    found: dict[str, list[int]] = {}
    for i, label in enumerate(base.instance.current or ()):
        if label:
            found.setdefault(label, []).append(i)
    code = base.instance.practices.code
    return sorted(
        (int(base.list_size[some].sum()), label, tuple(code[i] for i in some))
        for label, some in found.items()
    )


def refused(base: Problem) -> Changes:
    """Refuse the largest practice, above the upper bound, an exception."""
    upper = float(base.list_size.max()) - 1_000.0
    return {"rules__size_bounds": (20_000, upper), "rules__oversize": "refuse"}


def five_together(base: Problem) -> Changes:
    """Ask for the five largest together."""
    return {"rules__together": (_largest(base, 5),)}


def far_together(base: Problem) -> Changes:
    """Ask for the two farthest apart together, within 45 minutes."""
    return {
        "rules__together": (_farthest(base),),
        "rules__max_travel_min": 45.0,
        "rules__size_bounds": (0, 400_000),
    }


def both_ways(base: Problem) -> Changes:
    """Ask for two together and apart."""
    pair = _largest(base, 2)
    return {"rules__together": (pair,), "rules__apart": (pair,)}


def by_another(base: Problem) -> Changes:
    """Ask for two apart, both together with a third."""
    a, b, c = _largest(base, 3)
    return {
        "rules__size_bounds": (30_000, 90_000),
        "rules__together": ((a, b), (b, c)),
        "rules__apart": ((a, c),),
    }


def all_apart(base: Problem) -> Changes:
    """Ask for seven apart, in six federations at most."""
    return {
        "rules__apart": (_largest(base, 7),),
        "rules__num_federations": (5, 6),
    }


def frozen_small(base: Problem) -> Changes:
    """Freeze the smallest present group below the lower bound."""
    size, label, _ = _groups(base)[0]
    return {
        "rules__freeze": (label,),
        "rules__size_bounds": (size + 2_000, 2 * size + 30_000),
    }


def frozen_large(base: Problem) -> Changes:
    """Freeze the largest present group above the upper bound."""
    size, label, _ = _groups(base)[-1]
    upper = max(40_000, size - 3_000)
    return {"rules__freeze": (label,), "rules__size_bounds": (20_000, upper)}


def grown_large(base: Problem) -> Changes:
    """Have the largest present group grow above the upper bound."""
    size, label, _ = _groups(base)[-1]
    upper = max(40_000, size - 3_000)
    return {"rules__grow": (label,), "rules__size_bounds": (20_000, upper)}


def kept_and_joined(base: Problem) -> Changes:
    """Keep two present groups, and ask for one of each together."""
    (_, one, first), (_, other, second) = _groups(base)[:2]
    return {
        "rules__keep": (one, other),
        "rules__together": ((first[0], second[0]),),
        "rules__size_bounds": (10_000, 150_000),
    }


def vetoed(base: Problem) -> Instance:
    """Have a practice in a corner refuse each of its neighbours."""
    i, code = _corner(base), base.instance.practices.code
    ties = tuple(
        Tie(code[i], code[int(k)], "would_not", np.nan) for k in base.graph.of(i)
    )
    return replace(base.instance, ties=ties)


def cut_off(base: Problem) -> Instance:
    """State the neighbours, all of a practice in a corner left out."""
    i, code = _corner(base), base.instance.practices.code
    pairs = tuple(
        (code[int(a)], code[int(b)]) for a, b in base.graph.pairs if i not in (a, b)
    )
    return replace(base.instance, neighbours=pairs)
