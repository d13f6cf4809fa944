"""The portal on a phone, in English and Chinese: sign in with a mailed code, cancel, ask, write, sign out."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests import build
from tests.interfaces.portal.conftest import codes_in, public_id

from sellerdesk.commands.cancel_requests import file_requests
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.config import clock
from sellerdesk.domain.cancel_requests import FilingRequest, Reason
from sellerdesk.domain.parcels import ParcelReport

ADA = "ada.quill@buyer.example"
ITEMS = (
    build.an_item(title="Hand-thrown stoneware mug 手工陶瓷马克杯 500 ml, dishwasher safe", sku="MUG-500"),
    build.an_item(title="Paper lantern, set of three", sku="LAN-3", ordered=1, price=2499),
)
Picture = Callable[[Page, str], None]


class Clock:
    """The real clock, which a test can move ahead."""

    def __init__(self) -> None:
        self.real = clock.now
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return self.real() + self.ahead


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    moving = Clock()
    monkeypatch.setattr(clock, "now", moving)
    return moving


@pytest.fixture
def world(committed: None, time: Clock) -> dict[str, str]:
    """Orders in the states that look different; answers their paths under /account/."""
    now = time()
    seller = build.a_seller()
    fresh = build.a_paid_order(seller, at=now - timedelta(minutes=8), items=ITEMS)
    older = build.a_paid_order(seller, at=now - timedelta(hours=5), items=ITEMS)
    asked = build.a_paid_order(seller, at=now - timedelta(hours=9), items=ITEMS[:1])
    words = FilingRequest(asked, Reason.ARRIVES_TOO_LATE, "I leave on Friday, it cannot arrive by then.")
    build.all_well(file_requests(build.an_actor(seller), [words], now=now - timedelta(hours=2)))
    sent = build.a_paid_order(seller, at=now - timedelta(days=4), items=ITEMS)
    build.ship(seller, sent, at=now - timedelta(days=3))
    for kind, hours in (("PICKED_UP", 60), ("OUT_FOR_DELIVERY", 5)):
        report = ParcelReport(sent, "1", kind, now - timedelta(hours=hours), where="Tacoma, WA")
        build.all_well(report_parcel_events(build.an_actor(seller), [report], now=now))
    numbers = {"fresh": fresh, "older": older, "asked": asked, "sent": sent}
    return {name: f"/account/orders/{public_id(seller)}/{number}/" for name, number in numbers.items()}


def enter(page: Page, picture: Picture | None = None, look: str = "") -> None:
    """Sign in as buyers do."""
    page.goto("/account/")
    if picture:
        picture(page, f"portal-sign-in-{look}")
    page.locator("#email").fill(ADA)
    page.locator("#email").press("Enter")
    expect(page.locator("#code")).to_be_visible()
    letters, _ = build.mails(clock.now())
    code = codes_in(letters)
    if picture:
        picture(page, f"portal-code-{look}")
    page.locator("#code").fill(code[-1].lower())
    page.locator("#code").press("Enter")
    page.wait_for_url("**/account/")


def fits(page: Page) -> None:
    """Nothing sticks out to the side, and what can be touched is big enough (WCAG 2.5.8)."""
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, page.url
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, a.btn, input:not([type=hidden]), select, textarea, summary')]
          .filter(e => e.checkVisibility())
          .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
          .filter(([, box]) => box.width < 22 || box.height < 22).map(([html]) => html)"""
    )
    assert small == [], page.url


LOOKS: dict[str, tuple[int, str, Any]] = {
    "narrow": (360, "en", "light"),
    "narrow-dark": (360, "en", "dark"),
    "narrow-hans": (360, "zh-hans", "light"),
    "narrow-hant": (360, "zh-hant", "dark"),
    "wide": (1280, "en", "light"),
    "wide-dark": (1280, "zh-hans", "dark"),
}


@pytest.mark.parametrize("look", LOOKS)
def test_pages_fit_their_window(look: str, page: Page, world: dict[str, str], picture: Picture) -> None:
    width, language, scheme = LOOKS[look]
    page.set_viewport_size({"width": width, "height": 780})
    page.emulate_media(color_scheme=scheme)
    page.goto("/account/sign-in/")
    if language != "en":
        page.locator("details.menu summary").click()
        page.locator(f"button[value='{language}']").click()
    enter(page, picture, look)
    pages = {"list": "/account/", "settings": "/account/settings/", **world}
    pages |= {"cancel": f"{world['fresh']}cancel/", "request": f"{world['older']}cancel/"}
    pages |= {"messages": f"{world['sent']}messages/"}
    for name, path in pages.items():
        page.goto(path)
        fits(page)
        picture(page, f"portal-{name}-{look}")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_buyer_cancels_asks_and_writes_on_a_phone(
    language: str, page: Page, world: dict[str, str], time: Clock, picture: Picture
) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    enter(page)
    if language != "en":
        page.locator("details.menu summary").click()
        page.locator(f"button[value='{language}']").click()
        expect(page.locator("h1")).to_have_text("我的订单")
    # Inside the window: one of two units, with the countdown running.
    page.goto(world["fresh"])
    expect(page.locator(".countdown")).to_have_text(re.compile(r"2[12]\D+\d+"))
    page.locator(".place a.btn").click()
    page.locator("select[name^='q-']").select_option("1")
    page.locator("input[type=checkbox][name^='q-']").uncheck()
    page.locator("#reason").select_option("ordered_by_mistake")
    page.locator(".choices button").click()
    page.wait_for_url("**?done=cancelled")
    # The page is left open until the window has passed: the click becomes a request, with everything kept.
    page.locator(".place a.btn").click()
    page.locator("#reason").select_option("found_cheaper")
    time.ahead = timedelta(minutes=22)
    page.locator(".choices button").click()
    expect(page.locator(".note.warn")).to_be_visible()
    expect(page.locator("#reason")).to_have_value("found_cheaper")
    fits(page)
    picture(page, f"portal-turned-{language}")
    page.locator("#words").fill("Please cancel the rest. 谢谢")
    page.locator(".choices button").click()
    page.wait_for_url("**?done=requested")
    expect(page.locator(".wish.waiting")).to_contain_text("谢谢")
    picture(page, f"portal-requested-{language}")
    # Words to the seller.
    page.locator(".contact a.btn").click()
    page.locator("#text").fill("Is it <b>blue</b>?")
    page.locator("form[enctype] button").click()
    expect(page.locator(".bubble.mine")).to_contain_text("<b>blue</b>")
    picture(page, f"portal-thread-{language}")
    # And out, with the keyboard.
    page.locator("form[action$='sign-out/'] button").press("Enter")
    page.wait_for_url("**/sign-in/**")
    page.goto(world["fresh"])
    expect(page.locator("#email")).to_be_visible()


def test_everything_works_without_scripts(browser: Any, site: str, world: dict[str, str]) -> None:
    context = browser.new_context(
        base_url=site, java_script_enabled=False, viewport={"width": 360, "height": 780}
    )
    page = context.new_page()
    enter(page)
    page.goto(world["fresh"])
    page.locator(".place a.btn").click()
    expect(page.locator("main")).to_contain_text("You can cancel by yourself until")
    page.locator(".choices button").click()
    page.wait_for_url("**?done=cancelled")
    context.close()


def test_the_countdown_ends_without_moving_anybody(page: Page, world: dict[str, str], time: Clock) -> None:
    """WCAG 2.2.1: it is said, and the page stays as it is."""
    enter(page)
    time.ahead = timedelta(minutes=21, seconds=56)
    page.goto(f"{world['fresh']}cancel/")
    page.locator("#reason").select_option("other")
    expect(page.locator(".countdown")).to_contain_text("This time is over", timeout=10_000)
    expect(page.locator("[data-announce]")).to_contain_text("This time is over")
    expect(page.locator("#reason")).to_have_value("other")
