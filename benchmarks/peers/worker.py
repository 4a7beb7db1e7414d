"""Ask one peer for one plan: ``python worker.py PEER problem.json plan.csv``.

Runs in the peers' own environment and imports nothing of ours. The problem is JSON:
``code``, ``x_km``, ``y_km``, ``list_size``, ``minutes`` (row = from), ``pairs``
(neighbours), ``size_bounds``, ``count`` (federations to make), ``seed`` and
``time_limit_s``. Each peer is asked as its documents say, with every rule that it
knows; what it does not know, it does not keep.
"""

import csv
import json
import random
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

Labels = Sequence[int]


def gerrychain_tree(problem: dict[str, Any]) -> Labels:
    """Cut random spanning trees: contiguous, sizes within the bounds."""
    return _labels(problem, _first_partition(problem, _chain_graph(problem)))


def gerrychain_recom(problem: dict[str, Any]) -> Labels:
    """Recombine pairs in short bursts, from such a start, towards our travel cost."""
    chain = import_module("gerrychain")
    ends = time.perf_counter() + 0.9 * problem["time_limit_s"]
    graph = _chain_graph(problem)
    cost = np.array(problem["list_size"])[:, None] * np.array(problem["minutes"])

    def travel(partition: Any) -> float:
        total = 0.0
        for part in partition.parts.values():
            members = sorted(part)
            total += float(cost[np.ix_(members, members)].sum(axis=0).min())
        return total

    target, epsilon = _target(problem)
    proposals = import_module("gerrychain.proposals")

    def propose(partition: Any, **known: Any) -> Any:
        return proposals.recom(partition, "people", target, epsilon, **known)

    optimizer = import_module("gerrychain.optimization").SingleMetricOptimizer(
        proposal_fn=propose,
        constraints=[
            chain.constraints.within_percent_of_ideal_population(
                _first_partition(problem, graph), epsilon, pop_key="people"
            )
        ],
        initial_state=_first_partition(problem, graph),
        optimization_metric_fn=travel,
        maximize=False,
        rng=problem["seed"],
    )
    for _ in optimizer.short_bursts(10, 10**6):
        if time.perf_counter() > ends:
            break
    return _labels(problem, optimizer.best_part)


def k_means_constrained(problem: dict[str, Any]) -> Labels:
    """Group by place; it bounds the number of practices, not of patients."""
    module = import_module("k_means_constrained")
    n, count = len(problem["code"]), problem["count"]
    low, high = problem["size_bounds"]
    mean = sum(problem["list_size"]) / n
    model = module.KMeansConstrained(
        n_clusters=count,
        size_min=min(max(1, int(low / mean)), n // count),
        size_max=max(int(np.ceil(high / mean)), -(-n // count)),
        random_state=problem["seed"],
    )
    labels: Labels = model.fit_predict(_places(problem)).tolist()
    return labels


def pymetis(problem: dict[str, Any]) -> Labels:
    """Cut the neighbour graph into contiguous parts of about the same size."""
    module = import_module("pymetis")
    around: list[list[int]] = [[] for _ in problem["code"]]
    for i, k in problem["pairs"]:
        around[i].append(k)
        around[k].append(i)
    _, labels = module.part_graph(
        problem["count"],
        adjacency=around,
        vweights=problem["list_size"],
        contiguous=True,
        options=module.Options(seed=problem["seed"]),
    )
    return list(labels)


def spopt_azp(problem: dict[str, Any]) -> Labels:
    """Zone automatically by place; knows contiguity and the count, not sizes."""
    model = import_module("spopt.region").AZP(
        _frame(problem),
        _weights(problem),
        ["x_km", "y_km"],
        n_clusters=problem["count"],
        random_state=problem["seed"],
    )
    model.solve()
    return [int(label) for label in model.labels_]


def spopt_maxp(problem: dict[str, Any]) -> Labels:
    """As many contiguous regions above the lower bound as may be; no upper bound."""
    model = import_module("spopt.region").MaxPHeuristic(
        _frame(problem),
        _weights(problem),
        ["x_km", "y_km"],
        "people",
        problem["size_bounds"][0],
    )
    model.solve()
    return [int(label) for label in model.labels_]


def spopt_pmedian(problem: dict[str, Any]) -> Labels:
    """Capacitated p-median by CBC: travel and upper bound; no lower, no neighbours."""
    locate = import_module("spopt.locate")
    pulp = import_module("pulp")
    n = len(problem["code"])
    model = locate.PMedian.from_cost_matrix(
        np.array(problem["minutes"]),
        np.array(problem["list_size"]),
        p_facilities=problem["count"],
        facility_capacities=np.full(n, problem["size_bounds"][1]),
    )
    limit = max(1, int(0.9 * problem["time_limit_s"]))
    model = model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=limit))
    return [int(model.cli2fac[i][0]) for i in range(n)]


def spopt_skater(problem: dict[str, Any]) -> Labels:
    """Cut the minimum spanning tree by place; knows contiguity and the count."""
    model = import_module("spopt.region").Skater(
        _frame(problem), _weights(problem), ["x_km", "y_km"], problem["count"]
    )
    model.solve()
    return [int(label) for label in model.labels_]


PEERS: dict[str, Callable[[dict[str, Any]], Labels]] = {
    "gerrychain-recom": gerrychain_recom,
    "gerrychain-tree": gerrychain_tree,
    "k-means-constrained": k_means_constrained,
    "pymetis": pymetis,
    "spopt-azp": spopt_azp,
    "spopt-maxp": spopt_maxp,
    "spopt-pmedian": spopt_pmedian,
    "spopt-skater": spopt_skater,
}

PACKAGES = ("gerrychain", "k-means-constrained", "pymetis", "spopt")


def _places(problem: dict[str, Any]) -> Any:
    return np.column_stack([problem["x_km"], problem["y_km"]])


def _frame(problem: dict[str, Any]) -> Any:
    geopandas = import_module("geopandas")
    x, y = problem["x_km"], problem["y_km"]
    return geopandas.GeoDataFrame(
        {"x_km": x, "y_km": y, "people": problem["list_size"]},
        geometry=geopandas.points_from_xy(x, y),
    )


def _weights(problem: dict[str, Any]) -> Any:
    around: dict[int, list[int]] = {i: [] for i in range(len(problem["code"]))}
    for i, k in problem["pairs"]:
        around[i].append(k)
        around[k].append(i)
    return import_module("libpysal.weights").W(around, silence_warnings=True)


def _chain_graph(problem: dict[str, Any]) -> Any:
    graph = import_module("networkx").Graph()
    for i, people in enumerate(problem["list_size"]):
        graph.add_node(i, people=people)
    graph.add_edges_from(problem["pairs"])
    return import_module("gerrychain").Graph.from_networkx(graph)


def _target(problem: dict[str, Any]) -> tuple[float, float]:
    """Return the mean size, and how far from it both bounds allow to be."""
    low, high = problem["size_bounds"]
    target = sum(problem["list_size"]) / problem["count"]
    return target, min(1 - low / target, high / target - 1)


def _first_partition(problem: dict[str, Any], graph: Any) -> Any:
    chain = import_module("gerrychain")
    _, epsilon = _target(problem)
    return chain.Partition.from_random_assignment(
        graph,
        n_parts=problem["count"],
        epsilon=epsilon,
        pop_col="people",
        updaters={"people": chain.updaters.Tally("people", alias="people")},
    )


def _labels(problem: dict[str, Any], partition: Any) -> Labels:
    number = {part: k for k, part in enumerate(partition.parts)}
    where = {i: number[part] for part, nodes in partition.parts.items() for i in nodes}
    return [where[i] for i in range(len(problem["code"]))]


def main() -> None:
    """Read the problem, ask the peer, write ``code,federation``, say the version."""
    peer, source, target = sys.argv[1:]
    problem = json.loads(Path(source).read_text(encoding="utf-8"))
    random.seed(problem["seed"])
    np.random.seed(problem["seed"])  # noqa: NPY002 - the peers draw from it
    warnings.simplefilter("ignore")
    labels = PEERS[peer](problem)
    with Path(target).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("code", "federation"))
        table.writerows(
            (code, f"P{label}")
            for code, label in zip(problem["code"], labels, strict=True)
        )
    package = next(name for name in PACKAGES if peer.startswith(name))
    print(package, version(package))


if __name__ == "__main__":
    main()
