"""What programs may send about returns."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from sellerdesk.domain.return_facts import Grade, ReturnKind, ReturnReason
from sellerdesk.domain.returns import CloseReason, Label
from sellerdesk.interfaces.api.shapes import NewAddress, Shape

COMMENT_MAX = 2000
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


class Authorization(Shape):
    """Allow a buyer to send back. No money moves."""

    model_config = _example(label="prepaid", carrier="UPS", tracking="1Z999AA10123456784")
    address: Annotated[
        NewAddress | None, Field(description="Where it goes; the seller's return address when absent.")
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
    own_rma: Annotated[
        str,
        Field(
            pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,39})?$",
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
        Field(description="`sellable` and `repack` go back to stock."),
    ]


class Inspection(Shape):
    """Grades of lines. When every line that came has one, only the refund is left to do."""

    model_config = _example(grades=[{"itemNumber": "12345678901234", "grade": "sellable"}])
    grades: Annotated[list[GradedLine], Field(min_length=1, max_length=_LINES_MOST, description="By line.")]
