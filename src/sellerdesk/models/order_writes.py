"""Writing whole orders by set: heads, items, charges, contacts, addresses, parcels, deadlines, movements, journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.deadlines import Due
from sellerdesk.domain.identifiers import tracking_key
from sellerdesk.domain.money import share
from sellerdesk.domain.orders import OPEN, Address, Buyer, ItemDocument, OrderDocument, PackageDocument
from sellerdesk.models import journal_writes
from sellerdesk.models.sql import record_set, rows

_HEAD = [
    "order_number",
    "marketplace_id",
    "seller_order_id",
    "channel",
    "order_type",
    "sales_channel",
    "status",
    "payment_state",
    "pending_reason",
    "source",
    "placed_at",
    "ready_at",
    "updated_at",
    "earliest_ship_at",
    "latest_ship_at",
    "earliest_delivery_at",
    "latest_delivery_at",
    "confirmed_at",
    "is_late",
    "auto_cancel_at",
    "cancelled_at",
    "cancelled_by",
    "cancel_reason",
    "currency",
    "total",
    "ship_service",
    "service_category",
    "is_business",
    "is_prime",
    "items_known",
    "units_ordered",
    "units_shipped",
    "units_cancelled",
    "upstream_updated_at",
    "upstream_digest",
    "published",
]
_TYPES = {
    "placed_at": "timestamptz", "ready_at": "timestamptz", "updated_at": "timestamptz",
    "earliest_ship_at": "timestamptz", "latest_ship_at": "timestamptz", "earliest_delivery_at": "timestamptz",
    "latest_delivery_at": "timestamptz", "confirmed_at": "timestamptz", "auto_cancel_at": "timestamptz",
    "cancelled_at": "timestamptz", "upstream_updated_at": "timestamptz", "is_late": "boolean",
    "is_business": "boolean", "is_prime": "boolean", "items_known": "boolean", "total": "bigint",
    "units_ordered": "int", "units_shipped": "int", "units_cancelled": "int", "published": "jsonb",
}  # fmt: skip
_ADDRESS = [
    "name",
    "company",
    "line1",
    "line2",
    "line3",
    "city",
    "county",
    "district",
    "state",
    "municipality",
    "postal_code",
    "country",
    "phone",
    "kind",
]
# What a later document of the platform may change of the head; quantities go the way of shipments.
_REFRESHED = [
    name
    for name in _HEAD
    if name
    not in ("order_number", "placed_at", "source", "confirmed_at", "is_late", "ready_at", "updated_at")
]


def _columns(names: Sequence[str], prefix: str = "") -> str:
    return ", ".join(prefix + name for name in names)


def _typed(names: Sequence[str]) -> str:
    return ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in names)


_WRITE = f"""
WITH heads AS (
  INSERT INTO orders AS o (seller_id, version, slips_printed, {_columns(_HEAD)})
  SELECT %(seller)s, 1, 0, {_columns(_HEAD, "h.")}
    FROM jsonb_to_recordset(%(heads)s::jsonb) AS h({_typed(_HEAD)})
  ON CONFLICT (seller_id, order_number) DO UPDATE
     SET version = o.version + 1, ready_at = coalesce(o.ready_at, excluded.ready_at),
         updated_at = greatest(o.updated_at, excluded.updated_at),
         {", ".join(f"{name} = excluded.{name}" for name in _REFRESHED)}
   WHERE o.order_number = ANY(%(known)s)
  RETURNING id, order_number),
lines AS (
  INSERT INTO order_items AS i (seller_id, order_id, item_number, position, sku, asin, title, condition, is_gift,
                                ordered, shipped, cancelled, published)
  SELECT %(seller)s, h.id, l.item_number, l.position, l.sku, l.asin, l.title, l.condition, l.is_gift, l.ordered,
         l.shipped, l.cancelled, l.published
    FROM jsonb_to_recordset(%(items)s::jsonb)
           AS l(order_number text, item_number text, position int, sku text, asin text, title text, condition text,
                is_gift boolean, ordered int, shipped int, cancelled int, published jsonb)
    JOIN heads h USING (order_number)
  ON CONFLICT (seller_id, order_id, item_number) DO UPDATE
     SET sku = excluded.sku, asin = excluded.asin, title = excluded.title, condition = excluded.condition,
         is_gift = excluded.is_gift, ordered = excluded.ordered, shipped = excluded.shipped,
         cancelled = excluded.cancelled, published = excluded.published
  RETURNING id, order_id, item_number),
money AS (
  INSERT INTO charges (seller_id, item_id, component, currency, amount, charged, refunded)
  SELECT %(seller)s, i.id, c.component, c.currency, c.amount, c.charged, 0
    FROM jsonb_to_recordset(%(charges)s::jsonb)
           AS c(order_number text, item_number text, component text, currency text, amount bigint, charged bigint)
    JOIN heads h USING (order_number) JOIN lines i ON i.order_id = h.id AND i.item_number = c.item_number
  ON CONFLICT (seller_id, item_id, component) DO UPDATE SET amount = excluded.amount, charged = excluded.charged),
buyers AS (
  INSERT INTO buyer_contacts AS b (seller_id, order_id, name, email, phone, company, purchase_order, name_key,
                                   last_key, item_texts, published)
  SELECT %(seller)s, h.id, b.name, b.email, b.phone, b.company, b.purchase_order, b.name_key, b.last_key,
         b.item_texts, b.published
    FROM jsonb_to_recordset(%(buyers)s::jsonb)
           AS b(order_number text, name text, email text, phone text, company text, purchase_order text,
                name_key text, last_key text, item_texts jsonb, published jsonb)
    JOIN heads h USING (order_number)
  ON CONFLICT (seller_id, order_id) DO UPDATE
     SET name = excluded.name, email = excluded.email, phone = excluded.phone, company = excluded.company,
         purchase_order = excluded.purchase_order, name_key = excluded.name_key, last_key = excluded.last_key,
         item_texts = b.item_texts || excluded.item_texts, published = excluded.published),
addresses AS (
  INSERT INTO shipping_addresses (seller_id, order_id, published, {_columns(_ADDRESS)})
  SELECT %(seller)s, h.id, a.published, {_columns(_ADDRESS, "a.")}
    FROM jsonb_to_recordset(%(addresses)s::jsonb) AS a(order_number text, published jsonb, {_typed(_ADDRESS)})
    JOIN heads h USING (order_number)
  ON CONFLICT (seller_id, order_id) DO UPDATE
     SET published = excluded.published, {", ".join(f"{name} = excluded.{name}" for name in _ADDRESS)}),
parcels AS (
  INSERT INTO packages (seller_id, order_id, reference, version, carrier_code, carrier_name, service, tracking,
                        tracking_key, shipped_at, confirmed_at, is_late, status, detailed_status, memo, ship_from,
                        published)
  SELECT %(seller)s, h.id, p.reference, 1, p.carrier_code, p.carrier_name, p.service, p.tracking, p.tracking_key,
         p.shipped_at, p.confirmed_at, false, p.status, p.detailed_status, '', p.ship_from, p.published
    FROM jsonb_to_recordset(%(parcels)s::jsonb)
           AS p(order_number text, reference text, carrier_code text, carrier_name text, service text, tracking text,
                tracking_key text, shipped_at timestamptz, confirmed_at timestamptz, status text,
                detailed_status text, ship_from jsonb, published jsonb)
    JOIN heads h USING (order_number)
  ON CONFLICT (seller_id, order_id, reference) DO NOTHING
  RETURNING id, order_id, reference),
contents AS (
  INSERT INTO package_items (seller_id, package_id, item_id, quantity, transparency_codes)
  SELECT %(seller)s, p.id, i.id, q.quantity, q.codes
    FROM jsonb_to_recordset(%(contents)s::jsonb)
           AS q(order_number text, reference text, item_number text, quantity int, codes jsonb)
    JOIN heads h USING (order_number)
    JOIN parcels p ON p.order_id = h.id AND p.reference = q.reference
    JOIN lines i ON i.order_id = h.id AND i.item_number = q.item_number),
movements AS (
  INSERT INTO ledger_transactions (seller_id, order_id, kind, at, cause)
  SELECT %(seller)s, h.id, 'charge', %(now)s, m.cause
    FROM jsonb_to_recordset(%(movements)s::jsonb) AS m(order_number text, cause text) JOIN heads h USING (order_number)
  RETURNING id, order_id),
sides AS (
  INSERT INTO ledger_entries (seller_id, transaction_id, account, item_id, component, currency, amount)
  SELECT %(seller)s, m.id, side.account, i.id, e.component, e.currency, side.sign * e.amount
    FROM jsonb_to_recordset(%(entries)s::jsonb)
           AS e(order_number text, item_number text, component text, currency text, amount bigint)
    JOIN heads h USING (order_number)
    JOIN movements m ON m.order_id = h.id
    JOIN lines i ON i.order_id = h.id AND i.item_number = e.item_number
   CROSS JOIN (VALUES ('buyer', 1), ('seller', -1)) AS side(account, sign)),
dues AS (
  INSERT INTO deadlines AS d (seller_id, order_id, kind, due_at, policy_key, policy_value, state, was_late)
  SELECT %(seller)s, h.id, t.kind, t.due_at, t.policy_key, t.policy_value, 'open', false
    FROM jsonb_to_recordset(%(deadlines)s::jsonb)
           AS t(order_number text, kind text, due_at timestamptz, policy_key text, policy_value jsonb)
    JOIN heads h USING (order_number)
  ON CONFLICT (seller_id, order_id, kind, subject) DO UPDATE SET due_at = excluded.due_at WHERE d.state = 'open'),
entries AS (
  INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
  SELECT %(seller)s, h.id, %(now)s, j.kind, %(party)s, %(actor)s, %(door)s, %(key)s, j.facts
    FROM jsonb_to_recordset(%(journal)s::jsonb) AS j(order_number text, kind text, facts jsonb)
    JOIN heads h USING (order_number)),
closed AS (
  UPDATE deadlines d SET state = 'void', closed_at = %(now)s
    FROM heads h
   WHERE h.order_number = ANY(%(closing)s)
     AND d.seller_id = %(seller)s AND d.order_id = h.id AND d.state = 'open' AND d.kind <> 'message_answer'
     AND d.subject = 0)
SELECT order_number, id FROM heads"""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order to write: what its document says, and what the command settled."""

    document: OrderDocument
    settled: Mapping[
        str, Any
    ]  # columns that the document does not state: payment_state, ready_at, auto_cancel_at, …
    event: str
    dues: Sequence[Due] = ()
    charged_before: Mapping[tuple[str, str], int] | None = None  # (item number, component) → charged so far


def write_orders(
    actor: Actor, seller_id: int, orders: Sequence[OrderRow], known: Sequence[str], now: datetime
) -> dict[str, int]:
    """Insert orders, or refresh those whose number is `known` (and locked by the caller), and journal it.

    Answers order number → id. An order whose number somebody else took at the same moment is left out of the answer
    and nothing of it is written.
    """
    records: dict[str, list[dict[str, Any]]] = {
        name: []
        for name in [
            "heads",
            "items",
            "charges",
            "buyers",
            "addresses",
            "parcels",
            "contents",
            "movements",
            "entries",
            "deadlines",
            "journal",
        ]
    }
    for order in orders:
        _collect(records, order)
    # A refreshed order that is not open any more has no promises left to keep.
    closing = [
        one.document.order_number for one in orders if one.document.status not in OPEN and not one.dues
    ]
    head = journal_writes.params(actor, seller_id, [], now) | {"known": list(known), "closing": closing}
    written = rows(_WRITE, head | {name: record_set(some) for name, some in records.items()})
    return dict(written)


def _collect(records: dict[str, list[dict[str, Any]]], order: OrderRow) -> None:
    document = order.document
    number = document.order_number
    records["heads"].append(_head(document) | dict(order.settled))
    charged = [
        _charge(document, item, component, order)
        for item in document.items or ()
        for component in item.amounts
    ]
    for position, item in enumerate(document.items or (), 1):
        records["items"].append(_item(number, position, item))
    records["charges"] += [
        {key: value for key, value in charge.items() if key != "moved"} for charge in charged
    ]
    moved = [charge for charge in charged if charge["moved"]]
    if moved:
        units = sum(item.shipped for item in document.items or ())
        records["movements"].append({"order_number": number, "cause": f"import:{number}:{units}"})
        records["entries"] += [charge | {"amount": charge["moved"]} for charge in moved]
    if document.buyer is not None or any(item.personal for item in document.items or ()):
        records["buyers"].append(_buyer(number, document.buyer or Buyer(), document.items or ()))
    if document.address is not None:
        records["addresses"].append(_address(number, document.address))
    for package in document.packages:
        records["parcels"].append(_parcel(number, package, document))
        records["contents"] += _contents(number, package)
    records["deadlines"] += [
        {
            "order_number": number,
            "kind": due.kind.value,
            "due_at": due.due_at,
            "policy_key": due.policy_key,
            "policy_value": due.policy_value,
        }
        for due in order.dues
    ]
    records["journal"].append(
        {"order_number": number, "kind": order.event, "facts": _journal_facts(document)}
    )


def _head(document: OrderDocument) -> dict[str, Any]:
    items = document.items or ()
    known = document.items is not None
    given = {name: getattr(document, name) for name in _HEAD if hasattr(document, name)}
    return given | {
        "items_known": known,
        "units_ordered": (
            sum(item.ordered for item in items)
            if known
            else document.units_shipped + document.units_unshipped
        ),
        "units_shipped": sum(item.shipped for item in items) if known else document.units_shipped,
        "units_cancelled": sum(item.cancelled for item in items),
    }


def _item(number: str, position: int, item: ItemDocument) -> dict[str, Any]:
    names = [
        "item_number",
        "sku",
        "asin",
        "title",
        "condition",
        "is_gift",
        "ordered",
        "shipped",
        "cancelled",
        "published",
    ]
    return {name: getattr(item, name) for name in names} | {"order_number": number, "position": position}


def _charge(document: OrderDocument, item: ItemDocument, component: str, order: OrderRow) -> dict[str, Any]:
    amount = item.amounts[component]  # type: ignore[index]
    charged = share(amount, done=0, more=item.shipped, of=item.ordered) if item.ordered else 0
    before = (order.charged_before or {}).get((item.item_number, component), 0)
    return {
        "order_number": document.order_number,
        "item_number": item.item_number,
        "component": str(component),
        "currency": document.currency,
        "amount": amount,
        "charged": charged,
        "moved": charged - before,
    }


def _buyer(number: str, buyer: Buyer, items: Sequence[ItemDocument]) -> dict[str, Any]:
    key = " ".join(buyer.name.casefold().split())
    return {
        "order_number": number,
        "name": buyer.name,
        "email": buyer.email.lower(),
        "phone": buyer.phone,
        "company": buyer.company,
        "purchase_order": buyer.purchase_order,
        "name_key": key,
        "last_key": key.rpartition(" ")[2],
        "item_texts": {item.item_number: item.personal for item in items if item.personal},
        "published": buyer.published,
    }


def _address(number: str, address: Address) -> dict[str, Any]:
    fields = {name: getattr(address, name) for name in _ADDRESS}
    return fields | {"order_number": number, "published": address.published}


def _parcel(number: str, package: PackageDocument, document: OrderDocument) -> dict[str, Any]:
    names = [
        "reference",
        "carrier_code",
        "carrier_name",
        "service",
        "tracking",
        "shipped_at",
        "status",
        "detailed_status",
    ]
    return {name: getattr(package, name) for name in names} | {
        "order_number": number,
        "tracking_key": tracking_key(package.tracking),
        "confirmed_at": package.created_at or package.shipped_at or document.updated_at or document.placed_at,
        "ship_from": package.ship_from,
        "published": package.published,
    }


def _contents(number: str, package: PackageDocument) -> list[dict[str, Any]]:
    codes = package.transparency_codes
    return [
        {
            "order_number": number,
            "reference": package.reference,
            "item_number": item,
            "quantity": quantity,
            "codes": list(codes.get(item, ())),
        }
        for item, quantity in package.lines.items()
    ]


def _journal_facts(document: OrderDocument) -> dict[str, Any]:
    return {
        "status": document.status.value,
        "marketplace": document.marketplace_id,
        "channel": document.channel,
        "placed_at": document.placed_at,
        "units": sum(item.ordered for item in document.items or ()),
        "total": document.total,
        "currency": document.currency,
    }
