"""Pictures of the pages in every language, width and colour scheme, for people to look at."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from tests.browser.test_stories import a_member, sign_in
from tests.build import a_paid_order, a_placed_order, a_seller, an_actor, an_item, ship

from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.shipments import edit_shipments
from sellerdesk.config import clock
from sellerdesk.domain.orders import Address, Buyer
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.shipments import EditRequest

CHINESE = Address(
    name="王小明", company="深圳市北风贸易有限公司", line1="科技园南区高新南七道数字技术园B2栋 501", district="南山区",
    city="深圳市", state="广东省", postal_code="518057", country="CN", phone="+86 755 8888 0100",
)  # fmt: skip


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
    buyer = Buyer(
        name="王小明", email="wang@buyer.example", phone="+86 755 8888 0100", purchase_order="PO-77812"
    )
    fresh = a_paid_order(
        seller,
        at=now - timedelta(hours=30),
        items=items,
        address=CHINESE,
        buyer=buyer,
        ship_service="Std US D2D Dom",
    )
    late = a_paid_order(seller, at=now - timedelta(days=10), items=items)
    pending = a_placed_order(seller, at=now - timedelta(hours=9), items=items)
    shipped = a_paid_order(seller, at=now - timedelta(days=4), items=items)
    ship(seller, shipped, at=now - timedelta(days=3))
    edit = EditRequest(shipped, "1", tracking="1Z999AA10123456784", service="Ground")
    assert edit_shipments(an_actor(seller, name="Li Wei"), [edit], now=now - timedelta(days=2))[0].accepted
    for kind, hours in (("PICKED_UP", 60), ("OUT_FOR_DELIVERY", 5), ("DELIVERED", 2)):
        report = ParcelReport(shipped, "1", kind, now - timedelta(hours=hours), where="Tacoma, WA")
        assert report_parcel_events(an_actor(seller), [report], now=now)[0].accepted
    return {"fresh": fresh, "late": late, "pending": pending, "shipped": shipped}


PAGES = {
    "order": "/desk/orders/{fresh}/",
    "late": "/desk/orders/{late}/",
    "pending": "/desk/orders/{pending}/",
    "shipped": "/desk/orders/{shipped}/",
    "confirm": "/desk/orders/{fresh}/confirm/",
    "slip": "/desk/orders/slips/?order={fresh}&size=a5",
}
LOOKS = {
    "wide": (1280, "en", "light"),
    "narrow": (360, "en", "light"),
    "hans": (1280, "zh-hans", "light"),
    "hant": (1280, "zh-hant", "light"),
    "dark": (1280, "en", "dark"),
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
        picture(page, f"{look}-{name}")
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            too_wide.append(f"{name} by {over} px")
    assert too_wide == []
