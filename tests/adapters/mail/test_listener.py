"""The listener takes mail for us alone, says 250 only for what is kept, and survives whatever is sent to it."""

import smtplib
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sellerdesk.adapters.mail import listener as listening
from sellerdesk.adapters.mail.listener import CannotListen, Ear, Received, Reply, SmtpListener

OURS = "shop-1-x@desk.example"
MAIL = "From: ada@x.example\r\nSubject: x\r\n\r\nHello\r\n"
OK = Reply(250, "2.0.0 Taken")
Start = Callable[..., SmtpListener]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a listener on a free port; it is stopped after the test."""
    started: list[SmtpListener] = []

    def begin(take: Callable[[Received], Reply], *, bytes_max: int = 100_000, **more: Path) -> SmtpListener:
        ear = Ear("127.0.0.1", 0, "desk.example", bytes_max, **more)
        one = SmtpListener(ear, is_ours=lambda address: address == OURS, take=take)
        one.start()
        started.append(one)
        return one

    yield begin
    for one in started:
        one.stop()
        assert not one._thread.is_alive()


def client(listener: SmtpListener) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", listener.port, timeout=20)


def test_a_mail_is_taken_whole(start: Start) -> None:
    got: list[Received] = []
    listener = start(lambda mail: got.append(mail) or OK)  # type: ignore[func-returns-value]
    with client(listener) as peer:
        peer.sendmail("ada@x.example", [OURS], MAIL + ".dot\r\n")
        peer.sendmail("", [OURS], MAIL)
        assert peer.esmtp_features["size"] == "100000"
        assert "auth" not in peer.esmtp_features
        assert "starttls" not in peer.esmtp_features
    assert got == [
        Received("ada@x.example", OURS, (MAIL + ".dot\r\n").encode()),
        Received("", OURS, MAIL.encode()),
    ]


@pytest.mark.parametrize("reply", [Reply(550, "5.7.1 No"), Reply(451, "4.3.0 Later")])
def test_the_answer_is_handed_on(start: Start, reply: Reply) -> None:
    with client(start(lambda _mail: reply)) as peer, pytest.raises(smtplib.SMTPDataError) as caught:
        peer.sendmail("ada@x.example", [OURS], MAIL)
    assert (caught.value.smtp_code, caught.value.smtp_error.decode()) == (reply.code, reply.text)


def test_trouble_means_come_again_and_tells_nothing(start: Start) -> None:
    def take(_mail: Received) -> Reply:
        raise RuntimeError("secret")

    with client(start(take)) as peer, pytest.raises(smtplib.SMTPDataError) as caught:
        peer.sendmail("ada@x.example", [OURS], MAIL)
    assert caught.value.smtp_code == 451
    assert b"secret" not in caught.value.smtp_error


def test_nothing_is_relayed(start: Start) -> None:
    with client(start(lambda _mail: OK)) as peer:
        peer.helo()
        peer.mail("ada@x.example")
        for address in (
            "somebody@else.example",
            "shop-1-x@else.example",
            "shop-1-x%else.example@desk.example",
        ):
            assert peer.rcpt(address)[0] == 550
        assert peer.data is not None
        assert peer.docmd("DATA")[0] == 503


def test_each_receiver_gets_an_answer_of_its_own(start: Start) -> None:
    with client(start(lambda _mail: OK)) as peer:
        peer.ehlo()
        peer.mail("ada@x.example")
        assert peer.rcpt(OURS)[0] == 250
        assert peer.rcpt(OURS)[0] == 452


def test_too_much_is_refused_when_announced_and_when_sent(start: Start) -> None:
    got: list[Received] = []
    listener = start(lambda mail: got.append(mail) or OK)  # type: ignore[func-returns-value]
    with client(listener) as peer:
        peer.ehlo()
        assert peer.mail("ada@x.example", ["SIZE=100001"])[0] == 552
        peer.rset()
        peer.mail("ada@x.example")
        peer.rcpt(OURS)
        assert peer.data("x" * 50 + "\r\n" + ("y" * 900 + "\r\n") * 200)[0] == 552
        peer.sendmail("ada@x.example", [OURS], MAIL)  # and it goes on
    assert len(got) == 1


def test_a_flood_without_an_end_is_cut_off(start: Start) -> None:
    listener = start(lambda _mail: OK)
    with socket.create_connection(("127.0.0.1", listener.port), timeout=20) as line:
        line.sendall(b"EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<" + OURS.encode() + b">\r\nDATA\r\n")
        with pytest.raises(OSError):  # noqa: PT011  reset, broken pipe or aborted, as it comes
            line.sendall(b"x" * 50_000_000)
    with client(listener) as peer:
        assert peer.noop()[0] == 250


NASTY = {
    "nothing": b"",
    "bytes": bytes(range(256)) * 10,
    "no greeting": b"DATA\r\n",
    "eight bit": "MAIL FROM:<é@x.example>\r\n".encode(),
    "a long line": b"A" * 200_000 + b"\r\n",
    "broken addresses": b"EHLO x\r\nMAIL FROM:<<<>\r\nMAIL FROM:\r\nRCPT TO:<\r\nRCPT TO:<>\r\n",
    "left in the middle": b"EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<"
    + OURS.encode()
    + b">\r\nDATA\r\nhalf",
    "a bare line feed": b"EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<"
    + OURS.encode()
    + b">\r\nDATA\r\nx\r\n\n.\nMAIL FROM:<smuggled@x.example>\r\n",
}


@pytest.mark.parametrize("case", NASTY)
def test_whatever_is_sent_the_next_one_is_served(start: Start, case: str) -> None:
    got: list[Received] = []
    listener = start(lambda mail: got.append(mail) or OK)  # type: ignore[func-returns-value]
    with socket.create_connection(("127.0.0.1", listener.port), timeout=20) as line:
        line.sendall(NASTY[case])
    with client(listener) as peer:
        peer.sendmail("ada@x.example", [OURS], MAIL)
    assert [mail.sender for mail in got] == ["ada@x.example"]


def test_more_than_so_many_connections_are_told_to_come_again(start: Start) -> None:
    listener = start(lambda _mail: OK)
    held = [client(listener) for _ in range(listening.CONNECTIONS_MAX)]
    with pytest.raises(smtplib.SMTPConnectError) as caught:
        client(listener)
    assert caught.value.smtp_code == 421
    for one in held:
        one.quit()


def test_stopping_finishes_the_mail_in_hand(start: Start) -> None:
    is_here, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def take(_mail: Received) -> Reply:
        is_here.set()
        assert go_on.wait(20)
        done.set()
        return OK

    listener = start(take)

    def send() -> None:
        with pytest.raises((smtplib.SMTPException, OSError)), client(listener) as peer:
            peer.sendmail("ada@x.example", [OURS], MAIL)

    sender = threading.Thread(target=send)
    sender.start()
    assert is_here.wait(20)
    stopper = threading.Thread(target=listener.stop)
    stopper.start()
    go_on.set()
    stopper.join(20)
    sender.join(20)
    assert done.is_set()


def test_a_taken_port_is_a_sentence(start: Start) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        listener = SmtpListener(
            Ear("127.0.0.1", port, "x", 1), is_ours=lambda _address: True, take=lambda _mail: OK
        )
        with pytest.raises(CannotListen, match=f"127.0.0.1:{port}"):
            listener.start()


def test_with_a_certificate_the_line_is_encrypted(start: Start, tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost"
        f" -addext subjectAltName=DNS:localhost -keyout {key} -out {certificate}".split(),
        check=True,
        capture_output=True,
    )
    got: list[Received] = []
    listener = start(lambda mail: got.append(mail) or OK, certificate=certificate, key=key)  # type: ignore[func-returns-value]
    with smtplib.SMTP("localhost", listener.port, timeout=20) as peer:
        peer.starttls(context=ssl.create_default_context(cafile=certificate))
        peer.sendmail("ada@x.example", [OURS], MAIL)
        assert "auth" not in peer.esmtp_features
    assert len(got) == 1


def test_a_missing_certificate_is_a_sentence(tmp_path: Path) -> None:
    ear = Ear("127.0.0.1", 0, "x", 1, certificate=tmp_path / "none", key=tmp_path / "none")
    with pytest.raises(CannotListen, match="No such file"):
        SmtpListener(ear, is_ours=lambda _address: True, take=lambda _mail: OK).start()
