"""What a simulation of a plan's years found: frozen tables of figures."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from federate.show.kinds import refuse_unknown

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = [
    "PLANNED",
    "SUFFIXES",
    "Bearers",
    "Checked",
    "ContractYears",
    "SecondPool",
    "Simulation",
    "SystemYears",
]

SUFFIXES = (".csv", ".xlsx")
PLANNED = "as planned"
"""Name of the contracts that the plan takes, each federation its own."""
CLEAR_ERRORS = 3.0
"""A closed form this many standard errors off differs by more than chance."""


@dataclass(frozen=True)
class Checked:
    """A figure by its closed form and by simulation.

    Parameters
    ----------
    formula
        The closed form; ``None`` where there is none.
    simulated, error
        The figure of the drawn years and its standard error.
    """

    formula: float | None
    simulated: float
    error: float

    @property
    def errors_off(self) -> float | None:
        """Simulated less formula, in standard errors."""
        if self.formula is None:
            return None
        apart = self.simulated - self.formula
        return apart / self.error if self.error > 0 else 0.0


@dataclass(frozen=True)
class ContractYears:
    """One federation under one contract of the menu.

    Parameters
    ----------
    federation, contract, partner
        Which; ``""``: no contract, no partner.
    is_chosen
        Whether it is the contract that the plan takes.
    patients, exposed_gbp
        Registered patients, and the budget that bears risk, £ a year.
    probability
        Of an overspend above the tolerance that surprises: without the fair price of
        a stop-loss, which is known before the year begins.
    overspend_gbp, beyond_gbp
        Mean overspend that is kept: over budget, and beyond the tolerance, £ a year.
    cvar_gbp
        Mean of what is kept in the worst years, £.
    claims_gbp
        What the partner pays, a mean year, £.
    loading_gbp
        What it asks beyond the fair price, £ a year.
    """

    federation: str
    contract: str
    partner: str
    is_chosen: bool
    patients: int
    exposed_gbp: float
    probability: Checked
    overspend_gbp: Checked
    beyond_gbp: Checked
    cvar_gbp: Checked
    claims_gbp: Checked
    loading_gbp: float


@dataclass(frozen=True)
class SystemYears:
    """All federations together, £ a year.

    Parameters
    ----------
    budget_gbp
        Exposed budget of all.
    probability, cvar_gbp
        Of all federations together, as one pool: overspending by more than the
        tolerance, and the mean of the worst years.
    gross_gbp
        Σ of the federations' overspends; what others save is not set against it.
    num_over
        Federations that are over the tolerance in a year.
    any_over
        Chance that any is.
    most_over
        Federations over the tolerance that are not passed in 95 % of years.
    """

    budget_gbp: float
    probability: Checked
    cvar_gbp: Checked
    gross_gbp: Checked
    num_over: Checked
    any_over: Checked
    most_over: int


@dataclass(frozen=True)
class Bearers:
    """Who bears the system's worst years under one contract, £ a year.

    Parameters
    ----------
    contract
        Of the menu; ``""``: none; ``"as planned"``: each federation its own.
    excess_gbp
        Spend over budget of all, savings set against it, mean of the worst years.
    federations_gbp, pool_gbp, partners_gbp
        Who bears it; they add up to it. What partners bear is what they pay less
        the fair price that they were paid for it.
    claims_gbp, loading_gbp
        Of a mean year: what partners pay, and what they ask beyond the fair price.
    loss_share
        Share of years in which partners pay more than they were paid.
    """

    contract: str
    excess_gbp: float
    federations_gbp: float
    pool_gbp: float
    partners_gbp: float
    claims_gbp: float
    loading_gbp: float
    loss_share: float


@dataclass(frozen=True)
class SecondPool:
    """A second pool over all federations, without contracts, £ a year.

    Parameters
    ----------
    attach
        Each federation keeps its overspend up to this share of its budget.
    claims_gbp
        What the pool pays, a mean year: the federations' fair contributions.
    sd_gbp
        Standard deviation of that. The closed form takes federations for
        independent but for the national shock.
    alone_sd_gbp
        Σ of the federations' own standard deviations, without the pool.
    """

    attach: float
    claims_gbp: Checked
    sd_gbp: Checked
    alone_sd_gbp: float


@dataclass(frozen=True)
class Simulation:
    """Drawn years of a plan beside the closed forms.

    Parameters
    ----------
    years, seed
        How many, and from which seed.
    tolerance, cvar_level, max_probability
        r, α and ε of the scenario; ε is ``None`` where there is no such rule.
    law
        The closed form's law, ``risk.tail`` of the scenario.
    contracts
        One for each federation and contract of the menu, and without a contract.
    bare, planned
        The system without contracts, and with those of the plan.
    bearers
        Who bears the worst years: as planned first, then each contract for all.
    second_pool
        The second pool.
    """

    years: int
    seed: int
    tolerance: float
    cvar_level: float
    max_probability: float | None
    law: str
    contracts: tuple[ContractYears, ...]
    bare: SystemYears
    planned: SystemYears
    bearers: tuple[Bearers, ...]
    second_pool: SecondPool

    @property
    def chosen(self) -> tuple[ContractYears, ...]:
        """Each federation under the contract that the plan takes."""
        return tuple(row for row in self.contracts if row.is_chosen)

    @property
    def breaking(self) -> tuple[ContractYears, ...]:
        """Federations whose simulated chance is clearly above the rule's ε."""
        if self.max_probability is None:
            return ()
        return tuple(
            row
            for row in self.chosen
            if row.probability.simulated
            > self.max_probability + CLEAR_ERRORS * row.probability.error
        )

    @property
    def apart(self) -> tuple[ContractYears, ...]:
        """Federations whose chance is clearly not that of the closed form."""
        return tuple(
            row
            for row in self.chosen
            if abs(row.probability.errors_off or 0.0) > CLEAR_ERRORS
        )

    def as_data(self) -> dict[str, Any]:
        """Return all of it as JSON has it."""
        return asdict(self)

    def to_frame(self) -> "DataFrame":
        """Return a row for each federation and contract.

        A checked figure has three columns: ``probability`` (closed form),
        ``probability_simulated`` and ``probability_error``.
        """
        return _frame(self.contracts)

    def save(self, path: str | Path) -> None:
        """Write the tables as CSV (`to_frame`) or XLSX, as the ending says.

        The workbook has three sheets: federations, bearers, system.

        Raises
        ------
        InputError
            If the ending is neither.
        """
        refuse_unknown(Path(path), SUFFIXES)
        if Path(path).suffix.lower() == ".csv":
            from federate.show.formulas import escape_formulas

            escape_formulas(self.to_frame()).to_csv(path, index=False)
            return
        from federate.show.sheets import write_sheets

        system = _frame((self.bare, self.planned))
        system.insert(0, "contracts", ["none", PLANNED])
        sheets = {
            "federations": self.to_frame(),
            "bearers": _frame(self.bearers),
            "system": system,
        }
        names = (str(name) for table in sheets.values() for name in table)
        shares = dict.fromkeys(filter(_is_share, names), "share")
        write_sheets(sheets, path, title="Simulated years", formats=shares)


def _is_share(name: str) -> bool:
    return name.startswith(("probability", "any_over")) or name == "loss_share"


def _frame(rows: Sequence[Any]) -> "DataFrame":
    """Return dataclasses as a table, a checked figure in three columns."""
    import pandas as pd

    out = []
    for row in rows:
        flat: dict[str, Any] = {}
        for name, value in vars(row).items():
            if isinstance(value, Checked):
                unit = "_gbp" if name.endswith("_gbp") else ""
                stem = name.removesuffix("_gbp")
                flat[name] = value.formula
                flat[f"{stem}_simulated{unit}"] = value.simulated
                flat[f"{stem}_error{unit}"] = value.error
            else:
                flat[name] = value
        out.append(flat)
    return pd.DataFrame(out)
