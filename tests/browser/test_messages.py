"""The inbox in a real browser, in English and Chinese: the lint while one types, a guided reply in one press."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.test_stories import a_member, sign_in
from tests.build import a_paid_order, a_seller, a_shipped_order, all_well, an_actor, everything

from sellerdesk.commands.messages import receive_messages
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.messages import BuyerMessage
from sellerdesk.models.accounts import User

Picture = Callable[[Page, str], None]


@pytest.fixture
def wishing(committed: None) -> str:
    """The number of an order whose buyer writes that it should be cancelled; others wait and were answered."""
    now = clock.now()
    seller = a_seller()
    a_member(seller)
    wish = a_paid_order(seller, at=now - timedelta(hours=20))
    late = a_shipped_order(seller, at=now - timedelta(days=4))
    other = a_paid_order(seller, at=now - timedelta(hours=30))
    photo = Attachment("lantern.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"0" * 4000)
    said = [
        (BuyerMessage(late, "Where is my parcel? <b>It</b> should be here.\nPlease answer.", (photo,)), 26),
        (BuyerMessage(wish, "Hello, I ordered it twice. Please cancel my order!"), 3),
        (BuyerMessage(other, "请问灯笼什么时候到？"), 1),
    ]
    for message, hours in said:
        moment = now - timedelta(hours=hours)
        all_well(receive_messages(an_actor(seller, party=Party.BUYER), [message], now=moment))
    return wish


def test_the_inbox_with_its_lint_and_a_guided_reply(page: Page, wishing: str, picture: Picture) -> None:
    sign_in(page)
    page.get_by_role("link", name=re.compile("Messages")).first.click()
    page.wait_for_url("**/desk/messages/")
    expect(page.locator(".thread-row")).to_have_count(3)
    expect(page.locator(".thread-row").first).to_contain_text("late by 2 h")
    picture(page, "messages-inbox")

    page.locator(".thread-row", has_text=wishing).get_by_role("link").click()
    page.wait_for_url(f"**/desk/messages/{wishing}/")
    expect(page.locator(".hint")).to_contain_text("Buyer seems to ask for cancellation")

    # The lint answers while one types, and is quiet when the words are gone.
    page.get_by_label("Message", exact=True).fill(
        "Please write to us at help@lantern.example, it is a great lamp."
    )
    expect(page.locator("#lint mark").first).to_have_text("help@lantern.example")
    picture(page, "messages-lint")
    page.get_by_label("Message", exact=True).fill("It leaves us tomorrow morning, is that all right?")
    expect(page.locator("#lint")).to_contain_text("Nothing in it breaks the rules")
    expect(page.locator("#lint mark")).to_have_count(0)

    page.get_by_role("button", name="Send guidance to the buyer").click()
    page.wait_for_load_state()
    expect(page.locator(".bubble.seller")).to_contain_text("Request cancellation")
    expect(page.get_by_role("button", name="Send important message")).to_be_visible()
    assert everything("SELECT cancel_request FROM orders WHERE order_number = %s", [wishing]) == [("guided",)]
    picture(page, "messages-guided")

    page.goto("/desk/messages/")
    expect(page.locator(".thread-row")).to_have_count(2)
    page.set_viewport_size({"width": 360, "height": 740})
    picture(page, "messages-inbox-small")
    page.locator(".thread-row").first.get_by_role("link").click()
    page.wait_for_load_state()
    wide = page.locator("html").evaluate_handle("node => node.scrollWidth").json_value()
    assert wide <= 360
    picture(page, "messages-thread-small")


def test_everything_works_without_a_script_and_in_chinese(
    page: Page, wishing: str, site: str, picture: Picture
) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(
        base_url=site, java_script_enabled=False, locale="zh-CN", viewport={"width": 1280, "height": 900}
    )
    plain = context.new_page()
    User.objects.update(language="zh-hans")
    sign_in(plain)
    plain.goto(f"/desk/messages/{wishing}/")
    expect(plain.locator("h1")).to_contain_text("订单消息")
    plain.locator("#text").fill("我们送您优惠券，请给个好评！")
    plain.get_by_role("button", name="发送消息").click()
    expect(plain.locator("#lint mark").first).to_be_visible()
    expect(plain.locator("#lint")).to_contain_text("优惠券")
    picture(plain, "messages-lint-zh")
    plain.locator("#text").fill("")
    plain.locator("#template").select_option("cancel_guidance:zh-hans")
    plain.get_by_role("button", name="插入").click()
    expect(plain.locator("#text")).to_have_value(re.compile("请求取消"))
    expect(plain.locator("#reason")).to_have_value("cancel_guidance")
    plain.get_by_role("button", name="发送消息").click()
    expect(plain.locator(".bubble.seller")).to_contain_text("请求取消")
    picture(plain, "messages-thread-zh")
    context.close()
