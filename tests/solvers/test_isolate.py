"""A backend in a child process may die; the caller hears of it and lives."""

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter, sleep

import pytest

from solvers.contract import (
    Capability,
    CapabilityError,
    OptionError,
    Options,
    Progress,
    Status,
    StopReason,
)
from solvers.highs import Highs
from solvers.isolate import Isolated
from solvers.process import can_weigh
from tests.solvers import doomed
from tests.solvers.models import hard, knapsack


def test_the_answer_is_that_of_the_backend_itself() -> None:
    apart = Isolated(Highs()).solve(knapsack(), Options())
    here = Highs().solve(knapsack(), Options())
    assert apart.status is Status.OPTIMAL
    assert apart.objective == here.objective
    assert apart.version == here.version
    assert apart.backend == "highs"


@pytest.mark.parametrize(
    ("fate", "words"),
    [
        (doomed.Segfaults(), r"SIGSEGV.*log ends: Assertion `basis.valid\(\)' failed"),
        (doomed.Exits(), "ended with code 3 and without an answer"),
        (doomed.Raises(), "ValueError: a fault of its own"),
    ],
    ids=["a signal", "an exit", "an exception"],
)
def test_a_death_is_an_outcome_with_the_tail_of_the_log(
    fate: doomed.Segfaults, words: str
) -> None:
    outcome = Isolated(fate).solve(knapsack(), Options())
    assert outcome.status is Status.ERROR
    assert outcome.stop is StopReason.CRASHED
    assert outcome.values is None
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(outcome.message)


def test_a_backend_that_dies_when_probed_does_not_run() -> None:
    probe = Isolated(doomed.Exits()).probe()
    assert not probe.runs
    assert "code 3" in probe.why_not


def test_what_the_backend_refuses_is_refused_here() -> None:
    with pytest.raises(OptionError, match="rel_gap = 7"):
        Isolated(doomed.Refuses()).solve(knapsack(), Options())


def test_one_that_overruns_its_time_is_ended_and_its_incumbent_kept() -> None:
    outcome = Isolated(doomed.Deaf()).solve(knapsack(), Options(time_limit_s=0.1))
    assert outcome.stop is StopReason.TIME_LIMIT
    assert outcome.status is Status.FEASIBLE
    assert outcome.objective == 0
    assert outcome.bound == -1000
    assert "overran its time limit" in outcome.message


@pytest.mark.parametrize("fate", [doomed.Deaf(), doomed.Silent()])
def test_one_that_hears_nothing_can_be_cancelled(fate: doomed.Deaf) -> None:
    asked_at: list[float] = []

    def stop(progress: Progress) -> bool:
        asked_at.append(perf_counter())
        return True

    outcome = Isolated(fate).solve(knapsack(), Options(), on_progress=stop)
    assert perf_counter() - asked_at[0] < 2
    assert outcome.stop is StopReason.CANCELLED


@pytest.mark.skipif(not can_weigh(), reason="memory cannot be read on this system")
def test_one_that_takes_too_much_memory_is_ended() -> None:
    outcome = Isolated(doomed.Greedy()).solve(knapsack(), Options(memory_mb=250))
    assert outcome.stop is StopReason.MEMORY_LIMIT
    assert outcome.status is Status.FEASIBLE
    assert "more memory than allowed" in outcome.message


def test_no_session_is_kept_in_a_child() -> None:
    assert Capability.SESSION not in Isolated(Highs()).capabilities
    with pytest.raises(CapabilityError, match=r"session; these can: highs"):
        Isolated(Highs()).session(knapsack())


def test_the_log_reaches_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    Isolated(Highs()).solve(knapsack(), Options(log=True))
    heard = capfd.readouterr()
    assert "HiGHS" in heard.err
    assert not heard.out


CHILDREN = "/proc/self/task/{0}/children"
needs_proc = pytest.mark.skipif(
    not Path(CHILDREN.format(os.getpid())).exists(),
    reason="this system does not list the children of a process",
)


@needs_proc
def test_no_process_is_left_when_the_listener_raises() -> None:
    def listen(progress: Progress) -> bool:
        raise ZeroDivisionError("from the listener")

    listed = Path(CHILDREN.format(os.getpid()))
    before = listed.read_text()
    with pytest.raises(ZeroDivisionError):
        Isolated(Highs()).solve(hard(), Options(), on_progress=listen)
    assert listed.read_text() == before


@needs_proc
def test_the_child_ends_with_its_caller() -> None:
    code = f"""
import os, sys
from pathlib import Path
sys.path[:] = {sys.path!r}
from solvers.contract import Options
from solvers.isolate import Isolated
from tests.solvers.doomed import Deaf
from tests.solvers.models import knapsack

def die(progress):
    if progress.values is not None:
        print(Path({CHILDREN!r}.format(os.getpid())).read_text(), flush=True)
        os._exit(9)

Isolated(Deaf()).solve(knapsack(), Options(), on_progress=die)
"""
    ran = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert ran.returncode == 9
    (orphan,) = ran.stdout.split()
    patience = perf_counter() + 5
    while _runs(int(orphan)) and perf_counter() < patience:
        sleep(0.05)
    assert not _runs(int(orphan))


def _runs(pid: int) -> bool:
    """Whether a process lives; one that has ended unburied does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
