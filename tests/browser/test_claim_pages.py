"""A-to-z claims in a real browser: answered, granted by silence, appealed; keyboard, Chinese, a phone, no scripts."""

import random
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.test_cancel_stories import unnamed
from tests.browser.test_looks import LOOKS
from tests.browser.test_stories import a_member, sign_in
from tests.build import a_seller, a_shipped_order, all_well, an_actor, an_item, everything

from sellerdesk.commands.claims import (
    answer_claims,
    appeal_claims,
    decide_appeals,
    decide_claims,
    file_claims,
)
from sellerdesk.commands.messages import receive_messages, send_messages
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party
from sellerdesk.domain.claim_facts import ClaimKind, Fault
from sellerdesk.domain.claims import AppealVerdict, ClaimStep, ClaimVerdict, FileClaim
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.messages import BuyerMessage, SellerMessage
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.flows.sweep import sweep

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = "Tracking says delivered, I have nothing. <script>document.title='owned'</script> \u202eevil"


def a_claim(
    seller: int, *, filed_ago: timedelta, kind: ClaimKind = ClaimKind.NOT_RECEIVED
) -> tuple[str, str]:
    """An order that its buyer claims for: delivered as its carrier says, and written about three days before."""
    now = clock.now()
    filed = now - filed_ago
    items = (
        an_item(title="Hand-thrown stoneware mug 手工陶瓷马克杯 500 ml, dishwasher safe", sku="MUG-500-BLU"),
    )
    number = a_shipped_order(seller, at=filed - 12 * DAY, items=items)
    scans = (("PICKED_UP", 10, ""), ("IN_TRANSIT", 9, "Reno, NV"), ("DELIVERED", 7, "Tacoma, WA"))
    reports = [
        ParcelReport(number, "1", event, filed - days * DAY, where=where) for event, days, where in scans
    ]
    all_well(report_parcel_events(an_actor(seller), reports, now=filed - 7 * DAY))
    buyer = an_actor(seller, party=Party.BUYER)
    all_well(receive_messages(buyer, [BuyerMessage(number, "Where is it?")], now=filed - 3 * DAY))
    reply = SellerMessage(number, ContactReason.ANSWER, "We have asked the carrier and write again tomorrow.")
    all_well(send_messages(an_actor(seller, name="Li Wei"), [reply], now=filed - 3 * DAY + 2 * HOUR))
    if kind is ClaimKind.NOT_AS_DESCRIBED:
        ((item,),) = everything(
            "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.order_number = %s",
            [number],
        )
        wish = ReturnAsked(number, ReturnReason.DAMAGED_IN_TRANSIT, {item: 1}, comment="The rim is chipped.")
        all_well(request_returns(buyer, [wish], now=filed - 3 * DAY, randomness=random.Random(number)))
    asked = [FileClaim(number, kind, WORDS)]
    [made] = all_well(file_claims(buyer, asked, now=filed, randomness=random.Random(number)))
    return number, str(made.facts["reference"])


def judge(seller: int) -> Any:
    return an_actor(seller, party=Party.AMAZON)


@pytest.fixture
def seller(committed: None) -> int:
    found = a_seller()
    a_member(found)
    return found


def state() -> tuple[Any, ...]:
    return everything("SELECT state, debited, defect FROM claims")[0]


def test_from_the_navigation_to_an_answer_in_few_clicks(
    page: Page, seller: int, picture: Callable[[Page, str], None]
) -> None:
    number, claim = a_claim(seller, filed_ago=67 * HOUR)
    sign_in(page)
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/desk/claims/")
    expect(page.locator(".side a[aria-current=page] .count")).to_contain_text("1")
    row = page.locator(".claims tbody tr")
    expect(row).to_contain_text("in 4 h")
    expect(row).to_contain_text("$43.18")
    expect(row).to_contain_text("Counts if you lose it")
    clicks = 0

    def click(target: Any) -> None:
        nonlocal clicks
        clicks += 1
        target.click()

    click(page.get_by_role("link", name=claim))
    expect(page.locator(".claim-now")).to_contain_text("you are debited $43.18")
    expect(page.locator(".buyers-words")).to_contain_text("<script>document.title")
    assert "owned" not in page.title()
    assert unnamed(page) == []
    click(page.get_by_role("button", name="Insert facts from the record"))
    expect(page.locator("#text")).to_have_value(re.compile("Last scan: Delivered, .*, Tacoma, WA"))
    picture(page, "claim-story-facts")
    click(page.get_by_role("button", name="Send answer"))
    expect(page.locator("main")).to_contain_text("Your answer is with the marketplace")
    assert clicks <= 3
    assert state() == ("UNDER_REVIEW", 0, False)
    expect(page.locator(".bubble.seller").first).to_contain_text("Last scan: Delivered")
    page.go_back()
    page.get_by_role("button", name="Send answer").click()
    assert everything("SELECT count(*) FROM journal WHERE kind = 'claim_answered'") == [(1,)]
    page.goto(f"/desk/orders/{number}/")
    expect(page.locator(".claim-banner")).to_contain_text("Under review")
    page.locator(".claim-banner a").click()
    page.wait_for_url(f"**/desk/claims/{claim}/")


def test_silence_grants_and_an_appeal_goes_out(
    page: Page, seller: int, picture: Callable[[Page, str], None]
) -> None:
    number, claim = a_claim(seller, filed_ago=71 * HOUR)
    sign_in(page)
    page.goto(f"/desk/claims/{claim}/")
    page.locator("#text").fill("We did send it.")
    sweep(clock.now() + 2 * HOUR)  # as if the person had gone to lunch
    page.get_by_role("button", name="Send answer").click()
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems")).to_contain_text("Claim granted")
    assert state() == ("GRANTED", 4318, True)
    expect(page.locator("#text")).to_have_value("We did send it.")  # kept, now for the appeal
    expect(page.locator(".claim-now")).to_contain_text("Granted because nobody answered in time.")
    page.get_by_label("The effect on the order defect rate").uncheck()
    page.locator("#only").check()
    picture(page, "claim-story-appeal")
    page.locator("#text").press("Control+Enter")
    expect(page.locator("h1 ~ .badge")).to_contain_text("Appealed")
    expect(page.locator(".bubble.seller").first).to_contain_text("We ask to reverse: the debit.")
    assert state()[0] == "APPEALED"
    won = [AppealVerdict(number, claim, True, False, "The signature matches.")]
    all_well(decide_appeals(judge(seller), won, now=clock.now() + 3 * HOUR))
    page.reload()
    expect(page.locator(".claim-now")).to_contain_text("You won the appeal.")
    expect(page.locator(".claim-now")).to_contain_text("You have $43.18 back")
    picture(page, "claim-story-won")


def test_refund_now_leads_to_everything_that_is_left(page: Page, seller: int) -> None:
    _, claim = a_claim(seller, filed_ago=5 * HOUR)
    sign_in(page)
    page.goto(f"/desk/claims/{claim}/")
    expect(page.locator(".way").last).to_contain_text("It counts in your order defect rate")
    page.keyboard.press("f")
    page.wait_for_url("**/refund/")
    expect(page.locator(".tab-end")).to_contain_text("$43.18")


def test_without_scripts(browser: Browser, site: str, seller: int) -> None:
    _, claim = a_claim(seller, filed_ago=5 * HOUR)
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="en-US")
    page = context.new_page()
    sign_in(page)
    page.goto("/desk/claims/")
    page.get_by_role("link", name=claim).click()
    page.get_by_role("button", name="Insert facts from the record").click()
    page.get_by_role("button", name="Send answer").click()
    expect(page.locator("main")).to_contain_text("The marketplace is deciding")
    assert state()[0] == "UNDER_REVIEW"
    context.close()


@pytest.fixture
def world(seller: int) -> dict[str, str]:
    """Claims in the states that look different."""
    now = clock.now()
    _, soon = a_claim(seller, filed_ago=67 * HOUR)
    _, fresh = a_claim(seller, filed_ago=5 * HOUR, kind=ClaimKind.NOT_AS_DESCRIBED)
    number, review = a_claim(seller, filed_ago=60 * HOUR)
    li = an_actor(seller, name="Li Wei")
    said = [ClaimStep(number, review, "Signed for by M. Quill; the carrier's proof has the number 4417-22.")]
    all_well(answer_claims(li, said, now=now - 30 * HOUR))
    number, lost = a_claim(seller, filed_ago=50 * HOUR)
    all_well(answer_claims(li, [ClaimStep(number, lost, "It was delivered.")], now=now - 40 * HOUR))
    verdict = ClaimVerdict(number, lost, True, Fault.SELLER, text="No proof that the buyer has it.")
    all_well(decide_claims(judge(seller), [verdict], now=now - 30 * HOUR))
    number, won = a_claim(seller, filed_ago=70 * HOUR)
    all_well(answer_claims(li, [ClaimStep(number, won, "It was delivered.")], now=now - 65 * HOUR))
    verdict = ClaimVerdict(number, won, True, Fault.SELLER, text="No proof that the buyer has it.")
    all_well(decide_claims(judge(seller), [verdict], now=now - 60 * HOUR))
    all_well(appeal_claims(li, [ClaimStep(number, won, "Here is the proof.")], now=now - 40 * HOUR))
    done = AppealVerdict(number, won, True, True, "The signature matches.")
    all_well(decide_appeals(judge(seller), [done], now=now - 20 * HOUR))
    return {"soon": soon, "fresh": fresh, "review": review, "lost": lost, "won": won, "order": number}


PAGES = {
    "list": "/desk/claims/",
    "list-all": "/desk/claims/?show=all",
    "list-empty": "/desk/claims/?show=under_review&after=2020-01-01T00:00:00%2B00:00~1",
    "soon": "/desk/claims/{soon}/",
    "fresh": "/desk/claims/{fresh}/",
    "review": "/desk/claims/{review}/",
    "lost": "/desk/claims/{lost}/",
    "won": "/desk/claims/{won}/",
}


@pytest.mark.parametrize("look", LOOKS)
def test_pages_fit_their_window(
    look: str, page: Page, site: str, world: dict[str, str], picture: Callable[[Page, str], None]
) -> None:
    width, language, scheme = LOOKS[look]
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    sign_in(page)
    page.context.add_cookies([{"name": "sellerdesk_language", "value": language, "url": site}])
    too_wide = []
    for name, path in PAGES.items():
        page.goto(path.format(**world))
        assert unnamed(page) == []
        picture(page, f"claim-{look}-{name}")
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            too_wide.append(f"{name} by {over} px")
    assert too_wide == []
