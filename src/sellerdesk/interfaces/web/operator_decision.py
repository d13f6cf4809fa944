"""The operator's decision: what can be chosen, what each choice does, by the rule that the command asks."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from sellerdesk.domain.claim_facts import ClaimFacts, ClaimState, Fault, Funding
from sellerdesk.domain.claims import CLAIM, AppealVerdict, ClaimVerdict, Stepped
from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.web import defect_words
from sellerdesk.interfaces.web.claim_words import FAULTS, FUNDINGS, STATES
from sellerdesk.interfaces.web.formats import money
from sellerdesk.queries.claims import preview_verdict
from sellerdesk.queries.defect_count import DefectCount

CHOICES = ("grant", "deny", "appeal")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `says`: what it does."""

    value: str
    label: str
    says: str
    tone: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One effect."""

    icon: str
    label: str
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What the chosen decision does; or why it cannot be. `expects`: the debit that it was shown with."""

    tone: str = ""
    headline: str = ""
    lines: tuple[Line, ...] = ()
    refusal: Refusal | None = None
    expects: int | None = None


class Decision:
    """The form of a claim's decision, as far as it is filled in."""

    def __init__(
        self, seller_id: int, claim: ClaimFacts, left: int, count: DefectCount, said: QueryDict
    ) -> None:
        self.seller_id, self.claim, self.left, self.count, self.said = seller_id, claim, left, count, said
        self.verbs = frozenset(CLAIM.verbs(claim.state))
        asked = said.get("choice") or said.get("do") or ""
        self.asked = asked if asked in CHOICES else ""

    @property
    def missing(self) -> str:
        """What is missing in a decision that was asked for; nothing is chosen for the operator."""
        said = self.said
        if self.asked == "appeal" or not (self.asked or "decide" in said):
            return ""
        names = [
            *([_("Decision")] if self.asked not in ("grant", "deny") else []),
            *([_("At fault")] if said.get("fault") not in set(Fault) else []),
            *([_("Paid by")] if self.asked != "deny" and said.get("funding") not in set(Funding) else []),
        ]
        return _("Choose first: %(names)s.") % {"names": ", ".join(names)} if names else ""

    @property
    def choice(self) -> str:
        """The decision whose effect can be shown: grant, deny, appeal, or ""."""
        return "" if self.missing else self.asked

    @property
    def may_decide(self) -> bool:
        return bool({"grant", "deny"} & self.verbs)

    @property
    def may_grant(self) -> bool:
        return "grant" in self.verbs

    @property
    def may_judge_appeal(self) -> bool:
        return "reverse" in self.verbs

    @property
    def decisions(self) -> list[Option]:
        amount = money(self.left, self.claim.currency)
        grant = (
            _("The buyer gets %(amount)s: everything that is left of the order.") % {"amount": amount}
            if self.left
            else _("Nothing is left to give: no money moves.")
        )
        known = (
            ("grant", _("Grant"), grant, "warn"),
            (
                "deny",
                _("Deny"),
                _("No money moves and nothing counts. The buyer cannot file the same claim again."),
                "",
            ),
        )
        return [
            Option(value, label, says, tone, self.asked == value)
            for value, label, says, tone in known
            if value in self.verbs
        ]

    @property
    def faults(self) -> list[Option]:
        counts = defect_words.joined(
            _("Granted, it counts as a defect."), defect_words.then(self.count, self.count.with_it)
        )
        no_defect = _("It does not count as a defect.")
        return [
            Option(
                one.value,
                str(label),
                counts if one is Fault.SELLER else no_defect,
                "bad" if one is Fault.SELLER else "",
                self.said.get("fault") == one,
            )
            for one, label in FAULTS.items()
        ]

    @property
    def fundings(self) -> list[Option]:
        debited = _("The seller is debited %(amount)s and can appeal.") % {
            "amount": money(self.left, self.claim.currency)
        }
        says = {
            Funding.SELLER: debited if self.left else _("Nothing is left to take."),
            Funding.MARKETPLACE: _("The seller is debited nothing."),
        }
        return [
            Option(one.value, str(label), says[one], "", self.said.get("funding") == one)
            for one, label in FUNDINGS.items()
        ]

    @property
    def reversals(self) -> list[Option]:
        """What an appeal can take back: what was taken, and nothing else."""
        amount, found = {"amount": money(self.claim.debited, self.claim.currency)}, []
        if self.claim.debited:
            says = _("The seller gets %(amount)s back; the buyer keeps the money.") % amount
            found.append(Option("money", _("The debit"), says, "", "money" in self.said))
        if self.claim.defect:
            says = defect_words.joined(
                _("It counts no more."), defect_words.then(self.count, self.count.without_it)
            )
            found.append(Option("defect", _("The defect"), says, "", "defect" in self.said))
        return found

    def effect(self, now: datetime) -> Effect | None:
        """What the choice does at this moment; None while nothing, or not enough, is chosen."""
        if not self.choice:
            return None
        found = preview_verdict(self.seller_id, self._asked_anew(), now=now)
        if found.step is None:
            return Effect("bad", refusal=found.refusal)
        grant, state = found.step.grant, found.step.state
        tone = "warn" if grant is not None else "ok" if state is ClaimState.REVERSED else "info"
        headline = _("The claim becomes “%(state)s”.") % {"state": STATES[state][0]}
        return Effect(tone, headline, tuple(self._lines(found.step)), expects=grant.debit if grant else None)

    def _asked_anew(self) -> ClaimVerdict | AppealVerdict:
        """The choice alone, of the claim as it is now: what a form was drawn with and its words are for the command."""
        if self.choice == "appeal":
            return replace(appeal_of(self.claim, self.said), text="", version=None)
        verdict = verdict_of(self.claim, self.said, granted=self.choice == "grant")
        return replace(verdict, text="", version=None, expects=None)

    def _lines(self, step: Stepped) -> list[Line]:
        currency, grant = self.claim.currency, step.grant
        lines = []
        if grant is not None:
            text = _("The buyer gets %(amount)s.") % {"amount": money(grant.paid, currency)}
            lines.append(Line("banknote", _("Buyer"), text, "ok" if grant.paid else ""))
            text = _("The seller is debited %(amount)s.") % {"amount": money(grant.debit, currency)}
            if not grant.debit:
                text = _("The marketplace pays; the seller is debited nothing.")
            lines.append(Line("banknote", _("Seller"), text, "bad" if grant.debit else ""))
        elif step.money_back:
            amount = {"amount": money(step.claim.debited, currency)}
            text = _("The seller gets %(amount)s back; the buyer keeps the money.") % amount
            lines.append(Line("banknote", _("Money"), text, "ok"))
        else:
            lines.append(Line("banknote", _("Money"), _("No money moves."), ""))
        lines.append(self._rate(step))
        lines.append(Line("clock", _("Next"), self._next(step), ""))
        lines.append(Line("mail", _("Mail"), self._mail(step), ""))
        return lines

    def _rate(self, step: Stepped) -> Line:
        label, count = _("Order defect rate"), self.count
        if step.defect_off:
            text = _("The claim no longer counts in the seller's order defect rate.")
            return Line(
                "activity", label, defect_words.joined(text, defect_words.then(count, count.without_it)), "ok"
            )
        if step.grant is not None and step.grant.defect:
            text = _("It counts in the seller's order defect rate.")
            return Line(
                "activity", label, defect_words.joined(text, defect_words.then(count, count.with_it)), "bad"
            )
        if step.state in (ClaimState.REVERSED, ClaimState.APPEAL_DENIED):
            text = (
                _("It still counts in the seller's order defect rate.")
                if self.claim.defect
                else _("It does not count in the seller's order defect rate.")
            )
            return Line("activity", label, text, "bad" if self.claim.defect else "")
        return Line("activity", label, _("It does not count in the seller's order defect rate."), "")

    def _next(self, step: Stepped) -> str:
        if step.grant is None:
            return _("This is final.")
        if step.grant.appeal_until is None:
            return _("This is final: nothing was taken, so there is nothing to appeal against.")
        return _("The seller can appeal for %(n)s days.") % {"n": step.grant.appeal_days}

    def _mail(self, step: Stepped) -> str:
        if step.state in (ClaimState.REVERSED, ClaimState.APPEAL_DENIED):
            return _("The seller is told, with your reason.")
        return _("Both sides are told, with your reason.")


def verdict_of(claim: ClaimFacts, said: QueryDict, *, granted: bool) -> ClaimVerdict:
    """What the command is asked. What nobody chose is the seller's."""
    fault, funding = said.get("fault", ""), said.get("funding", "")
    return ClaimVerdict(
        claim.order_number,
        claim.reference,
        granted,
        Fault(fault) if fault in set(Fault) else Fault.SELLER,
        Funding(funding) if funding in set(Funding) else Funding.SELLER,
        said.get("text", ""),
        whole(said, "expects"),
        whole(said, "version"),
    )


def appeal_of(claim: ClaimFacts, said: QueryDict) -> AppealVerdict:
    """What the command is asked about an appeal."""
    return AppealVerdict(
        claim.order_number,
        claim.reference,
        "money" in said,
        "defect" in said,
        said.get("text", ""),
        whole(said, "version"),
    )


def whole(said: QueryDict, name: str) -> int | None:
    """A whole number that a form carries."""
    text = said.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
