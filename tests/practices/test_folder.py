from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.errors import InstanceError
from federate.practices.folder import check_folder, read_folder, write_folder
from federate.practices.instance import Bases, Instance, Practices, Tie

Write = Callable[..., Path]

NAMES = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)
    .map(str.strip)
    .filter(bool),
    min_size=4,
    max_size=4,
)


def _plain(value: object) -> object:
    """Turn a frozen part of an instance into something that `==` compares."""
    if isinstance(value, np.ndarray):
        return (value.dtype.kind, [None if x != x else x for x in value.tolist()])
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}  # type: ignore[arg-type]
    if hasattr(value, "items"):
        return [(key, _plain(item)) for key, item in value.items()]
    return value


def _contents(instance: Instance) -> object:
    return _plain(replace(instance, digest=""))


def test_every_file_reaches_the_instance(dale: Path) -> None:
    instance = read_folder(dale)
    practices = instance.practices
    assert (instance.name, instance.title) == ("dale", "Dale and Fell")
    assert practices.code == ("A001", "A002", "A003", "A004")
    assert practices.name[:3] == (
        "Ash, Oak & Partners",
        "Brougham Street",
        "Côte Cottage Surgery",
    )
    assert practices.easting_m.tolist() == [351000, 351900.5, 356000, 347000]
    assert practices.list_size.dtype == np.int64
    assert practices.budget_gbp[3] == 20912500.25
    assert np.isnan(practices.attributes["imd"].values[2])
    assert practices.attributes["rurality"].values.tolist()[2] == "Rural"
    assert instance.neighbours == (("A001", "A002"), ("A001", "A003"), ("A001", "A004"))
    assert instance.travel is not None
    assert instance.travel.minutes.tolist() == [4.0, 5.5, 18.0]
    assert instance.bases is not None
    assert instance.bases.status == ("open", "candidate")
    assert np.isnan(instance.bases.fixed_cost_gbp[1])
    assert instance.partners is not None
    assert instance.partners.share.tolist() == [0.4, 0.0]
    assert instance.ties == (
        Tie("A001", "A002", "allied"),
        Tie("A003", "A004", "would_not", 0.5),
    )
    assert instance.current == ("North", "North", "", "South")
    assert instance.boundary_geojson is not None
    assert instance.barriers_geojson is not None
    assert len(instance.digest) == 64


def test_writing_and_reading_returns_the_same_instance(
    dale: Path, tmp_path: Path
) -> None:
    instance = read_folder(dale)
    write_folder(instance, tmp_path / "copy")
    assert _contents(read_folder(tmp_path / "copy")) == _contents(instance)


def test_the_same_instance_gives_the_same_bytes(dale: Path, tmp_path: Path) -> None:
    instance = read_folder(dale)
    for name in ("one", "two"):
        write_folder(instance, tmp_path / name)
    one, two = read_folder(tmp_path / "one"), read_folder(tmp_path / "two")
    assert one.digest == two.digest
    assert b"\r" not in (tmp_path / "one" / "practices.csv").read_bytes()


def test_practices_come_sorted_by_code(write_files: Write) -> None:
    text = "code,name,lon,lat,list_size\nB,Bee,-2.7,54.3,2000\nA,Ay,-2.6,54.3,3000\n"
    folder = write_files(
        {
            "practices.csv": text,
            "instance.toml": 'schema = 1\nname = "x"\n',
            **dict.fromkeys(
                ("neighbours.csv", "travel.csv", "ties.csv", "current.csv")
            ),
        }
    )
    practices = read_folder(folder).practices
    assert practices.code == ("A", "B")
    assert practices.list_size.tolist() == [3000, 2000]
    assert practices.easting_m[0] > practices.easting_m[1]


def test_the_digest_tells_whether_any_file_changed(dale: Path) -> None:
    before = read_folder(dale).digest
    (dale / "README.md").write_text("Not part of the contract.")
    assert read_folder(dale).digest == before
    text = (dale / "current.csv").read_text()
    (dale / "current.csv").write_text(text.replace("South", "West"))
    assert read_folder(dale).digest != before


def test_an_absent_table_is_none_and_an_empty_one_says_none(
    write_files: Write,
) -> None:
    folder = write_files({"neighbours.csv": "a,b\n", "current.csv": None})
    instance = read_folder(folder)
    assert instance.neighbours == ()
    assert instance.current is None


def test_nothing_is_written_when_the_instance_breaks_the_contract(
    dale: Path, tmp_path: Path
) -> None:
    instance = read_folder(dale)
    spoilt = replace(
        instance,
        practices=replace(
            instance.practices, list_size=np.array([8200, 0, 2300, 11950])
        ),
        ties=(Tie("A001", "A009", "could"),),
    )
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InstanceError) as caught:
        write_folder(spoilt, tmp_path / "deep" / "copy")
    assert [str(fault) for fault in caught.value.faults] == [
        "practices.csv line 3, list_size: must be at least 1; give persons, got 0",
        "ties.csv line 2, b: no practice A009 in practices.csv; did you mean A004? "
        "(got 'A009')",
    ]
    assert sorted(tmp_path.rglob("*")) == before


def test_rewriting_keeps_foreign_files_and_drops_stale_tables(
    dale: Path, tmp_path: Path
) -> None:
    instance = read_folder(dale)
    (dale / "README.md").write_text("Keep me.")
    write_folder(replace(instance, ties=(), travel=None), dale)
    assert (dale / "README.md").read_text() == "Keep me."
    assert not (dale / "ties.csv").exists()
    assert read_folder(dale).travel is None
    assert [p.name for p in tmp_path.iterdir()] == ["dale"]


def test_bases_without_any_cost_need_no_column(dale: Path, tmp_path: Path) -> None:
    instance = read_folder(dale)
    assert instance.bases is not None
    free = replace(instance.bases, fixed_cost_gbp=np.full(2, np.nan))
    write_folder(replace(instance, bases=free), tmp_path / "free")
    assert "fixed_cost" not in (tmp_path / "free" / "bases.csv").read_text()
    back = read_folder(tmp_path / "free").bases
    assert isinstance(back, Bases)
    assert np.isnan(back.fixed_cost_gbp).all()


def test_arrays_of_an_instance_read_cannot_be_changed(dale: Path) -> None:
    instance = read_folder(dale)
    with pytest.raises(ValueError, match="read-only"):
        instance.practices.list_size[0] = 1


def test_the_report_says_what_was_read(dale: Path) -> None:
    report = check_folder(dale)
    assert str(report).startswith(f"{dale}: 4 practices read; 0 problems, 0 warnings")


@settings(max_examples=40, deadline=None)
@given(
    names=NAMES,
    metres=st.lists(st.floats(340_000, 360_000), min_size=4, max_size=4),
    sizes=st.lists(st.integers(1, 1_000_000), min_size=4, max_size=4),
)
def test_any_name_and_any_number_survive_writing(
    names: list[str], metres: list[float], sizes: list[int]
) -> None:
    practices = Practices(
        code=("A", "B", "C", "D"),
        name=tuple(names),
        easting_m=np.array(metres),
        northing_m=np.array(metres[::-1]) + 140_000,
        list_size=np.array(sizes),
        budget_gbp=np.array(metres) / 7,
    )
    with TemporaryDirectory() as place:
        write_folder(Instance("x", names[0], practices), Path(place) / "x")
        back = read_folder(Path(place) / "x")
    assert _contents(back) == _contents(Instance("x", names[0], practices))
