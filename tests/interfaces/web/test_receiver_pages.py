"""Pages of news, of what people hear, of webhooks and of chat channels."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests import build
from tests.flows.webhooks.world import KeptChat, KeptWeb, a_channel, a_webhook, hand_over, happen
from tests.interfaces.web.conftest import NOW, Staff, text

from sellerdesk.adapters.web.base import Unreachable
from sellerdesk.domain.notifications import CHANNELS, DEFAULTS, EVERY, KINDS, Setting, is_wanted
from sellerdesk.flows.webhooks.words import WORDS
from sellerdesk.interfaces.web.pages.notice_settings import LABELS
from sellerdesk.queries.notifications import news_page, unread_count

NEWS, WISHES = "/desk/notifications/", "/desk/settings/notifications/"
HOOKS, CHAT = "/desk/settings/webhooks/", "/desk/settings/chat/"


def asked_to_cancel(seller: int) -> str:
    number = build.a_paid_order(seller)
    happen(seller, "cancellation_requested", {"reason": "other"}, order=number)
    build.drain_others(NOW)
    return number


# --- News ------------------------------------------------------------------------------------------------------------


def test_every_kind_of_news_has_words() -> None:
    assert set(KINDS) <= set(WORDS)
    assert set(KINDS) <= set(LABELS)


def test_news_is_told_once_and_leads_to_its_order(owner: Client, seller: int) -> None:
    number = asked_to_cancel(seller)
    build.change("UPDATE journal_readers SET txid = 0, entry_id = 0")
    build.drain_others(NOW)
    page = text(owner.get(NEWS))
    assert page.count(f"The buyer asks to cancel order {number}") == 1
    assert f'href="/desk/orders/{number}/"' in page
    assert '<span class="count num">1<' in page


def test_reading_is_each_persons_own_and_leaves_what_came_later(
    owner: Client, seller: int, staff: Staff
) -> None:
    other = staff(seller, role="shipper")
    asked_to_cancel(seller)
    (newest,) = re.findall(r'name="up_to" value="(\d+)"', text(owner.get(NEWS)))
    late = asked_to_cancel(seller)
    owner.post(NEWS, {"up_to": newest})
    page = text(owner.get(NEWS))
    assert '<span class="count num">1<' in page
    assert page.count('class="unread"') == 1
    assert late in page.split('class="unread"')[1].split("</tr>")[0]
    assert '<span class="count num">2<' in text(other.get(NEWS))
    owner.post(NEWS, {"up_to": str(10**17)})
    assert "count num" not in text(owner.get(NEWS))
    asked_to_cancel(seller)
    assert '<span class="count num">1<' in text(owner.get(NEWS))  # the mark never runs ahead of what there is


def test_news_comes_in_pages(owner: Client, seller: int) -> None:
    number = build.a_paid_order(seller)
    for _ in range(60):
        happen(seller, "buyer_cancelled", order=number)
    build.drain_others(NOW)
    first = text(owner.get(NEWS))
    assert first.count('class="unread"') == 50
    (older,) = re.findall(r'href="(\?before=\d+)"', first)
    assert text(owner.get(NEWS + older)).count('class="unread"') == 10
    assert owner.get(NEWS + "?before=x").status_code == 404


def test_it_speaks_chinese(seller: int, staff: Staff) -> None:
    number = asked_to_cancel(seller)
    client = staff(seller, language="zh-hans")
    client.cookies["sellerdesk_language"] = "zh-hans"
    page = text(client.get(NEWS))
    assert f"买家请求取消订单 {number}" in page


# --- What people hear ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kinds", [("buyer_cancelled",), (EVERY,), ("buyer_cancelled", EVERY)])
def test_the_database_and_the_rule_choose_alike(seller: int, staff: Staff, kinds: tuple[str, ...]) -> None:
    from sellerdesk.models.accounts import User

    staff(seller)
    user = User.objects.get().id
    place = "ATVPDKIKX0DER"
    number = build.a_paid_order(seller)
    happen(seller, "buyer_cancelled", order=number)
    build.drain_others(NOW)
    for first in (True, False, None):
        for second in (True, False, None):
            build.change("DELETE FROM notice_settings")
            held = [
                Setting(where, kind, "app", on)
                for where, on in ((place, first), (EVERY, second))
                for kind in kinds
                if on is not None
            ]
            for one in held:
                build.change(
                    "INSERT INTO notice_settings (seller_id, user_id, marketplace_id, kind, channel, is_on)"
                    " VALUES (%s, %s, %s, %s, %s, %s)",
                    [seller, user, one.marketplace_id, one.kind, one.channel, one.is_on],
                )
            wanted = is_wanted(held, kind="buyer_cancelled", marketplace_id=place, channel="app")
            assert bool(news_page(seller, user)) is wanted
            assert unread_count(seller, user) == int(wanted)


def test_defaults() -> None:
    assert {way: is_wanted([], kind="x", marketplace_id="y", channel=way) for way in CHANNELS} == DEFAULTS
    assert DEFAULTS == {"mail": False, "app": True}


def test_wishes_are_kept_and_a_marketplace_follows_the_general_ones(owner: Client, seller: int) -> None:
    page = text(owner.get(WISHES))
    boxes = re.findall(r'value="([\w.]+)" aria-label="[^"]*"( checked)?', page)
    on = {name for name, checked in boxes if checked}
    assert {name for name, _ in boxes if name.endswith(".app")} == on
    us = WISHES + "?marketplace=ATVPDKIKX0DER"
    owner.post(WISHES, {"on": [*(on - {"buyer_cancelled.app"}), "auto_cancel_warned.mail"]})
    rows = "SELECT marketplace_id, kind, channel, is_on FROM notice_settings ORDER BY kind"
    assert build.everything(rows) == [
        ("*", "auto_cancel_warned", "mail", True),
        ("*", "buyer_cancelled", "app", False),
    ]
    shown = re.findall(r'value="([\w.]+)" aria-label="[^"]*" checked', text(owner.get(us)))
    assert "auto_cancel_warned.mail" in shown
    assert "buyer_cancelled.app" not in shown
    owner.post(us, {"on": [*shown, "buyer_cancelled.app"]})
    assert ("ATVPDKIKX0DER", "buyer_cancelled", "app", True) in build.everything(rows)
    assert len(build.everything(rows)) == 3
    assert owner.get(WISHES + "?marketplace=A1VC38T7YXB528").status_code == 404


# --- Webhooks --------------------------------------------------------------------------------------------------------


def test_a_webhook_from_the_first_form_to_a_replay(owner: Client, seller: int) -> None:
    answer = owner.post(
        HOOKS, {"name": "Stock", "url": "https://stock.example/hook", "events": ["order.placed"]}
    )
    assert answer.status_code == 302
    here = answer.headers["Location"]
    first = text(owner.get(here))
    (secret,) = re.findall(r"whsec_[\w+/=]+", first)
    assert "whsec_" not in text(owner.get(here))  # once
    assert "Stock" in text(owner.get(HOOKS))
    build.change("UPDATE receivers SET created_at = created_at - interval '9 days'")
    number = build.a_placed_order(seller)
    hand_over(NOW, KeptWeb(500))
    page = text(owner.get(here))
    assert number in page
    assert "HTTP 500" in page
    (delivery,) = re.findall(r'name="delivery" value="(\d+)"', page)
    owner.post(here, {"do": "replay", "delivery": delivery})
    web = KeptWeb()
    hand_over(NOW + timedelta(seconds=1), web)
    assert len(web.ids) == 1
    assert web.ids[0] in text(owner.get(here))
    owner.post(here, {"do": "rotate"})
    (fresh,) = re.findall(r"whsec_[\w+/=]+", text(owner.get(here)))
    assert fresh != secret
    owner.post(here, {"do": "replay_since", "since": "2026-03-01"})
    assert hand_over(NOW + timedelta(seconds=2), web).delivered == 1
    assert len(set(web.ids)) == 1
    assert owner.post(here, {"do": "off"}).status_code == 302
    assert "Switched off" in text(owner.get(here))
    assert owner.post(here, {"do": "delete"}).headers["Location"] == HOOKS
    assert owner.get(here).status_code == 404


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://10.0.0.1/", "private network"),
        ("http://example.com:22/", "443, 80 and 8443"),
        ("ftp://example.com/", "without a user name"),
        ("", "This field is required"),
    ],
)
def test_an_address_that_cannot_be_is_refused_beside_its_field(owner: Client, url: str, words: str) -> None:
    answer = owner.post(HOOKS, {"name": "x", "url": url})
    assert answer.status_code == 422
    assert words in text(answer)
    assert build.everything("SELECT 1 FROM receivers") == []


def test_changing_keeps_the_rest(owner: Client, seller: int) -> None:
    made = a_webhook(seller)
    here = f"{HOOKS}{made.id}/"
    assert owner.post(here, {"do": "change", "name": "", "url": "x"}).status_code == 422
    answer = owner.post(here, {"do": "change", "name": "New", "url": "https://new.example/"})
    assert answer.status_code == 302
    assert build.everything("SELECT name, address, secrets->>0 FROM receivers") == [
        ("New", "https://new.example/", made.secret)
    ]


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 200), ("integrator", 200), ("shipper", 403), ("support", 403)]
)
def test_only_some_roles_see_them(seller: int, staff: Staff, role: str, status: int) -> None:
    client = staff(seller, role=role)
    for page in (HOOKS, CHAT):
        assert client.get(page).status_code == status
    assert ("Webhooks" in text(client.get("/desk/views/"))) == (status == 200)


def test_what_was_given_up_is_news(owner: Client, seller: int) -> None:
    made = a_webhook(seller, events=("order.placed",), name="Stock")
    build.a_placed_order(seller)
    hand_over(NOW, KeptWeb(410))
    build.drain_others(NOW)
    page = text(owner.get(NEWS))
    assert "“Stock” is switched off" in page
    assert f'href="{HOOKS}{made.id}/"' in page
    assert "410 Gone" in text(owner.get(f"{HOOKS}{made.id}/"))


# --- Chat ------------------------------------------------------------------------------------------------------------


def test_a_channel_is_told_in_its_language_and_its_address_is_never_shown(owner: Client, seller: int) -> None:
    secret = "TIiajkdnlazkcOXrIdevi7FQ"
    given = {"name": "Team", "url": f"https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/{secret}"}
    answer = owner.post(CHAT, given | {"language": "zh-hant", "events": ["cancellation_requested"]})
    here = answer.headers["Location"]
    build.change("UPDATE receivers SET created_at = created_at - interval '9 days'")
    number = asked_to_cancel(seller)
    chat = KeptChat()
    hand_over(NOW, chat=chat)
    ((address, title, body),) = chat.said
    assert address == f"slack://T1JJ3T3L2/A1BRTD4JD/{secret}/"
    assert title == f"買家請求取消訂單 {number}：請在出貨前回覆"
    assert body.endswith(f"/desk/orders/{number}/")
    for page in (CHAT, here):
        shown = text(owner.get(page))
        assert secret not in shown
        assert "Slack" in shown
    changed = {"do": "change", "name": "Desk", "url": "", "language": "en"}
    assert owner.post(here, changed).status_code == 302
    assert build.everything("SELECT name, address FROM receivers") == [("Desk", address)]


@pytest.mark.parametrize(
    "url", ["json://10.0.0.1/", "mailto://a@b.example", "https://evil.example/services/a/b/c", "x"]
)
def test_other_services_are_refused(owner: Client, url: str) -> None:
    answer = owner.post(CHAT, {"name": "x", "url": url, "language": "en"})
    assert answer.status_code == 422
    assert "not among those" in text(answer)


def test_chat_that_fails_makes_no_more_chat(owner: Client, seller: int) -> None:
    a_channel(seller)
    for kind in ("delivery_given_up", "receiver_disabled"):
        happen(seller, kind, {"receiver": 1, "sort": "webhook", "name": "x"})
    assert hand_over(NOW, KeptWeb(Unreachable("x"))).turns == 0
