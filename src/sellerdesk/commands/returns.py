"""What happens to a return: authorise, close, depart, receive, grade (S2-05 to S2-17, S4-16 to S4-23; rulebook 3.4).

Refunding is `commands.refunds`, with the RMA.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sellerdesk.commands import run_batch
from sellerdesk.domain import returns
from sellerdesk.domain.actors import Actor, Party, Permission
from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.identifiers import tracking_key
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.photos import Photo, check_kept
from sellerdesk.domain.refunds import RefundFacts
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import RESTOCKED, Grade, ReturnFacts
from sellerdesk.domain.returns import Label
from sellerdesk.models.refund_facts import lock_money
from sellerdesk.models.return_facts import SellerSetting, read_settings, read_surroundings
from sellerdesk.models.return_files import NewPhoto, write_photos
from sellerdesk.models.return_terms import ReturnWorld
from sellerdesk.models.return_writes import ReturnMove, write_moves


@dataclass(frozen=True, slots=True)
class ReturnStep:
    """What every step of a return names."""

    order_number: str
    rma: str
    version: int | None = field(default=None, kw_only=True)
    place: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class Authorize(ReturnStep):
    """`address` empty: the seller's setting; `own_rma` replaces ours. A label that is not `none` needs its tracking."""

    address: Mapping[str, Any] = field(default_factory=dict)
    label: Label = Label.NONE
    carrier: str = ""
    tracking: str = ""
    own_rma: str = ""
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class Close(ReturnStep):
    reason: str = ""  # of CloseReason
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Receive(ReturnStep):
    """`lines`: item number → units that came; empty: all."""

    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inspect(ReturnStep):
    """`grades`: item number → grade; `notes`: item number → a sentence of the warehouse's."""

    grades: Mapping[str, Grade] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[Photo, ...] = ()


Step = TypeVar("Step", bound=ReturnStep)
_Decide = Callable[[RefundFacts, ReturnFacts, Step], ReturnMove]


def authorize_returns(
    actor: Actor, steps: Sequence[Authorize], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Allow buyers to send back; no money moves (S2-17). Outcome "authorized" with facts rma, version.

    Refusals: RETURN_NOT_FOUND, RETURN_STATE, STALE_VERSION, MISSING_VALUE (address, tracking), FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        settings = read_settings(seller_id)

        def decide(facts: RefundFacts, known: ReturnFacts, step: Authorize) -> ReturnMove:
            order = facts.order
            state = returns.after(known, "authorize", order.order_number)
            setting = settings.get(order.marketplace_id, SellerSetting())
            address = dict(step.address) or setting.address
            if not address:
                raise refuse(Code.MISSING_VALUE, place="address", order_number=order.order_number)
            if step.label is Label.PREPAID and not step.tracking:
                raise refuse(Code.MISSING_VALUE, place="tracking", order_number=order.order_number)
            values = {
                "rma": step.own_rma or None,
                "authorized_at": now,
                "address": address,
                "label": step.label.value,
                "carrier": step.carrier,
                "tracking": step.tracking,
                "tracking_key": tracking_key(step.tracking),
                "instructions": step.instructions or setting.instructions,
            }
            said = {"label": step.label.value, "automatic": False, "own_rma": step.own_rma}
            voids = (DeadlineKind.RETURN_ANSWER.value,)
            return ReturnMove(order.id, known, state, "return_authorized", values, voids=voids, said=said)

        return _step(actor, seller_id, steps, decide, now)

    return run_batch(actor, Permission.RETURNS_HANDLE, steps, work, once)


def close_returns(
    actor: Actor, steps: Sequence[Close], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Close as the seller: with a reason and a comment (S2-13); or, as a BUYER, give it up.

    Outcome "closed_by_seller" or "closed_by_buyer" with facts rma, version, contacted, wrongly_rejected: the journal
    says whether anybody wrote to the buyer before (S2-16).
    """

    def work(seller_id: int) -> list[Outcome]:
        def decide(facts: RefundFacts, known: ReturnFacts, step: Close) -> ReturnMove:
            order = facts.order
            if actor.party is Party.BUYER:
                state = returns.after(known, "withdraw", order.order_number)
                return ReturnMove(order.id, known, state, "return_withdrawn")
            state, values = returns.close(known, step.reason, step.comment, order.order_number)
            around = read_surroundings(seller_id, [order.id])[order.id]
            said = {"reason": step.reason, "contacted": around.contacted}
            said["wrongly_rejected"] = values["wrongly_rejected"]
            return ReturnMove(order.id, known, state, "return_closed", values, said=said)

        return _step(actor, seller_id, steps, decide, now)

    needed = Permission.RETURNS_REQUEST if actor.party is Party.BUYER else Permission.RETURNS_HANDLE
    return run_batch(actor, needed, steps, work, once)


def depart_returns(actor: Actor, steps: Sequence[ReturnStep], *, now: datetime) -> list[Outcome]:
    """The carrier has scanned it for the first time. Outcome "in_transit_back"."""

    def decide(facts: RefundFacts, known: ReturnFacts, _: ReturnStep) -> ReturnMove:
        state = returns.after(known, "depart", facts.order.order_number)
        voids = (DeadlineKind.RETURN_IDLE.value,)
        return ReturnMove(
            facts.order.id, known, state, "return_departed", {"in_transit_at": now}, voids=voids
        )

    return run_batch(
        actor,
        Permission.PARCELS_REPORT,
        steps,
        lambda seller_id: _step(actor, seller_id, steps, decide, now),
    )


def receive_returns(
    actor: Actor, steps: Sequence[Receive], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The goods are here; the refund is due some business days later (C8). Outcome "received": facts rma, due_at."""

    def work(seller_id: int) -> list[Outcome]:
        world = ReturnWorld.read(seller_id, {step.order_number for step in steps}, now)

        def decide(facts: RefundFacts, known: ReturnFacts, step: Receive) -> ReturnMove:
            order = facts.order
            state, lines = returns.receive(known, step.lines, order.order_number)
            calendar = world.calendars[order.marketplace_id]
            due = returns.refund_due(now, world.terms[order.id], calendar)
            units = sum(units for units, _ in lines.values())
            return ReturnMove(
                order.id,
                known,
                state,
                "return_received",
                {"received_at": now},
                lines,
                (due,),
                (DeadlineKind.RETURN_IDLE.value, DeadlineKind.RETURN_ANSWER.value),
                said={"units": units, "due_at": due.due_at},
            )

        return _step(actor, seller_id, steps, decide, now)

    return run_batch(actor, Permission.RETURNS_RECEIVE, steps, work, once)


def grade_returns(
    actor: Actor, steps: Sequence[Inspect], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Say what came back. Outcome "inspected" or "pending_refund" with facts rma, version, restocked (units)."""

    def decide(facts: RefundFacts, known: ReturnFacts, step: Inspect) -> ReturnMove:
        state, lines = returns.grade(known, step.grades, facts.order.order_number)
        check_kept(step.photos)
        earlier = {line.item_id for line in known.lines if line.grade}  # graded anew: stock moved once
        stock = {
            item: units
            for item, (units, grade) in lines.items()
            if grade in RESTOCKED and item not in earlier and units
        }
        grades = {line.item_number: lines[line.item_id][1] for line in known.lines if line.item_id in lines}
        said = {"grades": grades, "restocked": sum(stock.values())}
        values = {"inspected_at": now}
        return ReturnMove(
            facts.order.id, known, state, "return_graded", values, lines, stock=stock, said=said
        )

    def work(seller_id: int) -> list[Outcome]:
        outcomes = _step(actor, seller_id, steps, decide, now)
        done = [step for step, outcome in zip(steps, outcomes, strict=True) if outcome.accepted]
        photos = [NewPhoto(step.rma, "warehouse", photo) for step in done for photo in step.photos]
        write_photos(seller_id, photos, now)
        return outcomes

    return run_batch(actor, Permission.RETURNS_RECEIVE, steps, work, once)


def _step(
    actor: Actor, seller_id: int, steps: Sequence[Step], decide: _Decide[Step], now: datetime
) -> list[Outcome]:
    known = lock_money(seller_id, {step.order_number for step in steps})
    outcomes, moves = [], []
    moved: set[str] = set()
    for step in steps:
        try:
            facts = known.get(step.order_number)
            if facts is None:
                raise refuse(Code.ORDER_NOT_FOUND, order_number=step.order_number)
            if step.rma in moved:
                raise refuse(Code.DUPLICATE_REQUEST, place=step.rma)
            move = decide(facts, _found(facts, step), step)
        except Refusal as refusal:
            outcomes.append(refused(step.order_number, refusal, step.place))
            continue
        moved.add(step.rma)
        moves.append(move)
        said = {"rma": step.rma, "version": move.facts.version + 1} | dict(move.said)
        outcomes.append(Outcome(step.order_number, move.state.value.lower(), place=step.place, facts=said))
    write_moves(actor, seller_id, moves, now)
    return outcomes


def _found(facts: RefundFacts, step: ReturnStep) -> ReturnFacts:
    number = step.order_number
    found = next((one for one in facts.returns if one.rma == step.rma), None)
    if found is None:
        raise refuse(Code.RETURN_NOT_FOUND, order_number=number, rma=step.rma)
    if step.version is not None and step.version != found.version:
        raise refuse(Code.STALE_VERSION, order_number=number, expected=step.version, actual=found.version)
    return found
