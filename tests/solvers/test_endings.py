"""Whoever gets no point is told why, in a sentence."""

import pytest

from solvers.claim import Claim, judge
from solvers.contract import Options, Status, StopReason
from solvers.endings import ending
from tests.solvers.models import knapsack

_WITHOUT_POINT = [
    (Status.INFEASIBLE, StopReason.FINISHED),
    (Status.UNBOUNDED, StopReason.FINISHED),
    (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    (Status.NO_SOLUTION, StopReason.MEMORY_LIMIT),
    (Status.NO_SOLUTION, StopReason.CANCELLED),
    (Status.NO_SOLUTION, StopReason.INFEASIBLE_OR_UNBOUNDED),
    (Status.ERROR, StopReason.NUMERIC),
    (Status.ERROR, StopReason.CRASHED),
]


@pytest.mark.parametrize(("status", "stop"), _WITHOUT_POINT)
def test_every_end_without_a_point_has_its_sentence(
    status: Status, stop: StopReason
) -> None:
    options = Options(time_limit_s=5.0)
    assert judge(knapsack(), Claim(status, stop), options).message


def test_no_two_ends_sound_alike() -> None:
    options = Options(time_limit_s=5.0)
    told = {ending(status, stop, options) for status, stop in _WITHOUT_POINT}
    assert len(told) == len(_WITHOUT_POINT)


def test_what_the_backend_says_itself_comes_first() -> None:
    claim = Claim(Status.INFEASIBLE, StopReason.FINISHED, message="row 3 never holds")
    assert judge(knapsack(), claim, Options()).message == "row 3 never holds"
