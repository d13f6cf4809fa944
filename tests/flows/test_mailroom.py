"""Mail from outside lands in the one thread of its order, or is refused with a reason (S3-10 to S3-12; P5, P6)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from tests import build
from tests.build import PLACED, an_actor, everything

from sellerdesk.adapters.mail.listener import Received
from sellerdesk.commands.messages import receive_messages, set_opt_out
from sellerdesk.domain.messages import BuyerMessage
from sellerdesk.domain.relay import Side, address, relay_key
from sellerdesk.flows import mailroom
from sellerdesk.flows.mailroom import deliver, folder, our_host
from sellerdesk.flows.mailroom.verdicts import _WHY, Reason, Verdict, reply_to
from sellerdesk.models.accounts import Membership, User
from sellerdesk.wire.mail_in import MAIL_BYTES_MAX, Fault

pytestmark = pytest.mark.usefixtures("committed")

NOW = PLACED + timedelta(hours=2)
ADA, SHOP = "ada.quill@buyer.example", "seller@lantern.example"


def order_id(number: str) -> int:
    return int(everything("SELECT id FROM orders WHERE order_number = %s", [number])[0][0])


def relay(number: str, side: Side, settings: Any) -> str:
    return address(side, order_id(number), relay_key(settings.SECRET_KEY), our_host())


def a_mail(sender: str, body: str = "Where is my parcel?", *headers: str, name: str = "1@x") -> bytes:
    head = [f"From: {sender}", f"Message-ID: <{name}>", *headers]
    return ("\r\n".join(head) + f"\r\n\r\n{body}\r\n").encode()


def messages() -> list[tuple[Any, ...]]:
    return everything(
        "SELECT m.kind, m.state, m.via, m.author, t.text FROM messages m"
        " LEFT JOIN message_texts t ON t.message_id = m.id ORDER BY m.id"
    )


def a_member(seller: int, email: str, role: str, *, active: bool = True, name: str = "Kim") -> User:
    user = User.objects.create_user(email, date_joined=PLACED, is_active=active, name=name)
    Membership.objects.create(seller_id=seller, user=user, role=role)
    return user


@pytest.fixture
def an_order() -> tuple[int, str]:
    seller = build.a_seller()
    return seller, build.a_paid_order(seller)


def from_buyer(
    number: str, settings: Any, data: bytes | None = None, *, envelope: str | None = ADA
) -> Verdict:
    to = relay(number, Side.SHOP, settings)
    return deliver(Received(envelope, to, a_mail(ADA) if data is None else data), now=NOW)


def from_seller(
    number: str, settings: Any, data: bytes | None = None, *, envelope: str | None = SHOP
) -> Verdict:
    to = relay(number, Side.BUYER, settings)
    body = a_mail(SHOP, "It arrives on Tuesday.") if data is None else data
    return deliver(Received(envelope, to, body), now=NOW)


def test_both_sides_land_in_one_thread(an_order: tuple[int, str], settings: Any) -> None:
    _, number = an_order
    assert from_buyer(number, settings) == Verdict(Reason.TAKEN)
    assert from_seller(number, settings) == Verdict(Reason.TAKEN)
    assert messages() == [
        ("buyer", "sent", "mail", "", "Where is my parcel?"),
        ("seller", "sent", "mail", "Lantern & Loom", "It arrives on Tuesday."),
    ]
    assert everything("SELECT count(*), min(state) FROM message_threads") == [(1, "answered")]
    assert everything("SELECT kind, party, door FROM journal WHERE kind LIKE 'message%%' ORDER BY id") == [
        ("message_received", "BUYER", "mail"),
        ("message_sent", "SELLER", "mail"),
    ]


def test_the_same_mail_twice_is_one_message_and_in_two_threads_two(
    an_order: tuple[int, str], settings: Any
) -> None:
    seller, number = an_order
    other = build.a_paid_order(seller)
    assert [from_buyer(number, settings).reason for _ in range(2)] == [Reason.TAKEN, Reason.REPEATED]
    assert from_buyer(other, settings).reason is Reason.TAKEN
    assert [from_seller(number, settings).reason for _ in range(2)] == [Reason.TAKEN, Reason.REPEATED]
    assert len(messages()) == 3


def test_a_mail_without_a_name_twice_is_one_message(an_order: tuple[int, str], settings: Any) -> None:
    _, number = an_order
    bare = f"From: {ADA}\r\n\r\nHello".encode()
    traced = b"Received: from x\r\n" + bare
    assert [from_buyer(number, settings, one).reason for one in (bare, traced)] == [
        Reason.TAKEN,
        Reason.REPEATED,
    ]


@pytest.mark.parametrize(
    ("sender", "envelope", "reason"),
    [
        ("eve@evil.example", "eve@evil.example", Reason.UNKNOWN_SENDER),
        (ADA, "eve@evil.example", Reason.SENDER_MISMATCH),
        (ADA.upper(), "bounce-7@mail.buyer.example", Reason.TAKEN),
        (f'"{ADA}" <eve@evil.example>', ADA, Reason.SENDER_MISMATCH),
        (SHOP, SHOP, Reason.UNKNOWN_SENDER),  # the seller uses the other address
        (ADA, None, Reason.TAKEN),
        (f"{ADA}, eve@evil.example", ADA, Fault.SEVERAL_SENDERS),
    ],
)
def test_only_the_buyer_of_the_order_writes_to_the_shop(
    an_order: tuple[int, str], settings: Any, sender: str, envelope: str | None, reason: Reason
) -> None:
    _, number = an_order
    assert from_buyer(number, settings, a_mail(sender), envelope=envelope).reason is reason
    assert len(messages()) == (reason is Reason.TAKEN)


@pytest.mark.parametrize(
    ("role", "active", "reason"),
    [
        ("support", True, Reason.TAKEN),
        ("owner", True, Reason.TAKEN),
        ("shipper", True, Reason.UNKNOWN_SENDER),
        ("support", False, Reason.UNKNOWN_SENDER),
    ],
)
def test_staff_who_may_send_write_to_the_buyer(
    an_order: tuple[int, str], settings: Any, role: str, active: bool, reason: Reason
) -> None:
    seller, number = an_order
    from_buyer(number, settings)
    a_member(seller, "kim@shop.example", role, active=active)
    data = a_mail("Kim <Kim@shop.example>", "It arrives on Tuesday.", name="2@x")
    assert from_seller(number, settings, data, envelope="kim@shop.example").reason is reason
    if reason is Reason.TAKEN:
        assert messages()[-1][3] == "Kim"


def test_staff_of_another_seller_do_not(an_order: tuple[int, str], settings: Any) -> None:
    _, number = an_order
    other = build.a_seller("Other", email="other@other.example")
    a_member(other, "kim@other.example", "owner")
    for sender in ("kim@other.example", "other@other.example"):
        assert from_seller(number, settings, a_mail(sender), envelope=sender).reason is Reason.UNKNOWN_SENDER


def test_a_sellers_mail_may_begin_the_thread(an_order: tuple[int, str], settings: Any) -> None:
    _, number = an_order
    data = a_mail(SHOP, "Which colour would you like for the second lantern?")
    assert from_seller(number, settings, data).reason is Reason.TAKEN
    assert everything("SELECT reason FROM messages") == [("other_order_question",)]


def test_what_the_rules_refuse_is_told_back_once(an_order: tuple[int, str], settings: Any) -> None:
    seller, number = an_order
    from_buyer(number, settings)
    user = a_member(seller, "kim@shop.example", "support")
    words = "We are out of stock. Please cancel the order yourself, see https://shop.example/cancel"
    data = a_mail("kim@shop.example", words, name="2@x")
    for _ in range(2):
        verdict = from_seller(number, settings, data, envelope="kim@shop.example")
        assert (verdict.reason, verdict.detail) == (Reason.TOLD_BACK, "lint_refused")
    assert len(messages()) == 1
    ((facts,),) = everything("SELECT facts::text FROM journal WHERE kind = 'mail_refused'")
    assert f'"user": {user.id}' in facts
    assert "link" in facts
    assert "asks_to_cancel" in facts
    assert "stock" not in facts


def test_a_blocked_mail_is_kept_and_not_sent(an_order: tuple[int, str], settings: Any) -> None:
    _, number = an_order
    set_opt_out(ADA, True, now=NOW)
    data = a_mail(SHOP, "Which colour would you like for the second lantern?")
    assert from_seller(number, settings, data).reason is Reason.TAKEN
    assert messages()[0][:2] == ("seller", "blocked_opt_out")
    assert everything("SELECT count(*) FROM journal WHERE kind = 'message_blocked'") == [(1,)]


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: auto-replied", "Precedence: bulk", "Subject: Out of office"]
)
def test_automatic_mail_answers_nothing_and_asks_nothing(
    an_order: tuple[int, str], settings: Any, header: str
) -> None:
    """No loop starts, and the clock goes on."""
    seller, number = an_order
    receive_messages(an_actor(seller), [BuyerMessage(number, "Hello?")], now=NOW)
    assert from_seller(number, settings, a_mail(SHOP, "I am away", header)).reason is Reason.AUTOMATIC
    assert from_buyer(number, settings, a_mail(ADA, "I am away", header)).reason is Reason.AUTOMATIC
    assert from_buyer(number, settings, envelope="").reason is Reason.AUTOMATIC
    assert len(messages()) == 1
    assert everything("SELECT state FROM message_threads") == [("open_needs_response",)]


@pytest.mark.parametrize(
    "to", ["nobody@{host}", "shop-1-aaaaaaaaaaaaaaaa@{host}", "{local}@else.example", "{local}x@{host}", ""]
)
def test_what_is_not_ours_is_refused(an_order: tuple[int, str], settings: Any, to: str) -> None:
    _, number = an_order
    local, _, host = relay(number, Side.SHOP, settings).partition("@")
    receiver = to.format(local=local, host=host)
    assert deliver(Received(ADA, receiver, a_mail(ADA)), now=NOW).reason is Reason.NOT_OURS


def test_an_address_of_another_installation_is_not_ours(an_order: tuple[int, str], settings: Any) -> None:
    _, number = an_order
    mine = relay(number, Side.SHOP, settings)
    settings.SECRET_KEY = "another secret, as long as it must be to be one"
    assert deliver(Received(ADA, mine, a_mail(ADA)), now=NOW).reason is Reason.NOT_OURS


def test_without_the_database_it_is_later(
    an_order: tuple[int, str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_named: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(mailroom, "receive_messages", away)
    verdict = from_buyer(an_order[1], settings)
    assert verdict.reason is Reason.LATER
    assert reply_to(verdict).code == 451


def test_files_come_along(an_order: tuple[int, str], settings: Any) -> None:
    _, number = an_order
    body = "--b\r\n\r\nSee the picture\r\n--b\r\nContent-Type: image/png\r\n"
    body += 'Content-Disposition: attachment; filename="../lamp.png"\r\n\r\nPNG\r\n--b--'
    data = a_mail(ADA, body, "Content-Type: multipart/mixed; boundary=b")
    assert from_buyer(number, settings, data).reason is Reason.TAKEN
    assert everything(
        "SELECT a.name, f.size FROM message_attachments a JOIN stored_files f ON f.id = a.file_id"
    ) == [("lamp.png", 3)]


def test_marketplaces_character_sets_are_the_fallback(settings: Any) -> None:
    number = build.a_paid_order(build.a_seller(countries=["JP"]), country="JP")
    assert from_buyer(number, settings, a_mail(ADA, "@").replace(b"@\r\n", "注文".encode("cp932"))).reason
    data = f"From: {ADA}\r\nMessage-ID: <9@x>\r\n\r\n".encode() + "表予".encode("cp932")
    assert from_buyer(number, settings, data).reason is Reason.TAKEN
    assert messages()[-1][4] == "表予"


def test_every_reason_has_an_answer() -> None:
    assert set(_WHY) == {*Reason, *Fault}
    assert {one.code for one in _WHY.values()} == {250, 451, 550, 552, 554}
    assert all(str(one).isascii() for one in _WHY.values())


# --- The folder ------------------------------------------------------------------------------------------------------


@pytest.fixture
def dropped(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    folder.drop_folder().prepare()
    return tmp_path / "mail-in"


def drop(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    os.utime(path, (0, 0))


def names(path: Path) -> list[str]:
    return sorted(one.name for one in path.iterdir() if one.is_file())


def to_shop(number: str, settings: Any) -> str:
    return f"To: {relay(number, Side.SHOP, settings)}"


def test_dropped_mail_is_taken_or_rejected_with_the_reason(
    an_order: tuple[int, str], settings: Any, dropped: Path
) -> None:
    to = to_shop(an_order[1], settings)
    drop(dropped / "a.eml", a_mail(ADA, "Hello", to))
    drop(dropped / "b.eml", a_mail("eve@evil.example", "Hello", to))
    drop(dropped / "c.eml", b"not a mail")
    drop(dropped / "d.eml", a_mail(ADA, "Hello", "To: x@y.example"))
    drop(dropped / "e.eml", b"Return-Path: <eve@evil.example>\r\n" + a_mail(ADA, "Hello", to))
    drop(dropped / "f.eml", b"x" * (MAIL_BYTES_MAX + 1))
    drop(dropped / ".hidden.eml", a_mail(ADA, "Hello", to))
    (dropped / "fresh.eml").write_bytes(b"still being written")
    assert folder.take_dropped(NOW, most=50) == 6
    assert names(dropped) == [".hidden.eml", "fresh.eml"]
    assert names(dropped / "taken") == ["a.eml"]
    reasons = {path.stem: path.read_text().strip() for path in (dropped / "rejected").glob("*.txt")}
    assert reasons == {
        "b": "unknown_sender",
        "c": "no_sender",
        "d": "not_ours",
        "e": "sender_mismatch",
        "f": "too_large",
    }
    assert len(messages()) == 1


def test_taken_twice_is_one_message(an_order: tuple[int, str], settings: Any, dropped: Path) -> None:
    to = to_shop(an_order[1], settings)
    for _ in range(2):
        drop(dropped / "a.eml", a_mail(ADA, "Hello", to))
        folder.take_dropped(NOW, most=50)
    assert len(messages()) == 1
    assert len(names(dropped / "taken")) == 2


def test_killed_before_moving_it_takes_it_again(
    an_order: tuple[int, str], settings: Any, dropped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(dropped / "a.eml", a_mail(ADA, "Hello", to_shop(an_order[1], settings)))

    def killed(*_args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", killed)
    with pytest.raises(KeyboardInterrupt):
        folder.take_dropped(NOW, most=50)
    monkeypatch.undo()
    settings.DATA_DIR = dropped.parent
    assert folder.take_dropped(NOW, most=50) == 1
    assert (len(messages()), names(dropped / "taken")) == (1, ["a.eml"])


def test_what_has_to_wait_stays(
    an_order: tuple[int, str], settings: Any, dropped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(dropped / "a.eml", a_mail(ADA, "Hello", to_shop(an_order[1], settings)))
    monkeypatch.setattr(folder, "deliver", lambda *_args, **_named: Verdict(Reason.LATER))
    assert folder.take_dropped(NOW, most=50) == 0
    assert names(dropped) == ["a.eml"]


def test_a_defect_does_not_stop_the_folder(
    an_order: tuple[int, str], settings: Any, dropped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = to_shop(an_order[1], settings)
    for name in "ab":
        drop(dropped / f"{name}.eml", a_mail(ADA, "Hello", to, name=name))

    def defect(received: Received, **named: Any) -> Verdict:
        if b"<a>" in received.data:
            raise KeyError("defect")
        return deliver(received, **named)

    monkeypatch.setattr(folder, "deliver", defect)
    assert folder.take_dropped(NOW, most=50) == 2
    assert (dropped / "rejected" / "a.txt").read_text().strip() == "unreadable KeyError"
    assert len(messages()) == 1


def test_an_mbox_is_unpacked_and_emptied(an_order: tuple[int, str], settings: Any, dropped: Path) -> None:
    to = to_shop(an_order[1], settings)
    first = a_mail(ADA, "One\r\n\r\n>From here on", to, name="1").replace(b"\r\n", b"\n")
    second = a_mail(ADA, "Two", to, name="2")
    third = a_mail(ADA, "Three", to, name="3")
    mbox = dropped / "inbox.mbox"
    date = b" Mon Mar  2 12:00:00 2026\n"
    mbox.write_bytes(
        b"From "
        + ADA.encode()
        + date
        + first
        + b"\nFrom eve@evil.example"
        + date
        + second
        + b"\nFrom MAILER-DAEMON"
        + date
        + third
    )
    assert folder.take_dropped(NOW, most=50) == 3
    assert mbox.stat().st_size == 0
    assert [row[4] for row in messages()] == ["One\n\nFrom here on"]
    assert len(names(dropped / "taken")) == 2
    assert [path.read_text().strip() for path in (dropped / "rejected").glob("*.txt")] == ["sender_mismatch"]


def test_an_mbox_that_another_program_holds_is_left_alone(
    an_order: tuple[int, str], settings: Any, dropped: Path
) -> None:
    import fcntl

    mbox = dropped / "inbox.mbox"
    mbox.write_bytes(b"From a b\n" + a_mail(ADA, "One", to_shop(an_order[1], settings)))
    with open(mbox, "r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert folder.take_dropped(NOW, most=50) == 0
    assert folder.take_dropped(NOW, most=50) == 1


def test_what_was_put_away_is_forgotten_in_the_end(dropped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (dropped / "taken" / "a.eml").write_bytes(b"x")
    (dropped / "rejected" / "b.eml").write_bytes(b"x")
    (dropped / "rejected" / "b.txt").write_text("not_ours")
    assert folder.forget_dropped() == 0
    monkeypatch.setattr(folder, "KEPT_SECONDS", -60.0)
    assert folder.forget_dropped() == 2
    assert names(dropped / "rejected") == names(dropped / "taken") == []
