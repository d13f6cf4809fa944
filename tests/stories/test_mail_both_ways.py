"""Mail through real servers, both ways: out to a mail server, in through our listener, into one thread (S3-10)."""

import base64
import email
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import OperationalError
from tests import build
from tests.build import PLACED, all_well, an_actor, everything
from tests.stories import test_worker_killed

from sellerdesk.adapters.mail.smtp import Server, SmtpPost
from sellerdesk.commands.messages import receive_messages, send_messages
from sellerdesk.config.mail_environment import MailListener
from sellerdesk.domain.actors import Door, Party
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.messages import BuyerMessage, SellerMessage
from sellerdesk.domain.relay import Side, address, relay_key
from sellerdesk.flows import mailroom
from sellerdesk.flows.mailroom import our_host
from sellerdesk.flows.mailroom.listening import listening
from sellerdesk.flows.notices import send_mails

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.serial]

NOW = PLACED + timedelta(hours=2)
ADA, SHOP = "ada.quill@buyer.example", "seller@lantern.example"


class Sink:
    """Somebody else's mail server."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.got.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, receiver: str) -> list[Any]:
        return [one for one in self.got if receiver in one["To"]]


@pytest.fixture
def sink() -> Iterator[tuple[Sink, Server]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Sink()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, Server("127.0.0.1", port)
    finally:
        controller.stop()


@pytest.fixture
def port(settings: Any, committed: None) -> Iterator[int]:
    """Our own listener, as the worker runs it."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, mail_listen=MailListener("127.0.0.1", 0, None, None))
    with listening(lambda: NOW) as listener:
        assert listener is not None
        yield listener.port


def relay(number: str, side: Side, settings: Any) -> str:
    ((order,),) = everything("SELECT id FROM orders WHERE order_number = %s", [number])
    return address(side, order, relay_key(settings.SECRET_KEY), our_host())


def send(port: int, sender: str, receiver: str, data: bytes) -> int:
    """The code that the listener answers with in the end."""
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as peer:
        try:
            peer.sendmail(sender, [receiver], data)
        except smtplib.SMTPRecipientsRefused as error:
            return next(iter(error.recipients.values()))[0]
        except smtplib.SMTPResponseException as error:
            return error.smtp_code
    return 250


def texts() -> list[tuple[str, str, str]]:
    return everything(
        "SELECT m.kind, m.via, coalesce(t.text, '') FROM messages m"
        " LEFT JOIN message_texts t ON t.message_id = m.id ORDER BY m.id"
    )


def test_a_conversation_by_mail_alone(sink: tuple[Sink, Server], port: int, settings: Any) -> None:
    """Seller writes in the console; buyer answers the mail; seller answers that mail: one thread, no real addresses."""
    box, server = sink
    number = build.a_paid_order(seller := build.a_seller())
    png = Attachment("灯.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"0" * 99)
    first = SellerMessage(number, ContactReason.OTHER_ORDER_QUESTION, "Which colour\nwould you like?", (png,))
    all_well(send_messages(an_actor(seller, door=Door.WEB), [first], now=NOW))

    def post() -> None:
        build.drain(NOW)
        send_mails(NOW, post=lambda: SmtpPost(server))

    post()
    (question,) = [one for one in box.to(ADA) if "Message" in one["Subject"]]
    assert "Which colour\nwould you like?" in question.get_body(("plain",)).get_content().replace(
        "\r\n", "\n"
    )
    assert [part.get_filename() for part in question.iter_attachments()] == ["灯.png"]

    answer = _reply(question, ADA, "Blue, please.")
    assert send(port, ADA, str(question["Reply-To"]), answer.as_bytes()) == 250
    assert send(port, ADA, str(question["Reply-To"]), answer.as_bytes()) == 250  # its server did not hear us
    post()
    (told,) = [one for one in box.to(SHOP) if "Message" in one["Subject"]]
    assert told["From"].addresses[0].display_name == "Ada"
    assert told["References"] == question["References"]

    assert send(port, SHOP, str(told["Reply-To"]), _reply(told, SHOP, "It is on its way.").as_bytes()) == 250
    post()
    assert len([one for one in box.to(ADA) if "Message" in one["Subject"]]) == 2
    assert texts() == [
        ("seller", "web", "Which colour\nwould you like?"),
        ("buyer", "mail", "Blue, please."),
        ("seller", "mail", "It is on its way."),
    ]
    assert everything("SELECT count(*) FROM message_threads") == [(1,)]
    for one in box.to(ADA):
        assert SHOP not in str(one)
    for one in box.to(SHOP):
        assert ADA not in str(one)


def _reply(to: Any, sender: str, words: str) -> EmailMessage:
    """As a mail program answers: the words above, the whole mail quoted below."""
    quoted = "\n".join(f"> {line}" for line in to.get_body(("plain",)).get_content().splitlines())
    answer = EmailMessage(policy=policy.SMTP)
    answer["From"], answer["To"], answer["Subject"] = sender, str(to["Reply-To"]), f"Re: {to['Subject']}"
    answer["Message-ID"], answer["In-Reply-To"] = (
        f"<{len(words)}@{sender.split('@')[1]}>",
        to["Message-ID"],
    )
    answer.set_content(f"{words}\n\nOn Mon, 2 Mar 2026 at 12:00, {to['From']} wrote:\n\n{quoted}\n")
    return answer


HEAD = f"From: Ada <{ADA}>\r\n"


def nested(count: int) -> str:
    return HEAD + "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(count)
    )


def encoded(text: str, codec: str, declared: str) -> str:
    body = base64.encodebytes(text.encode(codec)).decode()
    head = f"Content-Type: text/plain; charset={declared}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return HEAD + head + body.replace("\n", "\r\n")


def a_file(size: int) -> str:
    head = HEAD + "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
    head += 'Content-Disposition: attachment; filename="a.pdf"\r\n\r\n'
    return head + base64.encodebytes(b"%PDF-" + b"x" * size).decode().replace("\n", "\r\n")


# What is sent, the answer, and the message that follows (None: none).
HOSTILE: dict[str, tuple[Callable[[], str], int, str | None]] = {
    "header injection": (
        lambda: (
            HEAD + "Subject: =?utf-8?q?x=0D=0ABcc=3A_all=40x.example?=\r\nReply-To: a@x.example\r\n\r\nHello"
        ),
        250,
        "Hello",
    ),
    "wrong sender": (lambda: "From: eve@evil.example\r\n\r\nHello", 550, None),
    "a borrowed name": (lambda: f'From: "{ADA}" <eve@evil.example>\r\n\r\nHello', 550, None),
    "two senders": (lambda: f"From: {ADA}\r\nFrom: eve@evil.example\r\n\r\nHello", 550, None),
    "a file of 20 MB": (lambda: a_file(20 * 1024 * 1024), 552, None),
    "a file of 11 MB": (lambda: a_file(11 * 1024 * 1024), 552, None),
    "a file of 9 MB": (lambda: a_file(9 * 1024 * 1024), 250, ""),
    "script in HTML": (
        lambda: (
            HEAD + "Content-Type: text/html\r\n\r\n<script>alert(1)</script><p onclick=x>Hello <b>you</b>"
        ),
        250,
        "Hello you",
    ),
    "GB18030": (lambda: encoded("请取消订单，谢谢镕", "gb18030", "GB18030"), 250, "请取消订单，谢谢镕"),
    "GBK called GB2312": (lambda: encoded("请取消订单，镕", "gbk", "gb2312"), 250, "请取消订单，镕"),
    "Shift_JIS": (
        lambda: encoded("注文を取消してください髙", "cp932", "Shift_JIS"),
        250,
        "注文を取消してください髙",
    ),
    "a lie": (lambda: encoded("请取消", "utf-8", "us-ascii"), 250, "请取消"),
    "hidden characters": (lambda: encoded("a\0b\u202ec\u2066d", "utf-8", "utf-8"), 250, "abcd"),
    "an answering machine": (lambda: HEAD + "Auto-Submitted: auto-replied\r\n\r\nI am away", 250, None),
    "a bounce": (lambda: "From: MAILER-DAEMON@x.example\r\n\r\nUndelivered", 250, None),
    "a thousand nested parts": (lambda: nested(1000) + "\r\nHello", 554, None),
    "nothing": (lambda: HEAD + "\r\n", 554, None),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_mail_does_what_it_may_and_no_more(case: str, port: int, settings: Any) -> None:
    make, code, text = HOSTILE[case]
    number = build.a_paid_order(build.a_seller())
    to = relay(number, Side.SHOP, settings)
    for _ in range(2):  # and the same mail once more, without a Message-ID
        assert send(port, ADA, to, make().encode()) == code
    assert [one for *_, one in texts()] == ([] if text is None else [text])
    assert everything("SELECT count(*) FROM mails WHERE kind LIKE '%%cancel%%'") == [(0,)]


def test_no_loop_between_answering_machines(sink: tuple[Sink, Server], port: int, settings: Any) -> None:
    """Both sides have a machine that answers everything: the second answer is the last."""
    box, server = sink
    number = build.a_paid_order(seller := build.a_seller())
    buyer = an_actor(seller, party=Party.BUYER, name="buyer")
    all_well(receive_messages(buyer, [BuyerMessage(number, "Where is it?")], now=NOW))
    for _ in range(3):
        build.drain(NOW)
        send_mails(NOW, post=lambda: SmtpPost(server))
        for one in box.got:
            assert one["Auto-Submitted"] == "auto-generated"
            if one["Reply-To"]:
                receiver = one["To"].addresses[0].addr_spec
                reply = f"From: {receiver}\r\nAuto-Submitted: auto-replied\r\n\r\nI am away".encode()
                assert send(port, receiver, str(one["Reply-To"]), reply) == 250
        box.got.clear()
    assert len(texts()) == 1
    assert everything("SELECT state FROM message_threads") == [("open_needs_response",)]


def test_trouble_means_that_the_other_side_comes_again(
    port: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = build.a_paid_order(build.a_seller())
    to, mail = relay(number, Side.SHOP, settings), (HEAD + "\r\nHello").encode()

    def away(*_args: Any, **_named: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(mailroom, "receive_messages", away)
    assert send(port, ADA, to, mail) == 451
    monkeypatch.undo()
    assert send(port, ADA, to, mail) == 250
    assert len(texts()) == 1


def test_other_peoples_mail_is_not_relayed(port: int) -> None:
    assert send(port, ADA, "somebody@else.example", (HEAD + "\r\nHello").encode()) == 550


# --- The worker itself -----------------------------------------------------------------------------------------------


@pytest.fixture
def listening_worker(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Callable[[int], None]:
    """Let workers of this test listen on a port, with this test's secret."""
    real = test_worker_killed.environment_of

    def arm(port: int) -> None:
        more = {"SELLERDESK_MAIL_LISTEN": f"127.0.0.1:{port}", "SELLERDESK_SECRET_KEY": settings.SECRET_KEY}
        monkeypatch.setattr(test_worker_killed, "environment_of", lambda now, data: real(now, data) | more)

    return arm


def test_the_worker_takes_mail_and_stops_when_it_is_told_to(
    listening_worker: Callable[[int], None], settings: Any, tmp_path: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    listening_worker(port)
    number = build.a_paid_order(build.a_seller())
    to = relay(number, Side.SHOP, settings)
    with test_worker_killed.worker(NOW, tmp_path) as process:
        assert send(port, ADA, to, (HEAD + "\r\nHello").encode()) == 250
        assert [one for *_, one in texts()] == ["Hello"]  # committed before it said so
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_a_worker_that_cannot_listen_says_so_and_ends(
    listening_worker: Callable[[int], None], tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        listening_worker(port)
        answer = subprocess.run(
            [sys.executable, "-m", "sellerdesk", "worker"],
            env=test_worker_killed.environment_of(NOW, tmp_path),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert answer.returncode != 0
    assert f"Cannot take mail on 127.0.0.1:{port}" in answer.stderr
    assert "Traceback" not in answer.stderr
