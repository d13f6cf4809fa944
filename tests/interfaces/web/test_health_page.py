"""Account health: the rate in words and numbers, without scripts (screens 1.13; S3-31 to S3-34, U8)."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.build import a_document, a_seller, all_well, an_actor, paid_orders
from tests.interfaces.web.conftest import NOW, Staff, text

from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.domain.cancellations import CancelReason, CancelRequest
from sellerdesk.interfaces.web.sparkline import HEIGHT, WIDTH, sparkline

US, CA = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"
PLACED = NOW - timedelta(days=2)


def cancelled(seller: int, orders: int, cancellations: int, **said: object) -> list[str]:
    documents = [a_document(**{"at": PLACED - timedelta(seconds=n), **said}) for n in range(orders)]
    numbers = paid_orders(seller, documents)
    requests = [
        CancelRequest(one, CancelReason.NO_INVENTORY, accepts_limit=True) for one in numbers[:cancellations]
    ]
    all_well(cancel_orders(an_actor(seller), requests, now=NOW - timedelta(hours=1)))
    return numbers[:cancellations]


def words(page: str) -> str:
    """What is read of a page, in one line."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_the_card_says_rate_standing_and_headroom(owner: Client, seller: int) -> None:
    numbers = cancelled(seller, 100, 1)
    page = text(owner.get("/desk/health/"))
    said = words(page)
    assert "1.00 % Good" in said
    assert "Must stay below 2.50 %" in said
    assert "2 more cancellations that count reach 2.50 %." in said
    assert "used here 1.00 % 1/100" in said
    assert numbers[0] in said
    assert "The reason is the seller's own." in said
    assert "0 orders leave the window within 24 hours; 0 of them count." in said
    assert "Amazon.co.uk help 200285210" in said
    assert f'href="/desk/orders/{numbers[0]}/"' in page
    assert '<a href="/desk/health/" aria-current="page">' in page


def test_an_account_at_risk_is_told_the_way_back(owner: Client, seller: int) -> None:
    cancelled(seller, 40, 1, at=NOW - timedelta(days=6, hours=12))
    said = words(text(owner.get("/desk/health/")))
    assert "2.50 % At risk" in said
    assert "1 more order without a cancellation brings it below 2.50 %." in said
    assert "40 orders leave the window within 24 hours; 1 of them counts." in said
    assert "If nothing else happens, the rate is then 0/0: No orders in the window: there is no rate." in said
    assert "within 24 hours" in said


def test_without_orders_there_is_no_rate(owner: Client) -> None:
    said = words(text(owner.get("/desk/health/")))
    assert "– No orders in the window: there is no rate" in said
    assert "No rate in the last 14 days." in said
    assert "None." in said


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("cancel=2&orders=0", "Then: 3.00 % (3/100) · At risk"),
        ("cancel=2&orders=100", "Then: 1.50 % (3/200) · Good"),
        ("cancel=x&orders=-5", "Then: 1.00 % (1/100) · Good"),
        ("cancel=999999999&orders=99999999999999", "(100001/100100) · At risk"),
    ],
)
def test_what_if_works_as_a_plain_form(owner: Client, seller: int, asked: str, expected: str) -> None:
    cancelled(seller, 100, 1)
    page = text(owner.get(f"/desk/health/?for={US}&{asked}"))
    assert expected in words(page)


def test_each_marketplace_has_a_card_and_can_stand_alone(staff: Staff, committed: None) -> None:
    seller = a_seller(countries=("US", "CA"))
    cancelled(seller, 10, 1, country="CA")
    client = staff(seller)
    both, one = (
        words(text(client.get("/desk/health/"))),
        words(text(client.get(f"/desk/health/?marketplace={CA}"))),
    )
    assert both.count("Cancellation rate ·") == 2
    assert one.count("Cancellation rate ·") == 1
    assert "10.00 % At risk" in one
    assert client.get("/desk/health/?marketplace=A1PA6795UKMFR9").status_code == 404


def test_older_orders_are_a_page_away(owner: Client, seller: int) -> None:
    numbers = cancelled(seller, 60, 60)
    seen: list[str] = []
    url = "/desk/health/"
    while url:
        page = text(owner.get(url))
        seen += re.findall(r'<a class="mono nowrap" href="/desk/orders/([0-9-]+)/"', page)
        found = re.search(r'href="([^"#]+)#[^"]*">Older orders', page)
        url = found.group(1).replace("&amp;", "&") if found else ""
    assert seen == numbers  # placed one second before each other: the newest first
    for broken in ("x", "2026-01-01T00:00:00~5", "2026-01-01T00:00:00+00:00~x"):
        assert owner.get("/desk/health/", {"marketplace": US, "after": broken}).status_code == 404


def test_everybody_who_reads_orders_may_look_and_others_not(staff: Staff, seller: int) -> None:
    assert staff(seller, role="readonly").get("/desk/health/").status_code == 200
    assert Client().get("/desk/health/").status_code == 302


@pytest.mark.parametrize(("language", "expected"), [("zh-hans", "账户状况"), ("zh-hant", "帳戶狀況")])
def test_it_speaks_chinese(owner: Client, seller: int, language: str, expected: str) -> None:
    cancelled(seller, 10, 1)
    page = text(owner.get("/desk/health/", headers={"accept-language": language}))
    assert expected in page
    assert "%(" not in page


def test_a_chart_stays_in_its_frame_and_leaves_gaps() -> None:
    chart = sparkline([None, 0, 100, None, 500, None, 250, 250], 250)
    assert len(chart.lines) == 2
    assert len(chart.dots) == 1
    points = [tuple(map(float, pair.split(","))) for line in chart.lines for pair in line.split()]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in (*points, *chart.dots))
    assert chart.last is not None
    assert chart.last[1] == chart.target
    assert sparkline([None], 250).last is None
    assert sparkline([], 0).lines == ()
