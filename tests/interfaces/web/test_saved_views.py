"""Saved views: own and shared, renamed, deleted, and whose they are."""

import re

import pytest
from django.test import Client
from tests.build import a_seller
from tests.interfaces.web.conftest import Staff, text

QUERY = "tab=all&ship_by=late"


def save(client: Client, name: str, *, shared: bool = False, query: str = QUERY) -> int:
    """Save a view through the form; answers the status."""
    data = {"name": name, "from": query} | ({"shared": "on"} if shared else {})
    return client.post("/desk/views/new/", data).status_code


def tabs(client: Client, query: str = "") -> list[str]:
    """The names of the views that a person sees as tabs."""
    page = text(client.get(f"/desk/orders/?{query}"))
    return re.findall(r'<a class="tab view"[^>]*><svg.*?</svg>([^<]+)</a>', page)


def test_a_view_becomes_a_tab_that_leads_back_to_its_list(owner: Client) -> None:
    answer = owner.post("/desk/views/new/", {"name": "  Late   ones ", "from": f"{QUERY}&after=5.5&junk=1"})
    assert answer.headers["Location"] == f"/desk/orders/?{QUERY}"
    page = text(owner.get(f"/desk/orders/?{QUERY}"))
    assert re.search(
        r'<a class="tab view" href="/desk/orders/\?tab=all&amp;ship_by=late" aria-current="page">', page
    )
    assert tabs(owner) == ["Late ones"]
    assert "Save view" not in page


def test_own_views_are_ones_own_and_shared_ones_the_teams(owner: Client, seller: int, staff: Staff) -> None:
    save(owner, "Mine")
    save(owner, "Ours", shared=True, query="tab=shipped")
    assert tabs(owner) == ["Mine", "Ours"]
    assert tabs(staff(seller, role="shipper")) == ["Ours"]
    assert tabs(staff(a_seller("Other"))) == []


def test_only_some_roles_share_and_change_what_is_shared(owner: Client, seller: int, staff: Staff) -> None:
    shipper = staff(seller, role="shipper")
    save(shipper, "Hers", shared=True)
    assert tabs(shipper) == ["Hers"]
    assert tabs(owner) == []  # the box was not there for her, so the view is her own
    save(owner, "Ours", shared=True)
    link = re.findall(r'href="(/desk/views/\d+/)"', text(owner.get("/desk/views/")))[0]
    assert shipper.get(link).status_code == 404
    assert shipper.post(link, {"delete": "1"}).status_code == 404
    assert tabs(owner) == ["Ours"]


def test_a_view_is_renamed_shared_and_deleted(owner: Client, seller: int, staff: Staff) -> None:
    save(owner, "Mine")
    link = re.findall(r'href="(/desk/views/\d+/)"', text(owner.get("/desk/views/")))[0]
    assert staff(seller).post(link, {"delete": "1"}).status_code == 404  # another person's own view
    owner.post(link, {"name": "Everybody's", "shared": "on"})
    assert tabs(staff(seller, role="support")) == ["Everybody&#x27;s"]
    owner.post(link, {"delete": "1"})
    assert tabs(owner) == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_does_not_do_is_said_and_kept(owner: Client, name: str) -> None:
    answer = owner.post("/desk/views/new/", {"name": name, "from": QUERY})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text(answer)
    assert "ship_by=late" in text(answer)
    assert tabs(owner) == []
