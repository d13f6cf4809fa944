"""A letter as an RFC 5322 message: text and HTML, the same bytes each time."""

import hashlib
from email.errors import HeaderParseError, MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sellerdesk.adapters.mail.base import Letter, LetterImpossible

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), " ")
SUBJECT_LENGTH_MAX = 200


def one_line(text: str) -> str:
    """A text that cannot leave its header: control characters and line breaks become blanks."""
    return " ".join(text.translate(_CONTROLS).split())[:SUBJECT_LENGTH_MAX]


def encode(letter: Letter) -> EmailMessage:
    """Make the message.

    :raises LetterImpossible: an address is none, or a text cannot be encoded.
    """
    message = EmailMessage(policy=SMTP)
    try:
        message["Message-ID"] = f"<{letter.message_id}>"
        message["Date"] = format_datetime(letter.at)
        message["From"] = Address(one_line(letter.sender_name), addr_spec=letter.sender)
        message["To"] = tuple(Address(addr_spec=one) for one in letter.to)
        message["Subject"] = one_line(letter.subject)
        message["Content-Language"] = letter.language
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        if letter.reply_to:
            message["Reply-To"] = Address(addr_spec=letter.reply_to)
        if letter.references:
            message["In-Reply-To"] = f"<{letter.references[-1]}>"
            message["References"] = " ".join(f"<{one}>" for one in letter.references)
        message.set_content(letter.text.replace("\0", ""), cte="quoted-printable")
        message.add_alternative(letter.html.replace("\0", ""), subtype="html", cte="quoted-printable")
        for one in letter.enclosures:
            main, _, sub = one.content_type.partition("/")
            message.add_attachment(
                one.content,
                maintype=main,
                subtype=sub or "octet-stream",
                filename=one_line(one.name) or "file",
            )
        _settle_boundaries(message, letter.message_id)
        message.as_bytes()
    except (HeaderParseError, MessageError, ValueError, IndexError) as error:
        raise LetterImpossible(f"{type(error).__qualname__} while writing the message") from error
    return message


def _settle_boundaries(message: EmailMessage, message_id: str) -> None:
    """Boundaries that follow from the Message-ID and cannot occur in a text by chance."""
    holders = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(holders):
        part.set_boundary(hashlib.sha256(f"{number} {message_id}".encode()).hexdigest()[:40])
