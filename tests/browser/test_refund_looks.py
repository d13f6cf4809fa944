"""Pictures of everything about refunding, in every language, width and colour scheme, for people to look at."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from tests.browser.test_looks import LOOKS
from tests.browser.test_stories import a_member, sign_in
from tests.build import (
    a_paid_order,
    a_seller,
    a_shipped_order,
    all_well,
    an_actor,
    an_item,
    change,
    everything,
)

from sellerdesk.commands.refunds import RefundChange, request_refunds, undo_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import Inspect, Receive, grade_returns, receive_returns
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.return_facts import Grade, ReturnReason
from sellerdesk.domain.returns import ReturnAsked


@pytest.fixture
def world(committed: None) -> dict[str, str]:
    """Orders in the states that look different."""
    now = clock.now()
    seller = a_seller()
    a_member(seller)
    items = (
        an_item(title="Hand-thrown stoneware mug 手工陶瓷马克杯 500 ml, dishwasher safe", sku="MUG-500-BLU"),
        an_item(title="Paper lantern, set of three", sku="LAN-3", ordered=1, price=2499),
    )
    placed = now - timedelta(days=6)
    plain, held, back, away = (a_shipped_order(seller, at=placed, items=items) for _ in range(4))
    dear = a_shipped_order(
        seller, at=placed, items=[an_item(ordered=1, price=79_900, tax=6_400, sku="LOOM-1")]
    )
    ana, li = an_actor(seller, name="Ana Souza"), an_actor(seller, name="Li Wei")
    asked = [
        RefundRequest(held, RefundReason.LATE_BY_CARRIER, amount=1200, note="Rang twice; agreed on 12"),
        RefundRequest(held, RefundReason.GENERAL_ADJUSTMENT, only_concessions=True, goodwill=300),
    ]
    all_well(request_refunds(li, asked, now=now - timedelta(minutes=25)))
    all_well(undo_refunds(li, [RefundChange(held, f"{held}-R2")], now=now - timedelta(minutes=5)))
    over = [RefundRequest(dear, RefundReason.NOT_AS_DESCRIBED, Mode.RETURNLESS)]
    all_well(request_refunds(ana, over, now=now - timedelta(hours=1)))
    change("UPDATE packages SET status = 'DELIVERED', delivered_at = %s", [now - timedelta(days=3)])
    found = {
        "plain": plain,
        "held": held,
        "dear": dear,
        "open": a_paid_order(seller, at=now - timedelta(hours=5)),
    }
    for name, number in (("back", back), ("away", away)):
        ((item,),) = everything(
            "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id"
            " WHERE o.order_number = %s AND i.position = 1",
            [number],
        )
        buyer = an_actor(seller, party=Party.BUYER)
        wish = [ReturnAsked(number, ReturnReason.NOT_NEEDED, {item: 2})]
        [made] = request_returns(buyer, wish, now=now - timedelta(days=2), randomness=random.Random(number))
        rma = str(made.facts["rma"])
        if name == "back":
            all_well(receive_returns(li, [Receive(number, rma)], now=now - timedelta(hours=3)))
            grades = {item: Grade.DAMAGED}
            all_well(grade_returns(li, [Inspect(number, rma, grades=grades)], now=now - timedelta(hours=2)))
        found |= {name: number, f"{name}-rma": rma}
    return found


PAGES = {
    "full": "/desk/orders/{plain}/refund/",
    "partial": "/desk/orders/{plain}/refund/partial/",
    "return": "/desk/orders/{back}/refund/?rma={back-rma}",
    "return-part": "/desk/orders/{back}/refund/partial/?rma={back-rma}",
    "away": "/desk/orders/{away}/refund/?rma={away-rma}",
    "limit": "/desk/orders/{dear}/",
    "blocked": "/desk/orders/{open}/refund/",
    "order-held": "/desk/orders/{held}/",
    "list": "/desk/refunds/",
    "list-waiting": "/desk/refunds/?show=waiting",
    "list-all": "/desk/refunds/?show=all",
    "list-empty": "/desk/refunds/?show=on_the_way",
    "bulk": "/desk/orders/refund/?order={plain}&order={held}&order={back}&order={dear}&order={open}",
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
        if name == "partial":
            with page.expect_response("**/refund/preview/"):
                page.locator("#amount").fill("5")
            page.locator("#impact .verdict").wait_for()
        if name == "away":
            with page.expect_response("**/refund/preview/"):
                page.locator("input[value=advance]").check()
            page.locator("#impact .verdict").wait_for()
        picture(page, f"refund-{look}-{name}")
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            too_wide.append(f"{name} by {over} px")
    assert too_wide == []
