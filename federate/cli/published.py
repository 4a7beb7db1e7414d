"""The files that the NHS and Ordnance Survey publish → one instance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from federate.cli.faults import UsageError
from federate.errors import Fault, InstanceError

if TYPE_CHECKING:
    from federate.practices.instance import Instance
    from federate.practices.nhs.epcn import Membership
    from federate.practices.nhs.report import JoinReport

__all__ = ["Published", "join_published", "read_networks"]

Read = TypeVar("Read")

# What the map of registered patients writes for a practice in no network.
NO_NETWORK = ("", "U")


@dataclass(frozen=True)
class Published:
    """Where each published file lies; ``None``: not given."""

    epraccur: Path | None = None
    codepoint: Path | None = None
    patients: Path | None = None
    patients_map: Path | None = None
    epcn: Path | None = None
    payments: Path | None = None

    @property
    def any_given(self) -> bool:
        """Whether at least one file was named."""
        return any(path is not None for path in vars(self).values())


def join_published(
    files: Published,
    *,
    where: Mapping[str, Sequence[str]],
    name: str,
    title: str | None,
) -> tuple["Instance", "JoinReport"]:
    """Read the files, every fault of every file at once, and join them.

    Raises
    ------
    UsageError
        If a file is missing without which nothing can be joined.
    InstanceError
        If a file is faulty or nothing joins.
    """
    from federate.practices.nhs.codepoint import read_codepoint
    from federate.practices.nhs.epcn import read_epcn
    from federate.practices.nhs.epraccur import read_epraccur
    from federate.practices.nhs.join import join
    from federate.practices.nhs.patients import read_patients
    from federate.practices.nhs.payments import read_payments

    _require(files)
    faults: list[Fault] = []
    practices = _read(read_epraccur, files.epraccur, faults)
    patients = _read(read_patients, files.patients, faults)
    payments = _read(read_payments, files.payments, faults)
    reader = read_epcn if files.epcn else read_networks
    networks = _read(reader, files.epcn or files.patients_map, faults)
    wanted = None if practices is None else [p.postcode for p in practices]
    postcodes = _read(
        lambda path: read_codepoint(path, only=wanted), files.codepoint, faults
    )
    if faults or practices is None or postcodes is None:
        raise InstanceError("the published files", faults)
    instance, report = join(
        practices,
        postcodes,
        patients=patients,
        payments=payments or (),
        networks=networks or (),
        commissioners=where.get("sub_icb_code") or where.get("icb_code") or (),
        name=name,
        title=title or "",
    )
    return _only(instance, where), report


def _require(files: Published) -> None:
    """Refuse a set of files that cannot give places and list sizes."""
    missing = [
        what
        for what, given in (
            ("--epraccur (which practices there are)", files.epraccur),
            ("--codepoint (where their postcodes lie)", files.codepoint),
            (
                "--patients or --payments (how many are registered)",
                files.patients or files.payments,
            ),
        )
        if given is None
    ]
    if missing:
        raise UsageError(f"to join published files, add {'; '.join(missing)}")


def _read(
    reader: Callable[[Path], Read], path: Path | None, faults: list[Fault]
) -> Read | None:
    """Read one file if it was named; keep its faults rather than stop."""
    if path is None:
        return None
    try:
        return reader(path)
    except InstanceError as error:
        faults.extend(error.faults)
        return None


def read_networks(path: Path) -> "tuple[Membership, ...]":
    """Read the networks from the map that goes with the patients."""
    from federate.practices.nhs.epcn import Membership
    from federate.practices.nhs.patients import read_patient_map

    return tuple(
        Membership(
            code=row.code,
            name=row.name,
            pcn_code=row.pcn_code,
            pcn_name=row.pcn_name,
            commissioner=row.commissioner,
            start="",
            end="",
            line=row.line,
        )
        for row in read_patient_map(path)
        if row.pcn_code not in NO_NETWORK
    )


def _only(instance: "Instance", where: Mapping[str, Sequence[str]]) -> "Instance":
    """Return the practices that hold one of the labels of every column named."""
    from federate.practices.selection import only_rows
    from federate.practices.tablefile import TableFile

    attributes = instance.practices.attributes
    columns = {name: a.values.astype(str).tolist() for name, a in attributes.items()}
    rows = list(range(instance.num_practices))
    table, faults = only_rows(TableFile("the join", columns, rows), where)
    if faults:
        raise InstanceError("--where", faults)
    return instance.select(table.lines)
