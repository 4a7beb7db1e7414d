"""A process that writes into a store until it is killed, and says what it has done.

``python -m benchmarks.writer STORE keep|remove SEED`` prints ``ready``, and then
``kept NAME`` after each run that it kept; ``removing NAME`` before, for `remove`.
"""

import sys
from dataclasses import replace

from federate.plan_file import current_plan
from federate.prepare import problem_of
from federate.result import Result, evaluated
from federate.scenario import Scenario
from federate.whatif.store import Store
from solvers.contract import Status, StopReason

__all__ = ["main"]

MOST_KEPT = 3
REBUILT_EVERY = 5


def main(argv: list[str]) -> None:
    """Keep runs of the toy's present grouping, one after the other, for ever."""
    folder, kind, seed = argv[0], argv[1], int(argv[2])
    store, mine, count = Store(folder), list[str](), 0
    result = _answered(seed)
    _say("ready")
    while True:
        count += 1
        mine.append(store.keep(result, drawn=False).name)
        _say(f"kept {mine[-1]}")
        if kind == "remove" and len(mine) > MOST_KEPT:
            oldest = mine.pop(0)
            _say(f"removing {oldest}")
            store.remove([oldest])
        if kind == "remove" and count % REBUILT_EVERY == 0:
            store.rebuild()


def _answered(seed: int) -> Result:
    """Return what an engine could have found, without an engine."""
    problem, _ = problem_of(Scenario.load("toy", solve__seed=seed), None, {})
    result = evaluated(problem, current_plan(problem))
    return replace(
        result,
        status=Status.OPTIMAL,
        stop=StopReason.GAP_REACHED,
        bound_gbp=result.objective_gbp,
        gap=0.0,
        engine="search",
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
