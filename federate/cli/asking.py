"""What the command line names → a scenario with an instance, or a result."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from federate.cli.faults import UsageError

if TYPE_CHECKING:
    from federate.result import Result
    from federate.scenario import Scenario

__all__ = ["has_scenario", "is_run", "result_of", "run_folder", "scenario_of"]


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
    """Whether `source` is a run folder."""
    return (Path(source) / "metrics.json").is_file()


def run_folder(source: str) -> Path:
    """Return the run folder, or say that it is none.

    Raises
    ------
    UsageError
        If `source` is no run folder.
    """
    if not is_run(source):
        raise UsageError(
            f"{source} is no run folder; make one with\n"
            f"  federate solve SCENARIO -o {source}"
        )
    return Path(source)


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
) -> "Result":
    """Return the result kept in a run folder, or a plan scored under a scenario.

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
        raise UsageError(
            f"{source} is no run folder; to score it as a plan, name what to score "
            f"it under:\n  --scenario SCENARIO|INSTANCE"
        )
    from federate.api import evaluate

    return evaluate(source, scenario_of(scenario, preset, settings))
