"""The guides' road through Manage Returns in a real browser (S2-36 to S2-41; S4-16, S4-17; screens 1.10)."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import PASSWORD
from tests.build import a_seller, an_item, everything
from tests.returned import ASKED, a_delivered_order, asked, authorized, graded, received, setting

from sellerdesk.config import clock
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.flows.photos import clean_photos
from sellerdesk.models.accounts import Membership, User

NOW = datetime(2026, 3, 4, 20, 30, tzinfo=UTC)
EMAIL = "li.wei@lantern.example"
HOSTILE = (
    "<img src=x onerror=alert(1)> \u202egnp broke. The handle came off, and the box was open when it came."
)


@pytest.fixture
def seller(monkeypatch: pytest.MonkeyPatch, committed: None) -> int:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = a_seller(countries=("US", "CA"))
    setting(made)
    user = User.objects.create_user(EMAIL, PASSWORD, name="Li Wei", zone="Asia/Shanghai", date_joined=NOW)
    Membership.objects.create(seller_id=made, user=user, role="owner")
    return made


def a_photo(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(file, "JPEG")
    return file.getvalue()


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/**")


def no_sideways_scrolling(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, page.url


def test_the_road_from_the_request_to_the_refund(
    page: Page, seller: int, picture: Callable[[Page, str], None]
) -> None:
    lantern = an_item(title="Paper lantern, hand made, 40 cm", sku="LANTERN-40")
    number = a_delivered_order(seller, items=[lantern])
    photos = clean_photos([Attachment("a.jpg", "image/jpeg", a_photo("teal"))])
    _, rma = asked(seller, number, comment=HOSTILE, photos=photos)
    asked(seller, reason=ReturnReason.DEFECTIVE, comment="灯不亮，请退款。", at=ASKED + timedelta(hours=1))
    sign_in(page)
    page.get_by_role("link", name="Returns").click()
    expect(page.get_by_role("heading", name="Manage returns")).to_be_visible()
    card = page.locator("article", has_text=rma)
    size = card.locator(".comment").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 15
    assert card.locator(".reason-big").inner_text() == "Too small"
    expect(card.locator(".return-photos img")).to_have_count(1)
    picture(page, "returns-list")
    no_sideways_scrolling(page)

    card.get_by_role("link", name=re.compile("Contact buyer")).click()
    expect(page.get_by_text("About return")).to_be_visible()
    picture(page, "returns-contact")
    page.fill("#text", "We are sorry. Please send the lantern back; we answer as soon as it is here.")
    page.get_by_role("button", name=re.compile("Send")).first.click()
    page.goto(f"/desk/returns/{rma}/")
    expect(page.locator("dd", has_text="You wrote to the buyer")).to_be_visible()
    picture(page, "return-detail")
    no_sideways_scrolling(page)

    page.keyboard.press("a")
    expect(page.get_by_text("No money moves.").first).to_be_visible()
    assert page.input_value("#line1") == "5 Dock Street"
    page.get_by_label("A prepaid label").check()
    page.fill("#carrier", "UPS")
    page.fill("#own_rma", "LL-2026-17")
    page.get_by_role("button", name="Authorise request").click()
    expect(page.locator("#problems")).to_contain_text("Tracking ID")
    picture(page, "return-authorize")
    page.fill("#tracking", "1Z999AA10123456784")
    page.get_by_role("button", name="Authorise request").click()
    expect(page.get_by_text("Authorised. The buyer is told where to send it.")).to_be_visible()
    expect(page.get_by_role("heading", name="LL-2026-17")).to_be_visible()

    page.goto("/desk/returns/scan/")
    page.keyboard.type("1z999aa10123456784")
    picture(page, "returns-scan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Receive goods"))).to_be_visible()
    picture(page, "return-receive")
    page.get_by_role("button", name="Receive and inspect").click()
    expect(page.get_by_text("2 units received.")).to_be_visible()
    page.get_by_label("Good, but opened or used").check()
    page.set_input_files("#photos", {"name": "box.jpg", "mimeType": "image/jpeg", "buffer": a_photo("gray")})
    picture(page, "return-grade")
    page.get_by_role("button", name="Save inspection").click()
    expect(page.get_by_text("2 units are back in stock.")).to_be_visible()
    expect(page.locator(".photos img")).to_have_count(2)
    picture(page, "return-inspected")
    assert everything("SELECT state FROM return_requests WHERE rma = 'LL-2026-17'") == [("PENDING_REFUND",)]


def test_the_keyboard_alone(page: Page, seller: int) -> None:
    _, _first = asked(seller)
    _, second = asked(seller, at=ASKED + timedelta(hours=1))
    sign_in(page)
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/desk/returns/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_url(f"**/desk/returns/{second}/close/**")
    expect(page.get_by_text("No message sent yet.")).to_be_visible()
    page.get_by_label("A technical problem was solved").focus()
    page.keyboard.press("Space")
    page.get_by_label("Comment to the buyer").focus()
    page.keyboard.type("It works after the reset we described.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Request closed. The buyer is told why.")).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_url("**/desk/returns/")
    expect(page.locator("article")).to_have_count(1)


@pytest.mark.parametrize("form", ["authorize", "close", "receive", "grade"])
def test_going_back_brings_the_form_that_was_sent(page: Page, seller: int, form: str) -> None:
    number, rma = asked(seller)
    if form in ("receive", "grade"):
        authorized(seller, number, rma)
    if form == "grade":
        received(seller, number, rma)
    right = {
        "authorize": "#line1",
        "close": "#comment",
        "receive": "[name^=units-]",
        "grade": "[name^=note-]",
    }
    typed = {
        "authorize": "7 New Street",
        "close": "It works after the reset.",
        "receive": "1",
        "grade": "Scratched.",
    }
    wrong = {"authorize": "", "close": "", "receive": "0", "grade": "x" * 256}
    sign_in(page)
    page.goto(f"/desk/returns/{rma}/{form}/")
    field = page.locator(right[form]).first
    field.evaluate("e => e.removeAttribute('maxlength')")
    field.fill(wrong[form])
    page.locator("#return-form [data-submit]").click()
    expect(page.locator("#problems")).to_be_visible()  # the answer to a POST, which no browser asks for again
    key = page.locator("[name=key]").input_value()
    field.fill(typed[form])
    if form in ("close", "grade"):
        page.locator("[type=radio]").last.check()
    page.locator("#return-form [data-submit]").click()
    page.wait_for_url(re.compile(rf"/{rma}/(grade/)?$" if form == "receive" else rf"/{rma}/$"))
    page.go_back()
    expect(page.locator("#return-form")).to_be_visible()
    assert page.locator("[name=key]").input_value() == key
    page.locator(right[form]).first.fill(typed[form])
    if form in ("close", "grade"):
        page.locator("[type=radio]").last.check()
    page.locator("#return-form [data-submit]").click()
    expect(page.locator("main")).to_contain_text("Nothing was done twice.")


def test_filters_fold_on_a_phone_and_stand_open_on_a_wide_screen(page: Page, seller: int) -> None:
    asked(seller)
    sign_in(page)
    page.goto("/desk/returns/")
    search, fold = page.locator(".filters [name=q]"), page.locator(".filter-fold > summary")
    expect(search).to_be_visible()
    expect(fold).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 780})
    expect(fold).to_be_visible()
    assert page.locator("article").bounding_box()["y"] < 780  # type: ignore[index]
    fold.click()
    search.fill("LAMP")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=LAMP**")
    expect(fold).to_contain_text("1")


def test_without_scripts_in_chinese_on_a_phone(
    browser: Browser, site: str, seller: int, picture: Callable[[Page, str], None]
) -> None:
    _number, rma = asked(seller, comment="灯罩太小，装不上。", reason=ReturnReason.TOO_SMALL)
    done_number, done = asked(seller)
    authorized(seller, done_number, done)
    received(seller, done_number, done)
    graded(seller, done_number, done)
    User.objects.filter(email=EMAIL).update(language="zh-hans")
    context = browser.new_context(
        base_url=site, java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN"
    )
    page = context.new_page()
    try:
        page.goto("/accounts/login/")
        page.fill("input[name=login]", EMAIL)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/**")
        page.goto("/desk/returns/")
        expect(page.get_by_text("批准退货").first).to_be_visible()
        expect(page.get_by_text("关闭申请").first).to_be_visible()
        picture(page, "returns-phone-zh")
        no_side = page.locator("article").bounding_box()
        assert no_side is not None
        assert no_side["width"] <= 360
        page.get_by_role("link", name=re.compile("批准退货")).first.click()
        picture(page, "return-authorize-phone-zh")
        page.locator("button[data-submit]").click()
        expect(page.get_by_text("已批准").first).to_be_visible()
        page.goto(f"/desk/returns/{done}/")
        picture(page, "return-phone-zh")
    finally:
        context.close()
    assert everything("SELECT state FROM return_requests WHERE rma = %s", [rma]) == [("AUTHORIZED",)]
