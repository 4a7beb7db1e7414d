"""A map of a whole country: a measure from afar, identities from near."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from federate.result import Result
from federate.show.map import map_html
from tests.show.country import country

if TYPE_CHECKING:
    from tests.show.conftest import Opened

pytestmark = pytest.mark.browser

Opener = Callable[..., "Opened"]


@pytest.fixture(scope="module")
def result() -> Result:
    return country()


def layer(opened: "Opened") -> str | None:
    return opened.page.locator("#layers input:checked").get_attribute("value")


def test_a_country_shows_a_measure_at_first(open_map: Opener, result: Result) -> None:
    assert layer(open_map(result)) == "patients"


def test_identities_appear_when_zoomed_in(open_map: Opener, result: Result) -> None:
    opened = open_map(result)
    opened.page.locator("#table tbody tr").nth(150).click()
    opened.page.locator("#layers input[value=identity]:checked").wait_for()
    opened.page.keyboard.press("0")
    opened.page.locator("#layers input[value=patients]:checked").wait_for()


def test_what_the_reader_chose_stays_at_every_zoom(
    open_map: Opener, result: Result
) -> None:
    opened = open_map(result)
    opened.page.locator("#layers input[value=travel_mean_min]").check()
    opened.page.locator("#table tbody tr").nth(150).click()
    opened.frame()
    assert layer(opened) == "travel_mean_min"


def test_practices_are_promised_from_afar(open_map: Opener, result: Result) -> None:
    opened = open_map(result)
    assert "zoom in for practices" in opened.page.locator("#legend").inner_text()


@pytest.mark.slow
def test_england_opens_and_finds_a_practice(
    open_map: Opener, shared_data: Path
) -> None:
    import federate

    england = federate.evaluate(
        "current", "pcn2019", instance=shared_data / "england_practices.csv"
    )
    assert len(map_html(england)) < 4_000_000
    opened = open_map(england)
    opened.page.locator("#find").fill("M85063")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector("#details:not([hidden])")
    assert "M85063" in opened.page.locator("#details").inner_text()
    assert (opened.requests, opened.complaints) == ([opened.path.as_uri()], [])
