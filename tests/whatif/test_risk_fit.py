"""From a panel to a `[risk]` that a scenario takes up."""

import csv
from pathlib import Path

import numpy as np
import pytest

import federate as fed
from federate.errors import InputError
from federate.whatif.fitted import RiskFit
from tests.criteria.test_panel_fit import made

TRUTH = {
    "tau_practice": 0.05,
    "tau_shock": 0.02,
    "tau_region": 0.04,
    "region_km": 20.0,
    "cv1": 3.0,
}
COUNT, YEARS = 300, 12


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a panel with known parameters beside the instance of its practices."""
    folder = tmp_path_factory.mktemp("panel")
    found = made(11, count=COUNT, years=YEARS, tau_shock=0.02)
    spend = 150.0 * found.patients * np.exp(found.levels)
    # The same draws as `made`: patients, then places.
    rng = np.random.default_rng(11)
    rng.uniform(0, 1, (COUNT, 1))
    place = rng.uniform(0, 150.0, (COUNT, 2))
    assert np.hypot(*(place[0] - place[1])) == pytest.approx(found.km[0, 1])
    with (folder / "panel.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["code", "year", "patients", "spend_gbp"])
        for i in range(COUNT):
            for t in range(YEARS):
                patients = f"{found.patients[i, t]:.0f}"
                out.writerow([f"P{i:05}", 2000 + t, patients, f"{spend[i, t]:.2f}"])
    instance = folder / "instance"
    instance.mkdir()
    (instance / "instance.toml").write_text('schema = 1\nname = "flat"\n')
    with (instance / "practices.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["code", "name", "easting_m", "northing_m", "list_size"])
        for i, (east, north) in enumerate(place):
            where = (round(380_000 + 1000 * east), round(200_000 + 1000 * north))
            out.writerow([f"P{i:05}", f"Practice {i}", *where, 5000])
    return folder / "panel.csv"


def fitted(found: RiskFit) -> dict[str, tuple[float, float]]:
    return {
        row.key: (row.value, row.error)
        for row in found.fitted
        if row.value is not None and row.error is not None
    }


def test_known_parameters_are_found_within_three_errors(panel: Path) -> None:
    found = fed.fit_risk(panel, panel.parent / "instance", most_jump=2.0)
    assert found.num_practices == found.num_placed == COUNT
    values = fitted(found)
    assert values.keys() == TRUTH.keys()
    for key, truth in TRUTH.items():
        value, error = values[key]
        assert abs(value - truth) < 3 * error, key
        assert error < truth, key


def test_a_budget_by_formula_counts_lasting_differences(panel: Path) -> None:
    history, formula = (
        fitted(fed.fit_risk(panel, budget=budget))["tau_practice"]
        for budget in ("history", "formula")
    )
    lasting = fed.fit_risk(panel).lasting
    assert formula[0] == pytest.approx(np.hypot(history[0], lasting.value))
    assert lasting.value == pytest.approx(0.15, abs=3 * lasting.error)


def test_without_places_no_regional_shock_is_written(panel: Path) -> None:
    found = fed.fit_risk(panel)
    assert "tau_region" not in fitted(found)
    assert "# Not written: tau_region; where practices are is not" in found.to_toml()


def test_a_scenario_takes_up_what_is_written(panel: Path, tmp_path: Path) -> None:
    found = fed.fit_risk(panel, panel.parent / "instance", most_jump=2.0)
    found.save(tmp_path / "risk.toml", extends="pcn2019")
    (tmp_path / "mine.toml").write_text('schema = 1\nextends = "risk.toml"\n')
    risk = fed.Scenario.load(tmp_path / "mine.toml").risk
    for key, (value, _) in fitted(found).items():
        assert getattr(risk, key) == pytest.approx(value, rel=5e-3)
    with pytest.raises(InputError, match="pcn2091"):
        found.save(tmp_path / "no.toml", extends="pcn2091")
    assert not (tmp_path / "no.toml").exists()


def test_spend_that_is_payments_says_nothing_on_illness(
    panel: Path, tmp_path: Path
) -> None:
    text = panel.read_text().replace("spend_gbp", "payments_gbp", 1)
    (tmp_path / "paid.csv").write_text(text)
    found = fed.fit_risk(tmp_path / "paid.csv", most_jump=2.0)
    assert "not what their patients cost in hospital" in found.what_it_isnt
    cv1 = next(row for row in found.fitted if row.key == "cv1")
    assert cv1.value is not None
    assert cv1.written is None
    assert "not illness" in cv1.why_not
    assert "\ncv1 =" not in found.to_toml()


def test_jumps_of_small_practices_are_no_patients_noise(
    panel: Path, tmp_path: Path
) -> None:
    """A lump sum in one year of each small practice, within twice the bound."""
    rows = [line.split(",") for line in panel.read_text().splitlines()]
    for row in rows[1:]:
        # Small lists alone, and another year from one practice to the next.
        hit = int(row[0][1:]) % YEARS == int(row[1]) - 2000
        if float(row[2]) < 4_000 and hit:
            row[3] = f"{2.2 * float(row[3]):.2f}"
    (tmp_path / "lumps.csv").write_text("\n".join(",".join(row) for row in rows))
    found = fed.fit_risk(tmp_path / "lumps.csv", most_jump=0.6)
    cv1 = next(row for row in found.fitted if row.key == "cv1")
    assert cv1.written is None
    assert "is one of single jumps" in cv1.why_not


def test_what_cannot_be_fitted_is_refused(panel: Path) -> None:
    with pytest.raises(InputError, match="must be history or formula"):
        fed.fit_risk(panel, budget="mine")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="must be above 0"):
        fed.fit_risk(panel, most_jump=0.0)
    with pytest.raises(InputError, match="allow larger jumps"):
        fed.fit_risk(panel, most_jump=0.01)


def test_real_payments_stray_by_some_seven_percent(shared_data: Path) -> None:
    """Derived from NHS Payments to General Practice, 2014/15 to 2022/23."""
    found = fed.fit_risk(shared_data / "payments_timeseries_2014_2023.csv.gz")
    value, error = fitted(found)["tau_practice"]
    assert found.num_practices > 5_500
    assert value == pytest.approx(0.07, abs=0.005)
    assert error < 0.003
    assert "twice the jump" in found.to_toml()
