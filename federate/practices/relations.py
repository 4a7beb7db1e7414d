"""Check how the rows of a table stand to each other: keys, pairs, ties."""

from federate.errors import Fault
from federate.practices.tablefile import TableFile
from federate.practices.tables import Table

__all__ = ["check_clash", "check_keys"]


def check_keys(table: TableFile, contract: Table) -> list[Fault]:
    """Tell repeated keys, pairs of one practice with itself, and contradictions.

    Rows with a blank in the key are passed over; the blank is a fault already.
    """
    if not all(name in table.columns for name in contract.key):
        return []
    faults = []
    first: dict[tuple[str, ...], int] = {}
    keys = zip(*(table.columns[name] for name in contract.key), strict=True)
    for row, key in enumerate(keys):
        if not all(key):
            continue
        place = (table.file, table.lines[row], contract.key[0])
        if len(key) > 1 and len(set(key)) == 1:
            faults.append(
                _fault(place, "pairs a place with itself; remove the row", key)
            )
            continue
        earlier = first.setdefault(_unordered(key, contract), row)
        if earlier != row:
            faults.append(_fault(place, _why_repeated(table, earlier, row), key))
    return faults


def check_clash(bases: TableFile, practices: TableFile) -> list[Fault]:
    """Tell the bases that carry the code of a practice: journeys name either."""
    taken = set(practices.columns.get("code", [])) - {""}
    message = f"is the code of a practice in {practices.file}; give the base another"
    rows = zip(bases.lines, bases.columns.get("code", []), strict=False)
    return [
        Fault(bases.file, message, line, "code", code)
        for line, code in rows
        if code in taken
    ]


def _unordered(key: tuple[str, ...], contract: Table) -> tuple[str, ...]:
    return tuple(sorted(key)) if contract.is_pair else key


def _fault(place: tuple[str, int, str], message: str, key: tuple[str, ...]) -> Fault:
    file, line, column = place
    return Fault(file, message, line, column, " ".join(key))


def _why_repeated(table: TableFile, earlier: int, row: int) -> str:
    line = table.lines[earlier]
    kinds = table.columns.get("kind")
    if kinds is not None and kinds[earlier] != kinds[row]:
        return f"contradicts line {line}, which says {kinds[earlier]}; keep one of them"
    return f"stands already on line {line}; remove one of the rows"
