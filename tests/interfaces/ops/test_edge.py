"""What every request passes: headers, logs without personal data, outages, and only people pay for sessions."""

import json
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from psycopg_pool import PoolTimeout

from sellerdesk.interfaces.ops.edge import Outage, is_outage
from sellerdesk.queries.readiness import pending_migrations


@pytest.mark.django_db
def test_health(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready", "database": True, "schema": True}
    assert client.post("/readyz").status_code == 405


@pytest.mark.django_db
def test_pending_migrations_are_the_ones_that_django_knows() -> None:
    from django.db.migrations.loader import MigrationLoader

    with connections["default"].cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO pg_catalog")  # as if no migration had ever run
        pending = pending_migrations()
    assert pending == sorted(f"{app}.{name}" for app, name in MigrationLoader(None).graph.nodes)


@pytest.mark.django_db
def test_not_ready_without_the_schema(client: Client) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO pg_catalog")
        answer = client.get("/readyz")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_every_answer_carries_the_headers(client: Client) -> None:
    for path in ("/healthz", "/nowhere"):
        answer = client.get(path)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Request-Id"]


def test_any_host_is_served_because_programs_send_odd_ones(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "sellingpartnerapi-na.amazon.com"}).status_code == 200
    assert client.get("/healthz", headers={"host": "broken_host:99:1"}).status_code == 200


def test_a_request_is_one_line_without_query_or_path(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/nowhere/canary-path?email=canary@example.com")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["status"] for line in lines if line["event"] == "request"] == [404]
    assert "canary" not in json.dumps(lines)


def test_metrics_name_routes(client: Client, db: None) -> None:
    client.get("/nowhere/canary-path")
    text = client.get("/metrics").content.decode()
    assert 'sellerdesk_http_requests_total{method="GET",route="none",status="404"}' in text
    assert "canary" not in text


@pytest.mark.parametrize("error", [OperationalError("away"), PoolTimeout("full")])
def test_an_outage_is_503_with_retry_after(error: Exception) -> None:
    answer = Outage(lambda _request: HttpResponse()).process_exception(RequestFactory().get("/desk/"), error)
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not is_outage(ValueError("ours"))


@pytest.mark.django_db
def test_people_get_sessions_and_form_tokens_programs_do_not() -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.get("/accounts/login/")
    assert "sellerdesk_csrf" in page.cookies
    assert page.cookies["sellerdesk_csrf"]["httponly"]
    assert page.cookies["sellerdesk_csrf"]["samesite"] == "Lax"
    assert strict.post("/accounts/login/", {"login": "a@example.com", "password": "x"}).status_code == 403
    seen: list[HttpRequest] = []
    assert not strict.get("/healthz").cookies
    assert not hasattr(strict.get("/healthz").wsgi_request, "session")
    assert seen == []


@pytest.mark.django_db
def test_nobody_signs_up_alone(client: Client) -> None:
    answer = client.post(
        "/accounts/signup/",
        {"email": "new@example.com", "password1": "correct horse 1", "password2": "correct horse 1"},
    )
    assert answer.status_code == 200
    from django.contrib.auth import get_user_model

    assert not get_user_model().objects.exists()
