"""Record what carriers see of returns on their way back (S0-31; rulebook 2.8, 3.4).

The first scan of a label that the platform sold lets the marketplace refund at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain import return_scans
from sellerdesk.domain.actors import Actor, Party, Permission
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refund_decisions import Deciding
from sellerdesk.domain.refunds import RefundDecision, RefundFacts
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import ReturnFacts
from sellerdesk.domain.return_refunds import FIRST_SCAN, at_first_scan
from sellerdesk.domain.return_scans import ReturnScan, Scan, Scanned
from sellerdesk.models.refund_at_once import write_at_once
from sellerdesk.models.refund_terms import how_to_decide
from sellerdesk.models.return_terms import ReturnWorld
from sellerdesk.models.return_writes import ReturnMove, write_moves


def report_return_scans(
    actor: Actor, scans: Sequence[ReturnScan], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Record scans of returns' own labels; what was told before is "unchanged".

    Outcome "recorded" with facts rma, state (the return's, in lower case), version, refunded (minor units that the
    marketplace refunded at this first scan, else 0), currency. Refusals: those of `domain.return_scans.scan`,
    RETURN_NOT_FOUND, ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        batch = _Batch.begin(seller_id, scans, now)
        outcomes = []
        for one in scans:
            try:
                outcomes.append(batch.take(one))
            except Refusal as refusal:
                outcomes.append(refused(one.order_number, refusal, one.place))
        write_moves(actor, seller_id, batch.moves, now)
        marketplace = replace(actor, party=Party.AMAZON, name=FIRST_SCAN)
        write_at_once(marketplace, seller_id, batch.refunds, now)
        return outcomes

    return run_batch(actor, Permission.PARCELS_REPORT, scans, work, once)


@dataclass(slots=True)
class _Batch:
    """Scans at work: what is known of the orders, and what is to be written so far."""

    world: ReturnWorld
    how: Callable[[RefundFacts, str], Deciding]
    now: datetime
    moves: list[ReturnMove]
    refunds: list[RefundDecision]

    @classmethod
    def begin(cls, seller_id: int, scans: Sequence[ReturnScan], now: datetime) -> "_Batch":
        world = ReturnWorld.read(seller_id, {one.order_number for one in scans}, now)
        return cls(world, how_to_decide(Party.AMAZON, world.known.values(), now), now, [], [])

    def take(self, told: ReturnScan) -> Outcome:
        facts = self.world.known.get(told.order_number)
        if facts is None:
            raise refuse(Code.ORDER_NOT_FOUND, order_number=told.order_number)
        known = next((one for one in facts.returns if one.rma == told.rma), None)
        if known is None:
            raise refuse(Code.RETURN_NOT_FOUND, order_number=told.order_number, rma=told.rma)
        if any(move.facts.id == known.id for move in self.moves):
            raise refuse(Code.DUPLICATE_REQUEST, place=told.rma)
        seen = return_scans.scan(known, told, now=self.now)
        if seen.known:
            said = {"rma": known.rma, "state": known.state.value.lower(), "version": known.version}
            return Outcome(told.order_number, "unchanged", place=told.place, facts=said)
        self.moves.append(_move(facts, known, told, seen))
        refunded = self._refund(facts, known) if seen.first else 0
        said = {
            "rma": known.rma,
            "state": seen.state.value.lower(),
            "version": known.version + 1,
            "refunded": refunded,
            "currency": facts.order.currency,
        }
        return Outcome(told.order_number, "recorded", place=told.place, facts=said)

    def _refund(self, facts: RefundFacts, known: ReturnFacts) -> int:
        refund_by = self.world.terms[facts.order.id].refund_first_scan_by
        decision = at_first_scan(facts, known, refund_by, self.how(facts, known.rma))
        if decision is None:
            return 0
        self.world.known[facts.order.order_number] = decision.after
        self.refunds.append(decision)
        return decision.total


def _move(facts: RefundFacts, known: ReturnFacts, told: ReturnScan, seen: Scanned) -> ReturnMove:
    values = {
        "in_transit_at": told.at if seen.first else None,
        "delivered_back_at": told.at if seen.delivered else None,
    }
    kind = "return_delivered" if seen.delivered else "return_departed"
    said = {"at": told.at, "first": seen.first, "kind": Scan(told.kind).value}
    voids = ("return_idle",) if seen.first else ()
    return ReturnMove(facts.order.id, known, seen.state, kind, values, voids=voids, said=said)
