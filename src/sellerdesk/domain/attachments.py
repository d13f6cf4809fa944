"""Files that travel with messages: what they really are, how they may be called, how big they may be (rulebook 2.10).

What a sender says of a file is never believed: its kind is read from its first bytes, its name is cut to a plain one.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sellerdesk.domain.refusals import Code, Refusal, refuse

NAME_MAX = 120
MEGABYTE = 1024 * 1024
STORED_MAX = 10 * MEGABYTE  # what the table holds; the policy message_attachments_mb can only lower it
UNKNOWN = "application/octet-stream"
PLAIN = "text/plain"
PDF = "application/pdf"
OFFICE = "application/zip"  # also the container of .docx and .xlsx

_SIGNATURES = (
    (b"%PDF-", 0, PDF),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"BM", 0, "image/bmp"),
    (b"PK\x03\x04", 0, OFFICE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/msword"),
    (b"MZ", 0, "application/x-executable"),
    (b"\x7fELF", 0, "application/x-executable"),
    (b"#!", 0, "application/x-executable"),
)
_MARKUP = re.compile(rb"\A\s*(?:<!doctype|<html|<svg|<script|<\?xml|<body|<head|<iframe)", re.I)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What staff may attach: documents and pictures that help to complete an order.
SENDABLE = frozenset(
    {PDF, PLAIN, "image/jpeg", "image/png", "image/gif", "image/webp", "application/msword", _WORD, _SHEET}
)
EXTENSIONS = {
    PDF: ".pdf",
    PLAIN: ".txt",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/msword": ".doc",
    _WORD: ".docx",
    _SHEET: ".xlsx",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it was handed in. `content_type` is what the sender claims."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was looked at. `kind` is the sniffed content type, `sha256` lower-case hex."""

    name: str
    claimed: str
    kind: str
    sha256: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)


def sniff(content: bytes) -> str:
    """What a file is, judged by its first bytes; anything that could run in a browser or shell is not plain text."""
    for signature, at, kind in _SIGNATURES:
        if content[at : at + len(signature)] == signature:
            return _office(content) if kind == OFFICE else kind
    if _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        return UNKNOWN
    return PLAIN if _is_text(content) else UNKNOWN


def plain_name(name: str, *, number: int = 1) -> str:
    """A file name without folders, control characters, bidi marks or leading dots, at most NAME_MAX characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*;').strip(". ")
    if not kept:
        return f"file-{number}"
    stem, dot, ending = kept.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: NAME_MAX - len(ending) - 1]}.{ending}"
    return kept[:NAME_MAX]


def check_files(
    files: Sequence[Attachment], *, bytes_max: int, count_max: int | None, sendable_only: bool
) -> tuple[CheckedFile, ...]:
    """Look at the files of one message; `bytes_max` holds for all of them together.

    Raises Refusal TOO_MANY_ATTACHMENTS, ATTACHMENT_TOO_BIG, MISSING_VALUE for an empty file and, when only what staff
    may send is wanted, ATTACHMENT_TYPE. Another party's files of any other kind are kept as bytes without a kind.
    """
    if count_max is not None and len(files) > count_max:
        raise refuse(Code.TOO_MANY_ATTACHMENTS, count=len(files), most=count_max)
    most = min(bytes_max, STORED_MAX)
    if (size := sum(len(one.content) for one in files)) > most:
        raise too_big(size, most)
    checked = tuple(_checked(one, number) for number, one in enumerate(files, 1))
    for number, one in enumerate(checked, 1):
        if not one.content:
            raise refuse(Code.MISSING_VALUE, place=f"attachment {number}")
        if sendable_only and one.kind not in SENDABLE:
            raise refuse(Code.ATTACHMENT_TYPE, place=f"attachment {number}", kind=one.kind)
    return checked


def too_big(size: int, most: int) -> Refusal:
    """ATTACHMENT_TOO_BIG for files of so many bytes together."""
    return refuse(
        Code.ATTACHMENT_TOO_BIG, size=size, most=most, most_mb=most // MEGABYTE, place="attachments"
    )


def _checked(one: Attachment, number: int) -> CheckedFile:
    claimed = re.sub(r"[^\w.+/-]", "", one.content_type.split(";")[0].lower(), flags=re.A)[:100]
    digest = hashlib.sha256(one.content).hexdigest()
    return CheckedFile(plain_name(one.name, number=number), claimed, sniff(one.content), digest, one.content)


def _office(content: bytes) -> str:
    # The directory of the archive stands at its end and names the parts in plain ASCII.
    if b"word/document.xml" in content:
        return _WORD
    return _SHEET if b"xl/workbook.xml" in content else UNKNOWN


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
