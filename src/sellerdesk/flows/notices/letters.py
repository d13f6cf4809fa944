"""Writing letters: facts of an order into a subject, a text and a page, in the reader's language (S0-18 to S0-20).

Each letter has one text file per language under `mail_texts`: its first line is the subject, paragraphs are parted by
blank lines, and lines that begin with a dash are a list. The page is made from the same words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_name
from django.conf import settings
from django.template import Context, Engine

from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.notices import BUYER, letter_language
from sellerdesk.queries.mails import LetterFacts, LetterItem

_FOLDER = Path(__file__).parent / "mail_texts"
_LOCALES = {"en": "en_US", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
# Stands for the message in a text: foreign words go in after the paragraphs were told apart, so that they stay one.
_MESSAGE = "\ue000"
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


def write(facts: LetterFacts) -> Written:
    """Write a letter. Times are in the marketplace's zone (S0-20)."""
    place = by_id(facts.marketplace_id)
    theirs = facts.buyer_language or place.language
    language = letter_language(theirs if facts.reader == BUYER else facts.seller_language)
    language = facts.facts.get("language", language)  # where the page that asked for it was in another
    words = _text_of(language, facts.kind).render(Context(_context(facts, language), autoescape=False))
    subject, _, body = words.strip().partition("\n")
    paragraphs = [part.strip() for part in _BLANK_LINES.split(body.strip()) if part.strip()]
    page = _pages.get_template("letter.html")
    blocks = [block for one in paragraphs for block in _blocks(one, facts.message)]
    html = page.render(Context({"language": language, "subject": subject, "blocks": blocks}))
    said = [facts.message.strip() if one == _MESSAGE else one for one in paragraphs]
    return Written(language, subject, "\n\n".join(one for one in said if one) + "\n", html)


@cache
def _text_of(language: str, kind: str) -> Any:
    return _texts.get_template(f"{language}/{kind}.txt")


def _blocks(paragraph: str, message: str) -> list[_Block]:
    if paragraph == _MESSAGE:
        return [_Block(lines=tuple(message.strip().split("\n")))] if message.strip() else []
    lines = paragraph.splitlines()
    words = " ".join(line.strip() for line in lines if not line.startswith("- "))
    points = tuple(line[2:].strip() for line in lines if line.startswith("- "))
    return [block for block in (_Block(words), _Block(points=points)) if block.words or block.points]


def _context(facts: LetterFacts, language: str) -> dict[str, Any]:
    place = by_id(facts.marketplace_id)
    when = _Clock(place.zone, _LOCALES[language])
    ends = facts.latest_ship_at if facts.kind == "ship_by_reminder" else facts.auto_cancel_at
    return {
        "order_number": facts.order_number,
        "marketplace": place.name,
        "seller_name": _plain(facts.seller_name),
        "buyer_name": _plain(facts.buyer_name),
        "ship_service": _plain(facts.ship_service),
        "items": [
            {"title": _plain(item.title), "sku": _plain(item.sku), "ordered": item.ordered}
            for item in facts.items
        ],
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
        "answer_by": when.moment(_instant(facts.facts.get("due_at"))),
    } | _cancelling(facts)


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
        "wish": _plain(facts.wish),
        "wished": [
            _line(item, item.ordered - item.cancelled) for item in facts.items if item.number in wished
        ],
        "cancelled_items": [_line(item, units[item.number]) for item in facts.items if item.number in units],
        "code": said.get("spoken_code") or said.get("code", ""),
        "findings": said.get("findings", ()),
    }


def _line(item: LetterItem, units: int) -> dict[str, Any]:
    return {"title": _plain(item.title), "sku": _plain(item.sku), "units": units}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _parcels(facts: LetterFacts) -> list[Mapping[str, str]]:
    """The parcels that the event speaks of, in the words of now (a tracking number may have been corrected since)."""
    named = {one.get("reference") for one in facts.facts.get("packages", ())} | {facts.facts.get("reference")}
    return [
        {"carrier": _plain(one.carrier), "service": _plain(one.service), "tracking": _plain(one.tracking)}
        for one in facts.parcels
        if one.reference in named
    ]


def _is_partial(facts: LetterFacts) -> bool:
    if facts.kind == "shipped":
        return facts.facts.get("status") == "PartiallyShipped"
    return any(item.shipped for item in facts.items)


def _plain(text: str) -> str:
    """Foreign words on one line, so that they cannot begin a paragraph, a list or a subject of their own."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class _Clock:
    """A marketplace's wall clock, spoken in a language."""

    zone: str
    locale: str

    def moment(self, at: datetime | None) -> str:
        if at is None:
            return ""
        local = at.astimezone(ZoneInfo(self.zone))
        zone = get_timezone_name(local, width="long", locale=self.locale)
        return f"{self.day(at)} {local:%H:%M} ({zone})"

    def day(self, at: datetime | None) -> str:
        return format_date(at.astimezone(ZoneInfo(self.zone)), "long", locale=self.locale) if at else ""
