"""The OpenAPI document and its page."""

import re
from pathlib import Path
from typing import Any

import jsonschema
from django.contrib.staticfiles import finders
from django.test import Client
from tests.interfaces.api.conftest import Program, order, package

from sellerdesk.interfaces.api import patterns
from sellerdesk.interfaces.api.describing import listed_codes
from sellerdesk.interfaces.api.refusals import WORDINGS


def described(program: Program) -> dict[str, Any]:
    said: dict[str, Any] = program.call("GET", "/openapi.json").json()
    return said


def schema_of(document: dict[str, Any], operation: str, status: str) -> dict[str, Any]:
    """The schema of an operation's answer, able to stand alone."""
    for methods in document["paths"].values():
        for one in methods.values():
            if one["operationId"] == operation:
                responses = one["responses"]
                (content,) = responses[status]["content"].values()
                return {"components": document["components"], **content["schema"]}
    raise AssertionError(operation)


def test_it_is_openapi_3_1_with_one_shape_of_problems(program: Program) -> None:
    document = described(program)
    assert document["openapi"].startswith("3.1")
    for methods in document["paths"].values():
        for one in methods.values():
            assert one["responses"]["default"]["content"].keys() == {"application/problem+json"}
    assert document["components"]["securitySchemes"]["BearerToken"]["scheme"] == "bearer"


def test_every_expression_of_a_request_has_words(program: Program) -> None:
    expressions: set[str] = set()
    waiting: list[Any] = [described(program)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            expressions |= {one["pattern"]} if isinstance(one.get("pattern"), str) else set()
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    assert expressions
    assert expressions == set(patterns.WORDS)


def test_keys_are_described_where_they_are_needed(program: Program) -> None:
    paths = described(program)["paths"]
    needed = {
        path: parameter["required"]
        for path, methods in paths.items()
        for one in methods.values()
        for parameter in one["parameters"]
        if parameter["name"] == "Idempotency-Key"
    }
    base = "/api/v1/orders"
    claim = base + "/{order_number}/claims/{reference}"
    assert needed == {
        base: True,
        base + "/{order_number}/payments": True,
        base + "/{order_number}/fees": True,
        "/api/v1/payouts": True,
        base + "/{order_number}/shipments": True,
        base + "/{order_number}/warehouse-shipments": True,
        base + "/{order_number}/shipments/{reference}": False,
        base + "/{order_number}/parcel-events": False,
        base + "/{order_number}/buyer-cancellation": True,
        base + "/{order_number}/cancellation-request": False,
        base + "/{order_number}/cancellation-request/decline": False,
        base + "/{order_number}/cancellation": True,
        base + "/{order_number}/marketplace-cancellation": True,
        "/api/v1/cancellations": True,
        base + "/{order_number}/messages": True,
        base + "/{order_number}/buyer-messages": False,
        base + "/{order_number}/refunds": True,
        base + "/{order_number}/refunds/{reference}/undo": True,
        base + "/{order_number}/refunds/{reference}/approve": True,
        "/api/v1/refunds": True,
        base + "/{order_number}/returns": True,
        base + "/{order_number}/returns/{rma}/authorization": False,
        base + "/{order_number}/returns/{rma}/closing": False,
        base + "/{order_number}/returns/{rma}/withdrawal": False,
        base + "/{order_number}/returns/{rma}/scans": False,
        base + "/{order_number}/returns/{rma}/receipt": False,
        base + "/{order_number}/returns/{rma}/inspection": False,
        base + "/{order_number}/claims": True,
        claim + "/ask": False,
        claim + "/answer": False,
        claim + "/withdrawal": False,
        claim + "/decision": True,
        claim + "/appeal": False,
        claim + "/appeal/ask": False,
        claim + "/appeal/answer": False,
        claim + "/appeal/decision": True,
        base + "/{order_number}/feedback": False,
        base + "/{order_number}/feedback/removal": False,
        base + "/{order_number}/chargebacks": False,
        base + "/{order_number}/chargebacks/{reference}/closing": False,
    }


def test_answers_are_as_described(program: Program) -> None:
    document = described(program)

    def check(answer: Any, operation: str, status: str | None = None) -> Any:
        jsonschema.validate(answer.json(), schema_of(document, operation, status or str(answer.status_code)))
        return answer

    placed = check(program.call("POST", "/orders", order(), key="1"), "placeOrders")
    number = placed.json()["orderNumber"]
    path = f"/orders/{number}"
    check(program.call("POST", f"{path}/payments", {"state": "authorized"}, key="2"), "reportPayment")
    check(
        program.call("POST", f"{path}/shipments", {"packages": [package(reference="A")]}, key="3"),
        "confirmShipment",
    )
    check(program.call("PATCH", f"{path}/shipments/A", {"memo": "x"}), "editShipment")
    event = {"reference": "A", "kind": "DELIVERED", "at": "2026-01-04T00:00:00Z"}
    check(program.call("POST", f"{path}/parcel-events", event), "reportParcelEvents")
    check(program.call("POST", f"{path}/parcel-events", {"events": [event]}), "reportParcelEvents")
    check(program.call("GET", path), "getOrder")
    check(program.call("GET", "/orders"), "listOrders")
    check(program.call("GET", f"{path}/timeline"), "getTimeline")
    check(program.call("GET", "/orders/1"), "getOrder", "default")
    batch = {"orders": [order(), order(orderNumber=number)]}
    check(program.call("POST", "/orders", batch, key="4"), "placeOrders", "200")


def test_the_page_loads_nothing_from_afar() -> None:
    answer = Client().get("/api/v1/docs", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "//" not in re.sub(r"<!--.*?-->", "", page, flags=re.S).replace("https:", "//")
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sources
    for source in sources:
        assert finders.find(source.split("/", 3)[3]), source
    assert '"url": "/api/v1/openapi.json"' in page


def test_the_reference_names_every_operation_and_every_code(program: Program) -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    for code, wording in WORDINGS.items():
        assert f"| {wording.status} | `{code.value}` |" in page
    for path, methods in described(program)["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path.removeprefix('/api/v1')}`" in page or path.endswith("/token")


OURS = ("Refund", "Return", "Balance", "Authorization", "Closing", "Receipt", "Inspection", "GradedLine")


def test_refunds_and_returns_are_described_member_by_member(program: Program) -> None:
    """Each member says what it is; each operation says which refusals it knows, and with which status."""
    document = described(program)
    shapes = document["components"]["schemas"]
    told = {name: shape for name, shape in shapes.items() if any(word in name for word in OURS)}
    assert len(told) > 20
    for name, shape in told.items():
        assert shape.get("description") or "enum" in shape, name
        for member, schema in shape.get("properties", {}).items():
            assert schema.get("description"), (name, member)
    operations = [
        one
        for methods in document["paths"].values()
        for one in methods.values()
        if {"Refunds", "Returns"} & set(one.get("tags", ()))
    ]
    assert len(operations) > 15
    for one in operations:
        assert one["description"], one["operationId"]
        assert "forbidden" in listed_codes(one["responses"], "403"), one["operationId"]
        for status in one["responses"]:
            for code in listed_codes(one["responses"], str(status)):
                assert f"`{code}`" in one["responses"][status]["description"]
                assert next(w.status for c, w in WORDINGS.items() if c.value == code) == int(status)


def test_the_examples_are_good_ones(program: Program) -> None:
    document = described(program)
    found = 0
    for name, shape in document["components"]["schemas"].items():
        for example in shape.get("examples", ()):
            found += 1
            reference = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
            jsonschema.validate(example, reference)
    assert found >= 10
