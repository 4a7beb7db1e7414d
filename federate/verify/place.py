"""Rules on where a federation lies: pieces, enclosure, reach to its centre."""

from collections.abc import Iterable, Iterator

from federate.verify.subject import Subject
from federate.verify.violation import Violation, count, named

__all__ = ["check_contiguity", "check_no_donut", "check_reach"]

# Minutes are sums of floats: a journey this much over the limit is not counted.
TOLERANCE_MIN = 1e-9


def check_contiguity(subject: Subject) -> Iterator[Violation]:
    """Keep the subgraph a federation induces in at most c connected pieces."""
    most = subject.asked.max_pieces
    if most is None:
        return
    for label, pieces in subject.pieces.items():
        if len(pieces) <= most:
            continue
        strays = tuple(i for piece in pieces[most:] for i in piece)
        allowed = "be in one piece" if most == 1 else f"have at most {most} pieces"
        yield Violation(
            rule="rules.contiguity",
            federation=label,
            practices=subject.codes(strays),
            amount=float(len(pieces) - most),
            unit="pieces",
            message=(
                f"{label} is in {count(len(pieces), 'piece')} and must {allowed}: "
                f"{named(subject.names(strays))} cut off from the rest"
            ),
        )


def check_no_donut(subject: Subject) -> Iterator[Violation]:
    """No practice is cut off from the outside by a federation it is not in.

    With a node "outside" joined to every practice on the edge of the area, and
    R(S) the practices connected to it in the graph without the practices S:
    R(∅) ⊆ R(g) ∪ g for every federation g. A single oversize practice is
    exempt.

    Connected pieces are contracted first: any two practices of one piece stay
    connected whichever other federation is taken away.
    """
    if not subject.asked.no_donut:
        return
    piece_of, borders, outside = _contract(subject)
    all_reached = _reached(borders, outside, set())
    for label, members in subject.members.items():
        if subject.is_exempt(label):
            continue
        own = {piece_of[i] for i in members}
        lost = all_reached - _reached(borders, outside - own, own) - own
        if not lost:
            continue
        enclosed = tuple(i for i, piece in enumerate(piece_of) if piece in lost)
        yield Violation(
            rule="rules.no_donut",
            federation=label,
            practices=subject.codes(enclosed),
            amount=float(len(enclosed)),
            unit="practices",
            message=f"{label} encloses {named(subject.names(enclosed))}",
        )


def _contract(subject: Subject) -> tuple[list[int], list[set[int]], set[int]]:
    """Return each practice's piece, the pieces' neighbours, those on the edge."""
    parts = [part for parts in subject.pieces.values() for part in parts]
    parts += [(i,) for i in subject.alone]
    piece_of = [0] * subject.problem.n
    for number, part in enumerate(parts):
        for i in part:
            piece_of[i] = number
    borders: list[set[int]] = [set() for _ in parts]
    for i, k in subject.neighbours.edges:
        borders[piece_of[i]].add(piece_of[k])
        borders[piece_of[k]].add(piece_of[i])
    on_edge = subject.problem.graph.on_edge
    return piece_of, borders, {piece_of[i] for i in range(len(on_edge)) if on_edge[i]}


def _reached(
    borders: list[set[int]], start: Iterable[int], without: set[int]
) -> set[int]:
    """Return the pieces connected to `start` when some are taken away."""
    reached = set(start)
    queue = list(reached)
    while queue:
        for piece in borders[queue.pop()]:
            if piece not in reached and piece not in without:
                reached.add(piece)
                queue.append(piece)
    return reached


def check_reach(subject: Subject) -> Iterator[Violation]:
    """t_{i, centre(g)} ≤ limit for every member i of g, in minutes.

    Both the scenario's limit and the problem's own table of who may have which
    centre are held to.
    """
    problem = subject.problem
    limit = problem.scenario.rules.max_travel_min
    reachable = problem.reachable
    if limit is None and reachable is None:
        return
    for label, members in subject.members.items():
        centre = subject.centre[label]
        for i in members:
            minutes = float(problem.travel.minutes[i, centre])
            over = 0.0 if limit is None else minutes - limit
            barred = reachable is not None and not reachable[i, centre]
            if over <= TOLERANCE_MIN and not barred:
                continue
            lead, name = subject.names((centre, i))
            beyond = f", {over:.1f} beyond the limit of {limit:g}" if limit else ""
            yield Violation(
                rule="rules.max_travel_min",
                federation=label,
                practices=subject.codes((i,)),
                amount=max(over, 0.0),
                unit="minutes",
                message=(
                    f"{name} is {minutes:.1f} minutes from {lead}, the centre of "
                    f"{label}{beyond}"
                ),
            )
