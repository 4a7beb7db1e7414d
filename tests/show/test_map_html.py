"""The map as text: complete, harmless, the same each time."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federate.errors import FederateError, InfeasibleError
from federate.result import Result
from federate.show import map as show_map
from federate.show.map import map_html, write_map
from solvers.contract import Status, StopReason
from tests.show.village import HOSTILE, village
from tests.square import square


def titled(title: str) -> Result:
    result = village()
    instance = replace(result.problem.instance, title=title)
    return replace(result, problem=replace(result.problem, instance=instance))


def data_in(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


def test_names_arrive_in_the_data_as_they_are() -> None:
    assert data_in(map_html(village()))["practices"]["name"][0] == HOSTILE


def test_a_title_that_is_markup_is_escaped() -> None:
    page = map_html(titled("</title><script>alert(1)</script>"))
    assert "<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>" in page


def test_a_title_that_is_a_mark_of_the_page_stays_a_title() -> None:
    page = map_html(titled("%DATA%"))
    assert "<title>%DATA%</title>" in page
    assert data_in(page)["title"] == "%DATA%"


def test_line_ends_that_a_script_would_obey_are_escaped() -> None:
    page = map_html(titled("a\u2028b"))
    assert r'"a\u2028b"' in page


def test_the_same_result_gives_the_same_page() -> None:
    assert map_html(village()) == map_html(village())


def test_a_result_without_a_plan_has_no_map() -> None:
    none = Result(square(), None, Status.INFEASIBLE, StopReason.FINISHED)
    with pytest.raises(InfeasibleError):
        map_html(none)


def test_a_page_that_was_not_built_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show_map, "PAGE", tmp_path / "map.html")
    with pytest.raises(FederateError, match=r"not built: .*run pip install -e \."):
        map_html(village())


def test_a_map_is_written_as_utf_8(tmp_path: Path) -> None:
    write_map(titled("Ynys Môn"), tmp_path / "map.html")
    assert "<title>Ynys Môn</title>" in (tmp_path / "map.html").read_text("utf-8")
