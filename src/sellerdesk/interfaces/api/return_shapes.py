"""What programs may send about returns."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from sellerdesk.domain.attachments import NAME_MAX
from sellerdesk.domain.photos import PHOTOS_MAX
from sellerdesk.domain.return_facts import Grade, Payer, ReturnKind, ReturnReason
from sellerdesk.domain.return_scans import Scan
from sellerdesk.domain.return_settings import INSTRUCTIONS_MOST, SKU_MOST, Automatic, Effect
from sellerdesk.domain.return_ways import Label
from sellerdesk.domain.returns import CloseReason
from sellerdesk.interfaces.api import patterns
from sellerdesk.interfaces.api.shapes import Instant, Money, Shape

COMMENT_MAX = 2000
_PART_MOST = 200
_UNITS_MOST = 1_000_000
_LINES_MOST = 500
_LINE: dict[str, Any] = {"itemNumber": "12345678901234", "units": 1}


def _example(**said: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [said]})


class ReturnedLine(Shape):
    """Units of one line."""

    item_number: Annotated[
        str, Field(min_length=1, max_length=20, description="The line, as the order names it.")
    ]
    units: Annotated[int, Field(ge=1, le=_UNITS_MOST, description="Pieces.")]


_Lines = Annotated[
    list[ReturnedLine], Field(min_length=1, max_length=_LINES_MOST, description="Each line at most once.")
]


class NewFile(Shape):
    """A file. What it is, is judged by its bytes."""

    file_name: Annotated[str, Field(min_length=1, max_length=NAME_MAX, description="What it is called.")]
    content: Annotated[str, Field(min_length=1, description="base64 (RFC 4648, with padding).")]


_PHOTO_WORDS = "JPEG, PNG, WebP or still GIF; drawn anew, without metadata, before they are kept."
_Photos = Annotated[tuple[NewFile, ...], Field(max_length=PHOTOS_MAX, strict=False, description=_PHOTO_WORDS)]


class ReturnAddress(Shape):
    """Where goods go."""

    name: Annotated[str, Field(min_length=1, max_length=_PART_MOST, description="Who receives it.")]
    line1: Annotated[str, Field(min_length=1, max_length=_PART_MOST, description="Street and number.")]
    line2: Annotated[str, Field(max_length=_PART_MOST, description="Further lines.")] = ""
    line3: Annotated[str, Field(max_length=_PART_MOST, description="Further lines.")] = ""
    city: Annotated[str, Field(min_length=1, max_length=_PART_MOST, description="The city.")]
    state: Annotated[str, Field(max_length=_PART_MOST, description="State or region.")] = ""
    postal_code: Annotated[str, Field(max_length=30, description="The postal code.")] = ""
    country: Annotated[str, Field(pattern=patterns.COUNTRY, description="ISO 3166, two letters.")]
    phone: Annotated[str, Field(max_length=60, description="A telephone number.")] = ""

    def parts(self) -> dict[str, str]:
        """What was given of it."""
        return {name: value for name, value in self if value}


class NewReturn(Shape):
    """Units that a buyer wants to send back, or that come back by themselves (`refused`)."""

    model_config = _example(
        reason="too_small", lines=[_LINE], comment="Half a size too small.", wish="refund"
    )
    reason: Annotated[
        Literal[tuple(one.value for one in ReturnReason)],  # type: ignore[valid-type]
        Field(description="What the buyer chose; it decides who pays the way back."),
    ]
    lines: _Lines
    kind: Annotated[
        Literal[tuple(one.value for one in ReturnKind)],  # type: ignore[valid-type]
        Field(
            description="`customer` asked for it; `refused` was never accepted and is on its way back already."
        ),
    ] = "customer"
    comment: Annotated[str, Field(max_length=COMMENT_MAX, description="The buyer's own words: personal.")] = (
        ""
    )
    wish: Annotated[
        Literal["", "refund", "replacement", "exchange"], Field(description="What the buyer would like best.")
    ] = ""
    raw_reason: Annotated[
        str, Field(max_length=60, description="Another platform's code, kept as it came.")
    ] = ""
    photos: _Photos = ()


class Authorization(Shape):
    """Allow a buyer to send back. No money moves."""

    model_config = _example(label="prepaid", carrier="UPS", tracking="1Z999AA10123456784")
    address: Annotated[
        ReturnAddress | None, Field(description="Where it goes; the seller's return address when absent.")
    ] = None
    label: Annotated[
        Literal[tuple(one.value for one in Label)],  # type: ignore[valid-type]
        Field(
            description="Who provides the label: `none` the buyer, `uploaded` a file, `prepaid` bought by you."
        ),
    ] = "none"
    carrier: Annotated[str, Field(max_length=60, description="Of the way back.")] = ""
    tracking: Annotated[
        str, Field(max_length=100, description="Of the way back; required with `prepaid`.")
    ] = ""
    label_file: Annotated[
        NewFile | None, Field(description="PDF or PNG; with `uploaded`, this or the tracking.")
    ] = None
    label_cost: Annotated[
        Money | None, Field(description="What the label cost, in the order's currency; not below zero.")
    ] = None
    label_payer: Annotated[
        Literal[tuple(one.value for one in Payer)] | None,  # type: ignore[valid-type]
        Field(description="Who pays it; as the reason says when absent."),
    ] = None
    own_rma: Annotated[
        str,
        Field(
            pattern=patterns.OWN_RMA_OR_NONE,
            description="A number of your own, which replaces ours from then on.",
        ),
    ] = ""
    instructions: Annotated[
        str, Field(max_length=COMMENT_MAX, description="To the buyer; your setting's when absent.")
    ] = ""


class Closing(Shape):
    """Close a request as the seller: the buyer reads why, and has to ask again."""

    model_config = _example(reason="solved", comment="The lamp works with the other plug, as we found out.")
    reason: Annotated[
        Literal[tuple(one.value for one in CloseReason)],  # type: ignore[valid-type]
        Field(
            description="`not_returnable` and `out_of_policy` of what the policy allows count against you."
        ),
    ]
    comment: Annotated[str, Field(min_length=1, max_length=COMMENT_MAX, description="To the buyer.")]


class NewReturnScan(Shape):
    """What a carrier saw of the parcel on its way back."""

    model_config = _example(kind="IN_TRANSIT", at="2026-03-04T08:30:00Z")
    kind: Annotated[
        Literal[tuple(one.value for one in Scan)],  # type: ignore[valid-type]
        Field(description="`DELIVERED` is news for the seller, who says himself what came (`receipt`)."),
    ]
    at: Annotated[
        Instant, Field(description="The carrier's moment, ISO 8601 with an offset; not in the future.")
    ]


class ReturnNote(Shape):
    """Nothing needs to be said: an empty object."""


class Receipt(Shape):
    """What came back. Without lines: all that was asked to come."""

    model_config = _example(lines=[_LINE])
    lines: Annotated[
        list[ReturnedLine] | None,
        Field(
            min_length=1, max_length=_LINES_MOST, description="Lines that came; one that is absent did not."
        ),
    ] = None


class GradedLine(Shape):
    """What came back of a line, as the warehouse saw it."""

    item_number: Annotated[str, Field(min_length=1, max_length=20, description="The line.")]
    grade: Annotated[
        Literal[tuple(one.value for one in Grade)],  # type: ignore[valid-type]
        Field(
            description="`sellable` as new and `repack` (good, but opened or used) go back to stock; `damaged` or used"
            " up, `opened_media` (software or a game with a broken seal) and `wrong_item` (not what was sent) do not."
        ),
    ]
    sellable: Annotated[
        int | None,
        Field(ge=0, le=_UNITS_MOST, description="Pieces that can be sold again, if not what the grade says."),
    ] = None
    note: Annotated[str, Field(max_length=255, description="A sentence of the warehouse's.")] = ""


class Inspection(Shape):
    """Grades of lines. When every line that came has one, only the refund is left to do."""

    model_config = _example(grades=[{"itemNumber": "12345678901234", "grade": "sellable"}])
    grades: Annotated[list[GradedLine], Field(min_length=1, max_length=_LINES_MOST, description="By line.")]
    photos: _Photos = ()


class ReturnSetting(Shape):
    """What holds for one marketplace from now on. It replaces what held before, as a whole."""

    model_config = _example(
        automatic="in_policy",
        address={
            "name": "Dock 4",
            "line1": "9 Canary Row",
            "city": "Tacoma",
            "postalCode": "98402",
            "country": "US",
        },
        instructions="Put the slip into the parcel.",
    )
    automatic: Annotated[
        Literal[tuple(one.value for one in Automatic)],  # type: ignore[valid-type]
        Field(
            description="Which returns are authorised by themselves: none, what the policy allows, or all."
        ),
    ]
    address: Annotated[
        ReturnAddress | None,
        Field(description="Where goods go; without it every authorisation names its own."),
    ] = None
    instructions: Annotated[str, Field(max_length=INSTRUCTIONS_MOST, description="To buyers.")] = ""


class NewReturnRule(Shape):
    """A rule for orders that are placed from now on. Conditions that are absent hold for everything."""

    model_config = _example(effect="returnless", priceTo={"amount": "10.00", "currencyCode": "USD"})
    effect: Annotated[
        Literal[tuple(one.value for one in Effect)],  # type: ignore[valid-type]
        Field(
            description="`manual` waits for you, `returnless` is refunded at once and the buyer keeps it, "
            "`authorize` may be sent at once; the first of these that holds wins."
        ),
    ]
    marketplace_id: Annotated[str, Field(max_length=20, description="Only there.")] = ""
    sku: Annotated[str, Field(max_length=SKU_MOST, description="Only of this SKU.")] = ""
    reason: Annotated[
        Literal[tuple(one.value for one in ReturnReason)] | None,  # type: ignore[valid-type]
        Field(description="Only for this reason."),
    ] = None
    price_from: Annotated[
        Money | None, Field(description="From this price of one piece on, this included.")
    ] = None
    price_to: Annotated[Money | None, Field(description="Up to this price of one piece, this included.")] = (
        None
    )
    confirm_wide: Annotated[
        bool,
        Field(
            description="Needed, and true, where buyers would keep goods without a `priceTo`, or above what the"
            " marketplace's policy advises: the rule is refused as `rule_too_wide` without it."
        ),
    ] = False
