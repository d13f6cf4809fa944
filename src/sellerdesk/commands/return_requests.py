"""Ask for returns (S2-03, S2-36, S2-42 to S2-45; rulebook 2.7, 3.4; T14).

What a seller's rule lets the buyer keep is refunded at once, by the same rule as every refund.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain import returns
from sellerdesk.domain.actors import Actor, Party, Permission
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.identifiers import Randomness, new_rma
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refund_decisions import refund
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import HeldRefund, RefundFacts, RefundRequest, RefundState
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import ReturnFacts, ReturnState
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.models import refund_writes
from sellerdesk.models.refund_facts import lock_money
from sellerdesk.models.refund_terms import how_to_decide
from sellerdesk.models.return_facts import SellerSetting
from sellerdesk.models.return_files import NewPhoto, write_photos
from sellerdesk.models.return_terms import ReturnWorld
from sellerdesk.models.return_writes import NewReturn, write_requests


def request_returns(
    actor: Actor,
    asked: Sequence[ReturnAsked],
    *,
    now: datetime,
    randomness: Randomness,
    once: Once | None = None,
) -> list[Outcome]:
    """Ask for returns, as buyers (or, for refused deliveries, as the carrier saw it).

    Outcome "requested", "authorized", "refunded" (the buyer keeps it) or "returning" with facts rma, in_policy,
    verdict, window_ends_at, payer. Refusals are those of `domain.returns.request`, ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    Requests of one batch build on each other.
    """

    def work(seller_id: int) -> list[Outcome]:
        world = ReturnWorld.read(seller_id, {one.order_number for one in asked}, now)
        outcomes, new = [], []
        for one in asked:
            try:
                facts = world.known.get(one.order_number)
                if facts is None:
                    raise refuse(Code.ORDER_NOT_FOUND, order_number=one.order_number)
                decision = returns.request(facts, one, world.how(facts, one))
            except Refusal as refusal:
                outcomes.append(refused(one.order_number, refusal, one.place))
                continue
            setting = world.settings.get(facts.order.marketplace_id, SellerSetting())
            made = NewReturn(decision, new_rma(randomness), setting.address, setting.instructions)
            world.known[one.order_number] = _with_return(facts, made, now)
            new.append(made)
            outcomes.append(_asked_outcome(made))
        write_requests(actor, seller_id, new, now)
        write_photos(seller_id, _photos(new), now)
        _refund_kept(actor, seller_id, [one for one in new if one.decision.returnless], now)
        return outcomes

    return run_batch(actor, Permission.RETURNS_REQUEST, asked, work, once)


def _with_return(facts: RefundFacts, made: NewReturn, now: datetime) -> RefundFacts:
    decision = made.decision
    numbers = {item.id: item.item_number for item in facts.order.items}
    lines = tuple(returns.line_of(item, numbers[item], units) for item, units in decision.lines.items())
    fresh = ReturnFacts(
        0,
        made.rma,
        decision.asked.kind,
        decision.state,
        decision.asked.reason,
        decision.in_policy,
        decision.returnless,
        now,
        lines,
    )
    return replace(facts, returns=(*facts.returns, fresh))


def _photos(new: Sequence[NewReturn]) -> list[NewPhoto]:
    return [NewPhoto(one.rma, "buyer", photo) for one in new for photo in one.decision.asked.photos]


_WORDS = {
    ReturnState.PENDING_AUTHORIZATION: "requested",
    ReturnState.AUTHORIZED: "authorized",
    ReturnState.PENDING_REFUND: "refunded",
    ReturnState.IN_TRANSIT_BACK: "returning",
}


def _asked_outcome(made: NewReturn) -> Outcome:
    decision = made.decision
    facts = {
        "rma": made.rma,
        "in_policy": decision.in_policy,
        "verdict": decision.verdict.value,
        "window_ends_at": decision.window_ends_at,
        "payer": decision.payer.value,
    }
    asked = decision.asked
    return Outcome(asked.order_number, _WORDS[decision.state], place=asked.place, facts=facts)


def _refund_kept(actor: Actor, seller_id: int, kept: Sequence[NewReturn], now: datetime) -> None:
    """Refund what the seller's rules leave with the buyer: decided by the same rule as every refund, and not held."""
    if not kept:
        return
    known = lock_money(seller_id, {one.decision.asked.order_number for one in kept})
    how = how_to_decide(Party.SYSTEM, known.values(), now)
    decisions = []
    for one in kept:
        number = one.decision.asked.order_number
        request = RefundRequest(number, RefundReason.BUYER_RETURN, Mode.RETURNLESS, rma=one.rma)
        try:
            decision = refund(known[number], request, how(known[number], one.rma))
        except Refusal:  # nothing is left to refund: the request waits for a person
            continue
        known[number] = decision.after
        decisions.append(decision)
    clock = replace(actor, party=Party.SYSTEM, name="return rule")
    ids = refund_writes.write_requests(clock, seller_id, decisions, now)
    releases = [
        refund_writes.HeldChange(
            HeldRefund(
                ids[one.reference],
                one.facts.order.id,
                one.facts.order.order_number,
                one.reference,
                RefundState.PENDING,
                clock.name,
                one.total,
                one.facts.order.currency,
                now,
                one.facts.order.marketplace_id,
                0,
            ),
            RefundState.RELEASED,
            "refund_released",
        )
        for one in decisions
    ]
    refund_writes.write_releases(clock, seller_id, releases, now)
