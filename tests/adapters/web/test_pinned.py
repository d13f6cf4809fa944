"""Nothing inside is ever reached (P21): hostile addresses, names that change, receivers that misbehave."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from tests.adapters.web.receiver import answer, receiving

from sellerdesk.adapters.web import pinned
from sellerdesk.adapters.web.base import NotAllowed, Unreachable, WebError
from sellerdesk.adapters.web.lines import Bounds
from sellerdesk.adapters.web.pinned import PinnedWeb, look_up
from sellerdesk.domain.web_addresses import is_forbidden

LOOPBACK = (ip_network("127.0.0.0/8"),)
QUICK = Bounds(step=0.3, whole=0.6, body=64 * 1024)

HOSTILE = """
http://127.0.0.1/
http://127.0.0.1:80/
http://127.1/
http://127.0.1/
http://2130706433/
http://0x7f000001/
http://0x7f.1/
http://0x7f.0.0.1/
http://0177.0.0.1/
http://017700000001/
http://127.0.0.1./
http://127。0。0。1/
http://１２７.0.0.1/
http://ⓛocalhost/
http://localhost/
http://LOCALHOST/
http://localhost./
http://[::1]/
http://[::]/
http://[0:0:0:0:0:0:0:1]/
http://[::127.0.0.1]/
http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/
http://[0:0:0:0:0:ffff:127.0.0.1]/
http://[64:ff9b::7f00:1]/
http://[64:ff9b:1::1]/
http://[2002:7f00:1::]/
http://[2001:0:53aa:64c::1]/
http://[2001:db8::1]/
http://[fe80::1]/
http://[fe80::1%25eth0]/
http://[fe80::1%eth0]/
http://[fc00::1]/
http://[fd12:3456:789a::1]/
http://[ff02::1]/
http://[100::1]/
http://[5f00::1]/
http://[4000::1]/
http://0.0.0.0/
http://0/
http://10.0.0.1/
http://10.255.255.255/
http://100.64.0.1/
http://169.254.169.254/latest/meta-data/
http://172.16.0.1/
http://172.31.255.254/
http://192.0.0.1/
http://192.0.2.1/
http://192.88.99.1/
http://192.168.1.1/
http://198.18.0.1/
http://198.51.100.7/
http://203.0.113.7/
http://224.0.0.1/
http://239.255.255.250/
http://240.0.0.1/
http://255.255.255.255/
http://user@example.com/
http://user:secret@127.0.0.1/
http://example.com@127.0.0.1/
http://example.com\\@evil.com/
http://evil.com\\.example.com/
http://example.com#@127.0.0.1/
http://example.com/#fragment
http://example.com:22/
http://example.com:6379/
http://example.com:0/
http://example.com:65536/
http://example.com:99999999/
http://example.com:080/
http://example.com:8o/
https://example.com:/
http://exa mple.com/
http://example.com/a b
http://example.com/\ta
http://%6c%6f%63alhost/
http://127.0.0.1%2f@example.com/
http://example..com/
http://-example.com/
http://exam_ple.com/
http://.example.com/
http:///example.com/
http://
http:example.com
//example.com/
example.com
ftp://example.com/
file:///etc/passwd
gopher://127.0.0.1:70/
unix:///var/run/docker.sock
javascript:alert(1)
data:text/plain,x
https://[::1
https://::1/
https://[v1.x]/
https://[127.0.0.1]/
https://1.2.3/
https://1.2.3.4.5/
https://256.1.1.1/
https://01.2.3.4/
https://a.0x7f/
""".strip("\n").split("\n")


class NoConnections:
    """Stands where connections are made; every attempt is kept."""

    def __init__(self) -> None:
        self.made: list[tuple[str, int]] = []

    def __call__(self, where: tuple[str, int], timeout: float) -> socket.socket:
        self.made.append(where)
        raise ConnectionRefusedError


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> NoConnections:
    stand_in = NoConnections()
    monkeypatch.setattr(pinned.socket, "create_connection", stand_in)
    return stand_in


def answering(*addresses: str) -> PinnedWeb:
    return PinnedWeb(resolver=lambda _host, _port: addresses)


@pytest.mark.parametrize(
    "url", [*HOSTILE, "http://example.com/\r\nX: y", "http://example.com/\x00", "h" * 1001]
)
def test_a_hostile_address_is_not_called(url: str, connections: NoConnections) -> None:
    """With the system's own resolver: what it makes of odd spellings must not matter."""
    with pytest.raises(WebError):
        PinnedWeb(bounds=QUICK).post(url, b"{}", {})
    assert connections.made == []


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "::1", "10.1.2.3", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
     "fe80::1%eth0", "224.0.0.1", "0.0.0.0", "::", "100.64.1.1", "fd00::1", "::a00:1", "255.255.255.255"],
)  # fmt: skip
def test_a_name_that_leads_inside_is_not_called(inside: str, connections: NoConnections) -> None:
    for found in ([inside], ["93.184.216.34", inside], [inside, "93.184.216.34"]):
        with pytest.raises(NotAllowed):
            answering(*found).post("https://example.com/", b"", {})
    assert connections.made == []


def test_a_name_is_looked_up_once_and_that_address_is_called(connections: NoConnections) -> None:
    """Rebinding: public when it is checked, private a moment later. There is no later."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    with pytest.raises(Unreachable):
        PinnedWeb(resolver=rebinding).post("https://rebind.example/", b"", {})
    assert asked == ["rebind.example"]
    assert connections.made == [("93.184.216.34", 443)]


@pytest.mark.parametrize("open_address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::1"])
def test_the_public_internet_is_open(open_address: str, connections: NoConnections) -> None:
    assert not is_forbidden(ip_address(open_address))
    with pytest.raises(Unreachable):
        answering(open_address).post("https://example.com:8443/", b"", {})
    assert connections.made == [(open_address, 8443)]


def test_a_named_network_is_open_on_any_port_and_nothing_beside_it(connections: NoConnections) -> None:
    web = PinnedWeb(
        (ip_network("10.1.0.0/16"),), resolver=lambda host, _: [host.split(".")[0].replace("-", ".")]
    )
    for url in (
        "http://10.2.0.1/",
        "http://10-2-0-1.a:9000/",
        "http://127.0.0.1:9000/",
        "http://1-1-1-1.a:9000/",
    ):
        with pytest.raises(NotAllowed):
            web.post(url, b"", {})
    assert connections.made == []
    with pytest.raises(Unreachable):
        web.post("http://10.1.2.3:9000/", b"", {})
    assert connections.made == [("10.1.2.3", 9000)]


def test_a_resolver_that_hangs_or_fails_ends_in_time(connections: NoConnections) -> None:
    release = threading.Event()

    def hang(_host: str, _port: int) -> Sequence[str]:
        release.wait(10)
        return ["1.1.1.1"]

    def fail(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror("no such name")

    for resolver in (hang, fail):
        with pytest.raises(Unreachable):
            PinnedWeb(resolver=resolver, bounds=QUICK).post("https://example.com/", b"", {})
    release.set()
    assert connections.made == []


def test_the_systems_resolver_is_asked() -> None:
    assert "127.0.0.1" in look_up("localhost", 80)


# --- Receivers -------------------------------------------------------------------------------------------------------


def call(url: str, bounds: Bounds = QUICK) -> tuple[int, int]:
    reply = PinnedWeb(LOOPBACK, bounds=bounds).post(
        url, b'{"a":1}', {"Content-Type": "application/json", "X-Y": "z"}
    )
    return reply.status, len(reply.body)


def test_a_request_arrives_whole() -> None:
    with receiving(answer(200, body=b"thanks")) as there:
        assert call(there.url + "?a=b") == (200, 6)
        (got,) = there.got
    assert (got.path, got.body) == ("/hook?a=b", b'{"a":1}')
    assert got.headers["host"] == f"127.0.0.1:{there.port}"
    assert got.headers["x-y"] == "z"


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with receiving() as inside, receiving(answer(302, f"Location: {inside.url}\r\n")) as there:
        assert call(there.url)[0] == 302
        assert len(there.got) == 1
        assert inside.got == []


@pytest.mark.parametrize("how", ["hang", "drip"])
def test_a_slow_receiver_ends_in_time(how: str) -> None:
    with receiving() as there:
        there.answers = [getattr(there, how)]
        with pytest.raises(Unreachable, match="timed out"):
            call(there.url)
        there.stopping.set()


def test_an_endless_answer_is_read_to_its_bound() -> None:
    with receiving() as there:
        there.answers = [there.endless]
        assert call(there.url, Bounds()) == (200, 64 * 1024)


ODD = [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 ok\r\n" + b"a" * 99999]


@pytest.mark.parametrize("said", ODD)
def test_what_is_not_http_is_no_answer(said: bytes) -> None:
    with receiving(said) as there, pytest.raises(Unreachable):
        call(there.url)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unreachable, match="refused"):
        call(f"http://127.0.0.1:{port}/")


def test_a_header_cannot_be_smuggled() -> None:
    with receiving() as there:
        with pytest.raises(Unreachable):
            PinnedWeb(LOOPBACK).post(there.url, b"", {"X": "a\r\nY: b"})
        assert there.got == []


# --- TLS -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=hook.example",
         "-addext", "subjectAltName=DNS:hook.example", "-keyout", str(folder / "key.pem"), "-out",
         str(folder / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def over_tls(folder: Path, host: str, trusted: bool) -> tuple[int, list[str | None]]:
    """Call a TLS server on the loopback under a name; answers the status and the names that it was asked for."""
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    asked: list[str | None] = []
    server_side.sni_callback = lambda _socket, name, _context: asked.append(name)
    mine = ssl.create_default_context(cafile=str(folder / "cert.pem") if trusted else None)

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            try:
                with server_side.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(65536)
                    secured.sendall(answer(200))
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        try:
            port = server.getsockname()[1]
            web = PinnedWeb(LOOPBACK, resolver=lambda _h, _p: ["127.0.0.1"], tls=mine)
            return web.post(f"https://{host}:{port}/", b"", {}).status, asked
        finally:
            thread.join(10)


def test_tls_is_verified_against_the_name(certificate: Path) -> None:
    assert over_tls(certificate, "hook.example", trusted=True) == (200, ["hook.example"])
    with pytest.raises(Unreachable, match="certificate"):
        over_tls(certificate, "other.example", trusted=True)
    with pytest.raises(Unreachable, match="certificate"):
        over_tls(certificate, "hook.example", trusted=False)
