"""Builders of returns for tests of pages, made of commands."""

import random
from datetime import datetime, timedelta
from typing import Any

from tests import build
from tests.build import PLACED, an_actor, change, everything

from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import (
    Authorize,
    Inspect,
    Receive,
    authorize_returns,
    grade_returns,
    receive_returns,
)
from sellerdesk.domain.actors import Party
from sellerdesk.domain.return_facts import Grade, ReturnReason
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.models.sql import run
from sellerdesk.models.tenancy import scoped

ASKED = PLACED + timedelta(days=1, hours=20)
WAREHOUSE = {"name": "Lantern & Loom", "line1": "5 Dock Street", "city": "Reno", "country": "US"}
_numbers = random.Random(11)


def setting(seller: int, automatic: str = "manual", *, address: bool = True) -> None:
    """What the seller has set for the United States."""
    place = '{"name": "Lantern & Loom", "line1": "5 Dock Street", "city": "Reno", "country": "US"}'
    with scoped(seller):
        run(
            "INSERT INTO return_settings (seller_id, marketplace_id, automatic, address, instructions)"
            " VALUES (%s, 'ATVPDKIKX0DER', %s, %s::jsonb, 'Use the box it came in.')",
            [seller, automatic, place if address else "{}"],
        )


def a_delivered_order(seller: int, **said: Any) -> str:
    """An order that is with its buyer."""
    delivered = said.pop("delivered_at", PLACED + timedelta(days=1, hours=12))
    number = build.a_shipped_order(seller, shipped_at=PLACED + timedelta(hours=2), **said)
    change(
        "UPDATE packages p SET status = 'DELIVERED', delivered_at = %s FROM orders o"
        " WHERE o.id = p.order_id AND o.order_number = %s",
        [delivered, number],
    )
    return number


def items(number: str) -> list[str]:
    """The item numbers of an order."""
    found = everything(
        "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.order_number = %s"
        " ORDER BY i.position",
        [number],
    )
    return [row[0] for row in found]


def asked(
    seller: int, number: str = "", *, at: datetime = ASKED, units: int = 2, **said: Any
) -> tuple[str, str]:
    """A buyer asks to return; answers order number and RMA."""
    number = number or a_delivered_order(seller)
    request = ReturnAsked(
        number,
        said.pop("reason", ReturnReason.TOO_SMALL),
        dict.fromkeys(items(number)[:1], units),
        said.pop("comment", "It is too small for my room."),
        **said,
    )
    buyer = an_actor(seller, party=Party.BUYER)
    [outcome] = build.all_well(request_returns(buyer, [request], now=at, randomness=_numbers))
    return number, str(outcome.facts["rma"])


def authorized(seller: int, number: str, rma: str, *, at: datetime = ASKED, **said: Any) -> None:
    step = Authorize(number, rma, address=WAREHOUSE, **said)
    build.all_well(authorize_returns(an_actor(seller), [step], now=at))


def received(seller: int, number: str, rma: str, *, at: datetime = ASKED, **said: Any) -> None:
    build.all_well(receive_returns(an_actor(seller), [Receive(number, rma, **said)], now=at))


def graded(seller: int, number: str, rma: str, grade: Grade = Grade.REPACK, *, at: datetime = ASKED) -> None:
    grades = dict.fromkeys(items(number)[:1], grade)
    build.all_well(grade_returns(an_actor(seller), [Inspect(number, rma, grades=grades)], now=at))
