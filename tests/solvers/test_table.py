"""The table in the README is the one that the command makes."""

from pathlib import Path

from solvers.table import capability_table, write_table

_README = Path(__file__).parents[2] / "solvers" / "README.md"


def test_the_readme_holds_the_table_of_today() -> None:
    stale = "the table is out of date; run: python -m solvers.table"
    assert capability_table() in _README.read_text(encoding="utf-8"), stale


def test_writing_the_table_again_changes_nothing_else(tmp_path: Path) -> None:
    text = _README.read_text(encoding="utf-8")
    copy = tmp_path / "README.md"
    copy.write_text(text.replace(capability_table(), ""), encoding="utf-8")
    write_table(copy)
    assert copy.read_text(encoding="utf-8") == text
