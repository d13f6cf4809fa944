"""What a pooled connection remembers of the request before: nothing of whose rows it saw."""

import pytest
from django.db import connection, transaction
from psycopg_pool import ConnectionPool
from tests.build import a_placed_order, a_seller

from sellerdesk.config.settings import forget_seller
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import choose_seller

pytestmark = pytest.mark.serial


def test_a_connection_forgets_its_seller_on_the_way_back(committed):
    seller = a_seller()
    a_placed_order(seller)
    connection.ensure_connection()
    info = connection.connection.info
    options = {"autocommit": True, "options": info.options}
    with ConnectionPool(
        info.dsn, kwargs=options, min_size=1, max_size=1, reset=forget_seller, open=True
    ) as pool:
        with pool.connection() as first:
            first.execute("SELECT set_config('sellerdesk.seller', %s, false)", [str(seller)])
            seen = first.execute("SELECT count(*) FROM orders").fetchone()
        with pool.connection() as second:
            unseen = second.execute("SELECT count(*) FROM orders").fetchone()

    assert (seen, unseen) == ((1,), (0,))


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
