"""A small world for the tests of the SP-API door: sellers, programs and orders, made by commands."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sellerdesk.commands.orders import place_orders
from sellerdesk.commands.payments import report_payments
from sellerdesk.commands.shipments import ship_warehouse_orders
from sellerdesk.commands.terms import seed_policies
from sellerdesk.domain.actors import Actor, Door, Party, Permission
from sellerdesk.domain.identifiers import new_order_number, new_seller_id
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.orders import (
    Address,
    Buyer,
    Channel,
    Component,
    ItemDocument,
    OrderDocument,
    PaymentState,
)
from sellerdesk.domain.payments import PaymentReport
from sellerdesk.domain.policy_seed import seed_rows
from sellerdesk.domain.shipments import PackageRequest, ShipmentRequest
from sellerdesk.models.accounts import ApiClient, Participation, Seller
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
US = "ATVPDKIKX0DER"
_numbers = random.Random(404)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Program:
    """A program's credentials in clear text, and whose it is."""

    id: int
    seller_id: int
    client_id: str
    secret: str
    refresh_token: str


def a_seller(name: str = "Lantern", *, countries: Sequence[str] = ("US", "JP")) -> int:
    if not rows("SELECT 1 FROM policies LIMIT 1"):
        seed_policies(seed_rows())
    seller = Seller.objects.create(
        public_id=new_seller_id(_numbers), name=name, created_at=NOW - timedelta(days=400)
    )
    with scoped(seller.id):
        Participation.objects.bulk_create(
            Participation(seller=seller, marketplace_id=by_country(one).id, store_name=f"{name} Store")
            for one in countries
        )
    return seller.id


def a_program(
    seller_id: int, *, permissions: Sequence[Permission] = tuple(Permission), name: str = "Stock robot"
) -> Program:
    mark = f"{_numbers.randrange(10**12):012d}"
    client_id, secret, refresh = f"amzn1.application-oa2-client.{mark}", f"secret-{mark}", f"Atzr|{mark}"
    made = ApiClient.objects.create(
        seller_id=seller_id,
        name=name,
        client_id=client_id,
        secret_hash=digest(secret),
        refresh_hash=digest(refresh),
        mws_access_key=mark,
        mws_secret_key="m",
        scopes=[one.value for one in permissions],
        created_at=NOW - timedelta(days=10),
    )
    return Program(made.id, seller_id, client_id, secret, refresh)


def an_actor(seller_id: int) -> Actor:
    return Actor(Party.SELLER, "Test", Door.CLI, seller_id)


def an_item(*, ordered: int = 3, price: int = 1999, sku: str = "SKU-1") -> ItemDocument:
    amounts = {Component.PRINCIPAL: price * ordered, Component.TAX: 160 * ordered, Component.SHIPPING: 499}
    return ItemDocument("", sku, "Paper lantern", ordered, asin="B000000001", amounts=amounts)


def a_document(*, country: str = "US", at: datetime = NOW - timedelta(days=1), **more: Any) -> OrderDocument:
    place = by_country(country)
    given: dict[str, Any] = {
        "order_number": new_order_number(_numbers),
        "items": (an_item(), an_item(ordered=1, price=500, sku="SKU-2")),
        "buyer": Buyer(name="Ada Quill", email="ada.quill@buyer.example", phone="+1 206 555 0100"),
        "address": Address(
            name="Ada Quill", line1="1 Canary Row", city="Tacoma", state="WA", postal_code="98402", country="US",
            phone="+1 206 555 0100",
        ),
    }  # fmt: skip
    return OrderDocument(marketplace_id=place.id, placed_at=at, currency=place.currency, **given | more)


def placed(seller_id: int, documents: Sequence[OrderDocument], *, now: datetime | None = None) -> list[str]:
    outcomes = place_orders(
        an_actor(seller_id), documents, now=now or NOW - timedelta(days=1), randomness=_numbers
    )
    assert all(one.accepted for one in outcomes), [one.refusal for one in outcomes]
    return [one.order_number for one in outcomes]


def paid(seller_id: int, documents: Sequence[OrderDocument], *, now: datetime | None = None) -> list[str]:
    moment = now or NOW - timedelta(hours=20)
    numbers = placed(seller_id, documents, now=moment)
    reports = [PaymentReport(number, PaymentState.AUTHORIZED, at=moment) for number in numbers]
    outcomes = report_payments(an_actor(seller_id), reports, now=moment)
    assert all(one.accepted for one in outcomes), [one.refusal for one in outcomes]
    return numbers


def a_warehouse_order(seller_id: int) -> str:
    """Paid; the warehouse has not shipped it yet."""
    (number,) = paid(seller_id, [a_document(channel=Channel.AFN)])
    return number


def shipped_by_the_warehouse(seller_id: int) -> str:
    number = a_warehouse_order(seller_id)
    package = PackageRequest("AMZN_US", "TBA1", NOW - timedelta(hours=2))
    (outcome,) = ship_warehouse_orders(an_actor(seller_id), [ShipmentRequest(number, (package,))], now=NOW)
    assert outcome.accepted, outcome.refusal
    return number
