"""Confirm shipments, edit them, and take the warehouse's word for its own (S0-09, S4-09, S4-15, S0-11)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sellerdesk.commands import run_batch
from sellerdesk.domain import shipments
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.shipments import EditDecision, EditRequest, ShipmentDecision, ShipmentRequest
from sellerdesk.models.cancel_request_writes import supersede_wishes
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.shipment_writes import write_edits, write_shipments

Decision = TypeVar("Decision", ShipmentDecision, EditDecision)
Asked = TypeVar("Asked", ShipmentRequest, EditRequest)


def confirm_shipments(
    actor: Actor, requests: Sequence[ShipmentRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Confirm parcels of the seller's own orders: the buyer is charged now, the seller credited (rulebook 2.4).

    Outcome "confirmed" with facts status, late, late_by_seconds, charged, currency, references, version; refusals are
    those of `domain.shipments.confirm` and ORDER_NOT_FOUND, FORBIDDEN, BUSY. Requests for one order build
    on each other.
    """

    def work(seller_id: int) -> list[Outcome]:
        outcomes, decisions = _decide(
            seller_id, requests, lambda f, r: shipments.confirm(f, r, now=now), _confirmed
        )
        if decisions:
            write_shipments(actor, seller_id, decisions, now)
            # Whoever ships an order that the buyer wanted cancelled has answered by it (rulebook 3.3).
            shipped = [one for one in decisions if one.facts.cancel_request and not one.after.cancel_request]
            supersede_wishes(actor, seller_id, [one.facts for one in shipped], now)
        return outcomes

    return run_batch(actor, Permission.ORDERS_SHIP, requests, work, once)


def ship_warehouse_orders(
    actor: Actor, requests: Sequence[ShipmentRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Record that the marketplace's warehouse shipped its orders. Outcomes as `confirm_shipments`."""

    def work(seller_id: int) -> list[Outcome]:
        outcomes, decisions = _decide(
            seller_id, requests, lambda f, r: shipments.ship_from_warehouse(f, r, now=now), _confirmed
        )
        if decisions:
            write_shipments(actor, seller_id, decisions, now)
        return outcomes

    return run_batch(actor, Permission.PARCELS_REPORT, requests, work, once)


def edit_shipments(
    actor: Actor, requests: Sequence[EditRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Re-confirm parcels with other data; earlier versions are kept and lateness never changes (C9, I11).

    Outcome "edited" with facts version, changes (names); "unchanged" when nothing differs; refusals are those of
    `domain.shipments.edit` and ORDER_NOT_FOUND, DUPLICATE_REQUEST, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        seen: set[tuple[str, str]] = set()

        def decide(facts: OrderFacts, request: EditRequest) -> EditDecision:
            key = (request.order_number, request.reference)
            if key in seen:
                raise refuse(Code.DUPLICATE_REQUEST, place=request.place or request.reference)
            seen.add(key)
            return shipments.edit(facts, request, now=now)

        outcomes, decisions = _decide(seller_id, requests, decide, _edited)
        if changed := [decision for decision in decisions if decision.changes]:
            write_edits(actor, seller_id, changed, now)
        return outcomes

    return run_batch(actor, Permission.ORDERS_SHIP, requests, work, once)


def _decide(
    seller_id: int,
    requests: Sequence[Asked],
    decide: Callable[[OrderFacts, Asked], Decision],
    describe: Callable[[Asked, Decision], Outcome],
) -> tuple[list[Outcome], list[Decision]]:
    known = lock_by_number(seller_id, {request.order_number for request in requests})
    outcomes, decisions = [], []
    for request in requests:
        try:
            facts = known.get(request.order_number)
            if facts is None:
                raise refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number)
            decision = decide(facts, request)
        except Refusal as refusal:
            outcomes.append(refused(request.order_number, refusal, request.place))
            continue
        known[request.order_number] = decision.after
        decisions.append(decision)
        outcomes.append(describe(request, decision))
    return outcomes, decisions


def _confirmed(request: ShipmentRequest, decision: ShipmentDecision) -> Outcome:
    facts = {
        "status": decision.status.value,
        "late": decision.is_late,
        "late_by_seconds": int(decision.late_by.total_seconds()),
        "charged": decision.charged,
        "currency": decision.facts.currency,
        "references": [parcel.reference for parcel in decision.parcels],
        "version": decision.after.version,
    }
    return Outcome(request.order_number, "confirmed", place=request.place, facts=facts)


def _edited(request: EditRequest, decision: EditDecision) -> Outcome:
    facts = {
        "version": decision.after.version,
        "changes": sorted(decision.changes),
        "reference": request.reference,
    }
    return Outcome(
        request.order_number, "edited" if decision.changes else "unchanged", place=request.place, facts=facts
    )
