"""Join the published files into an instance, and tell what did not join.

The practices are the active general practices of ``epraccur`` in England. Each
needs a list size (registered patients, else payments) and a point (its postcode
in Code-Point Open); a practice without either is left out and counted. The
present group is its primary care network.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from federate.errors import Fault, InstanceError
from federate.practices.assemble import make_practices
from federate.practices.attributes import Declared
from federate.practices.instance import Instance
from federate.practices.judge import judge_practices
from federate.practices.nhs.codepoint import CodePoint
from federate.practices.nhs.epcn import Membership, current_networks
from federate.practices.nhs.epraccur import OdsPractice
from federate.practices.nhs.patients import Patients
from federate.practices.nhs.payments import Payment
from federate.practices.nhs.report import JoinLine, JoinReport
from federate.practices.placement import area_of
from federate.practices.rows import cell_text
from federate.practices.tablefile import TableFile

__all__ = ["ATTRIBUTION", "join"]

ATTRIBUTION = (
    "Contains information from NHS England, licensed under the Open Government "
    "Licence v3.0. Contains OS data © Crown copyright and database right; Royal Mail "
    "data © Royal Mail copyright and database right."
)

_LABEL = Declared("label", "category")
_GBP = Declared("GBP a year")
_FROM_ODS = ("postcode", "region_code", "icb_code", "sub_icb_code")
_LABELS_PAID = ("contract_type", "rurality")
_PAYMENTS = {
    "pay_total_gbp": "total_gbp",
    "pay_deductions_gbp": "deductions_gbp",
    "pay_global_sum_gbp": "global_sum_gbp",
    "pay_pms_gbp": "pms_gbp",
    "pay_qof_gbp": "qof_gbp",
    "pay_premises_gbp": "premises_gbp",
    "pay_drugs_gbp": "drugs_gbp",
}


def join(
    practices: Sequence[OdsPractice],
    postcodes: CodePoint,
    *,
    patients: Patients | None = None,
    payments: Sequence[Payment] = (),
    networks: Sequence[Membership] = (),
    commissioners: Collection[str] = (),
    name: str = "nhs",
    title: str = "",
) -> tuple[Instance, JoinReport]:
    """Join published files into an instance.

    Parameters
    ----------
    practices
        ``epraccur``.
    postcodes
        Code-Point Open of the area, or of the whole country.
    patients, payments
        List sizes; the patients count where they have the practice, and payments
        (rounded to whole persons) where they do not. One of them is needed.
    networks
        ePCN; without it the instance has no current grouping.
    commissioners
        Keep only practices of these sub-ICB (CCG) or ICB codes; all if empty.
    name, title
        Of the instance.

    Returns
    -------
    Instance, JoinReport
        Budgets are not published by practice and stay unknown. Attributes: region,
        ICB, sub-ICB, network name, postcode; from payments contract type, rurality,
        dispensing, weighted list and payments (£ a year).

    Raises
    ------
    InstanceError
        If no practice is left, or one that is left breaks the contract.
    """
    paid = {payment.code: payment for payment in payments}
    sieve = _Sieve(practices)
    sieve.drop("are not general practices", lambda p: not p.is_practice)
    sieve.drop("are closed, dormant or proposed", lambda p: not p.is_active)
    sieve.drop("are in Wales", lambda p: p.is_welsh)
    if commissioners:
        sieve.drop(
            "belong to other commissioners",
            lambda p: not {p.commissioner, p.icb} & set(commissioners),
        )
    sieve.drop(
        "have a postcode that Code-Point does not hold",
        lambda p: postcodes.find(p.postcode) is None,
    )
    sizes = {p.code: _list_size(p.code, patients, paid) for p in sieve.kept}
    sieve.drop("have no registered patients in any file", lambda p: not sizes[p.code])
    if not sieve.kept:
        message = "no practice joined; do the files cover the same area and time?"
        said = "; ".join(str(line).strip() for line in sieve.lines if line.count)
        raise InstanceError("the join", [Fault("epraccur.csv", f"{message} {said}")])
    network = current_networks(networks)
    table, declared = _table(sieve.kept, postcodes, sizes, paid, network)
    judged = judge_practices(table, declared, area_of(None))
    if judged.faults:
        raise InstanceError("the join", judged.faults)
    joined = make_practices(judged, declared)
    groups = {code: member.pcn_code for code, member in network.items()}
    instance = Instance(
        name=name,
        title=title or name,
        practices=joined,
        current=tuple(groups.get(code, "") for code in joined.code)
        if networks
        else None,
        attribution=ATTRIBUTION,
    )
    report = JoinReport(
        num_joined=len(joined),
        left_out=tuple(sieve.lines),
        without=_without(sieve.kept, patients, paid, network),
        unmatched=_unmatched(sieve.kept, patients, paid, network),
        warnings=tuple(judged.warnings),
    )
    return instance, report


@dataclass
class _Sieve:
    """The rows still in, and why the others are not."""

    kept: Sequence[OdsPractice]
    lines: list[JoinLine] = field(default_factory=list)

    def drop(self, what: str, is_out: Callable[[OdsPractice], bool]) -> None:
        out = [practice for practice in self.kept if is_out(practice)]
        gone = {practice.line for practice in out}
        self.kept = [practice for practice in self.kept if practice.line not in gone]
        self.lines.append(JoinLine.of(what, [f"{p.code} {p.name}" for p in out]))


def _list_size(
    code: str, patients: Patients | None, paid: Mapping[str, Payment]
) -> int:
    """Return the registered patients, persons; 0 where no file knows any."""
    if patients is not None and code in patients.registered:
        return patients.registered[code]
    registered = paid[code].registered if code in paid else None
    return round(registered or 0)


def _table(
    kept: Sequence[OdsPractice],
    postcodes: CodePoint,
    sizes: Mapping[str, int],
    paid: Mapping[str, Payment],
    network: Mapping[str, Membership],
) -> tuple[TableFile, dict[str, Declared]]:
    """Lay the joined practices out as a table of the contract."""
    declared = dict.fromkeys(_FROM_ODS, _LABEL)
    if network:
        declared["pcn_name"] = _LABEL
    if paid:
        declared |= dict.fromkeys(_LABELS_PAID, _LABEL)
        declared |= {
            "dispensing": Declared("flag"),
            "weighted_list_size": Declared("persons"),
            **dict.fromkeys(_PAYMENTS, _GBP),
        }
    rows = []
    for practice in kept:
        point = postcodes.find(practice.postcode)
        member, payment = network.get(practice.code), paid.get(practice.code)
        rows.append(
            {
                "code": practice.code,
                "name": practice.name,
                "easting_m": point and point.easting_m,
                "northing_m": point and point.northing_m,
                "list_size": sizes[practice.code],
                "postcode": practice.postcode,
                "region_code": practice.region,
                "icb_code": practice.icb,
                "sub_icb_code": practice.commissioner,
                "pcn_name": member and member.pcn_name,
                **_paid_cells(payment),
            }
        )
    names = ["code", "name", "easting_m", "northing_m", "list_size", *declared]
    columns = {name: [cell_text(row.get(name)) for row in rows] for name in names}
    lines = [practice.line for practice in kept]
    return TableFile("epraccur.csv", columns, lines), declared


def _paid_cells(payment: Payment | None) -> dict[str, object]:
    if payment is None:
        return {}
    dispensing = payment.is_dispensing
    return {
        "contract_type": payment.contract_type,
        "rurality": payment.rurality,
        "dispensing": None if dispensing is None else int(dispensing),
        "weighted_list_size": payment.weighted,
        **{ours: getattr(payment, theirs) for ours, theirs in _PAYMENTS.items()},
    }


def _without(
    kept: Sequence[OdsPractice],
    patients: Patients | None,
    paid: Mapping[str, Payment],
    network: Mapping[str, Membership],
) -> tuple[JoinLine, ...]:
    """Count the joined practices that one of the given files does not know."""

    def missing(what: str, known: Collection[str]) -> JoinLine:
        return JoinLine.of(
            what, [f"{p.code} {p.name}" for p in kept if p.code not in known]
        )

    lines = []
    if patients is not None:
        what = "take their list size from payments"
        lines.append(missing(what, patients.registered))
    if paid:
        lines.append(missing("have no payments", paid))
    if network:
        lines.append(missing("are in no network", network))
    return tuple(lines)


def _unmatched(
    kept: Sequence[OdsPractice],
    patients: Patients | None,
    paid: Mapping[str, Payment],
    network: Mapping[str, Membership],
) -> tuple[JoinLine, ...]:
    codes = {practice.code for practice in kept}

    def alone(what: str, known: Iterable[str]) -> JoinLine:
        return JoinLine.of(what, [code for code in known if code not in codes])

    registered = {} if patients is None else patients.registered
    return (
        alone("lists of registered patients", registered),
        alone("rows of payments", paid),
        alone("members of networks", network),
    )
