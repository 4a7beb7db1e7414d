"""How federations' risk capital is split among members: frozen tables of figures."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from federate.show.kinds import refuse_unknown

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["FederationSplit", "MemberShare", "MethodCheck", "Split"]

SUFFIXES = (".csv", ".xlsx")
ROUNDING = 1e-6
"""Share of the capital by which a sum or a core inequality may be off."""


@dataclass(frozen=True)
class MemberShare:
    """What one practice is charged of its federation's capital, £.

    ``exposed_gbp`` is the budget that bears risk, £ a year; ``alone_gbp`` what the
    practice would hold by itself; ``share_gbp`` its share by method.
    """

    code: str
    name: str
    patients: int
    exposed_gbp: float
    alone_gbp: float
    share_gbp: dict[str, float]


@dataclass(frozen=True)
class MethodCheck:
    """Whether one split adds up, and whether anybody would do better apart.

    Parameters
    ----------
    method
        Which.
    off_gbp
        Sum of the shares less the capital.
    core_excess_gbp
        What the worst-treated coalition pays beyond what it would hold apart; at most
        0 in the core. ``None`` for a single member.
    worst_coalition
        Codes of that coalition.
    num_coalitions
        How many were looked at.
    is_complete
        Whether those were all there are.
    in_core
        Whether no coalition that was looked at would do better apart.
    """

    method: str
    off_gbp: float
    core_excess_gbp: float | None
    worst_coalition: tuple[str, ...]
    num_coalitions: int
    is_complete: bool
    in_core: bool


@dataclass(frozen=True)
class FederationSplit:
    """One federation's capital, its members' shares, and what checks say of them.

    ``alone_gbp`` is what the members would hold in all, each by itself.
    """

    federation: str
    contract: str
    capital_gbp: float
    alone_gbp: float
    members: tuple[MemberShare, ...]
    checks: tuple[MethodCheck, ...]


@dataclass(frozen=True)
class Split:
    """The capital of federations, split.

    ``capital`` is ``cvar`` (at ``level``) or ``sd``.
    """

    capital: str
    level: float
    methods: tuple[str, ...]
    federations: tuple[FederationSplit, ...]

    def as_data(self) -> dict[str, Any]:
        """Return all of it as JSON has it."""
        return asdict(self)

    def to_frame(self) -> "DataFrame":
        """Return one row a member: budget, capital alone, and its share by method."""
        import pandas as pd

        rows = []
        for found in self.federations:
            for member in found.members:
                row = {"federation": found.federation, "contract": found.contract}
                row |= {k: v for k, v in vars(member).items() if k != "share_gbp"}
                shares = member.share_gbp.items()
                rows.append(row | {f"{name}_gbp": gbp for name, gbp in shares})
        return pd.DataFrame(rows)

    def checks_frame(self) -> "DataFrame":
        """Return one row a federation and method: sums and core inequalities."""
        import pandas as pd

        rows = [
            {
                "federation": found.federation,
                "num_members": len(found.members),
                "capital_gbp": found.capital_gbp,
                "alone_gbp": found.alone_gbp,
                **vars(check),
                "worst_coalition": " ".join(check.worst_coalition),
                "is_complete": "yes" if check.is_complete else "no",
                "in_core": "yes" if check.in_core else "no",
            }
            for found in self.federations
            for check in found.checks
        ]
        return pd.DataFrame(rows)

    def save(self, path: str | Path) -> None:
        """Write `to_frame` as CSV, or with `checks_frame` as XLSX.

        Raises
        ------
        InputError
            If the file's ending is neither.
        """
        path = Path(path)
        refuse_unknown(path, SUFFIXES)
        if path.suffix.lower() == ".csv":
            from federate.show.formulas import escape_formulas

            escape_formulas(self.to_frame()).to_csv(path, index=False)
            return
        from federate.show.sheets import write_sheets

        sheets = {"shares": self.to_frame(), "checks": self.checks_frame()}
        counts = dict.fromkeys(("patients", "num_members", "num_coalitions"), "count")
        write_sheets(sheets, path, title="Shares of risk capital", formats=counts)
