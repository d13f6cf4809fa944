"""A seller with staff, a fixed clock, and clients that are signed in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import translation
from tests.build import a_seller

from sellerdesk.config import clock
from sellerdesk.models.accounts import Membership, User

NOW = datetime(2026, 3, 4, 20, 30, tzinfo=UTC)  # a Wednesday, 12:30 in Seattle


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every page is asked for at NOW, and no test leaves its language behind."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with translation.override("en"):
        yield


@pytest.fixture
def seller(committed: None) -> int:
    """A seller in the United States."""
    return a_seller()


Staff = Callable[..., Client]


@pytest.fixture
def staff(committed: None) -> Staff:
    """`staff(seller_id, role="owner", zone="UTC", …)`: a client of a new member of staff, signed in."""
    made = iter(range(100))

    def sign_in(*sellers: int, role: str = "owner", **fields: object) -> Client:
        given = {"name": "Li Wei", "zone": "UTC", "date_joined": NOW} | fields
        email = str(given.pop("email", f"staff{next(made)}@lantern.example"))
        user = User.objects.create_user(email, "correct horse battery", **given)
        for seller_id in sellers:
            Membership.objects.create(seller_id=seller_id, user=user, role=role)
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def owner(seller: int, staff: Staff) -> Client:
    """The owner of `seller`, signed in."""
    return staff(seller)


def text(answer: object) -> str:
    """A page as text."""
    return answer.content.decode()  # type: ignore[attr-defined]
