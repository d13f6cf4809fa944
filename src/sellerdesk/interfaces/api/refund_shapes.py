"""What programs may send about refunds. Money is decimal text with its currency."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import NOTE_LENGTH_MOST
from sellerdesk.interfaces.api import patterns
from sellerdesk.interfaces.api.shapes import BATCH_MOST, Money, Shape

WORDS_MAX = 2000
_UNITS_MOST = 1_000_000
_LINES_MOST = 500
_USD = {"amount": "12.34", "currencyCode": "USD"}
_EXAMPLES: list[Any] = [
    {
        "reason": "general_adjustment",
        "mode": "goodwill",
        "amount": {"amount": "60.00", "currencyCode": "USD"},
    },
    {
        "reason": "buyer_return",
        "mode": "on_receipt",
        "rma": "RMA-7QX4R9KRTW",
        "lines": [{"itemNumber": "12345678901234", "units": 1}],
        "returnShipping": {"amount": "4.50", "currencyCode": "USD"},
        "expectsLeft": {"amount": "43.18", "currencyCode": "USD"},
    },
    {
        "reason": "not_as_described",
        "mode": "goodwill",
        "lines": [{"itemNumber": "12345678901234", "amounts": {"product": _USD, "shippingTax": _USD}}],
    },
]


class RefundAmounts(Shape):
    """How much of a line goes back: by component, or `product` and `shipping`, each spread over what is left of it.

    A discount is a negative amount. A group cannot stand beside a component that it holds.
    """

    product: Annotated[
        Money | None,
        Field(
            description="Of price, tax, gift wrap, cash on delivery and their discounts together; above zero."
        ),
    ] = None
    shipping: Annotated[
        Money | None, Field(description="Of shipping, its tax and their discounts together; above zero.")
    ] = None
    principal: Annotated[Money | None, Field(description="Of the item price, without tax.")] = None
    tax: Annotated[Money | None, Field(description="Of the tax on the item price.")] = None
    shipping_tax: Annotated[Money | None, Field(description="Of the tax on shipping.")] = None
    gift_wrap: Annotated[Money | None, Field(description="Of the gift wrap, without tax.")] = None
    gift_wrap_tax: Annotated[Money | None, Field(description="Of the tax on gift wrap.")] = None
    cod_fee: Annotated[Money | None, Field(description="Of the fee for cash on delivery.")] = None
    cod_fee_discount: Annotated[Money | None, Field(description="Taken back of the discount; negative.")] = (
        None
    )
    promotion_discount: Annotated[
        Money | None, Field(description="Taken back of the discount; negative.")
    ] = None
    promotion_discount_tax: Annotated[
        Money | None, Field(description="Taken back of the discount's tax; negative.")
    ] = None
    shipping_discount: Annotated[Money | None, Field(description="Taken back of the discount; negative.")] = (
        None
    )
    shipping_discount_tax: Annotated[
        Money | None, Field(description="Taken back of the discount's tax; negative.")
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _say_something(cls, given: Any) -> Any:
        if isinstance(given, dict) and not any(value is not None for value in given.values()):
            raise ValueError("expected at least one amount")
        return given


class RefundedLine(Shape):
    """What goes back of one line: `units` of it, or `amounts`; not both."""

    item_number: Annotated[
        str, Field(min_length=1, max_length=20, description="The line, as the order names it.")
    ]
    units: Annotated[
        int | None,
        Field(ge=1, le=_UNITS_MOST, description="Pieces: their exact share of every component goes back."),
    ] = None
    amounts: Annotated[RefundAmounts | None, Field(description="Amounts instead of pieces.")] = None

    @model_validator(mode="after")
    def _either(self) -> "RefundedLine":
        if (self.units is None) is (self.amounts is None):
            raise ValueError("expected either units or amounts")
        return self


_Lines = Annotated[list[RefundedLine], Field(min_length=1, max_length=_LINES_MOST)]


class NewRefund(Shape):
    """Give money back. Without `lines` and `amount`: all that is left of the order, or of the units of `rma`.

    All amounts of one refund have one currency, the order's.
    """

    model_config = ConfigDict(json_schema_extra={"examples": _EXAMPLES})

    reason: Annotated[
        Literal[tuple(one.value for one in RefundReason)],  # type: ignore[valid-type]
        Field(description="Why money goes back."),
    ]
    mode: Annotated[
        Literal[tuple(one.value for one in Mode)],  # type: ignore[valid-type]
        Field(
            description="When it goes in respect of the goods: `advance` before they are back (needs `override` while "
            "they are awaited), `on_receipt` after, `returnless` the buyer keeps them, `intercept_failed` sent and not "
            "stopped, `goodwill` nothing is to come back."
        ),
    ]
    lines: Annotated[_Lines | None, Field(description="Some lines only; each of them once.")] = None
    amount: Annotated[
        Money | None,
        Field(
            description="An amount without a line: spread over all that is left, in proportion. Not with `lines`."
        ),
    ] = None
    only_concessions: Annotated[
        bool, Field(description="Nothing but `returnShipping` and `goodwill`, beside what was charged.")
    ] = False
    return_shipping: Annotated[
        Money | None, Field(description="What the way back cost the buyer; a concession, beside the charges.")
    ] = None
    goodwill: Annotated[Money | None, Field(description="Any other concession, beside the charges.")] = None
    fee: Annotated[
        Money | None,
        Field(
            description="A restocking fee to keep; only when the return's reason is the buyer's and it is graded."
        ),
    ] = None
    rma: Annotated[str, Field(max_length=40, description="The return that it answers.")] = ""
    override: Annotated[
        str,
        Field(
            max_length=500, description="Why the money goes before the goods are back (`override_needed`)."
        ),
    ] = ""
    expects_left: Annotated[
        Money | None,
        Field(
            description="What you saw as left to refund; refused as `left_changed` when it is not true any more."
        ),
    ] = None
    note: Annotated[str, Field(max_length=NOTE_LENGTH_MOST, description="Private to the seller.")] = ""
    words: Annotated[str, Field(max_length=WORDS_MAX, description="To the buyer.")] = ""

    @model_validator(mode="after")
    def _one_way(self) -> "NewRefund":
        ways = (self.lines is not None, self.amount is not None, self.only_concessions)
        if sum(ways) > 1:
            raise ValueError("expected only one of lines, amount and onlyConcessions")
        return self


_OF_ORDER: dict[str, Any] = {"orderNumber": "123-1234567-1234567", "version": 3} | _EXAMPLES[0]


class OrderRefund(NewRefund):
    """A refund of one order among several."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OF_ORDER]})
    order_number: Annotated[str, Field(pattern=patterns.ORDER_NUMBER, description="3-7-7 digits.")]
    version: Annotated[
        int | None,
        Field(ge=1, description="The order's version that you saw, as `If-Match` of a single call."),
    ] = None


class NewRefunds(Shape):
    """Several refunds in one call; each has an outcome of its own, and they build on each other in their order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"refunds": [_OF_ORDER]}]})
    refunds: Annotated[
        list[OrderRefund], Field(min_length=1, max_length=BATCH_MOST, description="In this order.")
    ]


class RefundStep(Shape):
    """Nothing needs to be said: an empty object."""
