"""Chat through apprise: the allow-list holds (P21), and services are called as they want to be."""

from typing import Any

import pytest
import requests

from sellerdesk.adapters.chat.base import ChatUnavailable
from sellerdesk.adapters.chat.services import Services
from sellerdesk.domain.chat import SERVICES, canonical
from sellerdesk.domain.refusals import Code, Refusal

GOOD = {
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/": "hooks.slack.com",
    "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js/": "discord.com",
    "tgram://123456789:abcdefg_hijklmnop/12315544/": "api.telegram.org",
    "feishu://abcdef0123456789abcdef/": "open.feishu.cn",
    "lark://abcdef0123456789abcdef/": "open.larksuite.com",
    "dingtalk://abcdef0123456789abcdef/": "oapi.dingtalk.com",
    "wecombot://693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa/": "qyapi.weixin.qq.com",
    "schan://SCT12345abcdef/": "sctapi.ftqq.com",
    "gchat://workspace/key/token/": "chat.googleapis.com",
}
HOSTILE = [
    "json://10.0.0.1/",
    "jsons://example.com",
    "xml://localhost/",
    "form://localhost/",
    "mailto://user:pass@example.com",
    "file:///etc/passwd",
    "apprise://localhost/key",
    "ntfy://localhost/topic",
    "mmost://localhost/token",
    "rocket://user:pass@localhost/x",
    "matrix://localhost",
    "https://example.com/",
    "https://hooks.slack.com.evil.example/services/a/b/c",
    "https://hooks.slack.com@evil.example/services/a/b/c",
    "https://hooks.slack.com/services/a/b/c?x=y",
    "slack://T1/B2/C3/?template=/etc/passwd",
    "slack://T1/B2/C3/?verify=no",
    "discord://1/2/?template=http://169.254.169.254/",
    "feishu://a b/",
    "slack://a%3Ftemplate=/etc/passwd/b/c",
    "slack://\nx",
    "slack",
    "",
]


class Kept:
    """Stands where the library calls out."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, _session: Any, method: str, url: str, **named: Any) -> requests.Response:
        self.calls.append((url, named))
        answer = requests.Response()
        answer.status_code = self.status
        answer._content = (
            b"ok"
            if "slack" in url
            else b'{"ok": true, "errcode": 0, "code": 0, "StatusCode": 0, "result": {}}'
        )
        return answer


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    stand_in = Kept()
    monkeypatch.setattr(requests.Session, "request", lambda session, *a, **k: stand_in(session, *a, **k))
    return stand_in


def test_every_service_has_an_example() -> None:
    assert {url.partition("://")[0] for url in GOOD} == set(SERVICES)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("address", GOOD)
def test_a_service_is_called_at_its_own_host(kept: Kept, address: str) -> None:
    assert canonical(address) == address
    Services().say(address, "Order 111: answer", "https://desk.example/desk/orders/111/")
    assert kept.calls
    for url, named in kept.calls:
        assert url.split("/")[2] == GOOD[address]
        assert url.startswith("https://")
        assert named["allow_redirects"] is False
        assert named["verify"] is True
        assert named["timeout"]
    assert "Order 111" in str(kept.calls)


@pytest.mark.filterwarnings("default")
def test_a_service_that_says_no(kept: Kept) -> None:
    kept.status = 500
    with pytest.raises(ChatUnavailable) as refused:
        Services().say("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", "a", "b")
    assert "TIia" not in str(refused.value)


@pytest.mark.parametrize("address", HOSTILE)
def test_anything_else_is_never_called(kept: Kept, address: str) -> None:
    with pytest.raises(Refusal) as refused:
        canonical(address)
    assert refused.value.code is Code.ADDRESS_REFUSED
    with pytest.raises(ChatUnavailable):
        Services().say(address, "a", "b")
    assert kept.calls == []


@pytest.mark.parametrize(
    ("given", "kept_as"),
    [
        ("https://hooks.slack.com/services/T1/B2/C3", "slack://T1/B2/C3/"),
        ("https://discord.com/api/webhooks/12/ab-c_d", "discord://12/ab-c_d/"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/ab-12", "feishu://ab-12/"),
        ("https://open.larksuite.com/open-apis/bot/v2/hook/ab-12", "lark://ab-12/"),
        ("https://oapi.dingtalk.com/robot/send?access_token=ab12", "dingtalk://ab12/"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=ab-12", "wecombot://ab-12/"),
        ("https://sctapi.ftqq.com/SCT12.send", "schan://SCT12/"),
    ],
)
def test_what_services_hand_out_is_understood(given: str, kept_as: str) -> None:
    assert canonical(f" {given} ") == kept_as
