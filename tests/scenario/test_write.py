"""`to_toml` and back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federate.scenario import Scenario
from federate.scenario.keys import all_keys
from federate.scenario.load import preset_names

EVERYTHING = {
    "title": 'Barrow-in-Furness "west", \\ £ and ü',
    "area": {"sub_icb_code": ("02A", "01H"), "a b.c": ("x",)},
    "membership__mode": "voluntary",
    "rules__size_bounds": (30_000.5, 1e6),
    "rules__size_waivers": ("A81001",),
    "rules__practices_bounds": (2, 12),
    "rules__num_federations": (5, 9),
    "rules__contiguity": "pieces",
    "rules__max_pieces": 2,
    "rules__max_travel_min": 22.5,
    "rules__stay_inside": ("lad_code",),
    "rules__together": (("A1", "A2"), ("A3", "A4")),
    "rules__apart": (("A1", "A3"),),
    "rules__keep": ("A5",),
    "risk__max_probability": 0.1,
    "scale__fixed_gbp_per_federation": 150_000,
    "scale__allowance_gbp_per_head": 25,
    "scale__management_column": "managers",
    "scale__management_gbp_per_head": 1.5,
    "risk__services": {"hospital": {"share": 0.5, "cv1": 4.6, "included": True}},
    "contracts__max_partner_share": 0.5,
    "contracts__menu": {
        "cap above 2%": {
            "partner": "P1",
            "quota_share": 0.1,
            "stop_loss_from": 0.018,
            "stop_loss_to": 0.1,
            "carve_out_above_gbp": 56_000,
            "fee_share": 0.001,
            "fixed_gbp": 10_000,
            "gain_share": 0.5,
        }
    },
    "tiers__column": "tier",
    "tiers__min_full_share": 0.5,
    "tiers__income_gbp_per_patient": 140,
    "tiers__max_exposure_share": 0.05,
    "likeness__mode": "hybrid",
    "likeness__geographic_weight": 1 / 3,
    "likeness__features": {"imd": {"weight": 2, "scale": 7.5}, "it": {}},
    "neighbours__max_km": 12,
    "solve__gap": 1e-7,
}


def test_a_scenario_with_everything_comes_back_equal(tmp_path: Path) -> None:
    scenario = Scenario.load("pcn2019", **EVERYTHING)
    (tmp_path / "a.toml").write_text(scenario.to_toml(), encoding="utf-8")
    assert Scenario.load(tmp_path / "a.toml") == scenario


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_comes_back_equal(tmp_path: Path, name: str) -> None:
    scenario = Scenario.load(name)
    (tmp_path / "a.toml").write_text(scenario.to_toml(), encoding="utf-8")
    assert Scenario.load(tmp_path / "a.toml") == scenario


def test_the_instance_still_means_the_same_from_another_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    scenario = Scenario.load("pcn2019", instance=tmp_path / "data")
    (tmp_path / "deep").mkdir()
    path = tmp_path / "deep/a.toml"
    path.write_text(scenario.to_toml(), encoding="utf-8")
    assert Scenario.load(path).instance == str((tmp_path / "data").resolve())


def test_nothing_in_force_is_left_to_a_default() -> None:
    text = Scenario.load("pcn2019", **EVERYTHING).to_toml()
    stated = {key[-1] for key in all_keys() if "<" not in "".join(key)}
    # Only one of two ways to name tiers can be in force.
    ways = {"readiness", "willingness"}
    stated -= {f"{tier}_{way}" for tier in ("full", "partial") for way in ways}
    stated -= {f"{way}_column" for way in ways} | {"instance"}
    assert not [key for key in stated if f"{key} = " not in text]


@given(
    low=st.floats(0, 1e12, allow_nan=False),
    more=st.floats(0, 1e12),
    gap=st.floats(0, 1, allow_subnormal=False),
    title=st.text(st.characters(exclude_categories=["Cs", "Cc"])),
)
def test_every_number_and_text_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory,
    low: float,
    more: float,
    gap: float,
    title: str,
) -> None:
    scenario = Scenario.load(
        "pcn2019", rules__size_bounds=(low, low + more), solve__gap=gap, title=title
    )
    path = tmp_path_factory.mktemp("any") / "a.toml"
    path.write_text(scenario.to_toml(), encoding="utf-8")
    assert Scenario.load(path) == scenario
