import numpy as np
import pytest

from federate.practices.coordinates import accuracy_m, to_bng, to_lonlat


@pytest.mark.parametrize(
    ("lon", "lat", "easting_m", "northing_m"),
    [
        # Ordnance Survey, A guide to coordinate systems: Caister water tower.
        (1.716073973, 52.658007833, 651409.804, 313177.450),
        # Ordnance Survey, OSTN15 test points: St Mary's and Newcastle.
        (-6.29977752, 49.92226394, 91492.146, 11318.804),
        (-1.61657685, 54.97912274, 424639.355, 565012.703),
    ],
)
def test_published_points_are_met_within_five_metres(
    lon: float, lat: float, easting_m: float, northing_m: float
) -> None:
    easting, northing = to_bng(lon, lat)
    assert np.hypot(easting - easting_m, northing - northing_m) < 5.0


def test_there_and_back_returns_the_same_metres() -> None:
    easting_m = np.array([[120_000.0, 530_000.0], [651_000.0, 346_000.5]])
    northing_m = np.array([[25_000.0, 180_000.0], [313_000.0, 462_000.25]])
    back = to_bng(*to_lonlat(easting_m, northing_m))
    assert back[0].shape == (2, 2)
    np.testing.assert_allclose(back, (easting_m, northing_m), atol=1e-3)


def test_a_missing_coordinate_stays_missing() -> None:
    easting_m, northing_m = to_bng([np.nan, -1.0], [52.0, 52.0])
    assert np.isnan(easting_m[0])
    assert np.isnan(northing_m[0])
    assert np.isfinite(easting_m[1])


def test_a_place_off_the_globe_has_no_metres() -> None:
    easting_m, _ = to_bng(500.0, 500.0)
    assert np.isnan(easting_m)


def test_the_accuracy_is_stated_and_small() -> None:
    accuracy = accuracy_m()
    assert accuracy is not None
    assert accuracy <= 5.0
