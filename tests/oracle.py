"""The oracle: the best plan of a tiny problem, by trying every plan.

Independent of every engine. Each set of practices is tried with each of its
members as centre and kept at the least cost at which `verify` finds nothing
wrong with that federation; then every partition into such sets (and, where
joining is voluntary, every choice of who stands alone) is tried from the
cheapest on, until `verify` passes the whole plan.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

from federate.plan import Plan
from federate.problem import Problem
from federate.verify import verify

__all__ = ["brute_force", "partitions", "plan_of"]

MOST_PRACTICES = 8

Group = tuple[int, ...]
Led = dict[Group, tuple[float, int]]


def brute_force(problem: Problem) -> tuple[float, Plan] | None:
    """Return the least cost and a plan that has it; ``None`` where none exists."""
    if problem.n > MOST_PRACTICES:
        raise ValueError(f"{problem.n} practices are more than {MOST_PRACTICES}")
    led = _federations(problem)
    found = []
    for groups in _choices(problem, led):
        inside = {i for group in groups for i in group}
        for more, names in _contracts(problem, groups):
            cost = sum(led[group][0] for group in groups) + more
            if problem.alone_gbp is not None:
                alone = [i for i in range(problem.n) if i not in inside]
                cost += float(problem.alone_gbp[alone].sum())
            found.append((cost, groups, names))
    for cost, groups, names in sorted(found):
        plan = plan_of(problem, groups, tuple(led[group][1] for group in groups))
        if names:
            plan = replace(
                plan, contracts=dict(zip(sorted(plan.centre), names, strict=True))
            )
        if not verify(problem, plan):
            return cost, plan
    return None


def _contracts(
    problem: Problem, groups: tuple[Group, ...]
) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Yield every choice of contracts and what it costs above each one's cheapest.

    One choice, of none by name, where no partner is limited.
    """
    pooled = problem.cost.pooled
    if pooled is None or not pooled.limits:
        yield 0.0, ()
        return
    rows = range(len(pooled.names))
    above = [[item.gbp(g) - pooled.gbp(g) for item in pooled.items] for g in groups]
    for chosen in product(rows, repeat=len(groups)):
        more = sum(above[g][k] for g, k in enumerate(chosen))
        yield more, tuple(pooled.names[k] for k in chosen)


def partitions(items: Group, allowed: Led | None = None) -> Iterator[tuple[Group, ...]]:
    """Yield every partition of some items into (allowed) groups.

    Examples
    --------
    >>> sum(1 for _ in partitions((0, 1, 2, 3)))
    15
    """
    if not items:
        yield ()
        return
    first, rest = items[0], items[1:]
    for number in range(len(rest) + 1):
        for others in combinations(rest, number):
            group = (first, *others)
            if allowed is not None and group not in allowed:
                continue
            remaining = tuple(i for i in rest if i not in others)
            for smaller in partitions(remaining, allowed):
                yield (group, *smaller)


def plan_of(
    problem: Problem, groups: tuple[Group, ...], centres: tuple[int, ...]
) -> Plan:
    """Return the plan with these groups and centres; the others stand alone."""
    code = problem.instance.practices.code
    federation = dict.fromkeys(code, "")
    centre = {}
    for number, (group, lead) in enumerate(zip(groups, centres, strict=True), start=1):
        centre[f"F{number}"] = code[lead]
        federation.update((code[i], f"F{number}") for i in group)
    return Plan(federation=federation, centre=centre)


def _federations(problem: Problem) -> Led:
    """Return every set that may be a federation: its least cost and its centre."""
    out: Led = {}
    for number in range(1, problem.n + 1):
        for group in combinations(range(problem.n), number):
            for cost, centre in sorted((problem.cost.cost(group, c), c) for c in group):
                broken = verify(problem, plan_of(problem, (group,), (centre,)))
                if not any(violation.federation for violation in broken):
                    out[group] = (cost, centre)
                    break
    return out


def _choices(problem: Problem, led: Led) -> Iterator[tuple[Group, ...]]:
    """Yield every choice of groups; where joining is voluntary some stay out."""
    everybody = tuple(range(problem.n))
    most_alone = problem.n if problem.alone_gbp is not None else 0
    for number in range(most_alone + 1):
        for alone in combinations(everybody, number):
            yield from partitions(tuple(i for i in everybody if i not in alone), led)
