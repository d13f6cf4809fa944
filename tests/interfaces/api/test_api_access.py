"""Tokens, scopes and what they open (trust P14, P15, P18)."""

import base64
import hashlib
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from tests.interfaces.api.aftersales_operations import AFTERSALES, GHOST
from tests.interfaces.api.conftest import Maker, Program, order, package, token_of

from sellerdesk.commands import accounts
from sellerdesk.commands.tokens import NewToken, issue_token
from sellerdesk.config import clock
from sellerdesk.domain.actors import Actor, Door, Party, Permission
from sellerdesk.models import ApiToken

EVENT = {"reference": "A", "kind": "DELIVERED", "at": "2026-01-04T00:00:00Z"}
CANCELLATIONS = {"cancellations": [{"orderNumber": GHOST, "reason": "no_inventory"}]}

# Every operation with the scope that opens it; `None` needs no token at all.
OPERATIONS: list[tuple[str, str, Any, Permission | None]] = [
    ("POST", "/orders", order(), Permission.ORDERS_PLACE),
    ("GET", "/orders", None, Permission.ORDERS_READ),
    ("GET", f"/orders/{GHOST}", None, Permission.ORDERS_READ),
    ("GET", f"/orders/{GHOST}/timeline", None, Permission.ORDERS_READ),
    ("POST", f"/orders/{GHOST}/payments", {"state": "authorized"}, Permission.PAYMENTS_REPORT),
    ("POST", f"/orders/{GHOST}/shipments", {"packages": [package()]}, Permission.ORDERS_SHIP),
    ("PATCH", f"/orders/{GHOST}/shipments/A", {"memo": "x"}, Permission.ORDERS_SHIP),
    ("POST", f"/orders/{GHOST}/warehouse-shipments", {"packages": [package()]}, Permission.PARCELS_REPORT),
    ("POST", f"/orders/{GHOST}/parcel-events", EVENT, Permission.PARCELS_REPORT),
    ("POST", f"/orders/{GHOST}/buyer-cancellation", {}, Permission.CANCELLATIONS_FILE),
    ("POST", f"/orders/{GHOST}/cancellation-request", {"reason": "other"}, Permission.CANCELLATIONS_FILE),
    ("GET", f"/orders/{GHOST}/cancellation-request", None, Permission.ORDERS_READ),
    (
        "POST",
        f"/orders/{GHOST}/cancellation-request/decline",
        {"cause": "shipped"},
        Permission.ORDERS_CANCEL,
    ),
    ("POST", f"/orders/{GHOST}/cancellation", {"reason": "no_inventory"}, Permission.ORDERS_CANCEL),
    ("POST", f"/orders/{GHOST}/cancellation/preview", {"reason": "no_inventory"}, Permission.ORDERS_CANCEL),
    (
        "POST",
        f"/orders/{GHOST}/marketplace-cancellation",
        {"reason": "payment_failed"},
        Permission.PAYMENTS_REPORT,
    ),
    ("GET", f"/orders/{GHOST}/messages", None, Permission.MESSAGES_READ),
    ("POST", f"/orders/{GHOST}/messages", {"reason": "answer", "text": "Yes."}, Permission.MESSAGES_SEND),
    ("POST", f"/orders/{GHOST}/buyer-messages", {"text": "Hello?"}, Permission.MESSAGES_RECEIVE),
    ("GET", "/cancellation-rate", None, Permission.ORDERS_READ),
    ("POST", "/cancellations", CANCELLATIONS, Permission.ORDERS_CANCEL),
    ("POST", "/cancellations/preview", CANCELLATIONS, Permission.ORDERS_CANCEL),
    *AFTERSALES,
    ("GET", "/openapi.json", None, None),
]
# What a path of the table stands for in the description; the earlier first.
_PLACES = {
    "/return-settings/ATVPDKIKX0DER": "/return-settings/{marketplace_id}",
    "/return-rules/1234567": "/return-rules/{rule_id}",
    "RMA-GHOST": "{rma}",
    GHOST: "{order_number}",
    "/A": "/{reference}",
}
# Photos of a return need two scopes: test_api_returns asks for them with one and with both.
_TWO_SCOPES = {("GET", "/orders/{order_number}/returns/{rma}/photos/{photo_id}")}


def ask(program: Program, **said: str) -> Any:
    return program.http.post("/api/v1/token", said, content_type="application/json")


def good(program: Program) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": program.credentials.client_id,
        "client_secret": program.credentials.client_secret,
    }


def test_every_operation_is_in_the_table(program: Program) -> None:
    described = program.call("GET", "/openapi.json").json()["paths"]
    known = set(_TWO_SCOPES)
    for method, path, _, scope in OPERATIONS:
        for ghost, place in _PLACES.items():
            path = path.replace(ghost, place)
        known |= {(method, path)} if scope else set()
    found = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in described.items()
        for method in methods
    }
    assert found - {("POST", "/token")} == known


@pytest.mark.parametrize("held", sorted(accounts.PROGRAM_SCOPES))
def test_scope_by_operation(make_program: Maker, held: Permission) -> None:
    program = make_program(scopes=[held])
    for number, (method, path, body, needed) in enumerate(OPERATIONS):
        answer = program.call(method, path, body, key=f"k{number}")
        if needed in (None, held):
            assert answer.status_code in (200, 201, 404), (method, path, answer.content)
        else:
            assert answer.status_code == 403, (method, path, answer.content)
            assert answer.json()["facts"] == {"permission": needed.value if needed else ""}


def test_without_a_token_nothing_opens(program: Program) -> None:
    program.token = ""
    for method, path, body, needed in OPERATIONS:
        answer = program.call(method, path, body, key="k")
        assert answer.status_code == (401 if needed else 200), (method, path)
        if needed:
            assert answer["WWW-Authenticate"].startswith("Bearer")
            assert answer.json()["code"] == "unauthorized"


def issued(program: Program, **changes: Any) -> str:
    """A token in the table that differs from a good one."""
    client = program_row(program)
    token = f"Atza|test{random.random()}"
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    said = {
        "client_id": client,
        "seller_id": program.seller_id,
        "kind": "access",
        "expires_at": moment + timedelta(days=36500),
        "scopes": ("orders.read",),
    } | changes
    assert issue_token(NewToken(token_hash=hashlib.sha256(token.encode()).hexdigest(), **said), now=moment)
    return token


def program_row(program: Program) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM api_clients WHERE client_id = %s", [program.credentials.client_id])
        return int(cursor.fetchone()[0])


def bad_tokens(program: Program) -> Iterator[str]:
    yield from (
        "null",
        "undefined",
        "x",
        "Atza|",
        "é",
        "a b",
        "%00",
        "A" * 3000,
        program.token[:-1],
        program.token + "x",
    )
    yield program.credentials.refresh_token
    yield program.credentials.client_secret
    yield issued(program, expires_at=datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC))
    yield issued(program, kind="restricted")
    yield issued(program, kind="grantless", seller_id=None)


def test_tokens_that_open_nothing(program: Program) -> None:
    answers = set()
    for token in bad_tokens(program):
        program.token = token
        answer = program.call("GET", "/orders")
        assert answer.status_code == 401, token
        answers.add(answer.content)
    assert len(answers) == 1  # nothing is to be learnt from the answer


def test_other_ways_to_show_a_token_open_nothing(program: Program) -> None:
    for headers in (
        {"Authorization": f"Basic {program.token}"},
        {"Authorization": program.token},
        {"x-amz-access-token": program.token},
        {"Cookie": f"token={program.token}"},
    ):
        assert program.http.get("/api/v1/orders", headers=headers).status_code == 401
    assert program.http.get(f"/api/v1/orders?access_token={program.token}").status_code == 401


def test_a_token_lasts_until_its_hour_is_over(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)
    program.token = token_of(program)
    for seconds, status in ((3599, 200), (3600, 401)):
        monkeypatch.setattr(clock, "now", lambda seconds=seconds: start + timedelta(seconds=seconds))
        assert program.call("GET", "/orders").status_code == status


def test_a_revoked_program_is_out_at_once(program: Program) -> None:
    assert program.call("GET", "/orders").status_code == 200
    admin = Actor(Party.AMAZON, "administrator", Door.CLI, None)
    accounts.revoke_client(admin, program.credentials.client_id, now=datetime(2026, 1, 2, tzinfo=UTC))
    assert program.call("GET", "/orders").status_code == 401
    assert ask(program, **good(program)).status_code == 401


def test_only_hashes_are_kept(program: Program) -> None:
    secrets = (program.token, program.credentials.client_secret, program.credentials.refresh_token)
    with connection.cursor() as cursor:
        for table in ("api_tokens", "api_clients", "journal", "idempotency_keys"):
            cursor.execute("SELECT set_config('sellerdesk.seller', '0', false)")
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            text = cursor.fetchone()[0]
            assert not [secret for secret in secrets if secret in text], table


def test_a_token_has_the_scopes_asked_for(program: Program) -> None:
    answer = ask(program, **good(program), scope="orders.read  money.read")
    said = answer.json()
    assert (said["token_type"], said["expires_in"], said["scope"]) == (
        "bearer",
        3600,
        "money.read orders.read",
    )
    assert answer["Cache-Control"] == "no-store"
    program.token = said["access_token"]
    assert program.call("GET", "/orders").status_code == 200
    assert program.call("POST", "/orders", order(), key="k").status_code == 403


def test_fewer_scopes_of_the_program_count_for_tokens_that_are_out(program: Program) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE api_clients SET scopes = '[\"orders.read\"]'")
    assert program.call("POST", "/orders", order(), key="k").status_code == 403
    with connection.cursor() as cursor:
        cursor.execute("UPDATE api_clients SET scopes = '[]'")
    assert program.call("GET", "/orders").status_code == 403
    assert ask(program, **good(program)).json()["error"] == "invalid_scope"


def test_forms_and_basic_credentials_are_read_too(program: Program) -> None:
    form = program.http.post("/api/v1/token", "&".join(f"{name}={value}" for name, value in good(program).items()),
                             content_type="application/x-www-form-urlencoded")  # fmt: skip
    assert form.status_code == 200
    pair = f"{program.credentials.client_id}:{program.credentials.client_secret}".encode()
    basic = program.http.post("/api/v1/token", {"grant_type": "client_credentials"}, content_type="application/json",
                              headers={"Authorization": "Basic " + base64.b64encode(pair).decode()})  # fmt: skip
    assert basic.status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "amzn1.application-oa2-client.0"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "orders.eat"}, 400, "invalid_scope"),
        ({"scope": "staff.manage"}, 400, "invalid_scope"),
        ({"client_id": "a\x00"}, 400, None),
        ({"extra": "1"}, 400, None),
    ],
)
def test_credentials_that_get_no_token(
    program: Program, changes: dict[str, str], status: int, error: str | None
) -> None:
    before = ApiToken.objects.count()
    answer = ask(program, **(good(program) | changes))
    assert (answer.status_code, answer.json().get("error")) == (status, error)
    assert answer["Content-Type"] == "application/problem+json"
    assert ApiToken.objects.count() == before


def test_other_bodies_get_no_token(program: Program) -> None:
    for body in ("[]", "null", '{"grant_type": 1}', "{", '{"client_id": "a", "client_id": "b"}'):
        answer = program.http.post("/api/v1/token", body, content_type="application/json")
        assert answer.status_code == 400, body
    twice = "grant_type=client_credentials&client_id=a&client_id=b"
    answer = program.http.post("/api/v1/token", twice, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    basic = program.http.post("/api/v1/token", json.dumps({"grant_type": "client_credentials"}),
                              content_type="application/json", headers={"Authorization": "Basic !!!"})  # fmt: skip
    assert basic.status_code == 401
