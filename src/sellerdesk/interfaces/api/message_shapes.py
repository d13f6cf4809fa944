"""What programs may send and what they are answered about messages."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from sellerdesk.domain.attachments import NAME_MAX, Attachment
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.messages import BUYER_TEXT_MAX
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.api.answer_shapes import Answer
from sellerdesk.interfaces.api.shapes import Shape, Text

# Ten megabytes of files as base64, and a text beside them.
BYTES_MOST = 15 * 1024 * 1024
_FILES_MOST = 20  # the rules allow fewer, and say so; this only bounds the work


class NewAttachment(Shape):
    """A file of a message. What it is, is judged by its bytes."""

    file_name: Annotated[str, Text(NAME_MAX, 1)]
    content_type: Annotated[str, Text(100)] = ""
    content: Annotated[str, Field(min_length=1, description="base64 (RFC 4648, with padding)")]


Attachments = Annotated[tuple[NewAttachment, ...], Field(max_length=_FILES_MOST, strict=False)]


class NewMessage(Shape):
    """The seller writes to the buyer. `version` is the thread's, as the writer saw it."""

    reason: Literal[tuple(reason.value for reason in ContactReason)]  # type: ignore[valid-type]
    text: Annotated[str, Text(10_000)] = ""
    language: Annotated[str, Field(max_length=20, description="BCP 47; the buyer's when absent")] = ""
    version: Annotated[int | None, Field(ge=0)] = None
    automatic: Annotated[
        bool, Field(description="no person wrote it: the buyer still waits for an answer")
    ] = False
    attachments: Attachments = ()


class NewBuyerMessage(Shape):
    """What a buyer wrote to a storefront. The same `externalId` again is the same message."""

    text: Annotated[str, Text(BUYER_TEXT_MAX)] = ""
    topic: Annotated[str, Text(40)] = ""
    external_id: Annotated[str, Text(100)] = ""
    attachments: Attachments = ()


class AttachmentAnswer(Answer):
    position: int
    file_name: str
    content_type: str
    size: int


class MessageAnswer(Answer):
    """A message of the thread. `hint` marks words that may be a wish to cancel or return; nothing follows."""

    message_id: int
    at: datetime
    kind: Literal["buyer", "seller"]
    state: str
    reason: str
    critical: bool
    automatic: bool
    topic: str
    via: str
    language: str
    hint: str
    text: str
    attachments: list[AttachmentAnswer]


class ThreadAnswer(Answer):
    """The thread of an order, without the internal notes of staff. `reasons`: for which the seller may write now."""

    order_number: str
    state: str
    version: int
    due_at: datetime | None
    language: str
    reasons: list[str]
    messages: list[MessageAnswer]


def decoded(files: Sequence[NewAttachment]) -> tuple[Attachment, ...]:
    """The files themselves. Raises Refusal INVALID_VALUE for what is not base64."""
    return tuple(_decoded(one, f"attachments[{index}].content") for index, one in enumerate(files))


def _decoded(one: NewAttachment, place: str) -> Attachment:
    try:
        content = base64.b64decode(one.content, validate=True)
    except (binascii.Error, ValueError):
        raise refuse(
            Code.INVALID_VALUE, place=place, value=one.content[:40], expected="base64 with padding"
        ) from None
    return Attachment(one.file_name, one.content_type, content)
