"""The real practices, read straight from the published table."""

from functools import cache
from pathlib import Path

import numpy as np

from federate.practices.coordinates import to_bng
from federate.practices.instance import Attribute, Instance, Practices

__all__ = ["england", "region"]

LABELS = ("rurality", "lad_code")
COLUMNS = ["practice_code", "lon", "lat", "list_size", "pcn_code", *LABELS]


@cache
def england(shared_data: Path) -> Instance:
    """Return every practice of 2022/23, without a boundary."""
    return _read(shared_data / "england_practices.csv")


@cache
def region(shared_data: Path, name: str) -> Instance:
    """Return one of the eight regions, e.g. ``trafford``, without a boundary."""
    return _read(shared_data / "regions" / f"{name}.csv")


def _read(path: Path) -> Instance:
    import pandas as pd

    table = pd.read_csv(path, usecols=COLUMNS).dropna(subset=["lat", "lon"])
    table = table.sort_values("practice_code")
    east, north = to_bng(table["lon"].to_numpy(), table["lat"].to_numpy())
    labels = {
        name: np.array(table[name].fillna("").tolist(), dtype=np.str_)
        for name in LABELS
    }
    code = tuple(table["practice_code"])
    practices = Practices(
        code=code,
        name=code,
        easting_m=east,
        northing_m=north,
        list_size=table["list_size"].round().to_numpy(dtype=np.int64),
        budget_gbp=np.full(len(code), np.nan),
        attributes={
            name: Attribute(name, "category", "label", values)
            for name, values in labels.items()
        },
    )
    current = tuple(table["pcn_code"].fillna(""))
    return Instance(path.stem, path.stem.title(), practices, current=current)
