"""The certificate file: read back exactly, refused where it is broken."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from federate.errors import InputError
from federate.proof.certificate import Certificate
from tests.proof.drawn import certificate_of, evidence_for, prices
from tests.strategies import small_problem

PROBLEM = small_problem(1, "bounds", 8)
PRICES = [0.1 + k * 1_000 / 3 for k in range(8)]


def written(folder: Path) -> Path:
    evidence = evidence_for(PROBLEM, PRICES, -12.5, [0.0, 7.25, 1 / 3], claimed=1e5)
    path = folder / "certificate.json"
    path.write_text(certificate_of(PROBLEM, evidence).to_json(), encoding="utf-8")
    return path


def edited(folder: Path, change: dict[str, Any]) -> Path:
    path = written(folder)
    data = json.loads(path.read_text(encoding="utf-8"))
    for key, value in change.items():
        *above, last = key.split(".")
        place = data
        for name in above:
            place = place[name]
        place[last] = value
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@settings(max_examples=30, deadline=None)
@given(drawn=prices())
def test_every_price_is_read_back_exactly(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: tuple[list[float], float, list[float]],
) -> None:
    before = evidence_for(PROBLEM, *drawn, claimed=1e5 / 3)
    path = tmp_path_factory.mktemp("run") / "certificate.json"
    path.write_text(certificate_of(PROBLEM, before).to_json(), encoding="utf-8")
    after = Certificate.read(path).evidence
    active = before.cut_gbp > 0
    assert after.codes == before.codes
    assert np.array_equal(after.practice_gbp, before.practice_gbp)
    assert (after.count_gbp, after.bound_gbp) == (before.count_gbp, before.bound_gbp)
    assert np.array_equal(after.sets, before.sets[active])
    assert np.array_equal(after.cut_gbp, before.cut_gbp[active])


def test_the_order_of_the_prices_does_not_matter(tmp_path: Path) -> None:
    before = Certificate.read(written(tmp_path)).evidence
    codes = PROBLEM.instance.practices.code
    turned = dict(reversed(list(zip(codes, PRICES, strict=True))))
    after = Certificate.read(edited(tmp_path, {"proof.practice_gbp": turned})).evidence
    assert np.array_equal(after.practice_gbp, before.practice_gbp)


def test_a_missing_file_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="solve again with --certificate"):
        Certificate.read(tmp_path / "certificate.json")


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00\xff", '{"schema": 1}'])
def test_what_is_no_certificate_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="restore the file, or solve again"):
        Certificate.read(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema", 2),
        ("bound_gbp", "much"),
        ("bound_gbp", float("nan")),
        ("proof.practice_gbp", {"P0": float("inf")}),
        ("proof.cuts", [{"practices": ["P0", "P1", "P2"], "gbp": -1.0}]),
        ("proof.cuts", [{"practices": ["P0", "P1"], "gbp": 5.0}]),
        ("proof.pricing", "guessed"),
        ("surprise", 1),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(
    tmp_path: Path, key: str, value: object
) -> None:
    with pytest.raises(InputError, match=key.rpartition(".")[2]):
        Certificate.read(edited(tmp_path, {key: value}))


@pytest.mark.parametrize("triple", [["P0", "P1", "X9"], ["P0", "P0", "P1"]])
def test_a_cut_names_different_practices(tmp_path: Path, triple: list[str]) -> None:
    cut = {"practices": triple, "gbp": 5.0}
    with pytest.raises(InputError, match="must name different practices"):
        Certificate.read(edited(tmp_path, {"proof.cuts": [cut]}))


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    change = {"bound_gbp": None, "proof.count_gbp": "x"}
    with pytest.raises(InputError) as caught:
        Certificate.read(edited(tmp_path, change))
    assert len(caught.value.faults) == 2
