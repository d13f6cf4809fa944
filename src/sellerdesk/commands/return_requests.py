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
from sellerdesk.domain.refund_reasons import Mode
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import ReturnState
from sellerdesk.domain.return_refunds import by_marketplace
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.models.refund_at_once import write_at_once
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
    verdict, window_ends_at, payer, international. Refusals are those of `domain.returns.request`, ORDER_NOT_FOUND,
    FORBIDDEN, BUSY.
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
            world.known[one.order_number] = returns.with_return(decision, made.rma, now)
            new.append(made)
            outcomes.append(_asked_outcome(made))
        write_requests(actor, seller_id, new, now)
        write_photos(seller_id, _photos(new), now)
        _refund_kept(actor, seller_id, [one for one in new if one.decision.returnless], now)
        return outcomes

    return run_batch(actor, Permission.RETURNS_REQUEST, asked, work, once)


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
        "international": decision.international,
    }
    asked = decision.asked
    return Outcome(asked.order_number, _WORDS[decision.state], place=asked.place, facts=facts)


def _refund_kept(actor: Actor, seller_id: int, kept: Sequence[NewReturn], now: datetime) -> None:
    """Refund what rules leave with the buyer: decided by the same rule as every refund, and not held."""
    if not kept:
        return
    known = lock_money(seller_id, {one.decision.asked.order_number for one in kept})
    how = how_to_decide(Party.SYSTEM, known.values(), now)
    decisions = []
    for one in kept:
        facts = known[one.decision.asked.order_number]
        asked = next(found for found in facts.returns if found.rma == one.rma)
        decision = by_marketplace(facts, asked, Mode.RETURNLESS, how(facts, one.rma))
        if decision is None:  # nothing is left to refund: the request waits for a person
            continue
        known[one.decision.asked.order_number] = decision.after
        decisions.append(decision)
    clock = replace(actor, party=Party.SYSTEM, name="return rule")
    write_at_once(clock, seller_id, decisions, now)
