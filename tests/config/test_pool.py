"""What a connection remembers of the request before: nothing of whose rows it saw."""

import pytest
from django.db import transaction
from tests.build import a_placed_order, a_seller

from sellerdesk.commands.admission import begin_unseen
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import choose_seller

pytestmark = pytest.mark.serial


def test_a_request_begins_with_nobodys_rows_in_sight(committed, client):
    seller = a_seller()
    a_placed_order(seller)
    choose_seller(seller)
    seen = rows("SELECT count(*) FROM orders")

    begin_unseen()

    assert (seen, rows("SELECT count(*) FROM orders")) == ([(1,)], [(0,)])
    for path in ("/accounts/login/", "/api/v1/orders"):
        choose_seller(seller)
        client.get(path, headers={"Authorization": "Bearer Atza|nobody"})
        assert rows("SELECT count(*) FROM orders") == [(0,)], path


def test_the_same_choice_again_costs_nothing_and_a_rollback_forgets_it(committed, django_assert_num_queries):
    one, other = a_seller(), a_seller()
    a_placed_order(one)
    count = "SELECT count(*) FROM orders"
    choose_seller(one)

    with django_assert_num_queries(0):
        choose_seller(one)
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        choose_seller(other)
        assert rows(count) == [(0,)]
        raise ZeroDivisionError

    choose_seller(other)
    assert rows(count) == [(0,)]
    choose_seller(one)
    assert rows(count) == [(1,)]
