"""Risk on the map's page: the ramp, the curve, the contracts."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from federate import show
from federate.result import Result
from federate.show.payload import payload
from tests.show.insured import ASKED, insured
from tests.show.village import village

if TYPE_CHECKING:
    from tests.show.conftest import Opened

pytestmark = pytest.mark.browser
Opener = Callable[..., "Opened"]
COLOURS = Path(show.__file__).parent / "page/src/colours.ts"


def at_limit() -> Result:
    """Return a plan of which one federation keeps the rule and one does not."""
    risk = ASKED["risk"] | {"tolerance": 0.065, "max_probability": 0.09}
    result = insured(risk=risk, contracts={})
    assert [v.rule for v in result.violations if v.federation == "F01"] != []
    return result


def test_the_page_has_nothing_to_complain_of(open_map: Opener) -> None:
    opened = open_map(insured())
    for value in ("overspend_probability", "bare_overspend_probability"):
        opened.page.locator(f"#layers input[value={value}]").check()
    opened.page.locator("#table tbody tr").first.click()
    assert (opened.complaints, opened.requests) == ([], [opened.path.as_uri()])


def test_the_legend_has_the_unit_the_meaning_and_what_is_allowed(
    open_map: Opener,
) -> None:
    opened = open_map(at_limit())
    opened.page.locator("#layers input[value=overspend_probability]").check()
    text = opened.page.locator("#legend-body").inner_text()
    assert "Overspend risk, %" in text
    assert "at most 9.0\xa0% is allowed" in text


def test_what_a_rule_allows_is_where_a_colour_ends(open_map: Opener) -> None:
    opened = open_map(at_limit())
    opened.page.locator("#layers input[value=overspend_probability]").check()
    text = opened.page.locator("#legend-body").inner_text()
    ends = re.findall(r"(?:under|–) (\d+\.\d)", text)
    assert "9.0" in ends


def test_the_ramp_grows_darker_to_every_kind_of_sight() -> None:
    """Each step has at most 0.7 of the luminance before, so it survives grey print."""

    def brightness(colour: str) -> float:
        parts = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        linear = [
            v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    stated = re.search(r"RAMP = \[(.*?)\]", COLOURS.read_text(encoding="utf-8"))
    assert stated is not None
    levels = [brightness(colour) for colour in re.findall(r"#[0-9a-f]{6}", stated[1])]
    assert len(levels) == 5
    assert all(dark < 0.7 * light for light, dark in pairwise(levels))


def test_without_a_question_about_risk_there_is_no_curve(open_map: Opener) -> None:
    opened = open_map(village())
    assert not opened.page.locator("#curve").is_visible()
    assert (
        opened.page.locator("#layers input[value=bare_overspend_probability]").count()
        == 0
    )


def test_the_curve_has_a_line_a_contract_and_a_mark_a_federation(
    open_map: Opener,
) -> None:
    opened = open_map(insured())
    curve = opened.page.locator("#curve")
    counts = [curve.locator(kind).count() for kind in ("polyline", "circle.spot")]
    assert counts == [5, 2]
    said = payload(insured())["risk"]["says"]
    assert curve.locator("svg[role=img]").get_attribute("aria-label") == said


def test_a_mark_of_the_curve_is_a_way_to_its_federation(open_map: Opener) -> None:
    opened = open_map(insured())
    opened.page.locator("#curve circle.spot").nth(1).click()
    assert opened.status().startswith("F02")
    assert opened.page.locator("#curve circle.chosen").count() == 1


def test_the_card_has_every_contract_and_why_it_is_taken(open_map: Opener) -> None:
    result = insured()
    opened = open_map(result)
    opened.page.locator("#table tbody tr").first.click()
    rows = opened.page.locator("#details .offers .offer th").all_inner_texts()
    assert [row.replace("\n", " ").split()[0] for row in rows] == [
        "no",
        "captaken" if "captaken" in rows[1] else "cap",
        "share",
        "large",
    ]
    why = opened.page.locator("#details .offers .why").all_inner_texts()
    told = [offer["why"] for offer in payload(result)["federations"]["contracts"][0]]
    assert [text.removeprefix("✗ ") for text in why] == told


def test_the_table_sorts_by_the_contract_taken(open_map: Opener) -> None:
    opened = open_map(insured())
    opened.page.get_by_role("button", name="Contract", exact=True).click()
    heading = opened.page.get_by_role("columnheader", name=re.compile("^Contract"))
    assert heading.get_attribute("aria-sort") == "descending"
    cells = opened.page.locator("#table tbody td.text").all_inner_texts()
    assert cells == sorted(cells, reverse=True)
