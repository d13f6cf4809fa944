"""What letters about returns, refunds and claims must know beyond their order, read when they are sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sellerdesk.domain.claim_facts import TextKind
from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.domain.refunds import RefundTerms, settle_window
from sellerdesk.models.sql import decode_json, instant, rows
from sellerdesk.models.terms import calendars, policy_book


@dataclass(frozen=True, slots=True)
class LetterReturn:
    """A return request as it stands. Personal: `comment`, `address`."""

    rma: str  # what it is called now: a seller may have given it a number of their own
    reason: str
    comment: str  # the buyer's
    payer: str
    label: str
    carrier: str
    tracking: str
    instructions: str
    close_reason: str
    close_comment: str  # the seller's, for the buyer
    address: Mapping[str, str]
    lines: Mapping[str, int]  # item number → units asked to go back
    answer_by: datetime | None  # the seller's answer
    return_by: datetime | None  # nothing sent until then: it closes itself
    refund_by: datetime | None  # once the goods are back
    held: int  # refunds for it that have not gone: held, or waiting for a second person
    held_until: datetime | None  # when the first of them goes by itself; None when that needs a person


@dataclass(frozen=True, slots=True)
class LetterPart:
    """What goes back of one component, in minor units: `amount` net of what is `kept`."""

    component: str
    amount: int
    kept: int


@dataclass(frozen=True, slots=True)
class LetterRefund:
    """A refund as it stands; minor units. `words`: the seller's, for the buyer (personal)."""

    reference: str
    party: str  # who asked for it
    reason: str
    words: str
    rma: str
    total: int
    currency: str
    return_shipping: int
    goodwill: int
    parts: tuple[LetterPart, ...]
    released_at: datetime | None
    settles: tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class LetterClaim:
    """A claim. `words`: what somebody wrote in the step that the letter is about (personal)."""

    words: str
    answer_by: datetime | None  # the seller's


@dataclass(frozen=True, slots=True)
class AfterSales:
    """What one letter is about."""

    returned: LetterReturn | None = None
    refund: LetterRefund | None = None
    claim: LetterClaim | None = None


NOTHING = AfterSales()


# What a letter is about: a mail with the journal's entry that asks for it; or what the journal may say next.
SENT = "mails m JOIN journal j ON j.id = m.entry_id"
AHEAD = """(SELECT 0::bigint AS id, ''::text AS message_id, %(kind)s::text AS kind, 'buyer'::text AS reader,
               n.seller_id, n.id AS order_id
          FROM orders n WHERE n.seller_id = %(seller)s::bigint AND n.order_number = %(order)s::text) m
  CROSS JOIN (SELECT %(kind)s::text AS kind, %(at)s::timestamptz AS at, %(facts)s::jsonb AS facts) j"""

# An entry names a return as it was called then, a refund by its reference.
_FACTS = f"""
SELECT m.id, o.marketplace_id,
       (SELECT json_build_object(
          'rma', q.rma, 'reason', q.reason, 'comment', left(q.comment, %(most)s), 'payer', q.payer, 'label', q.label,
          'carrier', q.carrier, 'tracking', q.tracking, 'instructions', left(q.instructions, %(most)s),
          'close_reason', q.close_reason, 'close_comment', left(q.close_comment, %(most)s), 'address', q.address,
          'lines', (SELECT json_object_agg(i.item_number, l.quantity ORDER BY i.position)
                      FROM return_lines l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
                     WHERE l.seller_id = q.seller_id AND l.return_request_id = q.id),
          'held', (SELECT count(*) FROM refunds f WHERE f.seller_id = q.seller_id AND f.return_request_id = q.id
                    AND f.state IN ('DRAFT', 'PENDING')),
          'held_until', (SELECT min(f.release_at) FROM refunds f WHERE f.seller_id = q.seller_id
                          AND f.return_request_id = q.id AND f.state = 'PENDING'),
          'dues', (SELECT json_object_agg(d.kind, d.due_at) FROM deadlines d
                    WHERE d.seller_id = q.seller_id AND d.order_id = q.order_id AND d.subject = q.id
                      AND d.kind LIKE 'return\\_%%'))
          FROM return_requests q
         WHERE q.seller_id = m.seller_id AND q.order_id = m.order_id AND j.kind LIKE 'return\\_%%'
           AND q.rma = coalesce(
             (SELECT a.facts->>'rma' FROM journal a
               WHERE a.seller_id = m.seller_id AND a.order_id = m.order_id AND a.kind = 'return_authorized'
                 AND a.facts->>'was' = j.facts->>'rma' LIMIT 1), j.facts->>'rma')),
       (SELECT json_build_object(
          'reference', r.reference, 'party', r.party, 'reason', r.reason, 'words', left(r.words, %(most)s),
          'rma', coalesce((SELECT q.rma FROM return_requests q
                            WHERE q.seller_id = r.seller_id AND q.id = r.return_request_id), ''),
          'total', r.total, 'currency', r.currency, 'return_shipping', r.return_shipping, 'goodwill', r.goodwill,
          'parts', (SELECT json_agg(json_build_array(p.component, p.amount, p.kept) ORDER BY p.component)
                      FROM (SELECT l.component, sum(l.amount)::bigint AS amount, sum(l.deduction)::bigint AS kept
                              FROM refund_lines l WHERE l.seller_id = r.seller_id AND l.refund_id = r.id
                             GROUP BY l.component) p),
          'released_at', r.released_at, 'settles', json_build_array(r.settles_from, r.settles_until))
          FROM refunds r
         WHERE r.seller_id = m.seller_id AND r.order_id = m.order_id
           AND (j.kind LIKE 'refund\\_%%' OR j.kind = 'payment_break_found')
           AND r.reference = j.facts->>'reference'),
       (SELECT json_build_object(
          'words', coalesce((SELECT left(t.text, %(most)s) FROM claim_texts t
                              WHERE t.seller_id = c.seller_id AND t.claim_id = c.id AND t.at = j.at
                                AND t.kind = %(texts)s::jsonb ->> j.kind ORDER BY t.id LIMIT 1), ''),
          'answer_by', (SELECT d.due_at FROM deadlines d
                         WHERE d.seller_id = c.seller_id AND d.order_id = c.order_id AND d.subject = c.id
                           AND d.kind = '{DeadlineKind.CLAIM_ANSWER.value}'))
          FROM claims c
         WHERE c.seller_id = m.seller_id AND c.order_id = m.order_id AND j.kind LIKE 'claim\\_%%'
           AND c.reference = j.facts->>'reference')
  FROM {{source}}
  JOIN orders o ON o.seller_id = m.seller_id AND o.id = m.order_id
 WHERE (j.kind LIKE 'return\\_%%' OR j.kind LIKE 'refund\\_%%'
                                OR j.kind LIKE 'claim\\_%%' OR j.kind = 'payment_break_found')"""
# Whose words belong to which step: the buyer's claim is for the seller, the marketplace's reasons for both.
_TEXTS = json.dumps(
    {
        "claim_filed": TextKind.FILED,
        "claim_action_required": TextKind.QUESTION,
        "claim_granted": TextKind.DECISION,
        "claim_denied": TextKind.DECISION,
        "claim_appeal_info_required": TextKind.APPEAL_QUESTION,
        "claim_reversed": TextKind.APPEAL_DECISION,
        "claim_appeal_denied": TextKind.APPEAL_DECISION,
    }
)


def after_sales(mail_ids: Sequence[int], most: int) -> dict[int, AfterSales]:
    """By mail id, for letters about returns, refunds and claims. Of each text at most so many characters are read.

    The caller has chosen whose rows it sees.
    """
    source = f"{SENT} AND m.id = ANY(%(ids)s)"
    return _read(source, {"ids": list(mail_ids), "most": most})


def after_sales_ahead(given: Mapping[str, Any], most: int) -> AfterSales:
    """The same for an entry that the journal may get: `given` are the values of AHEAD."""
    return _read(AHEAD, {**given, "most": most}).get(0, NOTHING)


def _read(source: str, given: Mapping[str, Any]) -> dict[int, AfterSales]:
    found = rows(_FACTS.format(source=source), {**given, "texts": _TEXTS})
    known = {
        mail: AfterSales(_return(back), _refund(refund), _claim(claim))
        for mail, _, back, refund, claim in found
    }
    places = {row[0]: row[1] for row in found}
    return _with_days(known, places)


def _return(text: str | None) -> LetterReturn | None:
    said = decode_json(text)
    if said is None:
        return None
    dues = said.pop("dues") or {}
    when = [instant(dues.get(kind.value)) for kind in _DUES]
    said["lines"] = said["lines"] or {}
    said["held_until"] = instant(said["held_until"])
    return LetterReturn(**said, answer_by=when[0], return_by=when[1], refund_by=when[2])


_DUES = (DeadlineKind.RETURN_ANSWER, DeadlineKind.RETURN_IDLE, DeadlineKind.RETURN_REFUND)


def _refund(text: str | None) -> LetterRefund | None:
    said: dict[str, Any] | None = decode_json(text)
    if said is None:
        return None
    parts = tuple(LetterPart(*one) for one in said.pop("parts") or ())
    first, last = (datetime.fromisoformat(one) for one in said.pop("settles"))
    return LetterRefund(
        **said | {"released_at": instant(said["released_at"])}, parts=parts, settles=(first, last)
    )


def _claim(text: str | None) -> LetterClaim | None:
    said = decode_json(text)
    return None if said is None else LetterClaim(said["words"], instant(said["answer_by"]))


def _with_days(known: dict[int, AfterSales], places: Mapping[int, str]) -> dict[int, AfterSales]:
    """Count the days until the buyer has the money from when it went: what was reckoned when somebody asked for it
    is too early if a second person or a worker took long.
    """
    going = {
        mail: one.refund.released_at for mail, one in known.items() if one.refund and one.refund.released_at
    }
    if not going:
        return known
    book = policy_book(set(places.values()))
    books = calendars(set(places.values()), max(going.values()).date())
    for mail, at in going.items():
        refund, place = known[mail].refund, places[mail]
        if refund is not None:
            terms = RefundTerms.of(book, place, books[place].local_date(at))
            days = settle_window(at, terms, books[place])
            known[mail] = replace(known[mail], refund=replace(refund, settles=days))
    return known
