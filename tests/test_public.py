"""The public names: all there, sorted, and nothing else promised."""

import importlib

import pytest

import federate


def test_the_public_names_are_sorted() -> None:
    assert list(federate.__all__) == sorted(federate.__all__)


@pytest.mark.parametrize("name", federate.__all__)
def test_a_public_name_is_there(name: str) -> None:
    assert getattr(federate, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'solv'"):
        federate.solv  # noqa: B018


def test_names_not_yet_loaded_are_listed_too() -> None:
    fresh = importlib.reload(federate)
    assert set(fresh.__all__) <= set(dir(fresh))


@pytest.mark.parametrize(
    "name",
    [n for n in federate.__all__ if n.endswith("Error") and n != "FederateError"],
)
def test_every_error_is_a_federate_error(name: str) -> None:
    assert issubclass(getattr(federate, name), federate.FederateError)
