"""Every key has a meaning, and the README tells it."""

import re
from pathlib import Path

import pytest

from federate.scenario import keys
from federate.scenario.keys import all_keys, annotation_at, may_be_absent, wants
from federate.scenario.meaning import MEANING

README = Path(keys.__file__).with_name("README.md")


@pytest.mark.parametrize("key", [".".join(key) for key in all_keys()])
def test_every_key_has_a_unit_and_a_meaning(key: str) -> None:
    assert MEANING[key].unit
    assert MEANING[key].text.endswith(".")


@pytest.mark.parametrize("key", [k for k in MEANING if k != "extends"])
def test_no_meaning_is_of_a_key_that_is_gone(key: str) -> None:
    assert annotation_at(tuple(key.split("."))) is not None


def test_the_readme_holds_the_reference_as_the_schema_has_it() -> None:
    """Written anew by ``print(federate.scenario.keys.reference())``."""
    assert keys.reference() in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("key", [".".join(key) for key in all_keys()])
def test_what_a_key_takes_is_told_without_the_words_of_python(key: str) -> None:
    said = wants(annotation_at(tuple(key.split("."))))
    words = ("tuple", "str", "int", "None", "dict", "float")
    assert not [w for w in words if re.search(rf"\b{w}\b", said)]


def test_a_rule_may_be_taken_away_with_none() -> None:
    assert may_be_absent(annotation_at(("rules", "size_bounds")))


def test_a_key_with_a_default_is_never_absent() -> None:
    assert not may_be_absent(annotation_at(("risk", "cv1")))
