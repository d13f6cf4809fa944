"""What refunding is called on pages: reasons, modes with their risks, states, and every refusal said of its field."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from sellerdesk.domain.money import Money
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import NOTE_LENGTH_MOST, RefundState
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_facts import ReturnState
from sellerdesk.interfaces.web import refusals
from sellerdesk.interfaces.web.formats import visible
from sellerdesk.interfaces.web.staff import Desk

REASONS = {
    RefundReason.OUT_OF_STOCK: lazy("Out of stock"),
    RefundReason.BUYER_RETURN: lazy("Buyer returns it"),
    RefundReason.GENERAL_ADJUSTMENT: lazy("General adjustment"),
    RefundReason.COULD_NOT_SHIP: lazy("Could not be shipped"),
    RefundReason.WRONG_ITEM: lazy("Wrong item sent"),
    RefundReason.CANCELLED_BY_BUYER: lazy("Cancelled by the buyer"),
    RefundReason.NOT_RECEIVED: lazy("Not received"),
    RefundReason.NOT_AS_DESCRIBED: lazy("Damaged or not as described"),
    RefundReason.PRICING_ERROR: lazy("Pricing error"),
    RefundReason.UNDELIVERABLE_ADDRESS: lazy("Address undeliverable"),
    RefundReason.LATE_BY_CARRIER: lazy("Carrier was late"),
    RefundReason.SHIP_DATE_MISSED: lazy("Shipped too late"),
}
# Mode → name, what it means, its risk (C8; S0-30, S2-11).
MODES: dict[Mode, tuple[Any, Any, Any]] = {
    Mode.ON_RECEIPT: (
        lazy("After the goods are back"),
        lazy("The usual way: look at them first."),
        lazy("Waiting can end in bad feedback or an A-to-z claim."),
    ),
    Mode.ADVANCE: (
        lazy("In advance"),
        lazy("The goods are to come back, and the buyer gets the money before."),
        lazy("You may lose both the goods and the money."),
    ),
    Mode.RETURNLESS: (
        lazy("The buyer keeps the goods"),
        lazy("Nothing is sent back."),
        lazy("The goods are lost to you."),
    ),
    Mode.INTERCEPT_FAILED: (
        lazy("Sent, and could not be stopped"),
        lazy("The buyer does not want it any more and will refuse the delivery."),
        lazy("You may lose both the goods and the money."),
    ),
    Mode.GOODWILL: (
        lazy("Adjustment"),
        lazy("Something was wrong; nothing is to come back."),
        "",
    ),
}
# State → name, icon, tone.
STATES: dict[RefundState, tuple[Any, str, str]] = {
    RefundState.DRAFT: (lazy("Waiting for approval"), "lock", "warn"),
    RefundState.PENDING: (pgettext_lazy("refund", "Held"), "clock", "info"),
    RefundState.RELEASED: (lazy("On its way"), "banknote", "ok"),
    RefundState.SETTLED: (lazy("Paid out"), "circle-check", "ok"),
    RefundState.CANCELLED: (lazy("Called back"), "undo-2", ""),
    RefundState.REJECTED: (lazy("Could not be paid out"), "triangle-alert", "bad"),
}
RETURN_STATES = {
    ReturnState.PENDING_AUTHORIZATION: lazy("waits for your answer"),
    ReturnState.AUTHORIZED: lazy("authorised, not back yet"),
    ReturnState.IN_TRANSIT_BACK: lazy("on its way back"),
    ReturnState.RECEIVED: lazy("received, not inspected"),
    ReturnState.INSPECTED: lazy("inspected in part"),
    ReturnState.PENDING_REFUND: lazy("inspected, refund is due"),
    ReturnState.COMPLETED: lazy("completed"),
    ReturnState.CLOSED_BY_SELLER: lazy("closed by you"),
    ReturnState.CLOSED_BY_BUYER: lazy("closed by the buyer"),
    ReturnState.CLOSED_AUTO: lazy("closed by itself"),
}
_NO_FEE = {
    "not_buyers_fault": lazy(
        "No restocking fee may be kept: the buyer is not at fault, or no return is linked."
    ),
    "not_graded": lazy("No restocking fee may be kept before the goods were inspected."),
    "nothing_allowed": lazy("No restocking fee may be kept: the goods came back as they were sent."),
}
_SAMPLE = 1250  # minor units of an amount that shows how to write one
_AMOUNTS = frozenset({"amount", "return_shipping", "goodwill", "fee"})


def reason(code: str) -> str:
    """A refund's reason; what we have no words for as it came."""
    return str(REASONS[RefundReason(code)]) if code in set(RefundReason) else code


def mode(code: str) -> str:
    """When the money goes in respect of the goods, in a few words."""
    return str(MODES[Mode(code)][0]) if code in set(Mode) else code


def field(name: str, names: dict[str, str]) -> str:
    """What a field of the form is called; `names` are the lines' own by item number."""
    kind, sep, number = name.partition("-")
    if sep:
        labels = {"units": _("Units of %(name)s"), "product": _("Product of %(name)s")}
        labels |= {"shipping": _("Shipping of %(name)s")}
        return labels.get(kind, "%(name)s") % {"name": names.get(number, number)}
    single = {
        "reason": _("Reason for the refund"),
        "mode": _("When the money goes"),
        "rma": _("Return"),
        "amount": _("Amount without a line"),
        "return_shipping": _("Return shipping concession"),
        "goodwill": _("Other concession"),
        "fee": _("Restocking fee"),
        "override": _("Why before the goods are back"),
        "note": _("Note to yourself"),
        "words": _("Note to the buyer"),
        "lines": _("What goes back"),
    }
    return single.get(name, "")


def place_of(refusal: Refusal, *, partial: bool) -> str:
    """The field of the form that a refusal of the command is about; "" for the form as a whole."""
    facts = refusal.facts
    number = str(facts.get("item_number", ""))
    if refusal.code is Code.REFUND_EXCEEDED:
        group = facts.get("component")
        return f"{group}-{number}" if number and group else "amount" if partial else ""
    fixed = {
        Code.QUANTITY_EXCEEDED: f"units-{number}",
        Code.CONCESSION_EXCEEDED: "return_shipping",
        Code.DEDUCTION_NOT_ALLOWED: "fee",
        Code.DEDUCTION_EXCEEDED: "fee",
        Code.OVERRIDE_NEEDED: "override",
        Code.GOODS_NOT_BACK: "mode",
        Code.RETURN_NOT_FOUND: "rma",
        Code.RETURN_STATE: "rma",
    }
    return fixed.get(refusal.code, "")


def sentence(desk: Desk, place: str, refusal: Refusal, *, currency: str, names: dict[str, str]) -> str:
    """A refusal in words, said of the field that it is about."""
    facts = refusal.facts
    if refusal.code is Code.INVALID_VALUE:
        return _invalid(place, str(facts.get("value", "")), str(facts.get("expected", "")), currency)
    if refusal.code is Code.MISSING_VALUE and place in ("reason", "lines"):
        return (
            _("Choose a reason.")
            if place == "reason"
            else _("Give an amount, units, or a concession to refund.")
        )
    if refusal.code is Code.NOTHING_TO_REFUND:
        return _("Nothing that was charged is left to refund: it was given back, or is about to be.")
    if refusal.code is Code.QUANTITY_EXCEEDED:
        said = {
            "name": names.get(str(facts["item_number"]), ""),
            "left": facts["left"],
            "asked": facts["asked"],
        }
        return _("Of %(name)s only %(left)s can still be refunded, not %(asked)s.") % said
    if refusal.code is Code.DEDUCTION_NOT_ALLOWED:
        return no_fee(str(facts.get("why")))
    if refusal.code is Code.RETURN_STATE:
        return _return_state(facts)
    if refusal.code is Code.REFUND_STATE:
        label = STATES[RefundState(str(facts["state"]))][0] if facts.get("state") in set(RefundState) else ""
        said = {"reference": facts.get("reference", ""), "state": label}
        return _("Nothing was changed: refund %(reference)s is already “%(state)s”.") % said
    if refusal.code is Code.APPROVAL_NEEDED:
        said = {"who": visible(str(facts.get("author", "")))}
        return _("%(who)s asked for this refund; somebody else must approve it.") % said
    return refusals.word(refusal, now=desk.now, zone=desk.zone)


def no_fee(why: str) -> str:
    """Why no restocking fee may be kept."""
    return str(_NO_FEE.get(why, _NO_FEE["not_buyers_fault"]))


def _return_state(facts: Any) -> str:
    state = facts.get("state")
    label = RETURN_STATES[ReturnState(state)] if state in set(ReturnState) else state
    said = {"rma": visible(str(facts.get("rma", ""))), "state": label}
    return _("Return %(rma)s cannot be refunded any more: %(state)s.") % said


def _invalid(place: str, value: str, expected: str, currency: str) -> str:
    kind = place.partition("-")[0]
    if expected == "units or amounts":
        return _("Give units or amounts for this line, not both.")
    if expected == "lines or amount":
        return _("Give amounts for lines or one amount without a line, not both.")
    if kind == "units":
        return _("“%(value)s” is not a number of units.") % {"value": visible(value)}
    if kind in ("product", "shipping") or place in _AMOUNTS:
        said = {"value": visible(value), "currency": currency, "sample": Money(currency, _SAMPLE).text()}
        return (
            _("“%(value)s” is not an amount in %(currency)s. Write plain digits, such as %(sample)s.") % said
        )
    if kind == "note" and expected.startswith("at most"):
        return _("At most %(n)s characters.") % {"n": NOTE_LENGTH_MOST}
    if expected.startswith("at most"):
        return _("This is too long: %(expected)s.") % {"expected": _at_most(expected)}
    if kind == "mode":
        return _("Choose one of these.")
    return _("This contains characters that no text has.")


def _at_most(expected: str) -> str:
    digits = "".join(character for character in expected if character.isdigit())
    return _("%(n)s characters are allowed") % {"n": digits}


def settle_days(first: int, last: int) -> str:
    """How long a refund takes: "3 to 5 business days"."""
    if first == last:
        return ngettext("%(n)s business day", "%(n)s business days", last) % {"n": last}
    return _("%(first)s to %(last)s business days") % {"first": first, "last": last}
