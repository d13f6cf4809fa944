"""What the database itself refuses, whatever our code asks: other sellers' rows, changed history, crooked money."""

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from tests import build
from tests.conftest import owner_connection

from sellerdesk.models.guards import APPEND_ONLY, TENANT_TABLES
from sellerdesk.models.sql import rows, run
from sellerdesk.models.tenancy import SameSeller, scoped

# Read before the seller is known, to find out who it is.
DIRECTORY = {"access_codes", "access_sessions", "memberships", "api_clients", "api_tokens"}


def refused(sql: str, params: list[object], seller: int | None = None) -> str:
    """The SQLSTATE with which the database refuses a statement."""
    with pytest.raises(DatabaseError) as caught, scoped(seller), transaction.atomic():
        run(sql, params)
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return str(cause.sqlstate)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE {} SET seller_id = seller_id", "DELETE FROM {}", "TRUNCATE {}"])
def test_history_cannot_be_changed(committed: None, table: str, verb: str) -> None:
    build.a_shipped_order(build.a_seller())
    assert refused(verb.format(table), []) == "42501"


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET seller_id = seller_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_not_even_by_the_owner(committed: None, table: str, verb: str) -> None:
    with (
        owner_connection() as owner,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
    ):
        owner.execute(verb.format(table))


def test_a_movement_that_does_not_balance_is_refused(committed: None) -> None:
    """I07."""
    seller = build.a_seller()
    build.a_shipped_order(seller)
    ((movement,),) = build.everything("SELECT id FROM ledger_transactions LIMIT 1")
    one_side = (
        "INSERT INTO ledger_entries (seller_id, transaction_id, account, component, currency, amount)"
        " VALUES (%s, %s, 'buyer', 'principal', 'USD', 100)"
    )
    assert refused(one_side, [seller, movement]) == "23514"
    two_currencies = one_side + ", (%s, %s, 'seller', 'principal', 'EUR', -100)"
    assert refused(two_currencies, [seller, movement, seller, movement]) == "23514"


def test_more_than_its_amount_is_never_charged(committed: None) -> None:
    build.a_shipped_order(build.a_seller())
    assert refused("UPDATE charges SET charged = charged + 1", []) == "23514"
    assert refused("UPDATE charges SET refunded = charged + 1", []) == "23514"


def test_a_row_cannot_hang_on_another_sellers(committed: None) -> None:
    """Foreign keys pass row security by; the seller is therefore part of them."""
    ours, theirs = build.a_seller("Ours"), build.a_seller("Theirs")
    build.a_shipped_order(theirs)
    ((order,),) = build.everything("SELECT id FROM orders")
    ((item,),) = build.everything("SELECT id FROM order_items")
    ((package,),) = build.everything("SELECT id FROM packages")
    at = [build.PLACED]
    attempts: dict[str, list[object]] = {
        "INSERT INTO deadlines (seller_id, order_id, kind, due_at, policy_key, state, was_late)"
        " VALUES (%s, %s, 'ship_by', %s, '', 'open', false)": [ours, order, *at],
        "INSERT INTO charges (seller_id, item_id, component, currency, amount, charged, refunded)"
        " VALUES (%s, %s, 'principal', 'USD', 1, 0, 0)": [ours, item],
        "INSERT INTO package_items (seller_id, package_id, item_id, quantity, transparency_codes)"
        " VALUES (%s, %s, %s, 1, '[]')": [ours, package, item],
        "INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)"
        " VALUES (%s, %s, %s, 'x', 'SELLER', 'x', 'cli', '', '{}')": [ours, order, *at],
    }
    for sql, params in attempts.items():
        assert refused(sql, params, seller=ours) == "23503"
        assert refused(sql, params, seller=None) == "23503"


def filled_tables() -> list[str]:
    return [
        table for table in sorted(TENANT_TABLES) if build.everything(f"SELECT EXISTS (TABLE {table})")[0][0]
    ]


def two_sellers_with_everything() -> tuple[int, int]:
    sellers = (build.a_seller("Ours"), build.a_seller("Theirs"))
    for seller in sellers:
        build.a_shipped_order(seller)
        build.a_paid_order(seller)
    build.mails(build.PLACED)
    return sellers


def test_each_seller_sees_only_its_own_rows_and_nobody_sees_none(committed: None) -> None:
    ours, theirs = two_sellers_with_everything()
    tables = filled_tables()
    assert len(tables) >= 13, tables
    connection.close()  # a new connection has no scope
    for table in tables:
        assert rows(f"SELECT count(*) FROM {table}") == [(0,)], table
    for seller in (ours, theirs):
        with scoped(seller):
            for table in tables:
                assert rows(f"SELECT DISTINCT seller_id FROM {table}") == [(seller,)], table
    for table in tables:
        assert build.everything(f"SELECT count(DISTINCT seller_id) FROM {table}") == [(2,)], table


def test_a_scope_lets_nobody_write_for_another_seller(committed: None) -> None:
    ours, theirs = two_sellers_with_everything()
    for table in filled_tables():
        if table in APPEND_ONLY:
            continue
        with scoped(ours):
            assert run(f"DELETE FROM {table} WHERE seller_id = %s", [theirs]) == 0, table
            assert run(f"UPDATE {table} SET seller_id = seller_id WHERE seller_id = %s", [theirs]) == 0, table
    sql = "INSERT INTO saved_views (seller_id, page, name, query, created_at) VALUES (%s, 'orders', 'x', 'x', %s)"
    assert refused(sql, [theirs, build.PLACED], seller=ours) == "42501"


CATALOGUE = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       (SELECT count(*) FROM pg_policy p
         WHERE p.polrelid = c.oid AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'seller_id' AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"""


def test_every_table_of_sellers_stands_behind_the_wall(committed: None) -> None:
    """A new table with a seller must be walled, or be named here as part of the directory."""
    found = {name: tuple(rest) for name, *rest in rows(CATALOGUE)}
    assert set(found) - DIRECTORY == set(TENANT_TABLES)
    for table in TENANT_TABLES:
        assert found[table] == (True, True, 1), table


def test_every_pointer_between_sellers_tables_carries_the_seller() -> None:
    """Each foreign key from one walled table to another is vouched for by SameSeller (design 2.10)."""
    for model in apps.get_app_config("sellerdesk").get_models():
        if model._meta.db_table not in TENANT_TABLES:
            continue
        vouched = {one.column for one in model._meta.constraints if isinstance(one, SameSeller)}
        for field in model._meta.concrete_fields:
            target = field.related_model
            if target is None or isinstance(target, str) or target._meta.db_table not in TENANT_TABLES:
                continue
            if (model._meta.db_table, field.column) in WITHOUT_KEY:
                continue
            assert field.column in vouched, f"{model._meta.db_table}.{field.column}"


# The journal is read, never joined on by number from outside; its key is (seller, entry) by the reader's own writing.
WITHOUT_KEY = {
    ("mails", "entry_id"),
    ("deliveries", "entry_id"),
    ("notifications", "entry_id"),
    ("ledger_entries", "item_id"),
}
