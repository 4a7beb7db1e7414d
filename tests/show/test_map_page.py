"""The map as a planner meets it: a file, opened in a browser without a network."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from federate.show.facts import facts
from tests.show.village import HOSTILE, village
from tests.square import grouped

if TYPE_CHECKING:
    from tests.show.conftest import Opened

pytestmark = pytest.mark.browser

DOUBLE_CLICK_MS = 400
"""A map waits so long before it takes a click for a single one."""
Opener = Callable[..., "Opened"]


def figures(opened: "Opened") -> dict[str, str]:
    """Return the lines of the details card."""
    lines = opened.page.locator("#details .pairs").first.locator("div")
    return dict(text.split("\n", 1) for text in lines.all_inner_texts())


def selected_row(opened: "Opened") -> str:
    return opened.page.locator("#table tr[aria-selected=true] th").inner_text()


def test_the_page_asks_for_nothing_but_itself(open_map: Opener) -> None:
    opened = open_map()
    opened.page.locator("#table tbody tr").first.click()
    assert opened.requests == [opened.path.as_uri()]


def test_the_page_has_nothing_to_complain_of(open_map: Opener) -> None:
    opened = open_map()
    for value in ("patients", "violations", "identity"):
        opened.page.locator(f"#layers input[value={value}]").check()
    opened.page.locator("#overlays input[value=cover]").check()
    opened.page.locator("#map").hover()
    assert opened.complaints == []


def test_the_scorecard_reads_as_it_was_written(open_map: Opener) -> None:
    opened = open_map()
    shown = {
        tile.get_attribute("data-key"): tile.locator(".value").inner_text()
        for tile in opened.page.locator("#facts > div").all()
    }
    assert shown == {fact.key: fact.value for fact in facts(village())}


def test_a_click_on_a_federation_shows_its_own_figures(open_map: Opener) -> None:
    result = village()
    assert result.scorecard is not None
    row = result.scorecard.federations[1]
    opened = open_map(result)
    opened.click_at(401_300, 299_200)
    opened.page.wait_for_selector("#details:not([hidden])")
    shown = figures(opened)
    assert opened.page.locator("#details h2").inner_text() == "F2 · led by Elm"
    assert (
        shown["Patients"],
        shown["Mean travel, min"],
        shown["Overspend risk"],
    ) == (
        f"{row.patients:,}",
        f"{row.travel_mean_min:.1f}",
        f"{100 * row.overspend_probability:.1f}\xa0%",
    )


def test_a_click_on_the_map_selects_the_row(open_map: Opener) -> None:
    opened = open_map()
    opened.click_at(401_300, 299_200)
    opened.page.wait_for_selector("#table tr[aria-selected=true]")
    assert selected_row(opened).startswith("F2")


def test_a_click_on_a_practice_shows_its_minutes_and_their_source(
    open_map: Opener,
) -> None:
    opened = open_map()
    opened.click_at(402_000, 298_000, 8)
    opened.page.wait_for_selector("#details:not([hidden])")
    shown = figures(opened)
    assert opened.page.locator("#details h2").inner_text() == "Ivy"
    assert (shown["To the lead practice"], shown["Out of hours"]) == (
        "10.0 min (estimated from a straight line)",
        "no base covers it",
    )


def test_a_click_on_a_base_shows_whom_it_covers(open_map: Opener) -> None:
    opened = open_map()
    opened.page.locator("#overlays input[value=practices]").uncheck()
    opened.click_at(400_000, 300_000)
    opened.page.wait_for_selector("#details:not([hidden])")
    shown = figures(opened)
    assert (shown["In this plan"], shown["Patients covered"]) == ("runs", "85,000")


def test_practices_at_one_site_are_drawn_apart(open_map: Opener) -> None:
    opened = open_map()
    opened.page.locator("#find").fill("A1")
    opened.page.keyboard.press("Enter")
    names = []
    for up in (9, -5):
        opened.click_at(400_000, 300_000, up)
        opened.page.wait_for_timeout(DOUBLE_CLICK_MS)
        names.append(opened.page.locator("#details h2").inner_text())
    assert names == [HOSTILE, "Beech"]


def test_a_plan_in_which_nobody_joins_can_be_shown(open_map: Opener) -> None:
    opened = open_map(village(grouped()))
    opened.click_at(402_000, 298_000, 8)
    opened.page.wait_for_selector("#details:not([hidden])")
    assert "Stands alone" in opened.page.locator("#details").inner_text()
    assert opened.complaints == []


def test_a_row_zooms_to_its_federation(open_map: Opener) -> None:
    opened = open_map()
    before = opened.frame()
    opened.page.locator("#table tbody tr", has_text="F3").click()
    assert opened.status() == "F3 · led by Hazel selected"
    after = opened.frame()
    assert after[3] - after[1] < before[3] - before[1]
    assert after[1] < 298_000 < after[3]


def test_a_broken_rule_is_a_link_to_its_place(open_map: Opener) -> None:
    opened = open_map()
    opened.page.locator("#violation-list button", has_text="F1 has 35,000").click()
    assert opened.status().startswith("On the map: F1 has 35,000 patients")
    west, south, east, north = opened.frame()
    assert west < 400_000 < 402_000 < east
    assert 298_000 < south < 300_000 < north


def test_a_broken_rule_is_outlined_in_red(open_map: Opener) -> None:
    opened = open_map()
    assert red_pixels(opened) == 0
    opened.page.locator("#violation-list button", has_text="F1 has 35,000").click()
    opened.page.wait_for_timeout(300)
    assert red_pixels(opened) > 500


def red_pixels(opened: "Opened") -> int:
    """Count the pixels of the map that have the red of a broken rule."""
    import io

    import matplotlib.image
    import numpy as np

    shot = io.BytesIO(opened.page.locator("#map").screenshot())
    colours = np.rint(255 * matplotlib.image.imread(shot, format="png")[..., :3])
    return int((abs(colours - (0xD5, 0x28, 0x1B)).max(axis=2) <= 2).sum())


def test_a_name_that_is_markup_stays_text(open_map: Opener) -> None:
    opened = open_map()
    opened.page.locator("#find").fill("onerror")
    opened.page.keyboard.press("Enter")
    assert opened.page.locator("#details h2").inner_text() == HOSTILE
    assert opened.page.title() == "Square"
    assert opened.page.locator("body img").count() == 0


def test_the_keys_alone_reach_a_federation(open_map: Opener) -> None:
    opened = open_map()
    for _ in range(40):
        opened.page.keyboard.press("Tab")
        if opened.page.locator("#table tbody tr:focus").count():
            break
    opened.page.keyboard.press("ArrowDown")
    opened.page.keyboard.press("ArrowDown")
    opened.page.keyboard.press("Enter")
    assert opened.status() == "F3 · led by Hazel selected"


def test_brackets_step_through_the_table_and_escape_lets_go(open_map: Opener) -> None:
    opened = open_map()
    steps = []
    for key in ("]", "]", "[", "Escape"):
        opened.page.keyboard.press(key)
        steps.append(opened.status())
    assert steps == [
        "F1 · led by Beech selected",
        "F2 · led by Elm selected",
        "F1 · led by Beech selected",
        "Nothing selected",
    ]


def test_a_question_mark_opens_the_list_of_keys(open_map: Opener) -> None:
    opened = open_map()
    opened.page.keyboard.press("?")
    assert opened.page.locator("#help").is_visible()
    opened.page.keyboard.press("Escape")
    assert not opened.page.locator("#help").is_visible()


def test_a_heading_sorts_the_table(open_map: Opener) -> None:
    opened = open_map()
    opened.page.get_by_role("button", name="Mean travel, min").click()
    heading = opened.page.get_by_role("columnheader", name="Mean travel, min")
    assert heading.get_attribute("aria-sort") == "descending"
    first = opened.page.locator("#table tbody th").first.inner_text()
    assert first.startswith("F1")


def test_targets_are_large_enough_to_hit(open_map: Opener) -> None:
    opened = open_map()
    opened.page.locator("#table tbody tr").first.click()
    targets = opened.page.locator("button:visible, summary:visible, .bar label")
    boxes = {t.inner_text(): t.bounding_box() for t in targets.all()}
    small = {
        name: box
        for name, box in boxes.items()
        if box is None or min(box["width"], box["height"]) < 24
    }
    assert small == {}


@pytest.mark.parametrize("width", [420, 1280, 1600])
def test_nothing_is_wider_than_the_window(open_map: Opener, width: int) -> None:
    opened = open_map(width=width)
    body: Any = opened.page.locator("body").bounding_box()
    wide = [
        element.get_attribute("id")
        for element in opened.page.locator("header, .stage, aside, .rows, #map").all()
        if (box := element.bounding_box()) and box["x"] + box["width"] > width + 0.5
    ]
    assert (body["width"], wide) == (width, [])


def test_every_control_has_a_name(open_map: Opener) -> None:
    opened = open_map()
    tree = opened.page.locator("body").aria_snapshot()
    assert (
        re.findall(r"- (?:button|radio|checkbox|combobox)(?: \[.*\])?$", tree, re.M)
        == []
    )
