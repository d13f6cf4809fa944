"""One buyer, two ways (S3): a request filed in the account, and the same wish that only stands in a message.

Everybody's own doors are used: the portal for the buyer, the console for the seller, unmodified client libraries for
the seller's programs, a receiver for webhooks and notifications.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from sp_api.api import Notifications, Orders, OrdersV20260101
from tests import build
from tests.clients.conftest import base_url  # noqa: F401  (a fixture)
from tests.clients.test_python_amazon_sp_api import credentials  # noqa: F401  (a fixture)
from tests.flows.webhooks.world import KeptWeb, a_webhook, hand_over
from tests.interfaces.portal.conftest import entered, form_of, order_url
from tests.interfaces.spapi.world import US, a_program
from tests.interfaces.web.test_cancel_pages import form_of as cancel_form_of

from sellerdesk.adapters.mail.base import Letter
from sellerdesk.config import clock
from sellerdesk.models.accounts import Membership, User
from sellerdesk.models.rates import read_rates
from sellerdesk.models.tenancy import scoped

pytestmark = pytest.mark.filterwarnings("default")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WORDS = "I found one at home, sorry!"
BANNER = "The buyer has requested to cancel this order."


ARN = "arn:aws:sqs:webhook:sellerdesk:https://hook.example/changes"


def a_member(seller: int) -> User:
    """The owner of a seller."""
    user = User.objects.create_user("li.wei@lantern.example", date_joined=build.PLACED, name="Li Wei")
    Membership.objects.create(seller_id=seller, user=user, role="owner")
    return user


class World:
    """A seller with a hundred orders of this week, one buyer with two of them, and the clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = build.PLACED + 30 * HOUR
        monkeypatch.setattr(clock, "now", lambda: self.now)
        self.seller = build.a_seller(email="seller@lantern.example")
        build.paid_orders(self.seller, [build.a_document(at=build.PLACED + HOUR) for _ in range(98)])
        self.filed, self.said = (
            build.a_paid_order(self.seller, at=build.PLACED + 24 * HOUR) for _ in range(2)
        )
        self.owner = Client()
        self.owner.force_login(a_member(self.seller))
        self.mails()  # what was owed before

    def mails(self) -> list[Letter]:
        """What has been mailed since the last look."""
        letters, _ = build.mails(self.now)
        return letters

    def rate(self) -> tuple[int, int]:
        with scoped(self.seller):
            rate = read_rates(self.seller, [US], self.now)[US]
        return rate.counted, rate.base

    def page(self, path: str) -> str:
        return str(self.owner.get(path).content.decode())


@pytest.fixture
def world(base_url: str, monkeypatch: pytest.MonkeyPatch) -> World:  # noqa: F811
    return World(monkeypatch)


def file_in_account(world: World, buyer: Client, number: str) -> None:
    """My account → My orders → Request cancellation."""
    url = f"{order_url(world.seller, number)}cancel/"
    form = form_of(buyer.get(url).content.decode())
    (item,) = build.everything(
        "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.order_number = %s",
        [number],
    )[0]
    answer = buyer.post(url, form | {f"q-{item}": "2", "reason": "not_needed", "words": WORDS})
    assert answer.headers["Location"].endswith("?done=requested"), answer.content.decode()


def hear(world: World) -> list[dict[str, Any]]:
    """What the receiver outside got since the last look."""
    web = KeptWeb()
    hand_over(world.now, web)
    return web.bodies


def polled(credentials: Any, since: datetime) -> list[str]:  # noqa: F811
    """The numbers of a poll for changed orders, by a client that nobody has changed."""
    found = Orders(**credentials).get_orders(LastUpdatedAfter=since.isoformat(), MarketplaceIds=[US])
    return [order["AmazonOrderId"] for order in found.payload["Orders"]]


def test_filed_in_the_account(world: World, credentials: Any) -> None:  # noqa: F811
    access = credentials(a_program(world.seller))
    a_webhook(world.seller, at=world.now)
    notifications = Notifications(**access)
    made = notifications.create_destination("mine", arn=ARN).payload["destinationId"]
    notifications.create_subscription("ORDER_CHANGE", destination_id=made)
    world.now += 10 * MINUTE
    before, rate = world.now, world.rate()
    buyer = entered()
    world.mails()

    file_in_account(world, buyer, world.filed)

    letters = world.mails()
    assert [letter.to for letter in letters] == [("seller@lantern.example",)]  # S3-13
    assert world.filed in letters[0].text
    listed = world.page("/desk/orders/?wish=requested")
    assert BANNER in listed  # S3-14
    assert world.said not in listed
    assert WORDS in world.page(f"/desk/orders/{world.filed}/")
    told = hear(world)
    assert [one["type"] for one in told if "type" in one and world.filed in str(one)] == [
        "order.cancellation_requested"
    ]
    (notified,) = [one["Payload"]["OrderChangeNotification"] for one in told if "Payload" in one]
    assert (notified["AmazonOrderId"], notified["OrderChangeType"]) == (world.filed, "BuyerRequestedChange")
    assert notified["Summary"]["OrderItems"][0]["IsBuyerRequestedCancel"] is True  # a boolean here
    assert WORDS not in str(told)
    assert world.filed in world.page("/desk/notifications/")

    world.now += 10 * MINUTE
    assert polled(access, before - MINUTE) == [world.filed]
    (line,) = Orders(**access).get_order_items(world.filed).payload["OrderItems"]
    assert line["BuyerRequestedCancel"] == {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": WORDS}
    order = OrdersV20260101(**access).get_order(world.filed, includedData="CANCELLATION").payload["order"]
    request = order["orderItems"][0]["cancellation"]["cancellationRequest"]
    assert request == {"requester": "BUYER", "cancelReason": WORDS}

    # [Review] in the list, [Cancel order] in the dialog: nothing has to be chosen.
    world.now += 10 * MINUTE
    assert f"/desk/orders/{world.filed}/cancel/" in listed
    dialog = world.page(f"/desk/orders/{world.filed}/cancel/")
    assert "Does not count in your cancellation rate" in dialog
    form = cancel_form_of(dialog)
    done = world.owner.post(f"/desk/orders/{world.filed}/cancel/", form, follow=True).content.decode()
    assert "It does not count in your cancellation rate." in done
    to = sorted(letter.to[0] for letter in world.mails())
    assert to == ["ada.quill@buyer.example", "seller@lantern.example"]  # S3-26
    assert world.rate() == (rate[0], rate[1] - 1)
    assert world.rate()[0] == 0


def test_said_in_a_message_first(world: World, credentials: Any) -> None:  # noqa: F811
    access = credentials(a_program(world.seller))
    before = world.now
    buyer = entered()
    url = f"{order_url(world.seller, world.said)}messages/"
    form = form_of(buyer.get(url).content.decode())
    assert buyer.post(url, form | {"text": "Please cancel my order."}).status_code == 302
    world.now += 10 * MINUTE

    # No flag anywhere.
    assert BANNER not in world.page(f"/desk/orders/{world.said}/")
    (line,) = Orders(**access).get_order_items(world.said).payload["OrderItems"]
    assert line["BuyerRequestedCancel"]["IsBuyerRequestedCancel"] == "false"
    assert polled(access, before) == []
    # The dialog says that it would count, and what the rate would become.
    form = cancel_form_of(world.page(f"/desk/orders/{world.said}/cancel/")) | {"reason": "buyer_cancelled"}
    panel = world.owner.post(f"/desk/orders/{world.said}/cancel/preview/", form).content.decode()
    assert "Counts in your cancellation rate" in panel
    assert "0/100" in panel
    assert "1/100" in panel
    # One click answers the buyer with the way to file it (S3-28).
    guided = world.owner.post(
        f"/desk/orders/{world.said}/cancel/guide/", form | {"guide": "cancel_guidance"}, follow=True
    )
    assert guided.status_code == 200
    letter = next(one for one in world.mails() if one.to == ("ada.quill@buyer.example",))
    assert "Request cancellation" in letter.text

    world.now += 10 * MINUTE
    file_in_account(world, buyer, world.said)
    form = cancel_form_of(world.page(f"/desk/orders/{world.said}/cancel/"))
    assert form["reason"] == "buyer_cancelled"
    done = world.owner.post(f"/desk/orders/{world.said}/cancel/", form, follow=True).content.decode()
    assert "It does not count in your cancellation rate." in done
    assert world.rate() == (0, 99)
