"""Patients Registered at a GP Practice: the totals and the map of practices.

References
----------
NHS Digital, Patients Registered at a GP Practice, ``gp-reg-pat-prac-all`` and
``gp-reg-pat-prac-map``. CCG became sub-ICB location, and STP became ICB, in the
headings of July 2022.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from federate.errors import Fault, InstanceError
from federate.practices.nhs.headings import Headings, read_columns
from federate.practices.nhs.postcodes import normal_postcode

__all__ = [
    "MappedPractice",
    "Patients",
    "read_patient_map",
    "read_patients",
]

_TOTALS: Headings = {
    "date": ("EXTRACT_DATE",),
    "code": ("CODE", "ORG_CODE"),
    "sex": ("SEX",),
    "age": ("AGE",),
    "patients": ("NUMBER_OF_PATIENTS",),
}
_MAP: Headings = {
    "date": ("EXTRACT_DATE",),
    "code": ("PRACTICE_CODE",),
    "name": ("PRACTICE_NAME",),
    "postcode": ("PRACTICE_POSTCODE",),
    "commissioner": ("SUB_ICB_LOCATION_CODE", "SUB_ICB_LOC_CODE", "CCG_CODE"),
    "icb": ("ICB_CODE", "STP_CODE"),
}
_MAP_OPTIONAL: Headings = {"pcn_code": ("PCN_CODE",), "pcn_name": ("PCN_NAME",)}


@dataclass(frozen=True, eq=False)
class Patients:
    """Registered patients of every practice on one day.

    Parameters
    ----------
    date
        Extract date as published, e.g. ``01May2022``.
    registered
        Persons by practice code.
    """

    date: str
    registered: Mapping[str, int]


@dataclass(frozen=True)
class MappedPractice:
    """One row of the map: a practice with its network, sub-ICB (CCG) and ICB (STP)."""

    code: str
    name: str
    postcode: str
    pcn_code: str
    pcn_name: str
    commissioner: str
    icb: str
    line: int


def read_patients(path: str | Path) -> Patients:
    """Read ``gp-reg-pat-prac-all.csv``.

    Raises
    ------
    InstanceError
        If it is another file of the publication, or a total is no whole number.
    """
    path = Path(path)
    registered: dict[str, int] = {}
    faults: list[Fault] = []
    date = ""
    for line, cells in read_columns(path, _TOTALS, {}):
        date = date or cells["date"]
        if (cells["sex"], cells["age"]) != ("ALL", "ALL"):
            message = "must be ALL; take the file of totals, gp-reg-pat-prac-all"
            odd = "sex" if cells["sex"] != "ALL" else "age"
            faults.append(Fault(path.name, message, line, odd.upper(), cells[odd]))
            break  # every row of the file by age and sex would say the same
        if not cells["patients"].isdecimal():
            message = "must be a whole number of persons"
            value = cells["patients"]
            faults.append(Fault(path.name, message, line, "NUMBER_OF_PATIENTS", value))
        elif cells["code"] in registered:
            message = "this practice has two totals; take the file of one month"
            faults.append(Fault(path.name, message, line, "CODE", cells["code"]))
        else:
            registered[cells["code"]] = int(cells["patients"])
    if faults:
        raise InstanceError(str(path), faults)
    return Patients(date, MappingProxyType(registered))


def read_patient_map(path: str | Path) -> tuple[MappedPractice, ...]:
    """Read ``gp-reg-pat-prac-map.csv``, in its order."""
    return tuple(
        MappedPractice(
            code=cells["code"],
            name=cells["name"],
            postcode=normal_postcode(cells["postcode"]),
            pcn_code=cells["pcn_code"],
            pcn_name=cells["pcn_name"],
            commissioner=cells["commissioner"],
            icb=cells["icb"],
            line=line,
        )
        for line, cells in read_columns(Path(path), _MAP, _MAP_OPTIONAL)
    )
