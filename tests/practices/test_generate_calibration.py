"""A large region against published figures, and these against their source."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.stats import spearmanr

from federate.practices.generate import calibration as england
from federate.practices.generate import generate
from federate.practices.instance import Instance

INNER = slice(3, -3)  # quantiles 0.05 to 0.95
LEVELS = np.array(england.QUANTILE_LEVELS)[INNER]
CLASSES = england.RURALITIES


@pytest.fixture(scope="module")
def region() -> Instance:
    return generate("large", num_practices=2_000, seed=4)


def _column(region: Instance, name: str) -> np.ndarray:
    values: np.ndarray = region.practices.attributes[name].values
    return values


def _of(region: Instance, kind: str) -> np.ndarray:
    return np.asarray(_column(region, "rurality") == kind)


def _sites(region: Instance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the first practice of each site, its place, and practices a site."""
    xy = np.column_stack([region.practices.easting_m, region.practices.northing_m])
    place, first, count = np.unique(xy, axis=0, return_index=True, return_counts=True)
    return first, place, count


def _nearest(place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the km from each site to the nearest other one, and which it is."""
    metres, which = (np.asarray(found) for found in cKDTree(place).query(place, k=2))
    return metres[:, 1] / 1_000, which[:, 1]


@pytest.mark.parametrize("kind", CLASSES)
def test_list_sizes_follow_england_within_5_percent(
    region: Instance, kind: str
) -> None:
    sizes = region.practices.list_size[_of(region, kind)]
    published = np.array(england.LIST_SIZE_QUANTILES[kind])[INNER]
    # Islands take short lists out of the rural ranking.
    np.testing.assert_allclose(np.quantile(sizes, LEVELS), published, rtol=0.05)


@pytest.mark.parametrize("kind", CLASSES)
def test_deprivation_follows_england_within_5_percent(
    region: Instance, kind: str
) -> None:
    imd = _column(region, "imd")[_of(region, kind)]
    published = np.array(england.IMD_QUANTILES[kind])[INNER]
    np.testing.assert_allclose(np.quantile(imd, LEVELS), published, rtol=0.05)


@pytest.mark.parametrize("kind", CLASSES)
def test_age_follows_england_within_1_point(region: Instance, kind: str) -> None:
    share = _column(region, "share_65plus")[_of(region, kind)]
    published = np.array(england.SHARE_65PLUS_QUANTILES[kind])[INNER]
    np.testing.assert_allclose(np.quantile(share, LEVELS), published, atol=0.01)


def test_one_practice_in_six_is_rural(region: Instance) -> None:
    assert _of(region, "Rural").mean() == pytest.approx(england.RURAL_SHARE, abs=0.005)


def test_as_many_practices_share_premises_as_in_england(region: Instance) -> None:
    _, _, count = _sites(region)
    shared = count[count > 1].sum() / region.num_practices
    assert shared == pytest.approx(england.SHARED_SITE_SHARE, abs=0.01)


@pytest.mark.parametrize("kind", CLASSES)
def test_sites_lie_as_far_apart_as_in_england(region: Instance, kind: str) -> None:
    first, place, _ = _sites(region)
    km, _ = _nearest(place)
    found = np.quantile(km[_of(region, kind)[first]], [0.1, 0.25, 0.5, 0.75, 0.9])
    np.testing.assert_allclose(found, england.NEAREST_SITE_KM[kind], rtol=0.30)


def test_networks_are_as_large_as_in_england(region: Instance) -> None:
    patients: dict[str, int] = {}
    members: dict[str, int] = {}
    assert region.current is not None
    for label, size in zip(region.current, region.practices.list_size, strict=True):
        patients[label] = patients.get(label, 0) + int(size)
        members[label] = members.get(label, 0) + 1
    patients.pop("")
    sizes = np.array(list(patients.values()))
    in_range = np.mean((sizes >= 30_000) & (sizes <= 50_000))
    assert in_range == pytest.approx(england.NETWORK_SHARE_30_TO_50, abs=0.06)
    alone = np.mean(np.array(list(members.values())) == 1)
    assert alone == pytest.approx(england.NETWORK_SHARE_SINGLE, abs=0.03)
    assert members[""] == round(england.NO_NETWORK_SHARE * region.num_practices)
    quartiles = england.NETWORK_QUANTILES[1][3:6]
    np.testing.assert_allclose(
        np.quantile(sizes, [0.25, 0.5, 0.75]), quartiles, rtol=0.08
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_labels_are_as_common_as_in_england(region: Instance, kind: str) -> None:
    members = _of(region, kind)
    tables = {
        "contract_type": england.CONTRACT_SHARES,
        "it_system": england.IT_SYSTEM_SHARES,
        "cqc_overall": england.CQC_SHARES,
    }
    for name, table in tables.items():
        labels = _column(region, name)[members]
        for label, share in table[kind].items():
            assert np.mean(labels == label) == pytest.approx(share, abs=0.004)
    dispensing = _column(region, "dispensing")[members].mean()
    assert dispensing == pytest.approx(
        england.DISPENSING_SHARES[kind]["yes"], abs=0.004
    )


@pytest.mark.parametrize(
    ("kind", "name", "published"),
    [("Urban", "imd", 0.86), ("Rural", "imd", 0.67), ("Urban", "share_65plus", 0.62)],
)
def test_neighbours_are_as_alike_as_in_england(
    region: Instance, kind: str, name: str, published: float
) -> None:
    first, place, _ = _sites(region)
    _, nearest = _nearest(place)
    values = _column(region, name)[first]
    members = _of(region, kind)[first]
    found = spearmanr(values[members], values[nearest][members]).statistic
    assert found == pytest.approx(published, abs=0.15)


@pytest.mark.parametrize(("kind", "published"), [("Urban", -0.41), ("Rural", 0.23)])
def test_deprivation_goes_with_age_as_in_england(
    region: Instance, kind: str, published: float
) -> None:
    members = _of(region, kind)
    imd, age = _column(region, "imd"), _column(region, "share_65plus")
    found = spearmanr(imd[members], age[members]).statistic
    assert found == pytest.approx(published, abs=0.15)


def test_spend_per_head_is_that_of_england_at_its_age_mix(region: Instance) -> None:
    practices = region.practices
    share = np.average(_column(region, "share_65plus"), weights=practices.list_size)
    per_head = practices.budget_gbp.sum() / practices.list_size.sum()
    # 16.6 % were 65 and over in the year of the published mean, £1,713.
    young, old = england.COST_UNDER_65_GBP[1], england.COST_65PLUS_GBP[1]
    older = (share - 0.167) * (old - young)
    expected = england.MEAN_BUDGET_GBP_PER_HEAD + older
    assert per_head == pytest.approx(expected, rel=0.02)


def test_costs_by_age_make_up_the_published_mean() -> None:
    young, old = england.COST_UNDER_65_GBP[1], england.COST_65PLUS_GBP[1]
    # Shares of 82.8 and 16.6 of 99.4.
    assert (82.8 * young + 16.6 * old) / 99.4 == pytest.approx(
        england.MEAN_BUDGET_GBP_PER_HEAD, abs=1
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_the_published_quantiles_are_those_of_the_real_practices(
    shared_data: Path, kind: str
) -> None:
    import pandas as pd

    real = pd.read_csv(shared_data / "england_practices.csv", low_memory=False)
    real = real[real["lat"].notna() & (real["rurality"] == kind)]
    of_note = real[real["list_size"] >= 1_000]
    levels = np.array(england.QUANTILE_LEVELS)
    for column, table, digits in (
        ("list_size", england.LIST_SIZE_QUANTILES, 1),
        ("imd_2019", england.IMD_QUANTILES, 0.06),
        ("share_65plus", england.SHARE_65PLUS_QUANTILES, 0.0006),
    ):
        measured = of_note[column].quantile(levels[1:-1])
        np.testing.assert_allclose(measured, table[kind][1:-1], atol=digits)


def test_the_published_site_counts_are_those_of_the_real_practices(
    shared_data: Path,
) -> None:
    import pandas as pd

    real = pd.read_csv(shared_data / "england_practices.csv", low_memory=False)
    real = real[real["lat"].notna()]
    sites = real.groupby(["lat", "lon"])["rurality"].agg(["size", "first"])
    for kind, counts in england.SITE_COUNTS.items():
        sizes = sites.loc[sites["first"] == kind, "size"]
        assert [int((sizes == k).sum()) for k in range(1, 8)] == list(counts)
    shared = sites.loc[sites["size"] > 1, "size"].sum() / len(real)
    assert shared == pytest.approx(england.SHARED_SITE_SHARE, abs=0.0005)


def test_the_published_networks_are_the_real_ones(shared_data: Path) -> None:
    import pandas as pd

    networks = pd.read_csv(shared_data / "england_pcns_2023.csv")
    levels, sizes = england.NETWORK_QUANTILES
    measured = networks["patients"].quantile(list(levels))
    np.testing.assert_allclose(measured, sizes, atol=1)
    share = networks["patients"].between(30_000, 50_000).mean()
    assert share == pytest.approx(england.NETWORK_SHARE_30_TO_50, abs=0.0005)
