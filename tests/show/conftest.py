"""A headless browser with no network, and pages that remember what they did."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from federate.result import Result
from federate.show.map import write_map
from tests.show.village import village

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
TIMEOUT_MS = 10_000
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Opened:
    """A map that is open: its page, and all it asked for or complained about."""

    page: "Page"
    path: Path
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def status(self) -> str:
        """Return what the page last told a screen reader."""
        return self.page.locator("#status").inner_text()

    def frame(self) -> list[float]:
        """Return the frame on show, once drawn: west, south, east, north, metres."""
        self.page.evaluate(
            "new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))"
        )
        text = self.page.locator("#map").get_attribute("data-extent") or ""
        return [float(part) for part in text.split()]

    def click_at(self, easting_m: float, northing_m: float, up_px: int = 0) -> None:
        """Click the map so many pixels above where a place of the grid is drawn."""
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        west, south, east, north = self.frame()
        self.page.mouse.click(
            box["x"] + box["width"] * (easting_m - west) / (east - west),
            box["y"] + box["height"] * (north - northing_m) / (north - south) - up_px,
        )


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Headless Chromium, or skip."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.skip(f"no browser on PATH: none of {', '.join(CHROMIUM)}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=[*QUIET])
        yield running
        running.close()


@pytest.fixture
def open_file(browser: "Browser") -> Iterator[Callable[..., Opened]]:
    """Return a function that opens a page from a file, the network switched off."""
    contexts = []

    def opened(path: Path, width: int, height: int, drawn: str) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_offline(True)
        context.set_default_timeout(TIMEOUT_MS)
        found = Opened(context.new_page(), path)
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.on("console", lambda said: found.complaints.append(said.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.goto(path.as_uri())
        found.page.wait_for_selector("html[data-ready=true]")
        found.page.wait_for_selector(f"{drawn}[data-extent]")
        return found

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def open_map(open_file: Callable[..., Opened], tmp_path: Path) -> Callable[..., Opened]:
    """Return a function that opens the map of a result."""

    def opened(
        result: Result | None = None, width: int = 1280, height: int = 800
    ) -> Opened:
        path = tmp_path / "map.html"
        write_map(result or village(), path)
        return open_file(path, width, height, "#map")

    return opened
