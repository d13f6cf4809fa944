"""Letters become sound messages, and reach a folder or a mail server whole or not at all."""

import email
import shutil
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from sellerdesk.adapters.mail.base import Enclosure, Letter, LetterImpossible, LetterRefused, MailUnavailable
from sellerdesk.adapters.mail.folder import FolderPost, path_of
from sellerdesk.adapters.mail.message import encode
from sellerdesk.adapters.mail.smtp import Server, SmtpPost

LETTER = Letter(
    "3f2a@desk.example",
    "no-reply@desk.example",
    "Lantern & Loom",
    ("ada@buyer.example", "bob@buyer.example"),
    "Your order 113-1234567-1234567 is on its way",
    "Hello Ada,\n\nyour order is on its way.\n",
    "<p>Hello Ada</p>",
    "en",
    datetime(2026, 3, 2, 12, tzinfo=UTC),
)


def text_of(content: bytes) -> str:
    return str(parsed(content).get_body(("plain",)).get_content()).replace("\r\n", "\n")


def parsed(content: bytes) -> Any:
    return email.message_from_bytes(content, policy=policy.default)


# --- The message -----------------------------------------------------------------------------------------------------


def test_a_message_says_what_the_letter_says() -> None:
    message = parsed(encode(LETTER).as_bytes())
    assert message["Message-ID"] == "<3f2a@desk.example>"
    assert message["From"].addresses[0].display_name == "Lantern & Loom"
    assert message["From"].addresses[0].addr_spec == "no-reply@desk.example"
    assert message["To"] == "ada@buyer.example, bob@buyer.example"
    assert message["Subject"] == LETTER.subject
    assert message["Date"] == "Mon, 02 Mar 2026 12:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert text_of(encode(LETTER).as_bytes()) == LETTER.text
    assert message.get_body(("html",)).get_content().strip() == LETTER.html


def test_the_same_letter_is_the_same_bytes() -> None:
    assert encode(LETTER).as_bytes() == encode(LETTER).as_bytes()


def test_chinese_passes_unharmed() -> None:
    letter = replace(
        LETTER, subject="已售出，请立即发货：订单 1", text="您好！\n" * 100, sender_name="灯笼店"
    )
    content = encode(letter).as_bytes()
    assert content.isascii()
    assert parsed(content)["Subject"] == letter.subject
    assert text_of(content) == letter.text


@pytest.mark.parametrize(
    "nasty", ["a\r\nBcc: x@x.example", "a\nBcc: x@x.example", "a\x0bBcc:", "a\0b", "a\x85b", "a\u2028b"]
)
def test_a_subject_cannot_leave_its_header(nasty: str) -> None:
    message = parsed(encode(replace(LETTER, subject=nasty, sender_name=nasty)).as_bytes())
    assert "Bcc" not in message.keys()  # noqa: SIM118  headers, not keys of a mapping
    assert "\n" not in message["Subject"]


@pytest.mark.parametrize(
    "nasty", ["", "no address", "a@b@c", "x@x.example\nBcc: y@y.example", "<x@x.example>", "a b@x.example"]
)
def test_an_address_that_is_none_makes_the_letter_impossible(nasty: str) -> None:
    with pytest.raises(LetterImpossible):
        encode(replace(LETTER, to=(nasty,)))


# --- The folder ------------------------------------------------------------------------------------------------------


def test_a_letter_is_one_file_and_a_repeat_is_the_same_file(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    for _ in range(2):
        with FolderPost(folder) as post:
            post.send(LETTER)
    (path,) = folder.iterdir()
    assert path == path_of(folder, LETTER.message_id)
    assert path.name == "3f2a@desk.example.eml"
    assert parsed(path.read_bytes())["Subject"] == LETTER.subject
    assert folder.stat().st_mode & 0o077 == 0


def test_a_message_id_cannot_leave_the_folder(tmp_path: Path) -> None:
    assert path_of(tmp_path, "../../etc/passwd@x").parent == tmp_path


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file is in the way")
    with pytest.raises(MailUnavailable), FolderPost(tmp_path / "mail") as post:
        post.send(LETTER)


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(MailUnavailable, match="No space left"):
        FolderPost(tmp_path).send(LETTER)
    assert list(tmp_path.iterdir()) == []


# --- The server ------------------------------------------------------------------------------------------------------


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Inbox:
    """A mail server's mind: keeps what it gets, or answers as told."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if answer := self.answers.get("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers.get("DATA") == "drop":
            self.got.append(envelope)  # taken, but the line is lost before the answer
            server.transport.abort()
            return "250 never seen"
        if answer := self.answers.get("DATA"):
            return answer
        self.got.append(envelope)
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, Server]]:
    box = Inbox()
    controller = Controller(box, hostname="127.0.0.1", port=a_free_port())
    controller.start()
    port = controller.port
    try:
        yield box, Server("127.0.0.1", port)
    finally:
        controller.stop()


def test_letters_share_a_connection_and_arrive(inbox: tuple[Inbox, Server]) -> None:
    box, server = inbox
    with SmtpPost(server) as post:
        post.send(LETTER)
        first = post.connection
        post.send(replace(LETTER, message_id="2@desk.example"))
        assert post.connection is first
    assert post.connection is None
    assert [parsed(one.content)["Message-ID"] for one in box.got] == [
        "<3f2a@desk.example>",
        "<2@desk.example>",
    ]
    assert box.got[0].rcpt_tos == ["ada@buyer.example", "bob@buyer.example"]
    assert box.got[0].mail_from == "no-reply@desk.example"


@pytest.mark.parametrize(
    ("where", "answer", "error"),
    [
        ("RCPT", "550 no such user", LetterRefused),
        ("RCPT", "450 busy", MailUnavailable),
        ("DATA", "554 looks like spam", LetterRefused),
        ("DATA", "451 try later", MailUnavailable),
    ],
)
def test_answers_are_told_apart(
    inbox: tuple[Inbox, Server], where: str, answer: str, error: type[Exception]
) -> None:
    box, server = inbox
    box.answers[where] = answer
    with SmtpPost(server) as post:
        with pytest.raises(error) as caught:
            post.send(LETTER)
        assert "@" not in str(caught.value), "an address got into the error"
        del box.answers[where]
        post.send(LETTER)  # the next letter is not hurt by it
    assert len(box.got) == 1


def test_a_line_lost_after_the_data_is_unavailable_and_the_repeat_has_the_same_id(
    inbox: tuple[Inbox, Server],
) -> None:
    """P5: nobody knows whether it arrived; the receiver can tell by the Message-ID."""
    box, server = inbox
    box.answers["DATA"] = "drop"
    with SmtpPost(server) as post:
        with pytest.raises(MailUnavailable):
            post.send(LETTER)
        box.answers.clear()
        post.send(LETTER)
    assert len({parsed(one.content)["Message-ID"] for one in box.got}) == 1


def test_nobody_there_is_unavailable(inbox: tuple[Inbox, Server]) -> None:
    _box, server = inbox
    with pytest.raises(MailUnavailable), SmtpPost(replace(server, port=1)) as post:
        post.send(LETTER)


def test_starttls_that_is_not_offered_is_never_done_without(inbox: tuple[Inbox, Server]) -> None:
    box, server = inbox
    with pytest.raises(MailUnavailable), SmtpPost(replace(server, starttls=True)) as post:
        post.send(LETTER)
    assert box.got == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody has signed."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=localhost"
    )
    names = [
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        str(folder / "key"),
        "-out",
        str(folder / "cert"),
    ]
    subprocess.run(["openssl", *command.split(), *names], check=True, capture_output=True)
    return folder


@pytest.fixture
def secure(certificate: Path) -> Iterator[tuple[Inbox, Server]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert", certificate / "key")
    box = Inbox()

    class Secure(Controller):
        def factory(self) -> SMTP:
            return SMTP(self.handler, require_starttls=True, tls_context=context)

    controller = Secure(box, hostname="127.0.0.1", port=a_free_port())
    controller.start()
    try:
        yield box, Server("localhost", controller.port, starttls=True)
    finally:
        controller.stop()


def test_starttls_carries_the_letter_when_the_certificate_is_trusted(
    secure: tuple[Inbox, Server], certificate: Path
) -> None:
    box, server = secure
    context = ssl.create_default_context(cafile=str(certificate / "cert"))
    with SmtpPost(server, context=context) as post:
        post.send(LETTER)
    assert len(box.got) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: tuple[Inbox, Server]) -> None:
    box, server = secure
    with pytest.raises(MailUnavailable), SmtpPost(server) as post:
        post.send(LETTER)
    assert box.got == []


def test_every_failure_of_the_library_is_one_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (
        smtplib.SMTPServerDisconnected("x"),
        smtplib.SMTPAuthenticationError(535, b"no"),
        TimeoutError(),
    ):

        def fail(*_args: Any, error: Exception = error, **_named: Any) -> None:
            raise error

        monkeypatch.setattr("smtplib.SMTP", fail)
        with pytest.raises(MailUnavailable):
            SmtpPost(Server("localhost", 25)).send(LETTER)


# --- Letters of messages ---------------------------------------------------------------------------------------------

RELAYED = replace(
    LETTER,
    sender="shop-1-x@desk.example",
    reply_to="shop-1-x@desk.example",
    references=("thread-1-x@desk.example",),
    enclosures=(
        Enclosure("请求 📄.pdf", "application/pdf", b"%PDF-1\x00"),
        Enclosure('a"\r\nBcc: x@x.example.txt', "text/plain", b"plain"),
    ),
)


def test_a_relayed_letter_carries_its_thread_and_its_files() -> None:
    message = parsed(encode(RELAYED).as_bytes())
    assert message["Reply-To"] == "shop-1-x@desk.example"
    assert message["In-Reply-To"] == message["References"] == "<thread-1-x@desk.example>"
    assert message["X-Auto-Response-Suppress"] == "All"
    first, second = message.iter_attachments()
    assert (first.get_filename(), first.get_content()) == ("请求 📄.pdf", b"%PDF-1\x00")
    assert second.get_content_disposition() == "attachment"
    assert "Bcc" not in message.keys()  # noqa: SIM118  headers, not keys of a mapping
    assert "Bcc" not in second.keys()  # noqa: SIM118
    assert text_of(encode(RELAYED).as_bytes()) == LETTER.text


def test_the_same_relayed_letter_is_the_same_bytes() -> None:
    assert encode(RELAYED).as_bytes() == encode(RELAYED).as_bytes()
    assert len({part.get_boundary() for part in encode(RELAYED).walk() if part.is_multipart()}) == 2


@pytest.mark.parametrize("nasty", ["a\r\nBcc: x@x.example", "", "two words"])
def test_a_damaged_reply_address_makes_it_impossible_or_is_left_out(nasty: str) -> None:
    if nasty:
        with pytest.raises(LetterImpossible):
            encode(replace(RELAYED, reply_to=nasty))
    else:
        assert encode(replace(RELAYED, reply_to=nasty))["Reply-To"] is None
