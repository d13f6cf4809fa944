"""Returns as the terminal shows them: tables for people, plain values for programs. Nothing in them is the buyer's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.table import Table

from sellerdesk.domain import marketplaces
from sellerdesk.domain.money import Money
from sellerdesk.interfaces.cli.asking import add_row
from sellerdesk.queries.api_returns import ReturnHead, ReturnView
from sellerdesk.wire import times

_PERSONAL = ("comment", "close_comment", "instructions")
_MINUTES = "%Y-%m-%d %H:%M"


def listed(view: ReturnView) -> dict[str, Any]:
    """One return of the list for programs. Times are RFC 3339 in UTC."""
    said: dict[str, Any] = as_text(asdict(view.head))
    return {name: value for name, value in said.items() if name not in _PERSONAL}


def shown(view: ReturnView) -> dict[str, Any]:
    """One return for programs, with lines, refunds and what is due; amounts are decimal text."""
    currency = view.head.currency
    return listed(view) | {
        "address": view.address,
        "lines": [asdict(line) for line in view.lines],
        "refunds": [asdict(one) | {"total": Money(currency, one.total).text()} for one in view.refunds],
        "due": as_text(view.dues),
    }


def list_table(views: Sequence[ReturnView]) -> Table:
    """The list for people. Times are UTC."""
    table = Table("Return", "Order", "Asked (UTC)", "On", "State", "Reason", "Units", "Claim", "Due (UTC)")
    for view in views:
        head = view.head
        add_row(
            table,
            head.rma,
            head.order_number,
            _minute(head.requested_at),
            _place(head.marketplace_id),
            _state(head),
            head.reason,
            str(sum(line.quantity for line in view.lines)),
            "claim" if head.with_claim else "",
            _minute(min((at for at in view.dues.values() if at), default=None)),
        )
    return table


def show_tables(view: ReturnView) -> Iterator[Table]:
    """The return for people: itself, its lines, its refunds, what is due. Times are UTC."""
    head = view.head
    about = Table("", "", title=f"Return {head.rma}", show_header=False)
    said = {
        "Order": head.order_number,
        "State": _state(head),
        "Reason": head.reason,
        "Asked (UTC)": _minute(head.requested_at),
        "Policy": f"{head.verdict}, until {_minute(head.window_ends_at)}"
        if head.window_ends_at
        else head.verdict,
        "Way back paid by": head.payer,
        "Label": " ".join(word for word in (head.label, head.carrier, head.tracking) if word),
        "Closed because": head.close_reason,
    }
    for name, value in said.items():
        if value:
            add_row(about, name, value)
    yield about
    lines = Table("Item", "SKU", "Title", "Units", "Received", "Grade", "Refunded", title="Lines")
    for line in view.lines:
        counts = (str(line.quantity), str(line.received), line.grade, str(line.refunded))
        add_row(lines, line.item_number, line.sku, line.title, *counts)
    yield lines
    refunds = Table("Refund", "State", "Total", title="Refunds")
    for one in view.refunds:
        add_row(
            refunds, one.reference, one.state, f"{Money(head.currency, one.total).text()} {head.currency}"
        )
    if refunds.row_count:
        yield refunds
    dues = Table("What", "Until (UTC)", title="Due")
    for kind, at in view.dues.items():
        add_row(dues, kind, _minute(at))
    if dues.row_count:
        yield dues


def as_text(value: Any) -> Any:
    """The value with moments as text, all the way down."""
    if isinstance(value, datetime):
        return times.render(value)
    if isinstance(value, Mapping):
        return {key: as_text(one) for key, one in value.items()}
    return [as_text(one) for one in value] if isinstance(value, list | tuple) else value


def _state(head: ReturnHead) -> str:
    words = (
        head.state,
        "buyer keeps it" if head.returnless else "",
        "" if head.in_policy else "out of policy",
    )
    return ", ".join(word for word in words if word)


def _minute(moment: datetime | None) -> str:
    return moment.strftime(_MINUTES) if moment else ""


def _place(marketplace_id: str) -> str:
    known = marketplaces.MARKETPLACES.get(marketplace_id)
    return known.label if known else marketplace_id
