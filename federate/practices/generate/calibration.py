"""Published figures that a synthetic region is fitted to, each with its source.

Unless said otherwise the figures were measured on 6,392 English general
practices of 2022/23: NHS Payments to General Practice 2022/23 (list size,
rurality, contract, dispensing), Code-Point Open (places, 100 m), ePCN January
2023 (networks), OHID Fingertips 93553 (deprivation) and 93468 (share aged 65
and over, GMS practices only), all under the Open Government Licence v3.0. Only
figures are kept, no record of any practice.
"""

__all__ = [
    "CONTRACT_SHARES",
    "COST_65PLUS_GBP",
    "COST_UNDER_65_GBP",
    "CQC_SHARES",
    "DISPENSING_SHARES",
    "IMD_BY_RANK",
    "IMD_QUANTILES",
    "IMD_RANKS",
    "IT_SYSTEM_SHARES",
    "KM2_PER_PRACTICE",
    "LEAST_DEPRIVED_FIFTH",
    "LIST_SIZE_QUANTILES",
    "MEAN_BUDGET_GBP_PER_HEAD",
    "MOST_DEPRIVED_FIFTH",
    "NEAREST_SITE_KM",
    "NETWORK_QUANTILES",
    "NETWORK_SHARE_30_TO_50",
    "NETWORK_SHARE_SINGLE",
    "NO_NETWORK_SHARE",
    "PATIENTS_PER_BASE",
    "QUANTILE_LEVELS",
    "RURALITIES",
    "RURAL_SHARE",
    "SHARED_SITE_SHARE",
    "SHARE_65PLUS_QUANTILES",
    "SITE_COUNTS",
]

RURALITIES = ("Urban", "Rural")

# 1,066 of 6,392 practices; ONS classification as published with the payments.
RURAL_SHARE = 0.1668

# 130,529 km² of land over 6,392 practices.
KM2_PER_PRACTICE = 20.42

# Levels of every table of quantiles below.
QUANTILE_LEVELS = (
    0.0, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 1.0,
)  # fmt: skip

# Registered patients, persons. 28 special services under 1,000 are left out.
LIST_SIZE_QUANTILES = {
    "Urban": (1_104, 1_758, 2_036, 2_969, 3_779, 5_642, 8_653, 12_506, 17_109, 20_687,
              33_563, 43_403, 109_484),
    "Rural": (1_046, 1_624, 2_066, 2_911, 3_564, 5_180, 7_539, 10_518, 14_303, 17_317,
              26_664, 33_546, 46_573),
}  # fmt: skip

# Index of Multiple Deprivation 2019, score; higher is more deprived.
IMD_QUANTILES = {
    "Urban": (3.4, 5.4, 6.2, 8.8, 10.8, 15.5, 23.5, 32.4, 41.4, 47.7, 55.6, 59.0, 68.7),
    "Rural": (4.8, 5.3, 5.6, 7.4, 8.5, 10.6, 13.9, 18.2, 23.5, 26.9, 36.9, 39.2, 42.8),
}  # fmt: skip

# The same score over all practices, at these national ranks.
IMD_RANKS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
IMD_BY_RANK = (8.4, 10.1, 14.0, 21.3, 30.5, 39.9, 46.0)

# Share of the list aged 65 and over.
SHARE_65PLUS_QUANTILES = {
    "Urban": (0.005, 0.027, 0.040, 0.071, 0.089, 0.126, 0.171, 0.212, 0.247, 0.272,
              0.321, 0.347, 0.509),
    "Rural": (0.020, 0.080, 0.128, 0.171, 0.194, 0.224, 0.256, 0.291, 0.319, 0.341,
              0.379, 0.395, 0.426),
}  # fmt: skip

# Kilometres, straight line, from a site to the nearest other site, at the
# levels 0.1, 0.25, 0.5, 0.75, 0.9.
NEAREST_SITE_KM = {
    "Urban": (0.18, 0.36, 0.65, 1.10, 1.78),
    "Rural": (1.16, 2.90, 4.89, 7.02, 9.25),
}

# Sites with one, two, three … practices at exactly one place.
SITE_COUNTS = {
    "Urban": (4_360, 329, 67, 16, 6, 1, 1),
    "Rural": (1_026, 17, 2, 0, 0, 0, 0),
}

# 1,006 of 6,392 practices share their site (urban 0.181, rural 0.038).
SHARED_SITE_SHARE = 0.157

DISPENSING_SHARES = {
    "Urban": {"yes": 0.047, "no": 0.953},
    "Rural": {"yes": 0.646, "no": 0.354},
}
CONTRACT_SHARES = {
    "Urban": {"GMS": 0.697, "PMS": 0.266, "APMS": 0.037},
    "Rural": {"GMS": 0.825, "PMS": 0.151, "APMS": 0.024},
}

# Clinical system, autumn 2019 (NHS Digital); half of the sub-ICB areas use one of
# the two almost alone.
IT_SYSTEM_SHARES = {
    "Urban": {"EMIS": 0.634, "TPP": 0.366},
    "Rural": {"EMIS": 0.535, "TPP": 0.465},
}

# Care Quality Commission, overall rating, April 2024.
CQC_SHARES = {
    "Urban": {
        "Outstanding": 0.040, "Good": 0.902, "Requires improvement": 0.049,
        "Inadequate": 0.009,
    },
    "Rural": {
        "Outstanding": 0.085, "Good": 0.874, "Requires improvement": 0.037,
        "Inadequate": 0.004,
    },
}  # fmt: skip

# Primary care networks of January 2023 (1,269): patients at QUANTILE_LEVELS'
# inner levels 0.05 … 0.95, with the extremes 0.01 and 0.99 at the ends.
NETWORK_QUANTILES = (
    (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99),
    (21_349, 28_282, 30_615, 35_915, 44_869, 55_646, 69_966, 83_735, 127_807),
)
NETWORK_SHARE_30_TO_50 = 0.534
NETWORK_SHARE_SINGLE = 0.051
NO_NETWORK_SHARE = 0.0053

# NHS spend per head, England 2011/12, £: all, by age, and for the least and
# most deprived fifth. Population-weighted from the single-year table of Asaria,
# NHS cost by age, sex and deprivation 2011/12 (CHE research paper 147). Age
# bands 0–4, 5–14, 15–24, 25–44, 45–64 make "under 65"; 65–74, 75–84, 85+ the
# rest. All spend, primary care included.
MEAN_BUDGET_GBP_PER_HEAD = 1_713.0
_SHARES = (6.3, 11.1, 13.0, 27.1, 25.3, 8.7, 5.6, 2.3)
_MEAN = (1_149, 767, 1_022, 1_341, 1_722, 2_967, 4_221, 5_156)
_MOST = (1_260, 874, 1_254, 1_631, 2_276, 3_592, 4_732, 5_473)
_LEAST = (1_031, 663, 859, 1_129, 1_364, 2_619, 3_912, 4_981)


def _mean_gbp(costs: tuple[int, ...], first: int, last: int) -> float:
    shares = _SHARES[first:last]
    weighted = sum(s * c for s, c in zip(shares, costs[first:last], strict=True))
    return weighted / sum(shares)


# £ per head for the least deprived fifth, the mean and the most deprived fifth,
# which stand at these national ranks of deprivation.
LEAST_DEPRIVED_FIFTH, MOST_DEPRIVED_FIFTH = 0.1, 0.9
COST_UNDER_65_GBP = tuple(_mean_gbp(c, 0, 5) for c in (_LEAST, _MEAN, _MOST))
COST_65PLUS_GBP = tuple(_mean_gbp(c, 5, 8) for c in (_LEAST, _MEAN, _MOST))

# 276 out-of-hours sites (ODS prescribing settings, May 2023) for 62.0 m patients.
PATIENTS_PER_BASE = 225_000
