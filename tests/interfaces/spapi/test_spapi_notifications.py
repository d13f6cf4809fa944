"""Notifications v1: destinations, subscriptions, and what arrives (spapi 8)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from jsonschema import Draft7Validator
from standardwebhooks import Webhook
from tests import build
from tests.contracts.models import violations
from tests.flows.webhooks.world import KeptWeb, hand_over, happen
from tests.interfaces.spapi.conftest import Caller, Clock
from tests.interfaces.spapi.world import NOW, US, Program, a_document, a_program, a_seller, paid, placed

from sellerdesk.config import clock

pytestmark = pytest.mark.usefixtures("committed", "plenty")
SCHEMA = Path(__file__).parents[2] / "data" / "spapi" / "schemas" / "OrderChangeNotification.json"
BASE = "/notifications/v1"
WISHES, TYPE = f"{BASE}/subscriptions", f"{BASE}/subscriptions/ORDER_CHANGE"
ARN = "arn:aws:sqs:webhook:sellerdesk:https://hook.example/spapi"
SCOPE = "sellingpartnerapi::notifications"


@contextmanager
def moment(at: Any) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: at)
        yield


def _members(answer: dict[str, Any]) -> dict[str, Any]:
    payload = answer.get("payload")
    return payload if isinstance(payload, dict) else {}


class Desk:
    """A program with both of its tokens; every answer is checked against the model."""

    def __init__(self, call: Caller, program: Program) -> None:
        self.call, self.program = call, program
        self.token = call.token(program)
        asked = {
            "grant_type": "client_credentials",
            "scope": SCOPE,
            "client_id": program.client_id,
            "client_secret": program.secret,
        }
        self.grantless = json.loads(call.send("POST", "/auth/o2/token", body=asked).content)["access_token"]

    def ask(
        self,
        method: str,
        path: str,
        template: str,
        body: Any = None,
        *,
        grantless: bool = False,
        query: str = "",
    ) -> tuple[int, Any]:
        token = self.grantless if grantless else self.token
        answer: HttpResponse = self.call.send(method, path, token, body=body, query=query)
        said = json.loads(answer.content)
        if "webhook" not in json.dumps(said.get("payload", {})).replace("aws:sqs:webhook", ""):
            plain = json.loads(answer.content)
            # The model composes filters with allOf, of which no part knows the members of the others.
            _members(plain).get("processingDirective", {}).pop("eventFilter", None)
            for one in _members(plain).get("subscriptions", ()):
                one.get("processingDirective", {}).pop("eventFilter", None)
            assert violations("notifications", template, method, answer.status_code, plain) == []
        return answer.status_code, said

    def destination(self, name: str = "Queue", resource: Any = None) -> tuple[int, Any]:
        body = {"name": name, "resourceSpecification": resource or {"sqs": {"arn": ARN}}}
        template = f"{BASE}/destinations"
        return self.ask("POST", template, template, body, grantless=True)

    def subscribe(self, destination: str, **more: Any) -> tuple[int, Any]:
        body = {"payloadVersion": "1.0", "destinationId": destination, **more}
        return self.ask("POST", TYPE, WISHES + "/{notificationType}", body)


@pytest.fixture
def desk(call: Caller, time: Clock) -> Desk:
    return Desk(call, a_program(a_seller()))


def ready(desk: Desk, **more: Any) -> str:
    """A destination and a subscription to it; answers the destination's id."""
    made: str = desk.destination()[1]["payload"]["destinationId"]
    assert desk.subscribe(made, **more)[0] == 200
    build.change(
        "UPDATE receivers SET created_at = created_at - interval '9 days'"
    )  # before the world's orders
    return made


def notified(seller: int, web: KeptWeb | None = None) -> list[dict[str, Any]]:
    kept = web or KeptWeb()
    hand_over(NOW, kept)
    for body in kept.bodies:
        assert list(Draft7Validator(json.loads(SCHEMA.read_text())).iter_errors(body)) == []
    return kept.bodies


def test_a_destination_lives(desk: Desk) -> None:
    status, made = desk.destination()
    assert status == 200
    one = made["payload"]
    assert one["resource"] == {"sqs": {"arn": ARN}}
    path, template = f"{BASE}/destinations/{one['destinationId']}", BASE + "/destinations/{destinationId}"
    assert desk.ask("GET", path, template, grantless=True)[1]["payload"] == one
    assert desk.ask("GET", f"{BASE}/destinations", f"{BASE}/destinations", grantless=True)[1]["payload"] == [
        one
    ]
    assert desk.destination()[0] == 409  # the name
    assert desk.ask("DELETE", path, template, grantless=True) == (200, {})
    status, said = desk.ask("GET", path, template, grantless=True)
    assert (status, said["errors"][0]["code"]) == (404, "NotFound")


@pytest.mark.parametrize(
    "resource",
    [
        {"sqs": {"arn": "arn:aws:sqs:us-east-2:444455556666:queue1"}},
        {"sqs": {"arn": "arn:aws:sqs:webhook:sellerdesk:http://127.0.0.1/"}},
        {"sqs": {"arn": "arn:aws:sqs:webhook:sellerdesk:https://a@b.example/"}},
        {"sqs": {"arn": 7}},
        {"sqs": {}},
        {"eventBridge": {"region": "us-east-1", "accountId": "1"}},
        {"webhook": {"url": "http://169.254.169.254/"}},
        {"webhook": {}},
        {"webhook": {"url": "https://a.example/"}, "sqs": {"arn": ARN}},
        {},
        "x",
    ],
)
def test_a_destination_that_cannot_be(desk: Desk, resource: Any) -> None:
    body = {"name": "Q", "resourceSpecification": resource}
    answer = desk.call.send("POST", f"{BASE}/destinations", desk.grantless, body=body)
    assert answer.status_code == 400
    assert json.loads(answer.content)["errors"][0]["code"] == "InvalidInput"


def test_the_secret_of_a_webhook_is_told_once_and_signs(call: Caller, time: Clock) -> None:
    from datetime import UTC, datetime

    time.now = datetime.now(UTC)  # noqa: TID251  (the library compares with the real clock)
    desk = Desk(call, a_program(a_seller()))
    _, made = desk.destination(resource={"webhook": {"url": "https://hook.example/x"}})
    secret = made["payload"]["resource"]["webhook"]["secret"]
    identity = made["payload"]["destinationId"]
    assert secret.startswith("whsec_")
    desk.subscribe(identity)
    again = desk.call.get(f"{BASE}/destinations/{identity}", desk.grantless)
    assert secret.encode() not in again.content
    template = WISHES + "/{notificationType}/testNotification"
    body = {"destinationId": identity, "testNotification": {"payloadVersion": "1.0"}}
    assert desk.ask("POST", f"{TYPE}/testNotification", template, body, grantless=True) == (200, {})
    web = KeptWeb()
    hand_over(time.now, web)
    ((url, sent, headers),) = web.sent
    assert url == "https://hook.example/x"
    Webhook(secret).verify(sent, headers)
    assert list(Draft7Validator(json.loads(SCHEMA.read_text())).iter_errors(json.loads(sent))) == []


def test_which_token_opens_what(desk: Desk) -> None:
    """Grantless operations want the program's own token, the others a seller's."""
    for method, path, right, wrong in (
        ("GET", f"{BASE}/destinations", desk.grantless, desk.token),
        ("POST", f"{TYPE}/testNotification", desk.grantless, desk.token),
        ("GET", TYPE, desk.token, desk.grantless),
        ("GET", "/orders/v0/orders", desk.token, desk.grantless),
    ):
        assert desk.call.send(method, path, wrong).status_code == 403
        assert desk.call.send(method, path, right).status_code != 403
    for token in (desk.grantless, desk.token):  # clients send either
        assert desk.call.get(f"{TYPE}/x", token).status_code == 404
    asked = {"grant_type": "client_credentials", "scope": "sellingpartnerapi::migration",
             "client_id": desk.program.client_id, "client_secret": desk.program.secret}  # fmt: skip
    other = json.loads(desk.call.send("POST", "/auth/o2/token", body=asked).content)["access_token"]
    assert desk.call.send("GET", f"{BASE}/destinations", other).status_code == 403


def test_grantless_operations_have_buckets_too(desk: Desk, settings: Any) -> None:
    settings.RATE_LIMIT_SCALE = 1
    codes = [desk.call.get(f"{BASE}/destinations", desk.grantless).status_code for _ in range(7)]
    assert codes == [200] * 5 + [429] * 2


def test_a_subscription_lives(desk: Desk) -> None:
    template = WISHES + "/{notificationType}"
    status, said = desk.ask("GET", TYPE, template)
    assert status == 404
    assert "Subscription doesn't exist for notification type" in said["errors"][0]["details"]
    destination = desk.destination()[1]["payload"]["destinationId"]
    directive = {
        "eventFilter": {"eventFilterType": "ORDER_CHANGE", "orderChangeTypes": ["BuyerRequestedChange"]}
    }
    status, said = desk.subscribe(destination, processingDirective=directive)
    one = said["payload"]
    assert (status, one["destinationId"], one["processingDirective"]) == (200, destination, directive)
    assert desk.ask("GET", TYPE, template)[1]["payload"] == one
    assert desk.ask("GET", TYPE, template, query="payloadVersion=9.9")[0] == 404
    by_id, path = template + "/{subscriptionId}", f"{TYPE}/{one['subscriptionId']}"
    assert desk.ask("GET", path, by_id, grantless=True)[1]["payload"] == one
    listed = desk.ask("GET", WISHES, WISHES, query="notificationTypes=ORDER_CHANGE&pageSize=30")[1]
    assert listed["payload"] == {"subscriptions": [one]}
    assert desk.subscribe(destination)[0] == 409
    whose = f"{BASE}/destinations/{destination}"
    assert desk.ask("DELETE", whose, BASE + "/destinations/{destinationId}", grantless=True)[0] == 409
    assert desk.ask("DELETE", path, by_id, grantless=True) == (200, {})
    assert desk.ask("GET", path, by_id, grantless=True)[0] == 404
    assert build.everything("SELECT 1 FROM receivers") == []


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        ("ANY_OFFER_CHANGED", {}),
        ("FEED_PROCESSING_FINISHED", {}),
        ("nonsense", {}),
        ("ORDER_CHANGE", {"payloadVersion": "2.0"}),
        ("ORDER_CHANGE", {"payloadVersion": None}),
        ("ORDER_CHANGE", {"destinationId": None}),
        ("ORDER_CHANGE", {"processingDirective": {"filterExpression": "x"}}),
        ("ORDER_CHANGE", {"processingDirective": {"eventFilter": {"eventFilterType": "ANY_OFFER_CHANGED"}}}),
        (
            "ORDER_CHANGE",
            {"processingDirective": {"eventFilter": {"orderChangeTypes": ["OrderStatusChange"]}}},
        ),
        (
            "ORDER_CHANGE",
            {
                "processingDirective": {
                    "eventFilter": {"eventFilterType": "ORDER_CHANGE", "orderChangeTypes": ["x"]}
                }
            },
        ),
        ("ORDER_CHANGE", {"processingDirective": {"eventFilter": "x"}}),
    ],
)
def test_a_subscription_that_cannot_be(desk: Desk, type_: str, body: dict[str, Any]) -> None:
    destination = desk.destination()[1]["payload"]["destinationId"]
    given = {"payloadVersion": "1.0", "destinationId": destination, **body}
    path = f"{WISHES}/{type_}"
    status, said = desk.ask("POST", path, WISHES + "/{notificationType}", given)
    assert status == 400
    assert said["errors"][0]["code"] == "InvalidInput"
    assert build.everything("SELECT 1 FROM spapi_subscriptions") == []


def test_an_unknown_destination_is_not_subscribed_to(desk: Desk) -> None:
    assert desk.subscribe("nobody")[0] == 404


def test_another_program_reaches_nothing(desk: Desk, call: Caller) -> None:
    destination = ready(desk)
    other = Desk(call, a_program(desk.program.seller_id, name="Other"))
    assert other.subscribe(destination)[0] == 404
    assert other.ask("GET", TYPE, WISHES + "/{notificationType}")[0] == 404
    path = f"{BASE}/destinations/{destination}"
    assert other.ask("DELETE", path, BASE + "/destinations/{destinationId}", grantless=True)[0] == 404


# --- What arrives ----------------------------------------------------------------------------------------------------


def test_a_buyers_request_arrives_in_the_published_shape(desk: Desk) -> None:
    ready(desk)
    seller = desk.program.seller_id
    (number,) = paid(seller, [a_document()])
    build.change("UPDATE orders SET cancel_requested_at = %s", [NOW])
    build.change("UPDATE order_items SET cancel_requested_at = %s", [NOW])
    happen(seller, "cancellation_requested", {"status": "Unshipped"}, order=number)
    web = KeptWeb()
    found = [
        body["Payload"]["OrderChangeNotification"] | {"meta": body["NotificationMetadata"]}
        for body in notified(seller, web)
    ]
    asked = next(one for one in found if one["OrderChangeType"] == "BuyerRequestedChange")
    assert asked["AmazonOrderId"] == number
    assert asked["OrderChangeTrigger"]["ChangeReason"] == "Buyer Requested Cancel"
    summary = asked["Summary"]
    assert summary["OrderItems"][0]["IsBuyerRequestedCancel"] is True
    assert summary["CancelNotifyDate"] == "2026-03-04T15:00:00Z"
    assert (summary["OrderStatus"], summary["NumberOfItemsShipped"]) == ("Unshipped", 0)
    assert summary["NumberOfItemsUnshipped"] == sum(item["Quantity"] for item in summary["OrderItems"])
    assert asked["meta"]["ApplicationId"] == desk.program.client_id
    assert {one["meta"]["NotificationId"] for one in found} == set(web.ids)
    assert "Quill" not in json.dumps(found)


def test_the_status_is_the_one_that_the_change_led_to(desk: Desk) -> None:
    ready(desk)
    seller = desk.program.seller_id
    placed(seller, [a_document()])
    paid(seller, [a_document()])
    statuses = [
        one["Payload"]["OrderChangeNotification"]["Summary"]["OrderStatus"] for one in notified(seller)
    ]
    assert statuses.count("Unshipped") >= 1
    assert len(statuses) == 3


def test_the_filter_is_honoured(desk: Desk) -> None:
    chosen = {
        "eventFilterType": "ORDER_CHANGE",
        "orderChangeTypes": ["BuyerRequestedChange"],
        "marketplaceIds": [US],
    }
    ready(desk, processingDirective={"eventFilter": chosen})
    seller = desk.program.seller_id
    here, there = paid(seller, [a_document(), a_document(country="JP")])
    for number in (here, there):
        happen(seller, "cancellation_requested", order=number)
    told = [one["Payload"]["OrderChangeNotification"] for one in notified(seller)]
    assert [(one["AmazonOrderId"], one["OrderChangeType"]) for one in told] == [
        (here, "BuyerRequestedChange")
    ]
