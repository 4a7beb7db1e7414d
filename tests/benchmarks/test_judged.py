"""A published case from its file to its row."""

from pathlib import Path

import pytest

from benchmarks.answer import Limits, answer
from benchmarks.suites import suite

LINE = "instance,n,p,best_known,optimal,source,note\nline,6,2,{},yes,,\n"
POINTS = "6 2\n0 0 3 1\n1 0 3 1\n2 0 3 1\n10 0 3 1\n11 0 3 1\n12 0 3 1\n"


@pytest.mark.parametrize(("published", "above"), [(4.0, 0.0), (5.0, -0.2)])
def test_a_row_says_how_far_the_plan_is_from_the_published(
    tmp_path: Path, published: float, above: float
) -> None:
    folder = tmp_path / "cpmp_osman"
    folder.mkdir()
    (folder / "line.txt").write_text(POINTS)
    (folder / "best_known.csv").write_text(LINE.format(published))
    (case,) = suite("published", tmp_path, tmp_path)
    row, _, _ = answer(case, Limits(time_limit_s=10.0))
    assert (row["status"], row["convention"]) == ("optimal", "ok")
    assert row["value"] == pytest.approx(4.0)
    assert row["gap_to_published"] == pytest.approx(above)
