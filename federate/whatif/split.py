"""A plan's risk capital, split among the members of each federation."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from federate.criteria.capital import METHODS, CapitalGame, Measure, shares_by
from federate.criteria.nucleolus import MOST_MEMBERS
from federate.criteria.pooled import PooledRisk
from federate.criteria.split import coalitions, core_excess, some_coalitions
from federate.errors import Fault, InputError, did_you_mean
from federate.problem import Problem
from federate.result import Result
from federate.score.pooling import contract_names
from federate.whatif.shares import (
    ROUNDING,
    FederationSplit,
    MemberShare,
    MethodCheck,
    Split,
)

__all__ = ["split"]

FloatArray = npt.NDArray[np.float64]

DRAWN_COALITIONS = 5_000
"""Coalitions drawn where a federation has more members than `MOST_MEMBERS`."""


def split(
    result: Result,
    *,
    federation: str | None,
    methods: Sequence[str],
    capital: Measure,
    orders: int,
    seed: int,
) -> Split:
    """Split capital among members; see `federate.split`."""
    plan, problem = result.require_plan(), result.problem
    members = dict(plan.members)
    _refuse(members, federation, methods, capital, orders)
    pooled = problem.pooled
    if pooled is None:
        message = "has no spend model; solve or evaluate the plan anew"
        raise InputError("the result", [Fault("result", message)])
    labels = members if federation is None else (federation,)
    taken = dict(zip(members, contract_names(problem, plan), strict=True))
    return Split(
        capital=capital,
        level=pooled.terms.alpha,
        methods=tuple(methods),
        federations=tuple(
            _split_one(
                problem,
                pooled,
                label,
                members[label],
                taken[label],
                methods,
                capital,
                orders,
                seed,
            )
            for label in labels
        ),
    )


def _refuse(
    members: dict[str, tuple[str, ...]],
    federation: str | None,
    methods: Sequence[str],
    capital: str,
    orders: int,
) -> None:
    """Refuse what cannot be split, every fault at once."""
    faults = []
    if federation is not None and federation not in members:
        hint = did_you_mean(federation, members)
        hint = hint or f"; there are {', '.join(list(members)[:10])}"
        faults.append(Fault("federation", f"no such federation{hint}", None))
    for method in methods:
        if method not in METHODS:
            hint = did_you_mean(method, METHODS)
            hint = hint or f"; there are {', '.join(METHODS)}"
            faults.append(Fault("method", f"no such method{hint}", None, None, method))
    if not methods:
        faults.append(Fault("method", f"name one or more of {', '.join(METHODS)}"))
    if capital not in ("cvar", "sd"):
        faults.append(Fault("capital", "must be cvar or sd", value=capital))
    if orders < 1:
        faults.append(Fault("orders", "must be at least 1", value=orders))
    asked = members if federation not in members else {federation: members[federation]}
    large = {k: len(v) for k, v in asked.items() if len(v) > MOST_MEMBERS}
    if "nucleolus" in methods and large:
        named = ", ".join(f"{k} has {v}" for k, v in list(large.items())[:5])
        message = (
            f"the nucleolus is for at most {MOST_MEMBERS} members, and {named}; name a "
            "smaller federation, or take euler or shapley"
        )
        faults.append(Fault("method", message))
    if faults:
        raise InputError("what to split", faults)


def _split_one(
    problem: Problem,
    pooled: PooledRisk,
    label: str,
    codes: tuple[str, ...],
    contract: str,
    methods: Sequence[str],
    capital: Measure,
    orders: int,
    seed: int,
) -> FederationSplit:
    index = problem.instance.index
    who = np.array([index[code] for code in codes], dtype=np.int64)
    game = CapitalGame(pooled.terms, pooled.names.index(contract), who, capital)
    shares = {
        method: shares_by(method, game, orders=orders, seed=seed) for method in methods
    }
    alone = [game.cost((k,)) for k in range(len(who))]
    names = problem.instance.practices.name
    members = tuple(
        MemberShare(
            code=code,
            name=names[who[k]],
            patients=int(problem.list_size[who[k]]),
            exposed_gbp=float(game.budget_gbp[k]),
            alone_gbp=alone[k],
            share_gbp={method: float(found[k]) for method, found in shares.items()},
        )
        for k, code in enumerate(codes)
    )
    return FederationSplit(
        federation=label,
        contract=contract,
        capital_gbp=game.whole,
        alone_gbp=float(sum(alone)),
        members=members,
        checks=tuple(
            _check(method, game, codes, found, seed) for method, found in shares.items()
        ),
    )


def _check(
    method: str,
    game: CapitalGame,
    codes: tuple[str, ...],
    shares: FloatArray,
    seed: int,
) -> MethodCheck:
    """Return whether shares add up, and who would do better apart."""
    count, whole = len(codes), game.whole
    is_complete = count <= MOST_MEMBERS
    groups = list(
        coalitions(count)
        if is_complete
        else some_coalitions(count, DRAWN_COALITIONS, seed)
    )
    excess, who = core_excess(game.cost, shares, groups)
    slack = ROUNDING * max(abs(whole), 1.0)
    return MethodCheck(
        method=method,
        off_gbp=float(shares.sum()) - whole,
        core_excess_gbp=excess if groups else None,
        worst_coalition=tuple(codes[k] for k in who),
        num_coalitions=len(groups),
        is_complete=is_complete,
        in_core=excess <= slack,
    )
