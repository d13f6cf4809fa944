"""Writing letters: facts of an order into a subject, a text and a page, in the reader's language (S0-18 to S0-20).

Each letter has one text file per language under `mail_texts`: its first line is the subject, paragraphs are parted by
blank lines, lines that begin with a dash are a list, and lines that begin with a bar stay lines. The page is made from
the same words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Context, Engine
from django.utils import translation

from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.notices import BUYER, MESSAGE_LETTERS, letter_language
from sellerdesk.flows.notices import aftersales
from sellerdesk.flows.notices.clock import LetterClock
from sellerdesk.flows.notices.foreign import plain, quoted
from sellerdesk.queries.mails import TEXT_LENGTH_MOST, LetterFacts, LetterItem

_FOLDER = Path(__file__).parent / "mail_texts"
# Stands for the quotation in a text: foreign words go in after the paragraphs were told apart, so that they stay one.
_MESSAGE = "\ue000"
_POINT, _ROW = "- ", "| "
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_texts = Engine(dirs=[str(_FOLDER)], autoescape=False)
_pages = Engine(dirs=[str(_FOLDER)], autoescape=True)


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words."""

    language: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Block:
    words: str = ""
    points: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()  # of a message, as its writer broke them
    rows: tuple[str, ...] = ()  # of an address


def write(facts: LetterFacts) -> Written:
    """Write a letter. Times are in the marketplace's zone (S0-20)."""
    place = by_id(facts.marketplace_id)
    theirs = facts.buyer_language or place.language
    language = letter_language(theirs if facts.reader == BUYER else facts.seller_language)
    language = facts.facts.get("language", language)  # where the page that asked for it was in another
    with translation.override(language):
        words = _text_of(language, facts.kind).render(Context(_context(facts, language), autoescape=False))
    subject, _, body = words.strip().partition("\n")
    paragraphs = [part.strip() for part in _BLANK_LINES.split(body.strip()) if part.strip()]
    page = _pages.get_template("letter.html")
    quotation = _quotation(facts)
    blocks = [block for one in paragraphs for block in _blocks(one, quotation)]
    html = page.render(Context({"language": language, "subject": subject, "blocks": blocks}))
    # An answer to a message is written above it, so that one stands bare; other quotations are marked as such.
    mark = "" if facts.kind in MESSAGE_LETTERS else "> "
    text = "\n".join(f"{mark}{line}".rstrip() for line in quotation)
    said = [text if one == _MESSAGE else _without_marks(one) for one in paragraphs]
    return Written(language, subject, "\n\n".join(one for one in said if one) + "\n", html)


def _without_marks(paragraph: str) -> str:
    return "\n".join(line.removeprefix(_ROW) for line in paragraph.split("\n"))


def _quotation(facts: LetterFacts) -> tuple[str, ...]:
    """The words of somebody else that the letter passes on, as lines."""
    if facts.kind in MESSAGE_LETTERS:  # checked and bounded when it was sent
        return tuple(facts.message.strip().split("\n")) if facts.message.strip() else ()
    return quoted(aftersales.words_of(facts), TEXT_LENGTH_MOST)


@cache
def _text_of(language: str, kind: str) -> Any:
    return _texts.get_template(f"{language}/{kind}.txt")


def _blocks(paragraph: str, quotation: tuple[str, ...]) -> list[_Block]:
    if paragraph == _MESSAGE:
        return [_Block(lines=quotation)] if quotation else []
    lines = paragraph.splitlines()
    words = " ".join(line.strip() for line in lines if not line.startswith((_POINT, _ROW)))
    points = tuple(line[2:].strip() for line in lines if line.startswith(_POINT))
    rows = tuple(line[2:].strip() for line in lines if line.startswith(_ROW))
    return [
        *([_Block(words)] if words else []),
        *([_Block(points=points)] if points else []),
        *([_Block(rows=rows)] if rows else []),
    ]


def _context(facts: LetterFacts, language: str) -> dict[str, Any]:
    place = by_id(facts.marketplace_id)
    when = LetterClock(place.zone, language)
    ends = facts.latest_ship_at if facts.kind == "ship_by_reminder" else facts.auto_cancel_at
    return {
        "order_number": facts.order_number,
        "marketplace": place.name,
        "seller_name": plain(facts.seller_name),
        "buyer_name": plain(facts.buyer_name),
        "ship_service": plain(facts.ship_service),
        "items": [
            {"title": plain(item.title), "sku": plain(item.sku), "ordered": item.ordered}
            for item in facts.items
        ],
        # What was cancelled neither comes nor is to be sent: letters about the rest do not name it.
        "kept_items": _lines(facts, lambda item: item.ordered - item.cancelled),
        "open_items": _lines(facts, lambda item: item.ordered - item.cancelled - item.shipped),
        "parcels": _parcels(facts),
        "partly": _is_partial(facts),
        "ship_by": when.moment(facts.latest_ship_at),
        "ship_by_day": when.day(facts.latest_ship_at),
        "cancels_at": when.moment(facts.auto_cancel_at),
        "cancel_day": when.day(facts.auto_cancel_at),
        "overdue": ends is not None and facts.at >= ends,
        "code_until": when.moment(facts.facts.get("code_until")),
        "unwarned": facts.facts.get("cause") == "warning_missed",
        "desk": f"{settings.BASE_URL}/desk/orders/{facts.order_number}/",
        "account": f"{settings.BASE_URL}/account/",
        "message": _MESSAGE,
        "files": facts.facts.get("files", 0),
        "answer_by": when.said(facts.facts.get("due_at")),
        **_cancelling(facts),
        **aftersales.context(facts, when),
    }


def _cancelling(facts: LetterFacts) -> dict[str, Any]:
    """What letters about cancelling, and about mail that was refused, say beyond the others."""
    said = facts.facts
    units: Mapping[str, int] = said.get("lines") or {}
    wished = said.get("items", ())
    return {
        "reason": said.get("reason", ""),
        "cause": said.get("cause", ""),
        "whole": said.get("whole", True),
        "counts": said.get("counts", False),
        "restocked": said.get("restocked", False),
        "wish": plain(facts.wish),
        "wished": [
            _line(item, item.ordered - item.cancelled) for item in facts.items if item.number in wished
        ],
        "cancelled_items": [_line(item, units[item.number]) for item in facts.items if item.number in units],
        "code": said.get("spoken_code") or said.get("code", ""),
        "findings": said.get("findings", ()),
    }


def _lines(facts: LetterFacts, units_of: Callable[[LetterItem], int]) -> list[dict[str, Any]]:
    return [_line(item, units_of(item)) for item in facts.items if units_of(item) > 0]


def _line(item: LetterItem, units: int) -> dict[str, Any]:
    return {"title": plain(item.title), "sku": plain(item.sku), "units": units}


def _parcels(facts: LetterFacts) -> list[Mapping[str, str]]:
    """The parcels that the event speaks of, in the words of now (a tracking number may have been corrected since)."""
    named = {one.get("reference") for one in facts.facts.get("packages", ())} | {facts.facts.get("reference")}
    return [
        {"carrier": plain(one.carrier), "service": plain(one.service), "tracking": plain(one.tracking)}
        for one in facts.parcels
        if one.reference in named
    ]


def _is_partial(facts: LetterFacts) -> bool:
    if facts.kind == "shipped":
        return facts.facts.get("status") == "PartiallyShipped"
    return any(item.shipped for item in facts.items)
