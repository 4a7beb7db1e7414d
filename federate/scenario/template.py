"""A scenario file to start from, with comments that teach."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from federate.errors import Fault, ScenarioError, did_you_mean
from federate.scenario.keys import annotation_at
from federate.scenario.meaning import MEANING
from federate.scenario.schema import Scenario

if TYPE_CHECKING:
    from federate.practices.instance import Instance

__all__ = ["find_area", "scenario_template", "write_scenario_template"]

# The keys that planners reach for first. A value is shown where nothing is in
# force to show.
_SHOWN: Mapping[str, Mapping[str, Any]] = {
    "membership": {"mode": None, "allow_singletons": None},
    "rules": {
        "size_bounds": (30_000, 50_000),
        "num_federations": 6,
        "contiguity": "contiguous",
        "max_travel_min": 30,
        "no_donut": None,
        "stay_inside": ("lad_code",),
        "together": (("A81001", "A81002"),),
        "apart": (("A81001", "A81003"),),
        "keep": ("A81004",),
    },
    "weights": {
        "travel_gbp_per_patient_min": None,
        "target_size": 40_000,
        "size_deviation_gbp_per_person": None,
        "disruption_gbp_per_patient": None,
    },
    "scale": {
        "fixed_gbp_per_federation": None,
        "gbp_per_head": None,
        "allowance_gbp_per_head": 25.0,
    },
    "risk": {
        "cv1": None,
        "budget_origin": None,
        "tolerance": None,
        "max_probability": 0.05,
        "gbp_per_gbp_at_risk": None,
    },
    "contracts": {"required": None, "max_partner_share": 0.5},
    "likeness": {"mode": None, "geographic_weight": 0.5},
    "cover": {"reach_urban_min": None, "reach_rural_min": None},
    "solve": {"time_limit_s": None, "gap": None},
}

_HEAD = """\
What you ask of the practices below. Solve it with

    federate solve {file}

A line that begins with # is not in force. Those below show what holds now, or an \
example: take the # away and change the value. Every key, with its unit and its \
default, is in the README of federate/scenario."""


def write_scenario_template(
    path: Path,
    *,
    instance: str,
    preset: str,
    area: Mapping[str, Sequence[str]] | None = None,
    title: str | None = None,
    overwrite: bool = False,
) -> None:
    """Write a scenario for `instance` that starts from `preset`.

    Parameters
    ----------
    path
        The ``.toml`` file to write; its folder must exist.
    instance
        A shipped name, or a path from the present folder.
    preset
        Name of a preset.
    area
        Column → labels to keep; see `find_area`.
    title
        What to call it; the preset's own title where left out.
    overwrite
        Whether a file that is there already may be replaced.

    Raises
    ------
    ScenarioError
        If the preset does not exist, or the file does.
    """
    if path.exists() and not overwrite:
        message = "is there already; choose another name, or --force to replace it"
        raise ScenarioError(str(path), [Fault(str(path), message)])
    if not path.parent.is_dir():
        message = f"no folder {path.parent}; make it first"
        raise ScenarioError(str(path), [Fault(str(path), message)])
    text = scenario_template(
        file=path.name,
        instance=_seen_from(path.parent, instance),
        preset=preset,
        area=area or {},
        title=title,
    )
    aside = path.with_name(f".{path.name}.part")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def scenario_template(
    *,
    file: str,
    instance: str,
    preset: str,
    area: Mapping[str, Sequence[str]],
    title: str | None = None,
) -> str:
    """Return the text of a scenario; see `write_scenario_template`."""
    import tomlkit

    base = Scenario.load(preset)
    document = tomlkit.document()
    for line in _comment(_HEAD.format(file=file)):
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    document.add("schema", tomlkit.item(1))
    document.add("title", tomlkit.item(title or base.title))
    document.add(tomlkit.nl())
    _explain(document, "extends")
    document.add("extends", tomlkit.item(preset))
    document.add(tomlkit.nl())
    _explain(document, "instance")
    document.add("instance", tomlkit.item(instance))
    if area:
        table = tomlkit.table()
        _explain(table, "area")
        for column, labels in area.items():
            table.add(column, list(labels))
        document.add("area", table)
    for section, keys in _SHOWN.items():
        document.add(section, _shown(section, keys, base))
    return tomlkit.dumps(document)


def find_area(instance: "Instance", said: str) -> dict[str, tuple[str, ...]]:
    """Return the column and label that `said` means.

    Parameters
    ----------
    instance
        Whose columns are looked through.
    said
        ``column=label``, or a label alone, found in whichever column has it;
        capitals do not count.

    Raises
    ------
    ScenarioError
        If no column has the label, or several have it for different practices.
    """
    column, equals, label = said.partition("=")
    columns = {
        name: attribute.values.tolist()
        for name, attribute in instance.practices.attributes.items()
        if attribute.kind == "category" and (not equals or name == column.strip())
    }
    wanted = (label if equals else said).strip().casefold()
    found: dict[str, tuple[str, frozenset[int]]] = {}
    for name, values in columns.items():
        rows = frozenset(i for i, v in enumerate(values) if v.casefold() == wanted)
        if rows:
            found[name] = (values[min(rows)], rows)
    if len({rows for _, rows in found.values()}) == 1:
        name, (value, _) = next(iter(found.items()))
        return {name: (value,)}
    if found:
        choices = " or ".join(f"{name}={value}" for name, (value, _) in found.items())
        message = f"several columns have this label; say which: {choices}"
    elif equals and not columns:
        known = instance.practices.attributes
        hint = did_you_mean(column, known) or f"; there are {', '.join(known)}"
        message = f"no column {column.strip()} with labels in {instance.name}{hint}"
    else:
        labels = {v for values in columns.values() for v in values if v}
        hint = did_you_mean(said if not equals else label, labels)
        message = f"no practice of {instance.name} has this label{hint}"
    raise ScenarioError("--area", [Fault("--area", message, value=said)])


def _seen_from(folder: Path, instance: str) -> str:
    from federate.practices.source import shipped_path

    if shipped_path(instance) is not None:
        return instance
    return Path(os.path.relpath(Path(instance).expanduser(), folder)).as_posix()


def _shown(section: str, keys: Mapping[str, Any], base: Scenario) -> Any:
    """Return a table whose keys are all comments: meaning, then the value."""
    import tomlkit

    table = tomlkit.table()
    for line in _comment(MEANING[section].text):
        table.add(tomlkit.comment(line))
    for key, example in keys.items():
        dotted = f"{section}.{key}"
        assert annotation_at((section, key)) is not None, dotted
        in_force = getattr(getattr(base, section), key)
        absent = in_force is None or in_force == ()
        value = example if absent else in_force
        table.add(tomlkit.nl())
        _explain(table, dotted, example=absent)
        table.add(tomlkit.comment(f"{key} = {_toml(value)}"))
    return table


def _explain(table: Any, dotted: str, *, example: bool = False) -> None:
    import tomlkit

    meaning = MEANING[dotted]
    unit = "" if meaning.unit == "–" else f" ({meaning.unit})"
    said = f"{meaning.text.rstrip('.')}{unit}." + (" For example:" if example else "")
    for line in _comment(said):
        table.add(tomlkit.comment(line))


def _comment(text: str) -> list[str]:
    """Return lines of at most 84 characters, without Markdown."""
    plain = text.replace("`", "")
    return [
        line
        for paragraph in plain.split("\n")
        for line in (wrap(paragraph, 84, drop_whitespace=True) or [""])
    ]


def _toml(value: Any) -> str:
    """Return one value as TOML; whole numbers without a point."""
    import tomlkit

    if isinstance(value, tuple):
        return f"[{', '.join(_toml(v) for v in value)}]"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(tomlkit.item(value).as_string())
