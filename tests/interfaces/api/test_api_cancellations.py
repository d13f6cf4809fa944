"""Cancelling over the native API: the buyer alone, the buyer's request, the seller, the marketplace."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest
from tests.interfaces.api.conftest import US, Maker, Program, item, package, usd
from tests.interfaces.api.test_api_description import described, schema_of
from tests.interfaces.api.test_api_problems import problem

from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.models import JournalEntry
from sellerdesk.models.tenancy import scoped

PLACED = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
ITEM, SECOND = "12345678901234", "12345678901235"
NONE_OF_IT = [{"itemNumber": ITEM, "quantity": 0}]
TWO = [item(), item(itemNumber=SECOND, quantity=1, amounts={"principal": usd("5.00")})]


class Clock:
    """The door's clock, to be set by hand."""

    now = PLACED

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ours = Clock()
    monkeypatch.setattr(clock, "now", ours)
    return ours


class Shop:
    """A program whose clock can be moved, and whose answers are checked against the description."""

    def __init__(self, program: Program, time: Clock) -> None:
        self.program, self.time, self.count = program, time, 0
        self.described = described(program)

    def order(self, **more: Any) -> str:
        return self.program.paid(placedAt=None, items=TWO, **more)

    def later(self, **steps: float) -> None:
        self.time.now += timedelta(**steps)

    def post(self, path: str, body: Any, operation: str, **more: Any) -> Any:
        self.count += 1
        answer = self.program.call("POST", path, body, key=more.pop("key", f"c{self.count}"), **more)
        status = str(answer.status_code) if answer.status_code < 300 else "default"
        jsonschema.validate(answer.json(), schema_of(self.described, operation, status))
        return answer

    def read(self, number: str) -> dict[str, Any]:
        answer = self.program.call("GET", f"/orders/{number}")
        jsonschema.validate(answer.json(), schema_of(self.described, "getOrder", "200"))
        said: dict[str, Any] = answer.json()
        return said

    def alone(self, number: str, **body: Any) -> Any:
        return self.post(f"/orders/{number}/buyer-cancellation", body, "cancelAsBuyer")

    def ask(self, number: str, **body: Any) -> Any:
        path = f"/orders/{number}/cancellation-request"
        return self.post(path, {"reason": "found_cheaper"} | body, "requestCancellation")

    def cancel(self, number: str, reason: str = "buyer_cancelled", **body: Any) -> Any:
        return self.post(f"/orders/{number}/cancellation", {"reason": reason} | body, "cancelOrder")

    def preview(self, number: str, reason: str = "buyer_cancelled", **body: Any) -> Any:
        path = f"/orders/{number}/cancellation/preview"
        return self.post(path, {"reason": reason} | body, "previewCancellation").json()

    def journal(self, number: str) -> list[tuple[str, str, str]]:
        with scoped(self.program.seller_id):
            entries = JournalEntry.objects.filter(order__order_number=number).order_by("id")
            return [(one.kind, one.party, one.actor) for one in entries]


@pytest.fixture
def shop(program: Program, time: Clock) -> Shop:
    return Shop(program, time)


def test_inside_the_window_the_buyer_cancels_alone_and_nothing_counts(shop: Shop) -> None:
    number = shop.order()
    shop.later(minutes=29, seconds=59)
    assert problem(shop.ask(number), 409)["code"] == "self_cancel_open"
    said = shop.alone(number, reason="ordered_by_mistake").json()
    assert {name: said[name] for name in ("state", "status", "units", "whole", "counts", "why")} == {
        "state": "cancelled", "status": "Canceled", "units": 3, "whole": True, "counts": False, "why": "buyer_alone",
    }  # fmt: skip
    assert said["released"] == usd("25.81")
    order = shop.read(number)
    assert (order["cancelledBy"], order["cancelReason"], order["countsInCr"]) == (
        "BUYER",
        "ordered_by_mistake",
        False,
    )
    assert shop.journal(number)[-1] == ("buyer_cancelled", "BUYER", "Northwind shop")


def test_after_the_window_the_buyer_files_and_the_answer_does_not_count(shop: Shop) -> None:
    number = shop.order()
    shop.later(minutes=30)
    over = problem(shop.alone(number), 409)
    assert (over["code"], over["facts"]["ended"]) == ("self_cancel_over", "2026-03-02T18:30:00+00:00")

    asked = shop.ask(number, words="I found it next door.")
    assert (asked.status_code, asked.json()["state"], asked.json()["items"]) == (
        201,
        "requested",
        [ITEM, SECOND],
    )
    assert asked.json()["answerBy"] > "2026-03-02T18:30:00Z"
    assert problem(shop.ask(number), 409)["code"] == "already_requested"
    held = shop.program.call("GET", f"/orders/{number}/cancellation-request").json()
    jsonschema.validate(held, schema_of(shop.described, "getCancellationRequest", "200"))
    assert (held["kind"], held["state"], held["words"]) == (
        "formal",
        "requested_formal",
        "I found it next door.",
    )

    shop.later(minutes=20)
    before = shop.preview(number)
    assert (before["accepted"], before["counts"], before["why"]) == (True, False, "formal_request")
    assert before["answersRequest"] is True
    done = shop.cancel(number, expectsCounting=False).json()
    assert (done["counts"], done["why"], done["rate"]["counted"]) == (False, "formal_request", 0)
    order = shop.read(number)
    (one,) = order["cancellations"]
    assert (one["by"], one["reason"], one["counts"], one["leaves"], one["units"]) == (
        "MERCHANT", "buyer_cancelled", False, True, 3,
    )  # fmt: skip
    assert one["policy"]["key"] == "cr_denominator"
    assert order["cancellationRequest"]["state"] == "accepted"
    assert all(line["cancelRequestedAt"] for line in order["items"])


def test_the_preview_says_what_the_cancellation_then_does(shop: Shop) -> None:
    number = shop.order()
    lines = [{"itemNumber": ITEM, "quantity": 1}]
    said = shop.preview(number, "no_inventory", items=lines)
    assert (said["accepted"], said["counts"], said["why"]) == (False, True, "seller_reason")
    assert said["problem"]["code"] == "over_limit"
    assert [one["code"] for one in said["questions"]] == ["over_limit"]
    assert (said["exceedsLimit"], said["restocked"], said["units"], said["status"]) == (
        True,
        False,
        1,
        "Unshipped",
    )
    assert [said[name]["counted"] for name in ("rateBefore", "rateAfter")] == [0, 1]
    assert [said["rateAfter"][name] for name in ("base", "standing", "headroom")] == [1, "at_risk", 0]
    assert shop.read(number)["unitsCancelled"] == 0

    assert problem(shop.cancel(number, "no_inventory", items=lines), 409)["code"] == "over_limit"
    done = shop.cancel(number, "no_inventory", items=lines, acceptsLimit=True).json()
    for name in ("units", "counts", "why", "restocked", "status", "released"):
        assert done[name] == said[name]
    assert done["rate"] == {"countedBefore": 0, "baseBefore": 1, "counted": 1, "base": 1}
    assert [line["cancelled"] for line in shop.read(number)["items"]] == [1, 0]


def test_a_preview_that_came_true_otherwise_is_refused(shop: Shop) -> None:
    number = shop.order()
    shop.later(minutes=45)
    assert shop.preview(number)["counts"] is True
    shop.ask(number)
    said = problem(shop.cancel(number, expectsCounting=True), 409)
    assert (said["code"], said["facts"]["counts"]) == ("effect_changed", False)


def test_the_version_guards_and_the_key_makes_it_once(shop: Shop) -> None:
    number = shop.order()
    path, body = f"/orders/{number}/cancellation", {"reason": "pricing_error", "acceptsLimit": True}
    assert problem(shop.post(path, body, "cancelOrder", If_Match='"1"'), 412)["code"] == "stale_version"
    first = shop.post(path, body, "cancelOrder", key="same")
    again = shop.post(path, body, "cancelOrder", key="same")
    assert (first.status_code, again.content) == (200, first.content)
    assert first["ETag"] == f'"{shop.read(number)["version"]}"'
    assert problem(shop.program.call("POST", path, body), 400)["facts"]["place"] == "Idempotency-Key"


def test_declining_needs_a_fact(shop: Shop) -> None:
    number = shop.order()
    shop.later(minutes=45)
    path = f"/orders/{number}/cancellation-request/decline"
    said = shop.post(path, {"cause": "shipped"}, "declineCancellationRequest")
    assert problem(said, 409)["code"] == "no_cancel_request"
    shop.ask(number)
    said = shop.post(path, {"cause": "shipped"}, "declineCancellationRequest")
    assert problem(said, 409)["code"] == "decline_unfounded"
    packed = {
        "packages": [package(shippedAt="2026-03-02T18:50:00Z", items=[{"itemNumber": ITEM, "quantity": 1}])]
    }
    shop.post(f"/orders/{number}/shipments", packed, "confirmShipment")
    assert shop.post(path, {"cause": "shipped"}, "declineCancellationRequest").json()["state"] == "declined"
    held = shop.program.call("GET", f"/orders/{number}/cancellation-request").json()
    assert (held["state"], held["closedBecause"]) == ("declined", "shipped")


def test_the_marketplace_cancels_only_what_waits(shop: Shop) -> None:
    waiting, paid = shop.program.place(placedAt=None), shop.order()
    body, name = {"reason": "payment_failed"}, "cancelAsMarketplace"
    done = shop.post(f"/orders/{waiting}/marketplace-cancellation", body, name).json()
    assert (done["counts"], done["why"]) == (False, "marketplace")
    assert shop.journal(waiting)[-1][:2] == ("marketplace_cancelled", "AMAZON")
    assert (
        problem(shop.post(f"/orders/{paid}/marketplace-cancellation", body, name), 409)["code"]
        == "wrong_status"
    )


def test_several_orders_go_in_one_call_each_with_its_outcome(shop: Shop) -> None:
    numbers = [shop.order() for _ in range(3)]
    body = {
        "cancellations": [
            {"orderNumber": one, "reason": "no_inventory", "acceptsLimit": True} for one in numbers
        ]
        + [{"orderNumber": "111-1111111-1111111", "reason": "no_inventory"}]
    }
    previews = shop.post("/cancellations/preview", body, "previewCancellations").json()["previews"]
    assert [one["accepted"] for one in previews] == [True, True, True, False]
    assert [one["rateAfter"]["counted"] for one in previews[:3]] == [1, 2, 3]
    outcomes = shop.post("/cancellations", body, "cancelOrders").json()["outcomes"]
    assert [one["state"] for one in outcomes] == ["cancelled"] * 3 + ["refused"]
    assert [one["rate"]["counted"] for one in outcomes[:3]] == [1, 2, 3]
    assert outcomes[3]["problem"]["code"] == "order_not_found"


def test_what_is_not_allowed_to_be_seen_is_not_shown(shop: Shop, make_program: Maker) -> None:
    number = shop.order()
    shop.later(minutes=45)
    shop.ask(number, words="Ada would rather not.")
    shop.cancel(number)
    modest = make_program(
        seller_id=shop.program.seller_id, scopes=[Permission.ORDERS_READ, Permission.ORDERS_CANCEL]
    )
    for path in (
        f"/orders/{number}",
        f"/orders/{number}/cancellation-request",
        f"/orders/{number}/timeline",
        "/orders",
    ):
        seen = modest.call("GET", path).content.decode()
        assert "Ada" not in seen
        assert '"released"' not in seen
    assert "Ada" in shop.program.call("GET", f"/orders/{number}").content.decode()
    other = shop.order()
    path = f"/orders/{other}/cancellation/preview"
    said = modest.call("POST", path, {"reason": "no_inventory"}).json()
    assert "released" not in said
    assert [one["code"] for one in said["questions"]] == ["forbidden"]


def test_nobody_has_asked_is_404(shop: Shop) -> None:
    answer = shop.program.call("GET", f"/orders/{shop.order()}/cancellation-request")
    assert problem(answer, 404)["code"] == "not_found"


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("cancellation", {"reason": "no_inventory", "items": []}, "items"),
        ("cancellation", {"reason": "NoInventory"}, "reason"),
        ("cancellation", {"reason": "no_inventory", "items": NONE_OF_IT}, "items[0].quantity"),
        ("cancellation-request", {}, "reason"),
        ("cancellation-request", {"reason": "other", "words": "x" * 501}, "words"),
        ("cancellation-request/decline", {"cause": "mood"}, "cause"),
        ("marketplace-cancellation", {"reason": "other"}, "reason"),
    ],
)  # fmt: skip
def test_a_body_that_will_not_do_is_named(shop: Shop, path: str, body: Any, place: str) -> None:
    answer = shop.program.call("POST", f"/orders/{shop.order()}/{path}", body, key="x")
    assert problem(answer, 400)["facts"]["place"] == place


def test_an_item_twice_is_refused(shop: Shop) -> None:
    twice = [{"itemNumber": ITEM, "quantity": 1}] * 2
    said = problem(shop.cancel(shop.order(), "no_inventory", items=twice), 422)
    assert (said["code"], said["facts"]["place"]) == ("duplicate_request", "items[1].itemNumber")


def test_the_rate_is_told_with_what_counts_in_it(shop: Shop) -> None:
    first, second = shop.order(), shop.order()
    shop.later(minutes=10)
    shop.cancel(first, "no_inventory", acceptsLimit=True)

    def told(query: str = f"?marketplaceId={US}") -> list[dict[str, Any]]:
        answer = shop.program.call("GET", f"/cancellation-rate{query}")
        jsonschema.validate(answer.json(), schema_of(shop.described, "getCancellationRate", "200"))
        return list(answer.json()["rates"])

    (now,) = told()
    assert [now["rate"][name] for name in ("counted", "base", "basisPoints", "standing")] == [
        1,
        2,
        5000,
        "at_risk",
    ]
    assert now["bases"] == {"strict": 2, "official": 2}
    (one,) = now["countedOrders"]
    assert (one["orderNumber"], one["why"], one["cancelledAt"]) == (
        first,
        "seller_reason",
        "2026-03-02T18:10:00Z",
    )
    assert (one["leavesAt"], now["more"]) == ("2026-03-09T18:00:00Z", False)
    assert second not in str(now)
    (before,) = told(f"?marketplaceId={US}&at=2026-03-02T18:09:59Z")
    assert (before["rate"]["counted"], before["countedOrders"]) == (0, [])
    assert {place["rate"]["marketplaceId"] for place in told("")} == {US, "A1VC38T7YXB528"}
    for query, code, status in (
        ("?marketplaceId=A2EUQ1WTGCTBG2", "not_participating", 422),
        ("?at=2027-01-01T00:00:00Z", "invalid_value", 422),
        ("?at=soon", "malformed", 400),
        ("?place=x", "malformed", 400),
    ):
        assert problem(shop.program.call("GET", f"/cancellation-rate{query}"), status)["code"] == code
