"""Claims of an order as its buyer sees them: their states, the money that they gave, the buyer's own words and the
marketplace's decision. What seller and marketplace say to each other, and who bears the money, is not the buyer's.

The callers have made sure that the order is the buyer's own.
"""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain.claim_facts import ClaimFacts, ClaimKind, ClaimState
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.refunds import RefundTerms, settle_window
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.models.terms import calendars, policy_book
from sellerdesk.queries.claims import claims_of_order


@dataclass(frozen=True, slots=True)
class PortalClaim:
    """A claim. `place` numbers the order's claims from 1 on. `paid`: minor units that it gave the buyer.

    `settles`: the days on which that money should be there; None when it gave none. `answer_by`: of the seller.
    """

    place: int
    reference: str
    kind: ClaimKind
    state: ClaimState
    currency: str
    amount: int
    paid: int
    filed_at: datetime
    decided_at: datetime | None
    answer_by: datetime | None
    settles: tuple[datetime, datetime] | None
    words: str
    decision: str
    version: int


_TEXTS = """
SELECT t.claim_id, t.kind, t.text FROM claim_texts t
  JOIN claims c ON c.seller_id = t.seller_id AND c.id = t.claim_id
  JOIN orders o ON o.seller_id = c.seller_id AND o.id = c.order_id
 WHERE o.seller_id = %s AND o.order_number = %s AND t.kind IN ('filed', 'decision') ORDER BY t.id"""


def portal_claims(seller_id: int, order_number: str) -> tuple[PortalClaim, ...]:
    """All claims of an order, oldest first."""
    claims = claims_of_order(seller_id, order_number)
    if not claims:
        return ()
    with scoped(seller_id):
        texts = {(claim, kind): text for claim, kind, text in rows(_TEXTS, [seller_id, order_number])}
        return tuple(
            PortalClaim(
                place,
                one.reference,
                one.kind,
                one.state,
                one.currency,
                one.amount,
                one.paid,
                one.filed_at,
                one.decided_at,
                one.due_at if one.state is ClaimState.ACTION_REQUIRED else None,
                _settles(one),
                texts.get((one.id, "filed"), ""),
                texts.get((one.id, "decision"), ""),
                one.version,
            )
            for place, one in enumerate(claims, 1)
        )


def _settles(claim: ClaimFacts) -> tuple[datetime, datetime] | None:
    if claim.decided_at is None or not claim.paid:
        return None
    place, day = claim.marketplace_id, by_id(claim.marketplace_id).day(claim.decided_at)
    terms = RefundTerms.of(policy_book({place}), place, day)
    return settle_window(claim.decided_at, terms, calendars({place}, day)[place])
