"""Planted faults: each is told with file, line, key, value and the way out."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from federate.errors import ScenarioError
from federate.scenario import Scenario


class Planted(NamedTuple):
    """A fault: the text, and what the report must say of it."""

    text: str
    line: int | None
    key: str | None
    value: Any
    words: str


HEAD = 'schema = 1\nextends = "pcn2019"\n'

PLANTED = {
    "schema missing": Planted(
        'extends = "pcn2019"\n', 1, "schema", None, "put schema = 1 above"
    ),
    "schema of the future": Planted(
        'schema = 2\nextends = "pcn2019"\n', 1, "schema", 2, "update federate"
    ),
    "schema as text": Planted(
        'schema = "1"\nextends = "pcn2019"\n', 1, "schema", "1", "reads schema = 1"
    ),
    "schema as a switch": Planted(
        'schema = true\nextends = "pcn2019"\n', 1, "schema", True, "reads schema = 1"
    ),
    "no equals sign": Planted(HEAD + "title\n", 3, None, None, "needs = and a value"),
    "unquoted text": Planted(HEAD + "title = Kent\n", 3, None, None, 'as "text"'),
    "text not closed": Planted(
        HEAD + 'title = "Kent\n[rules]\n', 3, None, None, 'end it with "'
    ),
    "list not closed": Planted(
        HEAD + '[rules]\nkeep = ["A1", "A2"\n', 4, None, None, "end it with ]"
    ),
    "key stated twice": Planted(
        HEAD + 'title = "a"\ntitle = "b"\n', 4, None, None, "stated twice"
    ),
    "table stated twice": Planted(
        HEAD + "[rules]\n[solve]\n[rules]\n", 5, None, None, "under one heading"
    ),
    "heading not closed": Planted(HEAD + "[rules\n", 3, None, None, "end it with ]"),
    "two keys on a line": Planted(
        HEAD + "[solve] seed = 1\n", 3, None, None, "only one key = value"
    ),
    "backslashes of a Windows path": Planted(
        HEAD + 'instance = "C:\\data"\n', 3, None, None, "'single quotes'"
    ),
    "unknown table": Planted(
        HEAD + "[rule]\nno_donut = true\n", 3, "rule", None, "did you mean rules?"
    ),
    "unknown key": Planted(
        HEAD + "[rules]\nsize_bound = [1, 2]\n",
        4,
        "rules.size_bound",
        None,
        "did you mean size_bounds?",
    ),
    "key of another table": Planted(
        HEAD + "[rules]\ntarget_size = 4\n",
        4,
        "rules.target_size",
        None,
        "belongs in [weights]",
    ),
    "key of a table above the tables": Planted(
        HEAD + "seed = 3\n", 3, "seed", None, "belongs in [solve]"
    ),
    "unknown key of a feature": Planted(
        HEAD + "[likeness.features.imd]\nwieght = 3\n",
        4,
        "likeness.features.imd.wieght",
        None,
        "did you mean weight?",
    ),
    "misspelt extends": Planted(
        'schema = 1\nextend = "pcn2019"\n[rules]\nnum_federations = "free"\n',
        2,
        "extend",
        None,
        "did you mean extends?",
    ),
    "a number for a table": Planted(
        HEAD + "scale = 3\n", 3, "scale", 3, "must be a table, written [scale]"
    ),
    "a single bound": Planted(
        HEAD + "[rules]\nsize_bounds = 40_000\n",
        4,
        "rules.size_bounds",
        40_000,
        "a pair of numbers, each at least 0, e.g. [30000, 50000]",
    ),
    "a negative bound in the second line of a list": Planted(
        HEAD + "[rules]\nsize_bounds = [\n  -1,\n  50_000]\n",
        4,
        "rules.size_bounds",
        [-1, 50_000],
        "each at least 0",
    ),
    "bounds the wrong way round": Planted(
        HEAD + "[rules]\nsize_bounds = [50_000, 30_000]\n",
        4,
        "rules.size_bounds",
        None,
        "lower bound 50,000 is above the upper bound 30,000; swap them",
    ),
    "a count below one": Planted(
        HEAD + "[rules]\nnum_federations = 0\n",
        4,
        "rules.num_federations",
        0,
        "a whole number at least 1, or a pair of whole numbers, each at least 1, "
        'e.g. [2, 10], or "free"',
    ),
    "half a practice": Planted(
        HEAD + "[rules]\npractices_bounds = [2, 4.5]\n",
        4,
        "rules.practices_bounds",
        [2, 4.5],
        "a pair of whole numbers",
    ),
    "one code where a list belongs": Planted(
        HEAD + '[rules]\nkeep = "A81001"\n',
        4,
        "rules.keep",
        "A81001",
        'a list of texts in quotes, e.g. ["A81001", "A81002"]',
    ),
    "a list where lists belong": Planted(
        HEAD + '[rules]\ntogether = ["A81001", "A81002"]\n',
        4,
        "rules.together",
        ["A81001", "A81002"],
        "a list of lists",
    ),
    "a misspelt choice": Planted(
        HEAD + '[membership]\nmode = "compulsory"\n',
        4,
        "membership.mode",
        "compulsory",
        'must be "mandatory" or "voluntary"',
    ),
    "yes for true": Planted(
        HEAD + '[cover]\nenabled = "yes"\n',
        4,
        "cover.enabled",
        "yes",
        "true or false, without quotes",
    ),
    "one for true": Planted(
        HEAD + "[rules]\nno_donut = 1\n", 4, "rules.no_donut", 1, "true or false"
    ),
    "a number in quotes": Planted(
        HEAD + '[solve]\ntime_limit_s = "60"\n',
        4,
        "solve.time_limit_s",
        "60",
        "a number above 0, without quotes",
    ),
    "no number at all": Planted(
        HEAD + "[weights]\ntravel_gbp_per_patient_min = nan\n",
        4,
        "weights.travel_gbp_per_patient_min",
        None,
        "a number at least 0",
    ),
    "a probability that is none": Planted(
        HEAD + "[risk]\nmax_probability = 5\n",
        4,
        "risk.max_probability",
        5,
        "above 0 and below 0.5",
    ),
    "a detour shorter than the straight line": Planted(
        HEAD + "[travel]\ndetour_urban = 0.9\n",
        4,
        "travel.detour_urban",
        0.9,
        "a number at least 1",
    ),
    "an unknown solver": Planted(
        HEAD + '[solve]\nsolver = "highz"\n',
        4,
        "solve.solver",
        "highz",
        "did you mean highs?",
    ),
    "half a thread": Planted(
        HEAD + "[solve]\nthreads = 1.5\n",
        4,
        "solve.threads",
        1.5,
        "a whole number at least 1",
    ),
    "a label that is no list": Planted(
        HEAD + '[area]\nsub_icb_code = "02A"\n',
        4,
        "area.sub_icb_code",
        "02A",
        "a list of texts",
    ),
    "pieces without a number": Planted(
        HEAD + '[rules]\ncontiguity = "pieces"\n',
        4,
        "rules.contiguity",
        None,
        "max_pieces go together",
    ),
    "a hybrid without its weight": Planted(
        HEAD + '[likeness]\nmode = "hybrid"\n',
        4,
        "likeness.mode",
        None,
        "0 like-minded to 1 geographic",
    ),
    "a price without a target": Planted(
        HEAD + '[weights]\ntarget_size = "none"\n[rules]\nnum_federations = 5\n',
        None,
        "weights.size_deviation_gbp_per_person",
        None,
        "go together",
    ),
    "a target without a price": Planted(
        "schema = 1\n[weights]\ntarget_size = 40_000\n",
        3,
        "weights.target_size",
        None,
        "go together",
    ),
    "nothing steers the size": Planted(
        "schema = 1\n[rules]\nsize_bounds = [30_000, 50_000]\n",
        2,
        "rules.num_federations",
        None,
        "shrink to its lower bound",
    ),
    "an instance that is not there": Planted(
        HEAD + 'instance = "vael"\n', 3, "instance", "vael", "did you mean vale?"
    ),
    "a base that is not there": Planted(
        'schema = 1\nextends = "pcn2020"\n',
        2,
        "extends",
        "pcn2020",
        "did you mean pcn2019?",
    ),
    "a base that is a number": Planted(
        "schema = 1\nextends = 2019\n", 2, "extends", 2019, "in quotes"
    ),
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_told_in_full(tmp_path: Path, planted: Planted) -> None:
    path = tmp_path / "kent.toml"
    path.write_text(planted.text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)
    (fault,) = caught.value.faults
    if planted.line is not None:  # else it was stated in the preset
        assert (fault.file, fault.line) == (str(path), planted.line)
    assert fault.column == planted.key
    assert planted.words in fault.message
    if planted.value is not None:
        assert fault.value == planted.value


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_no_report_speaks_the_language_of_its_parser(
    tmp_path: Path, planted: Planted
) -> None:
    path = tmp_path / "kent.toml"
    path.write_text(planted.text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)
    jargon = ("Input should", "pydantic", "valid tuple", "Extra inputs", "Expected")
    assert not [word for word in jargon if word in str(caught.value)]


def test_all_faults_are_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "kent.toml"
    path.write_text(
        HEAD + '[solve]\nseed = -1\n[rules]\nkeep = "A"\n[scale]\nfixed = 3\n'
    )
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)
    assert [fault.line for fault in caught.value.faults] == [4, 6, 8]


def test_a_fault_of_a_base_names_the_base(tmp_path: Path) -> None:
    (tmp_path / "low.toml").write_text(HEAD + "[rules]\nno_donut = 3\n")
    path = tmp_path / "top.toml"
    path.write_text('schema = 1\nextends = "low.toml"\n[solve]\nseed = 1.5\n')
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)
    told = [(Path(f.file).name, f.line, f.column) for f in caught.value.faults]
    assert told == [("low.toml", 4, "rules.no_donut"), ("top.toml", 4, "solve.seed")]


def test_a_base_without_a_schema_is_refused_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "low.toml").write_text('extends = "pcn2019"\n')
    path = tmp_path / "top.toml"
    path.write_text('schema = 1\nextends = "low.toml"\n')
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)
    (fault,) = caught.value.faults
    assert Path(fault.file).name == "low.toml"


def test_a_file_that_is_not_utf8_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "kent.toml"
    path.write_bytes(b'schema = 1\ntitle = "\xa31m"\n')
    with pytest.raises(ScenarioError, match="save it as UTF-8"):
        Scenario.load(path)


def test_a_fault_reads_as_one_line(tmp_path: Path) -> None:
    path = tmp_path / "kent.toml"
    path.write_text(HEAD + '[solve]\ntime_limit_s = "60"\n')
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)
    assert str(caught.value.faults[0]) == (
        f"{path} line 4, solve.time_limit_s: must be a number above 0, "
        "without quotes, got '60'"
    )
