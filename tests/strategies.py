"""Small random problems for the oracle and the properties.

`small_instance` draws places, lists, labels and a connected neighbour graph;
`small_problem` adds a scenario with the rules a test names. Everything is
decided by the seed.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from federate.practices.instance import (
    Attribute,
    Bases,
    FloatArray,
    Instance,
    Partners,
    Practices,
    Tie,
)
from federate.problem import Problem
from federate.scenario import Scenario

__all__ = ["POOLED", "RULES", "problems", "small_instance", "small_problem"]

MENU: dict[str, dict[str, Any]] = {
    "stop": {"stop_loss_from": 0.04, "loading": 0.2, "fixed_gbp": 2_000.0},
    "layer": {"stop_loss_from": 0.02, "stop_loss_to": 0.08, "stop_loss_share": 0.6},
    "share": {"quota_share": 0.4, "fee_share": 0.001},
    "cut": {"carve_out_above_gbp": 30_000.0, "loading": 0.05, "fixed_gbp": 500.0},
    "gain": {"partner": "V1", "gain_beyond": 0.03},
}

RULES: dict[str, dict[str, Any]] = {
    "plain": {},
    "bounds": {"rules": {"size_bounds": (9_000, 26_000)}},
    "tight bounds": {"rules": {"size_bounds": (14_000, 21_000)}},
    "loose pieces": {
        "rules": {
            "size_bounds": (9_000, 26_000),
            "contiguity": "pieces",
            "max_pieces": 2,
        }
    },
    "anywhere": {"rules": {"size_bounds": (9_000, 26_000), "contiguity": "none"}},
    "members": {"rules": {"practices_bounds": (2, 3)}},
    "count": {"rules": {"num_federations": 3}},
    "count range": {"rules": {"num_federations": (2, 3)}},
    "near": {"rules": {"max_travel_min": 15.0, "size_bounds": (5_000, 40_000)}},
    "no donut": {"rules": {"no_donut": True, "size_bounds": (5_000, 40_000)}},
    "together": {"rules": {"together": (("P0", "P2"), ("P2", "P3"))}},
    "apart": {"rules": {"apart": (("P0", "P1"), ("P2", "P4"))}},
    "keep": {"rules": {"keep": ("P0", "P1", "P2")}},
    "freeze": {"rules": {"freeze": ("G1",)}},
    "grow": {"rules": {"grow": ("G1",)}},
    "freeze in voluntary": {
        "membership": {"mode": "voluntary", "alone_gbp_per_patient": 0.5},
        "rules": {"freeze": ("G1",), "contiguity": "none"},
    },
    "grow in voluntary": {
        "membership": {"mode": "voluntary", "alone_gbp_per_patient": 0.5},
        "rules": {"grow": ("G1",), "contiguity": "none"},
    },
    "inside": {"rules": {"stay_inside": ("district",)}},
    "waived": {"rules": {"size_bounds": (18_000, 30_000), "size_waivers": ("P1",)}},
    "no singletons": {"membership": {"allow_singletons": False}},
    "oversize": {"rules": {"size_bounds": (6_000, 12_000)}},
    "voluntary": {
        "membership": {"mode": "voluntary", "alone_gbp_per_patient": 6.0},
        "rules": {"size_bounds": (14_000, 26_000)},
    },
    "risk": {"risk": {"max_probability": 0.35, "tolerance": 0.02}},
    "risk in tail": {
        "risk": {"max_probability": 0.15, "tolerance": 0.06, "tail": "normal-power"}
    },
    "risk priced": {
        "risk": {
            "gbp_per_gbp_at_risk": 0.3,
            "tail": "lognormal",
            "cv1": 7.6,
            "measure": "cvar",
        }
    },
    "risk by region": {
        "risk": {
            "max_probability": 0.15,
            "tolerance": 0.065,
            "tau_region": 0.02,
            "region_km": 4.0,
            "gbp_per_gbp_at_risk": 0.4,
        }
    },
    "contracts": {
        "risk": {
            "max_probability": 0.08,
            "tolerance": 0.05,
            "tail": "normal-power",
            "gbp_per_gbp_at_risk": 0.2,
        },
        "contracts": {"menu": MENU},
    },
    "contract required": {
        "risk": {"gbp_per_gbp_at_risk": 0.5, "measure": "cvar", "cv1": 7.6},
        "contracts": {"menu": MENU, "required": True},
        "rules": {"size_bounds": (9_000, 30_000)},
    },
    "tiers": {
        "risk": {"max_probability": 0.15, "tolerance": 0.06},
        "tiers": {
            "readiness_column": "imd",
            "full_readiness": 22.0,
            "partial_readiness": 14.0,
            "min_full_share": 0.3,
        },
    },
    "services": {
        "risk": {
            "max_probability": 0.15,
            "tolerance": 0.065,
            "tail": "normal-power",
            "services": {
                "hospital": {"share": 0.5, "cv1": 4.6},
                "surgery": {"share": 0.1, "cv1": 7.6},
                "community": {"share": 0.2, "cv1": 3.0, "included": False},
            },
        }
    },
    "exposure": {"tiers": {"income_gbp_per_patient": 140.0, "max_exposure_share": 1.1}},
    "allowance": {
        "scale": {
            "fixed_gbp_per_federation": 60_000.0,
            "gbp_per_head": 1.0,
            "allowance_gbp_per_head": 7.0,
            "innovation_share": 0.001,
            "benefit_share": 0.002,
        }
    },
    "management": {
        "scale": {
            "fixed_gbp_per_federation": 60_000.0,
            "management_column": "imd",
            "management_gbp_per_head": 0.003,
        },
        "contracts": {
            "menu": {"support": {"management_gbp": 30.0, "fixed_gbp": 9_000.0}}
        },
    },
    "hybrid": {
        "likeness": {
            "mode": "hybrid",
            "geographic_weight": 0.5,
            "features": {"imd": {"weight": 1.0}, "district": {"weight": 0.5}},
        },
        "rules": {"size_bounds": (9_000, 30_000)},
    },
    "target": {
        "weights": {"target_size": 17_000.0, "size_deviation_gbp_per_person": 4.0}
    },
    "disruption": {"weights": {"disruption_gbp_per_patient": 5.0}},
    "cut edges": {
        "weights": {"cut_edges_gbp_per_pair": 45_000.0},
        "rules": {"size_bounds": (9_000, 26_000)},
    },
    "cut edges alone": {
        "membership": {"mode": "voluntary", "alone_gbp_per_patient": 3.0},
        "weights": {"cut_edges_gbp_per_pair": 30_000.0},
        "rules": {"size_bounds": (12_000, 26_000)},
    },
    "cut edges oversize": {
        "weights": {
            "travel_gbp_per_patient_min": 0.0,
            "cut_edges_gbp_per_pair": 90_000.0,
        },
        "rules": {"size_bounds": (6_000, 13_000)},
    },
}


POOLED = (
    "risk in tail",
    "risk priced",
    "risk by region",
    "contracts",
    "contract required",
    "tiers",
    "services",
    "exposure",
    "allowance",
    "management",
)
"""Those that weigh pooled risk beyond a normal tail, contracts, tiers or scale."""


def small_instance(seed: int, num_practices: int = 6) -> Instance:
    """Return a random instance with a connected neighbour graph."""
    rng = np.random.default_rng(seed)
    n = num_practices
    code = tuple(f"P{i}" for i in range(n))
    place = _metres(rng, (n, 2))
    tree = {(int(rng.integers(0, i)), i) for i in range(1, n)}
    extra = {
        (min(i, k), max(i, k))
        for i, k in rng.integers(0, n, size=(n // 2, 2)).tolist()
        if i != k
    }
    district = np.array([("N", "S")[i % 2 if seed % 3 else 0] for i in range(n)])
    attributes = {
        "imd": Attribute("imd", "number", "score", rng.uniform(5, 50, n).round(1)),
        "district": Attribute("district", "category", "label", district),
        "rurality": Attribute(
            "rurality",
            "category",
            "label",
            np.array([("Urban", "Rural")[int(v)] for v in rng.integers(0, 2, n)]),
        ),
    }
    bases = Bases(
        code=("B0", "B1", "B2"),
        name=("Base 0", "Base 1", "Base 2"),
        easting_m=400_000.0 + _metres(rng, 3),
        northing_m=300_000.0 + _metres(rng, 3),
        status=("open", "candidate", "candidate"),
        fixed_cost_gbp=np.array([np.nan, 90_000.0, 60_000.0]),
    )
    return Instance(
        name=f"small{seed}",
        title=f"Small region {seed}",
        practices=Practices(
            code=code,
            name=tuple(f"Practice {i}" for i in range(n)),
            easting_m=400_000.0 + place[:, 0],
            northing_m=300_000.0 + place[:, 1],
            list_size=rng.integers(2_000, 16_000, n).astype(np.int64),
            budget_gbp=np.full(n, np.nan),
            attributes=attributes,
        ),
        neighbours=tuple((code[i], code[k]) for i, k in sorted(tree | extra)),
        bases=bases,
        partners=Partners(
            code=("V1",),
            name=("Partner 1",),
            contract=("gain_share",),
            share=np.array([0.5]),
            fee_share=np.array([0.0]),
            fixed_gbp=np.array([1_000.0]),
            capacity_gbp=np.array([np.nan]),
        ),
        ties=(Tie("P0", "P1", "could", 0.8),),
        current=tuple(("G1", "G2")[int(v)] for v in rng.integers(0, 2, n)),
    )


def _metres(rng: np.random.Generator, shape: int | tuple[int, int]) -> FloatArray:
    """Return places on a grid of 500 m, within 12 km."""
    return rng.integers(0, 24, size=shape).astype(np.float64) * 500.0


def small_problem(seed: int, rule: str = "plain", num_practices: int = 6) -> Problem:
    """Return a random problem under one named rule of `RULES`."""
    asked: dict[str, Any] = {
        "schema": 1,
        "scale": {"fixed_gbp_per_federation": 60_000.0, "gbp_per_member": 100.0},
        "risk": {},
        "cover": {"enabled": False},
        **RULES[rule],
    }
    scenario = Scenario.model_validate(asked)
    instance = small_instance(seed, num_practices)
    rules = scenario.rules
    if instance.current is not None and (rules.freeze or rules.grow):
        # The group that they name has a member.
        instance = replace(instance, current=("G1", *instance.current[1:]))
    return Problem.build(instance, scenario)


def problems(*rules: str, max_practices: int = 6) -> st.SearchStrategy[Problem]:
    """Return random problems under any of the named rules (all of them if none)."""
    return st.builds(
        small_problem,
        seed=st.integers(0, 2**16),
        rule=st.sampled_from(rules or tuple(RULES)),
        num_practices=st.integers(5, max_practices),
    )
