"""The readers against the files as the NHS and Ordnance Survey published them."""

from pathlib import Path

import pandas as pd
import pytest

from federate.practices.nhs.codepoint import read_codepoint
from federate.practices.nhs.epcn import current_networks, read_epcn
from federate.practices.nhs.epraccur import read_epraccur
from federate.practices.nhs.patients import read_patient_map, read_patients
from federate.practices.nhs.payments import read_payments


@pytest.fixture(scope="module")
def raw(shared_data: Path) -> Path:
    return shared_data / "raw"


@pytest.fixture(scope="module")
def england(shared_data: Path) -> pd.DataFrame:
    path = shared_data / "england_practices.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False).set_index(
        "practice_code"
    )


def test_epraccur_holds_every_active_practice(raw: Path, england: pd.DataFrame) -> None:
    rows = read_epraccur(raw / "epraccur.csv")
    active = {r.code: r for r in rows if r.is_practice and r.is_active}
    assert len(rows) == 15_663
    assert set(england.index) <= set(active)
    assert all(
        active[code].postcode == england.postcode[code] for code in england.index
    )
    assert all(
        active[code].commissioner == england.sub_icb_code[code]
        for code in england.index
    )


def test_registered_patients_agree_with_the_joined_table(
    raw: Path, england: pd.DataFrame
) -> None:
    patients = read_patients(raw / "gp-reg-pat-prac-all.csv")
    assert patients.date == "01May2022"
    assert len(patients.registered) == 6_506
    assert all(
        str(patients.registered[str(code)]) == size
        for code, size in england.list_size_2022_05.items()
        if size
    )


def test_the_map_holds_a_network_for_every_practice(raw: Path) -> None:
    rows = read_patient_map(raw / "gp-reg-pat-prac-map.csv")
    assert len(rows) == 6_527
    assert all(row.pcn_code and row.commissioner and row.icb for row in rows)


@pytest.mark.parametrize(
    ("file", "column", "current"),
    [
        ("ePCN_2023-01.xlsx", "pcn_code", 6_391),
        ("ePCN_2025-01.xlsx", "pcn_code_2025_01", 6_224),
    ],
)
def test_networks_agree_with_the_joined_table(
    raw: Path, england: pd.DataFrame, file: str, column: str, current: int
) -> None:
    networks = current_networks(read_epcn(raw / file))
    assert len(networks) == current
    known = england[england.pcn_source == "epcn_2023_01"]
    for code, expected in zip(map(str, known.index), known[column], strict=True):
        assert (networks[code].pcn_code if code in networks else "") == expected


@pytest.mark.parametrize(
    ("file", "year", "rows"),
    [
        ("nhs_payments_2014-15.csv.gz", "2014/15", 7_959),
        ("nhs_payments_2022-23.csv.gz", "2022/23", 6_669),
    ],
)
def test_payments_agree_with_the_joined_years(
    shared_data: Path, raw: Path, file: str, year: str, rows: int
) -> None:
    paid = {payment.code: payment for payment in read_payments(raw / file)}
    series = pd.read_csv(shared_data / "payments_timeseries_2014_2023.csv.gz")
    series = series[series.fin_year == year]
    assert len(paid) == rows
    assert len(series) > 6_000
    for row in series.itertuples():
        payment = paid[str(row.practice_code)]
        assert payment.registered == row.registered
        assert payment.total_gbp == row.total_payments_gbp
        assert payment.deductions_gbp == row.deductions_gbp
        assert payment.qof_gbp == row.qof_gbp


def test_code_point_agrees_with_the_joined_coordinates(
    raw: Path, england: pd.DataFrame
) -> None:
    from federate.practices.coordinates import to_bng

    postcodes = read_codepoint(raw / "codepoint_open_la.csv")
    assert postcodes.num_read == 11_942
    local = england[england.postcode.str.match(r"LA\d")]
    assert len(local) > 25
    for row in local.itertuples():
        point = postcodes.find(str(row.postcode))
        assert point is not None
        easting_m, northing_m = to_bng(float(str(row.lon)), float(str(row.lat)))
        assert abs(point.easting_m - easting_m) < 10
        assert abs(point.northing_m - northing_m) < 10
