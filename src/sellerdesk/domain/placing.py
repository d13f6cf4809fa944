"""Taking an order in: what a placed order must say, and what an imported document may change (rulebook 2.2, 3.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sellerdesk.domain import marketplaces
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.lengths import check_lengths
from sellerdesk.domain.orders import Component, ItemDocument, OrderDocument, Status
from sellerdesk.domain.quantities import Line, derive_status
from sellerdesk.domain.refusals import Code, Refusal, refuse

_ORDER_NUMBER = re.compile(r"[0-9]{3}-[0-9]{7}-[0-9]{7}\Z")
_DISCOUNTS = frozenset(component for component in Component if "discount" in component.value)
_UNITS_MOST = 1_000_000
_AMOUNT_MOST = 10**15
# Clocks of two machines differ; an order "from the future" beyond this is a mistake in the document.
_CLOCK_TOLERANCE = timedelta(minutes=5)
# Statuses that say something else than quantities do (rulebook 2.1); a platform's document may state them.
_STATED = frozenset(
    {Status.INVOICE_UNCONFIRMED, Status.UNFULFILLABLE, Status.PENDING, Status.PENDING_AVAILABILITY}
)


def order_total(document: OrderDocument) -> int:
    """The sum of all components of all items, minor units."""
    return sum(amount for item in document.items or () for amount in item.amounts.values())


def check_placed(document: OrderDocument, *, participates: bool, now: datetime) -> OrderDocument:
    """Check an order that a storefront places, and complete it: total, sales channel, status Pending.

    Raises Refusal UNKNOWN_MARKETPLACE, NOT_PARTICIPATING, INVALID_VALUE, MISSING_VALUE, CURRENCY_MISMATCH,
    TOTAL_MISMATCH, each naming the place.
    """
    check_document(document, participates=participates, now=now)
    place = marketplaces.by_id(document.marketplace_id)
    if document.currency != place.currency:
        raise refuse(
            Code.CURRENCY_MISMATCH, place="currency", currency=document.currency, expected=place.currency
        )
    if not document.items:
        raise refuse(Code.MISSING_VALUE, place="items")
    total = order_total(document)
    if document.total is not None and document.total != total:
        raise refuse(Code.TOTAL_MISMATCH, place="total", value=document.total, expected=total)
    status = Status.PENDING_AVAILABILITY if document.order_type == "Preorder" else Status.PENDING
    return replace(
        document,
        total=total,
        status=status,
        sales_channel=document.sales_channel or place.name,
        updated_at=now,
        pending_reason=document.pending_reason or "PAYMENT_NOT_AUTHORIZED",
    )


def check_document(document: OrderDocument, *, participates: bool, now: datetime) -> None:
    """What holds for every order that comes in, placed or imported. Raises Refusal as `check_placed`."""
    if not document.marketplace_id:
        raise refuse(Code.MISSING_VALUE, place="marketplace_id")
    marketplaces.by_id(document.marketplace_id)
    if not participates:
        raise refuse(Code.NOT_PARTICIPATING, marketplace_id=document.marketplace_id)
    check_lengths(document)
    if document.order_number and not _ORDER_NUMBER.match(document.order_number):
        raise refuse(
            Code.INVALID_VALUE,
            place="order_number",
            value=document.order_number[:40],
            expected="3-7-7 digits",
        )
    if document.placed_at > now + _CLOCK_TOLERANCE:
        raise refuse(
            Code.INVALID_VALUE,
            place="placed_at",
            value=document.placed_at.isoformat(),
            expected="not later than now",
        )
    seen: set[str] = set()
    for index, item in enumerate(document.items or (), 1):
        check_item(item, place=f"item {item.item_number or index}")
        if item.item_number and item.item_number in seen:
            raise refuse(Code.DUPLICATE_REQUEST, place=f"item {item.item_number}")
        seen.add(item.item_number)


def check_item(item: ItemDocument, *, place: str) -> None:
    """Quantities are possible and amounts have the right sign. Raises Refusal MISSING_VALUE, INVALID_VALUE."""
    if not item.sku and not item.asin:
        raise refuse(Code.MISSING_VALUE, place=f"{place}: sku")
    # Amazon keeps lines of cancelled orders with a quantity of zero, so zero is possible in what is imported.
    if not 0 <= item.ordered <= _UNITS_MOST:
        raise refuse(
            Code.INVALID_VALUE, place=f"{place}: quantity ordered", value=item.ordered, expected="0 or more"
        )
    if min(item.shipped, item.cancelled) < 0 or item.shipped + item.cancelled > item.ordered:
        raise refuse(
            Code.INVALID_VALUE,
            place=f"{place}: quantity shipped",
            value=item.shipped,
            expected=f"0 to {item.ordered - max(item.cancelled, 0)}",
        )
    for component, amount in item.amounts.items():
        wrong_sign = amount > 0 if component in _DISCOUNTS else amount < 0
        if wrong_sign or abs(amount) > _AMOUNT_MOST:
            raise refuse(
                Code.INVALID_VALUE,
                place=f"{place}: {component.value}",
                value=amount,
                expected="a possible amount",
            )


def settled_status(document: OrderDocument) -> Status:
    """The status an imported document leads to: derived from its items; what it states where they cannot tell.

    Raises Refusal INVALID_VALUE when the stated status contradicts the quantities.
    """
    if document.items is None or not document.items:
        return document.status
    lines = [Line(item.ordered, item.shipped, item.cancelled) for item in document.items]
    if not any(line.ordered for line in lines):
        return document.status
    if document.status is Status.CANCELED and not any(line.shipped for line in lines):
        return Status.CANCELED
    waiting = document.status if document.status in (Status.PENDING, Status.PENDING_AVAILABILITY) else None
    derived = derive_status(lines, waiting)
    if derived is document.status:
        return derived
    if document.status in _STATED and derived in (Status.SHIPPED, Status.UNSHIPPED, Status.CANCELED):
        return document.status
    raise refuse(Code.INVALID_VALUE, place="status", value=document.status.value, expected=derived.value)


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """What we hold of an order that a document speaks of."""

    facts: OrderFacts
    source: str
    upstream_updated_at: datetime | None
    upstream_digest: str


def weigh(document: OrderDocument, digest: str, known: KnownOrder | None) -> str:
    """Whether a document is news: "import", "update" or "unchanged" (I19).

    Raises Refusal OUTDATED for an older document than the one we hold, ORDER_EXISTS for the same moment with other
    content, or for an order that was placed here and never came from a platform.
    """
    if known is None:
        return "import"
    if known.upstream_digest == digest:
        return "unchanged"
    number, ours, theirs = document.order_number, known.upstream_updated_at, document.updated_at
    if known.source == "native" or ours is None:
        raise refuse(Code.ORDER_EXISTS, order_number=number, differs="source")
    if known.facts.marketplace_id != document.marketplace_id:
        raise refuse(Code.ORDER_EXISTS, order_number=number, differs="marketplace")
    if theirs is not None and theirs < ours:
        raise refuse(Code.OUTDATED, order_number=number, ours=ours.isoformat(), theirs=theirs.isoformat())
    completes = not known.facts.items_known and document.items is not None
    if (theirs is not None and theirs > ours) or completes:
        return "update"
    raise refuse(Code.ORDER_EXISTS, order_number=number, differs="content")


def merge_progress(document: OrderDocument, facts: OrderFacts) -> OrderDocument:
    """Carry our own progress into a newer document: units shipped here stay shipped (I03, I04). When an order was
    placed and who ships it, the first document has settled.

    Raises Refusal ORDER_EXISTS when the two cannot both be true (they cancelled what we shipped, or ordered less).
    """
    document = replace(document, placed_at=facts.placed_at, channel=facts.channel)
    if document.items is None:
        return document
    ours: Mapping[str, Any] = {item.item_number: item for item in facts.items}
    items = []
    for item in document.items:
        mine = ours.get(item.item_number)
        if mine is None:
            items.append(item)
            continue
        shipped, cancelled = max(item.shipped, mine.shipped), max(item.cancelled, mine.cancelled)
        if shipped + cancelled > item.ordered:
            raise refuse(
                Code.ORDER_EXISTS, order_number=document.order_number, differs=f"item {item.item_number}"
            )
        items.append(replace(item, shipped=shipped, cancelled=cancelled))
    merged = replace(document, items=tuple(items))
    return replace(merged, status=_progressed(merged))


def _progressed(document: OrderDocument) -> Status:
    try:
        return settled_status(document)
    except Refusal:
        # Our own progress went further than their document knows: the quantities speak.
        return derive_status(
            [Line(item.ordered, item.shipped, item.cancelled) for item in document.items or ()], None
        )
