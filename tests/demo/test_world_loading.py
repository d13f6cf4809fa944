"""The demonstration world is loaded once, and only where it has a place."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import connections

from sellerdesk.demo.people import HARBOR, SELLERS, credentials, logins, open_account
from sellerdesk.demo.world import Loaded, load_world
from sellerdesk.flows.database import CannotStart
from sellerdesk.models.accounts import User

NOW = datetime(2026, 3, 18, 15, 20, tzinfo=UTC)


def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('sellerdesk.seller', '0', false)")
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def test_world_is_loaded_once_and_people_can_sign_in(committed: None) -> None:
    load_world(NOW)
    before = ask("SELECT count(*), max(id), max(updated_at) FROM orders")
    again = load_world(NOW)
    assert again == Loaded(True, 0)
    assert ask("SELECT count(*), max(id), max(updated_at) FROM orders") == before
    assert len(logins()) == sum(len(seller.staff) for seller in SELLERS) + 1
    _, email, password = logins()[0]
    assert authenticate(None, email=email, password=password) is not None
    clients = dict(ask("SELECT client_id, seller_id FROM api_clients"))
    assert set(clients) == {credentials(seller).client_id for seller in SELLERS}
    assert credentials(HARBOR).seller_id == HARBOR.public_id


def test_it_has_no_place_beside_people_of_ones_own(committed: None) -> None:
    User.objects.create_user("me@shop.example", date_joined=NOW)
    with pytest.raises(CannotStart, match="people of its own"):
        load_world(NOW)
    assert ask("SELECT count(*) FROM sellers") == [(0,)]


def test_a_loading_that_was_cut_short_says_so(committed: None) -> None:
    open_account(SELLERS[0], now=NOW)
    with pytest.raises(CannotStart, match="cut short"):
        load_world(NOW)
