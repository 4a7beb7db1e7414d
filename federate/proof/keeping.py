"""The rules on one federation, as the slow twin checks them."""

from federate.engine.compiled import grown
from federate.proof.records import COUNT, INSIDE, SIZE, WAIVED, Facts, Rules, Space

__all__ = ["keeps_rules"]

RISK_SLACK = 1.0 + 1e-8
"""Above the tolerance of the verifier: what it lets pass is never left out."""


@grown
def keeps_rules(facts: Facts, rules: Rules, space: Space) -> bool:
    """Whether the present set keeps every rule on one federation."""
    tally = space.tally
    if not rules.fewest <= tally[COUNT] <= rules.most or tally[SIZE] > rules.upper:
        return False
    if tally[SIZE] < rules.lower and tally[WAIVED] == 0:
        return False
    inside = space.members[: tally[COUNT]]
    variance = budget = 0.0
    for i in inside:
        variance += facts.variance[i]
        budget += facts.budget[i]
        if facts.group[i] >= 0:
            whole = 0
            for k in inside:
                whole += facts.group[k] == facts.group[i]
            if whole != facts.group_size[facts.group[i]]:
                return False
    risky = variance > rules.kappa2 * budget * budget * RISK_SLACK
    if rules.kappa2 >= 0.0 and risky:
        return False
    return not (rules.no_donut and encloses(facts, space))


@grown
def encloses(facts: Facts, space: Space) -> bool:
    """Whether somebody who could walk to the edge of the area no longer can."""
    seen, queue = space.seen, space.queue
    head = tail = 0
    for i in range(len(seen)):
        seen[i] = facts.on_edge[i] and space.status[i] != INSIDE
        if seen[i]:
            queue[tail] = i
            tail += 1
    while head < tail:
        i = queue[head]
        head += 1
        for e in range(facts.near_ptr[i], facts.near_ptr[i + 1]):
            k = facts.near[e]
            if not seen[k] and space.status[k] != INSIDE:
                seen[k] = True
                queue[tail] = k
                tail += 1
    for i in range(len(seen)):
        if facts.walks_out[i] and not seen[i] and space.status[i] != INSIDE:
            return True
    return False
