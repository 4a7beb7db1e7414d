"""Donuts: whether a federation would enclose others (compiled)."""

from federate.engine.columns.records import COUNT, INSIDE, Facts, Limits, Space
from federate.engine.compiled import grown

__all__ = ["encloses"]


@grown
def encloses(facts: Facts, limits: Limits, space: Space) -> bool:
    """Whether taking the members away cuts somebody off from the outside.

    Where the practices beside the members can walk to each other without them,
    so can all the rest; then only an edge that is wholly inside shuts them off.
    Otherwise everybody who can still walk to the edge is counted.
    """
    inside = space.members[: int(space.tally[COUNT])]
    if facts.edges[inside[0]] == 0:
        return False
    if not limits.connected or not ring_holds(facts, space):
        return bool(cuts_off(facts, space))
    on_edge = 0
    for i in inside:
        on_edge += facts.on_edge[i]
    beside = False
    for i in inside:
        for e in range(facts.graph_ptr[i], facts.graph_ptr[i + 1]):
            beside = beside or space.state[facts.graph[e]] != INSIDE
    return bool(beside and on_edge == facts.edges[inside[0]])


@grown
def ring_holds(facts: Facts, space: Space) -> bool:
    """Whether those beside the members can walk to each other without them.

    Walks on from those beside first: as a rule they lie in a ring, and the walk
    is as short as the ring.
    """
    seen, ring, queue = space.seen, space.ring, space.queue
    seen[:] = False
    missing = 0
    start = -1
    for i in space.members[: int(space.tally[COUNT])]:
        for e in range(facts.graph_ptr[i], facts.graph_ptr[i + 1]):
            k = facts.graph[e]
            if space.state[k] != INSIDE and not seen[k]:
                seen[k] = True
                missing += 1
                start = k
    if start < 0:
        return True
    seen[:] = False
    seen[start] = True
    ring[0] = start
    near, head, tail = 1, 0, 0
    missing -= 1
    while missing > 0 and (near > 0 or head < tail):
        if near > 0:
            near -= 1
            i = ring[near]
        else:
            i = queue[head]
            head += 1
        for e in range(facts.graph_ptr[i], facts.graph_ptr[i + 1]):
            k = facts.graph[e]
            if seen[k] or space.state[k] == INSIDE:
                continue
            seen[k] = True
            if space.touch[k] > 0:
                ring[near] = k
                near += 1
                missing -= 1
            else:
                queue[tail] = k
                tail += 1
    return missing == 0


@grown
def cuts_off(facts: Facts, space: Space) -> bool:
    """Whether somebody who could walk to the edge no longer can."""
    state, queue, seen = space.state, space.queue, space.seen
    head = tail = 0
    for j in range(len(seen)):
        seen[j] = facts.on_edge[j] and state[j] != INSIDE
        if seen[j]:
            queue[tail] = j
            tail += 1
    while head < tail:
        i = queue[head]
        head += 1
        for e in range(facts.graph_ptr[i], facts.graph_ptr[i + 1]):
            k = facts.graph[e]
            if not seen[k] and state[k] != INSIDE:
                seen[k] = True
                queue[tail] = k
                tail += 1
    cut_off = False
    for j in range(len(seen)):
        could = facts.edges[j] > 0
        cut_off = cut_off or (could and state[j] != INSIDE and not seen[j])
    return cut_off
