"""What partners can carry over the whole plan, and that contracts are of the menu."""

from collections.abc import Iterator, Sequence
from math import inf, isnan

from federate.verify.pooling import keeps_rules, offered
from federate.verify.spend import Spend, offers
from federate.verify.subject import Subject
from federate.verify.violation import Violation

__all__ = ["check_partners"]

# An engine's rows are kept no better than this share of them.
SLACK = 1e-6
MOST_TRIED = 20_000
NONE = "no contract"


def check_partners(subject: Subject) -> Iterator[Violation]:
    """Σ_g B_g over the clients of a partner ≤ its capacity, and ≤ β Σ_i B_i.

    B is the budget exposed to risk. Contracts are the plan's; where it states none,
    some choice that keeps the federations' own rules must keep these too, which is
    searched for: a contract of no partner first, as it burdens nobody.
    """
    names = {offer.name for offer in offers(subject)}
    for label, name in subject.plan.contracts.items():
        if name not in names:
            yield Violation(
                rule="contracts.menu",
                federation=label,
                practices=(),
                amount=1.0,
                unit="contracts",
                message=f"{label} takes {name or NONE}, which is not offered",
            )
    most = _most(subject)
    if not most:
        return
    carried = {
        label: Spend(subject, members).exposed_gbp
        for label, members in subject.members.items()
    }
    choices = []
    for label in sorted(carried, key=lambda label: -carried[label]):
        some = [o for o in offered(subject, label) if keeps_rules(subject, label, o)]
        some = some or list(offered(subject, label))
        partners = sorted({o.partner if o.partner in most else "" for o in some})
        free = not partners or partners[0] == ""
        choices.append(([""] if free else partners, carried[label]))
    if subject.plan.contracts or not _Packing(choices, most).is_possible():
        yield from _over(subject, carried, most)


def _most(subject: Subject) -> dict[str, float]:
    """Return what each limited partner may carry, £ a year."""
    asked, partners = (
        subject.problem.scenario.contracts,
        subject.problem.instance.partners,
    )
    everybody = tuple(range(subject.problem.n))
    total = Spend(subject, everybody).exposed_gbp
    out = {}
    for code in {offer.partner for offer in offers(subject)} - {""}:
        share = asked.max_partner_share
        most = inf if share is None else share * total
        if partners is not None:
            stated = float(partners.capacity_gbp[partners.code.index(code)])
            most = most if isnan(stated) else min(most, stated)
        if most < inf:
            out[code] = most
    return out


def _over(
    subject: Subject, carried: dict[str, float], most: dict[str, float]
) -> Iterator[Violation]:
    """Yield the partners that carry too much, or that no choice of contracts fits."""
    partner_of = {offer.name: offer.partner for offer in offers(subject)}
    taken = subject.plan.contracts
    if not taken:
        yield Violation(
            rule="contracts.max_partner_share",
            federation="",
            practices=(),
            amount=1.0,
            unit="plans",
            message="the plan states no contracts, and none were found that keep the "
            "rules and that the partners can carry",
        )
        return
    for code, limit in sorted(most.items()):
        clients = [g for g, name in taken.items() if partner_of.get(name) == code]
        total = sum(carried.get(g, 0.0) for g in clients)
        if total > limit * (1 + SLACK):
            yield Violation(
                rule="contracts.max_partner_share",
                federation="",
                practices=(),
                amount=total - limit,
                unit="GBP a year",
                message=(
                    f"partner {code} would carry budgets of £{total:,.0f} a year; at "
                    f"most £{limit:,.0f} is allowed"
                ),
            )


class _Packing:
    """Federations, largest first, with partners of whom each must take one."""

    def __init__(
        self,
        choices: Sequence[tuple[Sequence[str], float]],
        most: dict[str, float],
    ) -> None:
        self._choices = [(some, gbp) for some, gbp in choices if some != [""]]
        self._left = {code: limit * (1 + SLACK) for code, limit in most.items()}
        self._tried = 0

    def is_possible(self, at: int = 0) -> bool:
        """Whether the federations from `at` on fit; no where it takes too long."""
        self._tried += 1
        if at == len(self._choices):
            return True
        if self._tried > MOST_TRIED:
            return False
        some, gbp = self._choices[at]
        for code in some:
            if self._left[code] >= gbp:
                self._left[code] -= gbp
                if self.is_possible(at + 1):
                    return True
                self._left[code] += gbp
        return False
