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
        message.set_content(letter.text.replace("\0", ""), cte="quoted-printable")
        message.add_alternative(letter.html.replace("\0", ""), subtype="html", cte="quoted-printable")
        message.set_boundary(hashlib.sha256(letter.message_id.encode()).hexdigest()[:40])
        message.as_bytes()
    except (HeaderParseError, MessageError, ValueError, IndexError) as error:
        raise LetterImpossible(f"{type(error).__qualname__} while writing the message") from error
    return message
