"""Messages on PostgreSQL: threads, clocks, opt-out (I17), the daily cap, repeats, the walls of texts and files."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests import build
from tests.build import PLACED, all_well, an_actor, everything

from sellerdesk.commands import cancel_requests, messages
from sellerdesk.commands.deadlines import DueOrder, fire_deadlines
from sellerdesk.domain.actors import PERMISSIONS, Actor, Door, Party, Role
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.cancel_requests import FilingRequest, Reason
from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.domain.message_reasons import CRITICAL, RULES, ContactReason
from sellerdesk.domain.message_templates import built_in, render
from sellerdesk.domain.message_threads import Via
from sellerdesk.domain.messages import BuyerMessage, SellerMessage, ThreadRequest
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, refuse

Parallel = Callable[[int, Callable[[int], Any]], list[Any]]
pytestmark = pytest.mark.usefixtures("committed")

NOW = PLACED + timedelta(hours=2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EMAIL = "ada.quill@buyer.example"
PNG = Attachment("../../lamp.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
WORDS = "Please tell us which colour you would like for the second lantern."


def receive(seller: int, number: str, text: str = "Where is my parcel?", **more: Any) -> Outcome:
    actor = an_actor(seller, party=Party.BUYER, name="buyer")
    now = more.pop("now", NOW)
    return messages.receive_messages(actor, [BuyerMessage(number, text, **more)], now=now)[0]


def send(
    seller: int, number: str, text: str = WORDS, reason: ContactReason = ContactReason.ANSWER, **more: Any
) -> Outcome:
    now = more.pop("now", NOW)
    actor = more.pop("actor", None) or an_actor(seller, door=Door.WEB)
    return messages.send_messages(actor, [SellerMessage(number, reason, text, **more)], now=now)[0]


def code(outcome: Outcome) -> Code | None:
    return outcome.refusal.code if outcome.refusal else None


def thread(number: str) -> tuple[Any, ...]:
    """State, due, hint, count, version of an order's thread."""
    return everything(
        "SELECT t.state, t.due_at, t.hint, t.count, t.version FROM message_threads t JOIN orders o ON o.id = t.order_id"
        " WHERE o.order_number = %s",
        [number],
    )[0]


def deadline(number: str) -> tuple[Any, ...] | None:
    """State and instant of the answer's deadline."""
    found = everything(
        "SELECT d.state, d.due_at FROM deadlines d JOIN orders o ON o.id = d.order_id"
        " WHERE o.order_number = %s AND d.kind = 'message_answer'",
        [number],
    )
    return found[0] if found else None


def journal(number: str) -> list[str]:
    found = everything(
        "SELECT j.kind FROM journal j JOIN orders o ON o.id = j.order_id WHERE o.order_number = %s"
        " AND j.kind LIKE 'message%%' ORDER BY j.id",
        [number],
    )
    return [kind for (kind,) in found]


def test_a_buyers_message_starts_the_clock_and_an_answer_stops_it() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    told = receive(seller, number)
    assert told.state == "received"
    assert told.facts["due_at"] == NOW + 24 * HOUR
    assert thread(number)[:4] == ("open_needs_response", NOW + 24 * HOUR, "", 1)
    assert deadline(number) == ("open", NOW + 24 * HOUR)
    again = receive(seller, number, "Hello?", now=NOW + 3 * HOUR)
    assert again.facts["due_at"] == NOW + 24 * HOUR, "a second message gives no more time"
    answer = send(seller, number, now=NOW + 4 * HOUR)
    assert (answer.state, answer.facts["reply"]) == ("sent", True)
    assert thread(number)[:4] == ("answered", None, "", 3)
    assert deadline(number)[0] == "void"
    receive(seller, number, "And the other one?", now=NOW + 5 * HOUR)
    assert deadline(number) == ("open", NOW + 29 * HOUR), "the row is opened again"
    assert journal(number) == [
        "message_received",
        "message_received",
        "message_sent",
        "message_received",
    ]


def test_no_response_needed_stops_the_clock_and_can_be_taken_back() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    receive(seller, number, "Thanks!")
    staff = an_actor(seller, door=Door.WEB)
    all_well(messages.mark_no_response_needed(staff, [ThreadRequest(number, version=1)], now=NOW + HOUR))
    assert thread(number)[:2] == ("no_response_needed", None)
    assert deadline(number)[0] == "void"
    (refused,) = messages.mark_no_response_needed(staff, [ThreadRequest(number)], now=NOW + HOUR)
    assert code(refused) is Code.NOTHING_TO_ANSWER
    all_well(messages.reopen_threads(staff, [ThreadRequest(number)], now=NOW + 2 * HOUR))
    assert thread(number)[:2] == ("open_needs_response", NOW + 26 * HOUR)
    assert deadline(number) == ("open", NOW + 26 * HOUR)


def test_an_automatic_reply_stops_no_clock() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    receive(seller, number)
    assert send(seller, number, automatic=True).state == "sent"
    assert thread(number)[0] == "open_needs_response"
    assert deadline(number)[0] == "open"


def test_a_missed_answer_is_fired_whatever_became_of_the_order() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    receive(seller, number)
    build.ship(seller, number, at=NOW + HOUR)  # closes the deadlines of shipping, not that of the answer
    assert deadline(number)[0] == "open"
    clock = Actor(Party.SYSTEM, "clock", Door.JOBS, seller)
    order_id = everything("SELECT id FROM orders WHERE order_number = %s", [number])[0][0]
    due = [DueOrder(order_id, number)]
    assert fire_deadlines(clock, DeadlineKind.MESSAGE_ANSWER, due, now=NOW + 23 * HOUR)[0].state == "skipped"
    assert fire_deadlines(clock, DeadlineKind.MESSAGE_ANSWER, due, now=NOW + 24 * HOUR)[0].state == "fired"
    assert fire_deadlines(clock, DeadlineKind.MESSAGE_ANSWER, due, now=NOW + 25 * HOUR)[0].state == "skipped"
    assert journal(number)[-1] == "message_answer_missed"


@pytest.mark.parametrize("reason", [one for one in ContactReason if RULES[one].text_max])
def test_to_a_buyer_who_opted_out_only_critical_messages_pass(reason: ContactReason) -> None:
    """I17, C18: what passes follows from the reason alone."""
    seller = build.a_seller()
    shipped = build.a_shipped_order(seller)
    waiting = build.a_paid_order(seller)
    messages.set_opt_out(EMAIL.upper(), True, now=NOW)
    for number in (waiting, shipped):
        outcome = send(seller, number, reason=reason, now=NOW + DAY)
        if outcome.state == "refused":
            assert code(outcome) in (Code.REASON_NOT_ALLOWED, Code.NOTHING_TO_ANSWER)
            continue
        assert outcome.state == ("sent" if reason in CRITICAL else "blocked")
        states = everything("SELECT state FROM messages WHERE id = %s", [outcome.facts["message_id"]])
        assert states == [("sent" if reason in CRITICAL else "blocked_opt_out",)]
        assert journal(number) == ["message_sent" if reason in CRITICAL else "message_blocked"]


def test_a_reply_passes_the_opt_out_and_the_opt_out_can_be_taken_back() -> None:
    seller = build.a_seller()
    number, other = build.a_paid_order(seller), build.a_paid_order(seller)
    messages.set_opt_out(EMAIL, True, now=NOW)
    receive(seller, number)
    assert send(seller, number).state == "sent"
    question = ContactReason.OTHER_ORDER_QUESTION
    blocked = send(seller, other, reason=question)
    assert code(blocked) is Code.BLOCKED_OPT_OUT
    messages.set_opt_out(EMAIL, False, now=NOW)
    assert send(seller, other, reason=question).state == "sent"


def test_a_mail_that_arrives_twice_is_one_message() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    first = receive(seller, number, via=Via.MAIL, external_id="<1@buyer.example>")
    again = receive(seller, number, via=Via.MAIL, external_id="<1@buyer.example>")
    assert (again.state, again.facts["message_id"]) == ("unchanged", first.facts["message_id"])
    twice = [BuyerMessage(number, "Hi", via=Via.MAIL, external_id="<2@buyer.example>")] * 2
    outcomes = messages.receive_messages(an_actor(seller), twice, now=NOW)
    assert [one.state for one in outcomes] == ["received", "unchanged"]
    assert thread(number)[3] == 2
    # Another seller's mail may have the same name.
    other = build.a_seller("Other")
    number = build.a_paid_order(other)
    assert receive(other, number, external_id="<1@buyer.example>").state == "received"


def test_the_daily_cap_counts_orders_and_spares_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    build.change(
        "INSERT INTO policies (marketplace_id, key, value, valid_from, source, edited_by)"
        " VALUES ('*', 'message_daily_floor', '2', '2026-01-01', 'test', ''),"
        " ('*', 'message_daily_factor', '30', '2026-01-01', 'test', '')"
    )
    question = ContactReason.OTHER_ORDER_QUESTION
    batch = [SellerMessage(number, question, WORDS)] * 4  # 30 × 1 order in 30 days + 2 = 3
    outcomes = messages.send_messages(an_actor(seller), batch, now=NOW)
    assert [one.state for one in outcomes] == ["sent", "sent", "sent", "refused"]
    assert outcomes[3].refusal == refuse(Code.DAILY_CAP, sent=3, cap=3)
    receive(seller, number)
    assert send(seller, number).state == "sent", "an answer is never held back"
    assert send(seller, number, reason=question, now=NOW + DAY + HOUR).state == "sent", (
        "the next day is a new one"
    )


def test_files_are_kept_as_what_they_are_and_texts_nowhere_else() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    page = Attachment("x.html", "text/html", b"<html><script>alert(1)</script>")
    receive(seller, number, "My SECRETWORD", attachments=(PNG, page))
    found = everything(
        "SELECT a.position, a.name, a.claimed, f.kind, f.size, length(f.content) FROM message_attachments a"
        " JOIN stored_files f ON f.id = a.file_id ORDER BY a.position"
    )
    assert found == [
        (1, "lamp.png", "image/png", "image/png", 28, 28),
        (2, "x.html", "text/html", "application/octet-stream", 31, 31),
    ]
    assert everything("SELECT text FROM message_texts") == [("My SECRETWORD",)]
    assert not everything(
        "SELECT 1 FROM journal WHERE facts::text LIKE '%%SECRETWORD%%' OR facts::text LIKE '%%lamp%%'"
    )
    refused = send(seller, number, attachments=(page,))
    assert code(refused) is Code.ATTACHMENT_TYPE
    program = an_actor(seller, door=Door.SPAPI)
    refused = send(seller, number, attachments=(PNG,) * 6, actor=program)
    assert code(refused) is Code.TOO_MANY_ATTACHMENTS
    assert send(seller, number, attachments=(PNG,) * 6).state == "sent", "a limit of programs only"
    big = Attachment("big.txt", "text/plain", b"a" * (6 * 1024 * 1024))
    refused = send(seller, number, attachments=(big, big))
    assert code(refused) is Code.ATTACHMENT_TOO_BIG


def test_what_the_lint_refuses_leaves_nothing_and_disturbs_nobody() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    bad = "Please cancel your order, we are out of stock"
    question = ContactReason.OTHER_ORDER_QUESTION
    batch = [SellerMessage(number, question, bad), SellerMessage(number, question, WORDS)]
    first, second = messages.send_messages(an_actor(seller), batch, now=NOW)
    assert code(first) is Code.LINT_REFUSED
    assert first.refusal
    assert first.refusal.facts["codes"] == ["asks_to_cancel"]
    assert second.state == "sent"
    assert everything("SELECT count(*) FROM messages") == [(1,)]


def test_notes_are_for_staff_and_stop_no_clock() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    all_well(messages.add_notes(an_actor(seller), [ThreadRequest(number, "Call the depot")], now=NOW))
    assert thread(number)[:4] == ("no_response_needed", None, "", 0)
    receive(seller, number)
    all_well(messages.add_notes(an_actor(seller), [ThreadRequest(number, "Called")], now=NOW))
    assert thread(number)[:4] == ("open_needs_response", NOW + 24 * HOUR, "", 1)


def test_a_colleague_who_answered_meanwhile_is_noticed() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    receive(seller, number)
    assert send(seller, number, version=1).state == "sent"
    stale = send(seller, number, version=1)
    assert code(stale) is Code.STALE_VERSION


def test_permissions_and_the_wall() -> None:
    seller, other = build.a_seller(), build.a_seller("Other")
    number = build.a_paid_order(seller)
    shipper = Actor(Party.SELLER, "S", Door.WEB, seller, PERMISSIONS[Role.SHIPPER])
    refused = send(seller, number, actor=shipper, reason=ContactReason.OTHER_ORDER_QUESTION)
    assert code(refused) is Code.FORBIDDEN
    stranger = receive(other, number)
    assert code(stranger) is Code.ORDER_NOT_FOUND


def test_a_cancelled_order_may_still_be_written_about_by_its_buyer() -> None:
    seller = build.a_seller()
    number = build.a_placed_order(seller)
    assert receive(seller, number, "I want to cancel this").facts["hint"] == "cancel"
    assert thread(number)[2] == "cancel"


def test_guiding_the_buyer_moves_the_wish_in_the_same_step() -> None:
    """S3-28, S3-29: the wish is guided, silence falls due, and a second guide beside it is refused."""
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    receive(seller, number, "Please cancel my order")
    text = render(
        built_in("cancel_guidance").texts["en"], {"order_number": number, "buyer_name": "Ada", "shop": "L"}
    )
    batch = [SellerMessage(number, ContactReason.CANCEL_GUIDANCE, text)] * 2
    first, second = messages.send_messages(an_actor(seller, door=Door.WEB), batch, now=NOW)
    assert first.state == "sent"
    assert code(second) is Code.DUPLICATE_REQUEST
    wish = everything("SELECT kind, state, guided_at FROM cancellation_requests")
    assert wish == [("informal", "guided", NOW)]
    assert everything("SELECT cancel_request FROM orders") == [("guided",)]
    assert everything("SELECT due_at FROM deadlines WHERE kind = 'guide_follow_up'") == [(NOW + DAY,)]
    assert thread(number)[0] == "answered"
    buyer = an_actor(seller, party=Party.BUYER)
    filing = FilingRequest(number, Reason.NOT_NEEDED)
    all_well(cancel_requests.file_requests(buyer, [filing], now=NOW + HOUR))
    again = send(seller, number, text, ContactReason.CANCEL_GUIDANCE, now=NOW + 2 * HOUR)
    assert code(again) is Code.ALREADY_REQUESTED


def test_the_same_mail_in_many_hands_at_once_is_one_message(run_parallel: Parallel) -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    said = run_parallel(8, lambda _: receive(seller, number, external_id="<1@buyer.example>").state)
    assert sorted(said) == ["received"] + ["unchanged"] * 7
    assert everything("SELECT count(*) FROM messages") == [(1,)]
    assert thread(number)[3] == 1


def test_two_colleagues_who_answer_at_once_do_not_both_answer(run_parallel: Parallel) -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    receive(seller, number)
    said = run_parallel(6, lambda _: send(seller, number, version=1).state)
    assert sorted(said) == ["refused"] * 5 + ["sent"]


def test_the_last_place_under_the_cap_is_given_once(run_parallel: Parallel) -> None:
    seller = build.a_seller()
    numbers = [build.a_paid_order(seller, at=PLACED - timedelta(days=40)) for _ in range(4)]
    build.change(
        "INSERT INTO policies (marketplace_id, key, value, valid_from, source, edited_by)"
        " VALUES ('*', 'message_daily_floor', '1', '2026-01-01', 'test', '')"
    )
    question = ContactReason.OTHER_ORDER_QUESTION
    said = run_parallel(4, lambda i: send(seller, numbers[i], reason=question).state)
    assert sorted(said) == ["refused"] * 3 + ["sent"]
