"""The main road in a real browser: find an order, confirm two packages, print the slip, read what happened."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import PASSWORD
from tests.build import a_paid_order, a_seller, a_shipped_order, an_item, everything

from sellerdesk.config import clock
from sellerdesk.models.accounts import Membership, User

EMAIL = "li.wei@lantern.example"
UPS, SF = "1Z999AA10123456784", "SF1234567890123"
# Counts where a locator can see it: waiting for an expression would evaluate text, which our pages rightly forbid.
COUNT_PRINTS = """
window.print = () => {
  const told = document.documentElement.dataset;
  told.printed = Number(told.printed || 0) + 1;
};
"""


def a_member(seller_id: int, **fields: object) -> None:
    """A member of staff with a password, in a zone of their own."""
    given = {"name": "Li Wei", "zone": "Asia/Shanghai", "date_joined": clock.now()} | fields
    user = User.objects.create_user(EMAIL, PASSWORD, **given)
    Membership.objects.create(seller_id=seller_id, user=user, role="owner")


def order_page(number: str) -> re.Pattern[str]:
    """The address of an order's own page, whatever list it remembers."""
    return re.compile(rf"/desk/orders/{number}/(\?.*)?$")


def sign_in(page: Page) -> None:
    """Through the form, with the keyboard."""
    page.goto("/")
    page.locator("input[name=login]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/desk/orders/**")


@pytest.fixture
def orders(committed: None) -> dict[str, str]:
    """One order that is on its way, and one to ship; answers their numbers and the first one's tracking number."""
    now = clock.now()
    seller = a_seller()
    a_member(seller)
    sent = a_shipped_order(seller, at=now - timedelta(days=4))
    [(tracking,)] = everything("SELECT tracking FROM packages")
    items = (an_item(ordered=2), an_item(ordered=1, sku="LAN-3", title="Lantern 灯笼", price=2499))
    open_one = a_paid_order(seller, at=now - timedelta(hours=20), items=items)
    return {"sent": sent, "tracking": tracking, "open": open_one}


def parcels(number: str) -> list[tuple[str, str, int]]:
    return everything(
        "SELECT p.carrier_code, p.tracking, sum(l.quantity)::int FROM packages p JOIN orders o ON o.id = p.order_id"
        " JOIN package_items l ON l.package_id = p.id WHERE o.order_number = %s GROUP BY p.id ORDER BY p.id",
        [number],
    )


def test_find_confirm_print_and_read(
    page: Page, orders: dict[str, str], picture: Callable[[Page, str], None]
) -> None:
    number = orders["open"]
    sign_in(page)

    # Found by its tracking number, typed as people do: the one hit opens at once.
    page.keyboard.press("/")
    page.keyboard.type(orders["tracking"].lower())
    page.keyboard.press("Enter")
    page.wait_for_url(order_page(orders["sent"]))

    # Another order: two packages, the carrier of each told by its number.
    page.goto(f"/desk/orders/{number}/")
    page.get_by_role("link", name="Confirm shipment").click()
    expect(page.locator("#effect")).to_contain_text("Counts as on time")
    page.locator("#p0-tracking").fill(UPS)
    expect(page.locator("#p0-carrier")).to_have_value("UPS")
    page.locator("#p0-items input").first.fill("1")
    expect(page.locator("#effect")).to_contain_text("Left to ship after this: 1 unit")
    page.get_by_role("button", name="Add a package").click()
    expect(page.locator("#p0-tracking")).to_have_value(UPS)
    page.locator("#p1-tracking").fill(SF)
    page.get_by_role("button", name="Use SF Express").click()
    expect(page.locator("#p1-carrier")).to_have_value("SF Express")
    expect(page.locator("#effect")).to_contain_text("Nothing is left to ship")
    picture(page, "story-two-packages")
    page.locator("[data-submit]").click()
    page.wait_for_url(order_page(number))
    expect(page.locator("main")).to_contain_text("Shipment confirmed on time.")
    assert parcels(number) == [("UPS", UPS, 2), ("SF Express", SF, 1)]

    # The slip: the print window opens by itself, and the print is on record.
    page.add_init_script(COUNT_PRINTS)
    page.get_by_role("link", name="Print packing slip").click()
    page.get_by_role("button", name="Print", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-printed", "1")
    expect(page.locator(".slip")).to_contain_text("Lantern 灯笼")
    picture(page, "story-slip")

    page.goto(f"/desk/orders/{number}/")
    expect(page.locator(".timeline > li")).to_have_count(4)
    expect(page.locator(".timeline")).to_contain_text("Packing slip printed")
    expect(page.locator(".timeline")).to_contain_text("Li Wei · Console")
    picture(page, "story-timeline")


def test_with_the_keyboard_only(page: Page, orders: dict[str, str]) -> None:
    """No pointer, and the focus is never lost to the page's body."""
    number = orders["open"]
    sign_in(page)
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url(order_page(number))
    page.keyboard.press("s")
    page.wait_for_url("**/confirm/**")
    expect(page.locator("#p0-tracking")).to_be_focused()
    page.keyboard.type(UPS)
    page.keyboard.press("Enter")  # as a scanner does: on to the carrier, nothing is sent
    expect(page.locator("#p0-carrier")).to_be_focused()
    expect(page.locator("#p0-carrier")).to_have_value("UPS")
    expect(page.locator("#effect")).to_contain_text("Nothing is left to ship")
    assert page.evaluate("document.activeElement !== document.body")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(order_page(number))
    assert parcels(number) == [("UPS", UPS, 3)]
    page.keyboard.press("p")
    page.wait_for_url("**/slips/**")
    page.add_init_script(COUNT_PRINTS)
    page.keyboard.press("Enter")  # the button to print has the focus
    expect(page.locator("html")).to_have_attribute("data-printed", "1")
    page.keyboard.press("Escape")
    page.wait_for_url(order_page(number))
    expect(page.locator(".timeline")).to_contain_text("Packing slip printed")


def test_in_chinese(
    page: Page, site: str, orders: dict[str, str], picture: Callable[[Page, str], None]
) -> None:
    number = orders["open"]
    page.context.add_cookies([{"name": "sellerdesk_language", "value": "zh-hans", "url": site}])
    sign_in(page)
    page.goto(f"/desk/orders/{number}/")
    page.get_by_role("link", name="确认发货").click()
    expect(page.locator("#effect")).to_contain_text("计为按时")
    page.locator("#p0-tracking").fill(SF)
    expect(page.locator("#p0-carrier")).to_have_value("SF Express")
    picture(page, "story-zh-confirm")
    page.locator("[data-submit]").click()
    page.wait_for_url(order_page(number))
    expect(page.locator(".timeline")).to_contain_text("已确认发货")
    picture(page, "story-zh-order")


def test_everything_works_without_scripts(page: Page, site: str, orders: dict[str, str]) -> None:
    number = orders["open"]
    sign_in(page)
    plain = page.context.browser.new_context(  # type: ignore[union-attr]
        base_url=site, java_script_enabled=False, storage_state=page.context.storage_state()
    ).new_page()
    plain.goto(f"/desk/orders/{number}/confirm/")
    expect(plain.locator("#effect")).to_contain_text("Counts as on time")
    plain.locator("#p0-tracking").fill(UPS)
    plain.locator("#p0-carrier").select_option("UPS")
    plain.locator("#p0-items input").first.fill("1")
    plain.get_by_role("button", name="Add a package").click()
    plain.locator("#p1-tracking").fill(SF)
    plain.locator("#p1-carrier").select_option("")
    plain.locator("[data-submit]").click()
    expect(plain.locator("#problems")).to_contain_text("Package 2, Carrier")
    plain.get_by_role("button", name="Use SF Express").click()
    expect(plain.locator("#p1-carrier")).to_have_value("SF Express")
    plain.locator("[data-submit]").click()
    plain.wait_for_url(order_page(number))
    assert parcels(number) == [("UPS", UPS, 2), ("SF Express", SF, 1)]
    plain.context.close()


def test_mistakes_are_named_and_reachable(
    page: Page, orders: dict[str, str], picture: Callable[[Page, str], None]
) -> None:
    sign_in(page)
    page.goto(f"/desk/orders/{orders['open']}/confirm/")
    page.locator("[data-submit]").click()
    expect(page.locator("#problems")).to_be_focused()
    page.get_by_role("link", name="Package 1, Tracking ID").click()
    expect(page.locator("#p0-tracking")).to_be_focused()
    assert "p0-tracking-error" in (page.locator("#p0-tracking").get_attribute("aria-describedby") or "")
    picture(page, "story-mistakes")
