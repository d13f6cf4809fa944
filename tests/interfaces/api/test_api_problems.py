"""Whatever comes in, the answer is a problem that names the place, and never a 500."""

import json
import string
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.interfaces.api.conftest import Program, item, order, package, usd

from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.api.body import BYTES_MOST
from sellerdesk.interfaces.api.refusals import WORDINGS, detail
from sellerdesk.models import JournalEntry, Order
from sellerdesk.models.tenancy import scoped

MEMBERS = {"type", "title", "status", "detail", "code", "facts"}


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem of an answer that has this status and the one shape."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    said: dict[str, Any] = answer.json()
    assert said.keys() >= MEMBERS
    assert said["status"] == status
    assert said["type"] == f"urn:sellerdesk:problem:{said['code']}"
    return said


def raw(program: Program, data: bytes, path: str = "/api/v1/orders", **headers: str) -> Any:
    sent = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": "raw"} | headers
    return program.http.generic("POST", path, data=data, content_type="application/json", headers=sent)


@pytest.mark.parametrize("code", Code)
def test_every_refusal_is_worded(code: Code) -> None:
    wording = WORDINGS[code]
    assert wording.title
    assert 400 <= wording.status < 500
    names = [name for _, name, _, _ in string.Formatter().parse(wording.detail) if name]
    said = detail(refuse(code, **{name: f"<{name}>" for name in names}))
    assert all(f"<{name}>" in said for name in names)
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b" ", "JSON"),
        (b"{", "JSON"),
        (b"\xff\xfe{}", "UTF-8"),
        (b"\xef\xbb\xbf{}", "JSON"),
        (b'{"marketplaceId": "\xed\xa0\x80"}', "UTF-8"),
        (b'{"marketplaceId": "\\ud800"}', "U+D800"),
        (b'{"marketplaceId": "\\u0000"}', "U+0000"),
        (b'{"marketplaceId": "\\u0085"}', "U+0085"),
        (b'{"a\\u0000": 1}', "U+0000"),
        (b'{"marketplaceId": "A", "marketplaceId": "B"}', "once"),
        (b'{"items": NaN}', "finite"),
        (b'{"items": -Infinity}', "finite"),
        (b"[" * 100_000, "nesting"),
        (b"[" * 40 + b"]" * 40, "nesting"),
        (b'{"items": ' + b"9" * 5000 + b"}", "JSON"),
        (b"null", "body"),
        (b"[]", "body"),
        (b'"text"', "body"),
        (b"1e400", "body"),
    ],
)
def test_bodies_that_cannot_be_read(program: Program, data: bytes, words: str) -> None:
    said = problem(raw(program, data), 400)
    assert words in said["detail"]
    assert said["code"] == "malformed"


def at(path: str, value: Any) -> dict[str, Any]:
    """A good order with one value changed; dots and numbers lead to it."""
    body: dict[str, Any] = json.loads(json.dumps(order()))
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    inner: Any = body
    for step in steps:
        inner = inner[step]
    inner[last] = value
    return body


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (at("status", "Shipped"), "status"),
        (at("sellerId", 2), "sellerId"),
        (at("items.0.shipped", 2), "items[0].shipped"),
        (at("items.0.quantity", 0), "items[0].quantity"),
        (at("items.0.quantity", "2"), "items[0].quantity"),
        (at("items.0.quantity", True), "items[0].quantity"),
        (at("items.0.quantity", 2.0), "items[0].quantity"),
        (at("items.0.quantity", 1e400), "items[0].quantity"),
        (at("items.0.quantity", 10**30), "items[0].quantity"),
        (at("items.0.sku", ""), "items[0].sku"),
        (at("items.0.sku", "x" * 101), "items[0].sku"),
        (at("items.0.amounts.principal.amount", 20.0), "items[0].amounts.principal.amount"),
        (at("items.0.amounts.principal.amount", "2e1"), "items[0].amounts.principal.amount"),
        (at("items.0.amounts.principal.amount", "١٢"), "items[0].amounts.principal.amount"),
        (at("items.0.amounts.principal.amount", "20.00\n"), "items[0].amounts.principal.amount"),
        (at("items.0.amounts.principal.currencyCode", "usd"), "items[0].amounts.principal.currencyCode"),
        (at("items.0.amounts.bribe", usd("1.00")), "items[0].amounts.bribe"),
        (at("items", []), "items"),
        (at("items", None), "items"),
        (at("placedAt", "2026-01-02T10:00:00"), "placedAt"),
        (at("placedAt", "2026-01-02"), "placedAt"),
        (at("placedAt", "2026-02-30T10:00:00Z"), "placedAt"),
        (at("placedAt", "0001-01-01T00:00:00Z"), "placedAt"),
        (at("placedAt", "9999-12-31T23:59:59-23:59"), "placedAt"),
        (at("placedAt", 1767348000), "placedAt"),
        (at("orderNumber", "1-2-3"), "orderNumber"),
        (at("channel", "XFN"), "channel"),
        (at("shipTo.country", "usa"), "shipTo.country"),
        (at("buyer.isVip", True), "buyer.isVip"),
        ({"orders": [order(), at("items.0.sku", 7)]}, "orders[1].items[0].sku"),
        ({"orders": []}, "orders"),
        ({"orders": [order()], "more": 1}, "more"),
        ({}, "marketplaceId"),
    ],
)
def test_orders_of_the_wrong_shape(program: Program, body: dict[str, Any], place: str) -> None:
    data = json.dumps(body).replace("Infinity", "1e400").encode()
    said = problem(raw(program, data), 400)
    assert place in [one["place"] for one in said["facts"]["errors"]]
    with scoped(program.seller_id):
        assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        (at("marketplaceId", "A1"), "unknown_marketplace", None),
        (
            at("items.0.amounts.tax.currencyCode", "EUR"),
            "currency_mismatch",
            "items[0].amounts.tax.currencyCode",
        ),
        (at("items.0.amounts.tax.amount", "0.815"), "money_precision", "items[0].amounts.tax.amount"),
        (at("items.0.amounts.tax.amount", "-1"), "invalid_value", "item 12345678901234: tax"),
        (at("items.0.amounts.tax.amount", "9" * 15), "invalid_value", "item 12345678901234: tax"),
        (at("total", usd("1.00")), "total_mismatch", "total"),
        (at("placedAt", "2099-01-02T10:00:00Z"), "invalid_value", "placed_at"),
        (at("items", [item(), item()]), "duplicate_request", "item 12345678901234"),
        (
            order(earliestShipAt="2026-01-05T00:00:00Z", latestShipAt="2026-01-04T00:00:00Z"),
            "invalid_value",
            "latestShipAt",
        ),
    ],
)
def test_orders_that_contradict_themselves(program: Program, body: Any, code: str, place: str | None) -> None:
    said = problem(program.call("POST", "/orders", body, key="k"), 422)
    assert said["code"] == code
    assert said["facts"].get("place") == place


@pytest.mark.parametrize(
    "query",
    [
        "colour=red", "limit=0", "limit=201", "limit=x", "limit=１", "limit=1&limit=2", "status=Lost", "sort=up",
        "marketplaceId=US", "placedAfter=yesterday", "placedAfter=2026-01-01T00:00:00", "cursor=abc", "cursor=",
        "status=%00", "%00=1", "sort=placed%C2%85", "placedAfter=0000-00-00T00:00:00Z",
    ],
)  # fmt: skip
def test_queries_that_cannot_be_read(program: Program, query: str) -> None:
    problem(program.call("GET", f"/orders?{query}"), 400)


def test_a_cursor_belongs_to_its_list(program: Program) -> None:
    for _ in range(2):
        program.place()
    cursor = program.call("GET", "/orders?limit=1").json()["nextCursor"]
    assert program.call("GET", f"/orders?limit=1&cursor={cursor}").status_code == 200
    problem(program.call("GET", f"/orders?limit=1&status=Pending&cursor={cursor}"), 400)
    problem(program.call("GET", f"/orders?limit=1&cursor={cursor[:-1]}"), 400)


@pytest.mark.parametrize(
    "number", ["111-1111111-1111111", "nothing", "%00", "%ED%A0%80", "１１１-1111111-1111111"]
)
def test_orders_that_are_not_there(program: Program, number: str) -> None:
    assert program.call("GET", f"/orders/{number}").status_code in (400, 404)
    problem(program.call("GET", f"/orders/{number}/timeline"), 400 if number == "%00" else 404)
    answer = program.call("POST", f"/orders/{number}/payments", {"state": "authorized"}, key="k")
    problem(answer, 400 if number == "%00" else 404)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_methods_that_an_address_does_not_know(program: Program, method: str) -> None:
    path = "/orders/111-1111111-1111111/payments"
    body = {} if method in ("PUT", "PATCH") else None
    answer = program.call(method, path, body)
    problem(answer, 405)
    assert answer["Allow"] == "POST"


def test_addresses_that_are_not_there(program: Program) -> None:
    for path in ("/", "/nothing", "/orders/", "/orders/1/2/3", "/%00"):
        problem(program.call("GET", path), 400 if path == "/%00" else 404)


def test_head_is_get_without_a_body(program: Program) -> None:
    number = program.place()
    answer = program.call("HEAD", f"/orders/{number}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == '"1"'
    assert program.call("PUT", f"/orders/{number}", {})["Allow"] == "GET, HEAD"


def test_media_types(program: Program) -> None:
    form = program.http.generic(
        "POST", "/api/v1/orders", "a=1", content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Bearer {program.token}"},
    )  # fmt: skip
    problem(form, 415)
    latin = program.http.generic(
        "POST", "/api/v1/orders", "{}", content_type="application/json; charset=latin-1"
    )
    problem(latin, 415)
    problem(raw(program, b"{}", **{"Content-Encoding": "gzip"}), 415)
    problem(program.call("GET", "/orders", Accept="text/html, application/json;q=0"), 406)
    for good in ("*/*", "application/*;q=0.5", "application/json", "text/html, application/problem+json"):
        assert program.call("GET", "/orders", Accept=good).status_code == 200


def test_large_bodies_are_not_read(program: Program) -> None:
    problem(raw(program, b" " * (BYTES_MOST + 1)), 413)
    problem(raw(program, b" " * BYTES_MOST), 400)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"packages": [package(carrierCode="Other")]}, "carrier_name_required"),
        ({"packages": [package(tracking="")]}, "tracking_required"),
        ({"packages": [package(shippedAt="2025-12-01T00:00:00Z")]}, "ship_date_impossible"),
        ({"packages": [package(items=[{"itemNumber": "1", "quantity": 1}])]}, "item_not_found"),
        (
            {"packages": [package(items=[{"itemNumber": "12345678901234", "quantity": 3}])]},
            "quantity_exceeded",
        ),
        ({"packages": [package(items=[{"itemNumber": "1", "quantity": 1}] * 2)]}, "duplicate_request"),
        ({"packages": [package(reference="A"), package(reference="A")]}, "package_exists"),
        ({"packages": []}, "malformed"),
        ({"packages": [package(memo="x" * 501)]}, "malformed"),
        ({"packages": [package(orderId=1)]}, "malformed"),
    ],
)
def test_shipments_that_cannot_be(program: Program, body: Any, code: str) -> None:
    number = program.paid()
    answer = program.call("POST", f"/orders/{number}/shipments", body, key="k")
    assert problem(answer, answer.status_code)["code"] == code
    assert 400 <= answer.status_code < 500
    assert program.call("GET", f"/orders/{number}").json()["version"] == 2


def test_edits_payments_and_events_that_cannot_be(program: Program) -> None:
    number = program.paid()
    program.call("POST", f"/orders/{number}/shipments", {"packages": [package(reference="A")]}, key="s")
    path = f"/orders/{number}/shipments/A"
    problem(program.call("PATCH", path, {"tracking": None}), 400)
    problem(program.call("PATCH", path, {}), 400)
    problem(program.call("PATCH", path, {"isLate": False}), 400)
    problem(program.call("PATCH", f"/orders/{number}/shipments/B", {"memo": "x"}), 404)
    problem(program.call("PATCH", f"/orders/{number}/shipments/%00", {"memo": "x"}), 400)
    pay = f"/orders/{number}/payments"
    problem(program.call("POST", pay, {"state": "refunded"}, key="1"), 400)
    problem(program.call("POST", pay, {"state": "declined"}, key="1"), 409)
    other = program.place()
    late = {"state": "authorized", "at": "2099-01-01T00:00:00Z"}
    problem(program.call("POST", f"/orders/{other}/payments", late, key="1"), 422)
    events = f"/orders/{number}/parcel-events"
    problem(
        program.call("POST", events, {"reference": "A", "kind": "EATEN", "at": "2026-01-04T00:00:00Z"}), 400
    )
    future = {"reference": "A", "kind": "DELIVERED", "at": "2099-01-04T00:00:00Z"}
    problem(program.call("POST", events, future), 422)


NAMES = st.sampled_from(["orders", "items", "marketplaceId", "amounts", "principal", "amount", "events"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
WILD = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=15,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=WILD, spoil=st.booleans())
def test_no_body_gives_a_500(program: Program, value: Any, spoil: bool) -> None:
    data = json.dumps(value).encode()
    data = data[:-1] if spoil else data
    number = "111-1111111-1111111"
    for path in ("", f"/{number}/payments", f"/{number}/shipments", f"/{number}/parcel-events"):
        answer = raw(program, data, "/api/v1/orders" + path)
        assert 400 <= answer.status_code < 500, (data, answer.content)
        assert answer["Content-Type"] == "application/problem+json"


def test_an_unexpected_error_is_a_problem_without_what_went_wrong(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any, **_named: Any) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("sellerdesk.interfaces.api.orders.orders_page", fail)
    answer = program.call("GET", "/orders")
    problem(answer, 500)
    assert b"secret" not in answer.content


def test_nothing_is_journalled_for_what_was_refused(program: Program) -> None:
    program.call("POST", "/orders", at("total", usd("1.00")), key="k")
    with scoped(program.seller_id):
        assert not JournalEntry.objects.filter(order__isnull=False).exists()
