"""NHS Payments to General Practice, 2014/15 to 2022/23.

One row for each practice and year. The headings changed nearly every year: 2015/16
and 2016/17 run the words together and end in ``_£``, 2018/19 says *average number*
for *number … last known figure*, 2019/20 brings the network. Unknown cells hold
``-``, ``N/A``, ``UNKNOWN`` or nothing.

References
----------
NHS Digital, NHS Payments to General Practice, England, annual.
"""

from dataclasses import dataclass
from pathlib import Path

from federate.errors import Fault, InstanceError
from federate.practices.nhs.headings import Headings, read_columns
from federate.practices.nhs.postcodes import normal_postcode
from federate.practices.validate import NUMBER

__all__ = ["Payment", "read_payments"]

_TEXTS: Headings = {
    "code": ("Practice Code",),
    "name": ("Practice Name",),
    "postcode": ("Practice Postcode",),
    "contract_type": ("Contract Type",),
    "dispensing": ("Dispensing Practice",),
}
_MORE_TEXTS: Headings = {
    "commissioner": ("CCG Code", "Sub ICB Code"),
    "pcn_code": ("PCN Code", "Code"),
    "rurality": ("Practice Rurality",),
    "atypical": ("Atypical characteristics",),
    "closed": ("Practice Close Date",),
}
_NUMBERS: Headings = {
    "registered": (
        "Number of Registered Patients (Last Known Figure)",
        "Average Number of Registered Patients",
    ),
    "weighted": (
        "Number of Weighted Patients (Last Known Figure)",
        "Average Number of Weighted Patients",
    ),
    "total_gbp": ("Total NHS Payments to General Practice",),
    "deductions_gbp": (
        "Deductions for Pensions, Levies and Prescription Charge Income",
    ),
    "global_sum_gbp": ("Global Sum",),
    "pms_gbp": ("Balance of PMS Expenditure",),
    "qof_gbp": ("Total QOF Payments",),
    "premises_gbp": ("Premises Payments",),
    "drugs_gbp": ("Reimbursement of Drugs",),
}
_UNKNOWN = {"", "-", "N/A", "UNKNOWN"}


@dataclass(frozen=True)
class Payment:
    """What one practice was paid in one year; £ a year, persons, ``None`` unknown.

    Parameters
    ----------
    code, name, postcode
        Of the practice, the postcode written the normal way.
    contract_type
        ``GMS``, ``PMS``, ``APMS`` … or ``""``.
    is_dispensing
        Whether it dispenses drugs.
    commissioner
        CCG or sub-ICB code of the year, or ``""``.
    pcn_code
        Network, from 2019/20, or ``""``.
    rurality, atypical, closed
        As published, or ``""``; `closed` is a date if it closed in the year.
    registered, weighted
        Patients; an average of quarters in later years, hence fractions.
    total_gbp
        Total NHS payments; what it comprises changes between years.
    deductions_gbp
        Pensions, levies and prescription charges, mostly negative.
    global_sum_gbp, pms_gbp, qof_gbp, premises_gbp, drugs_gbp
        Parts of the total.
    line
        Line in the file.
    """

    code: str
    name: str
    postcode: str
    contract_type: str
    is_dispensing: bool | None
    commissioner: str
    pcn_code: str
    rurality: str
    atypical: str
    closed: str
    registered: float | None
    weighted: float | None
    total_gbp: float | None
    deductions_gbp: float | None
    global_sum_gbp: float | None
    pms_gbp: float | None
    qof_gbp: float | None
    premises_gbp: float | None
    drugs_gbp: float | None
    line: int


def read_payments(path: str | Path) -> tuple[Payment, ...]:
    """Read one year of payments, in its order.

    Raises
    ------
    InstanceError
        If a column is missing, or with every cell that should be a number.
    """
    path = Path(path)
    wanted = {**_TEXTS, **_NUMBERS}
    payments, faults = [], []
    for line, cells in read_columns(path, wanted, _MORE_TEXTS):
        odd = [name for name in _NUMBERS if not _is_number(cells[name])]
        faults += [
            Fault(
                path.name,
                "must be a number, or blank or - where unknown",
                line,
                _NUMBERS[name][0],
                cells[name],
            )
            for name in odd
        ]
        if not odd:
            payments.append(_payment(line, cells))
    if faults:
        raise InstanceError(str(path), faults)
    return tuple(payments)


def _is_number(cell: str) -> bool:
    return (
        cell.upper() in _UNKNOWN or NUMBER.fullmatch(cell.replace(",", "")) is not None
    )


def _payment(line: int, cells: dict[str, str]) -> Payment:
    text = {
        name: "" if cell.upper() in _UNKNOWN else cell for name, cell in cells.items()
    }
    number = {
        name: float(text[name].replace(",", "")) if text[name] else None
        for name in _NUMBERS
    }
    return Payment(
        code=text["code"],
        name=text["name"],
        postcode=normal_postcode(text["postcode"]),
        contract_type=text["contract_type"],
        is_dispensing={"YES": True, "NO": False}.get(text["dispensing"].upper()),
        commissioner=text["commissioner"],
        pcn_code=text["pcn_code"],
        rurality=text["rurality"],
        atypical=text["atypical"].strip("| "),
        closed=text["closed"],
        line=line,
        **number,
    )
