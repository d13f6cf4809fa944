"""What happens to a return: authorise, close, receive, grade (S2-05 to S2-17, S4-16 to S4-23; rulebook 3.4).

Refunding is `commands.refunds`, with the RMA.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from sellerdesk.commands import run_batch
from sellerdesk.domain import return_goods, return_ways, returns
from sellerdesk.domain.actors import Actor, Party, Permission
from sellerdesk.domain.attachments import CheckedFile
from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.identifiers import tracking_key
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.photos import Photo, check_kept
from sellerdesk.domain.refunds import RefundDecision, RefundFacts
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import Grade, Payer, ReturnFacts, ReturnState
from sellerdesk.domain.return_goods import Inspection
from sellerdesk.domain.return_refunds import FIRST_SCAN, at_first_scan
from sellerdesk.domain.return_ways import Authorized, Label, WayBack
from sellerdesk.models.refund_at_once import write_at_once
from sellerdesk.models.refund_facts import lock_money
from sellerdesk.models.refund_terms import how_to_decide
from sellerdesk.models.return_facts import SellerSetting, lock_rmas, read_surroundings
from sellerdesk.models.return_files import NewPhoto, write_labels, write_photos
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
    """`address` empty: the seller's setting; `own_rma` replaces ours. A prepaid label needs its tracking, an uploaded
    one its file (`flows.return_labels.clean_label`) or its tracking. `label_cost`: minor units of the order's currency;
    `label_payer` None: as the reason says.
    """

    address: Mapping[str, Any] = field(default_factory=dict)
    label: Label = Label.NONE
    carrier: str = ""
    tracking: str = ""
    own_rma: str = ""
    instructions: str = ""
    label_file: CheckedFile | None = None
    label_cost: int | None = None
    label_payer: Payer | None = None


@dataclass(frozen=True, slots=True)
class Close(ReturnStep):
    reason: str = ""  # of CloseReason
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Receive(ReturnStep):
    """`lines`: item number → units that came now; empty: all that are missing."""

    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inspect(ReturnStep):
    """`grades`: item number → grade; `notes`: item number → a sentence of the warehouse's. `sellable`: item number →
    units that can be sold again, where it is not what the grade says.
    """

    grades: Mapping[str, Grade] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[Photo, ...] = ()
    sellable: Mapping[str, int] = field(default_factory=dict)


Step = TypeVar("Step", bound=ReturnStep)
_Decide = Callable[[RefundFacts, ReturnFacts, Step], ReturnMove]


def authorize_returns(
    actor: Actor, steps: Sequence[Authorize], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Allow buyers to send back; no money moves (S2-17). Outcome "authorized" with facts rma (the new one, when the
    seller gave it), was, version.

    Refusals: RETURN_NOT_FOUND, RETURN_STATE, RMA_TAKEN, STALE_VERSION, FORBIDDEN, BUSY, and those of
    `domain.return_ways.authorize`.
    """

    def work(seller_id: int) -> list[Outcome]:
        world = ReturnWorld.read(seller_id, {step.order_number for step in steps}, now)
        taken = lock_rmas(seller_id, [step.own_rma for step in steps if step.own_rma])

        def decide(facts: RefundFacts, known: ReturnFacts, step: Authorize) -> ReturnMove:
            order = facts.order
            state = returns.after(known, "authorize", order.order_number)
            setting = world.settings.get(order.marketplace_id, SellerSetting())
            way = return_ways.authorize(
                known,
                _way(step, setting),
                order,
                world.around[order.id].buyer_country,
                by_seller=actor.party is Party.SELLER,
            )
            if step.own_rma and step.own_rma != known.rma and step.own_rma in taken:
                raise refuse(Code.RMA_TAKEN, order_number=order.order_number, rma=step.own_rma)
            taken.add(step.own_rma)
            said = {"label": step.label.value, "automatic": False, "own_rma": step.own_rma}
            said |= {"rma": way.rma, "was": known.rma, "payer": way.payer.value}
            voids = (DeadlineKind.RETURN_ANSWER.value, DeadlineKind.RETURN_METHOD.value)
            values = _written(step, way, setting, now)
            return ReturnMove(order.id, known, state, "return_authorized", values, voids=voids, said=said)

        outcomes = _step(actor, seller_id, steps, decide, now)
        labels = {
            outcome.facts["rma"]: step.label_file
            for step, outcome in zip(steps, outcomes, strict=True)
            if outcome.accepted and step.label_file is not None
        }
        write_labels(seller_id, labels, now)
        return outcomes

    return run_batch(actor, Permission.RETURNS_HANDLE, steps, work, once)


def _way(step: Authorize, setting: SellerSetting) -> WayBack:
    return WayBack(
        step.address or setting.address,
        step.label,
        step.carrier,
        step.tracking,
        step.own_rma,
        step.label_file,
        step.label_cost,
        step.label_payer,
        step.instructions,
    )


def _written(step: Authorize, way: Authorized, setting: SellerSetting, now: datetime) -> dict[str, Any]:
    return {
        "rma": step.own_rma or None,
        "authorized_at": now,
        "address": way.address,
        "label": step.label.value,
        "carrier": step.carrier,
        "tracking": step.tracking,
        "tracking_key": tracking_key(step.tracking),
        "label_cost": step.label_cost,
        "label_payer": way.payer.value,
        "instructions": step.instructions or setting.instructions,
    }


def close_returns(
    actor: Actor, steps: Sequence[Close], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Close as the seller: with a reason and a comment (S2-13); or, as a BUYER, give it up.

    Outcome "closed_by_seller" or "closed_by_buyer" with facts rma, version, contacted, wrongly_rejected: the journal
    says whether anybody wrote to the buyer before (S2-16). Refusals: those of `domain.returns.close`, RETURN_NOT_FOUND,
    STALE_VERSION, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        def decide(facts: RefundFacts, known: ReturnFacts, step: Close) -> ReturnMove:
            order = facts.order
            if actor.party is Party.BUYER:
                state = returns.after(known, "withdraw", order.order_number)
                return ReturnMove(order.id, known, state, "return_withdrawn")
            state, values = returns.close(
                known,
                step.reason,
                step.comment,
                order,
                left=facts.left,
                by_seller=actor.party is Party.SELLER,
            )
            around = read_surroundings(seller_id, [order.id])[order.id]
            said = {"reason": step.reason, "contacted": around.contacted}
            said["wrongly_rejected"] = values["wrongly_rejected"]
            return ReturnMove(order.id, known, state, "return_closed", values, said=said)

        return _step(actor, seller_id, steps, decide, now)

    needed = Permission.RETURNS_REQUEST if actor.party is Party.BUYER else Permission.RETURNS_HANDLE
    return run_batch(actor, needed, steps, work, once)


def depart_returns(actor: Actor, steps: Sequence[ReturnStep], *, now: datetime) -> list[Outcome]:
    """The carrier has scanned it for the first time. `report_return_scans` takes the carrier's own moment, too.

    Outcome "in_transit_back": with a label that the platform sold, the marketplace has refunded it by then.
    """

    def work(seller_id: int) -> list[Outcome]:
        world = ReturnWorld.read(seller_id, {step.order_number for step in steps}, now)
        how = how_to_decide(Party.AMAZON, world.known.values(), now)
        refunds: list[RefundDecision] = []

        def decide(facts: RefundFacts, known: ReturnFacts, _: ReturnStep) -> ReturnMove:
            order = facts.order
            state = returns.after(known, "depart", order.order_number)
            latest = world.known[order.order_number]
            refund_by = world.terms[order.id].refund_first_scan_by
            decision = at_first_scan(latest, known, refund_by, how(latest, known.rma))
            if decision is not None:
                world.known[order.order_number] = decision.after
                refunds.append(decision)
            voids = (DeadlineKind.RETURN_IDLE.value,)
            return ReturnMove(order.id, known, state, "return_departed", {"in_transit_at": now}, voids=voids)

        outcomes = _step(actor, seller_id, steps, decide, now)
        write_at_once(replace(actor, party=Party.AMAZON, name=FIRST_SCAN), seller_id, refunds, now)
        return outcomes

    return run_batch(actor, Permission.PARCELS_REPORT, steps, work)


def receive_returns(
    actor: Actor, steps: Sequence[Receive], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The goods are here, or some of them; the refund of what came is due some business days later (C8).

    Outcome "received", or "completed" for what was refunded before it came: facts rma, version, units, due_at (None
    when no refund is owed). Refusals are those of `domain.return_goods.receive`, and RETURN_NOT_FOUND, STALE_VERSION,
    FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        world = ReturnWorld.read(seller_id, {step.order_number for step in steps}, now)

        def decide(facts: RefundFacts, known: ReturnFacts, step: Receive) -> ReturnMove:
            order = facts.order
            state, lines, units = return_goods.receive(known, step.lines, order.order_number)
            due = returns.refund_due(now, world.terms[order.id], world.calendars[order.marketplace_id])
            owed = state is not ReturnState.COMPLETED
            return ReturnMove(
                order.id,
                known,
                state,
                "return_received",
                {"received_at": known.received_at or now},
                lines,
                (due,) if owed else (),
                ("return_idle", "return_answer", "return_method"),
                said={"units": units, "due_at": due.due_at if owed else None},
            )

        return _step(actor, seller_id, steps, decide, now)

    return run_batch(actor, Permission.RETURNS_RECEIVE, steps, work, once)


def grade_returns(
    actor: Actor, steps: Sequence[Inspect], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Say what came back; said anew, the stock is corrected. Outcome "inspected", "pending_refund" or "completed" with
    facts rma, version, restocked (units, below zero when a correction takes some out again).

    Refusals are those of `domain.return_goods.grade`, TOO_MANY_ATTACHMENTS, PHOTO_REFUSED, and as `receive_returns`.
    """

    def decide(facts: RefundFacts, known: ReturnFacts, step: Inspect) -> ReturnMove:
        said = Inspection(step.grades, step.notes, step.sellable)
        state, lines = return_goods.grade(known, said, facts.order.order_number)
        check_kept(step.photos)
        stock = return_goods.stock_moves(known, lines)
        told = {
            "grades": {number: Grade(one).value for number, one in step.grades.items()},
            "restocked": sum(units for _, kind, units in stock if kind == "returned"),
            "photos": len(step.photos),
        }
        return ReturnMove(
            facts.order.id,
            known,
            state,
            "return_graded",
            {"inspected_at": now},
            lines,
            stock=stock,
            said=told,
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
