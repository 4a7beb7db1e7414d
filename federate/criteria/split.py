"""A fair split: what each member is charged of a federation's pooled risk.

Every rule returns shares that add up to the whole. With Cov the members' covariance
(own variances v_i on the diagonal, τ_s² b_i b_j and any regional term beside it):

=============  ========================================================  ============
rule           share of member i                                         adds up to
=============  ========================================================  ============
proportional   b_i/B · whole                                             whole
euler          Cov(X_i, X)/σ                                             σ
covariance     Cov(X_i, X) = the Shapley value of the variance game      σ²
sampled        mean marginal cost over random orders (Shapley value)     cost of all
nucleolus      lexicographically least regrets of all coalitions         cost of all
=============  ========================================================  ============

References
----------
Covariance as Shapley value: Colini-Baldeschi, Scarsini and Vaccari, arXiv
1606.09424. Euler (Aumann-Shapley) shares of a coherent risk: Denault 2001, as told by
Tsanakas. Nucleolus by a sequence of linear programs: Maschler, Peleg and Shapley 1979.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt

__all__ = [
    "coalitions",
    "core_excess",
    "covariance_shares",
    "euler_shares",
    "member_covariance_gbp2",
    "proportional_shares",
    "sampled_shapley",
    "some_coalitions",
]

FloatArray = npt.NDArray[np.float64]
Cost = Callable[[tuple[int, ...]], float]


def member_covariance_gbp2(
    variance_gbp2: FloatArray,
    budget_gbp: FloatArray,
    *,
    tau_shock: float,
    regional_gbp2: FloatArray | None = None,
) -> FloatArray:
    """Return the covariance of the members' spend, £², shape ``(m, m)``.

    v_i on the diagonal + τ_s² b_i b_j + the regional covariance, where given.
    """
    out = np.diag(np.asarray(variance_gbp2, dtype=np.float64))
    out += tau_shock**2 * np.outer(budget_gbp, budget_gbp)
    if regional_gbp2 is not None:
        out += regional_gbp2
    return out


def proportional_shares(whole: float, budget_gbp: FloatArray) -> FloatArray:
    """Return b_i/B of the whole: simple, and blind to who brings the risk.

    Examples
    --------
    >>> proportional_shares(8.0, np.array([3.0, 1.0]))
    array([6., 2.])
    """
    out: FloatArray = whole * budget_gbp / budget_gbp.sum()
    return out


def covariance_shares(covariance_gbp2: FloatArray) -> FloatArray:
    """Return Cov(X_i, X) of each member, £²: they add up to σ².

    It is the Shapley value of c(S) = Var(X_S): a member's marginal variance averages
    to its own and half of twice each covariance.

    Examples
    --------
    >>> covariance_shares(np.array([[4.0, 1.0], [1.0, 9.0]]))
    array([ 5., 10.])
    """
    out: FloatArray = covariance_gbp2.sum(axis=1)
    return out


def euler_shares(covariance_gbp2: FloatArray) -> FloatArray:
    """Return Cov(X_i, X)/σ of each member, £: they add up to σ.

    In the core of the game c(S) = σ_S: by Cauchy and Schwarz the members of S pay
    Cov(X_S, X)/σ ≤ σ_S. All zero where there is no risk.

    Examples
    --------
    >>> euler_shares(np.array([[9.0, 0.0], [0.0, 16.0]]))
    array([1.8, 3.2])
    """
    shares = covariance_shares(covariance_gbp2)
    sigma = float(np.sqrt(max(shares.sum(), 0.0)))
    return shares / sigma if sigma > 0 else np.zeros_like(shares)


def sampled_shapley(
    cost: Cost, num_members: int, *, num_orders: int = 2_000, seed: int = 0
) -> FloatArray:
    """Return the Shapley value of any cost, such as a CVaR, from random orders.

    φ_i = mean over orders of c(S ∪ i) − c(S), S those before i; each order is used
    forwards and backwards, which cancels most of the noise. The shares add up to the
    cost of all exactly, whatever the sample.

    Parameters
    ----------
    cost
        Of a sorted tuple of members; c(()) = 0. Called once a coalition.
    num_members
        m.
    num_orders
        Orders drawn, an even number counts both ways.
    seed
        Of the draw.

    Examples
    --------
    >>> shares = sampled_shapley(lambda s: float(sum(s)) ** 2, 3, num_orders=200)
    >>> round(float(shares.sum()), 9)
    9.0
    """
    known: dict[tuple[int, ...], float] = {(): 0.0}
    rng = np.random.default_rng(seed)
    total = np.zeros(num_members)
    drawn = max((num_orders + 1) // 2, 1)
    for _ in range(drawn):
        order = rng.permutation(num_members)
        for way in (order, order[::-1]):
            before, members = 0.0, []
            for i in way.tolist():
                members.append(i)
                key = tuple(sorted(members))
                if key not in known:
                    known[key] = float(cost(key))
                total[i] += known[key] - before
                before = known[key]
    return total / (2 * drawn)


def coalitions(num_members: int) -> Iterator[tuple[int, ...]]:
    """Yield every coalition but none and all, small ones first."""
    for size in range(1, num_members):
        yield from combinations(range(num_members), size)


def some_coalitions(
    num_members: int, count: int, seed: int = 0
) -> Iterator[tuple[int, ...]]:
    """Yield every one, every pair, all but every one, and `count` drawn coalitions.

    For federations whose 2^m coalitions are too many.
    """
    everyone = range(num_members)
    yield from ((i,) for i in everyone)
    yield from combinations(everyone, 2)
    yield from (tuple(k for k in everyone if k != i) for i in everyone)
    rng = np.random.default_rng(seed)
    for _ in range(count):
        size = int(rng.integers(3, num_members - 1))
        yield tuple(sorted(rng.permutation(num_members)[:size].tolist()))


def core_excess(
    cost: Cost,
    shares: FloatArray,
    among: Iterable[tuple[int, ...]] | None = None,
) -> tuple[float, tuple[int, ...]]:
    """Return how much the worst-off coalition pays beyond its own cost, and which.

    max_S Σ_{i∈S} φ_i − c(S) over all coalitions but none and all, or over those
    `among`; at most 0 in the core, where nobody would do better apart. Over all it
    takes 2^m costs: for small federations.

    Examples
    --------
    >>> core_excess(lambda s: len(s) ** 0.5, np.full(2, 2**0.5 / 2))[0] < 0
    True
    """
    worst: float = -np.inf
    who: tuple[int, ...] = ()
    for members in coalitions(len(shares)) if among is None else among:
        excess = float(shares[list(members)].sum()) - float(cost(members))
        if excess > worst:
            worst, who = excess, members
    return worst, who
