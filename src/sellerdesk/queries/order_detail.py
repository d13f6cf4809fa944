"""One order with everything its page shows, in a constant number of queries (screens 1.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sellerdesk.domain.cancel_requests import State
from sellerdesk.domain.orders import WAITING, Channel, Status
from sellerdesk.models.sql import decode_json, instant, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.api_cancellations import CancellationView, WishView, carried_out, last_wishes
from sellerdesk.queries.personal import AddressView, address_view, gift_message

_OTHER_ORDERS = 5  # open orders of the same buyer that are named; more than a few tell nothing more


@dataclass(frozen=True, slots=True)
class ChargeView:
    """A component of a line's money: minor units of the order's currency."""

    component: str
    amount: int
    charged: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """A line. What came back of it: `returned` units that arrived, `refunded` units whose money went; in minor units,
    what `given_back` went, what is `held_back` until it goes, and what a claim took.
    """

    id: int
    item_number: str
    sku: str
    asin: str
    title: str
    condition: str
    is_gift: bool
    ordered: int
    shipped: int
    cancelled: int
    charges: tuple[ChargeView, ...]
    gift_message: str = ""
    returned: int = 0
    refunded: int = 0
    given_back: int = 0
    held_back: int = 0
    claimed: int = 0

    @property
    def left(self) -> int:
        return self.ordered - self.shipped - self.cancelled


@dataclass(frozen=True, slots=True)
class ParcelEventView:
    kind: str
    at: datetime
    where: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """What was said of a parcel at one time; `facts` as the command wrote them."""

    version: int
    at: datetime
    by: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PackageView:
    reference: str
    version: int
    carrier_code: str
    carrier_name: str
    service: str
    tracking: str
    shipped_at: datetime | None
    confirmed_at: datetime
    is_late: bool
    status: str
    detailed_status: str
    delivered_at: datetime | None
    memo: str
    lines: tuple[tuple[str, int], ...]  # item number, quantity
    events: tuple[ParcelEventView, ...]
    versions: tuple[VersionView, ...]


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A promise in time. `state` is open, fired or void."""

    kind: str
    due_at: datetime
    policy_key: str
    policy_value: Any
    state: str
    closed_at: datetime | None
    was_late: bool


@dataclass(frozen=True, slots=True)
class JournalView:
    """One thing that happened: `kind` in the past tense, `party` and `actor` who, `door` through which."""

    id: int
    at: datetime
    kind: str
    party: str
    actor: str
    door: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BuyerView:
    name: str
    email: str
    phone: str
    company: str
    purchase_order: str


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """An order as its page shows it. `buyer` and `address` are None when they may not be shown or are not known."""

    id: int
    order_number: str
    seller_order_id: str
    marketplace_id: str
    channel: Channel
    status: Status
    payment_state: str
    pending_reason: str
    source: str
    placed_at: datetime
    ready_at: datetime | None
    latest_ship_at: datetime | None
    earliest_delivery_at: datetime | None
    latest_delivery_at: datetime | None
    confirmed_at: datetime | None
    is_late: bool | None
    auto_cancel_at: datetime | None
    warned_at: datetime | None
    cancelled_at: datetime | None
    cancelled_by: str
    cancel_reason: str
    currency: str
    total: int | None
    ship_service: str
    is_business: bool
    is_prime: bool
    items_known: bool
    units_ordered: int
    units_shipped: int
    units_cancelled: int
    version: int
    slips_printed: int
    cancel_request: str  # the state of the buyer's open wish to cancel, "" without one
    counts_in_cr: bool | None  # None: nothing of it was cancelled
    seller_name: str
    items: tuple[ItemView, ...] = ()
    packages: tuple[PackageView, ...] = ()
    deadlines: tuple[DeadlineView, ...] = ()
    journal: tuple[JournalView, ...] = ()
    received: int = 0  # what the ledger says the buyer was charged, minor units
    buyer: BuyerView | None = None
    address: AddressView | None = None
    other_orders: tuple[str, ...] = ()  # open orders of the same buyer, newest first
    cancellations: tuple[CancellationView, ...] = ()
    wish: WishView | None = None  # the buyer's latest wish to cancel, open or not
    message_hint: str = (
        ""  # what the unanswered message seems to ask ("cancel", "return"), unless a wish is open
    )

    @property
    def is_held(self) -> bool:
        """Whether the buyer's filed request keeps the order from being packed."""
        return self.cancel_request == State.REQUESTED_FORMAL

    @property
    def last_entry(self) -> int:
        """The id of the newest journal entry, to tell later what came after; 0 without any."""
        return self.journal[-1].id if self.journal else 0

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def delivered_at(self) -> datetime | None:
        """When the last parcel arrived, once all of them have and nothing is left to ship."""
        moments = [package.delivered_at for package in self.packages if package.status != "CANCELLED"]
        if not moments or self.status not in (Status.SHIPPED, Status.INVOICE_UNCONFIRMED):
            return None
        arrived = [moment for moment in moments if moment]
        return max(arrived) if len(arrived) == len(moments) else None


_HEAD = """
SELECT o.id, o.order_number, o.seller_order_id, o.marketplace_id, o.channel, o.status, o.payment_state,
       o.pending_reason, o.source, o.placed_at, o.ready_at, o.latest_ship_at, o.earliest_delivery_at,
       o.latest_delivery_at, o.confirmed_at, o.is_late, o.auto_cancel_at, o.warned_at, o.cancelled_at, o.cancelled_by,
       o.cancel_reason, o.currency, o.total, o.ship_service, o.is_business, o.is_prime, o.items_known, o.units_ordered,
       o.units_shipped, o.units_cancelled, o.version, o.slips_printed, o.cancel_request, o.counts_in_cr, s.name,
       (SELECT coalesce(sum(e.amount), 0)::bigint FROM ledger_transactions t
          JOIN ledger_entries e ON e.seller_id = t.seller_id AND e.transaction_id = t.id AND e.account = 'buyer'
         WHERE t.seller_id = o.seller_id AND t.order_id = o.id AND t.kind = 'charge'),
       coalesce((SELECT m.hint FROM message_threads m WHERE m.seller_id = o.seller_id AND m.order_id = o.id
                    AND m.state = 'open_needs_response' AND o.cancel_request = ''), '')
  FROM orders o JOIN sellers s ON s.id = o.seller_id
 WHERE o.seller_id = %s AND o.order_number = %s"""

_ITEMS = """
SELECT i.id, i.item_number, i.sku, i.asin, i.title, i.condition, i.is_gift, i.ordered, i.shipped, i.cancelled,
       (SELECT json_agg(json_build_array(c.component, c.amount, c.charged) ORDER BY c.id)
          FROM charges c WHERE c.seller_id = i.seller_id AND c.item_id = i.id),
       (SELECT coalesce(sum(l.received), 0)::bigint FROM return_lines l
         WHERE l.seller_id = i.seller_id AND l.item_id = i.id),
       (SELECT coalesce(sum((r.units ->> i.id::text)::int), 0)::bigint FROM refunds r
         WHERE r.seller_id = i.seller_id AND r.order_id = i.order_id AND r.state IN ('RELEASED', 'SETTLED')),
       m.refunded, m.pending, m.claimed
  FROM order_items i CROSS JOIN LATERAL (
       SELECT coalesce(sum(c.refunded), 0)::bigint AS refunded, coalesce(sum(c.refund_pending), 0)::bigint AS pending,
              coalesce(sum(c.claimed), 0)::bigint AS claimed
         FROM charges c WHERE c.seller_id = i.seller_id AND c.item_id = i.id) m
 WHERE i.seller_id = %s AND i.order_id = %s ORDER BY i.position"""

_PACKAGES = """
SELECT p.reference, p.version, p.carrier_code, p.carrier_name, p.service, p.tracking, p.shipped_at, p.confirmed_at,
       p.is_late, p.status, p.detailed_status, p.delivered_at, p.memo,
       (SELECT json_agg(json_build_array(i.item_number, l.quantity) ORDER BY i.position)
          FROM package_items l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
         WHERE l.seller_id = p.seller_id AND l.package_id = p.id),
       (SELECT json_agg(json_build_array(e.kind, e.at, e.place) ORDER BY e.at, e.id)
          FROM parcel_events e WHERE e.seller_id = p.seller_id AND e.package_id = p.id),
       (SELECT json_agg(json_build_array(v.version, v.at, v.by, v.facts) ORDER BY v.version)
          FROM package_versions v WHERE v.seller_id = p.seller_id AND v.package_id = p.id)
  FROM packages p WHERE p.seller_id = %s AND p.order_id = %s ORDER BY p.id"""

_DEADLINES = """
SELECT kind, due_at, policy_key, policy_value, state, closed_at, was_late
  FROM deadlines WHERE seller_id = %s AND order_id = %s ORDER BY due_at, id"""

# A buyer who asks for a sign-in code may want to see all orders, with whichever sellers: that is no seller's affair.
_JOURNAL = """
SELECT id, at, kind, party, actor, door, facts FROM journal
 WHERE seller_id = %s AND order_id = %s AND kind <> 'portal_code_sent' ORDER BY id"""

_PERSONAL = """
SELECT b.name, b.email, b.phone, b.company, b.purchase_order, b.item_texts,
       a.name, a.company, a.line1, a.line2, a.line3, a.city, a.district, a.county, a.state, a.municipality,
       a.postal_code, a.country, a.phone, a.kind, b.id, a.id
  FROM (SELECT %s::bigint AS seller_id, %s::bigint AS order_id) o
  LEFT JOIN buyer_contacts b ON b.seller_id = o.seller_id AND b.order_id = o.order_id
  LEFT JOIN shipping_addresses a ON a.seller_id = o.seller_id AND a.order_id = o.order_id"""

# The same buyer is the same e-mail address: names alone are shared by strangers.
_OTHERS = """
SELECT o.order_number FROM buyer_contacts b JOIN orders o ON o.seller_id = b.seller_id AND o.id = b.order_id
 WHERE b.seller_id = %s AND b.email = %s AND b.email <> '' AND o.id <> %s AND o.status = ANY(%s)
 ORDER BY o.placed_at DESC LIMIT %s"""


def order_detail(seller_id: int, order_number: str, *, personal: bool) -> OrderDetail | None:
    """Everything of one order, or None when the seller has no such order.

    `personal` says whether the reader may see buyers' data (Permission.BUYERS_READ); of a waiting order nobody sees
    them, as the marketplace gives none (S0-06).
    """
    with scoped(seller_id):
        found = rows(_HEAD, [seller_id, order_number])
        if not found:
            return None
        *head, received, message_hint = found[0]
        order_id, status = head[0], Status(head[5])
        known = personal and status not in WAITING
        buyer, address, texts = _read_personal(seller_id, order_id) if known else (None, None, {})
        others: tuple[str, ...] = ()
        if buyer is not None and buyer.email:
            open_states = [Status.UNSHIPPED.value, Status.PARTIALLY_SHIPPED.value]
            same = rows(_OTHERS, [seller_id, buyer.email, order_id, open_states, _OTHER_ORDERS])
            others = tuple(row[0] for row in same)
        wish = last_wishes(seller_id, [order_id]).get(order_id)
        head[4], head[5] = Channel(head[4]), status
        columns: tuple[Any, ...] = (
            *head,
            tuple(_item(row, texts) for row in rows(_ITEMS, [seller_id, order_id])),
            tuple(_package(row) for row in rows(_PACKAGES, [seller_id, order_id])),
            tuple(_deadline(row) for row in rows(_DEADLINES, [seller_id, order_id])),
            tuple(_entry(row) for row in rows(_JOURNAL, [seller_id, order_id])),
            received,
            buyer,
            address,
            others,
            tuple(carried_out(seller_id, [order_id]).get(order_id, ())),
            wish if known or wish is None else replace(wish, words=""),
            message_hint,
        )
        return OrderDetail(*columns)


def _read_personal(
    seller_id: int, order_id: int
) -> tuple[BuyerView | None, AddressView | None, Mapping[str, Any]]:
    name, email, phone, company, purchase_order, texts, *rest = rows(_PERSONAL, [seller_id, order_id])[0]
    *written, buyer_id, address_id = rest
    buyer = BuyerView(name, email, phone, company, purchase_order) if buyer_id else None
    address = address_view(written) if address_id else None
    return buyer, address, decode_json(texts) or {}


def _item(row: tuple[Any, ...], texts: Mapping[str, Any]) -> ItemView:
    *head, charges, returned, refunded, given_back, held_back, claimed = row
    parts = tuple(ChargeView(*charge) for charge in decode_json(charges) or ())
    back = (returned, refunded, given_back, held_back, claimed)
    columns: tuple[Any, ...] = (*head, parts, gift_message(texts.get(head[1])), *back)
    return ItemView(*columns)


def _package(row: tuple[Any, ...]) -> PackageView:
    *head, lines, events, versions = row
    columns: tuple[Any, ...] = (
        *head,
        tuple((number, quantity) for number, quantity in decode_json(lines) or ()),
        tuple(ParcelEventView(kind, _at(at), where) for kind, at, where in decode_json(events) or ()),
        tuple(VersionView(n, _at(at), by, facts) for n, at, by, facts in decode_json(versions) or ()),
    )
    return PackageView(*columns)


def _at(text: str) -> datetime:
    moment = instant(text)
    if moment is None:
        raise ValueError("a moment is missing")
    return moment


def _deadline(row: tuple[Any, ...]) -> DeadlineView:
    kind, due_at, policy_key, value, *rest = row
    return DeadlineView(kind, due_at, policy_key, decode_json(value), *rest)


def _entry(row: tuple[Any, ...]) -> JournalView:
    *head, facts = row
    columns: tuple[Any, ...] = (*head, decode_json(facts))
    return JournalView(*columns)
