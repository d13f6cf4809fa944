"""The search box: everything that identifies an order, pasted lists, what a role may look for."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.build import a_paid_order, a_seller, a_shipped_order, an_item, change, everything
from tests.interfaces.web.conftest import NOW, Staff, text

from sellerdesk.domain.orders import Buyer

DAY = timedelta(days=1)


@pytest.fixture
def found(seller: int) -> str:
    """An order with everything that one can search for."""
    number = a_shipped_order(
        seller,
        at=NOW - 400 * DAY,
        shipped_at=NOW - 399 * DAY,
        items=[an_item(sku="MUG-blue")],
        buyer=Buyer(name="Ada  Maria QUILL", email="Ada@Buyer.example"),
        seller_order_id="WEB/2041",
    )
    change("UPDATE order_items SET item_number = '68828574383266', asin = 'B0TESTASIN'")
    change("UPDATE packages SET tracking = '1Z 999 AA1 01 2345 6784', tracking_key = '1Z999AA10123456784'")
    return number


@pytest.mark.parametrize(
    "term",
    [
        "{number}",
        "{bare}",
        " {number} ",
        "68828574383266",
        "1Z999AA10123456784",
        "1z 999-aa1 0123456784",
        "WEB/2041",
    ],
)
def test_what_means_one_order_opens_it(owner: Client, found: str, term: str) -> None:
    asked = term.format(number=found, bare=found.replace("-", ""))
    assert owner.get("/desk/search/", {"q": asked}).headers["Location"] == f"/desk/orders/{found}/"


@pytest.mark.parametrize(
    ("term", "title"),
    [
        ("MUG-blue", "SKU"),
        ("b0testasin", "ASIN"),
        ("ADA@buyer.EXAMPLE", "Buyer&#x27;s e-mail"),
        ("ada", "Buyer&#x27;s name"),
        ("ada maria q", "Buyer&#x27;s name"),
        ("quill", "Buyer&#x27;s name"),
    ],
)
def test_other_terms_list_what_they_found_by_kind(owner: Client, found: str, term: str, title: str) -> None:
    page = text(owner.get("/desk/search/", {"q": term}))
    assert found in page
    assert f"<h2>{title}</h2>" in page


@pytest.mark.parametrize(
    "term", ["aria", "MUG", "1Z999", "114-0000000-0000000", "%", "_", "ada%", "nobody@buyer.example"]
)
def test_what_is_not_there_is_not_found(owner: Client, found: str, term: str) -> None:
    page = text(owner.get("/desk/search/", {"q": term}))
    assert found not in page
    assert "Nothing was found" in page


def test_a_group_shows_five_and_leads_to_the_rest(owner: Client, seller: int) -> None:
    made = [a_paid_order(seller, at=NOW - n * DAY, items=[an_item(sku="SAME")]) for n in range(8)]
    page = text(owner.get("/desk/search/", {"q": "SAME"}))
    assert [number for number in made if number in page] == made[:5]
    assert "sku=SAME" in page


def test_pasted_ids_open_as_a_list_or_say_what_is_unknown(owner: Client, seller: int) -> None:
    made = [a_paid_order(seller, at=NOW - n * 30 * DAY) for n in range(3)]
    everything_known = owner.get("/desk/search/", {"q": ",\n".join(made)}, follow=True)
    assert all(f'id="o-{number}"' in text(everything_known) for number in made)
    one_wrong = text(owner.get("/desk/search/", {"q": " ".join([*made, "114-0000000-0000000"])}))
    assert "3 orders found" in one_wrong
    assert "1 unknown" in one_wrong
    assert "114-0000000-0000000" in one_wrong
    all_wrong = text(owner.get("/desk/search/", {"q": "114-0000000-0000000 114-0000000-0000001"}))
    assert "0 orders found" in all_wrong
    assert "2 unknown" in all_wrong


def test_who_may_not_see_buyers_cannot_search_for_them(seller: int, found: str, staff: Staff) -> None:
    client = staff(seller, role="readonly")
    for term in ("quill", "ada@buyer.example"):
        assert found not in text(client.get("/desk/search/", {"q": term}))
    page = text(client.get("/desk/search/", {"q": "MUG-blue"}))
    assert found in page
    assert "QUILL" not in page


def test_another_sellers_order_looks_like_none(owner: Client, seller: int) -> None:
    theirs = a_paid_order(a_seller("Other"), items=[an_item(sku="THEIRS")])
    item = everything("SELECT item_number FROM order_items")[0][0]
    for term in (theirs, item, "THEIRS", "quill", f"{theirs}, {item}"):
        page = text(owner.get("/desk/search/", {"q": term}))
        assert "/desk/orders/" + theirs not in page
        assert "Open the orders found" not in page


@pytest.mark.parametrize(
    "junk", ["", " ", "\x00", "a" * 9000, "𝟙𝟚𝟛", "' OR 1=1", "\\", ",,,;", "0" * 3000, "﷽" * 500]
)
def test_no_input_breaks_the_search(owner: Client, junk: str) -> None:
    assert owner.get("/desk/search/", {"q": junk}).status_code == 200
