"""Builders of sellers and orders for tests, made of commands: what they leave behind is what life leaves behind.

They commit, so the test needs the fixture `committed`. Every moment is an argument or follows from `PLACED`; numbers
come from one seeded source, so that a run can be repeated.
"""

import random
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from tests.conftest import owner_connection

from sellerdesk.adapters.calendars.holidays_library import SOURCE, public_holidays
from sellerdesk.adapters.mail.base import Letter, Post
from sellerdesk.commands.orders import place_orders
from sellerdesk.commands.payments import report_payments
from sellerdesk.commands.shipments import confirm_shipments, ship_warehouse_orders
from sellerdesk.commands.terms import seed_holidays, seed_policies
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.identifiers import new_order_number, new_seller_id
from sellerdesk.domain.marketplaces import MARKETPLACES, by_country
from sellerdesk.domain.orders import (
    Address,
    Buyer,
    Channel,
    Component,
    ItemDocument,
    OrderDocument,
    PaymentState,
)
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.payments import PaymentReport
from sellerdesk.domain.policy_seed import seed_rows
from sellerdesk.domain.shipments import PackageRequest, ShipmentRequest
from sellerdesk.flows.notices import MailReport, drain_journal, send_mails
from sellerdesk.flows.webhooks.deliver import read_journal
from sellerdesk.models.accounts import Participation, Seller
from sellerdesk.models.sql import rows, run
from sellerdesk.models.tenancy import scoped

PLACED = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)  # a Monday
SOON = timedelta(minutes=5)  # from placing to payment
_YEARS = range(2023, 2030)
_numbers = random.Random(20260302)


def an_actor(
    seller_id: int, *, party: Party = Party.SELLER, door: Door = Door.CLI, name: str = "Test"
) -> Actor:
    """Somebody who may do everything for one seller."""
    return Actor(party, name, door, seller_id)


def the_terms() -> None:
    """The policies and holidays that ship with the product, unless they are there."""
    if not rows("SELECT 1 FROM policies LIMIT 1"):
        seed_policies(seed_rows())
    if not rows("SELECT 1 FROM holidays LIMIT 1"):
        seed_holidays(_holidays(), source=SOURCE)


@cache
def _holidays() -> tuple[tuple[str, date, str], ...]:
    return tuple(
        (place.id, day, name)
        for place in MARKETPLACES.values()
        for day, name in public_holidays(place.country, _YEARS)
    )


def a_seller(
    name: str = "Lantern & Loom",
    *,
    countries: Sequence[str] = ("US",),
    email: str = "seller@lantern.example",
    language: str = "en",
    at: datetime = PLACED - timedelta(days=400),
) -> int:
    """A seller who takes part in the marketplaces of these countries; answers its id. Terms are seeded too."""
    the_terms()
    seller = Seller.objects.create(
        public_id=new_seller_id(_numbers), name=name, email=email, language=language, created_at=at
    )
    with scoped(seller.id):
        Participation.objects.bulk_create(
            Participation(seller=seller, marketplace_id=by_country(one).id, store_name=name)
            for one in countries
        )
    return seller.id


def an_item(
    *, ordered: int = 2, price: int = 1999, tax: int = 160, sku: str = "SKU-1", title: str = "Paper lantern"
) -> ItemDocument:
    """A line; `price` and `tax` are minor units for one piece."""
    amounts = {Component.PRINCIPAL: price * ordered, Component.TAX: tax * ordered}
    return ItemDocument(
        "", sku, title, ordered, asin="B000000001", amounts={k: v for k, v in amounts.items() if v}
    )


def a_document(
    *,
    country: str = "US",
    at: datetime = PLACED,
    items: Sequence[ItemDocument] | None = None,
    channel: Channel = Channel.MFN,
    buyer: Buyer | None = None,
    **more: Any,
) -> OrderDocument:
    """What a storefront says of a new order; every field of OrderDocument may be given."""
    place = by_country(country)
    return OrderDocument(
        order_number=more.pop("order_number", None) or new_order_number(_numbers),
        marketplace_id=place.id,
        placed_at=at,
        currency=place.currency,
        items=tuple(items if items is not None else (an_item(),)),
        channel=channel,
        buyer=buyer or Buyer(name="Ada Quill", email="ada.quill@buyer.example", phone="+1 206 555 0100"),
        address=more.pop("address", None)
        or Address(name="Ada Quill", line1="1 Canary Row", city="Tacoma", country="US"),
        **more,
    )


def all_well(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes, none of which is a refusal."""
    refusals = [(one.order_number, one.refusal) for one in outcomes if not one.accepted]
    assert not refusals, refusals
    return list(outcomes)


def placed_orders(
    seller_id: int, documents: Sequence[OrderDocument], *, now: datetime | None = None
) -> list[str]:
    """Place many; answers their numbers."""
    moment = now or max(document.placed_at for document in documents)
    outcomes = place_orders(an_actor(seller_id), documents, now=moment, randomness=_numbers)
    return [one.order_number for one in all_well(outcomes)]


def paid_orders(
    seller_id: int, documents: Sequence[OrderDocument], *, paid_at: datetime | None = None
) -> list[str]:
    """Place many and report their payment a moment later; answers their numbers."""
    numbers = placed_orders(seller_id, documents)
    moment = paid_at or max(document.placed_at for document in documents) + SOON
    reports = [PaymentReport(number, PaymentState.AUTHORIZED, at=moment) for number in numbers]
    all_well(report_payments(an_actor(seller_id), reports, now=moment))
    return numbers


def a_placed_order(seller_id: int, **said: Any) -> str:
    """An order that waits for its payment; `said` as for `a_document`. Answers its number."""
    return placed_orders(seller_id, [a_document(**said)])[0]


def a_paid_order(seller_id: int, *, paid_at: datetime | None = None, **said: Any) -> str:
    """An order that is ready to ship (Unshipped; a warehouse order stays Pending). Answers its number."""
    return paid_orders(seller_id, [a_document(**said)], paid_at=paid_at)[0]


def a_package(*, at: datetime, lines: dict[str, int] | None = None, **more: Any) -> PackageRequest:
    """A parcel with everything that is left, or with some lines."""
    tracking = more.pop("tracking", None) or f"1Z999AA1{_numbers.randrange(10**9, 10**10)}"
    return PackageRequest(more.pop("carrier_code", "UPS"), tracking, at, lines=lines, **more)


def a_shipped_order(
    seller_id: int, *, shipped_at: datetime | None = None, lines: dict[str, int] | None = None, **said: Any
) -> str:
    """An order of which everything (or `lines`: item number → quantity) was confirmed, a day after it was placed."""
    number = a_paid_order(seller_id, **said)
    ship(seller_id, number, at=shipped_at or said.get("at", PLACED) + timedelta(days=1), lines=lines)
    return number


def ship(seller_id: int, number: str, *, at: datetime, lines: dict[str, int] | None = None) -> Outcome:
    """Confirm one parcel of an order; warehouse orders are shipped by the warehouse."""
    request = ShipmentRequest(number, (a_package(at=at, lines=lines),))
    with scoped(seller_id):
        (channel,) = rows(
            "SELECT channel FROM orders WHERE seller_id = %s AND order_number = %s", [seller_id, number]
        )
    command = ship_warehouse_orders if channel[0] == Channel.AFN else confirm_shipments
    return all_well(command(an_actor(seller_id), [request], now=at))[0]


def with_quantities(document: OrderDocument, *quantities: int) -> OrderDocument:
    """The same order with one line for each quantity."""
    items = tuple(an_item(ordered=n, sku=f"SKU-{i}") for i, n in enumerate(quantities, 1))
    return replace(document, items=items)


def everything(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Rows seen across all sellers, as the clock sees them."""
    with scoped(None):
        return rows(sql, params)


def change(sql: str, params: Sequence[Any] = ()) -> int:
    """Change rows behind the commands' back, across all sellers: for tests of what must notice it."""
    with scoped(None):
        return run(sql, params)


def analyze() -> None:
    """Let the planner know how much there is; a server of its own finds out within a minute."""
    with owner_connection() as owner:
        owner.execute("ANALYZE")


class KeptPost(Post):
    """Keeps what it is given, for tests to read."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


_BEHIND = """
SELECT count(*) FROM journal j LEFT JOIN journal_readers r ON r.name = 'mail'
 WHERE (j.txid, j.id) > (coalesce(r.txid, 0)::text::xid8, coalesce(r.entry_id, 0))"""


def drain(now: datetime) -> None:
    """Owe every mail that the journal asks for. Tests of other processes may hold the horizon for a moment: wait."""
    for _ in range(1200):
        drain_journal(now)
        if everything(_BEHIND)[0][0] == 0:
            return
        threading.Event().wait(0.05)
    raise AssertionError("the journal was never read to its end")


_OTHERS_BEHIND = """
SELECT count(*) FROM journal j, journal_readers r
 WHERE r.name IN ('app', 'deliveries') AND (j.txid, j.id) > (r.txid::text::xid8, r.entry_id)"""


def drain_others(now: datetime) -> None:
    """Owe every delivery and make all news, as `drain` does for mail."""
    for _ in range(1200):
        read_journal(now)
        if everything(_OTHERS_BEHIND)[0][0] == 0:
            return
        threading.Event().wait(0.05)
    raise AssertionError("the journal was never read to its end")


def mails(now: datetime) -> tuple[list[Letter], MailReport]:
    """Owe and send all mail that is due; answers the letters."""
    post = KeptPost()
    drain(now)
    report = send_mails(now, post=lambda: post)
    return post.letters, report
