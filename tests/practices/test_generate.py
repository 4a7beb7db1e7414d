"""The generator: the same seed, the same region; any size; sane in every file."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.errors import InstanceError
from federate.geography.travel import estimate_travel, is_rural
from federate.practices.england import england
from federate.practices.folder import check_folder, write_folder
from federate.practices.generate import generate, generate_recipe
from federate.practices.instance import Instance
from federate.scenario.schema import TravelModel


@pytest.fixture(scope="module")
def county() -> Instance:
    return generate("county", num_practices=120, seed=11)


def _bytes(instance: Instance, folder: Path) -> dict[str, bytes]:
    write_folder(instance, folder)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes(county: Instance, tmp_path: Path) -> None:
    again = generate("county", num_practices=120, seed=11)
    assert _bytes(again, tmp_path / "again") == _bytes(county, tmp_path / "once")


def test_another_seed_gives_another_region(county: Instance) -> None:
    other = generate("county", num_practices=120, seed=12)
    assert other.boundary_geojson != county.boundary_geojson
    assert list(other.practices.list_size) != list(county.practices.list_size)


@settings(max_examples=12, deadline=None)
@given(num_practices=st.integers(1, 90), seed=st.integers(0, 10_000))
def test_a_region_of_any_size_is_a_sound_instance(
    num_practices: int, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    region = generate(num_practices=num_practices, seed=seed)
    assert region.num_practices == num_practices
    folder = tmp_path_factory.mktemp("region") / "region"
    write_folder(region, folder)
    report = check_folder(folder)
    assert report.faults == ()
    odd = [w for w in report.warnings if "share their exact point" not in str(w)]
    assert odd == []


def test_every_site_stands_on_the_land_of_the_region(county: Instance) -> None:
    import shapely

    from federate.practices.coordinates import to_lonlat

    land = shapely.from_geojson(county.boundary_geojson)
    lon, lat = to_lonlat(county.practices.easting_m, county.practices.northing_m)
    assert shapely.contains_xy(land, lon, lat).all()


def test_a_county_lies_in_the_sea_and_not_on_england(county: Instance) -> None:
    import shapely

    from federate.practices.coordinates import to_bng

    rings = shapely.get_coordinates(shapely.from_geojson(county.boundary_geojson))
    easting_m, northing_m = to_bng(rings[:, 0], rings[:, 1])
    assert shapely.distance(england(), shapely.points(easting_m, northing_m)).min() > 0
    assert easting_m.max() < 656_000


def test_five_hundred_practices_are_still_off_the_english_coast() -> None:
    import shapely

    practices = generate(num_practices=500, seed=2).practices
    sites = shapely.points(practices.easting_m, practices.northing_m)
    assert not shapely.contains(england(), sites).any()


def test_places_are_whole_metres_and_money_whole_pounds(county: Instance) -> None:
    practices = county.practices
    for values in (practices.easting_m, practices.northing_m, practices.budget_gbp):
        assert (values == np.round(values)).all()


def test_codes_are_of_a_kind_no_real_practice_has(
    county: Instance, shared_data: Path
) -> None:
    import pandas as pd

    epraccur = pd.read_csv(shared_data / "raw/epraccur.csv", header=None, dtype=str)
    assert not epraccur[0].str.startswith("V").any()
    for file in ("england_practices.csv", "england_practices_2014_15.csv"):
        real = pd.read_csv(shared_data / file, dtype=str)
        assert not real["practice_code"].str.startswith("V").any(), file
    assert all("V10001" <= code < "V80000" for code in county.practices.code)


def test_no_practice_bears_a_real_name(shared_data: Path) -> None:
    import pandas as pd

    real = pd.read_csv(shared_data / "raw/epraccur.csv", header=None, dtype=str)
    taken = set(real[1].str.upper())
    towns = {t.upper() for line in range(4, 9) for t in real[line].dropna()}
    region = generate(num_practices=1_500, seed=5)
    names = {name.upper() for name in region.practices.name}
    places = {c.rstrip(" 0123456789").upper() for c in region.current or () if c}
    assert not names & taken
    assert not places & towns


def test_names_of_practices_do_not_repeat(county: Instance) -> None:
    assert len(set(county.practices.name)) == county.num_practices


def test_water_makes_the_journey_longer_than_the_straight_line(
    county: Instance,
) -> None:
    assert county.travel is not None
    assert county.bases is not None
    place = {
        code: (east, north)
        for part in (county.practices, county.bases)
        for code, east, north in zip(
            part.code, part.easting_m, part.northing_m, strict=True
        )
    }
    ends = zip(county.travel.origin, county.travel.destination, strict=True)
    km = [np.hypot(*np.subtract(place[a], place[b])) / 1_000 for a, b in ends]
    # 1.4 times the straight line at 30 mph; whole minutes are stated.
    assert (county.travel.minutes >= np.array(km) * 1.4 / 48.28 * 60 - 0.5).all()
    assert np.mean(county.travel.minutes > 1.3 * np.array(km) * 1.74) > 0.4


def test_every_journey_to_an_island_is_stated(county: Instance) -> None:
    assert county.travel is not None
    codes = county.practices.code
    on_islands, ashore = codes[-4:], codes[:-4]
    stated = set(zip(county.travel.origin, county.travel.destination, strict=True))
    assert all((a, b) in stated for a in ashore for b in on_islands)


def test_islands_have_short_lists(county: Instance) -> None:
    sizes = county.practices.list_size
    assert sizes[-4:].mean() < 0.6 * sizes.mean()


@pytest.mark.parametrize("seed", range(4))
def test_some_base_is_within_reach_of_every_practice(seed: int) -> None:
    region = generate(num_practices=120, seed=seed)
    travel = estimate_travel(region, **TravelModel().model_dump())
    rural = is_rural(region, "rurality")
    assert (travel.base_minutes.min(axis=1) <= np.where(rural, 60, 30)).all()


def test_a_pair_has_one_tie_and_nobody_refuses_the_same_premises(
    county: Instance,
) -> None:
    pairs = [(tie.a, tie.b) for tie in county.ties]
    assert len(set(pairs)) == len(pairs)
    assert all(a < b for a, b in pairs)
    index, practices = county.index, county.practices
    for tie in county.ties:
        a, b = index[tie.a], index[tie.b]
        if tie.kind == "would_not":
            assert practices.easting_m[a] != practices.easting_m[b]
    assert {tie.kind for tie in county.ties} == {"allied", "could", "would_not"}


def test_deprived_and_older_patients_bring_larger_budgets(county: Instance) -> None:
    practices = county.practices
    per_head = practices.budget_gbp / practices.list_size
    imd = np.asarray(practices.attributes["imd"].values, float)
    share_65plus = np.asarray(practices.attributes["share_65plus"].values, float)
    design = np.column_stack([np.ones_like(imd), imd, share_65plus])
    _, by_imd, by_age = np.linalg.lstsq(design, per_head, rcond=None)[0]
    assert by_imd > 5
    assert by_age > 2_000


def test_no_list_is_longer_than_asked() -> None:
    region = generate(num_practices=400, seed=3, largest_list=20_000)
    assert region.practices.list_size.max() == 20_000


@pytest.mark.parametrize("num_islands", [0, 1, 2])
def test_a_region_has_the_islands_asked_for(num_islands: int) -> None:
    import shapely

    region = generate(num_practices=120, seed=1, num_islands=num_islands)
    land = shapely.get_parts(shapely.from_geojson(region.boundary_geojson))
    assert shapely.get_num_geometries(land[0]) == num_islands + 1


def test_knobs_out_of_range_are_refused_together() -> None:
    with pytest.raises(InstanceError) as refused:
        generate(num_practices=0, seed=-1, largest_list=10)
    places = [fault.column for fault in refused.value.faults]
    assert places == ["num_practices", "seed", "largest_list"]
    assert "num_practices: must be 1 to 69,999, got 0" in str(refused.value)


def test_an_unknown_recipe_is_refused_with_a_suggestion() -> None:
    with pytest.raises(InstanceError, match="did you mean vale"):
        generate_recipe("vail")


def test_bases_are_coded_in_order_and_some_run_today(county: Instance) -> None:
    assert county.bases is not None
    assert all(a < b for a, b in pairwise(county.bases.code))
    assert set(county.bases.status) == {"open", "candidate"}
