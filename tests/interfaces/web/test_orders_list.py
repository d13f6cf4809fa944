"""Manage Orders: tabs, filters, pages, warnings, rights (S1-04 to S1-09, S4-01 to S4-05, S0-06, S0-11, S0-18)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.build import (
    a_document,
    a_paid_order,
    a_placed_order,
    a_seller,
    a_shipped_order,
    an_item,
    change,
    paid_orders,
    placed_orders,
)
from tests.interfaces.web.conftest import NOW, Staff, text

from sellerdesk.domain.orders import Address, Buyer, Channel

DAY = timedelta(days=1)
ROW = re.compile(r'<tr id="o-([0-9-]{19})"')


def numbers(page: str) -> list[str]:
    """The orders of a page, in their order."""
    return ROW.findall(page)


def row(page: str, number: str) -> str:
    """The HTML of one row."""
    return page[page.index(f'<tr id="o-{number}"') :].split("</tr>")[0]


def tab_counts(page: str) -> dict[str, str]:
    """Label of each tab → its count."""
    return dict(re.findall(r'<a class="tab[^>]*>([^<]+?) <span class="count">([^<]*)<', page))


# --- Tabs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def world(seller: int) -> dict[str, str]:
    """One order of each kind."""
    made = {
        "pending": a_placed_order(seller, at=NOW - DAY),
        "new": a_paid_order(seller, at=NOW - timedelta(hours=2)),
        "old": a_paid_order(seller, at=NOW - 20 * DAY),
        "shipped": a_shipped_order(seller, at=NOW - 3 * DAY, shipped_at=NOW - 2 * DAY),
        "long_ago": a_shipped_order(seller, at=NOW - 40 * DAY, shipped_at=NOW - 39 * DAY),
        "warehouse": a_paid_order(seller, at=NOW - DAY, channel=Channel.AFN),
        "cancelled": a_paid_order(seller, at=NOW - DAY),
    }
    change(
        "UPDATE orders SET status = 'Canceled', units_cancelled = units_ordered WHERE order_number = %s",
        [made["cancelled"]],
    )
    return made


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", {"new", "old"}),  # nothing unshipped is hidden, however old
        ("tab=pending", {"pending"}),
        ("tab=shipped", {"shipped"}),
        ("tab=shipped&days=90", {"shipped", "long_ago"}),
        ("tab=cancelled", {"cancelled"}),
        ("tab=all", {"pending", "new", "shipped", "cancelled"}),  # the last seven days (S4-01)
        ("tab=all&days=all", {"pending", "new", "old", "shipped", "long_ago", "cancelled"}),
        ("tab=all&channel=afn", {"warehouse"}),
        ("tab=all&channel=any&days=all&status=Pending", {"pending", "warehouse"}),
        ("ship_by=late", {"old"}),
        ("ship_by=later", {"new"}),
        ("tab=all&days=all&from=2026-02-01&until=2026-02-15", {"old"}),
        ("tab=all&from=2026-03-03&until=2026-03-03", {"pending", "cancelled"}),
        ("sort=oldest", {"new", "old"}),
        ("tab=all&sort=total", {"pending", "new", "shipped", "cancelled"}),
        ("tab=nonsense&sort=sideways&size=9999&after=x.y&from=yesterday&marketplace=MOON", {"new", "old"}),
    ],
)
def test_each_view_lists_its_orders(
    owner: Client, world: dict[str, str], query: str, kinds: set[str]
) -> None:
    page = text(owner.get(f"/desk/orders/?{query}", follow=True))
    names = {number: kind for kind, number in world.items()}
    assert {names[number] for number in numbers(page)} == kinds


def test_tabs_count_what_they_lead_to(owner: Client, world: dict[str, str]) -> None:
    page = text(owner.get("/desk/orders/"))
    assert tab_counts(page) == {
        "Pending": "1",
        "Unshipped": "2",
        "Shipped": "1",
        "Cancelled": "1",
        "All": "4",
    }
    assert "All dates: nothing unshipped is hidden" in page
    assert "Last 7 days" in text(owner.get("/desk/orders/?tab=shipped"))


def test_the_page_says_how_many_orders_wait_and_how_many_are_late(
    owner: Client, world: dict[str, str]
) -> None:
    page = text(owner.get("/desk/orders/?tab=shipped"))
    assert "2 orders are waiting to be shipped." in page
    assert "1 is late" in page
    link = re.search(r'class="bad strong" href="([^"]+)"', page)
    assert link
    assert numbers(text(owner.get(link[1].replace("&amp;", "&")))) == [world["old"]]


def test_the_most_urgent_comes_first(owner: Client, world: dict[str, str]) -> None:
    assert numbers(text(owner.get("/desk/orders/"))) == [world["old"], world["new"]]
    assert numbers(text(owner.get("/desk/orders/?sort=newest"))) == [world["new"], world["old"]]


# --- Rows ------------------------------------------------------------------------------------------------------------


def actions_of(cells: str) -> list[str]:
    """The labels of a row's buttons."""
    return re.findall(r'<a class="btn small[^>]*>([^<]+)</a>', cells)


@pytest.mark.parametrize(
    ("tab", "kind", "labels", "says"),
    [
        ("", "new", ["Print packing slip", "Confirm shipment", "Cancel order"], ""),
        ("tab=shipped", "shipped", ["Print packing slip", "Edit shipment", "Refund order"], ""),
        ("tab=pending", "pending", [], "Nothing to do until the payment is authorised."),
        ("tab=cancelled", "cancelled", [], "Cancelled: nothing to do."),
        ("tab=all&channel=afn", "warehouse", [], "nothing to do for you"),
    ],
)
def test_a_row_offers_what_its_state_allows_and_else_says_why_not(
    owner: Client, world: dict[str, str], tab: str, kind: str, labels: list[str], says: str
) -> None:
    cells = row(text(owner.get(f"/desk/orders/?{tab}")), world[kind])
    assert actions_of(cells) == labels
    assert says in cells
    assert ('type="checkbox"' in cells) == bool(labels)


def test_every_button_of_a_row_leads_somewhere(owner: Client, world: dict[str, str]) -> None:
    for query, kind in (("", "new"), ("tab=shipped", "shipped")):
        cells = row(text(owner.get(f"/desk/orders/?{query}")), world[kind])
        for link in re.findall(r'href="(/desk/[^"]+)"', cells):
            assert owner.get(link.replace("&amp;", "&").split("#")[0]).status_code == 200, link


def test_a_row_says_everything_that_one_needs_to_decide(owner: Client, seller: int) -> None:
    items = [an_item(sku=f"S-{n}", title=f"Thing {n}", ordered=n) for n in range(1, 6)]
    number = a_paid_order(
        seller, at=NOW - timedelta(hours=5), items=items, ship_service="Expedited", buyer=Buyer(name="王小明")
    )
    cells = row(text(owner.get("/desk/orders/")), number)
    for expected in (
        "Thing 1",
        "S-3",
        "B000000001",
        "and 2 more",
        "王小明",
        "US",
        "Expedited",
        "Wed 4 Mar · 5 h",
        "Unshipped",
    ):
        assert expected in cells, expected
    assert "× 3" in cells
    # Two business days after Wednesday, said in Seattle's zone and in the reader's own.
    assert "in 2 d 11 h" in cells
    assert "Fri 6 Mar, 23:59 PST" in cells
    assert "Sat 7 Mar, 07:59 UTC" in cells
    assert "$" in cells


def test_the_warning_names_the_instant_of_automatic_cancellation_in_the_marketplaces_zone(
    owner: Client, seller: int
) -> None:
    number = a_paid_order(seller, at=NOW - 20 * DAY)
    assert "to avoid order cancellation" not in text(owner.get("/desk/orders/"))
    change(
        "UPDATE orders SET warned_at = %s, auto_cancel_at = '2026-03-09T06:59:59Z' WHERE order_number = %s",
        [NOW, number],
    )
    page = text(owner.get("/desk/orders/"))
    # Seattle has changed to summer time on the eighth, so that 06:59 UTC is 23:59 there.
    assert "Confirm shipment before Sun 8 Mar, 23:59 PDT to avoid order cancellation." in page
    assert page.index('class="banner"') < page.index(f'id="o-{number}"')


def test_hostile_texts_stay_texts(owner: Client, seller: int) -> None:
    evil = '<script>alert("1")</script>'
    number = a_paid_order(
        seller,
        items=[an_item(title=evil, sku=f'"{evil[:40]}')],
        buyer=Buyer(name=evil),
        ship_service=evil,
        address=Address(name=evil, line1=evil, country='"<'),
    )
    page = text(owner.get("/desk/orders/"))
    assert number in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert '"<' not in re.sub(r'="[^"<>]*"', "", row(page, number))


@pytest.mark.parametrize(
    ("role", "buyer", "money", "buttons"),
    [
        ("owner", True, True, ["Print packing slip", "Confirm shipment", "Cancel order"]),
        ("shipper", True, False, ["Print packing slip", "Confirm shipment", "Cancel order"]),
        ("support", True, False, ["Print packing slip", "Cancel order"]),
        ("finance", False, True, []),
        ("readonly", False, False, []),
    ],
)
def test_a_role_sees_and_does_what_it_may(
    seller: int, staff: Staff, role: str, buyer: bool, money: bool, buttons: list[str]
) -> None:
    number = a_paid_order(seller, buyer=Buyer(name="Ada Quill", email="ada@buyer.example"))
    page = text(staff(seller, role=role).get("/desk/orders/?q=" + number))
    cells = row(page, number)
    assert ("Ada Quill" in cells) == buyer
    assert ("$" in cells) == money
    assert actions_of(cells) == buttons
    hidden = text(staff(seller, role=role).get("/desk/orders/?buyer=ada", follow=True))
    assert hidden.count(number) > 0  # without the right the filter is left out, with it the buyer is found
    searched = staff(seller, role=role).get("/desk/search/?q=ada")
    assert (number in text(searched)) == buyer


def test_another_sellers_orders_never_appear(owner: Client, seller: int) -> None:
    mine = a_paid_order(seller, items=[an_item(sku="SAME")])
    other = a_seller("Other")
    theirs = a_paid_order(other, items=[an_item(sku="SAME")])
    for path in (
        "/desk/orders/",
        "/desk/orders/?tab=all&days=all&channel=any",
        "/desk/orders/?tab=all&days=all&sku=SAME",
        f"/desk/orders/?tab=all&ids={theirs}+{mine}",
    ):
        assert numbers(text(owner.get(path))) == [mine]
    assert numbers(text(owner.get(f"/desk/orders/?tab=all&days=all&q={theirs}"))) == []
    assert "Nothing was found" in text(owner.get(f"/desk/search/?q={theirs}"))
    assert theirs not in text(owner.get("/desk/search/?q=SAME"))


# --- Filters ---------------------------------------------------------------------------------------------------------

ALL = "tab=all&days=all&channel=any"


@pytest.fixture
def mixed(committed: None) -> tuple[int, dict[str, str]]:
    """A seller in two countries with two orders that differ in everything."""
    seller = a_seller("Mixed", countries=("US", "JP"))
    a = a_shipped_order(
        seller, at=NOW - 5 * DAY, shipped_at=NOW - 4 * DAY, items=[an_item(sku="Red-1")],
        buyer=Buyer(name="Ada Quill", email="Ada@Buyer.example"),
        ship_service="Expedited", seller_order_id="WEB-77",
    )  # fmt: skip
    b = a_paid_order(
        seller, country="JP", at=NOW - DAY, items=[an_item(sku="BLUE-2", tax=0)],
        buyer=Buyer(name="佐藤 花子", email="h@buyer.example"),
        ship_service="Standard", address=Address(name="佐藤", line1="1", country="JP"),
    )  # fmt: skip
    change("UPDATE order_items SET asin = 'B0AAAAAAAA' WHERE sku = 'Red-1'")
    change("UPDATE packages SET tracking = '1Z 999 AA1 0123456784', tracking_key = '1Z999AA10123456784'")
    return seller, {"a": a, "b": b}


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("marketplace=A1VC38T7YXB528", "b"),
        ("marketplace=A1VC38T7YXB528&marketplace=ATVPDKIKX0DER", "ab"),
        ("status=Shipped", "a"),
        ("status=Shipped&status=Unshipped", "ab"),
        ("service=Expedited", "a"),
        ("sku=red-1", ""),
        ("sku=Red-1", "a"),
        ("sku=blue-2", "b"),
        ("asin=b0aaaaaaaa", "a"),
        ("buyer=ADA", "a"),
        ("buyer=qui", "a"),
        ("buyer=花子", "b"),
        ("buyer=ada@buyer.example", "a"),
        ("country=jp", "b"),
        ("carrier=UPS", "a"),
        ("tracking=1z999aa1-0123456784", "a"),
        ("q=1z 999 aa1 0123456784", "a"),
        ("q=WEB-77", "a"),
        ("q=Quill", "a"),
        ("q=blue-2", "b"),
        ("q=nothing-like-it", ""),
        ("sku=Red-1&buyer=ada", "a"),
        ("sku=Red-1&buyer=花子", ""),
        ("sku=Red-1&status=Unshipped", ""),
        ("ship_from=2026-03-05", "b"),
        ("ship_until=2026-03-04", "a"),
    ],
)
def test_filters_combine(staff: Staff, mixed: tuple[int, dict[str, str]], query: str, kinds: str) -> None:
    seller, made = mixed
    page = text(staff(seller).get(f"/desk/orders/?{ALL}&{query}"))
    assert set(numbers(page)) == {made[kind] for kind in kinds}
    if not kinds:
        assert "No order matches these filters" in page
        assert "Clear filters" in page


def test_each_filter_is_a_chip_that_can_be_taken_off(staff: Staff, mixed: tuple[int, dict[str, str]]) -> None:
    seller, made = mixed
    client = staff(seller)
    page = text(client.get(f"/desk/orders/?{ALL}&sku=Red-1&carrier=UPS"))
    assert "SKU Red-1" in page
    off = re.findall(r'class="chip">[^<]*<a href="([^"]+)"', page)
    assert len(off) == 2
    assert all(numbers(text(client.get(link.replace("&amp;", "&")))) == [made["a"]] for link in off)


def test_a_form_sent_without_scripts_leads_to_a_tidy_address(owner: Client, seller: int) -> None:
    answer = owner.get("/desk/orders/?q=&ship_by=late&status=&sort=ship_by&size=50")
    assert answer.headers["Location"] == "/desk/orders/?ship_by=late"


def test_advanced_search_leads_to_the_list_with_all_it_asked(
    staff: Staff, mixed: tuple[int, dict[str, str]]
) -> None:
    seller, made = mixed
    client = staff(seller)
    assert client.get("/desk/orders/advanced/").status_code == 200
    given = (
        "go=1&channel=any&sku=Red-1&from_=2026-02-01&until=2026-03-02&status=Shipped&carrier=UPS&country=us"
    )
    answer = client.get(f"/desk/orders/advanced/?{given}", follow=True)
    assert numbers(text(answer)) == [made["a"]]
    wrong = client.get("/desk/orders/advanced/?go=1&from_=2026-03-02&until=2026-02-01&country=usa&sku=Red-1")
    assert wrong.status_code == 422
    assert "This day lies before the first one." in text(wrong)
    assert 'value="Red-1"' in text(wrong)
    assert text(wrong).count('aria-invalid="true"') == 2


# --- Pages -----------------------------------------------------------------------------------------------------------


def walk(client: Client, path: str, rel: str) -> list[list[str]]:
    """The orders of each page from `path` on, following next or prev links."""
    pages = []
    while path:
        page = text(client.get(path, follow=True))
        pages.append(numbers(page))
        link = re.search(rf'rel="{rel}" href="([^"]+)"', page)
        path = link[1].replace("&amp;", "&") if link else ""
        assert len(pages) < 20
    return pages


@pytest.mark.parametrize(
    "query",
    [
        "sort=newest",
        "sort=oldest",
        "",
        "tab=all&days=all",
        "tab=all&days=all&sort=total",
        "tab=all&days=all&sku=SKU-1",
    ],
)
def test_pages_lose_and_repeat_nothing_forward_and_back(owner: Client, seller: int, query: str) -> None:
    documents = [a_document(at=NOW - timedelta(hours=n // 3)) for n in range(60)]  # many at the same instant
    made = paid_orders(seller, documents)
    forward = walk(owner, f"/desk/orders/?size=25&{query}", "next")
    assert [len(page) for page in forward] == [25, 25, 10]
    assert sorted([number for page in forward for number in page]) == sorted(made)
    last = text(owner.get(f"/desk/orders/?size=25&{query}", follow=True))
    for _ in range(2):
        last = text(owner.get(re.search(r'rel="next" href="([^"]+)"', last)[1].replace("&amp;", "&")))  # type: ignore[index]
    previous = re.search(r'rel="prev" href="([^"]+)"', last)[1].replace("&amp;", "&")  # type: ignore[index]
    back = walk(owner, previous, "prev")
    assert back == [forward[1], forward[0]]


def test_orders_without_a_ship_date_come_last_and_can_be_paged_through(owner: Client, seller: int) -> None:
    made = paid_orders(seller, [a_document(at=NOW - timedelta(hours=n)) for n in range(60)])
    bare = made[:30]
    change("UPDATE orders SET latest_ship_at = NULL WHERE order_number = ANY(%s)", [bare])
    forward = walk(owner, "/desk/orders/?size=25", "next")
    assert sorted([number for page in forward for number in page]) == sorted(made)
    assert set([number for page in forward for number in page][30:]) == set(bare)
    end = text(owner.get("/desk/orders/?size=25"))
    for _ in range(2):
        end = text(owner.get(re.search(r'rel="next" href="([^"]+)"', end)[1].replace("&amp;", "&")))  # type: ignore[index]
    previous = re.search(r'rel="prev" href="([^"]+)"', end)[1].replace("&amp;", "&")  # type: ignore[index]
    assert walk(owner, previous, "prev") == [forward[1], forward[0]]


def test_new_orders_push_nothing_out_of_the_pages(owner: Client, seller: int) -> None:
    made = paid_orders(seller, [a_document(at=NOW - timedelta(hours=n + 1)) for n in range(40)])
    path, seen = "/desk/orders/?size=25&sort=newest", []
    while path:
        page = text(owner.get(path))
        seen += numbers(page)
        paid_orders(seller, [a_document(at=NOW - timedelta(minutes=n)) for n in range(3)])
        link = re.search(r'rel="next" href="([^"]+)"', page)
        path = link[1].replace("&amp;", "&") if link else ""
    assert seen == made


def test_a_page_of_the_list_costs_the_same_queries_however_many_orders(
    owner: Client, seller: int, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    from django.db import connection

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner.get("/desk/orders/").status_code == 200
        return len(captured)

    paid_orders(seller, [a_document(at=NOW - timedelta(hours=n)) for n in range(2)])
    small = cost()
    paid_orders(seller, [a_document(at=NOW - timedelta(hours=n)) for n in range(60)])
    assert cost() == small <= 10


def test_an_empty_desk_says_how_to_begin(owner: Client) -> None:
    page = text(owner.get("/desk/orders/"))
    assert "No orders yet" in page
    assert "sellerdesk orders import" in page


def test_everything_shipped_is_not_the_same_as_no_orders(owner: Client, seller: int) -> None:
    a_shipped_order(seller, at=NOW - 3 * DAY, shipped_at=NOW - 2 * DAY)
    assert "Everything is shipped" in text(owner.get("/desk/orders/"))


def test_the_selection_leads_to_the_slips_without_scripts(owner: Client, seller: int) -> None:
    made = [a_paid_order(seller, at=NOW - timedelta(hours=n)) for n in range(2)]
    page = text(owner.get("/desk/orders/"))
    assert '<form method="get" action="/desk/orders/slips/" data-list>' in page
    assert owner.get("/desk/orders/slips/", {"order": made}).status_code == 200


def test_a_row_leads_to_its_order_and_knows_the_way_back(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    page = text(owner.get("/desk/orders/?sort=newest&size=25"))
    assert (
        f'href="/desk/orders/{number}/?from=size%3D25%26' in page or "?from=sort%3Dnewest%26size%3D25" in page
    )


@pytest.mark.parametrize(
    "junk", ["%00", "%FF", "a" * 5000, "'; DROP TABLE orders; --", "%F0%9F%98%80", "\\", "𝟙"]
)
@pytest.mark.parametrize(
    "name", ["q", "sku", "buyer", "ids", "after", "before", "from", "country", "tab", "tracking", "days"]
)
def test_no_input_breaks_the_list(owner: Client, name: str, junk: str) -> None:
    assert owner.get(f"/desk/orders/?{name}={junk}").status_code in (200, 302)


@pytest.mark.parametrize(
    "cursor", ["1.9223372036854775807", "-9999999999999999999.1", "n.n", "99999999999999999.5", "1.5"]
)
def test_no_cursor_breaks_the_list(owner: Client, seller: int, cursor: str) -> None:
    a_paid_order(seller)
    for name in ("after", "before"):
        for sort in ("newest", "total", "ship_by"):
            assert owner.get(f"/desk/orders/?sort={sort}&{name}={cursor}").status_code in (200, 302)


def test_pending_orders_are_not_on_the_to_do_list(owner: Client, seller: int) -> None:
    placed_orders(seller, [a_document(at=NOW - timedelta(hours=1))])
    page = text(owner.get("/desk/orders/"))
    assert "waiting to be shipped" not in page
    assert tab_counts(page)["Unshipped"] == "0"
