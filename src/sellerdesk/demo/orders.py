"""Making up single orders and what happens to them: a small language that the stories are written in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sellerdesk.demo.buyers import contact
from sellerdesk.demo.catalogue import Product, pick, price
from sellerdesk.demo.history import Kind, Step
from sellerdesk.demo.tracking_numbers import parcel
from sellerdesk.domain.cancel_requests import FilingRequest, MoveRequest, Reason
from sellerdesk.domain.cancellations import (
    BuyerCancelRequest,
    CancelReason,
    CancelRequest,
    PlatformCancelRequest,
    PlatformReason,
)
from sellerdesk.domain.identifiers import new_item_number, new_order_number
from sellerdesk.domain.marketplaces import Marketplace, by_country, by_id
from sellerdesk.domain.orders import Channel, Component, ItemDocument, OrderDocument, PaymentState
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.payments import PaymentReport
from sellerdesk.domain.shipments import EditRequest, PackageRequest, ShipmentRequest

_GIFTS = (
    "Happy birthday, Dana! Love from all of us.",
    "Herzlichen Glückwunsch zum Einzug!",
    "お誕生日おめでとう！",
    "Parabéns! Com carinho, família Simões",
)
# What a marketplace adds to prices: hundredths of a per cent. Where prices include their tax, nothing is added.
_TAX = {"US": 825, "CA": 1300}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is special about an order; the rest is drawn."""

    units: tuple[int, ...] = ()  # units of each line
    channel: Channel = Channel.MFN
    order_type: str = "StandardOrder"
    business: bool = False
    buyer: str = ""  # one of the country's names; "" for anybody
    prime: bool = False
    gift: bool = False
    reason: str = ""  # why it is waiting, from the start
    ship_by: datetime | None = None  # published with the order; None: from the seller's handling time


PLAIN = Wish()


@dataclass(slots=True)
class Pen:
    """Writes the orders of one seller: `steps` are what has happened so far, in any order."""

    seller_id: int
    source: Random
    products: tuple[Product, ...]
    now: datetime
    from_china: bool
    steps: list[Step] = field(default_factory=list)

    def ago(self, least: float, most: float) -> datetime:
        """A moment between so many days ago and so many days ago."""
        return self.now - timedelta(seconds=self.source.randrange(int(least * 86400), int(most * 86400)))

    def place(self, country: str, at: datetime, wish: Wish = PLAIN) -> OrderDocument:
        """An order of somebody in a country."""
        market = by_country(country)
        buyer, address = contact(self.source, country, business=wish.business, name=wish.buyer)
        units = wish.units or self.source.choice(((1,), (1,), (1,), (1,), (2,), (1, 1), (3,)))
        chosen: dict[str, Product] = {}
        while len(chosen) < len(units):
            product = pick(self.source, self.products)
            chosen[product.sku] = product
        items = tuple(
            self._item(market, product, count, gift=wish.gift)
            for product, count in zip(chosen.values(), units, strict=True)
        )
        document = OrderDocument(
            order_number=new_order_number(self.source),
            marketplace_id=market.id,
            placed_at=at.replace(microsecond=0),
            currency=market.currency,
            items=items,
            channel=wish.channel,
            order_type=wish.order_type,
            ship_service="Second Day" if wish.prime else "Standard",
            service_category="SecondDay" if wish.prime else "Standard",
            is_business=wish.business,
            is_prime=wish.prime,
            pending_reason=wish.reason,
            latest_ship_at=wish.ship_by,
            buyer=buyer,
            address=address,
        )
        self._note(at, Kind.PLACED, document)
        return document

    def _item(self, market: Marketplace, product: Product, units: int, *, gift: bool) -> ItemDocument:
        principal = price(product.cents, market.currency) * units
        amounts = {Component.PRINCIPAL: principal}
        if rate := _TAX.get(market.country):
            amounts[Component.TAX] = principal * rate // 10_000
        if self.source.randrange(3) == 0:
            amounts[Component.SHIPPING] = price(599, market.currency)
            if rate:
                amounts[Component.SHIPPING_TAX] = amounts[Component.SHIPPING] * rate // 10_000
        if self.source.randrange(6) == 0:
            amounts[Component.PROMOTION_DISCOUNT] = -(principal // 10)
        if gift:
            amounts[Component.GIFT_WRAP] = price(399, market.currency)
        said = {"v0": {"GiftMessageText": self.source.choice(_GIFTS)}} if gift else {}
        return ItemDocument(
            item_number=new_item_number(self.source),
            sku=product.sku,
            asin=product.asin,
            title=product.title(market.language),
            ordered=units,
            condition="New",
            is_gift=gift,
            amounts=amounts,
            published={"v0": {"GiftWrapLevel": "Kraft paper and twine"}} if gift else {},
            personal=said,
        )

    def pay(
        self,
        order: OrderDocument,
        after: timedelta,
        state: PaymentState = PaymentState.AUTHORIZED,
        reason: str = "",
    ) -> datetime:
        """The payment side says something so long after the order; answers when."""
        at = order.placed_at + after
        self._note(at, Kind.PAID, PaymentReport(order.order_number, state, reason, at))
        return at

    def ship(
        self,
        order: OrderDocument,
        at: datetime,
        *packages: Mapping[str, int] | None,
        first_reference: int = 1,
        memo: str = "",
    ) -> None:
        """The seller confirms parcels; None means everything that is left."""
        requests = []
        for number, lines in enumerate(packages or (None,), first_reference):
            code, service, tracking = self._parcel(order)
            requests.append(
                PackageRequest(
                    code, tracking, at, lines=lines, reference=str(number), service=service, memo=memo
                )
            )
        self._note(at, Kind.SHIPPED, ShipmentRequest(order.order_number, tuple(requests)))

    def ship_from_warehouse(self, order: OrderDocument, at: datetime) -> None:
        tracking = f"TBA{self.source.randrange(10**11, 10**12)}"
        package = PackageRequest("AMZN_US", tracking, at, reference="1", service="Amazon Logistics")
        self._note(at, Kind.WAREHOUSE_SHIPPED, ShipmentRequest(order.order_number, (package,)))

    def edit(self, order: OrderDocument, at: datetime, reference: str = "1", memo: str = "") -> None:
        """The seller confirms a parcel again, with another number."""
        code, service, tracking = self._parcel(order)
        changes = EditRequest(
            order.order_number, reference, code, service=service, tracking=tracking, memo=memo or None
        )
        self._note(at, Kind.EDITED, changes)

    def see(
        self, order: OrderDocument, at: datetime, *events: tuple[float, str], reference: str = "1"
    ) -> None:
        """Carriers see a parcel: so many days after `at`, what."""
        for days, kind in events:
            seen = at + timedelta(days=days)
            self._note(seen, Kind.SEEN, ParcelReport(order.order_number, reference, kind, seen))

    def ask_to_cancel(
        self,
        order: OrderDocument,
        at: datetime,
        reason: Reason,
        words: str = "",
        items: tuple[str, ...] = (),
    ) -> None:
        """The buyer files a request in the account."""
        self._note(at, Kind.CANCEL_FILED, FilingRequest(order.order_number, reason, words, items))

    def mention_cancelling(self, order: OrderDocument, at: datetime) -> None:
        """The buyer only wrote so, and staff noted it."""
        self._note(at, Kind.CANCEL_NOTED, MoveRequest(order.order_number))

    def cancel(
        self,
        order: OrderDocument,
        at: datetime,
        reason: CancelReason,
        lines: Mapping[str, int] | None = None,
    ) -> None:
        """The seller cancels."""
        request = CancelRequest(order.order_number, reason, lines, accepts_limit=True)
        self._note(at, Kind.CANCELLED, request)

    def regret(self, order: OrderDocument, after: timedelta, reason: Reason) -> None:
        """The buyer cancels alone, so long after ordering."""
        request = BuyerCancelRequest(order.order_number, reason.value)
        self._note(order.placed_at + after, Kind.BUYER_CANCELLED, request)

    def refuse(self, order: OrderDocument, at: datetime, reason: PlatformReason) -> None:
        """The marketplace cancels an order that waits."""
        self._note(at, Kind.MARKETPLACE_CANCELLED, PlatformCancelRequest(order.order_number, reason))

    def bring(self, at: datetime, file: bytes) -> None:
        """A file of another platform comes in."""
        self._note(at, Kind.IMPORTED, file)

    def _parcel(self, order: OrderDocument) -> tuple[str, str, str]:
        country = by_id(order.marketplace_id).country
        from_china = self.from_china and self.source.randrange(3) > 0
        return parcel(self.source, country, from_china=from_china)

    def _note(self, at: datetime, kind: Kind, request: Any) -> None:
        self.steps.append(Step(at, self.seller_id, kind, request))


def with_ship_by(wish: Wish, ship_by: datetime) -> Wish:
    """The same wish with a published ship-by instant (the last second of its hour, as days end)."""
    return replace(wish, ship_by=ship_by.replace(minute=59, second=59, microsecond=0))
