"""What already joins practices: ties, old alliances and the present networks."""

from collections import Counter

import numpy as np

from federate.practices.generate import calibration as england
from federate.practices.generate.crossings import Crossings, Ends
from federate.practices.instance import Attribute, IntArray, Tie, TieKind

__all__ = ["current_networks", "make_ties"]

# Ties per practice and the size of an alliance: our own choice. A nomination has
# strength 1 where mutual and 0.5 one way.
_COULD, _WOULD_NOT, _ALLIANCES = 0.35, 0.04, 0.07
_ALLIES = (3, 5)
_MUTUAL = 0.5
_KNOWN_MIN = 30.0  # colleagues further away do not know each other

# Practices that sit in a network other than their neighbours', fitted so that
# about a quarter of networks are in pieces, as in England.
_STRAYS = 0.05
# Whole practices, remainders and strays widen the sizes drawn; so draw narrower.
_NARROWER = 0.8
_AROUND = 10  # practices around a remainder whose smallest network it joins
_LEFT_OVER = 24_000  # patients; a remainder below joins another


def make_ties(
    crossings: Crossings,
    ends: Ends,
    it_system: Attribute,
    rng: np.random.Generator,
) -> tuple[Tie, ...]:
    """Return who is allied, who could work together and who would not.

    Alliances form between neighbours on one clinical system; at most one tie
    joins two practices, and nobody refuses a practice under the same roof or on
    an island, who have no choice.
    """
    code, place_m, n = ends.code, ends.place_m, len(ends.code)
    everyone, system = np.arange(n), it_system.values
    found: dict[tuple[int, int], Tie] = {}

    def add(i: int, j: int, kind: TieKind, strength: float) -> None:
        a, b = min(i, j), max(i, j)
        found.setdefault((a, b), Tie(code[a], code[b], kind, strength))

    for i in _some(n, _ALLIANCES, rng):
        alike = crossings.nearest(ends, i, everyone[system == system[i]], _KNOWN_MIN)
        allies = [i, *alike[: int(rng.integers(*_ALLIES))]]
        for x, a in enumerate(allies):
            for b in allies[x + 1 :]:
                add(a, int(b), "allied", 1.0)
    for i in _some(n, _COULD, rng):
        near = crossings.nearest(ends, i, everyone, _KNOWN_MIN)[:8]
        if len(near):
            mutual = rng.random() < _MUTUAL
            add(i, int(rng.choice(near)), "could", 1.0 if mutual else 0.5)
    ashore = np.flatnonzero(ends.island < 0)
    for i in _some(n, _WOULD_NOT, rng):
        near = crossings.nearest(ends, i, ashore, _KNOWN_MIN)[:12]
        near = near[(place_m[near] != place_m[i]).any(axis=1)]
        if len(near) and i in ashore:
            add(i, int(rng.choice(near)), "would_not", 1.0)
    return tuple(found[pair] for pair in sorted(found))


def current_networks(
    crossings: Crossings,
    ends: Ends,
    list_size: IntArray,
    places: list[str],
    rng: np.random.Generator,
) -> tuple[str, ...]:
    """Return the network each practice is in today, ``""`` for none.

    Sizes follow the real networks of January 2023, so about half lie within
    30,000–50,000; some have stray members, some practices are in none.

    Parameters
    ----------
    crossings, ends
        Minutes between the practices, and the practices.
    list_size
        Persons.
    places
        Name of the settlement of each practice; networks are named after them.
    rng
        Source of randomness.
    """
    network = _grow(crossings, ends, list_size, rng)
    for i in _some(len(network), _STRAYS, rng):
        near = crossings.nearest(ends, i, np.flatnonzero(network != network[i]))[:12]
        if len(near) and np.count_nonzero(network == network[i]) > 1:
            network[i] = network[rng.choice(near)]
    outside = _some(len(network), england.NO_NETWORK_SHARE, rng)
    names = _network_names(network, list_size, places)
    labels = [names[g] for g in network]
    for i in outside:
        labels[i] = ""
    return tuple(labels)


def _grow(
    crossings: Crossings, ends: Ends, list_size: IntArray, rng: np.random.Generator
) -> IntArray:
    """Grow networks one by one from the edge of the land to a drawn size."""
    place_m = ends.place_m
    middle = place_m.mean(axis=0)
    off = place_m - middle
    outward = np.hypot(off[:, 0], off[:, 1])
    network = np.full(len(list_size), -1, dtype=np.int64)
    levels, sizes = england.NETWORK_QUANTILES
    number = 0
    while len(left := np.flatnonzero(network < 0)):
        start = int(left[np.argmax(outward[left])])
        level = 0.5 + _NARROWER * (rng.random() - 0.5)
        target = float(np.interp(level, levels, sizes))
        network[start], total = number, float(list_size[start])
        for j in crossings.nearest(ends, start, left):
            if total + list_size[j] / 2 > target:
                break
            network[j] = number
            total += list_size[j]
        if total < _LEFT_OVER and number:
            others = np.flatnonzero((network >= 0) & (network != number))
            around = network[crossings.nearest(ends, start, others)[:_AROUND]]
            patients = np.bincount(network[network >= 0], list_size[network >= 0])
            network[network == number] = around[np.argmin(patients[around])]
        else:
            number += 1
    return network


def _network_names(
    network: IntArray, list_size: IntArray, places: list[str]
) -> dict[int, str]:
    """Name each network after the place with most of its patients, and number it."""
    heads: dict[int, str] = {}
    for g in np.unique(network):
        patients: Counter[str] = Counter()
        for i in np.flatnonzero(network == g):
            patients[places[i]] += int(list_size[i])
        heads[int(g)] = patients.most_common(1)[0][0]
    named_so, used = Counter(heads.values()), Counter[str]()
    names = {}
    for g, head in heads.items():
        used[head] += 1
        names[g] = head if named_so[head] == 1 else f"{head} {used[head]}"
    return names


def _some(num_practices: int, share: float, rng: np.random.Generator) -> list[int]:
    """Draw this share of the practices, in the order drawn."""
    count = round(num_practices * share)
    return [int(i) for i in rng.permutation(num_practices)[:count]]
