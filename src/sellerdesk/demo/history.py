"""Living through the past of the demonstration world: the same commands that make the present, called in the order in
which things happened, with the clock's own doings (reminders, warnings, cancellations) in between."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from io import BytesIO
from random import Random
from typing import Any

from sellerdesk.commands.cancel_requests import file_requests, note_requests
from sellerdesk.commands.cancellations import cancel_for_buyers, cancel_for_marketplace, cancel_orders
from sellerdesk.commands.claims import (
    answer_claims,
    appeal_claims,
    decide_appeals,
    decide_claims,
    file_claims,
    withdraw_claims,
)
from sellerdesk.commands.deadlines import KINDS
from sellerdesk.commands.messages import receive_messages, send_messages
from sellerdesk.commands.orders import place_orders
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.payments import report_payments
from sellerdesk.commands.refunds import request_refunds, undo_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import (
    authorize_returns,
    close_returns,
    depart_returns,
    grade_returns,
    receive_returns,
)
from sellerdesk.commands.shipments import confirm_shipments, edit_shipments, ship_warehouse_orders
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.flows.imports import import_orders
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.due import due_deadlines

# What happened within so long of each other is told in one batch, as storefronts and carriers do.
_TOGETHER = timedelta(hours=2)
_A_MOMENT = timedelta(seconds=2)


class Kind(IntEnum):
    """What can happen, in the order in which it happens within one batch."""

    PLACED = 1
    PAID = 2
    SHIPPED = 3
    WAREHOUSE_SHIPPED = 4
    EDITED = 5
    SEEN = 6
    IMPORTED = 7
    BUYER_CANCELLED = 8
    CANCEL_FILED = 9
    CANCEL_NOTED = 10
    CANCELLED = 11
    MARKETPLACE_CANCELLED = 12
    BUYER_WROTE = 13
    SELLER_WROTE = 14
    RETURN_ASKED = 15
    RETURN_AUTHORIZED = 16
    RETURN_CLOSED = 17
    RETURN_WITHDRAWN = 18
    RETURN_DEPARTED = 19
    RETURN_RECEIVED = 20
    RETURN_GRADED = 21
    REFUNDED = 22
    REFUND_UNDONE = 23
    CLAIM_FILED = 24
    CLAIM_ANSWERED = 25
    CLAIM_WITHDRAWN = 26
    CLAIM_DECIDED = 27
    CLAIM_APPEALED = 28
    APPEAL_DECIDED = 29


# What depends on the minute is not told together with what happened around it.
_PUNCTUAL = frozenset({Kind.BUYER_CANCELLED, Kind.REFUNDED, Kind.REFUND_UNDONE, Kind.CLAIM_FILED})


_STAFF = frozenset(
    {
        Kind.SHIPPED, Kind.EDITED, Kind.CANCELLED, Kind.CANCEL_NOTED, Kind.SELLER_WROTE, Kind.RETURN_AUTHORIZED,
        Kind.RETURN_CLOSED, Kind.RETURN_RECEIVED, Kind.RETURN_GRADED, Kind.REFUNDED, Kind.REFUND_UNDONE,
        Kind.CLAIM_ANSWERED, Kind.CLAIM_APPEALED,
    }
)  # fmt: skip
_BUYERS = frozenset(
    {
        Kind.BUYER_CANCELLED, Kind.CANCEL_FILED, Kind.BUYER_WROTE, Kind.RETURN_ASKED, Kind.RETURN_WITHDRAWN,
        Kind.CLAIM_FILED, Kind.CLAIM_WITHDRAWN,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a seller's order: `request` is what its command takes."""

    at: datetime
    seller_id: int
    kind: Kind
    request: Any


class Refused(RuntimeError):
    """A step of the demonstration world was refused: the world and the rules do not fit together."""


def live_through(steps: Iterable[Step], *, now: datetime, staff: dict[int, str]) -> int:
    """Do all steps up to `now`, and what the clock demands in between; answers how many steps were done.

    `staff` names who ships for each seller. Raises Refused when a command refuses a step.
    """
    past = sorted((step for step in steps if step.at <= now), key=lambda step: (step.at, step.kind))
    for batch in _batches(past):
        moment = batch[-1].at
        _sweep_until(moment, {step.seller_id for step in past})
        for kind in Kind:
            for seller_id in sorted({step.seller_id for step in batch if step.kind is kind}):
                requests = [
                    step.request for step in batch if step.kind is kind and step.seller_id == seller_id
                ]
                _do(kind, seller_id, requests, now=moment, by=staff[seller_id])
    _sweep_until(now, {step.seller_id for step in past})
    return len(past)


def _batches(steps: Sequence[Step]) -> Iterable[list[Step]]:
    batch: list[Step] = []
    for step in steps:
        alone = step.kind in _PUNCTUAL or (batch and batch[-1].kind in _PUNCTUAL)
        if batch and (alone or step.at - batch[0].at > _TOGETHER):
            yield batch
            batch = []
        batch.append(step)
    if batch:
        yield batch


def _sweep_until(moment: datetime, sellers: Iterable[int]) -> None:
    """Fire what falls due up to a moment, each deadline when it is due and not when we come by."""
    while True:
        first = [due_deadlines(seller_id, moment, KINDS, limit=1) for seller_id in sorted(sellers)]
        instants = [due[0].due_at for due in first if due]
        if not instants:
            return
        report = sweep(min(min(instants) + _A_MOMENT, moment))
        if not report.done:
            raise Refused(f"a deadline of {min(instants)} does not fire")


def _do(kind: Kind, seller_id: int, requests: list[Any], *, now: datetime, by: str) -> None:
    outcomes = _COMMANDS[kind](_actor(kind, seller_id, by), requests, now)
    for outcome in outcomes:
        if outcome.refusal is not None:
            raise Refused(f"{kind.name} {outcome.order_number}: {outcome.refusal}")


def _actor(kind: Kind, seller_id: int, by: str) -> Actor:
    match kind:
        case _ if kind in _STAFF:
            return Actor(Party.SELLER, by, Door.DEMO, seller_id)
        case _ if kind in _BUYERS:
            return Actor(Party.BUYER, "buyer", Door.DEMO, seller_id)
        case Kind.SEEN | Kind.RETURN_DEPARTED:
            return Actor(Party.CARRIER, "carrier", Door.DEMO, seller_id)
        case Kind.IMPORTED:
            return Actor(Party.SELLER, "Order sync", Door.DEMO, seller_id)
        case _:
            return Actor(Party.AMAZON, "storefront", Door.DEMO, seller_id)


def _place(actor: Actor, requests: list[Any], now: datetime) -> list[Outcome]:
    return place_orders(actor, requests, now=now, randomness=Random(0))  # every number is given


def _ask_returns(actor: Actor, requests: list[Any], now: datetime) -> list[Outcome]:
    """Each with a number that follows from its order's, so that later steps can name it."""
    return [
        outcome
        for one in requests
        for outcome in request_returns(actor, [one], now=now, randomness=Random(one.order_number))
    ]


def _file_claims(actor: Actor, requests: list[Any], now: datetime) -> list[Outcome]:
    """Each with a reference that follows from its order's number, so that later steps can name it."""
    return [
        outcome
        for one in requests
        for outcome in file_claims(actor, [one], now=now, randomness=Random(one.order_number))
    ]


def _import(actor: Actor, requests: list[Any], now: datetime) -> list[Outcome]:
    return [outcome for file in requests for outcome in import_orders(BytesIO(file), actor=actor, now=now)]


_COMMANDS: dict[Kind, Callable[[Actor, list[Any], datetime], list[Outcome]]] = {
    Kind.PLACED: _place,
    Kind.PAID: lambda actor, requests, now: report_payments(actor, requests, now=now),
    Kind.SHIPPED: lambda actor, requests, now: confirm_shipments(actor, requests, now=now),
    Kind.WAREHOUSE_SHIPPED: lambda actor, requests, now: ship_warehouse_orders(actor, requests, now=now),
    Kind.EDITED: lambda actor, requests, now: edit_shipments(actor, requests, now=now),
    Kind.SEEN: lambda actor, requests, now: report_parcel_events(actor, requests, now=now),
    Kind.IMPORTED: _import,
    Kind.BUYER_CANCELLED: lambda actor, requests, now: cancel_for_buyers(actor, requests, now=now),
    Kind.CANCEL_FILED: lambda actor, requests, now: file_requests(actor, requests, now=now),
    Kind.CANCEL_NOTED: lambda actor, requests, now: note_requests(actor, requests, now=now),
    Kind.CANCELLED: lambda actor, requests, now: cancel_orders(actor, requests, now=now),
    Kind.BUYER_WROTE: lambda actor, requests, now: receive_messages(actor, requests, now=now),
    Kind.SELLER_WROTE: lambda actor, requests, now: send_messages(actor, requests, now=now),
    Kind.RETURN_ASKED: _ask_returns,
    Kind.RETURN_AUTHORIZED: lambda actor, requests, now: authorize_returns(actor, requests, now=now),
    Kind.RETURN_CLOSED: lambda actor, requests, now: close_returns(actor, requests, now=now),
    Kind.RETURN_WITHDRAWN: lambda actor, requests, now: close_returns(actor, requests, now=now),
    Kind.RETURN_DEPARTED: lambda actor, requests, now: depart_returns(actor, requests, now=now),
    Kind.RETURN_RECEIVED: lambda actor, requests, now: receive_returns(actor, requests, now=now),
    Kind.RETURN_GRADED: lambda actor, requests, now: grade_returns(actor, requests, now=now),
    Kind.REFUNDED: lambda actor, requests, now: request_refunds(actor, requests, now=now),
    Kind.REFUND_UNDONE: lambda actor, requests, now: undo_refunds(actor, requests, now=now),
    Kind.CLAIM_FILED: _file_claims,
    Kind.CLAIM_ANSWERED: lambda actor, requests, now: answer_claims(actor, requests, now=now),
    Kind.CLAIM_WITHDRAWN: lambda actor, requests, now: withdraw_claims(actor, requests, now=now),
    Kind.CLAIM_DECIDED: lambda actor, requests, now: decide_claims(actor, requests, now=now),
    Kind.CLAIM_APPEALED: lambda actor, requests, now: appeal_claims(actor, requests, now=now),
    Kind.APPEAL_DECIDED: lambda actor, requests, now: decide_appeals(actor, requests, now=now),
    Kind.MARKETPLACE_CANCELLED: lambda actor, requests, now: cancel_for_marketplace(actor, requests, now=now),
}
