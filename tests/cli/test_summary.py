"""What a terminal shows of a result, and what a script gets of it."""

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from federate.cli.answer import answer, exit_code
from federate.cli.summary import found, proof_in_words
from federate.engine.answer import Grouping, to_plan
from federate.result import Result, evaluated
from federate.verify import Violation
from solvers.contract import Status, StopReason
from tests.strategies import small_problem

PROBLEM = small_problem(3)
PLAN = to_plan(PROBLEM, Grouping(((0, 1, 2), (3, 4, 5)), (0, 3)))


@pytest.fixture
def good() -> Result:
    """Return a plan that breaks no rule, as a solve would return it."""
    result = replace(evaluated(PROBLEM, PLAN), violations=())
    return replace(result, status=Status.OPTIMAL, stop=StopReason.FINISHED, gap=0.0)


def shown(result: Result, width: int = 80, **how: Any) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(found(result, width=width, **how))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("status", "stop", "gap", "words"),
    [
        (Status.OPTIMAL, StopReason.FINISHED, 0.0, "proven to be the best possible"),
        (
            Status.OPTIMAL,
            StopReason.GAP_REACHED,
            0.00834,
            "proven within 0.8 % of the best possible",
        ),
        (
            Status.FEASIBLE,
            StopReason.TIME_LIMIT,
            0.0002,
            "proven within 0.02 % of the best possible; stopped at the time limit",
        ),
        (
            Status.FEASIBLE,
            StopReason.CANCELLED,
            None,
            "no bound proven; a cheaper plan may exist; stopped on request",
        ),
    ],
)
def test_the_gap_is_told_in_words(
    good: Result, status: Status, stop: StopReason, gap: float | None, words: str
) -> None:
    result = replace(good, status=status, stop=stop, gap=gap)
    assert proof_in_words(result).replace("\xa0", " ") == words


@pytest.mark.parametrize("width", [80, 120])
def test_every_figure_of_a_federation_is_shown_whole(good: Result, width: int) -> None:
    said = shown(good, width)
    assert good.scorecard is not None
    for row in good.scorecard.federations:
        assert f"{row.patients:,}" in said
        assert f"{row.travel_max_min:.1f} min" in said


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_screen(good: Result, width: int) -> None:
    assert max(map(len, shown(good, width).splitlines())) <= width


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_number_and_its_unit_share_a_line(good: Result, width: int) -> None:
    starts = [line.split()[0] for line in shown(good, width).splitlines() if line]
    assert "%" not in starts


def test_a_plan_that_keeps_every_rule_is_told_so(good: Result) -> None:
    assert "every rule is kept" in shown(good)


def test_broken_rules_are_told_and_the_rest_counted(good: Result) -> None:
    broken = [
        Violation("rules.size_bounds", "F01", (), 1.0, "persons", f"F01 broke {k}")
        for k in range(14)
    ]
    said = shown(replace(good, violations=tuple(broken)))
    assert "14 broken, told below" in said
    assert "Broken rules: 14 of rules.size_bounds" in said
    assert "F01 broke 7" in said
    assert "and 6 more" in said


def test_somebody_elses_plan_is_told_without_a_proof(good: Result) -> None:
    assert "Proof" not in shown(good, evaluated=True)


def test_an_infeasible_problem_is_told_with_its_reasons(good: Result) -> None:
    none = Result(
        PROBLEM,
        None,
        Status.INFEASIBLE,
        StopReason.FINISHED,
        reasons=("the bounds leave out everybody; widen them",),
    )
    said = shown(none)
    assert "No plan can keep these rules." in said
    assert "the bounds leave out everybody; widen them" in said


def test_a_limit_that_came_first_is_no_proof_of_anything(good: Result) -> None:
    none = Result(PROBLEM, None, Status.NO_SOLUTION, StopReason.TIME_LIMIT)
    assert "Nothing proves that there is none" in " ".join(shown(none).split())


def test_brackets_in_a_name_are_text(good: Result) -> None:
    practices = PROBLEM.instance.practices
    odd = replace(practices, name=("[red]The Surgery[/]", *practices.name[1:]))
    instance = replace(PROBLEM.instance, practices=odd)
    result = replace(good, problem=replace(PROBLEM, instance=instance))
    assert "[red]The Surgery[/]" in shown(result, 120)


@pytest.mark.parametrize(
    ("status", "has_plan", "interrupted", "code"),
    [
        (Status.OPTIMAL, True, False, 0),
        (Status.ERROR, False, False, 1),
        (Status.INFEASIBLE, False, False, 4),
        (Status.FEASIBLE, True, False, 5),
        (Status.NO_SOLUTION, False, False, 6),
        (Status.NO_SOLUTION, True, False, 6),
        (Status.FEASIBLE, True, True, 130),
        (Status.NO_SOLUTION, False, True, 130),
    ],
)
def test_each_end_has_its_exit_code(
    good: Result, status: Status, has_plan: bool, interrupted: bool, code: int
) -> None:
    result = replace(good, status=status, plan=good.plan if has_plan else None)
    assert exit_code(result, interrupted=interrupted) == code


def test_a_script_gets_exactly_the_promised_keys(good: Result) -> None:
    assert set(answer(good, None)) == {
        "status",
        "stop",
        "objective_gbp",
        "bound_gbp",
        "gap",
        "num_federations",
        "num_violations",
        "violations",
        "seconds",
        "run",
    }
