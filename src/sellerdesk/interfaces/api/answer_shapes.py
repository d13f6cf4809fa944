"""What this door answers, for the OpenAPI document; `answers` writes it, and a test compares the two."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from sellerdesk.domain.orders import PaymentState, Status
from sellerdesk.interfaces.api.shapes import Money


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, validate_by_name=False)


class ProblemAnswer(Answer):
    """RFC 9457. `code` is stable; `facts` say the detail again for programs."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    facts: dict[str, Any]


class AmountsAnswer(Answer):
    """By component; what a line does not have is absent."""

    principal: Money | None = None
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


class ItemAnswer(Answer):
    """`amounts` and `charged` stand here with the scope money.read."""

    item_number: str
    sku: str
    asin: str
    title: str
    condition: str
    is_gift: bool
    ordered: int
    shipped: int
    cancelled: int
    cancel_requested_at: datetime | None
    amounts: AmountsAnswer | None = None
    charged: AmountsAnswer | None = None


class PackedItemAnswer(Answer):
    item_number: str
    quantity: int
    transparency_codes: list[str]


class ParcelEventAnswer(Answer):
    kind: str
    at: datetime
    told_at: datetime
    where: str
    raw: str


class PackageAnswer(Answer):
    reference: str
    version: int
    carrier_code: str
    carrier_name: str
    service: str
    tracking: str
    shipped_at: datetime | None
    confirmed_at: datetime
    is_late: bool
    status: str
    detailed_status: str
    delivered_at: datetime | None
    memo: str
    items: list[PackedItemAnswer]
    events: list[ParcelEventAnswer]


class BuyerAnswer(Answer):
    name: str
    email: str
    phone: str
    company: str
    purchase_order: str


class AddressAnswer(Answer):
    name: str
    company: str
    line1: str
    line2: str
    line3: str
    city: str
    county: str
    district: str
    state: str
    municipality: str
    postal_code: str
    country: str
    phone: str
    kind: str


class UnitsAnswer(Answer):
    item_number: str
    quantity: int


class PolicyAnswer(Answer):
    """The policy row that decided, with the value that it had."""

    key: str
    value: Any


class WishAnswer(Answer):
    """A buyer's wish to cancel: `formal` when filed in the account, `informal` when only said in a message."""

    kind: Literal["formal", "informal"]
    state: str
    reason: str
    requested_at: datetime
    filed_at: datetime | None
    guided_at: datetime | None
    closed_at: datetime | None
    closed_because: str
    item_numbers: list[str]
    words: str | None = None


class CancellationAnswer(Answer):
    """Units that were cancelled. `counts`: in the seller's cancellation rate; `leaves`: out of its strict base."""

    at: datetime
    by: Literal["BUYER", "MERCHANT", "AMAZON", ""]
    reason: str
    counts: bool
    leaves: bool
    why: str
    policy: PolicyAnswer | None
    units: int
    items: list[UnitsAnswer]
    restocked: bool
    released: Money | None = None


class RateChangeAnswer(Answer):
    """The marketplace's cancellation rate before and after, as fractions."""

    counted_before: int
    base_before: int
    counted: int
    base: int


class OrderAnswer(Answer):
    """An order. Money stands in it with the scope money.read, buyer and address with buyers.read."""

    order_number: str
    seller_order_id: str
    marketplace_id: str
    channel: Literal["MFN", "AFN"]
    order_type: str
    sales_channel: str
    status: Status
    payment_state: PaymentState
    pending_reason: str
    source: str
    placed_at: datetime
    updated_at: datetime
    ready_at: datetime | None
    earliest_ship_at: datetime | None
    latest_ship_at: datetime | None
    earliest_delivery_at: datetime | None
    latest_delivery_at: datetime | None
    confirmed_at: datetime | None
    is_late: bool | None
    auto_cancel_at: datetime | None
    cancelled_at: datetime | None
    cancelled_by: str
    cancel_reason: str
    ship_service: str
    service_category: str
    is_business: bool
    is_prime: bool
    items_known: bool
    units_ordered: int
    units_shipped: int
    units_cancelled: int
    cancel_requested_at: datetime | None
    counts_in_cr: bool | None
    cancellation_request: WishAnswer | None
    cancellations: list[CancellationAnswer]
    version: int
    items: list[ItemAnswer]
    packages: list[PackageAnswer]
    total: Money | None = None
    charged: Money | None = None
    buyer: BuyerAnswer | None = None
    ship_to: AddressAnswer | None = None


class OrdersAnswer(Answer):
    """A page. `nextCursor` is null on the last one."""

    orders: list[OrderAnswer]
    next_cursor: str | None


class OutcomeAnswer(Answer):
    """What became of one request; which members stand here depends on the operation and on `state`."""

    order_number: str
    state: str
    problem: ProblemAnswer | None = None
    status: Status | str | None = None
    detailed_status: str | None = None
    pending_reason: str | None = None
    latest_ship_at: datetime | None = None
    auto_cancel_at: datetime | None = None
    is_late: bool | None = None
    late_by_seconds: int | None = None
    references: list[str] | None = None
    reference: str | None = None
    changes: list[str] | None = None
    units: int | None = None
    whole: bool | None = None
    counts: bool | None = None
    why: str | None = None
    restocked: bool | None = None
    rate: RateChangeAnswer | None = None
    items: list[str] | None = None
    answer_by: datetime | None = None
    message_id: int | None = None
    thread: str | None = None
    critical: bool | None = None
    reply: bool | None = None
    hint: str | None = None
    due_at: datetime | None = None
    cause: str | None = None
    fault: str | None = None
    funding: str | None = None
    defect: bool | None = None
    appeal_until: datetime | None = None
    rating: int | None = None
    negative: bool | None = None
    outcome: str | None = None
    version: int | None = None
    total: Money | None = None
    charged: Money | None = None
    released: Money | None = None
    amount: Money | None = None
    paid: Money | None = None
    debited: Money | None = None


class OutcomesAnswer(Answer):
    """In the order of the requests."""

    outcomes: list[OutcomeAnswer]


class EntryAnswer(Answer):
    number: int
    at: datetime
    kind: str
    party: str
    actor: str
    door: str
    facts: dict[str, Any]


class TimelineAnswer(Answer):
    """What happened, oldest first. `nextAfter` is null when there is no more."""

    entries: list[EntryAnswer]
    next_after: int | None
