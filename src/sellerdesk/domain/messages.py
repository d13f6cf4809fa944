"""Messages between buyer and seller: one thread for each order, and who may write what when (rulebook 2.10, 3.7).

Pure decisions: facts of the order, of its thread and of the buyer's wishes go in; what becomes of the message and of
the thread comes out, or a Refusal. Whether a message is critical, and so passes a buyer's opt-out, follows from the
reason for writing and from nothing else (C18).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sellerdesk.domain.attachments import Attachment, CheckedFile, check_files
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.message_hints import Hint, hint
from sellerdesk.domain.message_lint import LintContext, check_message, clean
from sellerdesk.domain.message_reasons import RULES, ContactReason, Files, Rule, fits
from sellerdesk.domain.message_threads import (
    THREAD,
    ContactFacts,
    Limits,
    MessageState,
    ThreadFacts,
    ThreadState,
    Via,
)
from sellerdesk.domain.refusals import Code, refuse

BUYER_TEXT_MAX = 20_000  # a mail may be long; a message of the portal is cut by its form
NOTE_MAX = 2_000


@dataclass(frozen=True, slots=True)
class SellerMessage:
    """The seller writes to the buyer of an order.

    `language` "" means the buyer's. `version` is the thread's, as the writer saw it. `automatic` marks a reply that no
    person wrote: it does not stop the clock. `via` "" means the actor's door; `external_id` names a mail that may come
    twice.
    """

    order_number: str
    reason: ContactReason
    text: str  # personal
    attachments: tuple[Attachment, ...] = ()
    language: str = ""
    version: int | None = None
    automatic: bool = False
    via: str = ""
    external_id: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class BuyerMessage:
    """The buyer writes. `topic` is what the portal's list offers, "" by mail; `external_id` makes a repeat harmless."""

    order_number: str
    text: str  # personal
    attachments: tuple[Attachment, ...] = ()
    topic: str = ""
    via: Via = Via.PORTAL
    external_id: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ThreadRequest:
    """Staff do something about a thread; `text` is that of an internal note (personal)."""

    order_number: str
    text: str = ""
    version: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class SendDecision:
    """What becomes of a seller's message. `state` is SENT or BLOCKED_OPT_OUT; then the thread stays as it was."""

    facts: OrderFacts
    text: str
    reason: ContactReason
    critical: bool
    is_reply: bool
    state: MessageState
    thread_state: ThreadState
    answers: bool  # closes the deadline of the answer
    language: str
    files: tuple[CheckedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiveDecision:
    """What becomes of a buyer's message: the thread waits for an answer until `due_at`."""

    facts: OrderFacts
    text: str
    hint: Hint | None
    due_at: datetime
    starts_clock: bool  # False: an earlier message waits already
    thread_state: ThreadState = ThreadState.OPEN_NEEDS_RESPONSE
    files: tuple[CheckedFile, ...] = field(default=())


def send(
    facts: OrderFacts,
    contact: ContactFacts,
    request: SellerMessage,
    *,
    limits: Limits,
    by_program: bool,
    now: datetime,
) -> SendDecision:
    """Decide a seller's message. `by_program`: the limit on the number of files is one of programs only.

    Raises Refusal STALE_VERSION, REASON_NOT_ALLOWED, NOTHING_TO_ANSWER, TOO_LATE_TO_WRITE, DAILY_CAP, MISSING_VALUE,
    INVALID_VALUE (text too long, files where there may be none), LINT_REFUSED (findings), and those of `check_files`.
    A message to a buyer who wants none is no refusal here: its state says so (I17).
    """
    thread, rule = contact.thread, RULES[request.reason]
    _check_version(facts, thread, request.version)
    is_reply = _is_reply(thread, request.reason)
    _check_moment(facts, contact, request.reason, limits=limits, is_reply=is_reply, now=now)
    if contact.daily_cap is not None and contact.sent_today >= contact.daily_cap and not is_reply:
        raise refuse(Code.DAILY_CAP, sent=contact.sent_today, cap=contact.daily_cap)
    text = clean(request.text)
    _check_text(facts, text, request)
    most = limits.message_attachments_max if by_program else None
    files = _check_attachments(rule, request, bytes_max=limits.bytes_max, count_max=most)
    blocked = contact.opted_out and not rule.critical and not is_reply
    # A thread that begins with what nobody gets holds no answer.
    fresh = ThreadState.NO_RESPONSE_NEEDED if blocked else ThreadState.ANSWERED
    before = thread.state if thread else fresh
    verb = "reply_automatically" if request.automatic or blocked else "reply"
    return SendDecision(
        facts,
        text,
        request.reason,
        rule.critical,
        is_reply,
        MessageState.BLOCKED_OPT_OUT if blocked else MessageState.SENT,
        ThreadState(THREAD.after(before, verb)),
        answers=verb == "reply",
        language=request.language or contact.language,
        files=files,
    )


def receive(
    facts: OrderFacts, thread: ThreadFacts | None, request: BuyerMessage, *, limits: Limits, now: datetime
) -> ReceiveDecision:
    """Decide a buyer's message. It may be written in any state of the order, and as late as the buyer likes.

    While a message still waits for its answer, the next one does not give the seller more time. Raises Refusal
    MISSING_VALUE without text and files, INVALID_VALUE for a text that is too long, ATTACHMENT_TOO_BIG.
    """
    text = clean(request.text)
    if not text and not request.attachments:
        raise refuse(Code.MISSING_VALUE, place="text")
    if len(text) > BUYER_TEXT_MAX:
        raise _too_long(len(text), BUYER_TEXT_MAX)
    files = check_files(request.attachments, bytes_max=limits.bytes_max, count_max=None, sendable_only=False)
    waiting = thread.due_at if thread and thread.state is ThreadState.OPEN_NEEDS_RESPONSE else None
    due_at = waiting or answer_due(now, limits.message_answer_hours)
    return ReceiveDecision(facts, text, hint(text), due_at, starts_clock=waiting is None, files=files)


def mark_no_response_needed(
    facts: OrderFacts, thread: ThreadFacts | None, request: ThreadRequest
) -> ThreadState:
    """The thread's state after staff say that nothing is to be answered. Raises Refusal NOTHING_TO_ANSWER."""
    _check_version(facts, thread, request.version)
    if thread is None or thread.state is not ThreadState.OPEN_NEEDS_RESPONSE:
        raise refuse(Code.NOTHING_TO_ANSWER, order_number=facts.order_number)
    return ThreadState(THREAD.after(thread.state, "mark_no_response_needed"))


def reopen(facts: OrderFacts, thread: ThreadFacts | None, request: ThreadRequest) -> ThreadState:
    """The thread's state after staff take "no response needed" back, or want to come back to an answered one.

    Raises Refusal NOTHING_TO_ANSWER when the buyer has never written or waits already.
    """
    _check_version(facts, thread, request.version)
    if thread is None or thread.last_buyer_at is None or thread.state is ThreadState.OPEN_NEEDS_RESPONSE:
        raise refuse(Code.NOTHING_TO_ANSWER, order_number=facts.order_number)
    return ThreadState(THREAD.after(thread.state, "reopen"))


def note(text: str) -> str:
    """An internal note, cleaned. Raises Refusal MISSING_VALUE, INVALID_VALUE."""
    cleaned = clean(text)
    if not cleaned:
        raise refuse(Code.MISSING_VALUE, place="text")
    if len(cleaned) > NOTE_MAX:
        raise _too_long(len(cleaned), NOTE_MAX)
    return cleaned


def answer_due(received_at: datetime, hours: int) -> datetime:
    """When a buyer's message must have been answered: hours on the clock, weekends included."""
    return received_at + timedelta(hours=hours)


def allowed_reasons(
    facts: OrderFacts, contact: ContactFacts, *, limits: Limits, now: datetime
) -> tuple[ContactReason, ...]:
    """The reasons for which the seller may write about this order now, in the order of the table.

    The console's list, and what a program is told when it asks for the order's messaging actions.
    """
    return tuple(reason for reason in ContactReason if _allowed(facts, contact, reason, limits, now))


def _allowed(
    facts: OrderFacts, contact: ContactFacts, reason: ContactReason, limits: Limits, now: datetime
) -> bool:
    is_reply = _is_reply(contact.thread, reason)
    return fits(facts, reason) and not (
        (reason is ContactReason.ANSWER and not is_reply)
        or (RULES[reason].proactive and not is_reply and _too_late(contact, limits, now))
    )


def _is_reply(thread: ThreadFacts | None, reason: ContactReason) -> bool:
    if thread is None or thread.last_buyer_at is None:
        return False
    return reason is ContactReason.ANSWER or thread.state is ThreadState.OPEN_NEEDS_RESPONSE


def _too_late(contact: ContactFacts, limits: Limits, now: datetime) -> bool:
    days = timedelta(days=limits.message_proactive_days)
    return contact.completed_at is not None and now > contact.completed_at + days


def _check_moment(
    facts: OrderFacts,
    contact: ContactFacts,
    reason: ContactReason,
    *,
    limits: Limits,
    is_reply: bool,
    now: datetime,
) -> None:
    if not fits(facts, reason):
        raise refuse(
            Code.REASON_NOT_ALLOWED,
            order_number=facts.order_number,
            reason=reason.value,
            status=facts.status.value,
        )
    if reason is ContactReason.ANSWER and not is_reply:
        raise refuse(Code.NOTHING_TO_ANSWER, order_number=facts.order_number)
    if RULES[reason].proactive and not is_reply and _too_late(contact, limits, now):
        raise refuse(
            Code.TOO_LATE_TO_WRITE,
            order_number=facts.order_number,
            completed_at=contact.completed_at,
            days=limits.message_proactive_days,
        )


def _check_text(facts: OrderFacts, text: str, request: SellerMessage) -> None:
    reason, rule = request.reason, RULES[request.reason]
    if not rule.text_max:
        if text:
            raise refuse(Code.INVALID_VALUE, place="text", value=text[:40], expected="no text, only files")
        return
    if not text:
        if rule.text_optional and request.attachments:
            return
        raise refuse(Code.MISSING_VALUE, place="text")
    if len(text) > rule.text_max:
        raise _too_long(len(text), rule.text_max)
    check_message(text, LintContext.of(facts, reason), facts.order_number)


def _check_attachments(
    rule: Rule, request: SellerMessage, *, bytes_max: int, count_max: int | None
) -> tuple[CheckedFile, ...]:
    if rule.files is Files.REQUIRED and not request.attachments:
        raise refuse(Code.MISSING_VALUE, place="attachments")
    if rule.files is Files.NONE and request.attachments:
        count = len(request.attachments)
        raise refuse(Code.INVALID_VALUE, place="attachments", value=count, expected="no files")
    return check_files(request.attachments, bytes_max=bytes_max, count_max=count_max, sendable_only=True)


def _check_version(facts: OrderFacts, thread: ThreadFacts | None, version: int | None) -> None:
    actual = thread.version if thread else 0
    if version is not None and version != actual:
        raise refuse(Code.STALE_VERSION, order_number=facts.order_number, expected=version, actual=actual)


def _too_long(length: int, most: int) -> Exception:
    value, expected = f"{length} characters", f"at most {most} characters"
    return refuse(Code.INVALID_VALUE, place="text", value=value, expected=expected)
