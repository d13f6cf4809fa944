"""The frame of the console: who gets in, languages, the way from `/`."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from sellerdesk.models.accounts import Membership, Participation, Seller, User
from sellerdesk.models.tenancy import scoped

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Seller:
    seller = Seller.objects.create(public_id="A1DESK00000001", name="Blue Mug", created_at=NOW)
    with scoped(None):
        Participation.objects.create(seller=seller, marketplace_id="ATVPDKIKX0DER", store_name="Blue Mug US")
    return seller


@pytest.fixture
def owner(shop: Seller) -> Client:
    user = User.objects.create_user("li@example.com", "correct horse battery", name="Li Wei", date_joined=NOW)
    Membership.objects.create(seller=shop, user=user, role="owner")
    client = Client()
    client.force_login(user)
    return client


def test_strangers_are_led_to_the_sign_in_page() -> None:
    answer = Client().get("/", follow=True)
    assert answer.status_code == 200
    assert "Sign in" in answer.content.decode()
    assert (
        Client().get("/desk/orders/?tab=all").headers["Location"]
        == "/accounts/login/?next=/desk/orders/%3Ftab%3Dall"
    )


def test_staff_are_led_to_their_orders(owner: Client) -> None:
    answer = owner.get("/", follow=True)
    assert answer.redirect_chain == [("/desk/orders/", 302)]
    text = answer.content.decode()
    assert "Blue Mug" in text
    assert "Li Wei" in text
