"""The frame of the console: who gets in, sellers, languages, the way from `/`."""

import re

import pytest
from django.test import Client
from tests.build import a_paid_order, a_seller
from tests.interfaces.web.conftest import NOW, Staff, text

from sellerdesk.models.accounts import Membership, User


def test_strangers_are_led_to_the_sign_in_page(committed: None) -> None:
    answer = Client().get("/", follow=True)
    assert answer.status_code == 200
    assert "Sign in" in text(answer)
    asked = Client().get("/desk/orders/?tab=all")
    assert asked.headers["Location"] == "/accounts/login/?next=/desk/orders/%3Ftab%3Dall"


def test_signing_in_with_a_password_leads_to_the_orders_in_ones_own_language(seller: int) -> None:
    user = User.objects.create_user(
        "wang@lantern.example", "correct horse battery", language="zh-hans", date_joined=NOW
    )
    Membership.objects.create(seller_id=seller, user=user, role="owner")
    client = Client()
    answer = client.post(
        "/accounts/login/",
        {"login": "wang@lantern.example", "password": "correct horse battery"},
        follow=True,
    )
    assert [url for url, _ in answer.redirect_chain] == ["/", "/desk/orders/"]
    assert "管理订单" in text(answer)


def test_staff_are_led_to_their_orders(owner: Client) -> None:
    answer = owner.get("/", follow=True)
    assert answer.redirect_chain == [("/desk/orders/", 302)]
    assert "Lantern &amp; Loom" in text(answer)
    assert "Li Wei" in text(answer)


def test_operators_are_led_to_their_overview_and_nobody_else_is(owner: Client, staff: Staff) -> None:
    operator = staff(is_operator=True)
    answer = operator.get("/", follow=True)
    assert answer.redirect_chain == [("/operator/", 302)]
    assert "Lantern &amp; Loom" in text(answer)
    assert owner.get("/operator/").status_code == 403
    assert Client().get("/operator/").status_code == 302


def test_who_works_for_nobody_is_told_so(staff: Staff) -> None:
    answer = staff().get("/desk/orders/", follow=True)
    assert answer.status_code == 200
    assert "You do not work for a seller yet" in text(answer)


def test_the_navigation_has_no_dead_links(owner: Client, staff: Staff, seller: int) -> None:
    for client in (owner, staff(seller, is_operator=True), staff(seller, role="readonly")):
        page = text(client.get("/desk/orders/"))
        links = set(re.findall(r'href="(/(?!static)[^"#]*)"', page))
        assert len(links) > 5
        for link in links:
            assert client.get(link.replace("&amp;", "&"), follow=True).status_code == 200, link


def test_a_person_with_two_sellers_switches_between_them(seller: int, staff: Staff) -> None:
    other = a_seller("Second Shop")
    number = a_paid_order(other)
    client = staff(seller, other)
    assert number not in text(client.get("/desk/orders/"))
    public_id = re.search(r'name="seller" value="(\w+)"', text(client.get("/desk/orders/")))
    assert public_id
    client.post("/desk/seller/", {"seller": public_id[1]})
    assert number in text(client.get("/desk/orders/"))


def test_membership_is_checked_with_every_request(seller: int, staff: Staff) -> None:
    other = a_seller("Second Shop")
    number = a_paid_order(other)
    client = staff(seller, other)
    page = text(client.get("/desk/orders/"))
    client.post("/desk/seller/", {"seller": re.search(r'name="seller" value="(\w+)"', page)[1]})  # type: ignore[index]
    assert number in text(client.get("/desk/orders/"))
    Membership.objects.filter(seller_id=other).delete()
    assert number not in text(client.get("/desk/orders/"))


def test_a_seller_that_one_does_not_work_for_cannot_be_chosen(seller: int, staff: Staff) -> None:
    stranger = a_seller("Stranger")
    number = a_paid_order(stranger)
    client = staff(seller)
    from sellerdesk.models.accounts import Seller

    client.post("/desk/seller/", {"seller": Seller.objects.get(id=stranger).public_id})
    assert number not in text(client.get("/desk/orders/"))


@pytest.mark.parametrize(
    ("code", "words", "lang"),
    [("zh-hans", "管理订单", "zh-Hans"), ("zh-hant", "管理訂單", "zh-Hant"), ("en", "Manage orders", "en")],
)
def test_the_language_switch_keeps_the_page(owner: Client, code: str, words: str, lang: str) -> None:
    here = "/desk/orders/?tab=all&q=lamp"
    answer = owner.post("/language/", {"language": code, "next": here})
    assert answer.headers["Location"] == here
    page = text(owner.get(here))
    assert f"<h1>{words}</h1>" in page
    assert f'<html lang="{lang}">' in page
    assert User.objects.get().language == code


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_language_switch_leads_nowhere_else(committed: None, away: str) -> None:
    assert Client().post("/language/", {"language": "en", "next": away}).headers["Location"] == "/"


def test_the_profile_is_saved_and_wrong_zones_are_named(owner: Client) -> None:
    given = {"name": "王伟", "language": "zh-hans", "zone": "asia/shanghai"}
    wrong = owner.post("/desk/account/", given | {"zone": "Moon/Sea"})
    assert wrong.status_code == 422
    assert 'value="Moon/Sea"' in text(wrong)
    assert 'aria-invalid="true"' in text(wrong)
    saved = owner.post("/desk/account/", given, follow=True)
    assert "您的设置已保存" in text(saved)
    user = User.objects.get()
    assert (user.name, user.language, user.zone, user.shortcuts_on) == (
        "王伟",
        "zh-hans",
        "Asia/Shanghai",
        False,
    )
    assert 'data-shortcuts="off"' in text(saved)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/accounts/2fa/totp/activate/",
    ],
)
def test_account_pages_wear_the_same_clothes(owner: Client, path: str) -> None:
    client = Client() if path in ("/accounts/login/", "/accounts/password/reset/") else owner
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 4102444800.0}]
    session.save()
    page = text(client.get(path, follow=True))
    assert "desk/desk.css" in page
    assert re.search(r"<script(?![^>]*src=)", page) is None
    assert " style=" not in page


def test_pages_forbid_inline_scripts_and_are_not_cached(owner: Client) -> None:
    answer = owner.get("/desk/orders/")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = text(answer)
    assert re.search(r"<script(?![^>]*src=)", page) is None
    assert " style=" not in page
    assert " onclick=" not in page
