"""What a buyer sees of orders, and what not."""

import re
from datetime import timedelta

import pytest
from django.utils import translation
from tests import build
from tests.interfaces.portal.conftest import Clock, entered, order_url, text

from sellerdesk.commands.cancellations import cancel_for_buyers
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.domain.actors import Party
from sellerdesk.domain.buyer_view import Stage
from sellerdesk.domain.cancel_requests import Reason
from sellerdesk.domain.cancellations import BuyerCancelRequest
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.portal import refusals, words
from sellerdesk.interfaces.portal.pages.orders import read_place, write_place
from sellerdesk.queries.api_orders import timeline
from sellerdesk.queries.order_detail import order_detail

EVIL = '<script>alert(1)</script>\u202e"onmouseover=x'


def test_every_refusal_is_worded_for_buyers() -> None:
    assert set(refusals.MESSAGES) == set(Code)
    for language in ("en", "zh-hans", "zh-hant"):
        with translation.override(language):
            assert all(refusals.word(refuse(code)) for code in Code)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_refusals_are_translated(language: str) -> None:
    with translation.override(language):
        latin = [code for code in Code if re.fullmatch(r"[\x00-\x7f…–]*", refusals.word(refuse(code)))]
    assert latin == []


def test_every_stage_and_reason_is_worded() -> None:
    assert set(words.STAGES) == set(words.NEXT) == set(Stage)
    assert set(words.REASONS) == set(Reason)


def test_an_order_in_the_buyers_words(seller: int, time: Clock) -> None:
    number = build.a_paid_order(seller)
    client, url = entered(), order_url(seller, number)
    page = text(client.get(url))
    assert "Being prepared" in page
    assert "You pay only when it is sent" in page
    assert "Mon 2 Mar, 10:00 PST" in page
    time.now = build.PLACED + timedelta(days=1)
    build.ship(seller, number, at=time.now)
    page = text(entered().get(url))
    assert "On its way" in page
    assert re.search(r'href="https://www.ups.com/track\?tracknum=1Z\w+" rel="noopener noreferrer"', page)
    ((reference,),) = build.everything("SELECT reference FROM packages")
    report = ParcelReport(number, reference, "DELIVERED", time.now + timedelta(days=1), where="Tacoma, WA")
    time.now += timedelta(days=2)
    build.all_well(report_parcel_events(build.an_actor(seller), [report], now=time.now))
    page = text(entered().get(url))
    assert "Everything has arrived" in page
    assert "Tacoma, WA" in page


def test_nothing_of_the_sellers_own_is_shown(seller: int, time: Clock) -> None:
    number = build.a_paid_order(seller, items=[build.an_item(sku="SECRET-SKU")], seller_order_id="INTERN-7")
    package = build.a_package(at=time.now, memo="private memo", reference="BOX-REF")
    from sellerdesk.commands.shipments import confirm_shipments
    from sellerdesk.domain.shipments import ShipmentRequest

    request = ShipmentRequest(number, (package,))
    build.all_well(confirm_shipments(build.an_actor(seller, name="Li Wei"), [request], now=time.now))
    client = entered()
    pages = text(client.get("/account/")) + text(client.get(order_url(seller, number)))
    assert not [
        word for word in ("SECRET-SKU", "INTERN-7", "private memo", "BOX-REF", "Li Wei") if word in pages
    ]


def test_cancelled_units_are_told_and_not_charged(seller: int, time: Clock) -> None:
    number = build.a_paid_order(seller)
    ((item, total),) = build.everything(
        "SELECT i.item_number, o.total FROM orders o JOIN order_items i ON i.order_id = o.id"
    )
    client, url = entered(), order_url(seller, number)
    actor = build.an_actor(seller, party=Party.BUYER)
    asked = BuyerCancelRequest(number, lines={item: 1})
    soon = build.PLACED + timedelta(minutes=10)
    build.all_well(cancel_for_buyers(actor, [asked], now=soon))
    ((released,),) = build.everything("SELECT released FROM cancellations")
    assert 0 < released < total
    rest = f"{(total - released) / 100:.2f}"
    for path in ("/account/", url):
        page = text(client.get(path))
        assert "2 ordered, 1 cancelled" in page, path
        assert rest in page, path
        assert f"{total / 100:.2f}" not in page, path
    assert "Cancelled units are not charged." in text(client.get(url))
    build.all_well(cancel_for_buyers(actor, [BuyerCancelRequest(number)], now=soon))
    for path in ("/account/", url):
        page = text(client.get(path))
        assert "2 ordered, 2 cancelled" in page, path
        assert "Nothing is charged" in page, path


def test_a_sign_in_is_not_the_sellers_affair(seller: int) -> None:
    number = build.a_paid_order(seller)
    entered(order=number)
    kinds = [row[0] for row in build.everything("SELECT kind FROM journal WHERE order_id IS NOT NULL")]
    assert "portal_code_sent" in kinds
    order = order_detail(seller, number, personal=True)
    assert order is not None
    assert order.journal
    assert "portal_code_sent" not in [entry.kind for entry in order.journal]
    lines = timeline(seller, number, after=0, limit=50)
    assert "portal_code_sent" not in str(lines)


def test_words_of_others_are_harmless(seller: int) -> None:
    number = build.a_paid_order(seller, items=[build.an_item(title=EVIL)])
    client = entered()
    for path in ("/account/", order_url(seller, number), f"{order_url(seller, number)}cancel/"):
        page = text(client.get(path))
        assert "<script>alert" not in page, path
        assert "\u202e" not in page, path
        assert "⟦U+202E⟧" in page, path


def test_the_list_is_paged_by_key(seller: int) -> None:
    other = build.a_seller("Second Shop")
    numbers = [
        build.a_placed_order(seller if n % 2 else other, at=build.PLACED - timedelta(days=n // 3))
        for n in range(23)
    ]
    client, seen, path = entered(), [], "/account/"
    for _ in range(5):
        page = text(client.get(path))
        seen += re.findall(r'class="number">([\d-]+)<', page)
        older = re.search(r'href="(\?after=[^"]+)"', page)
        if not older:
            break
        path = f"/account/{older[1]}"
    assert len(seen) == 23
    assert set(seen) == set(numbers)
    assert "no older orders" in text(client.get("/account/?after=1-1"))
    assert client.get("/account/?after=nonsense").status_code == 200


def test_places_in_the_list_survive_the_address() -> None:
    place = (build.PLACED + timedelta(microseconds=123), 42)
    assert read_place(write_place(place)) == place
    for wrong in ("", "-", "1", "-1-2", "1-x", "٣-1", f"{'9' * 18}-1"):
        assert read_place(wrong) is None


def test_two_sellers_may_use_the_same_number(seller: int) -> None:
    """Nobody can put an order of theirs in front of another seller's by giving it the same number."""
    number = build.a_paid_order(seller, items=[build.an_item(title="The real one")])
    other = build.a_seller("Mallory")
    build.a_paid_order(other, order_number=number, at=build.PLACED + timedelta(minutes=1))
    client = entered()
    assert "The real one" in text(client.get(order_url(seller, number)))
    assert "The real one" not in text(client.get(order_url(other, number)))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Accept-Language": "zh-CN"}, "我的订单"),
        ({"Accept-Language": "zh-TW"}, "我的訂單"),
        ({"Accept-Language": "fr"}, "My orders"),
    ],
)
def test_the_browser_chooses_the_language(seller: int, headers: dict[str, str], expected: str) -> None:
    build.a_paid_order(seller)
    assert expected in text(entered(**headers).get("/account/"))


def test_the_language_can_be_switched(seller: int) -> None:
    build.a_paid_order(seller)
    client = entered()
    answer = client.post("/account/language/", {"language": "zh-hant", "next": "/account/?after=1-1"})
    assert answer.headers["Location"] == "/account/?after=1-1"
    assert "我的訂單" in text(client.get("/account/"))
    away = client.post("/account/language/", {"language": "en", "next": "https://evil.example/"})
    assert away.headers["Location"] == "/account/"


def test_a_few_statements_a_page(seller: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(3):
        number = build.a_shipped_order(seller)
    client = entered()
    for path, most in (("/account/", 5), (order_url(seller, number), 40)):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        assert len(asked) <= most, [one["sql"][:80] for one in asked]


def test_an_address_is_found_through_its_index(seller: int) -> None:
    build.paid_orders(seller, [build.a_document() for _ in range(5)])
    plan = build.everything(
        "EXPLAIN SELECT o.id FROM buyer_contacts b JOIN orders o ON o.seller_id = b.seller_id AND o.id = b.order_id"
        " WHERE b.email = 'ada.quill@buyer.example' AND b.email <> ''"
    )
    from sellerdesk.models.sql import rows, run
    from sellerdesk.models.tenancy import scoped

    with scoped(None):
        run("SET enable_seqscan = off")
        plan = rows(
            "EXPLAIN SELECT id FROM buyer_contacts b WHERE b.email = %s::varchar AND b.email <> ''",
            ["ada.quill@buyer.example"],
        )
        run("RESET enable_seqscan")
    said = "\n".join(line for (line,) in plan)
    assert "buyer_by_email_anywhere" in said
    assert "Index Cond" in said
