"""What every operation shares: headers, errors in one form, buckets, and a door that no input breaks."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from tests.interfaces.spapi.conftest import Caller, Clock
from tests.interfaces.spapi.world import NOW, US, a_document, a_program, a_seller, paid

from sellerdesk.commands.admission import Knock, admit
from sellerdesk.interfaces.spapi import orders_v0
from sellerdesk.interfaces.spapi.access import digest
from sellerdesk.interfaces.spapi.bodies import BODY_LIMIT
from sellerdesk.interfaces.spapi.plans import Plan, header
from sellerdesk.models.sql import rows

pytestmark = pytest.mark.usefixtures("committed", "time")
ORDERS = "/orders/v0/orders"
RECENT = f"MarketplaceIds={US}&CreatedAfter=2026-03-01"


def error(answer: Any) -> Any:
    (one,) = json.loads(answer.content)["errors"]
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["x-amzn-RequestId"]
    return one["code"]


def test_the_rate_is_told_where_the_protocol_tells_it(call: Caller) -> None:
    seller = a_seller()
    token = call.token(a_program(seller))
    good = call.get(ORDERS, token, RECENT)
    bad = call.get(ORDERS, token, "")
    none = call.get(f"{ORDERS}/111-1111111-1111111", token)
    assert [one.status_code for one in (good, bad, none)] == [200, 400, 404]
    assert [one.headers["x-amzn-RateLimit-Limit"] for one in (good, bad, none)] == ["0.0167", "0.0167", "0.5"]
    assert len({one.headers["x-amzn-RequestId"] for one in (good, bad, none)}) == 3
    for silent in (call.get(ORDERS), call.send("POST", ORDERS, token), call.get("/orders/v0/nothing", token)):
        assert "x-amzn-RateLimit-Limit" not in silent.headers


@pytest.mark.parametrize(
    "path",
    ["/orders", "/orders/v0", "/orders/v9/orders", "/feeds/2021-06-30/feeds", "/sellers/v1", "/auth/o2/nothing",
     "/orders/v0/orders/", "/orders/v0/orders/111-1111111-1111111/", "/tokens/%00"],
)  # fmt: skip
def test_an_unknown_path_is_answered_in_the_protocols_form(call: Caller, path: str) -> None:
    answer = call.get(path)
    assert (answer.status_code, error(answer)) == (404, "NotFound")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_a_wrong_method_is_405(call: Caller, method: str) -> None:
    answer = call.send(method, ORDERS, body={} if method != "HEAD" else None)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET"


def test_bodies_are_held_to_their_type_and_size(call: Caller) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    token = call.token(a_program(seller))
    path = f"{ORDERS}/{number}/shipmentConfirmation"
    xml = call.send("POST", path, token, raw=b"<a/>", content_type="text/xml")
    assert (xml.status_code, error(xml)) == (415, "UnsupportedMediaType")
    large = call.send("POST", path, token, raw=b" " * (BODY_LIMIT + 1))
    assert (large.status_code, error(large)) == (413, "RequestTooLarge")


BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff",
    b'{"a":NaN}',
    b'{"a":1,"a":2}',
    b'{"marketplaceId":"\\u0000"}',
    b'{"marketplaceId":"\\ud800"}',
    b'{"x":' + b"9" * 6000 + b"}",
    b"[" * 20000,
    b'{"packageDetail":[]}',
    b'{"packageDetail":{"orderItems":{}}}',
    b'{"regulatedOrderVerificationStatus":7}',
    b'{"restrictedResources":[[]]}',
    b'{"shipmentStatus":[]}',
]


@pytest.mark.parametrize("raw", BODIES, ids=range(len(BODIES)))
def test_no_body_breaks_the_door(call: Caller, raw: bytes) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    token = call.token(a_program(seller))
    for method, path in (
        ("POST", f"{ORDERS}/{number}/shipmentConfirmation"),
        ("POST", f"{ORDERS}/{number}/shipment"),
        ("PATCH", f"{ORDERS}/{number}/regulatedInfo"),
        ("POST", "/tokens/2021-03-01/restrictedDataToken"),
    ):
        answer = call.send(method, path, token, raw=raw)
        assert answer.status_code == 400, (path, answer.content)
        assert json.loads(answer.content)["errors"]


@pytest.mark.parametrize(
    "number",
    ["%00", "%ff", "%ed%a0%80", "1", "902-1234567-123456٣", "x" * 2000, "..", "111-1111111-1111111%00"],
)
@pytest.mark.usefixtures("plenty")
def test_no_order_id_breaks_the_door(call: Caller, number: str) -> None:
    token = call.token(a_program(a_seller()))
    for path in (
        f"{ORDERS}/{number}",
        f"{ORDERS}/{number}/orderItems",
        f"/orders/2026-01-01/orders/{number}",
    ):
        answer = call.get(path, token)
        assert answer.status_code in (400, 404), (path, answer.content)
        assert json.loads(answer.content)["errors"]


def test_a_delete_with_a_body_and_signature_headers_are_no_trouble(call: Caller) -> None:
    token = call.token(a_program(a_seller()))
    answer = call.client.generic(
        "GET",
        f"{ORDERS}?{RECENT}",
        b"{}",
        content_type="application/json",
        headers={
            "x-amz-access-token": token,
            "authorization": "AWS4-HMAC-SHA256 Credential=x",
            "x-amz-date": "20260304T150000Z",
            "host": "27.0.0.1:8000",
        },
    )
    assert answer.status_code == 200
    assert call.send("DELETE", ORDERS, token, body={}, query="a=b").status_code == 405


def test_our_own_mistakes_are_500_and_say_nothing(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(orders_v0, "search_orders", broken)
    answer = call.get(ORDERS, call.token(a_program(a_seller())), RECENT)
    assert (answer.status_code, error(answer)) == (500, "InternalFailure")
    assert b"secret" not in answer.content
    assert "x-amzn-RateLimit-Limit" not in answer.headers


def test_a_database_that_is_away_is_503(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("gone")

    token = call.token(a_program(a_seller()))
    monkeypatch.setattr(orders_v0, "search_orders", away)
    answer = call.get(ORDERS, token, RECENT)
    assert (answer.status_code, error(answer)) == (503, "ServiceUnavailable")
    assert answer.headers["Retry-After"]


# -- buckets -----------------------------------------------------------------------------------------------------------


def test_a_bucket_empties_and_fills_by_amazons_plan(call: Caller, time: Clock) -> None:
    token = call.token(a_program(a_seller()))
    answers = [call.get(ORDERS, token, RECENT).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    refused = call.get(ORDERS, token, RECENT)
    assert error(refused) == "QuotaExceeded"
    assert "x-amzn-RateLimit-Limit" not in refused.headers
    time.forward(seconds=59)
    assert call.get(ORDERS, token, RECENT).status_code == 429
    time.forward(seconds=1)
    assert call.get(ORDERS, token, RECENT).status_code == 200
    assert call.get(ORDERS, token, RECENT).status_code == 429


def test_buckets_are_apart_by_program_seller_and_operation(call: Caller) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    token, sibling = call.token(a_program(seller)), call.token(a_program(seller))
    stranger = call.token(a_program(a_seller("Other")))
    for _ in range(21):
        drained = call.get(ORDERS, token, RECENT)
    assert drained.status_code == 429
    assert call.get(f"{ORDERS}/{number}", token).status_code == 200
    assert call.get(ORDERS, sibling, RECENT).status_code == 200
    assert call.get(ORDERS, stranger, RECENT).status_code == 200


def test_the_scale_multiplies_the_plan(call: Caller, settings: Any) -> None:
    settings.RATE_LIMIT_SCALE = 0.1
    token = call.token(a_program(a_seller()))
    answers = [call.get(ORDERS, token, RECENT) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[0].headers["x-amzn-RateLimit-Limit"] == "0.00167"
    assert Plan(0.5, 5).scaled(0.01) == Plan(0.005, 1.0)
    assert [header(rate) for rate in (5.0, 0.0167, 1670.0)] == ["5.0", "0.0167", "1670.0"]


def test_a_call_over_the_quota_changes_nothing(call: Caller) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    token = call.token(a_program(seller))
    path = f"{ORDERS}/{number}/shipmentConfirmation"
    for _ in range(10):
        assert call.send("POST", path, token, body={}).status_code == 400
    items = json.loads(call.get(f"{ORDERS}/{number}/orderItems", token).content)["payload"]["OrderItems"]
    package = {
        "packageReferenceId": "1",
        "carrierCode": "UPS",
        "trackingNumber": "1Z",
        "shipDate": "2026-03-04T14:00:00Z",
        "orderItems": [{"orderItemId": items[0]["OrderItemId"], "quantity": 1}],
    }
    sent = {"marketplaceId": US, "packageDetail": package}
    assert call.send("POST", path, token, body=sent).status_code == 429
    assert json.loads(call.get(f"{ORDERS}/{number}", token).content)["payload"]["OrderStatus"] == "Unshipped"


def test_many_takers_at_once_get_what_is_in_the_bucket(
    call: Caller,
    run_parallel: Callable[[int, Callable[[int], Any]], list[Any]],
) -> None:
    token = digest(call.token(a_program(a_seller())))

    def drain(_number: int) -> int:
        return sum(left(token, rate=0.5, burst=20) is not None for _ in range(10))

    assert sum(run_parallel(8, drain)) == 20


def test_a_bucket_survives_a_clock_that_was_ahead(call: Caller, time: Clock) -> None:
    token = digest(call.token(a_program(a_seller())))
    ahead = NOW + timedelta(minutes=20)
    assert [left(token, at=ahead) for _ in range(3)] == [1.0, 0.0, None]
    assert [left(token) for _ in range(3)] == [1.0, 0.0, None]
    assert left(token, at=NOW + timedelta(seconds=1)) is None  # half a token has come
    assert left(token, at=NOW + timedelta(seconds=2)) == 0.0


def test_the_way_in_shows_the_connection_its_sellers_rows_and_no_others(call: Caller) -> None:
    one, other = a_seller(), a_seller()
    paid(one, [a_document()])
    mine, theirs = (digest(call.token(a_program(seller))) for seller in (one, other))

    left(mine)
    assert rows("SELECT count(*) FROM orders") == [(1,)]
    left(theirs)
    assert rows("SELECT count(*) FROM orders") == [(0,)]


def left(token: str, *, rate: float = 0.5, burst: float = 2, at: datetime = NOW) -> float | None:
    admission = admit(Knock(token, "ordersV0.getOrder", rate, burst), now=at)
    assert admission is not None
    return admission.left
