"""From the journal to the mailbox: no gap is passed, nothing is owed twice, poison does not stop the queue (P5, P6)."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from tests import build

from sellerdesk.adapters.mail.base import Letter, LetterImpossible, LetterRefused, MailUnavailable, Post
from sellerdesk.commands.mails import owe_mails, pass_over_journal, record_mails, reserve_mails, revive_mails
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.payments import report_payments
from sellerdesk.commands.solicitations import solicit
from sellerdesk.domain.notices import LANGUAGES, LETTERS, PAUSES
from sellerdesk.domain.orders import Buyer, PaymentState
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.payments import PaymentReport
from sellerdesk.domain.solicitations import SolicitationRequest
from sellerdesk.flows import notices
from sellerdesk.flows.notices import LEASE, configured_post, drain_journal, mail_host, send_mails
from sellerdesk.flows.notices import letters as written_letters
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.tenancy import scope_transaction
from sellerdesk.queries.mails import _UNREAD

NOW = build.PLACED + timedelta(hours=1)
Parallel = Callable[[int, Callable[[int], Any]], list[Any]]
OLD = {
    "sold",
    "ship_by_reminder",
    "auto_cancel_warning",
    "auto_cancelled",
    "cancelled",
    "shipped",
    "delivered",
}
QUEUE = "SELECT kind, reader, state, attempts FROM mails ORDER BY id"


def order_ids() -> list[int]:
    return [row[0] for row in build.everything("SELECT id FROM orders ORDER BY id")]


class FailingPost(Post):
    """Fails for letters that a test names, and keeps the others."""

    def __init__(self, error: Exception, to_fail: Callable[[Letter], bool] = lambda _letter: True) -> None:
        self.error, self.to_fail = error, to_fail
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        if self.to_fail(letter):
            raise self.error
        self.letters.append(letter)


# --- The journal's reader --------------------------------------------------------------------------------------------


def test_a_gap_is_never_passed(run_parallel: Parallel) -> None:
    """A transaction that began first commits last: its entries have lower ids than ones that were read before."""
    seller = build.a_seller()
    slow, quick = build.placed_orders(seller, [build.a_document(), build.a_document()])
    build.drain(NOW)
    is_open, quick_is_read = threading.Event(), threading.Event()

    def work(number: int) -> None:
        if number == 0:
            with transaction.atomic():
                scope_transaction(seller)
                cursor = connection.cursor()
                cursor.execute(
                    "INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)"
                    " SELECT seller_id, id, %s, 'payment_authorized', 'AMAZON', 'slow', 'api', '',"
                    ' \'{"status": "Unshipped"}\' FROM orders WHERE order_number = %s',
                    [NOW, slow],
                )
                is_open.set()
                assert quick_is_read.wait(30)
        else:
            assert is_open.wait(30)
            report = PaymentReport(quick, PaymentState.AUTHORIZED, at=NOW)
            build.all_well(report_payments(build.an_actor(seller), [report], now=NOW))
            # Its entry is committed and visible, but the gap before it is still open: nobody may read on.
            assert drain_journal(NOW) == 0
            assert build.everything(QUEUE) == []
            quick_is_read.set()

    run_parallel(2, work)
    build.drain(NOW)
    owed = build.everything(
        "SELECT o.order_number FROM mails m JOIN orders o ON o.id = m.order_id ORDER BY m.entry_id"
    )
    assert owed == [(slow,), (quick,)]


def test_a_look_at_a_long_journal_is_a_step_in_its_index(committed: None) -> None:
    build.a_placed_order(build.a_seller())
    build.change(
        "INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)"
        " SELECT seller_id, order_id, at, 'x', party, actor, door, key, '{}' FROM journal, generate_series(1, 5000)"
    )
    build.drain(NOW)
    build.analyze()
    ((txid, entry),) = build.everything(
        "SELECT txid::text, entry_id FROM journal_readers WHERE name = 'mail'"
    )
    plan = str(build.everything("EXPLAIN " + _UNREAD % {"txid": f"'{txid}'", "entry": entry}))
    assert "journal_by_txid" in plan
    assert "Seq Scan" not in plan


def test_nothing_is_owed_for_what_was_rolled_back(committed: None) -> None:
    seller = build.a_seller()
    build.a_placed_order(seller)
    entry = Entry(order_ids()[0], "shipment_confirmed")
    with transaction.atomic():
        scope_transaction(seller)
        journal_writes.add(build.an_actor(seller), seller, [entry], NOW)
        transaction.set_rollback(True)
    build.drain(NOW)
    assert build.everything(QUEUE) == []


def test_every_event_owes_its_mail_once_however_often_it_is_read(committed: None) -> None:
    seller = build.a_seller()
    build.a_shipped_order(seller)
    build.drain(NOW)
    first = build.everything("SELECT id, message_id FROM mails ORDER BY id")
    build.change("UPDATE journal_readers SET txid = 0, entry_id = 0")  # as if the place had been lost
    build.drain(NOW)
    assert build.everything("SELECT id, message_id FROM mails ORDER BY id") == first
    assert build.everything(QUEUE) == [("sold", "seller", "queued", 0), ("shipped", "buyer", "queued", 0)]


@pytest.mark.serial  # counts steps, and tests of another process hold the horizon back
def test_small_steps_read_the_same_as_one(committed: None) -> None:
    seller = build.a_seller()
    for _ in range(3):
        build.a_shipped_order(seller)
    steps = 0
    while (step := owe_mails(now=NOW, host="x", limit=2)).read:
        assert step.read <= 2
        steps += 1
    assert steps >= 5
    assert build.everything("SELECT count(*), count(DISTINCT message_id) FROM mails") == [(6, 6)]


@pytest.mark.serial
def test_many_readers_at_once_owe_everything_once(run_parallel: Parallel) -> None:
    seller = build.a_seller()
    build.paid_orders(seller, [build.a_document() for _ in range(200)])
    run_parallel(6, lambda _: [owe_mails(now=NOW, host="x", limit=17) for _ in range(12)])
    build.drain(NOW)
    assert build.everything("SELECT count(*), count(DISTINCT entry_id) FROM mails") == [(200, 200)]


def test_warehouse_orders_are_not_the_sellers_to_ship(committed: None) -> None:
    build.a_paid_order(build.a_seller(), channel="AFN")
    build.drain(NOW)
    assert build.everything(QUEUE) == []


def test_history_that_is_passed_over_owes_nothing(committed: None) -> None:
    seller = build.a_seller()
    build.a_paid_order(seller)
    pass_over_journal()
    build.drain(NOW)
    assert build.everything(QUEUE) == []
    build.a_paid_order(seller)
    build.drain(NOW)
    assert build.everything(QUEUE) == [("sold", "seller", "queued", 0)]


def test_rows_of_mail_and_journal_hold_nothing_personal(committed: None) -> None:
    build.a_shipped_order(build.a_seller(), buyer=Buyer(name="Canary Sparrow", email="canary@buyer.example"))
    build.mails(NOW)
    for table in ("mails", "journal"):
        text = str(build.everything(f"SELECT string_agg(t::text, '') FROM {table} t"))
        assert "anary" not in text


# --- Sending ---------------------------------------------------------------------------------------------------------


def test_a_letter_is_sent_once(committed: None) -> None:
    build.a_shipped_order(build.a_seller())
    letters, report = build.mails(NOW)
    assert [one.to for one in letters] == [("seller@lantern.example",), ("ada.quill@buyer.example",)]
    assert report.sent == 2
    assert build.mails(NOW + timedelta(days=1))[1].tried == 0


def test_a_seller_without_an_address_is_reached_through_its_owners(committed: None) -> None:
    from sellerdesk.models.accounts import Membership, User

    seller = build.a_seller(email="")
    for email, role, active in (("a@x.example", "owner", True), ("b@x.example", "shipper", True)):
        user = User.objects.create_user(email, date_joined=NOW, is_active=active)
        Membership.objects.create(seller_id=seller, user=user, role=role)
    build.a_paid_order(seller)
    assert [one.to for one in build.mails(NOW)[0]] == [("a@x.example",)]


def test_without_anybody_to_write_to_it_is_void(committed: None) -> None:
    build.a_shipped_order(build.a_seller(email=""), buyer=Buyer(name="Nobody"))
    assert build.mails(NOW)[1].void == 2
    assert [row[2] for row in build.everything(QUEUE)] == ["void", "void"]


def test_a_server_that_is_away_is_tried_again_ever_later_and_given_up_in_the_end(committed: None) -> None:
    build.a_paid_order(build.a_seller())
    build.drain(NOW)
    moment = NOW
    for attempt, pause in enumerate(PAUSES, 1):
        report = send_mails(moment, post=lambda: FailingPost(MailUnavailable("away")))
        assert (report.again, report.dead) == (1, 0)
        assert send_mails(moment + pause - timedelta(seconds=1), post=build.KeptPost).tried == 0
        assert build.everything("SELECT attempts, error FROM mails") == [(attempt, "away")]
        moment += pause
    assert send_mails(moment, post=lambda: FailingPost(MailUnavailable("away"))).dead == 1
    assert send_mails(moment + timedelta(days=99), post=build.KeptPost).tried == 0
    ((mail,),) = build.everything("SELECT id FROM mails WHERE state = 'dead'")
    assert revive_mails([mail], now=moment) == 1
    assert send_mails(moment, post=build.KeptPost).sent == 1
    assert revive_mails([mail], now=moment) == 0


@pytest.mark.parametrize("error", [LetterRefused("550"), LetterImpossible("no address"), KeyError("defect")])
def test_poison_does_not_stop_the_queue(committed: None, error: Exception) -> None:
    """P6: the first of many cannot be sent; all others are."""
    seller = build.a_seller()
    numbers = build.paid_orders(seller, [build.a_document() for _ in range(25)])
    build.drain(NOW)
    post = FailingPost(error, lambda letter: numbers[0] in letter.subject)
    report = send_mails(NOW, post=lambda: post)
    assert (report.sent, report.dead + report.again) == (24, 1)
    assert len({one.message_id for one in post.letters}) == 24


def test_a_letter_that_cannot_be_written_does_not_stop_the_queue(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller = build.a_seller()
    numbers = build.paid_orders(seller, [build.a_document() for _ in range(3)])
    build.drain(NOW)

    def write(facts: Any) -> Any:
        if facts.order_number == numbers[0]:
            raise ValueError("hostile")
        return written_letters.write(facts)

    monkeypatch.setattr(notices, "write", write)
    assert send_mails(NOW, post=build.KeptPost).sent == 2


def test_a_sender_killed_after_reserving_loses_nothing(committed: None) -> None:
    build.paid_orders(build.a_seller(), [build.a_document() for _ in range(3)])
    build.drain(NOW)
    taken = reserve_mails(now=NOW, lease=LEASE, limit=2)  # and then it is killed
    post = build.KeptPost()
    assert send_mails(NOW, post=lambda: post).sent == 1
    assert send_mails(NOW + LEASE - timedelta(seconds=1), post=lambda: post).sent == 0
    assert send_mails(NOW + LEASE, post=lambda: post).sent == 2
    assert len({one.message_id for one in post.letters}) == 3
    assert {one.id for one in taken} < {row[0] for row in build.everything("SELECT id FROM mails")}


def test_a_sender_killed_after_sending_repeats_the_same_letter(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.a_paid_order(build.a_seller())
    build.drain(NOW)
    post = build.KeptPost()

    def killed(*_args: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(notices, "record_mails", killed)
    with pytest.raises(KeyboardInterrupt):
        send_mails(NOW, post=lambda: post)
    monkeypatch.undo()
    assert send_mails(NOW + LEASE, post=lambda: post).sent == 1
    first, second = post.letters
    assert first == second


def test_a_late_record_does_not_undo_what_another_sender_settled(committed: None) -> None:
    from sellerdesk.commands.mails import MailResult

    build.a_paid_order(build.a_seller())
    build.drain(NOW)
    (mail,) = reserve_mails(now=NOW, lease=LEASE, limit=1)
    record_mails([MailResult(mail.id, "sent")], now=NOW)
    record_mails([MailResult(mail.id, "dead", error="late")], now=NOW)
    assert build.everything("SELECT state, error, sent_at FROM mails") == [("sent", "", NOW)]


@pytest.mark.serial
def test_many_senders_at_once_send_everything_once(run_parallel: Parallel) -> None:
    build.paid_orders(build.a_seller(), [build.a_document() for _ in range(100)])
    build.drain(NOW)
    post = build.KeptPost()
    run_parallel(6, lambda _: send_mails(NOW, post=lambda: post))
    assert len(post.letters) == 100
    assert len({one.message_id for one in post.letters}) == 100


# --- The words -------------------------------------------------------------------------------------------------------


def all_letters(language: str) -> list[Letter]:
    """One of each kind, to a seller of some language."""
    seller = build.a_seller(language=language, countries=["US"])
    shipped = build.a_shipped_order(seller, ship_service="Std US D2D")
    seen = build.PLACED + timedelta(days=3)
    build.all_well(
        report_parcel_events(
            build.an_actor(seller), [ParcelReport(shipped, "1", "DELIVERED", seen)], now=seen
        )
    )
    build.a_paid_order(seller)
    asked = SolicitationRequest(shipped)
    build.all_well(solicit(build.an_actor(seller), [asked], now=seen + timedelta(days=6)))
    from sellerdesk.flows.sweep import sweep

    for day in range(20):
        sweep(build.PLACED + timedelta(days=day))
    return build.mails(build.PLACED + timedelta(days=20))[0]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Sold, ship now"), ("zh-Hans", "已售出，请立即发货"), ("zh-TW", "已售出，請立即出貨")],
)
def test_every_letter_exists_in_every_language(committed: None, language: str, words: str) -> None:
    letters = all_letters(language)
    kinds = {row[0] for row in build.everything("SELECT DISTINCT kind FROM mails")}
    assert kinds == OLD  # the others are written in test_letters.py
    assert any(words in one.subject for one in letters)
    for one in letters:
        assert one.subject
        assert "{" not in one.text + one.subject + one.html
        assert "\n\n\n" not in one.text
        assert one.html.startswith("<!doctype html>")


def test_the_buyer_is_told_the_shipping_method_and_the_tracking_number(committed: None) -> None:
    build.a_shipped_order(build.a_seller(), ship_service="Std US D2D")
    (shipped,) = [one for one in build.mails(NOW)[0] if "on its way" in one.subject]
    ((tracking,),) = build.everything("SELECT tracking FROM packages")
    assert "UPS" in shipped.text
    assert tracking in shipped.text
    assert "Std US D2D" in shipped.text
    assert shipped.sender_name == "Lantern & Loom"


def test_foreign_words_stay_in_their_place(committed: None) -> None:
    """A name or title cannot add headers, lines or markup."""
    hostile = "Lamp\r\nBcc: everybody@x.example\n\n- free <script>alert(1)</script>"
    item = build.an_item(title=hostile)
    seller = build.a_seller(name="Shop\nSubject: x")
    build.a_shipped_order(seller, items=[item], buyer=Buyer(name="Eve\n\n<b>", email="eve@buyer.example"))
    for one in build.mails(NOW)[0]:
        assert "\n" not in one.subject
        assert "<script>" not in one.html
        assert "\nBcc" not in one.text
        assert "\n- free" not in one.text


def test_texts_of_all_languages_are_there() -> None:
    from pathlib import Path

    folder = Path(written_letters.__file__).parent / "mail_texts"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.txt")}
    assert found == {f"{language}/{letter}.txt" for language in LANGUAGES for letter in LETTERS}


def test_without_a_mail_server_mail_goes_into_the_data_folder(settings: Any) -> None:
    assert configured_post().folder == settings.DATA_DIR / "mail"  # type: ignore[attr-defined]
    settings.BASE_URL = "https://desk.example.com"
    assert mail_host() == "desk.example.com"
    settings.BASE_URL = "http://127.0.0.1:8000"
    assert mail_host() == "localhost"
