"""Refunding in a real browser: five clicks, one to undo, the live panel, keyboard, Chinese, no scripts."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.test_cancel_stories import unnamed
from tests.browser.test_stories import a_member, order_page, sign_in
from tests.build import a_seller, a_shipped_order, an_item, everything, mails

from sellerdesk.config import clock


@pytest.fixture
def number(committed: None) -> str:
    """An order of two lines, shipped yesterday."""
    now = clock.now()
    seller = a_seller()
    a_member(seller)
    items = (an_item(ordered=2), an_item(ordered=1, sku="LAN-3", title="Lantern 灯笼", price=2499))
    return a_shipped_order(seller, at=now - timedelta(days=2), items=items)


def refunds() -> list[tuple[Any, ...]]:
    return everything("SELECT state, total, reason FROM refunds ORDER BY id")


def test_five_dollars_for_damage_and_back_again(
    page: Page, number: str, picture: Callable[[Page, str], None]
) -> None:  # U5
    sign_in(page)
    page.goto(f"/desk/orders/{number}/")
    clicks = 0

    def click(target: Any, *, twice: bool = False) -> None:
        nonlocal clicks
        clicks += 1
        target.dblclick() if twice else target.click()

    click(page.get_by_role("link", name="Refund order"))
    click(page.get_by_role("link", name="Partial refund"))
    clicks += 1  # choosing from the list
    page.get_by_label("Reason for the refund").select_option(label="Damaged or not as described")
    click(page.get_by_label("Or an amount without a line"))
    page.keyboard.type("5")
    expect(page.locator("#impact")).to_contain_text("The buyer gets $5.00")
    expect(page.locator("#impact")).to_contain_text("3 to 5 business days after it goes")
    assert unnamed(page) == []
    picture(page, "refund-story-partial")
    click(page.get_by_role("button", name="Refund $5.00"), twice=True)
    page.wait_for_url(order_page(number))
    assert clicks <= 5
    assert refunds() == [("PENDING", 500, "not_as_described")]
    expect(page.locator(".note.held")).to_contain_text("A refund of $5.00 is held until")
    picture(page, "refund-story-held")

    clicks = 0
    click(page.locator(".note.held").get_by_role("button", name="Call back"))
    expect(page.locator("main")).to_contain_text("was called back. The buyer hears nothing of it.")
    assert clicks <= 2
    assert refunds() == [("CANCELLED", 500, "not_as_described")]
    expect(page.locator("#money-title ~ dl")).to_contain_text("Refundable left$69.77")
    letters, _report = mails(clock.now() + timedelta(hours=3))
    assert [one for one in letters if one.to == "ada.quill@buyer.example" and "efund" in one.subject] == []


def test_the_panel_is_live_and_quick_buttons_keep_the_place(
    page: Page, number: str, picture: Callable[[Page, str], None]
) -> None:
    sign_in(page)
    page.goto(f"/desk/orders/{number}/refund/partial/")
    impact = page.locator("#impact")
    expect(impact).to_contain_text("Give an amount, units, or a concession")
    page.locator("#fill-p10").click()
    expect(impact).to_contain_text("The buyer gets $6.96")
    expect(page.locator("#fill-p10")).to_be_focused()
    page.get_by_role("button", name="Clear").click()
    expect(impact).to_contain_text("Give an amount, units, or a concession")
    product = page.get_by_label("Product", exact=True).first
    product.fill("5,00")
    expect(impact).to_contain_text("“5,00” is not an amount in USD.")
    product.fill("43.19")
    expect(impact).to_contain_text("more than can still be refunded: $43.18.")
    product.fill("43.18")
    expect(impact).to_contain_text("The buyer gets $43.18")
    expect(impact).to_contain_text("$26.59 stays refundable.")
    expect(product).to_be_focused()
    # Enter looks, it does not send: the focus goes to the button that would.
    product.press("Enter")
    expect(page.locator("[data-submit]")).to_be_focused()
    assert refunds() == []
    page.get_by_label("In advance").check()
    expect(page.get_by_label("Why before the goods are back")).to_be_visible()
    with page.expect_response("**/refund/preview/"):  # nothing may be on its way when the page is left
        page.get_by_label("Adjustment").check()
    expect(page.get_by_label("Why before the goods are back")).to_be_hidden()
    page.locator("[data-submit]").click()
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems")).to_contain_text("Choose a reason.")
    expect(product).to_have_value("43.18")
    picture(page, "refund-story-problem")


def test_with_the_keyboard_only(page: Page, number: str) -> None:
    sign_in(page)
    page.goto(f"/desk/orders/{number}/")
    page.keyboard.press("f")
    page.wait_for_url("**/refund/**")
    expect(page.get_by_label("Reason for the refund")).to_be_focused()
    page.keyboard.type("Pric")
    expect(page.locator("#impact")).not_to_contain_text("Choose a reason.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(order_page(number))
    assert refunds() == [("PENDING", 6977, "pricing_error")]
    page.keyboard.press("u")
    expect(page.locator("main")).to_contain_text("was called back")
    assert refunds() == [("CANCELLED", 6977, "pricing_error")]
    page.keyboard.press("f")
    page.wait_for_url("**/refund/**")
    page.keyboard.press("Escape")  # leaves the field …
    page.keyboard.press("Escape")  # … then the page
    page.wait_for_url(order_page(number))


def test_back_and_send_again_makes_no_second_refund(page: Page, number: str) -> None:
    sign_in(page)
    page.goto(f"/desk/orders/{number}/refund/partial/")
    page.get_by_label("Reason for the refund").select_option("pricing_error")
    page.locator("#amount").fill("5")
    expect(page.locator("#impact")).to_contain_text("The buyer gets $5.00")
    key = page.locator("input[name=key]").input_value()
    page.locator("[data-submit]").click()
    page.wait_for_url(order_page(number))
    page.go_back()
    expect(page).to_have_url(re.compile("/refund/partial/$"))
    assert (
        page.locator("input[name=key]").input_value() == key
    )  # the very form that was sent, not a fresh one
    page.get_by_label("Reason for the refund").select_option("pricing_error")
    page.locator("#amount").fill("5")
    expect(page.locator("#impact")).to_contain_text("The buyer gets $5.00")
    page.locator("[data-submit]").click()
    page.wait_for_url(order_page(number))
    expect(page.locator("main")).to_contain_text("Nothing was done twice.")
    assert [one[1] for one in refunds()] == [500]


@pytest.mark.parametrize(
    ("language", "tab", "gets", "submit", "held"),
    [
        ("zh-hans", "全额退款", "买家将收到 US$69.77", "退款 US$69.77", "暂缓至"),
        ("zh-hant", "全額退款", "買家將收到 US$69.77", "退款 US$69.77", "暫緩至"),
    ],
)
def test_a_full_refund_in_chinese(
    page: Page, site: str, number: str, picture: Callable[[Page, str], None],
    language: str, tab: str, gets: str, submit: str, held: str,
) -> None:  # fmt: skip
    page.context.add_cookies([{"name": "sellerdesk_language", "value": language, "url": site}])
    sign_in(page)
    page.goto(f"/desk/orders/{number}/refund/")
    expect(page.locator(".tab[aria-current]")).to_have_text(tab)
    page.locator("#reason").select_option("not_received")
    expect(page.locator("#impact")).to_contain_text(gets)
    picture(page, f"refund-story-{language}")
    page.get_by_role("button", name=submit).click()
    page.wait_for_url(order_page(number))
    expect(page.locator(".note.held")).to_contain_text(held)
    picture(page, f"refund-story-{language}-held")
    assert refunds() == [("PENDING", 6977, "not_received")]


def test_without_scripts(page: Page, site: str, number: str) -> None:
    sign_in(page)
    plain = page.context.browser.new_context(  # type: ignore[union-attr]
        base_url=site, java_script_enabled=False, storage_state=page.context.storage_state()
    ).new_page()
    plain.goto(f"/desk/orders/{number}/refund/partial/")
    plain.get_by_role("button", name="20 %").click()
    expect(plain.locator("#impact")).to_contain_text("The buyer gets $13.94")
    plain.locator("#amount").press("Enter")  # reviews
    expect(plain.locator("#impact")).to_contain_text("The buyer gets $13.94")
    assert refunds() == []
    plain.locator("#reason").select_option("pricing_error")
    plain.get_by_role("button", name="Review").last.click()
    expect(plain.locator("#impact")).not_to_contain_text("Choose a reason.")
    plain.locator("[data-submit]").click()
    plain.wait_for_url(order_page(number))
    assert refunds() == [("PENDING", 1394, "pricing_error")]
    plain.locator(".note.held").get_by_role("button", name="Call back").click()
    expect(plain.locator("main")).to_contain_text("was called back")
    plain.goto(f"/desk/orders/refund/?order={number}")
    plain.locator("#reason").select_option("pricing_error")
    plain.locator("[data-submit]").click()
    plain.wait_for_url("**/refund/results/**")
    assert [one[:2] for one in refunds()] == [("CANCELLED", 1394), ("PENDING", 6977)]
    plain.context.close()


def test_many_at_once_from_the_list(page: Page, number: str, picture: Callable[[Page, str], None]) -> None:
    sign_in(page)
    page.goto("/desk/orders/?tab=shipped")
    page.locator("input[data-all-rows]").check()
    page.get_by_role("button", name="Refund orders").click()
    expect(page.locator("#sum-title")).to_have_text("1 order will be refunded")
    page.wait_for_load_state()  # the sums follow the ticks once the scripts have come
    page.locator(f"#t-{number}").uncheck()
    expect(page.locator("#sum-title")).to_have_text("0 orders will be refunded")
    page.locator(f"#t-{number}").check()
    with page.expect_response("**/desk/orders/refund/"):
        page.locator("#reason").select_option("late_by_carrier")
    expect(page.locator("#sum-title")).to_have_text("1 order will be refunded")
    assert unnamed(page) == []
    picture(page, "refund-story-bulk")
    page.locator("[data-submit]").dblclick()
    page.wait_for_url("**/refund/results/**")
    expect(page.locator("main")).to_contain_text("1 refund made: $69.77")
    picture(page, "refund-story-results")
    page.get_by_role("link", name="Held refunds can be called back in the list of refunds.").click()
    expect(page.locator(".refunds tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Call back").click()
    page.wait_for_url("**/desk/refunds/")
    assert [one[0] for one in refunds()] == ["CANCELLED"]
