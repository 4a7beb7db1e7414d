"""How the peers are asked; the peers themselves live in another environment."""

import sys
from pathlib import Path

import pytest

from benchmarks.peers.ask import AbsentError, ask, counts
from benchmarks.peers.cases import PEERS
from federate import Scenario, read
from federate.problem import Problem
from tests.square import square

TRAVEL = {
    "schema": 1,
    "rules": {"size_bounds": (1, 10**6), "num_federations": "free"},
    "cover": {"enabled": False},
}


def test_the_numbers_tried_are_those_that_the_total_admits() -> None:
    assert counts(square(size_bounds=(20_000.0, 45_000.0))) == (2, 3, 4)


def test_many_numbers_are_thinned_but_keep_both_ends() -> None:
    tried = counts(square(size_bounds=(10_000.0, 90_000.0)))
    assert (tried[0], tried[-1], len(tried)) == (1, 9, 8)


def test_an_absent_environment_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(AbsentError, match=r"requirements\.txt"):
        _ask("pymetis", str(tmp_path / "python"))


def test_a_peer_that_is_not_installed_gives_its_own_last_word() -> None:
    with pytest.raises(RuntimeError, match="no-such-peer"):
        _ask("no-such-peer", sys.executable)


def test_every_peer_that_is_asked_has_a_worker() -> None:
    from benchmarks.peers.worker import PEERS as WORKERS

    assert set(WORKERS) == set(PEERS)


def _ask(peer: str, python: str) -> None:
    scenario = Scenario.model_validate(TRAVEL)
    instance = read("toy")
    assert Problem.build(instance, scenario).n == 8
    ask(peer, instance, scenario, python=python, time_limit_s=1.0, seed=0)
