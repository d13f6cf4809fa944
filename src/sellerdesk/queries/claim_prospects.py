"""What lies ahead of a claim, by the rules that the commands ask, and what the record says for the seller; and what a
list of claims says besides the claims themselves.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain import claims as rules
from sellerdesk.domain.claim_facts import OPEN, ClaimFacts, ClaimState
from sellerdesk.domain.claim_proof import ParcelRecord, Record, ReturnRecord
from sellerdesk.domain.claims import APPEAL_LENGTH_LEAST, ClaimHow, ClaimStep, ClaimTerms, Grant
from sellerdesk.domain.refunds import RefundState
from sellerdesk.domain.refusals import Refusal
from sellerdesk.models.claim_facts import ClaimWorld
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.claims import ClaimDetail
from sellerdesk.queries.order_detail import JournalView
from sellerdesk.queries.return_photos import photos_of

EXCERPT = 200  # characters of the buyer's words in a list
_SAMPLE = "x" * APPEAL_LENGTH_LEAST
_PAID_BACK = frozenset({RefundState.PENDING, RefundState.RELEASED, RefundState.SETTLED})


@dataclass(frozen=True, slots=True)
class Prospects:
    """What can be done with a claim now, and what happens otherwise.

    `verb`: the seller's step that is possible ("answer", "appeal", "answer_appeal"), "" for none; `leads_to` its
    state. `silence`: what not answering grants, `loses_appeal` that it ends the appeal. `may_refund`: a refund of
    `left`, minor units, settles the claim.
    """

    verb: str = ""
    leads_to: ClaimState | None = None
    silence: Grant | None = None
    loses_appeal: bool = False
    may_refund: bool = False
    left: int = 0


_STEPS = {"answer": rules.answer, "appeal": rules.appeal, "answer_appeal": rules.answer_appeal}


def prospects(seller_id: int, claim: ClaimFacts, *, now: datetime) -> Prospects:
    """What lies ahead of a claim; nothing is locked or written."""
    with scoped(seller_id):
        world = ClaimWorld.read(seller_id, [claim.order_number], now)
    how = world.how(world.known[claim.order_number])
    left = max(0, sum(one.left for one in how.money))
    verb, leads_to = _possible(claim, how)
    asked = claim.state is ClaimState.ACTION_REQUIRED
    return Prospects(
        verb,
        leads_to,
        rules.expire(claim, how).grant if asked else None,
        claim.state is ClaimState.APPEAL_INFO_REQUIRED,
        claim.state in OPEN and left > 0,
        left,
    )


def claim_terms(seller_id: int, claim: ClaimFacts, *, now: datetime) -> ClaimTerms:
    """The policies that a claim is judged by at this moment."""
    with scoped(seller_id):
        world = ClaimWorld.read(seller_id, [claim.order_number], now)
    return world.how(world.known[claim.order_number]).terms


def _possible(claim: ClaimFacts, how: ClaimHow) -> tuple[str, ClaimState | None]:
    step = ClaimStep(claim.order_number, claim.reference, _SAMPLE)
    for verb, rule in _STEPS.items():
        try:
            return verb, rule(claim, step, how).state
        except Refusal:
            continue
    return "", None


def record_of(found: ClaimDetail, *, seller_id: int) -> Record:
    """What the record says about a claimed order."""
    order = found.order
    parcels = tuple(
        ParcelRecord(one.tracking, frozenset(event.kind for event in one.events), one.delivered_at)
        for one in order.packages
        if one.status != "CANCELLED"
    )
    returns = tuple(
        ReturnRecord(
            one.authorized_at is not None,
            one.received_at is not None,
            bool(one.lines) and all(grade for _, _, received, grade in one.lines if received),
            len(photos_of(seller_id, one.rma)),
        )
        for one in found.returns
    )
    unanswered, missed = _letters(order.journal)
    refunded = sum(one.total for one in found.refunds if one.state in _PAID_BACK)
    return Record(
        order.confirmed_at is not None, bool(order.is_late), parcels, unanswered, missed, returns, refunded
    )


def _letters(journal: Collection[JournalView]) -> tuple[int, int]:
    """How many of the buyer's messages wait, and how many were answered too late; the journal keeps no texts."""
    waiting = missed = 0
    for entry in journal:
        match entry.kind:
            case "message_received":
                waiting += 1
            case "message_sent" | "message_no_response_needed":
                waiting = 0
            case "message_answer_missed":
                missed += 1
    return waiting, missed


@dataclass(frozen=True, slots=True)
class ClaimExtra:
    """What a list says besides: the buyer's words cut short, the latest return, what went back already."""

    buyer: str = ""  # personal
    words: str = ""  # personal
    rma: str = ""
    return_state: str = ""
    refunded: int = 0  # with the buyer or on its way there, minor units
    held: int = 0  # can still be called back


_EXTRAS = """
SELECT c.id,
       (SELECT b.name FROM buyer_contacts b WHERE b.seller_id = c.seller_id AND b.order_id = c.order_id LIMIT 1),
       (SELECT left(t.text, %(excerpt)s::int) FROM claim_texts t
         WHERE t.seller_id = c.seller_id AND t.claim_id = c.id AND t.kind = 'filed' ORDER BY t.id LIMIT 1),
       r.rma, r.state,
       (SELECT sum(f.total) FILTER (WHERE f.state IN ('RELEASED', 'SETTLED')) FROM refunds f
         WHERE f.seller_id = c.seller_id AND f.order_id = c.order_id),
       (SELECT sum(f.total) FILTER (WHERE f.state = 'PENDING') FROM refunds f
         WHERE f.seller_id = c.seller_id AND f.order_id = c.order_id)
  FROM claims c
  LEFT JOIN LATERAL (SELECT q.rma, q.state FROM return_requests q
                      WHERE q.seller_id = c.seller_id AND q.order_id = c.order_id ORDER BY q.id DESC LIMIT 1) r ON true
 WHERE c.seller_id = %(seller)s AND c.id = ANY(ARRAY(SELECT unnest(%(claims)s::bigint[])))"""


def claim_extras(seller_id: int, claim_ids: Collection[int], *, personal: bool) -> dict[int, ClaimExtra]:
    """What a list says of its claims, by claim id. `personal`: with the buyer's name and words."""
    if not claim_ids:
        return {}
    given = {"seller": seller_id, "claims": list(claim_ids), "excerpt": EXCERPT}
    with scoped(seller_id):
        found = rows(_EXTRAS, given)
    return {
        claim: ClaimExtra(
            (buyer or "") if personal else "",
            (words or "") if personal else "",
            rma or "",
            state or "",
            int(refunded or 0),
            int(held or 0),
        )
        for claim, buyer, words, rma, state, refunded, held in found
    }
