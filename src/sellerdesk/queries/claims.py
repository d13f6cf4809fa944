"""Claims for pages and programs: lists by tab and keyset, one claim with all that bears on it, what a buyer may file.

Texts are personal: they are left out unless the reader may see buyers' data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sellerdesk.domain import claims as rules
from sellerdesk.domain.claim_facts import ClaimFacts, ClaimKind, ClaimState, TextKind
from sellerdesk.domain.claim_filing import Option, options
from sellerdesk.domain.claims import AppealVerdict, ClaimVerdict, Stepped
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.claim_facts import ClaimWorld, claims_by_reference, filing_facts
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.order_detail import OrderDetail, order_detail

COUNTED_TABS = 9_999  # a tab's count stops one above it
OPERATOR_LIST = 200  # of all sellers' claims, the oldest that wait


class Tab(StrEnum):
    """The tabs of the claims page (screens 1.12)."""

    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"
    APPEAL = "appeal"  # granted, and there is still time to appeal
    CLOSED = "closed"
    ALL = "all"


_TABS: dict[Tab, str] = {
    Tab.ACTION_REQUIRED: "c.state IN ('ACTION_REQUIRED', 'APPEAL_INFO_REQUIRED')",
    Tab.UNDER_REVIEW: "c.state IN ('FILED', 'UNDER_REVIEW', 'APPEALED')",
    Tab.APPEAL: "c.state = 'GRANTED' AND c.appeal_until > %(now)s",
    Tab.CLOSED: (
        "(c.state IN ('DENIED', 'WITHDRAWN', 'REFUNDED_BY_SELLER', 'REVERSED', 'APPEAL_DENIED')"
        " OR c.state = 'GRANTED' AND (c.appeal_until IS NULL OR c.appeal_until <= %(now)s))"
    ),
    Tab.ALL: "true",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the claim with this key and id."""

    key: datetime
    id: int


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim in a list. `due_at`: of the seller's answer. Amounts in minor units."""

    id: int
    reference: str
    order_number: str
    marketplace_id: str
    kind: ClaimKind
    state: ClaimState
    amount: int
    currency: str
    filed_at: datetime
    due_at: datetime | None
    appeal_until: datetime | None
    cause: str
    paid: int
    debited: int
    defect: bool
    money_reversed: bool
    defect_reversed: bool
    seller_id: int
    seller_name: str


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """A page of claims, how many there are by tab (at most COUNTED_TABS + 1), and where the next page begins."""

    lines: tuple[ClaimLine, ...]
    counts: dict[Tab, int]
    older: Place | None


_COLUMNS = """c.id, c.reference, o.order_number, c.marketplace_id, c.kind, c.state, c.amount, c.currency, c.filed_at,
       c.due_at, c.appeal_until, c.cause, c.paid, c.debited, c.defect, c.money_reversed, c.defect_reversed,
       c.seller_id, s.name"""

_PAGE = f"""
SELECT {_COLUMNS}
  FROM (SELECT * FROM claims c WHERE c.seller_id = %(seller)s AND {{where}} ORDER BY {{order}} LIMIT %(limit)s::int) c
  JOIN orders o ON o.seller_id = c.seller_id AND o.id = c.order_id
  JOIN sellers s ON s.id = c.seller_id
 ORDER BY {{order}}"""

_PLACES = " AND c.marketplace_id = ANY(ARRAY(SELECT unnest(%(places)s::text[])))"


def claims_page(
    seller_id: int,
    tab: Tab,
    *,
    now: datetime,
    marketplace_ids: Sequence[str] = (),
    after: Place | None = None,
    size: int = 50,
) -> ClaimsPage:
    """Claims of one tab: those to act on by when they fall due, the others newest first."""
    waits = tab is Tab.ACTION_REQUIRED
    key, order, sign = (
        ("due_at", "c.due_at, c.id", ">") if waits else ("filed_at", "c.filed_at DESC, c.id DESC", "<")
    )
    where = _TABS[tab] + (_PLACES if marketplace_ids else "")
    if after:
        where += f" AND (c.{key}, c.id) {sign} (%(key)s, %(id)s)"
    given = {
        "seller": seller_id,
        "now": now,
        "places": list(marketplace_ids),
        "limit": size + 1,
        "key": after.key if after else None,
        "id": after.id if after else None,
        "most": COUNTED_TABS + 1,
    }
    with scoped(seller_id):
        found = rows(_PAGE.format(where=where, order=order), given)
        counts = _counts(given, marketplace_ids)
    lines = tuple(_line(row) for row in found[:size])
    older = None
    if len(found) > size:
        older = Place((lines[-1].due_at if waits else None) or lines[-1].filed_at, lines[-1].id)
    return ClaimsPage(lines, counts, older)


def _counts(given: dict[str, Any], places: Sequence[str]) -> dict[Tab, int]:
    one = "(SELECT count(*) FROM (SELECT 1 FROM claims c WHERE c.seller_id = %(seller)s AND {} LIMIT %(most)s::int) x)"
    more = _PLACES if places else ""
    asked = ", ".join(one.format(condition + more) for condition in _TABS.values())
    return dict(zip(_TABS, rows(f"SELECT {asked}", given)[0], strict=True))


def _line(row: tuple[Any, ...]) -> ClaimLine:
    values: list[Any] = [*row[:4], ClaimKind(row[4]), ClaimState(row[5]), *row[6:]]
    return ClaimLine(*values)


_OPERATOR = f"""
SELECT {_COLUMNS}
  FROM claims c
  JOIN orders o ON o.seller_id = c.seller_id AND o.id = c.order_id
  JOIN sellers s ON s.id = c.seller_id
 WHERE {{where}} ORDER BY c.filed_at, c.id LIMIT %(limit)s::int"""


def operator_claims(tab: Tab, *, now: datetime, limit: int = OPERATOR_LIST) -> tuple[ClaimLine, ...]:
    """Claims of all sellers, the oldest first, at most `limit`. UNDER_REVIEW is what waits for the marketplace."""
    with scoped(None):
        found = rows(_OPERATOR.format(where=_TABS[tab]), {"now": now, "limit": limit})
    return tuple(_line(row) for row in found)


def seller_of_claim(reference: str) -> int | None:
    """Whose claim it is, for the operator: pages then act for that seller alone."""
    with scoped(None):
        found = rows("SELECT seller_id FROM claims WHERE reference = %s ORDER BY id LIMIT 1", [reference])
    return found[0][0] if found else None


@dataclass(frozen=True, slots=True)
class TextView:
    """What somebody wrote in a step of the claim."""

    kind: TextKind
    party: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LetterView:
    """A message between buyer and seller. `text` "": it was erased, or had none."""

    kind: str  # buyer | seller
    at: datetime
    text: str
    files: int


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A return of the claimed order."""

    rma: str
    state: str
    kind: str
    reason: str
    comment: str  # the buyer's own: personal
    requested_at: datetime
    authorized_at: datetime | None
    in_transit_at: datetime | None
    received_at: datetime | None
    tracking: str
    lines: tuple[tuple[str, int, int, str], ...]  # item number, quantity, received, grade


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund of the claimed order; amounts in minor units."""

    reference: str
    state: str
    reason: str
    total: int
    currency: str
    requested_at: datetime
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """One claim with everything an evidence pack needs. Texts are empty for readers without buyers' data.

    `payout`: state of the transfer to the buyer ("" none). `left`: what a grant would give the buyer now.
    """

    claim: ClaimFacts
    order: OrderDetail
    texts: tuple[TextView, ...]
    letters: tuple[LetterView, ...]
    returns: tuple[ReturnView, ...]
    refunds: tuple[RefundView, ...]
    payout: str
    left: int


_TEXTS = """
SELECT kind, party, text, at FROM claim_texts WHERE seller_id = %(seller)s AND claim_id = %(claim)s ORDER BY id"""

_LETTERS = """
SELECT m.kind, m.at, coalesce(x.text, ''), m.files
  FROM messages m LEFT JOIN message_texts x ON x.seller_id = m.seller_id AND x.message_id = m.id
 WHERE m.seller_id = %(seller)s AND m.order_id = %(order)s AND m.kind <> 'note' ORDER BY m.id"""

_RETURNS = """
SELECT r.rma, r.state, r.kind, r.reason, r.comment, r.requested_at, r.authorized_at, r.in_transit_at, r.received_at,
       r.tracking,
       (SELECT json_agg(json_build_array(i.item_number, l.quantity, l.received, l.grade) ORDER BY i.position)
          FROM return_lines l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
         WHERE l.seller_id = r.seller_id AND l.return_request_id = r.id)
  FROM return_requests r WHERE r.seller_id = %(seller)s AND r.order_id = %(order)s ORDER BY r.id"""

_REFUNDS = """
SELECT reference, state, reason, total, currency, requested_at, released_at FROM refunds
 WHERE seller_id = %(seller)s AND order_id = %(order)s ORDER BY id"""

_PAYOUT = "SELECT state FROM payment_transfers WHERE seller_id = %(seller)s AND claim_id = %(claim)s"


def claim_detail(seller_id: int, reference: str, *, now: datetime, personal: bool) -> ClaimDetail | None:
    """One claim, or None when the seller has no such claim. `personal`: with what people wrote."""
    with scoped(seller_id):
        claim = claims_by_reference(seller_id, [reference]).get(reference)
        if claim is None:
            return None
        given = {"seller": seller_id, "claim": claim.id, "order": claim.order_id}
        texts = [TextView(TextKind(kind), *rest) for kind, *rest in rows(_TEXTS, given)]
        letters = [LetterView(*row) for row in rows(_LETTERS, given)]
        returns = [_return(row, personal=personal) for row in rows(_RETURNS, given)]
        refunds = [RefundView(*row) for row in rows(_REFUNDS, given)]
        payout = rows(_PAYOUT, given)
        world = ClaimWorld.read(seller_id, [claim.order_number], now)
    order = order_detail(seller_id, claim.order_number, personal=personal)
    if order is None:
        return None
    how = world.how(world.known[claim.order_number])
    left = max(0, sum(one.left for one in how.money))
    return ClaimDetail(
        claim,
        order,
        tuple(texts) if personal else (),
        tuple(letters) if personal else (),
        tuple(returns),
        tuple(refunds),
        payout[0][0] if payout else "",
        left,
    )


def _return(row: tuple[Any, ...], *, personal: bool) -> ReturnView:
    *head, lines = row
    head[4] = head[4] if personal else ""
    values: list[Any] = [*head, tuple(tuple(line) for line in decode_json(lines) or ())]
    return ReturnView(*values)


def claims_of_order(seller_id: int, order_number: str) -> tuple[ClaimFacts, ...]:
    """All claims of an order, oldest first."""
    with scoped(seller_id):
        found = rows(
            "SELECT c.reference FROM claims c JOIN orders o ON o.seller_id = c.seller_id AND o.id = c.order_id"
            " WHERE c.seller_id = %s AND o.order_number = %s",
            [seller_id, order_number],
        )
        known = claims_by_reference(seller_id, [row[0] for row in found])
    return tuple(sorted(known.values(), key=lambda one: one.id))


def claim_options(seller_id: int, order_number: str, *, now: datetime) -> tuple[Option, ...]:
    """For every kind of claim: may the buyer file it now, from when, or why not; by the rule that filing asks.

    Empty when the seller has no such order.
    """
    with scoped(seller_id):
        world = ClaimWorld.read(seller_id, [order_number], now)
        facts = filing_facts(seller_id, world).get(order_number)
    return options(facts, world.how(facts.money)) if facts else ()


@dataclass(frozen=True, slots=True)
class VerdictPreview:
    """What a decision would do at this moment: `step`, or the refusal that the command would answer."""

    step: Stepped | None = None
    refusal: Refusal | None = None


def preview_verdict(
    seller_id: int, verdict: ClaimVerdict | AppealVerdict, *, now: datetime
) -> VerdictPreview:
    """What `decide_claims` or `decide_appeals` would do; nothing is locked or written."""
    with scoped(seller_id):
        world = ClaimWorld.read(seller_id, [verdict.order_number], now)
        claim = claims_by_reference(seller_id, [verdict.reference]).get(verdict.reference)
    facts = world.known.get(verdict.order_number)
    if claim is None or facts is None or claim.order_number != verdict.order_number:
        said = {"order_number": verdict.order_number, "reference": verdict.reference}
        return VerdictPreview(refusal=refuse(Code.CLAIM_NOT_FOUND, **said))
    try:
        if isinstance(verdict, ClaimVerdict):
            return VerdictPreview(rules.decide(claim, verdict, world.how(facts)))
        return VerdictPreview(rules.decide_appeal(claim, verdict))
    except Refusal as refusal:
        return VerdictPreview(refusal=refusal)
