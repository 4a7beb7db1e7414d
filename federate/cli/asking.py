"""What the command line names → a scenario with an instance, or a result."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from federate.cli.faults import UsageError
from federate.cli.options import HERE

if TYPE_CHECKING:
    from federate.result import Result
    from federate.scenario import Scenario
    from federate.whatif.store import Store

__all__ = [
    "file_for",
    "has_scenario",
    "is_run",
    "rescored",
    "result_of",
    "run_folder",
    "scenario_of",
    "start_of",
    "wished",
]


def scenario_of(
    source: str,
    preset: str | None = None,
    settings: Sequence[str] = (),
    **options: object,
) -> "Scenario":
    """Return the scenario that `source` means, with what the options change.

    Parameters
    ----------
    source
        A scenario file, or an instance that has its own or is given a preset.
    preset
        Preset to ask of an instance.
    settings
        ``key=value`` texts of ``--set``.
    options
        Further changes as `Scenario.with_` takes them; ``None``: not given.

    Raises
    ------
    UsageError
        If there is no scenario or no instance; the message says how to name it.
    ScenarioError
        With every fault of the scenario.
    """
    from federate.scenario import Scenario
    from federate.scenario.change import parse_settings

    changes = parse_settings(settings)
    changes |= {key: value for key, value in options.items() if value is not None}
    if preset is not None:
        if source.endswith(".toml"):
            raise UsageError(
                f"{source} states its own rules; to start it from a preset write "
                f'extends = "{preset}" in it, or name an instance here instead'
            )
        return Scenario.load(preset, **{"instance": source, **changes})
    _refuse_bare_instance(source)
    scenario = Scenario.load(source, **changes)
    if scenario.instance is None:
        raise UsageError(_no_instance(source))
    return scenario


def has_scenario(source: str) -> bool:
    """Whether `source` is a scenario file, or an instance that has its own."""
    path = _path(source)
    return path.suffix == ".toml" or (path / "scenario.toml").is_file()


def is_run(source: str) -> bool:
    """Whether `source` names a run: its folder, or nothing that solve would take."""
    if (Path(source) / "metrics.json").is_file():
        return True
    from federate.scenario.load import preset_names

    path = _path(source)
    return not (path.exists() or path.suffix == ".toml" or source in preset_names())


def file_for(source: str, ending: str) -> Path:
    """Return the file here that is named for a run or plan.

    Examples
    --------
    >>> file_for("plans/ours.csv", ".html").name
    'ours.html'
    """
    path = Path(source)
    return Path(f"{path.stem or path.resolve().name}{ending}")


def run_folder(source: str, store: Path = HERE) -> Path:
    """Return the folder of a run that is named as `Store.find` takes it.

    Raises
    ------
    InputError
        If there is no such run; the message names those that are near.
    """
    from federate.whatif.store import Store

    return Store(store).find(source).folder


def _path(source: str) -> Path:
    from federate.practices.source import shipped_path

    return shipped_path(source) or Path(source).expanduser()


def _refuse_bare_instance(source: str) -> None:
    """Refuse an instance that comes without a scenario."""
    if _path(source).exists() and not has_scenario(source):
        raise UsageError(
            f"{source} has no scenario.toml, so nothing says what is wanted; choose a "
            f"preset:\n  federate solve {source} --preset pcn2019\nor write your own "
            f"to start from:\n  federate init my.toml --instance {source}"
        )


def _no_instance(source: str) -> str:
    from federate.scenario.load import preset_names

    if source in preset_names():
        return (
            f"{source} is a preset; name the practices to ask it of:\n"
            f"  federate solve INSTANCE --preset {source}"
        )
    return (
        f'{source} names no instance; add instance = "..." to it, or give one:\n'
        f"  federate solve {source} --set instance=PATH"
    )


def result_of(
    source: str,
    scenario: str | None,
    preset: str | None = None,
    settings: Sequence[str] = (),
    store: Path = HERE,
) -> "Result":
    """Return the result of a run, or of a plan scored under a scenario.

    A run is named as `federate.whatif.store.Store.find` takes it.

    Raises
    ------
    UsageError
        If a plan comes without a scenario; the message says how to name one.
    InputError
        If the run, the plan or the scenario is faulty.
    """
    path = Path(source)
    if path.is_dir():
        from federate.show.run_folder import read_run

        return read_run(path)
    if scenario is None:
        if path.exists() or source == "current":
            raise UsageError(
                f"{source} is no run; to score it as a plan, name what to score it "
                f"under:\n  --scenario SCENARIO|INSTANCE"
            )
        from federate.whatif.store import Store

        return Store(store).result(source)
    from federate.api import evaluate

    return evaluate(source, scenario_of(scenario, preset, settings))


def rescored(
    source: str,
    scenario: str | None,
    preset: str | None = None,
    settings: Sequence[str] = (),
    store: Path = HERE,
) -> "Result":
    """Return the result of a run or plan, weighed as asked.

    As `result_of`, but a run too is scored anew where a scenario or settings are
    given: under that scenario, or under its own with the settings.

    Raises
    ------
    UsageError
        If a plan comes without a scenario, or a preset without one.
    InputError
        If the run, the plan or the scenario is faulty.
    """
    from federate.api import evaluate

    if scenario is None and preset is not None:
        raise UsageError(
            "--preset needs the instance to ask it of: --scenario INSTANCE"
        )
    is_plan = source == "current" or Path(source).is_file()
    if scenario is not None:
        plan = source if is_plan else run_folder(source, store)
        return evaluate(plan, scenario_of(scenario, preset, settings))
    found = result_of(source, None, store=store)
    if not settings:
        return found
    from federate.scenario.change import parse_settings

    asked = found.problem.scenario.with_(**parse_settings(settings))
    return evaluate(found.require_plan(), asked, instance=found.problem.instance)


def wished(
    scenario: "Scenario",
    keep: Sequence[str] | None = None,
    together: Sequence[str] | None = None,
    apart: Sequence[str] | None = None,
    freeze: Sequence[str] | None = None,
    grow: Sequence[str] | None = None,
) -> "Scenario":
    """Return the scenario with wishes added to the rules it states.

    Raises
    ------
    UsageError
        If a wish on several practices names fewer than two.
    """
    rules = scenario.rules
    changes: dict[str, object] = {}
    for name, said in (("keep", keep), ("freeze", freeze), ("grow", grow)):
        if said:
            listed = [one for text in said for one in _listed(text)]
            old = getattr(rules, name)
            changes[f"rules__{name}"] = tuple(dict.fromkeys((*old, *listed)))
    for name, said in (("together", together), ("apart", apart)):
        if said:
            sets = [_listed(text) for text in said]
            if any(len(codes) < 2 for codes in sets):
                raise UsageError(
                    f"--{name} takes two practices or more, with commas: "
                    f"--{name} A81001,A81002"
                )
            changes[f"rules__{name}"] = (*getattr(rules, name), *sets)
    return scenario.with_(**changes) if changes else scenario


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def start_of(source: str | None, runs: "Store") -> str | Path | None:
    """Return what to start from: a kept run's folder, or what was named as it is."""
    if source is None or source == "current" or Path(source).exists():
        return source
    # A table that is not there is told as one, in the words of whoever reads tables.
    return source if Path(source).suffix else runs.find(source).folder
