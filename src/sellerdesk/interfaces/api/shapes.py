"""What programs may send: every member named, typed and bounded; whatever else comes is refused (trust P16)."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic.alias_generators import to_camel

from sellerdesk.domain.orders import PaymentState, PendingReason
from sellerdesk.domain.parcels import EVENTS
from sellerdesk.interfaces.api import patterns

BATCH_MOST = 500
_ITEMS_MOST = 500
_PACKAGES_MOST = 50
_UNITS_MOST = 1_000_000
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})\Z"
)
# Years that calendars and the database can work with; anything else is a mistake.
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def parse_instant(value: object) -> datetime:
    """An ISO 8601 instant with its offset, as aware UTC, of this century. Raises ValueError."""
    if not isinstance(value, str) or not _INSTANT.match(value):
        raise ValueError("expected an ISO 8601 instant with its offset, such as 2026-03-01T12:00:00Z")
    try:
        moment = datetime.fromisoformat(value).astimezone(UTC)
    except OverflowError:  # the offset leads out of the calendar
        moment = _LATEST
    if not _EARLIEST <= moment < _LATEST:
        raise ValueError("expected an instant between the years 2000 and 2100")
    return moment


Instant = Annotated[
    datetime, BeforeValidator(parse_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]


def Text(most: int, least: int = 0) -> Any:  # noqa: N802  (a type in all but name)
    return Field(min_length=least, max_length=most)


class Shape(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, alias_generator=to_camel, validate_by_name=False, frozen=True
    )


class Money(Shape):
    """An amount as a decimal text with its currency; never a number, so that nothing is lost on the way."""

    amount: Annotated[str, Field(max_length=24, examples=["12.34"], pattern=patterns.AMOUNT)]
    currency_code: Annotated[str, Field(pattern=patterns.CURRENCY, examples=["USD"])]


class Amounts(Shape):
    """What a line's money consists of, for its whole quantity. Discounts are negative."""

    principal: Money
    tax: Money | None = None
    shipping: Money | None = None
    shipping_tax: Money | None = None
    gift_wrap: Money | None = None
    gift_wrap_tax: Money | None = None
    cod_fee: Money | None = None
    cod_fee_discount: Money | None = None
    promotion_discount: Money | None = None
    promotion_discount_tax: Money | None = None
    shipping_discount: Money | None = None
    shipping_discount_tax: Money | None = None


class NewItem(Shape):
    item_number: Annotated[
        str, Field(pattern=patterns.ITEM_NUMBER_OR_NONE, description="14 digits; made when absent")
    ] = ""
    sku: Annotated[str, Text(100, 1)]
    asin: Annotated[str, Text(20)] = ""
    title: Annotated[str, Text(2000)] = ""
    quantity: Annotated[int, Field(ge=1, le=_UNITS_MOST)]
    condition: Annotated[str, Text(40)] = ""
    is_gift: bool = False
    amounts: Amounts


class NewBuyer(Shape):
    name: Annotated[str, Text(200)] = ""
    email: Annotated[str, Text(254)] = ""
    phone: Annotated[str, Text(60)] = ""
    company: Annotated[str, Text(200)] = ""
    purchase_order: Annotated[str, Text(100)] = ""


class NewAddress(Shape):
    name: Annotated[str, Text(200)] = ""
    company: Annotated[str, Text(200)] = ""
    line1: Annotated[str, Text(300)] = ""
    line2: Annotated[str, Text(300)] = ""
    line3: Annotated[str, Text(300)] = ""
    city: Annotated[str, Text(100)] = ""
    county: Annotated[str, Text(100)] = ""
    district: Annotated[str, Text(100)] = ""
    state: Annotated[str, Text(100)] = ""
    municipality: Annotated[str, Text(100)] = ""
    postal_code: Annotated[str, Text(30)] = ""
    country: Annotated[str, Field(pattern=patterns.COUNTRY, description="ISO 3166")]
    phone: Annotated[str, Text(60)] = ""
    kind: Literal["", "Residential", "Commercial"] = ""


class NewOrder(Shape):
    """An order as a storefront places it. It is Pending until its payment is reported."""

    order_number: Annotated[
        str, Field(pattern=patterns.ORDER_NUMBER_OR_NONE, description="3-7-7 digits; made when absent")
    ] = ""
    marketplace_id: Annotated[str, Text(20, 1)]
    placed_at: Instant | None = None
    channel: Literal["MFN", "AFN"] = "MFN"
    seller_order_id: Annotated[str, Text(100)] = ""
    order_type: Literal["StandardOrder", "Preorder", "BackOrder", "LongLeadTimeOrder"] = "StandardOrder"
    sales_channel: Annotated[str, Text(60)] = ""
    ship_service: Annotated[str, Text(100)] = ""
    service_category: Annotated[str, Text(30)] = ""
    earliest_ship_at: Instant | None = None
    latest_ship_at: Instant | None = None
    earliest_delivery_at: Instant | None = None
    latest_delivery_at: Instant | None = None
    is_business: bool = False
    is_prime: bool = False
    pending_reason: Literal[tuple(reason.value for reason in PendingReason)] | None = None  # type: ignore[valid-type]
    total: Money | None = None
    buyer: NewBuyer | None = None
    ship_to: NewAddress | None = None
    items: Annotated[list[NewItem], Field(min_length=1, max_length=_ITEMS_MOST)]


class NewOrders(Shape):
    """Several orders in one call; each has an outcome of its own."""

    orders: Annotated[list[NewOrder], Field(min_length=1, max_length=BATCH_MOST)]


class NewPayment(Shape):
    """What the payment side says of an order."""

    state: Literal[tuple(state.value for state in PaymentState)]  # type: ignore[valid-type]
    reason: Literal[tuple(reason.value for reason in PendingReason)] | None = None  # type: ignore[valid-type]
    at: Instant | None = None
    payment_reference: Annotated[str, Text(100, 1), Field(pattern=patterns.PRINTABLE)] | None = None


class PackedItem(Shape):
    item_number: Annotated[str, Text(20, 1)]
    quantity: Annotated[int, Field(ge=1, le=_UNITS_MOST)]
    transparency_codes: Annotated[list[Annotated[str, Text(100, 1)]], Field(max_length=1000)] = []


class NewPackage(Shape):
    """One parcel. Without items it holds everything that is left to ship."""

    reference: Annotated[str, Text(60)] = ""
    carrier_code: Annotated[str, Text(60, 1)]
    carrier_name: Annotated[str, Text(60)] = ""
    service: Annotated[str, Text(100)] = ""
    tracking: Annotated[str, Text(100)] = ""
    untracked: Annotated[bool, Field(description="a service without tracking, such as a letter")] = False
    shipped_at: Instant
    memo: Annotated[str, Text(500)] = ""
    items: Annotated[list[PackedItem], Field(min_length=1, max_length=_ITEMS_MOST)] | None = None


class NewShipment(Shape):
    packages: Annotated[list[NewPackage], Field(min_length=1, max_length=_PACKAGES_MOST)]


class ShipmentEdit(Shape):
    """What is to be different about a parcel; members that are absent stay as they are."""

    carrier_code: Annotated[str, Text(60, 1)] | None = None
    carrier_name: Annotated[str, Text(60)] | None = None
    service: Annotated[str, Text(100)] | None = None
    tracking: Annotated[str, Text(100)] | None = None
    shipped_at: Instant | None = None
    memo: Annotated[str, Text(500)] | None = None
    items: Annotated[list[PackedItem], Field(min_length=1, max_length=_ITEMS_MOST)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _say_something(cls, given: Any) -> Any:
        """null would leave open whether to erase or to keep, so it is refused; so is saying nothing."""
        if isinstance(given, dict):
            if not given:
                raise ValueError("expected at least one member")
            for name, value in given.items():
                if value is None:
                    raise ValueError(f"{name} may not be null: leave it out to keep what it is")
        return given


class NewParcelEvent(Shape):
    """What a carrier saw of a parcel."""

    reference: Annotated[str, Text(60, 1)]
    kind: Literal[tuple(EVENTS)]  # type: ignore[valid-type]
    at: Instant
    where: Annotated[str, Text(100)] = ""
    raw: Annotated[str, Text(100)] = ""


class NewParcelEvents(Shape):
    """Several events of one order's parcels in one call; each has an outcome of its own."""

    events: Annotated[list[NewParcelEvent], Field(min_length=1, max_length=BATCH_MOST)]


class TokenRequest(BaseModel):
    """OAuth 2.0 client credentials."""

    model_config = ConfigDict(extra="forbid")
    grant_type: Literal["client_credentials"]
    client_id: str = ""
    client_secret: str = ""
    scope: Annotated[
        str, Field(description="scopes with blanks between; all of the program's when absent")
    ] = ""


class TokenAnswer(BaseModel):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int
    scope: str
