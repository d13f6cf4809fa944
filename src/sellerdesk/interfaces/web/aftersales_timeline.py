"""Refunds, returns, claims, ratings and chargebacks in the timeline: what an entry says beneath its title.

Amounts are shown to those who may see money, texts of people to nobody here: they are never in the journal.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.claim_facts import ClaimCause, Fault, Funding
from sellerdesk.domain.returns import Label
from sellerdesk.flows.notices import words
from sellerdesk.interfaces.web import cancel_words, return_words
from sellerdesk.interfaces.web.formats import money, units, visible

Facts = Mapping[str, Any]
LABELS = {
    Label.UPLOADED: lazy("Label uploaded by the seller"),
    Label.PREPAID: lazy("Label paid for"),
}
CAUSES = {
    ClaimCause.SILENCE: lazy("No answer came in time"),
    ClaimCause.REFUSED_DELIVERY: lazy("The delivery was refused and goes back"),
    ClaimCause.NOT_CONFIRMED: lazy("Shipment was not confirmed by ship-by"),
    ClaimCause.PROTECTED_LABEL: lazy("Protected by the label that was bought"),
}
FAULTS = {
    Fault.SELLER: lazy("Fault of the seller"),
    Fault.CARRIER: lazy("Fault of the carrier"),
    Fault.BUYER: lazy("Fault of the buyer"),
    Fault.NOBODY: lazy("Nobody’s fault"),
}


class Telling:
    """How one entry is told: its order's item names, money for those who may see it, moments in the market's zone."""

    def __init__(
        self, names: Mapping[str, str], when: Callable[[datetime], str], *, sees_money: bool
    ) -> None:
        self.names, self._when, self._sees_money = names, when, sees_money

    def amount(self, facts: Facts, name: str, sentence: str) -> list[str]:
        """The sentence with its `%(amount)s`; nothing without an amount, or for who may not see it."""
        if not (self._sees_money and facts.get(name) and facts.get("currency")):
            return []
        return [sentence % {"amount": money(int(facts[name]), str(facts["currency"]))}]

    def by(self, facts: Facts, name: str, sentence: str) -> list[str]:
        """The sentence with its `%(date)s`, where the entry knows one."""
        return (
            [sentence % {"date": self._when(datetime.fromisoformat(facts[name]))}] if facts.get(name) else []
        )


def details(kind: str, facts: Facts, tell: Telling) -> list[str]:
    """The lines beneath the title."""
    for prefix, lines in _ABOUT.items():
        if kind.startswith(prefix):
            return lines(kind, facts, tell)
    return []


def _refund(kind: str, facts: Facts, tell: Telling) -> list[str]:
    lines = _named(facts, "reference", _("Refund %(name)s")) + tell.amount(
        facts, "total", _("%(amount)s in all")
    )
    if facts.get("reason") and kind in ("refund_requested", "refund_drafted"):
        lines.append(
            _("Reason: %(reason)s") % {"reason": words.word(words.REFUND_REASONS, str(facts["reason"]))}
        )
    lines += _named(facts, "rma", _("Return %(name)s"))
    lines += tell.amount(facts, "fee", _("%(amount)s kept as a restocking fee"))
    lines += tell.amount(facts, "concessions", _("%(amount)s of it as a concession"))
    if facts.get("override"):
        lines.append(_("Before the goods were back, with a reason"))
    if facts.get("author"):
        lines.append(_("Asked for by %(who)s") % {"who": visible(str(facts["author"]))})
    if kind in ("refund_requested", "refund_approved"):
        lines += tell.by(facts, "release_at", _("Can be called back until %(date)s"))
    if facts.get("cause") == "claim":
        lines.append(_("Overtaken by the decision of a claim"))
    return lines


# Why a return was closed, and why one was asked for, as on the return's own pages.


def _return(kind: str, facts: Facts, tell: Telling) -> list[str]:
    lines = _named(facts, "rma", _("Return %(name)s"))
    lines += _named(facts, "own_rma", _("From now on %(name)s"))
    if facts.get("lines"):
        lines.append(", ".join(cancel_words.named_units(facts["lines"], dict(tell.names))))
    if facts.get("reason"):
        table: Mapping[Any, Any] = (
            return_words.CLOSE_REASONS if kind == "return_closed" else return_words.REASONS
        )
        lines.append(_("Reason: %(reason)s") % {"reason": words.word(table, str(facts["reason"]))})
    if facts.get("label") in LABELS:
        lines.append(str(LABELS[Label(facts["label"])]))
    lines += [str(said) for name, said in _FLAGS.items() if facts.get(name) is True]
    lines += _came_back(facts, tell)
    if kind == "return_closed" and not facts.get("contacted"):
        lines.append(_("Nobody had written to the buyer before"))
    if kind == "return_received":
        lines += tell.by(facts, "due_at", _("Refund due by %(date)s"))
    return lines + tell.amount(facts, "refunded", _("The marketplace refunded %(amount)s"))


_FLAGS = {
    "automatic": lazy("By itself, as the settings say"),
    "returnless": lazy("The buyer keeps the goods"),
    "wrongly_rejected": lazy("The policy allows this return: closing it counts against the account"),
}


def _came_back(facts: Facts, tell: Telling) -> list[str]:
    lines = [units(int(facts["units"]))] if facts.get("units") else []
    lines += [
        # Translators: an item and the condition in which it came back.
        _("%(item)s: %(condition)s")
        % {"item": tell.names.get(number, visible(number)), "condition": return_words.grade(grade)}
        for number, grade in facts.get("grades", {}).items()
    ]
    if "restocked" in facts:
        lines.append(_("Back to stock: %(units)s") % {"units": units(int(facts["restocked"]))})
    return lines


def _claim(kind: str, facts: Facts, tell: Telling) -> list[str]:
    lines = _named(facts, "reference", _("Claim %(name)s"))
    if kind == "claim_filed" and facts.get("kind"):
        lines.append(_("Reason: %(reason)s") % {"reason": words.word(words.CLAIM_KINDS, str(facts["kind"]))})
    if kind in ("claim_filed", "claim_action_required"):
        lines += tell.amount(facts, "amount", _("About %(amount)s"))
    if kind in ("claim_action_required", "claim_appeal_info_required"):
        lines += tell.by(facts, "due_at", _("Answer by %(date)s"))
    lines += [str(table[facts[name]]) for name, table in _VERDICT.items() if facts.get(name) in table]
    if facts.get("funding") == Funding.MARKETPLACE:
        lines.append(_("The marketplace pays"))
    lines += tell.amount(facts, "paid", _("%(amount)s to the buyer"))
    if kind == "claim_granted":
        lines += tell.amount(facts, "debited", _("%(amount)s taken from the seller"))
    lines += tell.amount(facts, "total", "%(amount)s")
    lines += _effects(kind, facts)
    return lines + tell.by(facts, "appeal_until", _("Can be appealed against until %(date)s"))


def _effects(kind: str, facts: Facts) -> list[str]:
    if kind == "claim_reversed":
        back = _("The seller gets the money back") if facts.get("money") else _("The money is not given back")
        counts = (
            _("No longer a defect") if facts.get("defect") else _("Whether it is a defect has not changed")
        )
        return [back, counts]
    if "defect" not in facts:
        return []
    return [_("Counts as a defect") if facts["defect"] else _("Does not count as a defect")]


_VERDICT: Mapping[str, Mapping[Any, Any]] = {"cause": CAUSES, "fault": FAULTS}


def _break(kind: str, facts: Facts, tell: Telling) -> list[str]:  # noqa: ARG001  (as the others)
    lines = _named(facts, "reference", _("Refund %(name)s"))
    return [*lines, words.word(words.BREAKS, str(facts["kind"]))] if facts.get("kind") else lines


def _rating(kind: str, facts: Facts, tell: Telling) -> list[str]:  # noqa: ARG001
    stars = [_("%(stars)s of 5 stars") % {"stars": facts["rating"]}] if facts.get("rating") else []
    return stars + ([_("Counts as a defect")] if facts.get("negative") else [])


def _chargeback(kind: str, facts: Facts, tell: Telling) -> list[str]:  # noqa: ARG001
    ended = {
        "won": _("Won by the seller"),
        "lost": _("Lost"),
        "withdrawn": _("Withdrawn by the buyer’s bank"),
    }
    outcome = ended.get(str(facts.get("outcome")))
    return (
        _named(facts, "reference", "%(name)s")
        + tell.amount(facts, "amount", "%(amount)s")
        + ([outcome] if outcome else [])
    )


def _named(facts: Facts, name: str, sentence: str) -> list[str]:
    return [sentence % {"name": visible(str(facts[name]))}] if facts.get(name) else []


_ABOUT: Mapping[str, Callable[[str, Facts, Telling], list[str]]] = {
    "refund_": _refund,
    "return_": _return,
    "claim_": _claim,
    "payment_break_": _break,
    "feedback_": _rating,
    "chargeback_": _chargeback,
}
