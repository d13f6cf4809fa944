"""Orders as the terminal shows them: tables for people, plain values for programs. Nothing in them is personal."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.table import Table

from sellerdesk.domain import marketplaces
from sellerdesk.domain.cancel_requests import State
from sellerdesk.domain.money import Money
from sellerdesk.interfaces.cli.asking import add_row
from sellerdesk.queries.api_orders import OrderHead, OrderView
from sellerdesk.queries.order_detail import ItemView, OrderDetail, PackageView
from sellerdesk.wire import times

_LISTED = (
    *("order_number", "marketplace_id", "channel", "status", "pending_reason", "placed_at", "latest_ship_at"),
    *("auto_cancel_at", "is_late", "units_ordered", "units_shipped", "units_cancelled"),
    *("cancel_requested_at", "cancelled_by", "cancel_reason", "counts_in_cr"),
)
_SHOWN = (
    *("order_number", "seller_order_id", "marketplace_id", "channel", "status", "payment_state"),
    *("pending_reason", "source", "placed_at", "ready_at", "latest_ship_at", "earliest_delivery_at"),
    *("latest_delivery_at", "confirmed_at", "is_late", "auto_cancel_at", "warned_at", "cancelled_at"),
    *(
        "cancelled_by",
        "cancel_reason",
        "counts_in_cr",
        "cancel_request",
        "ship_service",
        "is_business",
        "is_prime",
        "items_known",
    ),
    *("units_ordered", "units_shipped", "units_cancelled", "version"),
)
_ITEM = (
    "item_number",
    "sku",
    "asin",
    "title",
    "condition",
    "is_gift",
    "ordered",
    "shipped",
    "cancelled",
    "left",
)
_MINUTES = "%Y-%m-%d %H:%M"


def listed(view: OrderView) -> dict[str, Any]:
    """One order of the list for programs. Times are RFC 3339 in UTC, amounts decimal text."""
    return _named(view.head, _LISTED) | {"total": _money(view.head.total, view.head.currency)}


def shown(order: OrderDetail) -> dict[str, Any]:
    """One order for programs with items, packages, deadlines and timeline."""
    return _named(order, _SHOWN) | {
        "total": _money(order.total, order.currency),
        "received": _money(order.received, order.currency),
        "wish": _wish(order),
        "cancellations": [_plain(asdict(one)) for one in order.cancellations],
        "items": [_named(item, _ITEM) | {"total": _item_total(item, order.currency)} for item in order.items],
        "packages": [_package(package) for package in order.packages],
        "deadlines": [_plain(asdict(deadline)) for deadline in order.deadlines],
        "timeline": [
            {name: value for name, value in _plain(asdict(entry)).items() if name != "id"}
            for entry in order.journal
        ],
    }


def list_table(views: Sequence[OrderView]) -> Table:
    """The list for people. Times are UTC."""
    table = Table("Order", "Placed (UTC)", "On", "By", "Status", "Shipped", "Total", "Ship by (UTC)")
    for view in views:
        head = view.head
        add_row(
            table,
            head.order_number,
            _minute(head.placed_at),
            _place(head.marketplace_id),
            head.channel,
            _status(head, "cancellation requested" if _is_asked(view) else ""),
            f"{head.units_shipped} of {head.units_ordered - head.units_cancelled}",
            _money_text(head.total, head.currency),
            _minute(head.latest_ship_at),
        )
    return table


def _is_asked(view: OrderView) -> bool:
    """Whether the buyer's filed request to cancel is open."""
    return view.wish is not None and view.wish.state == State.REQUESTED_FORMAL


def show_tables(order: OrderDetail) -> Iterator[Table]:
    """The order for people, table after table: itself, items, packages, deadlines, timeline. Times are UTC."""
    yield _head_table(order)
    items = Table("Item", "SKU", "Title", "Ordered", "Shipped", "Cancelled", "Left", "Total", title="Items")
    for item in order.items:
        counts = (item.ordered, item.shipped, item.cancelled, item.left)
        total = _money_text(sum(charge.amount for charge in item.charges), order.currency)
        add_row(items, item.item_number, item.sku, item.title, *map(str, counts), total)
    yield items
    packages = Table(
        "Package", "Carrier", "Service", "Tracking", "Shipped (UTC)", "Status", "Items", title="Packages"
    )
    for package in order.packages:
        lines = ", ".join(f"{number}:{quantity}" for number, quantity in package.lines)
        carrier = package.carrier_name or package.carrier_code
        status = package.detailed_status or package.status
        when = _minute(package.shipped_at) + (" late" if package.is_late else "")
        add_row(packages, package.reference, carrier, package.service, package.tracking, when, status, lines)
    yield packages
    cancelled = Table(
        "When (UTC)", "By", "Reason", "Units", "In the rate", "Why", "Stock", title="Cancellations"
    )
    for one in order.cancellations:
        rate = "counts" if one.counts else "does not count"
        stock = "back" if one.restocked else "not restored"
        add_row(cancelled, _minute(one.at), one.by, one.reason, str(one.units), rate, one.why, stock)
    yield cancelled
    deadlines = Table("Deadline", "Due (UTC)", "State", "Closed (UTC)", title="Deadlines")
    for deadline in order.deadlines:
        add_row(
            deadlines, deadline.kind, _minute(deadline.due_at), deadline.state, _minute(deadline.closed_at)
        )
    yield deadlines
    timeline = Table("When (UTC)", "What", "Who", "Through", title="Timeline")
    for entry in order.journal:
        add_row(timeline, _minute(entry.at), entry.kind, entry.actor or entry.party, entry.door)
    yield timeline


def _head_table(order: OrderDetail) -> Table:
    said = {
        "Status": _status(order),
        "Marketplace": f"{_place(order.marketplace_id)}, {order.channel}",
        "Placed (UTC)": _minute(order.placed_at),
        "Ship by (UTC)": _minute(order.latest_ship_at),
        "Confirmed (UTC)": _minute(order.confirmed_at),
        "Cancelled (UTC)": _minute(order.cancelled_at),
        "Cancelled by": " ".join(word for word in (order.cancelled_by, order.cancel_reason) if word),
        "Buyer's wish": _wish_text(order),
        "Service": order.ship_service,
        "Total": _money_text(order.total, order.currency),
        "Received": _money_text(order.received, order.currency),
    }
    table = Table(title=f"Order {order.order_number}", show_header=False)
    for label, value in said.items():
        if value:
            add_row(table, label, value)
    return table


def _status(order: OrderHead | OrderDetail, wish: str = "") -> str:
    late = "late" if order.is_late else ""
    by = f"by {order.cancelled_by}" if order.cancelled_by else ""
    counts = {True: "counts", False: "does not count", None: ""}[order.counts_in_cr]
    words = (str(order.status), order.pending_reason, late, by, counts, wish)
    return ", ".join(word for word in words if word)


def _wish(order: OrderDetail) -> dict[str, Any] | None:
    """The buyer's latest wish to cancel, without their words."""
    if order.wish is None:
        return None
    said: dict[str, Any] = _plain(asdict(order.wish))
    del said["words"]
    return said


def _wish_text(order: OrderDetail) -> str:
    wish = order.wish
    return f"{wish.state}, {wish.reason}".rstrip(", ") if wish is not None and order.cancel_request else ""


def _package(package: PackageView) -> dict[str, Any]:
    said: dict[str, Any] = _plain(asdict(package))
    said["lines"] = [{"item_number": number, "quantity": units} for number, units in package.lines]
    return said


def _item_total(item: ItemView, currency: str) -> dict[str, str] | None:
    return _money(sum(charge.amount for charge in item.charges), currency) if item.charges else None


def _named(thing: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: _plain(getattr(thing, name)) for name in names}


def _plain(value: Any) -> Any:
    """The value with moments as text, all the way down."""
    if isinstance(value, datetime):
        return times.render(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _money(minor: int | None, currency: str) -> dict[str, str] | None:
    if minor is None or not currency.strip():
        return None
    return {"amount": Money(currency, minor).text(), "currency": currency}


def _money_text(minor: int | None, currency: str) -> str:
    said = _money(minor, currency)
    return f"{said['amount']} {said['currency']}" if said else ""


def _minute(moment: datetime | None) -> str:
    return moment.strftime(_MINUTES) if moment else ""


def _place(marketplace_id: str) -> str:
    known = marketplaces.MARKETPLACES.get(marketplace_id)
    return known.label if known else marketplace_id
