"""The door for callers, with a stand-in for the engine where only words matter."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import federate as fed
from federate.engine.events import Event, Listener
from federate.errors import PlanError, ScenarioError
from federate.evidence import Evidence
from federate.plan import Plan
from federate.plan_file import with_centres, write_plan
from federate.practices.folder import write_folder
from federate.problem import Problem
from federate.result import Result, evaluated
from federate.scenario import Scenario
from solvers.contract import Options, Status
from tests.strategies import small_instance

Cancel = Callable[[], bool] | None


class Engine(ModuleType):
    """Stands in for ``federate.engine.solve``: one federation, and its events."""

    def __init__(self) -> None:
        super().__init__("federate.engine.solve")
        self.problem: Problem | None = None
        self.warm_start: Plan | None = None
        self.prices: Evidence | None = None
        self.wait_for_cancel = False
        self.error: Exception | None = None

    def solve(
        self,
        problem: Problem,
        *,
        warm_start: Plan | None = None,
        prices: Evidence | None = None,
        listen: Listener | None = None,
        cancel: Cancel = None,
    ) -> Result:
        """Remember what was asked, tell two events, and put all in one."""
        self.problem, self.warm_start, self.prices = problem, warm_start, prices
        if self.error:
            raise self.error
        for kind in ("started", "incumbent"):
            if listen:
                listen(Event(kind, 0.0))
        while self.wait_for_cancel and not (cancel and cancel()):
            pass
        everybody = dict.fromkeys(problem.instance.practices.code, "F1")
        return evaluated(problem, with_centres(problem, everybody))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    monkeypatch.setitem(sys.modules, "federate.engine.solve", engine)
    return engine


def scenario(**sections: Any) -> Scenario:
    asked = {
        "schema": 1,
        "scale": {"fixed_gbp_per_federation": 60_000.0},
        "cover": {"enabled": False},
    }
    return Scenario.model_validate(asked | sections)


def halves(*codes: str) -> Plan:
    federation = {c: "F1" if k < 3 else "F2" for k, c in enumerate(codes)}
    return Plan(federation, {"F1": codes[0], "F2": codes[3]})


CODES = tuple(f"P{i}" for i in range(6))


def test_a_solve_returns_a_result(engine: Engine) -> None:
    result = fed.solve(scenario(), instance=small_instance(1, 6))
    assert result.status is Status.FEASIBLE


def test_settings_given_replace_those_of_the_scenario(engine: Engine) -> None:
    fed.solve(
        scenario(),
        instance=small_instance(1, 6),
        time_limit_s=5.0,
        gap=0.01,
        solver="scip",
        threads=2,
        seed=7,
    )
    assert engine.problem is not None
    asked = engine.problem.scenario.solve
    said = (asked.time_limit_s, asked.gap, asked.solver, asked.threads, asked.seed)
    assert said == (5.0, 0.01, "scip", 2, 7)


def test_settings_not_given_stay(engine: Engine) -> None:
    fed.solve(scenario(solve={"seed": 3}), instance=small_instance(1, 6))
    assert engine.problem is not None
    assert engine.problem.scenario.solve.seed == 3


def test_a_setting_out_of_range_is_told_by_its_key(engine: Engine) -> None:
    with pytest.raises(ScenarioError, match=r"solve\.time_limit_s"):
        fed.solve(scenario(), instance=small_instance(1, 6), time_limit_s=-1.0)


def test_an_instance_may_be_named_by_its_folder(engine: Engine, tmp_path: Path) -> None:
    write_folder(small_instance(1, 6), tmp_path / "small")
    fed.solve(scenario(), instance=tmp_path / "small")
    assert engine.problem is not None
    assert engine.problem.scenario.instance == str(tmp_path / "small")


def test_a_scenario_may_be_named_by_its_file(engine: Engine, tmp_path: Path) -> None:
    write_folder(small_instance(1, 6), tmp_path / "small")
    path = tmp_path / "asked.toml"
    text = 'schema = 1\ninstance = "small"\n[rules]\nnum_federations = 1\n'
    path.write_text(text, "utf-8")
    fed.solve(path)
    assert engine.problem is not None
    assert engine.problem.num_federations == (1, 1)


def test_an_instance_in_memory_is_no_source_to_read_again(engine: Engine) -> None:
    fed.solve(scenario(), instance=small_instance(1, 6))
    assert engine.problem is not None
    assert engine.problem.scenario.instance is None


def test_a_scenario_without_an_instance_says_the_way_out(engine: Engine) -> None:
    with pytest.raises(ScenarioError, match="instance: names no instance"):
        fed.solve(scenario())


def test_a_warm_start_may_be_the_current_grouping(engine: Engine) -> None:
    instance = small_instance(1, 6)
    fed.solve(scenario(), instance=instance, warm_start="current")
    assert engine.warm_start is not None
    assert tuple(engine.warm_start.federation.values()) == instance.current


def test_a_result_to_start_from_brings_its_prices(engine: Engine) -> None:
    instance = small_instance(1, 6)
    prices = Evidence(
        codes=instance.practices.code,
        practice_gbp=np.zeros(instance.num_practices),
        count_gbp=0.0,
        sets=np.zeros((0, 5), dtype=np.int64),
        cut_gbp=np.zeros(0),
        dual_bound_gbp=0.0,
        bound_gbp=0.0,
    )
    first = fed.solve(scenario(), instance=instance)
    assert engine.prices is None
    fed.solve(scenario(), instance=instance, warm_start=replace(first, evidence=prices))
    assert engine.prices is prices


def test_a_warm_start_may_be_a_table_a_plan_or_a_result(
    engine: Engine, tmp_path: Path
) -> None:
    instance = small_instance(1, 6)
    write_plan(halves(*CODES), tmp_path / "plan.csv")
    result = fed.evaluate(halves(*CODES), scenario(), instance=instance)
    for start in (tmp_path / "plan.csv", halves(*CODES), result):
        fed.solve(scenario(), instance=instance, warm_start=start)
        assert engine.warm_start == halves(*CODES)


def test_events_are_told_while_solving(engine: Engine) -> None:
    heard: list[Event] = []
    fed.solve(scenario(), instance=small_instance(1, 6), listen=heard.append)
    assert [event.kind for event in heard] == ["started", "incumbent"]


def test_a_run_can_be_iterated_more_than_once(engine: Engine) -> None:
    run = fed.start(scenario(), instance=small_instance(1, 6))
    for _ in range(2):
        assert [event.kind for event in run] == ["started", "incumbent"]


def test_a_run_ends_with_its_result(engine: Engine) -> None:
    run = fed.start(scenario(), instance=small_instance(1, 6))
    assert run.result().require_plan().num_federations == 1
    assert run.is_done


def test_a_cancelled_run_stops_with_its_best_plan(engine: Engine) -> None:
    engine.wait_for_cancel = True
    run = fed.start(scenario(), instance=small_instance(1, 6))
    assert not run.is_done
    run.cancel()
    assert run.result().plan is not None


def test_waiting_for_a_run_may_be_limited(engine: Engine) -> None:
    engine.wait_for_cancel = True
    run = fed.start(scenario(), instance=small_instance(1, 6))
    with pytest.raises(TimeoutError, match=r"still solving after 0\.01 seconds"):
        run.result(timeout_s=0.01)
    run.cancel()
    run.result()


def test_what_a_run_raises_is_raised_by_its_result(engine: Engine) -> None:
    engine.error = fed.SolverError("highs is not installed")
    run = fed.start(scenario(), instance=small_instance(1, 6))
    assert list(run) == []
    with pytest.raises(fed.SolverError, match="highs is not installed"):
        run.result()


def test_faults_are_told_before_a_run_begins(engine: Engine) -> None:
    with pytest.raises(ScenarioError, match="names no instance"):
        fed.start(scenario())


def test_any_plan_is_scored_and_verified() -> None:
    asked = scenario(rules={"num_federations": 1})
    result = fed.evaluate(halves(*CODES), asked, instance=small_instance(1, 6))
    assert result.status is Status.NO_SOLUTION
    assert "rules.num_federations" in {v.rule for v in result.violations}
    assert result.objective_gbp is not None
    assert result.bound_gbp is None


def test_the_current_grouping_is_evaluated_by_name() -> None:
    instance = small_instance(1, 6)
    result = fed.evaluate("current", scenario(), instance=instance)
    assert tuple(result.require_plan().federation.values()) == instance.current


def test_a_plan_without_centres_is_given_them() -> None:
    bare = Plan(halves(*CODES).federation, {})
    result = fed.evaluate(bare, scenario(), instance=small_instance(1, 6))
    assert set(result.require_plan().centre) == {"F1", "F2"}


def test_a_plan_of_a_wider_area_is_clipped(tmp_path: Path) -> None:
    instance = small_instance(1, 6)
    asked = scenario(area={"district": ("N",)})
    whole = halves(*CODES)
    north = [
        code
        for code, label in zip(
            CODES, instance.practices.attributes["district"].values, strict=True
        )
        if label == "N"
    ]
    write_plan(whole, tmp_path / "plan.csv")
    for plan in (whole, tmp_path / "plan.csv"):
        result = fed.evaluate(plan, asked, instance=instance)
        assert sorted(result.require_plan().federation) == north == ["P0", "P2", "P4"]


def test_a_plan_of_strangers_is_refused() -> None:
    strange = Plan({"Q1": "F1"}, {"F1": "Q1"})
    with pytest.raises(PlanError, match="no practice Q1"):
        fed.evaluate(strange, scenario(), instance=small_instance(1, 6))


def test_a_moved_plan_goes_through_the_same_evaluator() -> None:
    asked, instance = scenario(), small_instance(1, 6)
    before = fed.evaluate(halves(*CODES), asked, instance=instance)
    moved = before.move("P2", "F2")
    again = fed.evaluate(moved, asked, instance=instance)
    assert again.objective_gbp == moved.objective_gbp


@pytest.fixture
def cover(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    """Stand in for ``federate.engine.cover``: base B0 for all; what it was given."""
    given: list[Options] = []

    def open_bases(
        problem: Problem, plan: Plan, *, options: Options, solver: str
    ) -> Plan:
        given.append(options)
        return replace(plan, bases=dict.fromkeys(CODES, "B0"), open_bases=("B0",))

    module = ModuleType("federate.engine.cover")
    module.open_bases = open_bases  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "federate.engine.cover", module)
    return given


def test_a_plan_without_bases_is_given_them_where_cover_is_asked_for(
    cover: list[Options],
) -> None:
    asked = scenario(cover={"enabled": True}, solve={"time_limit_s": 9.0})
    result = fed.evaluate(halves(*CODES), asked, instance=small_instance(1, 6))
    assert result.require_plan().open_bases == ("B0",)
    assert cover[0].time_limit_s == 9.0


def test_a_plan_with_bases_keeps_them(cover: list[Options]) -> None:
    asked = scenario(cover={"enabled": True})
    plan = replace(halves(*CODES), bases={"P0": "B1"}, open_bases=("B1",))
    result = fed.evaluate(plan, asked, instance=small_instance(1, 6))
    assert result.require_plan().open_bases == ("B1",)
    assert not cover


def test_cover_that_is_not_asked_for_is_not_chosen(cover: list[Options]) -> None:
    fed.evaluate(halves(*CODES), scenario(), instance=small_instance(1, 6))
    assert not cover
