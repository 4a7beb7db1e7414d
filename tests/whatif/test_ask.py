"""A question is put to the store first: `solve(..., store=...)`."""

from pathlib import Path

import pytest

import federate
from federate.whatif.store import Store


@pytest.fixture(autouse=True)
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a small page in place of the built one, which a checkout may lack."""
    path = tmp_path / "page.html"
    path.write_text("<title>%TITLE%</title><script>%DATA%</script>", "utf-8")
    monkeypatch.setattr("federate.show.map.PAGE", path)


def test_the_second_answer_is_the_kept_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = federate.solve("toy", store=store)
    told: list[object] = []
    again = federate.solve("toy", store=str(tmp_path), listen=told.append)
    assert told == []
    assert again.summary() == first.summary()
    assert again.evidence is not None
    assert len(store.records()) == 1


def test_fresh_and_another_question_are_solved(tmp_path: Path) -> None:
    store = Store(tmp_path)
    federate.solve("toy", store=store)
    federate.solve("toy", store=store, fresh=True)
    federate.solve("toy", store=store, gap=0.01)
    assert len(store.records()) == 3


def test_practices_in_memory_are_known_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    practices = federate.generate("dale", num_practices=12, seed=1)
    for _ in range(2):
        federate.solve("pcn2019", instance=practices, store=store)
    assert len(store.records()) == 1


def test_a_plan_to_stay_near_to_is_part_of_the_question(tmp_path: Path) -> None:
    store = Store(tmp_path)
    best = federate.solve("toy").require_plan()
    codes = sorted(best.federation)
    other = best.move(codes[0], best.federation[codes[-1]])
    for near in (best, other, best):
        federate.solve("toy", near=near, store=store)
    assert len(store.records()) == 2


def test_without_a_store_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    federate.solve("toy")
    assert {path.name for path in tmp_path.iterdir()} == {"page.html"}
