"""Refunds that the marketplace makes of a return by itself: what a rule leaves with the buyer, what its own label's
first scan promises, what a seller did not refund in time (rulebook 2.7, 2.8, 3.4; C8).
"""

from sellerdesk.domain.refund_decisions import Deciding, refund
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundDecision, RefundFacts, RefundRequest
from sellerdesk.domain.refusals import Refusal
from sellerdesk.domain.return_facts import ReturnFacts
from sellerdesk.domain.return_ways import Label

FIRST_SCAN = "refund at first scan"  # who acts, in the journal


def owed(known: ReturnFacts, *, received_only: bool) -> dict[str, int]:
    """Units of a return that nobody has refunded, by item number: all that were asked for, or those that came."""
    units = {
        line.item_number: (line.received if received_only else line.quantity) - line.refunded
        for line in known.lines
    }
    return {number: n for number, n in units.items() if n > 0}


def by_marketplace(
    facts: RefundFacts, known: ReturnFacts, mode: Mode, how: Deciding, *, received_only: bool = False
) -> RefundDecision | None:
    """The refund of what a return is owed, its share of the outbound shipping included; None when nothing is left.

    `how.party` is the marketplace or the clock, so it goes at once and needs nobody's yes.
    """
    units = owed(known, received_only=received_only)
    items = {item.item_number: item for item in facts.order.items}
    spare = {
        number: min(n, items[number].shipped - facts.refunded_units.get(items[number].id, 0))
        for number, n in units.items()
    }
    lines = tuple(LineRefund(number, units=n) for number, n in spare.items() if n > 0)
    if not lines:
        return None
    request = RefundRequest(
        facts.order.order_number, RefundReason.BUYER_RETURN, mode, lines, rma=known.rma, override="policy"
    )
    try:
        return refund(facts, request, how)
    except Refusal:  # the money is gone another way: by a claim, or a bare amount
        return None


def at_first_scan(
    facts: RefundFacts, known: ReturnFacts, refund_by: str, how: Deciding
) -> RefundDecision | None:
    """The refund when the platform's own label is first scanned; not where anything was refunded in part before, and
    not where the policy leaves it to the seller (`refund_by`).
    """
    touched = known.partial_at is not None or any(line.refunded for line in known.lines)
    if touched or refund_by != "marketplace" or known.label != Label.PREPAID:
        return None
    return by_marketplace(facts, known, Mode.ADVANCE, how)
