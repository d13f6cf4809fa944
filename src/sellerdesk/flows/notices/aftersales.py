"""What letters about returns, refunds and claims say beyond the others (S2-14, S2-39, S2-40, S0-32)."""

from collections.abc import Mapping
from typing import Any

from babel import Locale
from django.conf import settings

from sellerdesk.domain.claim_facts import ClaimState
from sellerdesk.domain.notices import BUYER
from sellerdesk.domain.orders import Component
from sellerdesk.domain.return_facts import ReturnState
from sellerdesk.flows.notices import buyer_words, words
from sellerdesk.flows.notices.clock import LetterClock
from sellerdesk.flows.notices.foreign import plain
from sellerdesk.queries.letter_aftersales import LetterRefund, LetterReturn
from sellerdesk.queries.mails import LetterFacts
from sellerdesk.queries.personal import address_view

_LINES = (
    "name", "company", "line1", "line2", "line3", "city", "district", "county", "state", "municipality",
    "postal_code", "country", "phone", "kind",
)  # fmt: skip


def words_of(facts: LetterFacts) -> str:
    """The words of somebody else that a letter quotes: the buyer's to the seller, the seller's to the buyer."""
    back, refund, claim = facts.after.returned, facts.after.refund, facts.after.claim
    if facts.kind == "refund_sent" and refund is not None:
        return refund.words
    if claim is not None:
        return "" if facts.kind == "your_claim_filed" else claim.words
    if back is None:
        return ""
    quotes = {
        "return_requested": back.comment,
        "return_authorized": back.instructions,
        "return_closed": back.close_comment,
    }
    return quotes.get(facts.kind, "")


def context(facts: LetterFacts, when: LetterClock) -> dict[str, Any]:
    """The places of these letters' texts; empty where a letter is about none of it."""
    back, refund = facts.after.returned, facts.after.refund
    said: dict[str, Any] = {}
    if back is not None:
        said |= _returned(facts, back, when)
    if refund is not None:
        said |= _refunded(facts, refund, when)
    if facts.kind.startswith(("claim_", "your_claim_")):
        said |= _claimed(facts, when)
    return said


def _returned(facts: LetterFacts, back: LetterReturn, when: LetterClock) -> dict[str, Any]:
    titles = {item.number: plain(item.title) for item in facts.items}
    skus = {item.number: plain(item.sku) for item in facts.items}
    paid = facts.facts.get("refunded")
    return {
        "rma": plain(back.rma),
        "state": facts.facts.get("state", ""),
        "reason": words.word(
            buyer_words.RETURN_REASONS if facts.reader == BUYER else words.RETURN_REASONS, back.reason
        ),
        "close_reason": words.word(buyer_words.CLOSE_REASONS, back.close_reason),
        "payer": back.payer,
        "payer_words": words.word(buyer_words.PAYERS, back.payer),
        "next": _next(facts.kind, back, when),
        "not_stopped": str(buyer_words.NOT_STOPPED),
        "held_until": when.moment(back.held_until),
        "held": back.held,
        "label": back.label if back.label != "none" else "",
        "carrier": plain(back.carrier),
        "tracking": plain(back.tracking),
        "has_words": bool(words_of(facts).strip()),
        "address": _address(back.address, when),
        "returned_items": [
            {"title": titles.get(number, number), "sku": skus.get(number, ""), "units": units}
            for number, units in back.lines.items()
        ],
        "answer_by": when.moment(back.answer_by),
        "return_by": when.day(back.return_by),
        "refund_by": when.moment(back.refund_by),
        "marketplace_paid": when.money(int(paid), str(facts.facts["currency"])) if paid else "",
        "return_page": f"{settings.BASE_URL}/account/",
    }


# What a letter to the buyer tells → the state whose next step it says.
_RETURNS = {
    "return_request_received": ReturnState.PENDING_AUTHORIZATION,
    "return_authorized": ReturnState.AUTHORIZED,
    "return_arrived": ReturnState.RECEIVED,
    "return_closed": ReturnState.CLOSED_BY_SELLER,
    "return_closed_auto": ReturnState.CLOSED_AUTO,
}
_CLAIMS = {
    "your_claim_granted": ClaimState.GRANTED,
    "your_claim_denied": ClaimState.DENIED,
    "your_claim_withdrawn": ClaimState.WITHDRAWN,
    "your_claim_refunded": ClaimState.REFUNDED_BY_SELLER,
}


def _next(kind: str, back: LetterReturn, when: LetterClock) -> str:
    """The sentence that the portal's page says, too."""
    if kind == "return_kept":
        return str(buyer_words.KEEP)
    if kind not in _RETURNS:
        return ""
    dues = {"return_request_received": back.answer_by, "return_arrived": back.refund_by}
    by = when.day(back.return_by) if kind == "return_authorized" else when.moment(dues.get(kind))
    return buyer_words.return_next(_RETURNS[kind], by)


def _address(address: Mapping[str, Any], when: LetterClock) -> list[str]:
    view = address_view([str(address.get(name) or "") for name in _LINES])
    country = Locale.parse(when.locale).territories.get(view.country, view.country)
    return [plain(line) for line in (*view.block, country, view.phone) if line.strip()]


def _refunded(facts: LetterFacts, refund: LetterRefund, when: LetterClock) -> dict[str, Any]:
    first, last = (when.day(at) for at in refund.settles)
    return {
        "amount": when.money(refund.total, refund.currency),
        "reference": refund.reference,
        "refund_reason": words.word(words.REFUND_REASONS, refund.reason),
        "refund_rma": plain(refund.rma),
        "by_marketplace": refund.party != "SELLER",
        "parts": _parts(refund, when),
        "not_paid_out": str(buyer_words.NOT_PAID_OUT),
        "first_day": first,
        "last_day": last,
        "has_words": bool(refund.words.strip()),
        "difference": words.word(words.BREAKS, str(facts.facts.get("kind", ""))),
    }


def _parts(refund: LetterRefund, when: LetterClock) -> list[dict[str, str]]:
    """What the amount consists of, in the order of an order's own lines; what is kept is a line, never hidden."""
    order = {name: place for place, name in enumerate(Component)}
    found = [
        (words.word(words.COMPONENTS, one.component), one.amount + one.kept)
        for one in sorted(refund.parts, key=lambda one: order.get(Component(one.component), 0))
    ]
    found += [(str(words.KEPT), -sum(one.kept for one in refund.parts))]
    found += [(str(words.RETURN_SHIPPING), refund.return_shipping), (str(words.GOODWILL), refund.goodwill)]
    return [
        {"label": label, "amount": when.money(amount, refund.currency)} for label, amount in found if amount
    ]


def _claimed(facts: LetterFacts, when: LetterClock) -> dict[str, Any]:
    said, claim = facts.facts, facts.after.claim
    asked_at_once = facts.kind == "claim_filed" and claim is not None
    # A decision has the deadline that ended in it beside it: then nobody said a word.
    silent = facts.kind == "claim_appeal_denied" and "due_at" in said
    currency = str(said.get("currency") or "")

    def money(name: str) -> str:
        return when.money(int(said.get(name) or 0), currency) if currency else ""

    return {
        "reference": plain(str(said.get("reference", ""))),
        "claim_kind": words.word(
            buyer_words.CLAIM_KINDS if facts.reader == BUYER else words.CLAIM_KINDS, str(said.get("kind", ""))
        ),
        "next": _claim_next(facts, when),
        "amount": money("amount"),
        "debited": money("debited") if said.get("debited") else "",
        "paid": money("paid") if said.get("paid") else "",
        "cause": "silence" if silent else said.get("cause") or "",
        "has_words": bool(words_of(facts).strip()),
        "defect": bool(said.get("defect")),
        "money": bool(said.get("money")),
        "due": when.moment(claim.answer_by) if claim and asked_at_once else when.said(said.get("due_at")),
        "appeal_until": when.said(said.get("appeal_until")),
    }


def _claim_next(facts: LetterFacts, when: LetterClock) -> str:
    """The sentence that the portal's page says, too."""
    if facts.reader != BUYER:
        return ""
    answer_by = facts.after.claim.answer_by if facts.after.claim else None
    asked = ClaimState.ACTION_REQUIRED if answer_by else ClaimState.FILED
    state = _CLAIMS.get(facts.kind, asked)
    return buyer_words.claim_next(state, when.moment(answer_by), paid=bool(facts.facts.get("paid")))
