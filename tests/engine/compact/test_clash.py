"""Where no plan exists, the rules named clash: those, and none to spare."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from federate.engine.compact.clash import Rule, clashing, rules_of, told
from federate.engine.compact.solve import solve_compact
from federate.problem import Problem
from federate.scenario.schema import Scenario
from solvers.contract import Options, Status
from tests.engine.compact.street import street
from tests.engine.compact.variants import variant
from tests.oracle import brute_force
from tests.square import square

# What each field of a problem is without its rule.
FREE: dict[str, Any] = {
    **dict.fromkeys(("oversize", "waived", "together", "apart"), ()),
    **dict.fromkeys(("size_bounds", "practices_bounds", "max_pieces", "kappa")),
    **dict.fromkeys(("zone", "reachable")),
    "num_federations": (0, None),
    "no_donut": False,
    "allow_singletons": True,
}
# Seeds of variants that have no plan.
IMPOSSIBLE = (0, 2, 3, 7, 8, 9, 10, 14, 15, 16, 19, 23, 24, 25)


def _impossible(problem: Problem) -> bool:
    """Whether no plan keeps the arrays' rules; the oracle also asks the scenario."""
    voluntary = {} if problem.alone_gbp is None else {"mode": "voluntary"}
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "membership": voluntary,
            "rules": {"num_federations": "free", "contiguity": "none"},
        }
    )
    return brute_force(replace(problem, scenario=scenario)) is None


def _reason(problem: Problem) -> str:
    answer = solve_compact(problem, options=Options())
    assert answer.status is Status.INFEASIBLE
    return answer.reasons[-1]


def test_the_sentence_names_the_rules_that_clash() -> None:
    problem = street(size_bounds=(45_000, 60_000), max_pieces=1, no_donut=True)
    assert _reason(problem) == (
        "no plan can keep all of these rules, so one must give way: each federation "
        "in one piece (rules.contiguity); 45,000 to 60,000 patients in each "
        "federation (rules.size_bounds)"
    )


def test_a_rule_that_clashes_with_nothing_is_not_named() -> None:
    problem = street(size_bounds=(45_000, 60_000), max_pieces=1, no_donut=True)
    named = [rule.key for rule in clashing(problem, _impossible)]
    assert named == ["rules.contiguity", "rules.size_bounds"]


def test_a_rule_that_clashes_with_itself_is_named_alone() -> None:
    problem = street(practices_bounds=(3, 3), max_pieces=1)
    assert _reason(problem) == (
        "no plan can keep this rule: 3 to 3 practices in each federation "
        "(rules.practices_bounds)"
    )


def test_practices_that_must_be_apart_are_named_by_pair() -> None:
    problem = street(num_federations=(1, 2), apart=((0, 1), (0, 2), (1, 2), (2, 3)))
    reason = _reason(problem)
    assert "at least 1 federation" not in reason
    assert "1 to 2 federations (rules.num_federations)" in reason
    assert "Ash (P0) and Beech (P1) apart" in reason
    assert "Damson" not in reason


def test_pairs_apart_by_one_line_of_the_scenario_are_told_as_one() -> None:
    pairs = ((0, 1), (0, 2), (1, 2), (2, 3))
    problem = street(num_federations=(1, 2), apart=pairs)
    rules = {"rules__apart": (("P0", "P1", "P2"), ("P2", "P3"))}
    stated = replace(problem, scenario=problem.scenario.with_(**rules))
    assert _reason(stated).endswith(
        "Ash (P0), Beech (P1) and Cherry (P2) apart (rules.apart)"
    )


def test_a_veto_is_told_as_a_veto() -> None:
    problem = street(num_federations=(1, 1), apart=((1, 3),))
    assert "Beech (P1) and Damson (P3) apart (rules.respect_vetoes)" in _reason(problem)


def test_a_long_list_is_told_in_part() -> None:
    rules = [Rule("rules.apart", f"pair {k}", {}) for k in range(10)]
    assert told(rules).endswith("pair 7 (rules.apart); and 2 more")


def test_practices_that_must_be_together_are_named() -> None:
    problem = street(together=((0, 1), (2, 3)), size_bounds=(0, 65_000))
    reason = _reason(problem)
    assert "Cherry (P2) and Damson (P3) together (rules.together)" in reason
    assert "Ash" not in reason


def test_the_key_is_that_of_the_scenario_which_states_it() -> None:
    problem = street(together=((2, 3),), size_bounds=(0, 65_000))
    kept = problem.scenario.with_(rules__keep=("P2", "P3"))
    assert "together (rules.keep)" in _reason(replace(problem, scenario=kept))


def test_a_practice_no_federation_can_hold_is_named_before_the_rules() -> None:
    reachable = np.eye(4, dtype=bool)
    problem = street(reachable=reachable, allow_singletons=False, apart=((0, 1),))
    reason = _reason(problem)
    assert "travel limit" in reason
    assert "federation of one practice" in reason
    assert "apart" not in reason


def test_risk_that_no_population_keeps_is_said_so() -> None:
    answer = solve_compact(street(kappa=np.nan), options=Options())
    assert answer.status is Status.INFEASIBLE
    assert len(answer.reasons) == 2
    assert answer.reasons[0].startswith("no federation that keeps the rules can hold")
    assert "which no population is large enough for" in answer.reasons[1]


@pytest.mark.parametrize("seed", IMPOSSIBLE)
def test_what_is_named_clashes_and_nothing_named_can_be_spared(seed: int) -> None:
    problem = variant(seed)
    assert brute_force(problem) is None
    rules = clashing(problem, _impossible)
    named = {field for rule in rules for field in rule.fields}
    assert named
    assert _impossible(_keeping(problem, rules))
    for rule in rules:
        rest = [other for other in rules if other is not rule]
        assert not _impossible(_keeping(problem, rest))


def _keeping(problem: Problem, rules: list[Rule]) -> Problem:
    """Return the problem with no rules but these."""
    held = {field for rule in rules for field in rule.fields}
    bare = {field for rule in rules_of(problem) for field in rule.fields} - held
    free: dict[str, Any] = {name: FREE[name] for name in bare}
    for name in {"together", "apart"} & held:
        free[name] = tuple(i for rule in rules for i in rule.fields.get(name, ()))
    return replace(problem, **free)


def test_nothing_is_left_out_that_is_not_known_to_be_spare() -> None:
    problem = street(size_bounds=(45_000, 60_000), max_pieces=1, no_donut=True)
    assert clashing(problem, lambda part: None) == rules_of(problem)


def test_no_time_to_find_out_names_all_the_rules() -> None:
    # Proven before any solve, so that no time limit is in the way.
    reachable = np.zeros((4, 4), dtype=bool)
    problem = street(reachable=reachable, num_federations=(1, 4), no_donut=True)
    answer = solve_compact(problem, options=Options(time_limit_s=0.0))
    assert answer.status is Status.INFEASIBLE
    assert answer.reasons[-1] == told(rules_of(problem))


def test_a_problem_with_a_plan_gives_no_reason() -> None:
    assert solve_compact(square(max_pieces=1), options=Options()).reasons == ()
