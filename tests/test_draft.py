"""A draft holds every edit, so that each can be taken back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federate.draft import Draft, Edit, Grouped
from federate.draft_file import log_path, read_draft, read_log, write_log
from federate.errors import PlanError

START = Grouped(
    {"a": "X", "b": "X", "c": "Y", "d": "Y", "e": "Z", "f": ""},
    {"X": "a", "Y": "c", "Z": "e"},
)


def said(*texts: str) -> Draft:
    return Draft(START).do(*map(Edit.parse, texts))


def test_a_move_to_a_new_label_founds_a_federation_led_by_it() -> None:
    now = said("move b=N").now
    assert (now.federation["b"], now.centre["N"]) == ("N", "b")


def test_a_lead_that_leaves_leads_no_longer() -> None:
    assert "X" not in said("move a=Y").now.centre


def test_a_move_to_nowhere_leaves_a_practice_alone() -> None:
    assert said("move b=").now.federation["b"] == ""


def test_a_merge_takes_every_practice_along_and_keeps_the_lead() -> None:
    now = said("merge X=Y").now
    assert {code for code, home in now.federation.items() if home == "Y"} == set("abcd")
    assert dict(now.centre) == {"Y": "c", "Z": "e"}


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        (("freeze X", "move a=Y"), "it leaves X, which is frozen; thaw X first"),
        (("freeze X", "move c=X"), "it joins X, which is frozen; thaw X first"),
        (("grow X", "move a=Y"), "it leaves X, which may only grow; thaw X first"),
        (("freeze X", "merge Y=X"), "X is frozen; thaw X first"),
        (("grow X", "merge X=Y"), "X is locked; thaw X first"),
        (("move q=X",), "no practice q"),
        (("move a=X",), "a is in X already"),
        (("lead X=c",), "c is not a member of X"),
        (("freeze W",), "no federation W"),
        (("merge X=W",), "no federation W"),
        (("thaw X",), "X is neither frozen nor set to grow"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_way_out(
    edits: tuple[str, ...], why: str
) -> None:
    with pytest.raises(PlanError, match=why):
        said(*edits)


def test_one_that_may_grow_takes_practices_in() -> None:
    assert said("grow X", "move c=X").now.federation["c"] == "X"


def test_a_thawed_federation_lets_go_again() -> None:
    assert said("freeze X", "thaw X", "move a=Y").now.federation["a"] == "Y"


def test_every_edit_that_cannot_be_made_is_told_at_once() -> None:
    with pytest.raises(PlanError) as caught:
        said("move q=X", "freeze W")
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize("text", ["move a", "shove a=b", "freeze", "freeze a=b", ""])
def test_a_text_that_is_no_edit_is_refused(text: str) -> None:
    with pytest.raises(PlanError, match="must be one of: move CODE=FEDERATION"):
        Edit.parse(text)


FEDERATIONS = st.sampled_from("XYZN")
EDITS = st.one_of(
    st.builds(
        Edit, st.just("move"), st.sampled_from("abcdef"), st.sampled_from("XYZN")
    ),
    st.builds(Edit, st.just("merge"), st.sampled_from("XYZ"), st.sampled_from("XYZ")),
    st.builds(
        Edit, st.sampled_from(["freeze", "grow", "thaw"]), st.sampled_from("XYZ")
    ),
)


def made(edits: list[Edit]) -> Draft:
    """Return a draft of those edits that can be made."""
    draft = Draft(START)
    for edit in edits:
        try:
            draft = draft.do(edit)
        except PlanError:
            continue
    return draft


@given(st.lists(EDITS, max_size=12), st.integers(0, 12))
def test_what_is_undone_and_redone_is_as_it_was(edits: list[Edit], steps: int) -> None:
    draft = made(edits)
    back = draft.undo(steps)
    assert back.redo(steps) == draft
    assert draft.undo(len(draft.edits)).now == START


@given(st.lists(EDITS, max_size=12))
def test_a_frozen_federation_never_changes(edits: list[Edit]) -> None:
    draft = Draft(START).do(Edit("freeze", "X"))
    for edit in edits:
        if edit.kind in ("move", "merge"):
            try:
                draft = draft.do(edit)
            except PlanError:
                continue
    home = draft.now.federation
    assert {code for code, label in home.items() if label == "X"} == {"a", "b"}


def test_a_log_read_back_is_the_same_draft(tmp_path: Path) -> None:
    draft = said("move a=Y", "freeze Y", "lead X=b").undo()
    write_log(draft, tmp_path / "plan.edits.json")
    again = read_log(tmp_path / "plan.edits.json")
    assert (again, again.undone) == (draft, draft.undone)


def test_a_table_changed_by_other_means_is_told(tmp_path: Path) -> None:
    table = tmp_path / "plan.csv"
    write_log(said("move a=Y"), log_path(table))
    assert read_draft(table, said("move a=Y").now.federation) is not None
    with pytest.raises(PlanError, match=r"does not lead to plan\.csv"):
        read_draft(table, START.federation)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 1, "start": 3}'])
def test_a_file_that_is_no_log_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.edits.json").write_text(text)
    with pytest.raises(PlanError, match="is no log of edits"):
        read_log(tmp_path / "plan.edits.json")


def test_a_log_of_a_later_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.edits.json").write_text('{"schema": 2}')
    with pytest.raises(PlanError, match="this version reads schema 1"):
        read_log(tmp_path / "plan.edits.json")
