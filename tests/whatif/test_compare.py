"""Plans side by side: who moves, every criterion, in words and in files."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import federate
from federate.errors import InputError, PlanError
from federate.plan import Plan
from federate.result import Result, evaluated
from federate.whatif.comparison import Comparison
from federate.whatif.criteria import criteria_of
from federate.whatif.payload import compare_payload
from federate.whatif.written import write
from tests.show.village import FORMULA, HOSTILE, village
from tests.square import CODES, grouped, rows, square


def squares(*groups: str) -> Result:
    return evaluated(square(), grouped(*groups))


def held(*results: Result) -> Comparison:
    return Comparison(tuple(f"p{k}" for k in range(len(results))), results)


TWO = held(
    squares("A2 A1 A3", "B2 B1 B3", "C2 C1 C3"),
    squares("B1 B2", "B3 A1 A2 A3", "C2 C1 C3"),
)


def test_who_moves_is_told_with_minutes_before_and_after() -> None:
    (change,) = TWO.changes
    assert (change.code, change.before, change.after) == ("B3", "F2", "F2")
    assert change.continues == "F1"
    assert (change.minutes_before, change.minutes_after) == (10.0, 0.0)


def test_every_federation_is_told_what_becomes_of_it() -> None:
    fates = {(fate.before, fate.after): fate for fate in TWO.fates}
    assert set(fates) == {("F1", "F2"), ("F2", "F1"), ("F3", "F3")}
    assert fates["F1", "F2"].joined == ("B3",)
    assert fates["F2", "F1"].left == ("B3",)
    assert (fates["F3", "F3"].patients_before, fates["F3", "F3"].joined) == (30_000, ())


def test_a_federation_that_is_new_or_gone_has_no_partner() -> None:
    merged = held(TWO.results[0], squares("A2 A1 A3 B1 B2 B3", "C2 C1 C3"))
    gone = [fate for fate in merged.fates if not fate.after]
    assert [(fate.before, fate.patients_after) for fate in gone] == [("F2", None)]
    split = held(merged.results[1], TWO.results[0])
    new = [fate for fate in split.fates if not fate.before]
    assert [(fate.joined, fate.patients_before) for fate in new] == [
        (("B1", "B2", "B3"), None)
    ]


def test_the_sentence_says_what_differs_and_nothing_else() -> None:
    sentence = TWO.summaries[0]
    assert sentence.startswith(
        "From p0 to p1: 1 practice of 9 (10,000 patients, 11.1\xa0%) changes federation"
    )
    assert "federations become" not in sentence
    assert "broken rules" not in sentence


def test_the_same_grouping_under_other_names_moves_nobody() -> None:
    again = held(TWO.results[0], squares("C2 C1 C3", "A2 A1 A3", "B2 B1 B3"))
    assert again.summary == "p1 groups the practices as p0 does."
    assert len(again.moves) == 0


def test_the_criteria_are_those_of_the_scorecards() -> None:
    figures = {figure.key: figure for figure in criteria_of(TWO.results)}
    cards = [result.scorecard for result in TWO.results]
    for name in ("travel_mean_min", "size_max_persons", "num_cut_edges"):
        assert figures[name].of_plans == tuple(c.totals[name] for c in cards if c)
    assert figures["objective_gbp"].of_plans == tuple(
        c.objective_gbp for c in cards if c
    )
    terms = [f.of_plans for f in figures.values() if f.group == "cost"][:-1]
    assert [sum(of) for of in zip(*terms, strict=True)] == pytest.approx(
        figures["objective_gbp"].of_plans
    )


def test_the_table_of_criteria_has_the_change() -> None:
    row = TWO.criteria.loc["travel_patient_min"]
    assert row["change to p1"] == row["p1"] - row["p0"] != 0


def test_each_plan_has_its_own_broken_rules() -> None:
    found = held(village(), village(grouped("A1 A2", "A3 B3 B2 B1", "C2 C1 C3")))
    assert set(found.violations["plan"]) == {"p0", "p1"}
    assert len(found.violations) == sum(len(r.violations) for r in found.results)


def test_plans_are_named_after_their_files_each_once(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        federate.solve("toy").save(tmp_path / folder / "run")
    paths = [tmp_path / folder / "run" for folder in ("one", "two")]
    assert federate.compare("current", *paths).names == ("current", "run", "run (2)")


def test_a_run_of_the_same_question_keeps_its_proof(tmp_path: Path) -> None:
    run = federate.solve("toy").save(tmp_path / "run")
    current, best = federate.compare("current", run).results
    assert (current.gap, best.gap) == (None, 0.0)
    other = federate.Scenario.load("toy", weights__travel_gbp_per_patient_min=2.0)
    assert federate.compare(run, "current", scenario=other).results[0].gap is None


def test_a_comparison_without_a_scenario_says_so() -> None:
    with pytest.raises(PlanError, match="name a scenario"):
        federate.compare("current", rows())


def test_one_plan_alone_cannot_be_compared() -> None:
    with pytest.raises(PlanError, match="two plans or more"):
        federate.compare("current", scenario="toy")


def test_names_must_fit_the_plans() -> None:
    with pytest.raises(PlanError, match="2 plans need as many names"):
        federate.compare("current", "current", scenario="toy", names=("a", "a"))


def test_a_workbook_has_every_table(tmp_path: Path) -> None:
    import openpyxl

    TWO.to_excel(tmp_path / "compare.xlsx")
    book = openpyxl.load_workbook(tmp_path / "compare.xlsx")
    assert book.sheetnames == [
        "summary",
        "criteria",
        "moves",
        "federations",
        "violations",
    ]
    assert book["moves"]["B2"].value == "B3"
    formats = {
        row[1].value: row[3].number_format for row in book["criteria"].iter_rows()
    }
    assert formats["Mean travel to the lead practice, min"] == "0.0"


def test_a_csv_has_the_moves_and_beside_it_the_criteria(tmp_path: Path) -> None:
    written = write(TWO, tmp_path / "compare.csv")
    moves, criteria = [
        list(csv.DictReader(path.read_text("utf-8").splitlines())) for path in written
    ]
    assert [(row["code"], row["before_min"]) for row in moves] == [("B3", "10.00")]
    assert {row["criterion"] for row in criteria} == {f.key for f in TWO.figures}


def test_a_name_that_is_a_formula_is_quoted(tmp_path: Path) -> None:
    found = held(village(), village(grouped("A1 A2 A3 B1", "B2 B3", "C2 C1 C3")))
    write(found, tmp_path / "compare.csv")
    assert f"'{FORMULA}".replace('"', '""') in (tmp_path / "compare.csv").read_text()


def test_a_file_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv, \.html, \.xlsx"):
        write(TWO, tmp_path / "compare.pdf")


def test_federations_taken_for_one_share_a_colour_unless_a_neighbour_has_it() -> None:
    data = compare_payload(TWO)
    before, after = (plan["federations"] for plan in data["plans"])
    colours = {
        after["label"][fate["after"]]: (
            before["colour"][fate["before"]],
            after["colour"][fate["after"]],
        )
        for fate in data["against"][0]["fates"]
    }
    # F1 and F2 keep theirs; F3 now touches one that has its colour of before.
    assert colours["F1"][0] == colours["F1"][1]
    assert colours["F2"][0] == colours["F2"][1]
    assert len({now for _, now in colours.values()}) == 3


def test_names_reach_the_page_as_they_are() -> None:
    data = compare_payload(held(village(), village(grouped("A1 A2", "B2 B3"))))
    assert data["plans"][1]["practices"]["name"][0] == HOSTILE


def drawn(labels: list[int]) -> Plan:
    """Return the plan that puts each practice where its label says; 0 is alone."""
    homes = {code: label for code, label in zip(CODES, labels, strict=True) if label}
    return grouped(
        *(
            " ".join(code for code, home in homes.items() if home == label)
            for label in sorted(set(homes.values()))
        )
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=18, max_size=18))
def test_there_and_back_the_same_practices_move(labels: list[int]) -> None:
    plans = [drawn(labels[:9]), drawn(labels[9:])]
    there, back = (
        held(*(evaluated(square(), plan) for plan in order))
        for order in (plans, plans[::-1])
    )
    assert sum(c.patients for c in there.changes) == sum(
        c.patients for c in back.changes
    )
    assert {c.code for c in held(there.results[0], there.results[0]).changes} == set()
    gains = sum(len(fate.joined) for fate in there.fates)
    losses = sum(len(fate.left) for fate in back.fates)
    assert gains == losses
