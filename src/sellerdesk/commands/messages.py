"""Buyer–seller messages: send, receive, note, mark as needing no answer (rulebook 3.7; S3-06 to S3-12, S3-27 to S3-29).

Texts go to a table of their own and nowhere else: neither the journal nor an outcome holds one (design 2.13).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction

from sellerdesk.commands import Request, run_batch
from sellerdesk.domain import cancel_requests, messages
from sellerdesk.domain.actors import Actor, Door, Permission
from sellerdesk.domain.cancel_requests import MoveRequest, RequestDecision
from sellerdesk.domain.deadlines import DeadlineKind, Due
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.message_threads import (
    ContactFacts,
    Kind,
    Limits,
    MessageState,
    ThreadFacts,
    ThreadState,
)
from sellerdesk.domain.messages import (
    BuyerMessage,
    ReceiveDecision,
    SellerMessage,
    SendDecision,
    ThreadRequest,
)
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models import message_writes
from sellerdesk.models.cancel_request_writes import write_requests
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.message_facts import (
    known_external,
    orders_since,
    read_contacts,
    read_limits,
    sent_since,
)
from sellerdesk.models.message_writes import MessageRow, MessageWrites, Opening, ThreadRow

_PROGRAMS = frozenset({Door.API, Door.SPAPI})
_DAY = timedelta(days=1)
R = TypeVar("R", bound=Request)


def send_messages(
    actor: Actor, requests: Sequence[SellerMessage], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Send messages to buyers.

    Outcome "sent" with facts message_id, thread, critical, reply; "unchanged" with message_id for an external id that
    came before. A message that guides the buyer moves the wish to cancel to GUIDED in the same transaction (S3-28) and
    is refused as `domain.cancel_requests.guide` refuses. "blocked" carries the refusal BLOCKED_OPT_OUT: the message is
    kept in the thread as not delivered and journaled, and nothing else happens (I17); under a key of idempotency, where
    nothing that was refused stays, not even that. Other refusals: those of `domain.messages.send`, ORDER_NOT_FOUND,
    FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        batch = _begin(seller_id, requests, now)
        known = known_external(seller_id, [one.external_id for one in requests])
        sent = sent_since(seller_id, now - _DAY)
        cap = _cap(batch, sent + len(requests))

        def one(request: SellerMessage) -> Outcome:
            facts = batch.order(request.order_number)
            if request.external_id in known:
                return _unchanged(request.order_number, known[request.external_id], request.place)
            sent_now = sent + sum(row.state == MessageState.SENT for row in batch.messages)
            contact = replace(
                batch.contacts[facts.id], sent_today=sent_now, daily_cap=cap.get(facts.marketplace_id)
            )
            limits, by_program = batch.limits[facts.marketplace_id], actor.door in _PROGRAMS
            decision = messages.send(facts, contact, request, limits=limits, by_program=by_program, now=now)
            if request.reason is ContactReason.CANCEL_GUIDANCE:
                batch.guide(facts, request)
            outcome = _sent(batch, actor, request, decision)
            if request.external_id:
                known[request.external_id] = outcome.facts["message_id"]
            return outcome

        return _each(actor, batch, requests, one)

    return run_batch(actor, Permission.MESSAGES_SEND, requests, work, once)


def receive_messages(
    actor: Actor, requests: Sequence[BuyerMessage], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Take what buyers wrote, by whatever way, into their orders' threads (S3-11).

    Outcome "received" with facts message_id, thread, hint, due_at; "unchanged" with message_id for an external id that
    came before. The hint only ever shows something (S3-06): nothing is done about it here. Refusals: those of
    `domain.messages.receive`, ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        batch = _begin(seller_id, requests, now)
        known = known_external(seller_id, [one.external_id for one in requests])

        def one(request: BuyerMessage) -> Outcome:
            facts = batch.order(request.order_number)
            if request.external_id in known:
                return _unchanged(request.order_number, known[request.external_id], request.place)
            limits = batch.limits[facts.marketplace_id]
            thread = batch.contacts[facts.id].thread
            decision = messages.receive(facts, thread, request, limits=limits, now=now)
            outcome = _received(batch, request, decision)
            if request.external_id:
                known[request.external_id] = outcome.facts["message_id"]
            return outcome

        return _each(actor, batch, requests, one)

    return run_batch(actor, Permission.MESSAGES_RECEIVE, requests, work, once)


def mark_no_response_needed(
    actor: Actor, requests: Sequence[ThreadRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Say that buyers' last messages need no answer: their clocks stop. Outcome "marked" with fact thread.

    Refusals: NOTHING_TO_ANSWER, STALE_VERSION, ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        batch = _begin(seller_id, requests, now)

        def one(request: ThreadRequest) -> Outcome:
            facts = batch.order(request.order_number)
            state = messages.mark_no_response_needed(facts, batch.contacts[facts.id].thread, request)
            batch.move(facts, state, None)
            batch.closed.add(facts.id)
            batch.entries.append(Entry(facts.id, "message_no_response_needed"))
            return Outcome(request.order_number, "marked", place=request.place, facts={"thread": state.value})

        return _each(actor, batch, requests, one)

    return run_batch(actor, Permission.MESSAGES_SEND, requests, work, once)


def reopen_threads(
    actor: Actor, requests: Sequence[ThreadRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Put threads back among those that wait for an answer; the clock starts anew. Outcome "reopened" with due_at.

    Refusals: NOTHING_TO_ANSWER, STALE_VERSION, ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        batch = _begin(seller_id, requests, now)

        def one(request: ThreadRequest) -> Outcome:
            facts = batch.order(request.order_number)
            state = messages.reopen(facts, batch.contacts[facts.id].thread, request)
            hours = batch.limits[facts.marketplace_id].message_answer_hours
            due_at = messages.answer_due(now, hours)
            batch.move(facts, state, due_at)
            batch.opened[facts.id] = Opening(facts.id, due_at, hours)
            batch.entries.append(Entry(facts.id, "message_reopened", {"due_at": due_at}))
            return Outcome(request.order_number, "reopened", place=request.place, facts={"due_at": due_at})

        return _each(actor, batch, requests, one)

    return run_batch(actor, Permission.MESSAGES_SEND, requests, work, once)


def add_notes(
    actor: Actor, requests: Sequence[ThreadRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Write internal notes, which only staff see; no clock stops. Outcome "noted" with fact message_id.

    Refusals: MISSING_VALUE, INVALID_VALUE, ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        batch = _begin(seller_id, requests, now)

        def one(request: ThreadRequest) -> Outcome:
            facts = batch.order(request.order_number)
            text = messages.note(request.text)
            thread = batch.contacts[facts.id].thread
            state = thread.state if thread else ThreadState.NO_RESPONSE_NEEDED
            written = batch.move(facts, state, thread.due_at if thread else None)
            row = batch.say(
                written,
                kind=Kind.NOTE.value,
                state=MessageState.SENT.value,
                text=text,
                via=actor.door.value,
                author=actor.name,
            )
            batch.entries.append(Entry(facts.id, "message_noted", {"message": row.id}))
            return Outcome(request.order_number, "noted", place=request.place, facts={"message_id": row.id})

        return _each(actor, batch, requests, one)

    return run_batch(actor, Permission.MESSAGES_SEND, requests, work, once)


def set_opt_out(email: str, opted_out: bool, *, now: datetime) -> None:
    """Record that a buyer wants, or does not want, messages that are not critical: of all sellers, under one address.

    The doors let only the buyer do it. Raises Refusal MISSING_VALUE for an empty address.
    """
    address = email.strip().lower()
    if not address:
        raise refuse(Code.MISSING_VALUE, place="email")
    with transaction.atomic(durable=True):
        message_writes.write_preference(address[:254], now if opted_out else None, now)


@dataclass(slots=True)
class _Batch:
    """A batch at work: locked orders, what is known of their buyers, and what is to be written so far."""

    facts: dict[str, OrderFacts]
    contacts: dict[int, ContactFacts]
    limits: dict[str, Limits]  # by marketplace
    seller_id: int
    now: datetime
    messages: list[MessageRow] = field(default_factory=list)
    threads: dict[int, ThreadRow] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    opened: dict[int, Opening] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    guided: dict[int, tuple[RequestDecision, Due]] = field(default_factory=dict)

    def guide(self, facts: OrderFacts, request: SellerMessage) -> None:
        """The buyer's wish to cancel is guided by this message; whoever stays silent is asked about later (S3-29)."""
        if facts.id in self.guided:
            raise refuse(Code.DUPLICATE_REQUEST, place=request.place or request.order_number)
        decision = cancel_requests.guide(facts, MoveRequest(request.order_number))
        hours = self.limits[facts.marketplace_id].guide_follow_up_hours
        follow_up = cancel_requests.guide_follow_up_at(self.now, hours)
        due = Due(DeadlineKind.GUIDE_FOLLOW_UP, follow_up, "guide_follow_up_hours", hours)
        self.guided[facts.id] = decision, due
        self.facts[request.order_number] = decision.after

    def order(self, number: str) -> OrderFacts:
        if number not in self.facts:
            raise refuse(Code.ORDER_NOT_FOUND, order_number=number)
        return self.facts[number]

    def move(self, facts: OrderFacts, state: ThreadState, due_at: datetime | None, **more: Any) -> ThreadRow:
        """Let an order's thread be in a state after this batch; one that is not there yet begins.

        In memory its version stays as it was before the batch, so that the requests of one form fit together.
        """
        contact = self.contacts[facts.id]
        known = contact.thread or ThreadFacts(message_writes.new_ids("message_threads", 1)[0], state, 0)
        before = self.threads.get(facts.id) or ThreadRow(known.id, facts.id, state, due_at)
        row = replace(before, state=state, due_at=due_at, **more)
        self.threads[facts.id] = row
        last_buyer_at = row.last_buyer_at or known.last_buyer_at
        thread = replace(known, state=state, due_at=due_at, last_buyer_at=last_buyer_at)
        self.contacts[facts.id] = replace(contact, thread=thread)
        return row

    def say(self, thread: ThreadRow, **said: Any) -> MessageRow:
        """Add a message to a thread; a note does not count as one."""
        row = MessageRow(message_writes.new_ids("messages", 1)[0], thread.id, thread.order_id, **said)
        self.messages.append(row)
        if row.kind != Kind.NOTE:
            counted = self.threads[thread.order_id]
            self.threads[thread.order_id] = replace(counted, count=counted.count + 1)
        return row


def _begin(seller_id: int, requests: Sequence[R], now: datetime) -> _Batch:
    facts = lock_by_number(seller_id, {request.order_number for request in requests})
    contacts = read_contacts(seller_id, [one.id for one in facts.values()])
    places = {one.marketplace_id for one in facts.values()}
    return _Batch(facts, contacts, read_limits(places, now), seller_id, now)


def _each(actor: Actor, batch: _Batch, requests: Sequence[R], one: Callable[[R], Outcome]) -> list[Outcome]:
    """Decide every request, then write what was accepted."""
    outcomes = []
    for request in requests:
        try:
            outcomes.append(one(request))
        except Refusal as refusal:
            outcomes.append(refused(request.order_number, refusal, request.place))
    if batch.entries:
        writes = MessageWrites(
            list(batch.threads.values()),
            batch.messages,
            batch.entries,
            list(batch.opened.values()),
            sorted(batch.closed),
        )
        message_writes.write_messages(actor, batch.seller_id, writes, batch.now)
        write_requests(actor, batch.seller_id, list(batch.guided.values()), batch.now)
    return outcomes


def _cap(batch: _Batch, sent: int) -> dict[str, int]:
    """The daily cap by marketplace, where so many messages could reach it; orders are counted for nobody else."""
    caps = {}
    for place, limits in batch.limits.items():
        if sent > limits.message_daily_floor:
            since = batch.now - timedelta(days=limits.message_daily_window_days)
            caps[place] = limits.daily_cap(orders_since(batch.seller_id, since))
    return caps


def _sent(batch: _Batch, actor: Actor, request: SellerMessage, decision: SendDecision) -> Outcome:
    facts, thread = decision.facts, batch.contacts[decision.facts.id].thread
    blocked = decision.state is MessageState.BLOCKED_OPT_OUT
    due_at = None if decision.answers or thread is None else thread.due_at
    more = {} if blocked else {"last_seller_at": batch.now}
    row = batch.say(
        batch.move(facts, decision.thread_state, due_at, **more),
        kind=Kind.SELLER.value,
        state=decision.state.value,
        text=decision.text,
        via=request.via or actor.door.value,
        reason=decision.reason.value,
        critical=decision.critical,
        automatic=request.automatic,
        author=actor.name,
        language=decision.language,
        external_id=request.external_id,
        files=decision.files,
    )
    if decision.answers:
        batch.closed.add(facts.id)
    said = {
        "message": row.id,
        "reason": row.reason,
        "critical": row.critical,
        "via": row.via,
        "files": len(row.files),
    }
    batch.entries.append(Entry(facts.id, "message_blocked" if blocked else "message_sent", said))
    told = {
        "message_id": row.id,
        "thread": decision.thread_state.value,
        "critical": decision.critical,
        "reply": decision.is_reply,
    }
    if blocked:
        refusal = refuse(Code.BLOCKED_OPT_OUT, order_number=request.order_number, reason=row.reason)
        return Outcome(request.order_number, "blocked", refusal, request.place, told)
    return Outcome(request.order_number, "sent", place=request.place, facts=told)


def _received(batch: _Batch, request: BuyerMessage, decision: ReceiveDecision) -> Outcome:
    facts, hint = decision.facts, decision.hint.value if decision.hint else ""
    row = batch.say(
        batch.move(facts, decision.thread_state, decision.due_at, last_buyer_at=batch.now, hint=hint),
        kind=Kind.BUYER.value,
        state=MessageState.SENT.value,
        text=decision.text,
        via=request.via.value,
        topic=request.topic[:40],
        hint=hint,
        external_id=request.external_id,
        files=decision.files,
    )
    if decision.starts_clock:
        hours = batch.limits[facts.marketplace_id].message_answer_hours
        batch.opened[facts.id] = Opening(facts.id, decision.due_at, hours)
    said = {"message": row.id, "via": row.via, "topic": row.topic, "hint": hint, "files": len(row.files)}
    batch.entries.append(Entry(facts.id, "message_received", said | {"due_at": decision.due_at}))
    told = {
        "message_id": row.id,
        "thread": decision.thread_state.value,
        "hint": hint,
        "due_at": decision.due_at,
    }
    return Outcome(request.order_number, "received", place=request.place, facts=told)


def _unchanged(order_number: str, message_id: int, place: str) -> Outcome:
    return Outcome(order_number, "unchanged", place=place, facts={"message_id": message_id})
