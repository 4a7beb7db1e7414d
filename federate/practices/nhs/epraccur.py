"""ODS ``epraccur``: every prescribing cost centre in England and Wales.

27 columns without a heading, open and closed organisations together. A general
practice is a row with prescribing setting 4; status A is active.

References
----------
NHS Digital, Organisation Data Service, GP practices and prescribing cost
centres: file format of ``epraccur``.
"""

from dataclasses import dataclass
from pathlib import Path

from federate.errors import Fault, InstanceError
from federate.practices.nhs.headings import ENCODINGS
from federate.practices.nhs.postcodes import normal_postcode
from federate.practices.rows import read_rows

__all__ = ["OdsPractice", "read_epraccur"]

_NUM_COLUMNS = 27
_GP_PRACTICE = "4"
_STATUSES = {"A", "C", "D", "P"}  # active, closed, dormant, proposed


@dataclass(frozen=True)
class OdsPractice:
    """One row of ``epraccur``.

    Parameters
    ----------
    code, name, postcode
        As published, the postcode written the normal way.
    region, icb, commissioner
        ODS codes of the national grouping, the integrated care board (before
        2022: the STP or area team) and the sub-ICB location (before: the CCG).
    status
        ``A`` active, ``C`` closed, ``D`` dormant, ``P`` proposed.
    setting
        Prescribing setting; ``4`` is a GP practice.
    opened, closed
        ISO dates, or ``""``.
    line
        Line in the file.
    """

    code: str
    name: str
    postcode: str
    region: str
    icb: str
    commissioner: str
    status: str
    setting: str
    opened: str
    closed: str
    line: int

    @property
    def is_practice(self) -> bool:
        """Whether it is a general practice, open or not."""
        return self.setting == _GP_PRACTICE

    @property
    def is_active(self) -> bool:
        """Whether it is open."""
        return self.status == "A"

    @property
    def is_welsh(self) -> bool:
        """Whether it belongs to Wales, which the other publications leave out."""
        return self.region.startswith("W")


def read_epraccur(path: str | Path) -> tuple[OdsPractice, ...]:
    """Read ``epraccur.csv`` as published, in its order.

    Raises
    ------
    InstanceError
        If a row does not have 27 columns or an unknown status.
    """
    path = Path(path)
    practices, faults = [], []
    for line, cells in read_rows(path, encodings=ENCODINGS):
        if len(cells) != _NUM_COLUMNS:
            message = (
                f"has {len(cells)} columns where epraccur has {_NUM_COLUMNS}; is this "
                "the file as published, without a heading?"
            )
            faults.append(Fault(path.name, message, line))
        elif cells[12] not in _STATUSES:
            message = "column 13 must be a status A, C, D or P; is this epraccur?"
            faults.append(Fault(path.name, message, line, "status", cells[12]))
        else:
            practices.append(_practice(line, cells))
    if not practices and not faults:
        faults.append(Fault(path.name, "is empty; download it again"))
    if faults:
        raise InstanceError(str(path), faults)
    return tuple(practices)


def _practice(line: int, cells: list[str]) -> OdsPractice:
    return OdsPractice(
        code=cells[0],
        name=cells[1],
        region=cells[2],
        icb=cells[3],
        postcode=normal_postcode(cells[9]),
        opened=_iso(cells[10]),
        closed=_iso(cells[11]),
        status=cells[12],
        commissioner=cells[14],
        setting=cells[25],
        line=line,
    )


def _iso(text: str) -> str:
    """Write ``19740401`` as ``1974-04-01``."""
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 else text
