"""The ground that all tests stand on: the role, the walls between tests, real parallelism."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from sellerdesk.models.accounts import Seller
from sellerdesk.models.guards import APP_ROLE

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_tests_run_as_the_role_of_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (APP_ROLE, False)


@pytest.mark.parametrize("_round", [1, 2])
def test_committed_rows_are_gone_for_the_next_test(committed: None, _round: int) -> None:
    assert not Seller.objects.exists()
    Seller.objects.create(public_id="A1", name="One", created_at=NOW)
    connection.close()
    assert Seller.objects.count() == 1


def test_threads_have_connections_of_their_own(run_parallel: Callable[..., list[Any]]) -> None:
    def backend(_number: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    assert len(set(run_parallel(4, backend))) == 4
