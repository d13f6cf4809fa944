"""Pictures of everything about cancelling, in every language, width and colour scheme, for people to look at."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from tests.browser.test_looks import LOOKS
from tests.browser.test_stories import a_member, sign_in
from tests.build import a_document, a_paid_order, a_seller, an_actor, an_item, everything, paid_orders, ship

from sellerdesk.commands.cancel_requests import file_requests, note_requests
from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.config import clock
from sellerdesk.domain.cancel_requests import FilingRequest, MoveRequest, Reason
from sellerdesk.domain.cancellations import CancelReason, CancelRequest


@pytest.fixture
def world(committed: None) -> dict[str, str]:
    """Orders that buyers want cancelled in each way, among enough others for a rate."""
    now = clock.now()
    seller = a_seller()
    a_member(seller)
    actor = an_actor(seller, name="Li Wei")
    items = (
        an_item(title="Hand-thrown stoneware mug 手工陶瓷马克杯 500 ml, dishwasher safe", sku="MUG-500-BLU"),
        an_item(title="Paper lantern, set of three", sku="LAN-3", ordered=1, price=2499),
    )
    some = paid_orders(seller, [a_document(at=now - timedelta(hours=30 + n)) for n in range(78)])
    formal = a_paid_order(seller, at=now - timedelta(hours=6), items=items)
    said = a_paid_order(seller, at=now - timedelta(hours=7), items=items)
    plain = a_paid_order(seller, at=now - timedelta(hours=8), items=items)
    rest = a_paid_order(seller, at=now - timedelta(hours=9), items=items)
    ship(seller, rest, at=now - timedelta(hours=1), lines=_first(rest))
    words = "I clicked twice <b>by mistake</b>, sorry. 我不小心下了两次单。"
    filing = FilingRequest(formal, Reason.ORDERED_BY_MISTAKE, words)
    assert file_requests(actor, [filing], now=now - timedelta(hours=2))[0].accepted
    assert note_requests(actor, [MoveRequest(said)], now=now - timedelta(hours=1))[0].accepted
    done = CancelRequest(some[0], CancelReason.NO_INVENTORY, accepts_limit=True)
    assert cancel_orders(actor, [done], now=now - timedelta(hours=1))[0].accepted
    return {"formal": formal, "said": said, "plain": plain, "rest": rest, "done": some[0], "more": some[1]}


def _first(number: str) -> dict[str, int]:
    [(item,)] = everything(
        "SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id"
        " WHERE order_number = %s AND position = 1",
        [number],
    )
    return {item: 2}


PAGES = {
    "list": "/desk/orders/?size=25",
    "wishes": "/desk/orders/?wish=requested",
    "cancelled-tab": "/desk/orders/?tab=cancelled",
    "formal": "/desk/orders/{formal}/cancel/",
    "said": "/desk/orders/{said}/cancel/",
    "plain": "/desk/orders/{plain}/cancel/",
    "rest": "/desk/orders/{rest}/cancel/",
    "order-formal": "/desk/orders/{formal}/",
    "order-said": "/desk/orders/{said}/",
    "order-done": "/desk/orders/{done}/",
    "hold": "/desk/orders/{formal}/confirm/",
    "slips": "/desk/orders/slips/?order={formal}&order={plain}",
    "bulk": "/desk/orders/cancel/?order={formal}&order={said}&order={plain}&order={done}",
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
        if name in ("said", "plain"):
            reason = "buyer_cancelled" if name == "said" else "no_inventory"
            with page.expect_response("**/cancel/preview/"):
                page.locator(f"input[value={reason}]").check()
            page.locator("#impact .verdict").wait_for()
        picture(page, f"cancel-{look}-{name}")
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            too_wide.append(f"{name} by {over} px")
    assert too_wide == []
