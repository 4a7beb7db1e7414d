"""The plan under test, in indices and whole persons, read from the raw instance."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from federate.errors import Fault, PlanError, did_you_mean
from federate.plan import Plan
from federate.problem import Problem
from federate.verify.asked import Asked, read_rules

__all__ = ["Subject"]


@dataclass(frozen=True, eq=False)
class Subject:
    """A plan that names exactly the practices of its problem.

    Parameters
    ----------
    problem, plan
        As given.
    asked
        The rules in force.
    members
        Federation label → indices of its members, in order.
    centre
        Federation label → index of its lead practice.
    """

    problem: Problem
    plan: Plan
    asked: Asked
    members: Mapping[str, tuple[int, ...]]
    centre: Mapping[str, int]

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> "Subject":
        """Read a plan against its problem.

        Raises
        ------
        PlanError
            If the plan names practices the problem lacks, misses some, or has
            a federation whose centre is not stated or not a practice.
        """
        faults = _misfits(problem, plan)
        if faults:
            raise PlanError("plan", faults)
        index = problem.instance.index
        return cls(
            problem=problem,
            plan=plan,
            asked=read_rules(problem),
            members={g: tuple(index[c] for c in m) for g, m in plan.members.items()},
            centre={g: index[plan.centre[g]] for g in plan.members},
        )

    @cached_property
    def patients(self) -> tuple[int, ...]:
        """Registered patients of each practice, whole persons."""
        return tuple(int(n) for n in self.problem.instance.practices.list_size)

    @cached_property
    def alone(self) -> tuple[int, ...]:
        """Practices in no federation."""
        index = self.problem.instance.index
        codes = self.problem.instance.practices.code
        return tuple(index[c] for c in codes if not self.plan.federation[c])

    @cached_property
    def neighbours(self) -> Any:
        """The neighbour graph as a networkx graph over all practices."""
        import networkx as nx

        graph: Any = nx.Graph()
        graph.add_nodes_from(range(self.problem.n))
        graph.add_edges_from((int(a), int(b)) for a, b in self.problem.graph.pairs)
        return graph

    @cached_property
    def pieces(self) -> Mapping[str, tuple[tuple[int, ...], ...]]:
        """Federation label → connected pieces of its members, largest first."""
        import networkx as nx

        out = {}
        for label, members in self.members.items():
            found = nx.connected_components(self.neighbours.subgraph(members))
            parts = [tuple(sorted(part)) for part in found]
            out[label] = tuple(sorted(parts, key=lambda part: (-len(part), part)))
        return out

    def size(self, label: str) -> int:
        """Return the patients of one federation, whole persons."""
        return sum(self.patients[i] for i in self.members[label])

    def is_exempt(self, label: str) -> bool:
        """Whether the federation is one oversize practice by itself."""
        members = self.members[label]
        return len(members) == 1 and members[0] in self.asked.oversize

    def codes(self, practices: tuple[int, ...]) -> tuple[str, ...]:
        """Return the codes of some practices."""
        all_codes = self.problem.instance.practices.code
        return tuple(all_codes[i] for i in practices)

    def names(self, practices: tuple[int, ...]) -> tuple[str, ...]:
        """Return name and code of some practices, for people."""
        table = self.problem.instance.practices
        return tuple(
            f"{table.name[i]} ({table.code[i]})" if table.name[i] else table.code[i]
            for i in practices
        )


def _misfits(problem: Problem, plan: Plan) -> list[Fault]:
    """Return every way in which the plan does not name the problem's practices."""
    known = problem.instance.index
    faults = []
    for code in plan.federation:
        if code not in known:
            hint = did_you_mean(code, known)
            faults.append(Fault("plan", f"no practice {code} in the instance{hint}"))
    faults += [
        Fault("plan", f"practice {code} is missing; give it a federation")
        for code in known
        if code not in plan.federation
    ]
    for label in plan.members:
        centre = plan.centre.get(label)
        if centre is None:
            faults.append(Fault("plan", f"federation {label} has no centre"))
        elif centre not in known:
            hint = did_you_mean(centre, known)
            text = f"the centre of {label}, {centre}, is not a practice{hint}"
            faults.append(Fault("plan", text))
    return faults
