"""Who may write what when: the tables of reasons and states, and decisions at their limits (rulebook 3.7)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sellerdesk.domain import messages
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.message_reasons import CRITICAL, RULES, ContactReason, Files, Phase, phase
from sellerdesk.domain.message_threads import (
    MESSAGE,
    THREAD,
    ContactFacts,
    Limits,
    MessageState,
    ThreadFacts,
    ThreadState,
)
from sellerdesk.domain.messages import BuyerMessage, SellerMessage, allowed_reasons
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.domain.refusals import Code, Refusal

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LIMITS = Limits(24, 10, 5, 30, 5, 600, 30, 24)
R, T = ContactReason, ThreadState
ORDER = OrderFacts(
    id=1,
    order_number="111-1234567-7654321",
    marketplace_id="ATVPDKIKX0DER",
    channel=Channel.MFN,
    status=Status.UNSHIPPED,
    payment_state="authorized",
    pending_reason="",
    currency="USD",
    placed_at=NOW - DAY,
    latest_ship_at=None,
    confirmed_at=None,
    is_late=None,
    version=1,
    items_known=True,
    items=(),
)
WAITS = ThreadFacts(1, T.OPEN_NEEDS_RESPONSE, 3, NOW - DAY, NOW)
ANSWERED = replace(WAITS, state=T.ANSWERED, due_at=None)
PDF = Attachment("a.pdf", "application/pdf", b"%PDF-1.7")


def decide(
    reason: ContactReason, contact: ContactFacts, *, status: Status = Status.UNSHIPPED, **more: object
) -> messages.SendDecision:
    files = () if RULES[reason].files is Files.NONE else (PDF,)
    text = "Which colour would you like?" if RULES[reason].text_max else ""
    request = SellerMessage(ORDER.order_number, reason, text, files)
    request = replace(request, **more)  # type: ignore[arg-type]
    facts = replace(ORDER, status=status)
    return messages.send(facts, contact, request, limits=LIMITS, by_program=False, now=NOW)


def refused(*args: object, **more: object) -> Code:
    with pytest.raises(Refusal) as caught:
        decide(*args, **more)  # type: ignore[arg-type]
    return caught.value.code


def test_the_machines_reach_every_state() -> None:
    assert not THREAD.unreachable()
    assert not MESSAGE.unreachable()
    assert THREAD.states == set(ThreadState)
    assert MESSAGE.states == set(MessageState)


def test_every_reason_has_its_rule_and_critical_ones_are_few() -> None:
    assert set(RULES) == set(ContactReason)
    assert {
        R.CANCEL_GUIDANCE,
        R.CANCEL_IMPORTANT,
        R.CANCEL_DECLINED,
        R.ADDRESS_PROBLEM,
        R.DELIVERY_SCHEDULING,
        R.CONFIRM_DELIVERY_DETAILS,
        R.CONFIRM_CUSTOMIZATION_DETAILS,
    } == CRITICAL


@pytest.mark.parametrize("status", list(Status))
def test_the_lists_of_reasons_are_what_may_be_sent(status: Status) -> None:
    """The console's list and the rule agree, for every state, channel and age."""
    for channel in Channel:
        for thread in (None, ANSWERED, WAITS):
            for age in (None, 30 * DAY, 30 * DAY + timedelta(seconds=1)):
                facts = replace(ORDER, status=status, channel=channel)
                contact = ContactFacts(completed_at=NOW - age if age else None, thread=thread)
                allowed = set(allowed_reasons(facts, contact, limits=LIMITS, now=NOW))
                for reason in ContactReason:
                    assert (reason in allowed) is may_send(facts, contact, reason), (reason, thread, age)


def may_send(facts: OrderFacts, contact: ContactFacts, reason: ContactReason) -> bool:
    files = () if RULES[reason].files is Files.NONE else (PDF,)
    text = "Which colour would you like?" if RULES[reason].text_max else ""
    request = SellerMessage(facts.order_number, reason, text, files)
    try:
        messages.send(facts, contact, request, limits=LIMITS, by_program=False, now=NOW)
    except Refusal:
        return False
    return True


def test_an_answer_needs_a_question_and_then_has_no_end() -> None:
    assert refused(R.ANSWER, ContactFacts()) is Code.NOTHING_TO_ANSWER
    old = ContactFacts(completed_at=NOW - 300 * DAY, thread=ANSWERED)
    assert decide(R.ANSWER, old, status=Status.CANCELED).is_reply
    assert refused(R.WARRANTY, old, status=Status.SHIPPED) is Code.TOO_LATE_TO_WRITE
    waits = replace(old, thread=WAITS)
    assert decide(R.WARRANTY, waits, status=Status.SHIPPED).is_reply


def test_to_who_opted_out_only_critical_messages_and_replies_pass() -> None:
    """I17, over all reasons and threads."""
    for reason in ContactReason:
        for thread in (None, ANSWERED, WAITS):
            for status in (Status.PENDING, Status.UNSHIPPED, Status.SHIPPED):
                try:
                    decision = decide(reason, ContactFacts(opted_out=True, thread=thread), status=status)
                except Refusal:
                    continue
                passes = decision.critical or decision.is_reply
                assert (decision.state is MessageState.SENT) is passes
                assert decision.answers is passes, "a message nobody gets answers nothing"


def test_the_cap_spares_replies() -> None:
    full = ContactFacts(sent_today=605, daily_cap=605)
    assert refused(R.CONFIRM_ORDER_DETAILS, full) is Code.DAILY_CAP
    assert decide(R.CONFIRM_ORDER_DETAILS, replace(full, sent_today=604)).state is MessageState.SENT
    assert decide(R.ANSWER, replace(full, thread=WAITS)).state is MessageState.SENT


@pytest.mark.parametrize(("orders", "cap"), [(0, 600), (1, 601), (30, 605), (31, 606), (3000, 1100)])
def test_the_cap_is_rounded_up(orders: int, cap: int) -> None:
    assert LIMITS.daily_cap(orders) == cap


def test_texts_and_files_keep_to_their_reason() -> None:
    contact = ContactFacts(thread=ANSWERED)
    assert refused(R.CONFIRM_CUSTOMIZATION_DETAILS, contact, text="a" * 801) is Code.INVALID_VALUE
    assert refused(R.DIGITAL_ACCESS_KEY, contact, text="a" * 401) is Code.INVALID_VALUE
    assert refused(R.LEGAL_DISCLOSURE, contact, text="Hello") is Code.INVALID_VALUE
    assert refused(R.LEGAL_DISCLOSURE, contact, attachments=()) is Code.MISSING_VALUE
    assert refused(R.CONFIRM_ORDER_DETAILS, contact, text=" \n ") is Code.MISSING_VALUE
    assert refused(R.CONFIRM_ORDER_DETAILS, contact, attachments=(PDF,)) is Code.INVALID_VALUE
    assert refused(R.ANSWER, contact, text="Thank you!") is Code.LINT_REFUSED
    assert refused(R.ANSWER, contact, version=2) is Code.STALE_VERSION
    assert refused(R.CONFIRM_ORDER_DETAILS, contact, status=Status.CANCELED) is Code.REASON_NOT_ALLOWED


def test_warehouse_orders_are_written_about_in_few_ways() -> None:
    facts = replace(ORDER, channel=Channel.AFN, status=Status.SHIPPED)
    allowed = allowed_reasons(facts, ContactFacts(thread=ANSWERED), limits=LIMITS, now=NOW)
    assert set(allowed) == {R.ANSWER, R.LEGAL_DISCLOSURE, R.WARRANTY, R.INVOICE}


def test_every_status_has_its_phase() -> None:
    assert {status: phase(replace(ORDER, status=status)) for status in Status} == {
        Status.PENDING_AVAILABILITY: Phase.WAITING,
        Status.PENDING: Phase.WAITING,
        Status.UNSHIPPED: Phase.TO_SHIP,
        Status.PARTIALLY_SHIPPED: Phase.TO_SHIP,
        Status.SHIPPED: Phase.SHIPPED,
        Status.INVOICE_UNCONFIRMED: Phase.SHIPPED,
        Status.CANCELED: Phase.ENDED,
        Status.UNFULFILLABLE: Phase.ENDED,
    }


def test_a_buyer_may_write_anything_but_nothing() -> None:
    got = messages.receive(ORDER, None, BuyerMessage("x", "visit www.evil.example"), limits=LIMITS, now=NOW)
    assert (got.due_at, got.starts_clock) == (NOW + DAY, True)
    waiting = messages.receive(ORDER, WAITS, BuyerMessage("x", "?"), limits=LIMITS, now=NOW - DAY / 2)
    assert (waiting.due_at, waiting.starts_clock) == (NOW, False)
    for text in ("", " \u202e\x00\n", "a" * 20_001):
        with pytest.raises(Refusal):
            messages.receive(ORDER, None, BuyerMessage("x", text), limits=LIMITS, now=NOW)
    only_file = BuyerMessage("x", "", (PDF,))
    assert messages.receive(ORDER, None, only_file, limits=LIMITS, now=NOW).files[0].kind == "application/pdf"
