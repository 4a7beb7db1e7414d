"""Import straight from a folder of published files, found by their names.

| file | publication |
| --- | --- |
| epraccur*.csv | ODS GP practices |
| *gp-reg-pat-prac-all*.csv | Patients Registered at a GP Practice, totals |
| *gp-reg-pat-prac-map*.csv | the same, map of practices (networks without ePCN) |
| *payments*.csv | NHS Payments to General Practice |
| ePCN*.xlsx, epcncorepartnerdetails*.csv | ODS Primary Care Networks |
| codepo*, code-point* | OS Code-Point Open, a file or a folder |

Any CSV may be compressed as ``.csv.gz``.
"""

from collections.abc import Collection, Mapping
from fnmatch import fnmatch
from pathlib import Path

from federate.errors import Fault, InstanceError
from federate.practices.instance import Instance
from federate.practices.nhs.codepoint import read_codepoint
from federate.practices.nhs.epcn import Membership, read_epcn
from federate.practices.nhs.epraccur import read_epraccur
from federate.practices.nhs.join import join
from federate.practices.nhs.patients import read_patient_map, read_patients
from federate.practices.nhs.payments import read_payments
from federate.practices.nhs.report import JoinReport

__all__ = ["PUBLICATIONS", "find_published", "import_published"]

PUBLICATIONS: Mapping[str, tuple[str, ...]] = {
    "practices": ("epraccur*.csv*",),
    "patients": ("*gp-reg-pat-prac-all*.csv*",),
    "map": ("*gp-reg-pat-prac-map*.csv*",),
    "payments": ("*payments*.csv*",),
    "networks": ("epcn*.xlsx", "epcncorepartnerdetails*.csv*"),
    "postcodes": ("codepo*", "code-point*"),
}
_NEEDED = ("practices", "postcodes")


def find_published(
    folder: str | Path, chosen: Mapping[str, str | Path] | None = None
) -> dict[str, Path]:
    """Find the publications in a folder.

    Parameters
    ----------
    folder
        Where the downloads lie.
    chosen
        File by publication (the keys of `PUBLICATIONS`) where the folder has
        several, as a path or a name in the folder.

    Raises
    ------
    InstanceError
        If one that is needed is absent, or several could be meant.
    """
    folder = Path(folder)
    if not folder.is_dir():
        fault = Fault(folder.name, "there is no such folder; name one with downloads")
        raise InstanceError(str(folder), [fault])
    found: dict[str, Path] = {}
    faults = []
    for publication, patterns in PUBLICATIONS.items():
        name = (chosen or {}).get(publication)
        files = [folder / name] if name else _matches(folder, patterns)
        if len(files) > 1:
            names = ", ".join(file.name for file in files)
            message = f"several files could be the {publication}: {names}; choose one"
            faults.append(Fault(folder.name, message))
        elif files:
            found[publication] = files[0]
        elif publication in _NEEDED:
            message = f"has no {publication}; put {' or '.join(patterns)} into it"
            faults.append(Fault(folder.name, message))
    if not {"patients", "payments"} & set(found) and not faults:
        message = "has no list sizes; put gp-reg-pat-prac-all or payments into it"
        faults.append(Fault(folder.name, message))
    if faults:
        raise InstanceError(str(folder), faults)
    return found


def import_published(
    folder: str | Path,
    *,
    chosen: Mapping[str, str | Path] | None = None,
    commissioners: Collection[str] = (),
    name: str = "nhs",
    title: str = "",
) -> tuple[Instance, JoinReport]:
    """Read every publication of a folder and join them; see `join`.

    Raises
    ------
    InstanceError
        With every fault of the files.
    """
    files = find_published(folder, chosen)
    practices = read_epraccur(files["practices"])
    wanted = {p.postcode for p in practices if p.is_practice and p.is_active}
    return join(
        practices,
        read_codepoint(files["postcodes"], only=wanted),
        patients=read_patients(files["patients"]) if "patients" in files else None,
        payments=read_payments(files["payments"]) if "payments" in files else (),
        networks=_networks(files),
        commissioners=commissioners,
        name=name,
        title=title,
    )


def _matches(folder: Path, patterns: tuple[str, ...]) -> list[Path]:
    return sorted(
        path
        for path in folder.iterdir()
        if "column_headers" not in path.name.lower()
        and any(fnmatch(path.name.lower(), pattern.lower()) for pattern in patterns)
    )


def _networks(files: Mapping[str, Path]) -> tuple[Membership, ...]:
    """Return the memberships of ePCN, or those that the map of practices states."""
    if "networks" in files:
        return read_epcn(files["networks"])
    if "map" not in files:
        return ()
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
        for row in read_patient_map(files["map"])
        if row.pcn_code
    )
