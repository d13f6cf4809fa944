"""A mail that came in, as a value: who says to have written it, what is new in it, which files travel with it.

Mail comes from anybody, so nothing in it is believed and everything is bounded: bytes, lines, parts, depth, the length
of headers, the size of files. Text comes before HTML; HTML is read for its words only. What is over a bound is refused
with a reason; what is merely odd is read as well as it can be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sellerdesk.wire.mail_charsets import FALLBACK, decode, plain, widen_words
from sellerdesk.wire.mail_html import html_to_text
from sellerdesk.wire.mail_marks import automatic_reason
from sellerdesk.wire.mail_replies import trim_reply

MEGABYTE = 1024 * 1024
MAIL_BYTES_MAX = 16 * MEGABYTE  # 10 MB of files grow by a third on their way
FILES_BYTES_MAX = 10 * MEGABYTE  # all files together (rulebook 2.10)
FILES_MAX = 30
PARTS_MAX, MULTIPARTS_MAX, DEPTH_MAX = 100, 20, 10
LINES_MAX = 300_000
DASHES_MAX = 2000  # lines that may part one part from the next
HEADER_MAX = 4000  # characters of one header; the rest is cut off before anybody tries to understand it
TEXT_BYTES_MAX = MEGABYTE  # of one part
TEXT_MAX = 20_000  # characters; the rest is cut
CUT = "[…]"

_CONTENT_TYPE = re.compile(rb"^content-type[ \t]*:", re.I | re.M)
_BOUNDARY = re.compile(rb"^(?:content-type[ \t]*:|[ \t])[^\n]*boundary[*0-9]*[ \t]*=", re.I | re.M)
_ID = re.compile(r"<\s*([^<>\s]{1,250})\s*>")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{1,255}")
_NOT_FILES = frozenset(
    ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
)


class Fault(StrEnum):
    """Why a mail is not read at all."""

    TOO_LARGE = "too_large"
    FILES_TOO_LARGE = "files_too_large"
    TOO_MANY_FILES = "too_many_files"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_DEEP = "too_deep"
    NO_SENDER = "no_sender"
    SEVERAL_SENDERS = "several_senders"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


class MailUnreadable(Exception):
    """The mail is refused; `fault` says why. Its text holds nothing of the mail."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file in a mail, as its sender calls it."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A mail in words. Personal: not to be logged.

    `message_id` is without brackets; a mail without one gets a name made from its content, the same each time.
    `automatic`: what shows that no person wrote it, "" otherwise. `text` is what is new; `was_cut` when history, a
    signature or the end of a very long text was left out. `claimed`: addresses that the headers name as receivers.
    """

    message_id: str
    sender: str  # addr-spec, lower case
    subject: str
    text: str
    files: tuple[MailFile, ...] = ()
    references: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()
    return_path: str | None = None  # "" is the null sender; None: nobody noted it
    automatic: str = ""
    was_cut: bool = False


class _Policy(EmailPolicy):
    """`email.policy.default`, with headers cut to a length and read in the character set that they mean."""

    fallback = FALLBACK

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse([line[:HEADER_MAX] for line in sourcelines[:200]])
        raw = value[:HEADER_MAX].encode("utf-8", "surrogateescape")
        return name[:100], widen_words(decode(raw, fallback=self.fallback))


def read_mail(data: bytes, *, fallback: str = FALLBACK) -> IncomingMail:
    """Read a mail; `fallback` is the character set of text that names none (see `mail_charsets`).

    Raises MailUnreadable.
    """
    _check_bounds(data)
    policy = _Policy()
    try:
        object.__setattr__(
            policy, "fallback", fallback
        )  # policies are frozen, and their types know no others
        message: Any = BytesParser(policy=policy).parsebytes(data)
        parts = _collect(message, fallback)
        return _mail(message, parts)
    except MailUnreadable:
        raise
    except RecursionError as error:
        raise MailUnreadable(Fault.TOO_DEEP) from error
    except Exception as error:  # the library meets hostile structures with exceptions of many kinds
        raise MailUnreadable(Fault.UNREADABLE) from error


def _check_bounds(data: bytes) -> None:
    if len(data) > MAIL_BYTES_MAX or data.count(b"\n") > LINES_MAX:
        raise MailUnreadable(Fault.TOO_LARGE)
    # Counted before parsing: the parser's time grows with lines times depth.
    if (
        _more_than(_CONTENT_TYPE.finditer(data), PARTS_MAX)
        or _more_than(_BOUNDARY.finditer(data), MULTIPARTS_MAX)
        or data.count(b"\n--") > DASHES_MAX
    ):
        raise MailUnreadable(Fault.TOO_MANY_PARTS)


def _more_than(found: Iterator[Any], most: int) -> bool:
    return any(number > most for number, _match in enumerate(found, 1))


@dataclass(slots=True)
class _Parts:
    """What was found in a mail's parts."""

    texts: list[str] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)  # texts of mails inside the mail
    files: list[MailFile] = field(default_factory=list)
    size: int = 0

    def add_file(self, part: EmailMessage, content: bytes) -> None:
        kind = part.get_content_type()
        if not content or kind in _NOT_FILES:
            return
        self.size += len(content)
        if self.size > FILES_BYTES_MAX:
            raise MailUnreadable(Fault.FILES_TOO_LARGE)
        if len(self.files) >= FILES_MAX:
            raise MailUnreadable(Fault.TOO_MANY_FILES)
        self.files.append(MailFile(plain(_file_name(part), lines=False).strip(), kind[:100], content))


@dataclass(frozen=True, slots=True)
class _Step:
    part: Any
    depth: int = 0
    only_files: bool = False  # its words have been said by a sibling
    is_attached: bool = False  # inside a mail inside the mail


def _collect(message: Any, fallback: str) -> _Parts:
    found, stack, count = _Parts(), [_Step(message)], 0
    while stack:
        step = stack.pop()
        count += 1
        if count > PARTS_MAX:
            raise MailUnreadable(Fault.TOO_MANY_PARTS)
        if step.depth > DEPTH_MAX:
            raise MailUnreadable(Fault.TOO_DEEP)
        if step.part.is_multipart():
            stack.extend(reversed(_below(step, found)))
        else:
            _take(step, found, fallback)
    return found


def _below(step: _Step, found: _Parts) -> list[_Step]:
    kind, parts, depth = step.part.get_content_type(), step.part.get_payload(), step.depth + 1
    if kind == "message/rfc822":
        subject = plain(_header(parts[0], "subject"), lines=False).strip()
        found.attached.append(f"[{subject}]" if subject else CUT)
        return [_Step(parts[0], depth, step.only_files, True)]
    if kind == "message/delivery-status":
        return []
    if kind != "multipart/alternative":
        return [_Step(part, depth, step.only_files, step.is_attached) for part in parts]
    best = _best_of(parts)
    return [_Step(part, depth, step.only_files or part is not best, step.is_attached) for part in parts]


def _best_of(parts: list[Any]) -> Any:
    """Of several forms of the same words: plain text that says something, else the richest one."""
    for part in parts:
        if part.get_content_type() == "text/plain" and (part.get_payload(decode=True) or b"").strip():
            return part
    rich = [part for part in parts if part.get_content_type() != "text/plain"]
    return next((p for p in rich if p.get_content_type() == "text/html" or p.is_multipart()), parts[0])


def _take(step: _Step, found: _Parts, fallback: str) -> None:
    part = step.part
    kind = part.get_content_type()
    content: bytes = part.get_payload(decode=True) or b""
    is_text = kind in ("text/plain", "text/html") or kind.startswith("multipart/")
    if not is_text or part.get_content_disposition() == "attachment" or _file_name(part):
        found.add_file(part, content)
        return
    if step.only_files:
        return
    text = plain(decode(content[:TEXT_BYTES_MAX], part.get_content_charset("") or "", fallback=fallback))
    if kind == "text/html":
        text = plain(html_to_text(text))
    elif str(part.get_param("format", "")).lower() == "flowed":
        text = _unflowed(text, joins=str(part.get_param("delsp", "")).lower() == "yes")
    (found.attached if step.is_attached else found.texts).append(text.strip())


def _unflowed(text: str, *, joins: bool) -> str:
    """Lines of RFC 3676 put together again; `joins`: the blank at a line's end goes too."""
    lines: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        line = line[1:] if line.startswith(" ") else line
        if goes_on and lines and not line.startswith(">") and not lines[-1].startswith(">"):
            lines[-1] = (lines[-1][:-1] if joins else lines[-1]) + line
        else:
            lines.append(line)
        goes_on = line.endswith(" ") and line != "-- "
    return "\n".join(lines)


def _mail(message: Any, parts: _Parts) -> IncomingMail:
    text, was_cut = trim_reply("\n\n".join(one for one in parts.texts if one))
    text = "\n\n".join([text, *(one for one in parts.attached if one)]).strip()
    if len(text) > TEXT_MAX:
        text, was_cut = text[: TEXT_MAX - len(CUT) - 1] + "\n" + CUT, True
    if not text and not parts.files:
        raise MailUnreadable(Fault.EMPTY)
    subject = plain(_header(message, "subject"), lines=False).strip()[:200]
    sender = _sender(message)
    path = message.get_all("return-path")
    return_path = _address_in(str(path[0])) if path else None
    return IncomingMail(
        _message_id(message, sender, text, parts),
        sender,
        subject,
        text,
        tuple(parts.files),
        references=tuple(
            _ID.findall(f"{_header(message, 'references')} {_header(message, 'in-reply-to')}")[:50]
        ),
        claimed=_claimed(message),
        return_path=return_path,
        automatic=automatic_reason(
            lambda name: _header(message, name), message.get_content_type(), subject, sender
        ),
        was_cut=was_cut,
    )


def _sender(message: Any) -> str:
    fields = message.get_all("from", [])
    if not fields:
        raise MailUnreadable(Fault.NO_SENDER)
    addresses = [one.addr_spec for one in fields[0].addresses if one.domain and one.username]
    if len(fields) > 1 or len(addresses) > 1:
        raise MailUnreadable(Fault.SEVERAL_SENDERS)
    if not addresses or not _ADDRESS.fullmatch(addresses[0]):
        raise MailUnreadable(Fault.NO_SENDER)
    return str(addresses[0]).lower()


def _message_id(message: Any, sender: str, text: str, parts: _Parts) -> str:
    found = _ID.search(_header(message, "message-id"))
    if found and found[1].isascii() and found[1].isprintable():
        return found[1]
    # The bytes differ from one delivery to the next, by the trace that servers leave; these do not.
    digest = sha256(f"{sender}\n{_header(message, 'date')}\n{text}".encode())
    for file in parts.files:
        digest.update(sha256(file.content).digest())
    return f"{digest.hexdigest()[:40]}@unnamed.invalid"


def _claimed(message: Any) -> tuple[str, ...]:
    names = ("x-original-to", "delivered-to", "envelope-to", "to", "cc")
    found = [one for name in names for one in _ADDRESS.findall(_header(message, name))]
    return tuple(dict.fromkeys(one.lower() for one in found))[:50]


def _address_in(text: str) -> str:
    found = _ADDRESS.search(text)
    return found[0].lower() if found else ""


def _header(message: Any, name: str) -> str:
    """A header in words, whatever is wrong with it; "" when there is none."""
    try:
        return str(message.get(name, ""))
    except Exception:  # the library meets hostile headers with exceptions of many kinds
        return ""


def _file_name(part: Any) -> str:
    try:
        return str(part.get_filename("") or "")
    except Exception:  # as above
        return ""
