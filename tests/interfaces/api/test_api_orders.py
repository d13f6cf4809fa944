"""Placing, paying, shipping, following and reading orders through the native API."""

from typing import Any

from tests.interfaces.api.conftest import Maker, Program, item, order, package, usd


def test_an_order_lives_from_placement_to_delivery(program: Program) -> None:
    placed = program.call("POST", "/orders", order(), key="k1")
    assert placed.status_code == 201
    number = placed.json()["orderNumber"]
    assert placed.json() == {
        "orderNumber": number, "state": "placed", "status": "Pending", "total": usd("20.81")
    }  # fmt: skip
    assert placed["Location"] == f"/api/v1/orders/{number}"

    waiting = {"state": "waiting", "reason": "CONVENIENCE_STORE"}
    told = program.call("POST", f"/orders/{number}/payments", waiting, key="k2").json()
    assert (told["state"], told["pendingReason"]) == ("waiting", "CONVENIENCE_STORE")
    said = {"state": "authorized", "at": "2026-01-02T11:00:00Z"}
    paid = program.call("POST", f"/orders/{number}/payments", said, key="k3").json()
    assert (paid["state"], paid["status"]) == ("authorized", "Unshipped")
    assert paid["latestShipAt"].endswith("Z")
    assert paid["autoCancelAt"] > paid["latestShipAt"]

    part = package(items=[{"itemNumber": "12345678901234", "quantity": 1}], memo="fragile")
    shipped = program.call("POST", f"/orders/{number}/shipments", {"packages": [part]}, key="k4")
    assert shipped.status_code == 201
    assert shipped.json()["status"] == "PartiallyShipped"
    assert shipped.json()["charged"] == usd("10.41")
    rest = {"packages": [package(reference="B", tracking="1Z999AA10123456785")]}
    assert program.call("POST", f"/orders/{number}/shipments", rest, key="k5").json()["charged"] == usd(
        "10.40"
    )

    edited = program.call("PATCH", f"/orders/{number}/shipments/B", {"tracking": "1Z999AA10123456786"})
    assert edited.json()["changes"] == ["tracking"]
    event = {"reference": "B", "kind": "DELIVERED", "at": "2026-01-05T10:00:00+02:00", "where": "Springfield"}
    assert program.call("POST", f"/orders/{number}/parcel-events", event).json()["state"] == "recorded"
    assert program.call("POST", f"/orders/{number}/parcel-events", event).json()["state"] == "unchanged"

    answer = program.call("GET", f"/orders/{number}")
    read = answer.json()
    assert answer["ETag"] == f'"{read["version"]}"'
    assert (read["status"], read["charged"], read["buyer"]["name"]) == ("Shipped", usd("20.81"), "Ada Buyer")
    assert read["items"][0]["amounts"] == {"principal": usd("20.00"), "tax": usd("0.81")}
    delivered = read["packages"][1]
    assert (delivered["tracking"], delivered["status"]) == ("1Z999AA10123456786", "DELIVERED")
    assert delivered["deliveredAt"] == delivered["events"][0]["at"] == "2026-01-05T08:00:00Z"
    kinds = [one["kind"] for one in program.call("GET", f"/orders/{number}/timeline").json()["entries"]]
    assert kinds == [
        "order_placed", "payment_waiting", "payment_authorized", "shipment_confirmed", "shipment_confirmed",
        "shipment_edited", "parcel_event",
    ]  # fmt: skip


def test_a_warehouse_order_goes_from_pending_to_shipped(program: Program) -> None:
    number = program.paid(channel="AFN")
    refused = program.call("POST", f"/orders/{number}/shipments", {"packages": [package()]}, key="a")
    assert (refused.status_code, refused.json()["code"]) == (409, "warehouse_order")
    path = f"/orders/{number}/warehouse-shipments"
    assert program.call("POST", path, {"packages": [package()]}, key="b").json()["status"] == "Shipped"


def test_a_batch_has_an_outcome_for_each_order(program: Program) -> None:
    number = program.place()
    broken = order(items=[item(amounts={"principal": usd("20.00")})], total=usd("1.00"))
    body = {"orders": [order(), order(orderNumber=number), broken, order(marketplaceId="A1PA6795UKMFR9",
            items=[item(amounts={"principal": {"amount": "1", "currencyCode": "EUR"}})])]}  # fmt: skip
    answer = program.call("POST", "/orders", body, key="batch")
    assert answer.status_code == 200
    outcomes = answer.json()["outcomes"]
    assert [one["state"] for one in outcomes] == ["placed", "refused", "refused", "refused"]
    codes = [one["problem"]["code"] for one in outcomes[1:]]
    assert codes == ["order_exists", "total_mismatch", "not_participating"]
    again = program.call("POST", "/orders", body, key="batch")
    assert again.content == answer.content
    assert len(program.call("GET", "/orders").json()["orders"]) == 2


def test_events_may_come_several_at_a_time(program: Program) -> None:
    number = program.paid()
    program.call("POST", f"/orders/{number}/shipments", {"packages": [package(reference="P")]}, key="s")
    events = [
        {"reference": "P", "kind": "IN_TRANSIT", "at": "2026-01-03T11:00:00Z"},
        {"reference": "Q", "kind": "DELIVERED", "at": "2026-01-04T11:00:00Z"},
    ]
    outcomes = program.call("POST", f"/orders/{number}/parcel-events", {"events": events}).json()["outcomes"]
    assert [one["state"] for one in outcomes] == ["recorded", "refused"]
    assert outcomes[1]["problem"]["code"] == "package_not_found"


def test_an_old_view_of_an_order_is_refused(program: Program) -> None:
    number = program.paid()
    tag = program.call("GET", f"/orders/{number}")["ETag"]
    one = package(items=[{"itemNumber": "12345678901234", "quantity": 1}])
    path = f"/orders/{number}/shipments"
    assert program.call("POST", path, {"packages": [one]}, key="1", If_Match=tag).status_code == 201
    stale = program.call("POST", path, {"packages": [package()]}, key="2", If_Match=tag)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert program.call("POST", path, {"packages": [package()]}, key="3", If_Match="W/x").status_code == 400


def test_pages_neither_lose_nor_repeat(program: Program) -> None:
    numbers = [program.place(placedAt=f"2026-01-02T10:00:0{n // 2}Z") for n in range(7)]
    seen: list[str] = []
    path = "/orders?limit=3"
    while True:
        page = program.call("GET", path).json()
        seen += [one["orderNumber"] for one in page["orders"]]
        if len(seen) == 3:
            program.place(placedAt="2026-01-03T00:00:00Z")  # newer than the page: it may not shift the rest
        if page["nextCursor"] is None:
            break
        path = f"/orders?limit=3&cursor={page['nextCursor']}"
    assert seen == numbers[::-1]


def test_changes_can_be_followed(program: Program) -> None:
    numbers = [program.place() for _ in range(3)]
    first = program.call("GET", "/orders?sort=updated&limit=2").json()
    assert [one["orderNumber"] for one in first["orders"]] == numbers[:2]
    program.call("POST", f"/orders/{numbers[0]}/payments", {"state": "authorized"}, key="p")
    rest = program.call("GET", f"/orders?sort=updated&limit=2&cursor={first['nextCursor']}").json()
    assert [one["orderNumber"] for one in rest["orders"]] == [numbers[2], numbers[0]]


def test_filters(program: Program) -> None:
    old = program.place(placedAt="2026-01-01T10:00:00Z")
    new = program.paid(placedAt="2026-01-02T10:00:00Z")

    def found(query: str) -> set[str]:
        return {one["orderNumber"] for one in program.call("GET", f"/orders?{query}").json()["orders"]}

    assert found("status=Pending") == {old}
    assert found("status=Pending&status=Unshipped") == found("status=Pending,Unshipped") == {old, new}
    assert found("placedAfter=2026-01-02T00:00:00Z") == {new}
    assert found("placedBefore=2026-01-02T02:00:00%2B02:00") == {old}
    assert found("marketplaceId=A1VC38T7YXB528") == set()
    assert found("marketplaceId=ATVPDKIKX0DER&updatedAfter=2026-01-01T00:00:00Z") == {old, new}
    assert found("updatedBefore=2026-01-01T00:00:00Z") == set()


def test_what_a_program_may_not_see_is_not_there(program: Program, make_program: Maker) -> None:
    number = program.paid()
    reader = make_program(seller_id=program.seller_id, scopes=["orders.read"])
    for answer in (
        reader.call("GET", f"/orders/{number}").json(),
        reader.call("GET", "/orders").json()["orders"][0],
    ):
        assert {"buyer", "shipTo", "total", "charged"}.isdisjoint(answer)
        assert {"amounts", "charged"}.isdisjoint(answer["items"][0])
    timeline = reader.call("GET", f"/orders/{number}/timeline").json()["entries"]
    assert "total" not in timeline[0]["facts"]
    money = make_program(seller_id=program.seller_id, scopes=["orders.read", "money.read"])
    assert money.call("GET", f"/orders/{number}/timeline").json()["entries"][0]["facts"]["total"] == usd(
        "20.81"
    )


def test_a_timeline_comes_in_pages(program: Program) -> None:
    number = program.paid()
    first: dict[str, Any] = program.call("GET", f"/orders/{number}/timeline?limit=1").json()
    assert ([one["number"] for one in first["entries"]], first["nextAfter"]) == ([1], 1)
    second = program.call("GET", f"/orders/{number}/timeline?limit=1&after=1").json()
    assert ([one["number"] for one in second["entries"]], second["nextAfter"]) == ([2], None)


def test_yen_have_no_decimals(program: Program) -> None:
    def yen(amount: str) -> dict[str, Any]:
        price = {"principal": {"amount": amount, "currencyCode": "JPY"}}
        return order(marketplaceId="A1VC38T7YXB528", items=[item(amounts=price)])

    number = program.call("POST", "/orders", yen("999.00"), key="1").json()["orderNumber"]
    assert program.call("GET", f"/orders/{number}").json()["total"] == {
        "amount": "999",
        "currencyCode": "JPY",
    }
    refused = program.call("POST", "/orders", yen("999.5"), key="2")
    assert (refused.status_code, refused.json()["code"]) == (422, "money_precision")
    assert refused.json()["facts"]["place"] == "items[0].amounts.principal.amount"
