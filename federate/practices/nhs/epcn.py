"""ODS ``ePCN``: which practice belongs to which primary care network, and when.

The workbook's sheet ``PCN Core Partner Details`` has one row for each time that a
practice was a core partner of a network. Its headings named CCGs until mid-2022
and sub-ICB locations since; the export that replaced the workbook spells them
out. All three are read.

References
----------
NHS Digital, Organisation Data Service, Primary Care Networks: ``ePCN.xlsx`` and
the report ``epcncorepartnerdetails``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from federate.errors import Fault, InstanceError
from federate.practices.nhs.headings import Headings, read_columns

__all__ = ["SHEET", "Membership", "current_networks", "read_epcn"]

SHEET = "PCN Core Partner Details"

_WANTED: Headings = {
    "code": ("Partner Organisation Code",),
    "name": ("Partner Name",),
    "commissioner": (
        "Practice Parent Sub ICB Loc Code",
        "Practice Parent Sub ICB Location Code",
        "Practice Parent CCG Code",
    ),
    "pcn_code": ("PCN Code",),
    "pcn_name": ("PCN Name",),
    "start": ("Practice to PCN Relationship Start Date",),
    "end": ("Practice to PCN Relationship End Date",),
}


@dataclass(frozen=True)
class Membership:
    """One practice in one network from `start` to `end` (``""``: to this day).

    ``commissioner`` is the sub-ICB location (before July 2022: the CCG) of the
    practice. Dates are as published, ``YYYYMMDD``.
    """

    code: str
    name: str
    pcn_code: str
    pcn_name: str
    commissioner: str
    start: str
    end: str
    line: int


def read_epcn(path: str | Path) -> tuple[Membership, ...]:
    """Read the core partners of an ePCN workbook, in its order, past ones included.

    Raises
    ------
    InstanceError
        If the sheet or a column is missing.
    """
    return tuple(
        Membership(line=line, **cells)
        for line, cells in read_columns(Path(path), _WANTED, {}, layer=SHEET)
    )


def current_networks(
    memberships: Iterable[Membership], *, file: str = "ePCN.xlsx"
) -> Mapping[str, Membership]:
    """Choose the membership that holds today, by practice code.

    Raises
    ------
    InstanceError
        If a practice is in two networks at once.
    """
    current: dict[str, Membership] = {}
    faults = []
    for membership in memberships:
        if membership.end:
            continue
        earlier = current.setdefault(membership.code, membership)
        if earlier is not membership:
            message = (
                f"{membership.code} is in {earlier.pcn_code} (line {earlier.line}) as "
                "well; end one of the two memberships"
            )
            fault = Fault(
                file, message, membership.line, "PCN Code", membership.pcn_code
            )
            faults.append(fault)
    if faults:
        raise InstanceError(file, faults)
    return MappingProxyType(current)
