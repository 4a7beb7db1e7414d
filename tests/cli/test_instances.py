"""`generate`, `import`, `check`, `init`: instances in and out of the command line."""

import json
from pathlib import Path

import pytest

from federate.cli import run
from federate.cli.published import read_networks
from federate.practices.source import read
from federate.scenario import Scenario

TABLE = """\
practice_code,practice_name,lon,lat,list_size,borough,paid
P01,Ash House,-2.35,53.40,9000,North,100
P02,Birch House,-2.34,53.41,8000,North,200
P03,Cedar House,-2.30,53.42,7000,South,-3
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "practices.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "made"


def test_a_shipped_instance_is_made_again(out: Path) -> None:
    assert run(["generate", "toy", "--out", str(out)]) == 0
    assert read(out).practices.code == read("toy").practices.code


def test_a_region_is_made_to_order(out: Path) -> None:
    order = ["generate", "dale", "--practices", "12", "--seed", "4", "--out", str(out)]
    assert run(order) == 0
    assert (read(out).num_practices, read(out).name) == (12, "dale")


def test_nothing_to_make_is_wrong_usage(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["generate", "--out", str(out)]) == 2
    assert "--practices 120" in capsys.readouterr().err
    assert not out.exists()


def test_a_table_becomes_an_instance(
    table: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", "--table", str(table), "--out", str(out)]) == 0
    assert read(out).practices.list_size.tolist() == [9000, 8000, 7000]
    assert "code from practice_code" in capsys.readouterr().out


def test_an_instance_is_called_after_its_folder(table: Path, out: Path) -> None:
    run(["import", "--table", str(table), "--out", str(out)])
    assert read(out).name == "made"


def test_only_the_rows_asked_for_are_read_and_judged(table: Path, out: Path) -> None:
    wanted = ["--where", "borough=North", "--map", "budget_gbp=paid"]
    assert run(["import", "--table", str(table), *wanted, "--out", str(out)]) == 0
    assert read(out).practices.budget_gbp.tolist() == [100, 200]


def test_nothing_is_written_on_a_fault(
    table: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ["--map", "budget_gbp=paid"]
    assert run(["import", "--table", str(table), *wanted, "--out", str(out)]) == 3
    assert "line 4, paid: must be at least 0" in capsys.readouterr().err
    assert list(out.parent.iterdir()) == [table]


def test_nothing_to_import_is_wrong_usage(out: Path) -> None:
    assert run(["import", "--out", str(out)]) == 2


def test_a_sound_table_is_exit_0(table: Path) -> None:
    assert run(["check", str(table)]) == 0


def test_a_faulty_table_is_exit_3_with_its_faults_on_stdout(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table.write_text(TABLE.replace("9000", "-9"))
    assert run(["check", str(table)]) == 3
    assert "line 2, list_size" in capsys.readouterr().out


def test_a_check_speaks_to_scripts(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table.write_text(TABLE.replace("9000", "-9"))
    assert run(["check", str(table), "--json"]) == 3
    data = json.loads(capsys.readouterr().out)
    assert data["num_practices"] is None
    assert [(f["line"], f["column"]) for f in data["faults"]] == [(2, "list_size")]


def test_a_scenario_is_checked_with_its_instance(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'schema = 1\nextends = "pcn2019"\ninstance = "practices.csv"\n'
        "[rules]\nsize_bounds = [8_000, 30_000]\n"
    )
    assert run(["check", str(path)]) == 0
    assert "3 practices read" in capsys.readouterr().out


def test_a_scenario_that_no_plan_can_keep_is_exit_4_with_the_reason(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(table), "--preset", "pcn2019"]) == 4
    said = capsys.readouterr().out
    assert "no plan: " in said
    assert "24,000" in said


def test_an_instance_is_checked_with_its_own_scenario(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["check", "toy"]) == 0
    assert "scenario: 0 problems" in capsys.readouterr().out


def test_a_scenario_to_start_from_is_written(table: Path, tmp_path: Path) -> None:
    path = tmp_path / "ask.toml"
    order = ["init", str(path), "--instance", str(table), "--area", "north"]
    assert run([*order, "--preset", "neighbourhood2025"]) == 0
    scenario = Scenario.load(path)
    assert scenario.area == {"borough": ("North",)}
    assert scenario.title == "North, neighbourhood2025"


def test_an_unknown_preset_is_told(table: Path, tmp_path: Path) -> None:
    order = ["init", str(tmp_path / "a.toml"), "--instance", str(table)]
    assert run([*order, "--preset", "pcn2020"]) == 3
    assert not (tmp_path / "a.toml").exists()


def test_quiet_says_nothing(
    table: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["import", "--table", str(table), "--out", str(out), "--quiet"])
    assert capsys.readouterr() == ("", "")


def published(data: Path, **files: str) -> list[str]:
    return [
        part
        for option, file in files.items()
        for part in (f"--{option.replace('_', '-')}", str(data / "raw" / file))
    ]


ODS = {"epraccur": "epraccur.csv", "codepoint": "codepoint_open_la.csv"}


def test_the_published_files_become_an_instance(
    shared_data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = published(
        shared_data,
        **ODS,
        patients="gp-reg-pat-prac-all.csv",
        epcn="ePCN_2023-01.xlsx",
        payments="nhs_payments_2022-23.csv.gz",
    )
    assert run(["import", *files, "--out", str(out)]) == 0
    assert "32 practices joined" in capsys.readouterr().out
    instance = read(out)
    assert instance.num_practices == 32
    assert instance.current is not None
    assert all(instance.current)


def test_networks_may_come_with_the_patients(shared_data: Path, out: Path) -> None:
    files = published(
        shared_data,
        **ODS,
        patients="gp-reg-pat-prac-all.csv",
        patients_map="gp-reg-pat-prac-map.csv",
    )
    wanted = ["--where", "sub_icb_code=01K"]
    assert run(["import", *files, *wanted, "--out", str(out)]) == 0
    current = read(out).current
    assert current is not None
    assert all(current)


def test_no_network_is_no_network_called_u(shared_data: Path) -> None:
    networks = read_networks(shared_data / "raw" / "gp-reg-pat-prac-map.csv")
    assert "U" not in {membership.pcn_code for membership in networks}
    assert len(networks) == 6_459


def test_the_faults_of_all_published_files_are_told_at_once(
    shared_data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = published(
        shared_data, **ODS, patients="epcmem.csv.gz", payments="ePCN_2023-01.xlsx"
    )
    assert run(["import", *files, "--out", str(out)]) == 3
    err = capsys.readouterr().err
    assert "epcmem.csv.gz" in err
    assert "ePCN_2023-01.xlsx" in err
    assert not out.exists()


def test_published_files_that_cannot_join_name_what_is_missing(
    shared_data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = published(shared_data, epraccur="epraccur.csv")
    assert run(["import", *files, "--out", str(out)]) == 2
    err = capsys.readouterr().err
    assert "--codepoint" in err
    assert "--patients or --payments" in err


def test_a_table_and_published_files_are_not_mixed(table: Path, out: Path) -> None:
    mixed = ["--table", str(table), "--epcn", "x.xlsx"]
    assert run(["import", *mixed, "--out", str(out)]) == 2
