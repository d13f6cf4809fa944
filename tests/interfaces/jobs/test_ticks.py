"""What the worker knows to do, and how it keeps from doing it too often."""

from datetime import timedelta

from django.db import connection
from tests import build

from sellerdesk.interfaces.jobs.ticks import TICKS, Every
from sellerdesk.models.accounts import ApiClient, ApiToken, RequestBudget
from sellerdesk.models.journal import IdempotencyKey
from sellerdesk.models.tenancy import scoped

NOW = build.PLACED + timedelta(days=40)


def a_round() -> list[bool]:
    return [tick.work(NOW) for tick in TICKS]


def test_a_round_does_all_that_is_due_and_then_rests(committed: None) -> None:
    build.a_paid_order(build.a_seller())
    a_round()
    build.drain(NOW)  # another test's transaction may have kept the journal's readers back
    build.drain_others(NOW)
    a_round()
    assert build.everything("SELECT status FROM orders") == [("Canceled",)]
    assert build.everything("SELECT DISTINCT state FROM mails") == [("sent",)]
    assert a_round() == [False] * len(TICKS)


def test_rest_costs_a_few_looks(committed: None) -> None:
    build.a_paid_order(build.a_seller())
    a_round()
    build.drain(NOW)
    build.drain_others(NOW)
    a_round()
    statements: list[str] = []

    def count(execute: object, sql: str, params: object, many: object, context: object) -> object:
        statements.append(sql)
        return execute(sql, params, many, context)  # type: ignore[operator]

    with connection.execute_wrapper(count):  # type: ignore[arg-type]
        a_round()
    assert len(statements) <= 14  # six looks, each with its scope; three of them ask for their place first
    assert not [sql for sql in statements if "FOR UPDATE" in sql or "INSERT" in sql]


def test_work_with_a_period_runs_at_once_and_then_once_a_period() -> None:
    seen = []
    work = Every(timedelta(hours=24), lambda now: bool(seen.append(now)))
    hours = [0, 1, 23, 24, 25, 47, 48]
    for hour in hours:
        work(NOW + timedelta(hours=hour))
    assert seen == [NOW + timedelta(hours=hour) for hour in (0, 24, 48)]


def test_work_with_a_period_survives_a_clock_that_goes_back() -> None:
    seen = []
    work = Every(timedelta(hours=24), lambda now: bool(seen.append(now)))
    for moment in (NOW, NOW - timedelta(days=300), NOW - timedelta(days=300, hours=-1)):
        work(moment)
    assert seen == [NOW, NOW - timedelta(days=300)]


def test_the_cleanup_removes_what_has_had_its_time_and_nothing_else(committed: None) -> None:
    from sellerdesk.flows.cleanup import clean_up

    seller = build.a_seller()
    client = ApiClient.objects.create(
        seller_id=seller, name="x", client_id="x", secret_hash="x", refresh_hash="x", mws_access_key="x",
        mws_secret_key="x", created_at=NOW,
    )  # fmt: skip
    days = (0, 2, 29, 31)
    for day in days:
        at = NOW - timedelta(days=day)
        ApiToken.objects.create(
            client=client, token_hash=str(day), kind="access", created_at=at, expires_at=at
        )
        RequestBudget.objects.create(key=str(day), tokens=1.0, filled_at=at)
        with scoped(seller):
            IdempotencyKey.objects.create(
                seller_id=seller, principal="x", operation="x", key=str(day), body_hash="x", at=at
            )
    assert clean_up(NOW).items() >= {"tokens": 3, "keys": 1, "deliveries": 0, "news": 0, "budgets": 3}.items()
    assert set(clean_up(NOW).values()) == {0}
    assert build.everything("SELECT token_hash FROM api_tokens") == [("0",)]
    assert build.everything("SELECT key FROM idempotency_keys ORDER BY at DESC") == [("0",), ("2",), ("29",)]
    assert build.everything("SELECT key FROM request_budgets") == [("0",)]
