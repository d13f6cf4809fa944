"""Returns as rows of a spreadsheet: one row a line of a request, times in UTC, and no cell a program would run."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.money import Money
from sellerdesk.domain.refunds import RefundState
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.looks import when
from sellerdesk.queries.returns_list import ReturnView

COLUMNS = (
    lazy("RMA"),
    lazy("Order"),
    lazy("Marketplace"),
    lazy("State"),
    lazy("Requested"),
    lazy("In policy until"),
    lazy("In policy"),
    lazy("Return reason"),
    lazy("Buyer comment"),
    lazy("SKU"),
    lazy("Product"),
    lazy("Units asked"),
    lazy("Units received"),
    lazy("Condition"),
    lazy("Tracking ID"),
    lazy("A-to-z claim"),
    lazy("Refunded"),
    lazy("Currency"),
    lazy("Closing reason"),
)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GONE = (RefundState.RELEASED, RefundState.SETTLED)


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it."""
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text


def cells(one: ReturnView, desk: Desk) -> Iterator[list[str]]:
    """The rows of a request. Amounts only for who may see money."""
    refunded = sum(refund.total for refund in one.refunds if refund.state in _GONE)
    amount = Money(one.currency, refunded).text() if desk.may(Permission.MONEY_READ) else ""
    for line in one.lines:
        yield [
            plain(text)
            for text in (
                one.rma,
                one.order_number,
                by_id(one.marketplace_id).label,
                one.state.value,
                when.iso(one.requested_at),
                when.iso(one.window_ends_at) if one.window_ends_at else "",
                "yes" if one.in_policy else "no",
                one.reason.value,
                one.comment,
                line.sku,
                line.title,
                str(line.quantity),
                str(line.received),
                line.grade,
                one.tracking,
                "yes" if one.with_claim else "no",
                amount,
                one.currency,
                one.close_reason,
            )
        ]
