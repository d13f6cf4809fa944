"""Sending something back on a phone, in English and Chinese: asked, approved, sent, refunded; withdrawn; without
scripts; by keyboard (S2-36 to S2-45; screens 1.18, U10).
"""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect
from tests import build
from tests.browser.test_portal import ADA, ITEMS, LOOKS, Clock, enter, fits, time
from tests.interfaces.portal.conftest import public_id

from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import (
    Authorize,
    Close,
    Receive,
    authorize_returns,
    close_returns,
    receive_returns,
)
from sellerdesk.domain.actors import Party
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.domain.return_ways import Label
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.flows.photos import clean_photos
from sellerdesk.flows.sweep import sweep

__all__ = ["time"]  # the fixture
Picture = Callable[[Page, str], None]
MOST_CLICKS = 6
DOCK = {
    "name": "Lantern & Loom", "line1": "5 Dock Street, Gate 12", "city": "Reno", "state": "NV",
    "postal_code": "89501", "country": "US",
}  # fmt: skip
_numbers = build.random.Random(360)


class World:
    """A seller who decides every return, and a buyer's delivered orders."""

    def __init__(self, now: Any) -> None:
        self.now = now
        self.seller = build.a_seller()
        with build.scoped(self.seller):
            build.run(
                "INSERT INTO return_settings (seller_id, marketplace_id, automatic, address, instructions)"
                " VALUES (%s, 'ATVPDKIKX0DER', 'manual', '{}', '')",
                [self.seller],
            )

    def order(self, days: int = 6) -> str:
        """A delivered order; answers its number."""
        placed = self.now - timedelta(days=days)
        number = build.a_shipped_order(self.seller, at=placed, items=ITEMS)
        arrived = placed + timedelta(days=3)
        report = ParcelReport(number, "1", "DELIVERED", arrived, where="Tacoma, WA")
        build.all_well(report_parcel_events(build.an_actor(self.seller), [report], now=arrived))
        return number

    def path(self, number: str) -> str:
        return f"/account/orders/{public_id(self.seller)}/{number}/"

    def asked(self, number: str, comment: str = "", **said: Any) -> str:
        """Ask for one lantern to go back; answers the RMA."""
        items = build.everything(
            "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id AND o.seller_id = i.seller_id"
            " WHERE o.order_number = %s ORDER BY i.position",
            [number],
        )
        asked = ReturnAsked(number, ReturnReason.TOO_LARGE, {items[1][0]: 1}, comment, "refund", **said)
        buyer = build.an_actor(self.seller, party=Party.BUYER)
        outcome = request_returns(buyer, [asked], now=self.now - timedelta(hours=3), randomness=_numbers)[0]
        build.all_well([outcome])
        return str(outcome.facts["rma"])

    def authorize(self, number: str, rma: str) -> None:
        step = Authorize(
            number,
            rma,
            address=DOCK,
            label=Label.PREPAID,
            carrier="UPS",
            tracking="1Z999AA10123456784",
            instructions="Please use the box it came in. 请用原包装寄回。",
        )
        build.all_well(authorize_returns(build.an_actor(self.seller), [step], now=self.now))

    def receive(self, number: str, rma: str) -> None:
        build.all_well(receive_returns(build.an_actor(self.seller), [Receive(number, rma)], now=self.now))

    def refund(self, number: str, rma: str) -> None:
        """Refund, and let the hold end."""
        request = RefundRequest(number, RefundReason.BUYER_RETURN, Mode.ON_RECEIPT, rma=rma)
        build.all_well(request_refunds(build.an_actor(self.seller), [request], now=self.now))
        sweep(self.now + timedelta(hours=3))


@pytest.fixture
def world(committed: None, time: Clock) -> World:
    return World(time())


class Hand:
    """Counts what a finger does."""

    def __init__(self) -> None:
        self.clicks = 0

    def tap(self, target: Locator) -> None:
        target.click()
        self.clicks += 1


def a_photo(folder: Path, name: str) -> Path:
    """A picture of a scratch."""
    shot = Image.new("RGB", (900, 700), "#d8c9a8")
    ImageDraw.Draw(shot).line([(200, 120), (620, 560)], fill="#6b4f2a", width=14)
    out = io.BytesIO()
    shot.save(out, "JPEG")
    path = folder / name
    path.write_bytes(out.getvalue())
    return path


def speak(page: Page, language: str) -> None:
    if language != "en":
        page.locator("details.menu summary").click()
        page.locator(f"button[value='{language}']").click()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_six_clicks_from_the_list_of_orders(
    language: str, page: Page, world: World, picture: Picture
) -> None:
    world.order()
    page.set_viewport_size({"width": 360, "height": 780})
    enter(page)
    speak(page, language)
    hand = Hand()
    hand.tap(page.locator("a.cover"))
    hand.tap(page.locator(".place a.btn"))
    fits(page)
    picture(page, f"portal-return-choose-{language}")
    hand.tap(page.locator(".goods").nth(1).locator("label").first)
    hand.tap(page.locator("label.radio", has=page.locator("[value=quality]")))
    hand.tap(page.locator("button[value=continue]"))
    expect(page.locator(".promise.approval")).to_be_visible()
    fits(page)
    hand.tap(page.locator("button[value=submit]"))
    page.wait_for_url("**/returns/1/?done=requested")
    assert hand.clicks <= MOST_CLICKS
    assert build.everything("SELECT state, reason, comment FROM return_requests") == [
        ("PENDING_AUTHORIZATION", "quality", "")
    ]
    fits(page)
    # Back: the units are taken, and the page says by which request.
    page.go_back()
    expect(page.locator("a[href$='/returns/1/']")).to_be_visible()
    assert build.everything("SELECT count(*) FROM return_requests") == [(1,)]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_buyers_road(
    language: str, page: Page, world: World, time: Clock, tmp_path: Path, picture: Picture
) -> None:
    number = world.order()
    page.set_viewport_size({"width": 360, "height": 780})
    enter(page)
    speak(page, language)
    page.goto(world.path(number))
    page.locator("a.btn.at").first.click()
    page.locator(".many select").select_option("1")
    page.locator("[name=reason][value=damaged_in_transit]").check()
    page.locator("button[value=continue]").click()
    # A photo that is none: everything typed is still there, and the good one has to be chosen again.
    words = "The handle is broken off. 把手断了。<b>!</b>"
    page.locator("#comment").fill(words)
    page.locator("#wish").select_option("replacement")
    evil = tmp_path / "evil.png"
    evil.write_bytes(b"<html><script>document.title = 'owned'</script></html>")
    good = a_photo(tmp_path, "scratch.jpg")
    page.locator("#photos").set_input_files([good, evil])
    page.locator("button[value=submit]").click()
    expect(page.locator("#photos-error")).to_be_visible()
    expect(page.locator("#comment")).to_have_value(words)
    expect(page.locator("#wish")).to_have_value("replacement")
    expect(page.locator("main")).to_contain_text("scratch.jpg")
    fits(page)
    picture(page, f"portal-return-amiss-{language}")
    # A look at the first step loses nothing either.
    page.locator("button[value=change]").click()
    expect(page.locator("[name=reason][value=damaged_in_transit]")).to_be_checked()
    page.locator("button[value=continue]").click()
    expect(page.locator("#comment")).to_have_value(words)
    page.locator("#photos").set_input_files([good])
    picture(page, f"portal-return-review-{language}")
    page.locator("button[value=submit]").click()
    page.wait_for_url("**/returns/1/?done=requested")
    expect(page.locator("main")).to_contain_text("<b>!</b>")
    expect(page.locator(".shots img")).to_have_js_property("naturalWidth", 900)
    fits(page)
    picture(page, f"portal-return-asked-{language}")
    ((rma,),) = build.everything("SELECT rma FROM return_requests")
    world.now = time()
    world.authorize(number, rma)
    page.goto(f"{world.path(number)}returns/1/")
    expect(page.locator("address")).to_contain_text("5 Dock Street")
    fits(page)
    picture(page, f"portal-return-approved-{language}")
    world.receive(number, rma)
    page.reload()
    expect(page.locator("address")).to_have_count(0)
    picture(page, f"portal-return-arrived-{language}")
    time.ahead = timedelta(hours=4)
    world.refund(number, rma)
    page.reload()
    expect(page.locator(".total")).to_contain_text("21.59")
    fits(page)
    picture(page, f"portal-return-refunded-{language}")
    page.goto(world.path(number))
    expect(page.locator("#refunds")).to_be_visible()
    fits(page)
    picture(page, f"portal-order-refunded-{language}")


@pytest.mark.parametrize("look", LOOKS)
def test_pages_fit_their_window(
    look: str, page: Page, world: World, time: Clock, tmp_path: Path, picture: Picture
) -> None:
    width, language, scheme = LOOKS[look]
    page.set_viewport_size({"width": width, "height": 780})
    page.emulate_media(color_scheme=scheme)
    numbers = {name: world.order(days=days) for name, days in (("fresh", 6), ("sent", 7), ("closed", 8))}
    numbers["late"] = world.order(days=50)
    shots = clean_photos([as_upload(a_photo(tmp_path, f"{n}.jpg")) for n in range(3)])
    rma = world.asked(numbers["sent"], "It is far too large for my window. 太大了。", photos=shots)
    world.authorize(numbers["sent"], rma)
    rma = world.asked(numbers["closed"])
    step = Close(
        numbers["closed"], rma, reason="not_returnable", comment="This lantern was made for you alone."
    )
    build.all_well(close_returns(build.an_actor(world.seller), [step], now=world.now))
    enter(page)
    speak(page, language)
    pages = {name: world.path(number) for name, number in numbers.items()}
    pages |= {"choose": f"{pages['fresh']}return/", "over": f"{pages['late']}return/"}
    pages |= {"status": f"{pages['sent']}returns/1/", "no": f"{pages['closed']}returns/1/"}
    pages |= {"withdraw": f"{pages['sent']}returns/1/withdraw/"}
    for name, path in pages.items():
        page.goto(path)
        fits(page)
        picture(page, f"portal-returns-{name}-{look}")


def as_upload(path: Path) -> Attachment:
    return Attachment(path.name, "image/jpeg", path.read_bytes())


def test_everything_works_without_scripts(browser: Any, site: str, world: World, tmp_path: Path) -> None:
    number = world.order()
    context = browser.new_context(
        base_url=site, java_script_enabled=False, viewport={"width": 360, "height": 780}
    )
    page = context.new_page()
    enter(page)
    page.goto(world.path(number))
    page.locator(".place a.btn").click()
    # Nothing chosen: the browser itself may stop it, the server does in any case.
    page.locator("[name=reason][value=defective]").check()
    page.locator("button[value=continue]").click()
    expect(page.locator("#items-error")).to_be_visible()
    expect(page.locator("[name=reason][value=defective]")).to_be_checked()
    page.locator(".goods input[type=checkbox]").first.check()
    page.locator("button[value=continue]").click()
    page.locator("#comment").fill("It does not light up.")
    page.locator("#photos").set_input_files([a_photo(tmp_path, "dark.jpg")])
    page.locator("button[value=submit]").click()
    page.wait_for_url("**/returns/1/?done=requested")
    expect(page.locator(".shots img")).to_have_count(1)
    page.locator("a[href$='/withdraw/']").click()
    page.locator("button.danger").click()
    page.wait_for_url("**/returns/1/")
    expect(page.locator("h1")).to_have_text("Withdrawn by you")
    context.close()


def test_a_keyboard_is_enough(page: Page, world: World) -> None:
    number = world.order()
    enter(page)
    page.goto(f"{world.path(number)}return/")
    page.locator(".goods input[type=checkbox]").nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")  # into the reasons
    expect(page.locator("[name=reason]").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=reason]").nth(1)).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator("button[value=continue]")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#comment").focus()
    page.keyboard.type("Scratched")
    page.locator("button[value=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/returns/1/?done=requested")
    assert build.everything("SELECT reason, comment FROM return_requests") == [("quality", "Scratched")]
    assert ADA not in page.content()


def test_a_claim_on_a_phone(page: Page, world: World, time: Clock, picture: Picture) -> None:
    """First the seller is written to; two days later the marketplace steps in."""
    number = world.order()
    page.set_viewport_size({"width": 360, "height": 780})
    enter(page)
    page.goto(world.path(number))
    page.locator("a[href$='/claim/']").click()
    fits(page)
    picture(page, "portal-claim-early")
    page.locator(".shut a[href$='/messages/']").first.click()
    page.locator("#text").fill("Nothing was at my door.")
    page.locator("form[enctype] button").click()
    page.wait_for_url("**done=sent**")
    time.ahead = timedelta(hours=49)
    page.context.clear_cookies()
    enter(page)
    page.goto(f"{world.path(number)}claim/")
    page.locator("[name=kind][value=not_received]").check()
    page.locator("#text").fill("The carrier says delivered, but nothing came. 没有收到。")
    fits(page)
    picture(page, "portal-claim-form")
    page.locator("form.card button").click()
    page.wait_for_url("**/claims/1/?done=filed")
    fits(page)
    picture(page, "portal-claim-filed")
    page.goto(world.path(number))
    expect(page.locator("#claims")).to_be_visible()
    fits(page)
    picture(page, "portal-claim-order")
    page.goto(f"{world.path(number)}claims/1/withdraw/")
    page.locator("button.danger").press("Enter")
    page.wait_for_url("**/claims/1/")
    expect(page.locator("h1")).to_have_text("Withdrawn by you")
