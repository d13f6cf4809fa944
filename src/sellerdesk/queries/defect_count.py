"""How many orders have a defect, and what one claim changes about that; the count alone (rulebook 2.6; T09).

The cohort is that of the cancellation rate: the seller-fulfilled orders of a marketplace placed in the window. What is
a defect, and that an order counts once, is said by `domain.defects`.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sellerdesk.domain.claim_facts import ClaimFacts, ClaimKind, ClaimState
from sellerdesk.domain.defects import Records, defects
from sellerdesk.domain.feedback import (
    NEGATIVE_UP_TO,
    ChargebackFacts,
    ChargebackKind,
    ChargebackOutcome,
    FeedbackFacts,
)
from sellerdesk.domain.orders import Channel
from sellerdesk.models.rates import placed_orders
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.models.terms import policy_book
from sellerdesk.queries.order_detail import OrderDetail


@dataclass(frozen=True, slots=True)
class DefectCount:
    """Orders of the last `days`, and how many of them have a defect: `now`, and with and without one claim's.

    `target`: basis points that the rate must stay below. `covers`: whether the claimed order is one of `orders`.
    """

    days: int
    target: int
    orders: int
    now: int
    with_it: int
    without_it: int
    covers: bool


# Nobody rates, claims or charges back before the order was placed, so that older records cannot be about the window.
_FEEDBACK = """
SELECT f.order_id, f.rating FROM feedback f JOIN orders o ON o.seller_id = f.seller_id AND o.id = f.order_id
 WHERE f.seller_id = %(seller)s AND f.rating <= %(most)s AND f.removed_at IS NULL AND f.at > %(since)s AND {window}"""
_CLAIMS = """
SELECT c.id, c.reference, c.kind, c.state, c.amount, c.filed_at, c.order_id
  FROM claims c JOIN orders o ON o.seller_id = c.seller_id AND o.id = c.order_id
 WHERE c.seller_id = %(seller)s AND c.defect AND c.filed_at > %(since)s AND {window}"""
_CHARGEBACKS = """
SELECT b.order_id, b.reference, b.kind, b.outcome
  FROM chargebacks b JOIN orders o ON o.seller_id = b.seller_id AND o.id = b.order_id
 WHERE b.seller_id = %(seller)s AND {window}"""
_WINDOW = """o.marketplace_id = %(place)s AND o.channel = 'MFN' AND o.placed_at > %(since)s
   AND o.placed_at <= %(at)s"""


def defect_count(seller_id: int, claim: ClaimFacts, order: OrderDetail, *, at: datetime) -> DefectCount:
    """The count at a moment, by the policies of that UTC day, with what the claim changes."""
    day = at.astimezone(UTC).date()
    place = claim.marketplace_id
    with scoped(seller_id):
        book = policy_book([place])
        days = int(book.value(place, "odr_window_days", day))
        since = at - timedelta(days=days)
        records = _records(seller_id, place, since, at)
        orders = placed_orders(seller_id, place, at, days)
    others = replace(records, claims=tuple(one for one in records.claims if one.id != claim.id))
    without = defects(others).keys()
    covers = order.channel is Channel.MFN and since < order.placed_at <= at
    return DefectCount(
        days,
        int(book.value(place, "odr_target", day)),
        orders,
        len(defects(records)),
        len(without | {order.id}) if covers else len(without),
        len(without),
        covers,
    )


def _records(seller_id: int, place: str, since: datetime, at: datetime) -> Records:
    given = {"seller": seller_id, "place": place, "since": since, "at": at}
    rated = rows(_FEEDBACK.format(window=_WINDOW), given | {"most": NEGATIVE_UP_TO})
    feedback = [FeedbackFacts(*row) for row in rated]
    claims = [
        ClaimFacts(
            id_, reference, ClaimKind(kind), ClaimState(state), amount, filed, order_id=order, defect=True
        )
        for id_, reference, kind, state, amount, filed, order in rows(_CLAIMS.format(window=_WINDOW), given)
    ]
    chargebacks = [
        ChargebackFacts(
            order, reference, ChargebackKind(kind), ChargebackOutcome(outcome) if outcome else None
        )
        for order, reference, kind, outcome in rows(_CHARGEBACKS.format(window=_WINDOW), given)
    ]
    return Records(tuple(feedback), tuple(claims), tuple(chargebacks))
