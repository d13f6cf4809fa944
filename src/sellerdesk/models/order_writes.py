"""Writing whole orders by set: heads, items, charges, contacts, addresses, parcels, deadlines, movements, journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.deadlines import Due
from sellerdesk.domain.identifiers import tracking_key
from sellerdesk.domain.money import share
from sellerdesk.domain.orders import (
    OPEN,
    WAITING,
    Address,
    Buyer,
    ItemDocument,
    OrderDocument,
    PackageDocument,
)
from sellerdesk.models import journal_writes
from sellerdesk.models.order_statement import ADDRESS, HEAD, WRITE
from sellerdesk.models.sql import record_set, rows


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
    # A refreshed order that is over has no promises left to keep.
    closing = [one.document.order_number for one in orders if one.document.status not in OPEN | WAITING]
    head = journal_writes.params(actor, seller_id, [], now) | {"known": list(known), "closing": closing}
    written = rows(WRITE, head | {name: record_set(some) for name, some in records.items()})
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
    given = {name: getattr(document, name) for name in HEAD if hasattr(document, name)}
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
    fields = {name: getattr(address, name) for name in ADDRESS}
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
