"""The page of two maps as a planner meets it: a file, without a network."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federate.errors import FederateError
from federate.result import Result
from federate.show import compare_page
from federate.show.compare_page import compare_html
from federate.whatif.comparison import Comparison
from federate.whatif.payload import compare_payload
from tests.show.conftest import Opened
from tests.show.village import HOSTILE, village
from tests.square import grouped

pytestmark = pytest.mark.browser

ROWS = ("A2 A1 A3", "B2 B1 B3", "C2 C1 C3")
Opener = Callable[..., Opened]


def planned(*groups: str) -> Result:
    return village(grouped(*groups))


def held(**results: Result) -> Comparison:
    return Comparison(tuple(results), tuple(results.values()))


def two() -> Comparison:
    """Return the rows beside a plan in which B3 joins the first row."""
    return held(
        Before=planned(*ROWS), After=planned("B2 B1", "A2 A1 A3 B3", "C2 C1 C3")
    )


@pytest.fixture
def open_page(open_file: Opener, tmp_path: Path) -> Opener:
    """Return a function that opens a comparison."""

    def opened(comparison: Comparison | None = None, width: int = 1280) -> Opened:
        path = tmp_path / "compare.html"
        (comparison or two()).to_html(path)
        return open_file(path, width, 900, "#map-1")

    return opened


def frames(opened: Opened) -> list[list[float]]:
    """Return what each map shows, once drawn: west, south, east, north, metres."""
    opened.page.evaluate(
        "new Promise(done => requestAnimationFrame(() => setTimeout(done, 80)))"
    )
    texts = [
        opened.page.locator(f"#map-{k}").get_attribute("data-extent") for k in (0, 1)
    ]
    return [[float(part) for part in (text or "").split()] for text in texts]


def test_the_page_asks_for_nothing_but_itself(open_page: Opener) -> None:
    opened = open_page()
    opened.page.locator("#moves tbody tr").first.click()
    assert opened.requests == [opened.path.as_uri()]


def test_the_page_names_no_address_to_fetch() -> None:
    page = compare_html(compare_payload(two()))
    assert re.findall(r"""(?:src|href)=["'](?!data:|#)""", page) == []
    assert "default-src 'none'" in page
    assert "connect-src" not in page


def test_the_page_has_nothing_to_complain_of(open_page: Opener) -> None:
    opened = open_page()
    for box in opened.page.locator("#overlays input").all():
        box.click()
    opened.page.locator("#layers input[value=violations]").check()
    opened.page.locator("#map-0").hover(position={"x": 120, "y": 200})
    opened.page.locator("#fates tbody tr").first.click()
    assert opened.complaints == []


def test_both_maps_show_the_same_ground(open_page: Opener) -> None:
    opened = open_page()
    first, second = frames(opened)
    assert first == second
    opened.page.locator("#map-1").focus()
    opened.page.keyboard.press("+")
    opened.page.keyboard.press("ArrowRight")
    opened.page.wait_for_timeout(400)
    after, beside = frames(opened)
    assert after == beside != first


def test_a_move_zooms_both_maps_to_its_place(open_page: Opener) -> None:
    opened = open_page(
        held(Before=planned(*ROWS), After=planned("A2 A1 A3 B3", "B2 B1", "C2 C1 C3"))
    )
    before = frames(opened)[0]
    opened.page.locator("#moves tbody tr", has_text="B3").click()
    after, beside = frames(opened)
    assert after == beside
    assert after[3] - after[1] < before[3] - before[1]
    said = opened.page.locator("#picked").inner_text()
    assert said.startswith("B3 Fir, 10,000 patients: F2 → F1, 10.0 → ")


def test_a_click_on_either_map_tells_what_becomes_of_a_federation(
    open_page: Opener,
) -> None:
    opened = open_page()
    for k, place in ((0, (401_300, 298_100)), (1, (401_300, 298_100))):
        west, south, east, north = frames(opened)[k]
        box = opened.page.locator(f"#map-{k}").bounding_box()
        assert box is not None
        opened.page.mouse.click(
            box["x"] + box["width"] * (place[0] - west) / (east - west),
            box["y"] + box["height"] * (north - place[1]) / (north - south),
        )
        opened.page.wait_for_selector("#fates tr[aria-selected=true]")
        said = opened.page.locator("#picked").inner_text()
        assert said == "F3 → F3: 30,000 → 30,000 patients; 0 joined, 0 left"
        opened.page.keyboard.press("Escape")
        assert opened.page.locator("#fates tr[aria-selected=true]").count() == 0


def test_the_keys_alone_reach_a_move(open_page: Opener) -> None:
    opened = open_page()
    for _ in range(40):
        opened.page.keyboard.press("Tab")
        if opened.page.locator("#moves tbody tr:focus").count():
            break
    opened.page.keyboard.press("Enter")
    assert opened.page.locator("#picked").inner_text().startswith("B3 Fir")


def test_brackets_step_through_the_moves(open_page: Opener) -> None:
    opened = open_page(
        held(Before=planned(*ROWS), After=planned("A2 A1 A3 B3 B1", "B2", "C2 C1 C3"))
    )
    said = []
    for key in ("]", "]", "["):
        opened.page.keyboard.press(key)
        said.append(opened.page.locator("#picked").inner_text()[:2])
    assert said == ["B1", "B3", "B1"]


def test_one_map_can_be_wiped_over_the_other(open_page: Opener) -> None:
    opened = open_page()
    side_by_side = opened.page.locator("#map-0").bounding_box()
    opened.page.keyboard.press("s")
    over = [opened.page.locator(f"#map-{k}").bounding_box() for k in (0, 1)]
    assert over[0] == over[1] != side_by_side
    opened.page.locator("#swipe").fill("80")
    clip = opened.page.locator(".pane").nth(1).evaluate("e => e.style.clipPath")
    assert clip.endswith("20%)")
    opened.page.locator("#overlays input[value=swiped]").uncheck()
    assert opened.page.locator("#map-0").bounding_box() == side_by_side


def test_a_third_plan_can_be_held_against_the_first(open_page: Opener) -> None:
    opened = open_page(
        held(
            Before=planned(*ROWS),
            After=planned("B2 B1", "A2 A1 A3 B3", "C2 C1 C3"),
            Same=planned(*ROWS),
        )
    )
    opened.page.locator("#other").select_option("2")
    assert opened.page.locator("#summary").inner_text() == (
        "Same groups the practices as Before does."
    )
    assert opened.page.locator("#moves tbody tr").count() == 0
    opened.page.locator("#other").select_option("1")
    assert opened.page.locator("#moves tbody tr").count() == 1
    first, second = frames(opened)
    assert first == second
    assert opened.complaints == []


def test_a_broken_rule_is_a_link_to_its_place(open_page: Opener) -> None:
    opened = open_page()
    before = frames(opened)[0]
    opened.page.locator("#broken button", has_text="F2 has 45,000").click()
    after = frames(opened)[1]
    assert after[3] - after[1] < before[3] - before[1]
    assert opened.page.locator("#picked").inner_text().startswith("F2 has 45,000")


def test_a_name_that_is_markup_stays_text(open_page: Opener) -> None:
    opened = open_page()
    opened.page.locator("#find").fill("onerror")
    opened.page.keyboard.press("Enter")
    assert HOSTILE in opened.page.locator("#picked").inner_text()
    assert opened.page.title() == "Square: Before and After"
    assert opened.page.locator("body img").count() == 0


def test_a_plan_in_which_nobody_joins_can_be_compared(open_page: Opener) -> None:
    opened = open_page(held(Before=planned(*ROWS), After=planned()))
    assert opened.page.locator("#moves tbody tr").count() == 9
    opened.page.keyboard.press("]")
    assert "→ alone" in opened.page.locator("#picked").inner_text()
    assert opened.complaints == []


def test_what_stays_as_it_is_is_drawn_pale(open_page: Opener) -> None:
    opened = open_page()
    changes = opened.page.locator("#overlays input[value=changes]")
    pale = opened.page.locator("#map-0").screenshot()
    changes.uncheck()
    opened.page.wait_for_timeout(300)
    assert opened.page.locator("#map-0").screenshot() != pale


def test_targets_are_large_enough_to_hit(open_page: Opener) -> None:
    opened = open_page()
    opened.page.keyboard.press("s")
    targets = opened.page.locator(
        "button:visible, .bar label:visible, .bar input[type=range], tbody tr[tabindex]"
    )
    boxes: list[Any] = [target.bounding_box() for target in targets.all()]
    assert [box for box in boxes if min(box["width"], box["height"]) < 24] == []


@pytest.mark.parametrize("width", [420, 1280, 1600])
def test_nothing_is_wider_than_the_window(open_page: Opener, width: int) -> None:
    opened = open_page(width=width)
    wide = [
        element.get_attribute("id")
        for element in opened.page.locator("header, .stage, .rows, .map").all()
        if (box := element.bounding_box()) and box["x"] + box["width"] > width + 0.5
    ]
    assert wide == []


def test_every_control_has_a_name(open_page: Opener) -> None:
    opened = open_page()
    tree = opened.page.locator("body").aria_snapshot()
    nameless = r"- (?:button|radio|checkbox|combobox|slider)(?: \[.*\])?$"
    assert re.findall(nameless, tree, re.M) == []


def test_a_title_that_is_markup_is_escaped() -> None:
    data = compare_payload(two()) | {"title": "</title><script>alert(1)</script>"}
    assert "<title>&lt;/title&gt;&lt;script&gt;" in compare_html(data)


def test_a_page_that_was_not_built_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare_page, "PAGE", tmp_path / "compare.html")
    with pytest.raises(FederateError, match=r"not built: .*run pip install -e \."):
        compare_html(compare_payload(two()))


def test_the_same_comparison_gives_the_same_page() -> None:
    again = replace(two(), names=("Before", "After"))
    assert compare_html(compare_payload(two())) == compare_html(compare_payload(again))
