"""What the workloads stand on: a seller with many orders, fresh orders to ship, a program's token, raw connections."""

import json
import random
import secrets
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
from django.db import connections

from sellerdesk.commands.accounts import create_client, create_seller, create_user
from sellerdesk.commands.orders import place_orders
from sellerdesk.commands.payments import report_payments
from sellerdesk.demo.buyers import contact
from sellerdesk.demo.people import administrator
from sellerdesk.domain.actors import Actor, Door, Party, Role
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.orders import Component, ItemDocument, OrderDocument, PaymentState
from sellerdesk.domain.payments import PaymentReport

US = by_country("US").id
PASSWORD = "bench-password-1"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Fresh:
    """An order that is ready to ship: its number and the number of its only line, of two units."""

    order_number: str
    item_number: str


def now() -> datetime:
    return datetime.now(UTC)


def storefront(seller_id: int) -> Actor:
    return Actor(Party.AMAZON, "bench", Door.API, seller_id)


def new_seller(name: str) -> int:
    return create_seller(administrator(None), name, ["US"], now=now(), randomness=random.SystemRandom()).id


def new_login(seller_id: int) -> str:
    """Somebody who may sign in for the seller; answers the e-mail address."""
    email = f"bench{seller_id}-{secrets.token_hex(3)}@bench.example"
    create_user(administrator(seller_id), email, PASSWORD, memberships=[(seller_id, Role.OWNER)], now=now())
    return email


def access_token(base: str, seller_id: int) -> str:
    """A token as a program gets it."""
    made = create_client(administrator(seller_id), "bench", now=now(), randomness=random.SystemRandom())
    form = {
        "grant_type": "refresh_token",
        "refresh_token": made.refresh_token,
        "client_id": made.client_id,
        "client_secret": made.client_secret,
    }
    request = urllib.request.Request(f"{base}/auth/o2/token", urllib.parse.urlencode(form).encode())
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["access_token"])


def fresh_orders(seller_id: int, count: int, *, ship_by: datetime | None = None) -> list[Fresh]:
    """Place and pay so many orders through the commands."""
    source = random.Random(count)
    randomness = random.SystemRandom()
    made: list[Fresh] = []
    actor = storefront(seller_id)
    while len(made) < count:
        placed_at = (ship_by or now()) - timedelta(days=1)
        documents = [_document(source, placed_at, ship_by) for _ in range(min(_BATCH, count - len(made)))]
        outcomes = place_orders(actor, documents, now=now(), randomness=randomness)
        numbers = [outcome.order_number for outcome in outcomes if outcome.accepted]
        reports = [PaymentReport(number, PaymentState.AUTHORIZED) for number in numbers]
        report_payments(actor, reports, now=now())
        made += [
            Fresh(outcome.order_number, (document.items or ())[0].item_number)
            for outcome, document in zip(outcomes, documents, strict=True)
            if outcome.accepted
        ]
    return made


def _document(source: random.Random, placed_at: datetime, ship_by: datetime | None) -> OrderDocument:
    buyer, address = contact(source, "US")
    number = str(random.SystemRandom().randrange(10**13, 10**14))
    item = ItemDocument(
        number,
        "BENCH-1",
        "Article of the bench",
        2,
        asin="B0BENCH001",
        condition="New",
        amounts={Component.PRINCIPAL: 3998, Component.TAX: 330, Component.SHIPPING: 499},
    )
    return OrderDocument(
        "", US, placed_at, "USD", (item,), latest_ship_at=ship_by, buyer=buyer, address=address
    )


def raw_dsn() -> str:
    """How a bare program connects: the same role, the same server, the same durability."""
    given = connections["default"].settings_dict
    return psycopg.conninfo.make_conninfo(
        "",
        host=given["HOST"],
        port=given["PORT"],
        user=given["USER"],
        password=given.get("PASSWORD") or None,
        dbname=given["NAME"],
        options="-c role=sellerdesk_app -c sellerdesk.seller=0 -c TimeZone=UTC",
    )


def raw(*, autocommit: bool = False) -> psycopg.Connection:
    return psycopg.connect(raw_dsn(), autocommit=autocommit)
