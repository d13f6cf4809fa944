"""What a delivery says: the bytes of a webhook or notification, or the words in a chat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation

from sellerdesk.commands.deliveries import Turn
from sellerdesk.domain import events, order_changes
from sellerdesk.domain.events import TEST
from sellerdesk.domain.notices import letter_language
from sellerdesk.domain.receivers import ReceiverKind
from sellerdesk.flows.webhooks.words import say
from sellerdesk.queries.deliveries import DeliveryFacts, changed_orders, delivery_facts, hearer
from sellerdesk.wire import order_change, webhooks


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery ready to go: its id outside, and what it says. `title` is for chat alone."""

    webhook_id: str
    body: bytes
    title: str = ""


@dataclass(frozen=True, slots=True)
class Unsayable:
    """A delivery that can never be said, and why."""

    why: str


def pack(turn: Turn, now: datetime) -> Mapping[int, Parcel | Unsayable]:
    """The parcels of a turn by delivery id. One that cannot be packed concerns itself alone (trust P6)."""
    ids = [one.id for one in turn.deliveries]
    known = delivery_facts(turn.seller_id, ids)
    if turn.kind == ReceiverKind.SPAPI:
        return _notifications(turn, known, now)
    packing = _webhook if turn.kind == ReceiverKind.WEBHOOK else _chat
    packed: dict[int, Parcel | Unsayable] = {}
    for one in known.values():
        try:
            packed[one.id] = packing(turn, one)
        except (KeyError, ValueError, TypeError) as error:
            packed[one.id] = Unsayable(type(error).__qualname__)
    return packed


def _webhook(turn: Turn, one: DeliveryFacts) -> Parcel:  # noqa: ARG001  (as `_chat`)
    if one.type == TEST:
        return Parcel(one.webhook_id, webhooks.encode_test(one.created_at, one.seller_public_id))
    told = webhooks.Told(
        one.at,
        one.seller_public_id,
        one.party,
        one.order_number,
        one.marketplace_id,
        one.sequence,
        one.facts,
    )
    return Parcel(one.webhook_id, webhooks.encode(events.BY_KIND[one.kind], told))


def _chat(turn: Turn, one: DeliveryFacts) -> Parcel:
    with translation.override(letter_language(turn.language)):
        title = say(one.type, one.order_number, one.facts)
    page = f"/desk/orders/{one.order_number}/" if one.order_number else "/desk/"
    return Parcel(one.webhook_id, f"{settings.BASE_URL}{page}".encode(), title)


def _notifications(
    turn: Turn, known: Mapping[int, DeliveryFacts], now: datetime
) -> Mapping[int, Parcel | Unsayable]:
    to = hearer(turn.seller_id, turn.receiver_id)
    if to is None:
        return {one: Unsayable("no subscription") for one in known}
    orders = changed_orders(turn.seller_id, list(known))
    packed: dict[int, Parcel | Unsayable] = {}
    for one in known.values():
        sent = (one.webhook_id, now)
        change, order = order_changes.BY_KIND.get(one.kind), orders.get(one.id)
        if not one.kind:
            packed[one.id] = Parcel(one.webhook_id, order_change.encode_test(to, one.type, sent=sent))
        elif change is None or order is None:
            packed[one.id] = Unsayable("no order")
        else:
            packed[one.id] = Parcel(
                one.webhook_id, order_change.encode(change, order, to, at=one.at, sent=sent)
            )
    return packed
