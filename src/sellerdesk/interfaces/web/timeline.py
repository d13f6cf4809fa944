"""The journal of an order as a timeline: what happened, in words, by whom, when and through which door."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from sellerdesk.domain.actors import Door, Party
from sellerdesk.domain.cancel_requests import DeclineCause
from sellerdesk.interfaces.web import aftersales_timeline, cancel_words, order_words, words
from sellerdesk.interfaces.web.formats import Moment, language, moment, money, units, visible
from sellerdesk.looks import when
from sellerdesk.queries.order_detail import JournalView, OrderDetail

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the timeline."""

    title: str
    details: tuple[str, ...]
    who: str
    door: str
    at: Moment
    icon: str
    tone: str


# kind → title, icon, tone
TITLES: dict[str, tuple[Any, str, str]] = {
    "order_placed": (lazy("Order placed"), "package", ""),
    "order_imported": (lazy("Order imported"), "package", ""),
    "order_updated": (lazy("Order updated by its platform"), "history", ""),
    "payment_authorized": (lazy("Payment authorised"), "banknote", "ok"),
    "payment_declined": (lazy("Payment declined"), "banknote", "bad"),
    "payment_waiting": (lazy("Payment still open"), "banknote", ""),
    "shipment_confirmed": (lazy("Shipment confirmed"), "truck", "ok"),
    "shipment_edited": (lazy("Shipment re-confirmed"), "pencil", "info"),
    "warehouse_shipped": (lazy("Shipped by the marketplace's warehouse"), "warehouse", "ok"),
    "parcel_event": (lazy("News from the carrier"), "map-pin", ""),
    "ship_by_reminded": (lazy("Reminder: ship soon"), "clock", "warn"),
    "ship_by_passed": (lazy("Ship-by time passed without confirmation"), "clock", "bad"),
    "auto_cancel_warned": (lazy("Warning before automatic cancellation"), "triangle-alert", "warn"),
    "order_auto_cancelled": (
        lazy("Cancelled automatically: shipment was not confirmed in time"),
        "ban",
        "bad",
    ),
    "cancelled_elsewhere": (lazy("Cancelled on the platform that it came from"), "ban", ""),
    "order_cancelled": (lazy("Cancelled by the seller"), "ban", "bad"),
    "buyer_cancelled": (lazy("Cancelled by the buyer"), "ban", ""),
    "marketplace_cancelled": (lazy("Cancelled by the marketplace"), "ban", ""),
    "cancellation_requested": (lazy("Cancellation requested by the buyer"), "undo-2", "info"),
    "cancellation_noted": (lazy("Noted: the buyer wants to cancel, in a message"), "mail", "warn"),
    "cancellation_guided": (lazy("Buyer told how to request the cancellation"), "mail", "info"),
    "cancellation_declined": (lazy("Request to cancel declined"), "x", "warn"),
    "cancellation_dismissed": (lazy("Noted: the buyer does not want to cancel"), "undo-2", ""),
    "cancellation_superseded": (lazy("Shipped although the buyer wanted to cancel"), "truck", "warn"),
    "cancel_answer_passed": (lazy("Request to cancel was not answered in time"), "clock", "bad"),
    "guide_unanswered": (lazy("The buyer did not react to the guidance"), "clock", "warn"),
    "portal_code_sent": (lazy("Buyer asked for a sign-in code"), "mail", ""),
    "message_received": (lazy("Message from the buyer"), "mail", "info"),
    "message_sent": (lazy("Message sent to the buyer"), "mail", "ok"),
    "message_blocked": (lazy("Message not delivered: the buyer wants none"), "mail", "warn"),
    "mail_refused": (lazy("Mail not passed on to the buyer"), "mail", "warn"),
    "message_no_response_needed": (lazy("Message marked: no response needed"), "mail", ""),
    "message_reopened": (lazy("Message taken up again"), "mail", ""),
    "message_noted": (lazy("Internal note added"), "pencil", ""),
    "message_answer_missed": (lazy("Message was not answered in time"), "clock", "bad"),
    "refund_requested": (lazy("Refund requested"), "banknote", "info"),
    "refund_drafted": (lazy("Refund waits for a second person"), "banknote", "warn"),
    "refund_approved": (lazy("Refund agreed to by a second person"), "banknote", "ok"),
    "refund_undone": (lazy("Refund called back"), "banknote", ""),
    "refund_released": (lazy("Refund sent to the buyer"), "banknote", "ok"),
    "refund_settled": (lazy("Refund paid out"), "banknote", "ok"),
    "refund_rejected": (lazy("Refund could not be paid out"), "banknote", "bad"),
    "payment_break_found": (lazy("The payment side's books differ from ours"), "banknote", "bad"),
    "payment_break_settled": (lazy("Difference to the payment side settled"), "banknote", "ok"),
    "fee_recorded": (lazy("Fee of the marketplace"), "banknote", ""),
    "payout_recorded": (lazy("Balance paid out to the seller"), "banknote", "ok"),
    "return_requested": (lazy("Return requested"), "package", "warn"),
    "return_authorized": (lazy("Return authorised"), "package", "ok"),
    "return_closed": (lazy("Return request closed by the seller"), "ban", ""),
    "return_withdrawn": (lazy("Return request closed by the buyer"), "ban", ""),
    "return_closed_auto": (lazy("Return request closed itself: nothing happened"), "clock", ""),
    "return_departed": (lazy("Return on its way back"), "truck", "info"),
    "return_received": (lazy("Return received"), "package", "ok"),
    "return_graded": (lazy("Returned goods inspected"), "package", "info"),
    "return_delivered": (lazy("The carrier delivered a return"), "truck", "info"),
    "return_method_missed": (lazy("No way back was given in time"), "clock", "bad"),
    "return_completed": (lazy("Return completed"), "package", "ok"),
    "return_answer_passed": (lazy("Return request was not answered in time"), "clock", "bad"),
    "return_refund_overdue": (lazy("Refund after a return is overdue"), "clock", "bad"),
    "claim_filed": (lazy("A-to-z claim filed by the buyer"), "triangle-alert", "bad"),
    "claim_action_required": (lazy("Claim: the seller is asked"), "clock", "warn"),
    "claim_answered": (lazy("Claim answered by the seller"), "mail", "info"),
    "claim_granted": (lazy("Claim granted"), "banknote", "bad"),
    "claim_denied": (lazy("Claim denied"), "x", "ok"),
    "claim_withdrawn": (lazy("Claim withdrawn by the buyer"), "undo-2", "ok"),
    "claim_refunded": (lazy("Claim settled: the seller refunded everything"), "banknote", "warn"),
    "claim_reopened": (lazy("Claim open again: the refund could not be paid out"), "undo-2", "bad"),
    "claim_appealed": (lazy("Appeal against the claim"), "mail", "info"),
    "claim_appeal_info_required": (lazy("Appeal: the seller is asked"), "clock", "warn"),
    "claim_appeal_answered": (lazy("Question about the appeal answered"), "mail", "info"),
    "claim_reversed": (lazy("Appeal won: the decision was reversed"), "undo-2", "ok"),
    "claim_appeal_denied": (lazy("Appeal denied"), "x", "bad"),
    "claim_appeal_over": (lazy("The time to appeal against the claim is over"), "clock", ""),
    "claim_paid": (lazy("Claim paid out to the buyer"), "banknote", ""),
    "claim_payout_failed": (lazy("Claim could not be paid out to the buyer"), "banknote", "bad"),
    "claim_payout_retried": (lazy("Claim is paid out to the buyer again"), "banknote", "info"),
    "feedback_received": (lazy("Buyer rated the order"), "mail", "info"),
    "feedback_removed": (lazy("Rating removed"), "trash-2", ""),
    "chargeback_opened": (lazy("Chargeback: the buyer's bank takes money back"), "banknote", "bad"),
    "chargeback_closed": (lazy("Chargeback closed"), "banknote", ""),
    "solicitation_sent": (lazy("Buyer asked for a review"), "mail", ""),
    "slip_printed": (lazy("Packing slip printed"), "printer", ""),
    "pickup_reported": (lazy("Pick-up reported by the store"), "package", "info"),
    "verification_reported": (lazy("Review of regulated items recorded"), "history", "info"),
    "return_setting_changed": (lazy("Return settings changed"), "settings", ""),
    "return_rule_added": (lazy("Return rule added"), "plus", ""),
    "return_rule_ended": (lazy("Return rule ended"), "ban", ""),
    "receiver_created": (lazy("Webhook or chat channel added"), "plus", ""),
    "receiver_changed": (lazy("Webhook or chat channel changed"), "pencil", ""),
    "receiver_deleted": (lazy("Webhook or chat channel deleted"), "trash-2", ""),
    "receiver_disabled": (lazy("Webhook or chat channel switched off"), "ban", "bad"),
    "delivery_given_up": (lazy("Deliveries were given up"), "triangle-alert", "bad"),
}
FIELDS = {
    "carrier_code": lazy("Carrier"),
    "carrier_name": lazy("Carrier name"),
    "service": lazy("Shipping service"),
    "tracking": lazy("Tracking ID"),
    "shipped_at": lazy("Ship date"),
    "memo": lazy("Seller memo"),
    "lines": lazy("Items in the package"),
    "transparency_codes": lazy("Transparency codes"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the timeline is written."""

    zone: ZoneInfo
    now: datetime
    sees_money: bool


def timeline(order: OrderDetail, reader: Reader) -> list[Happening]:
    """The newest first."""
    return [happening(entry, order, reader) for entry in reversed(order.journal)]


def happening(entry: JournalView, order: OrderDetail, reader: Reader) -> Happening:
    """One entry in words. A kind that we have no words for is shown by its own name rather than hidden."""
    title, icon, tone = TITLES.get(entry.kind, (entry.kind.replace("_", " "), "info", ""))
    details = DETAILS.get(entry.kind, _after_sales(entry.kind))(entry.facts, order, reader)
    if entry.kind == "parcel_event":
        title = order_words.PARCEL_EVENTS.get(entry.facts.get("kind", ""), title)
    if entry.kind == "shipment_confirmed" and entry.facts.get("late"):
        tone = "warn"
    if entry.kind == "order_cancelled" and not entry.facts.get("counts"):
        tone = "ok"
    at = moment(entry.at, order.marketplace_id, reader.zone, reader.now)
    return Happening(str(title), tuple(details), who(entry), door(entry), at, icon, tone)


def who(entry: JournalView) -> str:
    """A person or program of the seller by name; the others by what they are."""
    if entry.party == Party.SELLER and entry.actor:
        return visible(entry.actor)
    known = order_words.PARTIES.get(Party(entry.party)) if entry.party in set(Party) else None
    return str(known) if known else visible(entry.actor)


def door(entry: JournalView) -> str:
    """Which way it came."""
    return str(order_words.DOORS[Door(entry.door)]) if entry.door in set(Door) else entry.door


def _after_sales(kind: str) -> Callable[[Facts, OrderDetail, Reader], list[str]]:
    def lines(facts: Facts, order: OrderDetail, reader: Reader) -> list[str]:
        def market(at: datetime) -> str:
            return moment(at, order.marketplace_id, reader.zone, reader.now).market

        names = {item.item_number: visible(item.sku or item.item_number) for item in order.items}
        telling = aftersales_timeline.Telling(names, market, sees_money=reader.sees_money)
        return aftersales_timeline.details(kind, facts, telling)

    return lines


def _confirmed(facts: Facts, order: OrderDetail, reader: Reader) -> list[str]:
    lines = []
    for package in facts.get("packages", ()):
        carrier = order_words.carrier(package.get("carrier", ""))
        words = [_("Package %(n)s") % {"n": visible(package.get("reference", ""))}, carrier]
        words += [visible(package.get("tracking", "")), units(package.get("units", 0))]
        lines.append(" · ".join(word for word in words if word))
    if order.channel == "MFN" and "late" in facts:
        lines.append(_("Counts as late") if facts["late"] else _("Counts as on time"))
    if reader.sees_money and facts.get("charged"):
        amount = money(facts["charged"], facts.get("currency", order.currency))
        lines.append(_("Buyer charged %(amount)s") % {"amount": amount})
    return lines


def _edited(facts: Facts, order: OrderDetail, reader: Reader) -> list[str]:
    lines = [_("Package %(n)s") % {"n": visible(str(facts.get("reference", "")))}]
    for name, pair in facts.get("changes", {}).items():
        label = str(FIELDS.get(name, name))
        if pair is None:
            lines.append(_("%(field)s changed") % {"field": label})
        else:
            old, new = (said(name, value, order, reader) for value in pair)
            lines.append(_("%(field)s: %(old)s → %(new)s") % {"field": label, "old": old, "new": new})
    return lines


def said(name: str, value: Any, order: OrderDetail, reader: Reader) -> str:
    """A field of a package in words, as journal and versions keep it."""
    if value in (None, "", {}, []):
        return _("nothing")
    if name == "shipped_at":
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return when.day(at, reader.zone, reader.now, language())
    if name == "carrier_code":
        return order_words.carrier(value)
    if name == "lines":
        skus = {item.item_number: item.sku or item.item_number for item in order.items}
        parts = (f"{visible(skus.get(number, number))} × {count}" for number, count in value.items())
        return ", ".join(parts)
    return visible(value if isinstance(value, str) else str(value))


def _parcel(facts: Facts, order: OrderDetail, reader: Reader) -> list[str]:  # noqa: ARG001
    return [_("Package %(n)s") % {"n": visible(str(facts.get("reference", "")))}]


def _payment(facts: Facts, order: OrderDetail, reader: Reader) -> list[str]:
    lines = []
    reason = str(facts.get("reason") or "").lower()
    if reason and reason in words.NOTHING_TO_DO:
        lines.append(str(words.NOTHING_TO_DO[reason]))
    if facts.get("latest_ship_at"):
        at = moment(
            datetime.fromisoformat(facts["latest_ship_at"]), order.marketplace_id, reader.zone, reader.now
        )
        lines.append(_("Ship by %(date)s") % {"date": at.market})
    return lines


def _due(facts: Facts, order: OrderDetail, reader: Reader) -> list[str]:
    if facts.get("cause") == "warning_missed":
        return [_("No warning went out before: the system was away at the time.")]
    if facts.get("ship_by"):
        at = moment(datetime.fromisoformat(facts["ship_by"]), order.marketplace_id, reader.zone, reader.now)
        return [_("Ship by %(date)s") % {"date": at.market}]
    return []


def _cancelled(facts: Facts, order: OrderDetail, reader: Reader) -> list[str]:
    """Who cancelled is the title; here: why, how much, whether it counts, the rate, stock and money."""
    names = {item.item_number: visible(item.sku or item.item_number) for item in order.items}
    lines = [cancel_words.reason(str(facts["reason"]))] if facts.get("reason") else []
    lines += (
        [", ".join(cancel_words.named_units(facts.get("lines", {}), names))] if facts.get("lines") else []
    )
    if "counts" in facts and facts.get("why"):
        why = cancel_words.why(str(facts["why"]))
        lines.append(cancel_words.counting(facts["counts"]) + pgettext("label", ": ") + why)
    if rate := facts.get("rate"):
        lines.append(
            _("Cancellation rate %(before)s → %(after)s")
            % {
                "before": f"{rate['counted']}/{rate['base']}",
                "after": f"{rate['counted_after']}/{rate['base_after']}",
            }
        )
    if "restocked" in facts:
        lines.append(_("Back to stock") if facts["restocked"] else _("Not put back to stock"))
    if reader.sees_money and facts.get("released"):
        amount = money(facts["released"], facts.get("currency", order.currency))
        lines.append(_("Authorisation of %(amount)s released") % {"amount": amount})
    return lines


def _auto_cancelled(facts: Facts, order: OrderDetail, reader: Reader) -> list[str]:
    return [*_due(facts, order, reader), *_cancelled(dict(facts) | {"reason": ""}, order, reader)]


def _wished(facts: Facts, order: OrderDetail, reader: Reader) -> list[str]:  # noqa: ARG001
    """The buyer's reason, or the seller's cause; which items, when not all of them are meant."""
    lines = [cancel_words.reason(str(facts["reason"]))] if facts.get("reason") else []
    if (cause := facts.get("cause")) in set(DeclineCause):
        lines.append(str(cancel_words.DECLINES[DeclineCause(cause)]))
    named = facts.get("items", ())
    if named and len(named) < len(order.items):
        names = {item.item_number: visible(item.sku or item.item_number) for item in order.items}
        lines.append(", ".join(names.get(number, number) for number in named))
    return lines


def _printed(facts: Facts, order: OrderDetail, reader: Reader) -> list[str]:  # noqa: ARG001
    return [_("printed %(n)s×") % {"n": facts["times"]}] if facts.get("times", 1) > 1 else []


DETAILS: dict[str, Callable[[Facts, OrderDetail, Reader], list[str]]] = {
    "shipment_confirmed": _confirmed,
    "warehouse_shipped": _confirmed,
    "shipment_edited": _edited,
    "parcel_event": _parcel,
    "payment_authorized": _payment,
    "payment_declined": _payment,
    "payment_waiting": _payment,
    "ship_by_reminded": _due,
    "order_auto_cancelled": _auto_cancelled,
    "order_cancelled": _cancelled,
    "buyer_cancelled": _cancelled,
    "marketplace_cancelled": _cancelled,
    "cancellation_requested": _wished,
    "cancellation_declined": _wished,
    "slip_printed": _printed,
}
