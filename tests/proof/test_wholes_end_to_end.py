"""From a scenario without a map's rules to the sentence of its certificate."""

from pathlib import Path

import federate as fed


def test_a_run_that_no_map_binds_is_certified_from_its_folder(tmp_path: Path) -> None:
    scenario = fed.Scenario.model_validate(
        {
            "schema": 1,
            "instance": "toy",
            "rules": {
                "size_bounds": (0, 60_000),
                "contiguity": "none",
                "num_federations": 3,
            },
            "cover": {"enabled": False},
            "solve": {"time_limit_s": 20, "engine": "medians"},
        }
    )
    result = fed.solve(scenario)
    assert result.evidence is not None
    assert result.evidence.pricing == "whole"
    assert result.evidence.bound_gbp == result.bound_gbp
    folder = result.save(tmp_path / "run", certificate=True)
    verdict = fed.certify(folder)
    assert verdict.is_proven
    assert verdict.is_best
