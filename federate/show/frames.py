"""A result as tables: what files, sheets and notebooks are made of."""

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from federate.geography.regions import federation_regions
from federate.geography.travel import SOURCES
from federate.result import Result
from federate.show.columns import columns_of, num_broken
from federate.show.facts import scorecard
from federate.show.offers import Offer, offers

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

__all__ = [
    "base_points",
    "federation_rows",
    "federation_shapes",
    "offer_rows",
    "practice_points",
    "practice_rows",
    "term_rows",
    "violation_rows",
]

BNG = "EPSG:27700"


def federation_rows(result: Result) -> "DataFrame":
    """Return one row a federation: label, lead practice and every figure.

    Columns end in their unit; ``violations`` counts the rules it breaks. Contracts,
    tiers and pooled risk have columns where the scenario asks about them.
    """
    import pandas as pd

    practices = result.problem.instance.practices
    index = result.problem.instance.index
    broken = num_broken(result)
    columns = columns_of(result.problem.scenario)
    rows = [
        {
            "federation": row.federation,
            "centre": row.centre,
            "centre_name": practices.name[index[row.centre]],
            **{column.key: column.of(row) for column in columns},
            "violations": broken[row.federation],
        }
        for row in scorecard(result).federations
    ]
    names = ["federation", "centre", "centre_name"]
    figures = [column.key for column in columns]
    table = pd.DataFrame(rows, columns=[*names, *figures, "violations"])
    floats = {c.key: float for c in columns if c.unit not in ("count", "text")}
    return table.astype({**floats, "n_min_persons": float})


def offer_rows(result: Result) -> "DataFrame":
    """Return one row a federation and contract of the menu; none without a menu."""
    import pandas as pd

    keys = [field.name for field in fields(Offer)]
    rows = [
        {"federation": row.federation}
        | {key: getattr(offer, key) for key in keys}
        | {"premium_and_price_gbp": offer.total_gbp}
        for row in scorecard(result).federations
        for offer in offers(result, row)
    ]
    table = pd.DataFrame(rows, columns=["federation", *keys, "premium_and_price_gbp"])
    words = {True: "yes", False: "no"}
    return table.assign(
        **{key: table[key].map(words) for key in ("keeps_rules", "is_taken")}
    )


def practice_rows(result: Result) -> "DataFrame":
    """Return one row a practice: where it belongs and how far it has to go.

    A practice that stands alone has an empty federation and centre.
    """
    import pandas as pd

    problem, plan = result.problem, result.require_plan()
    practices, index = problem.instance.practices, problem.instance.index
    label = [plan.federation[code] for code in practices.code]
    centre = [plan.centre[f] if f else "" for f in label]
    minutes, source = [], []
    for i, lead in enumerate(centre):
        j = index[lead] if lead else i
        own = bool(lead) and i != j
        minutes.append(float(problem.travel.minutes[i, j]) if lead else np.nan)
        source.append(SOURCES[int(problem.travel.source[i, j])] if own else "")
    return pd.DataFrame(
        {
            "code": practices.code,
            "name": practices.name,
            "federation": label,
            "centre": centre,
            "list_size": problem.list_size,
            "budget_gbp": problem.budget_gbp,
            "travel_min": minutes,
            "travel_source": source,
            "base": [plan.bases.get(code, "") for code in practices.code],
            "easting_m": practices.easting_m,
            "northing_m": practices.northing_m,
        }
    )


def violation_rows(result: Result) -> "DataFrame":
    """Return one row a broken rule; practices are codes apart by spaces."""
    import pandas as pd

    rows = [{**vars(v), "practices": " ".join(v.practices)} for v in result.violations]
    columns = ["rule", "federation", "practices", "amount", "unit", "message"]
    return pd.DataFrame(rows, columns=columns)


def term_rows(result: Result) -> "DataFrame":
    """Return the cost in £ a year: a row a federation, a column a term.

    The last row, ``all``, holds the terms of the whole plan.
    """
    import pandas as pd

    card = scorecard(result)
    rows = [{"federation": r.federation, **r.terms_gbp} for r in card.federations]
    rows.append({"federation": "all", **card.terms_gbp})
    table = pd.DataFrame(rows).fillna(0.0)
    return table.assign(total_gbp=table.drop(columns="federation").sum(axis=1))


def federation_shapes(result: Result) -> "GeoDataFrame":
    """Return `federation_rows` with the region of each, EPSG:27700."""
    plan = result.require_plan()
    regions = federation_regions(result.problem.instance, plan.federation)
    regions = regions[["federation", "colour", "geometry"]]
    return regions.merge(federation_rows(result), on="federation", how="inner")


def practice_points(result: Result) -> "GeoDataFrame":
    """Return `practice_rows` with the main site of each, EPSG:27700."""
    import geopandas

    rows = practice_rows(result)
    points = geopandas.points_from_xy(rows["easting_m"], rows["northing_m"])
    return geopandas.GeoDataFrame(rows, geometry=points, crs=BNG)


def base_points(result: Result) -> "GeoDataFrame | None":
    """Return the out-of-hours bases, EPSG:27700; ``None`` where there are none.

    ``runs`` says whether the plan runs the base.
    """
    import geopandas

    bases = result.problem.instance.bases
    if bases is None:
        return None
    run = set(result.require_plan().open_bases)
    return geopandas.GeoDataFrame(
        {
            "code": bases.code,
            "name": bases.name,
            "status": bases.status,
            "runs": [code in run for code in bases.code],
            "fixed_cost_gbp": bases.fixed_cost_gbp,
        },
        geometry=geopandas.points_from_xy(bases.easting_m, bases.northing_m),
        crs=BNG,
    )
