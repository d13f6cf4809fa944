"""Cancelling in a real browser: the live panel, the limit, many at once, by keyboard, in Chinese, without scripts."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.test_stories import a_member, order_page, sign_in
from tests.build import a_document, a_paid_order, a_seller, an_actor, everything, paid_orders, with_quantities

from sellerdesk.commands.cancel_requests import file_requests
from sellerdesk.config import clock
from sellerdesk.domain.cancel_requests import FilingRequest, Reason


@pytest.fixture
def orders(committed: None) -> dict[str, str]:
    """Sixty orders of the week, one with a filed request, one plain with two items."""
    now = clock.now()
    seller = a_seller()
    a_member(seller)
    paid_orders(seller, [a_document(at=now - timedelta(hours=30)) for _ in range(58)])
    formal = a_paid_order(seller, at=now - timedelta(hours=6))
    plain = a_paid_order(seller, at=now - timedelta(hours=5), items=with_quantities(a_document(), 2, 1).items)
    filing = FilingRequest(formal, Reason.NOT_NEEDED, "Please cancel")
    assert file_requests(an_actor(seller), [filing], now=now - timedelta(hours=2))[0].accepted
    return {"formal": formal, "plain": plain}


def status(number: str) -> str:
    [(found,)] = everything("SELECT status FROM orders WHERE order_number = %s", [number])
    return str(found)


def unnamed(page: Page) -> list[str]:
    """Controls that a screen reader could not name."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea, main button,'
        + ' main a[href]')].filter(one => {
          const label = one.getAttribute('aria-label') || one.textContent.trim() || [...(one.labels || [])].length;
          return !label;
        }).map(one => one.outerHTML.slice(0, 120))"""
    )
    return found


def test_three_clicks_from_the_list(
    page: Page, orders: dict[str, str], picture: Callable[[Page, str], None]
) -> None:
    number = orders["formal"]
    sign_in(page)
    page.goto("/desk/orders/?wish=requested")
    picture(page, "cancel-story-list")
    page.get_by_role("link", name=f"Review, {number}").click()
    expect(page.locator("#impact")).to_contain_text("Does not count in your cancellation rate")
    assert unnamed(page) == []
    page.get_by_role("button", name="Cancel order").click()
    page.wait_for_url(order_page(number))
    expect(page.locator("main")).to_contain_text("It does not count in your cancellation rate.")
    assert status(number) == "Canceled"


def test_the_panel_is_live_and_the_limit_takes_a_second_press(
    page: Page, orders: dict[str, str], picture: Callable[[Page, str], None]
) -> None:
    number = orders["plain"]
    sign_in(page)
    page.goto(f"/desk/orders/{number}/")
    page.keyboard.press("c")
    page.wait_for_url("**/cancel/**")
    impact = page.locator("#impact")
    expect(impact).to_contain_text("Choose a reason.")
    page.get_by_label("No inventory").check()
    expect(impact).to_contain_text("Do not ask the buyer")
    expect(impact).to_contain_text("Not restored")
    expect(impact).to_contain_text("1.67 % (1/60)")
    expect(page.get_by_label("No inventory")).to_be_focused()
    page.get_by_label("Buyer cancelled").check()
    expect(impact.get_by_role("button", name="Ask the buyer to request it")).to_be_visible()
    page.locator("#units input").first.fill("1")
    expect(impact).to_contain_text("Left to ship after this: 1 unit.")
    expect(impact).to_contain_text("+1 back to SKU-1")
    page.get_by_label("No inventory").check()
    expect(impact).to_contain_text("Do not ask the buyer")
    impact.get_by_role("button", name="Cancel these units").click()
    page.wait_for_url(order_page(number))
    expect(page.locator("main")).to_contain_text("which is now 1/60")

    # A second order brings the rate over the limit: red, and nothing happens without the tick.
    other = everything(
        "SELECT order_number FROM orders WHERE order_number <> %s AND cancel_request = ''", [number]
    )[0][0]
    page.goto(f"/desk/orders/{other}/cancel/")
    page.get_by_label("Pricing error").check()
    expect(impact).to_contain_text("brings your cancellation rate to its limit or over it")
    picture(page, "cancel-story-limit")
    assert unnamed(page) == []
    impact.get_by_role("button", name="Cancel order").click()
    expect(page.locator("#problems")).to_be_focused()
    assert status(other) == "Unshipped"
    page.get_by_label("Yes, cancel although").check()
    page.locator("[data-submit]").click()
    page.wait_for_url(order_page(other))
    assert status(other) == "Canceled"


def test_many_at_once_from_the_list(
    page: Page, orders: dict[str, str], picture: Callable[[Page, str], None]
) -> None:
    sign_in(page)
    page.goto("/desk/orders/?size=25")
    offer = page.locator("[data-matching]")
    expect(offer).to_be_hidden()
    page.locator("input[data-all-rows]").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("25 selected")
    expect(offer).to_contain_text("Select all 60 that match")
    offer.click()
    expect(page.locator("[data-bulk-count]")).to_have_text("60 selected")
    page.get_by_role("button", name="Cancel orders").click()
    expect(page.locator("#sum-title")).to_have_text("60 orders will be cancelled")
    page.locator(f"#t-{orders['plain']}").uncheck()
    expect(page.locator("#sum-title")).to_have_text("59 orders will be cancelled")
    expect(page.locator(f"#t-{orders['plain']}")).to_be_focused()
    page.locator("#reason").select_option("no_inventory")
    expect(page.locator("#rows")).to_contain_text("Stock not restored")
    picture(page, "cancel-story-bulk")
    assert unnamed(page) == []
    page.locator("[data-submit]").click()
    expect(page.locator("#problems")).to_contain_text("Nothing was cancelled yet.")
    page.locator("#accepts_limit").check()
    page.locator("[data-submit]").click()
    page.wait_for_url("**/cancel/results/**")
    expect(page.locator("main")).to_contain_text("59 orders cancelled. 58 of them count")
    picture(page, "cancel-story-results")
    assert status(orders["plain"]) == "Unshipped"


def test_in_chinese(
    page: Page, site: str, orders: dict[str, str], picture: Callable[[Page, str], None]
) -> None:
    page.context.add_cookies([{"name": "sellerdesk_language", "value": "zh-hans", "url": site}])
    sign_in(page)
    page.goto(f"/desk/orders/{orders['plain']}/cancel/")
    page.get_by_label("无库存").check()
    expect(page.locator("#impact")).to_contain_text("计入您的取消率")
    expect(page.locator("#impact")).to_contain_text("请勿因为缺货而要求买家申请取消。")
    picture(page, "cancel-story-zh")
    page.goto(f"/desk/orders/{orders['formal']}/")
    expect(page.locator("main")).to_contain_text("买家已申请取消此订单。")
    page.get_by_role("link", name="查看", exact=True).click()
    page.locator("#impact").get_by_role("button", name="取消订单").click()
    page.wait_for_url(order_page(orders["formal"]))
    expect(page.locator(".timeline")).to_contain_text("卖家取消了订单")


def test_without_scripts(page: Page, site: str, orders: dict[str, str]) -> None:
    number = orders["plain"]
    sign_in(page)
    plain = page.context.browser.new_context(  # type: ignore[union-attr]
        base_url=site, java_script_enabled=False, storage_state=page.context.storage_state()
    ).new_page()
    plain.goto(f"/desk/orders/{number}/cancel/")
    expect(plain.locator("#effect-no_inventory")).to_contain_text("Stock not restored")
    plain.get_by_label("No inventory").check()
    plain.get_by_role("button", name="Show what it does").click()
    expect(plain.locator("#impact")).to_contain_text("Do not ask the buyer")
    plain.locator("[data-submit]").click()
    plain.wait_for_url(order_page(number))
    assert status(number) == "Canceled"
    plain.goto("/desk/orders/?size=25")
    plain.get_by_label(re.compile("Select all 59")).check()
    plain.get_by_role("button", name="Cancel orders").click()
    expect(plain.locator("#sum-title")).to_have_text("59 orders will be cancelled")
    plain.context.close()
