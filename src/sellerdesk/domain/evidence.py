"""What an evidence pack holds: headed sections of lines, and pictures, bounded whatever people wrote.

Plain values between who composes a pack and who sets it as a document.
"""

from dataclasses import dataclass

from sellerdesk.domain.message_lint import clean

# Technical bounds of a document that a person reads.
TEXT_MOST = 4_000  # characters of one line's value
LINES_MOST = 200  # of one section
PICTURES_MOST = 20


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lines of label and value. `left_out`: how many lines did not fit."""

    heading: str
    lines: tuple[tuple[str, str], ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it is kept, with what stands below it."""

    caption: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Pack:
    """A document. `language`: BCP 47; `foot` stands on every page."""

    title: str
    foot: str
    language: str
    sections: tuple[Section, ...]
    pictures: tuple[Picture, ...] = ()


def bounded(text: str) -> str:
    """A person's words as a document may show them: no control or direction marks, and cut with a mark where they are
    too long.
    """
    cleaned = clean(text[: TEXT_MOST * 2])
    return (
        cleaned if len(cleaned) <= TEXT_MOST and len(text) <= TEXT_MOST * 2 else cleaned[:TEXT_MOST] + " […]"
    )


def section(heading: str, lines: list[tuple[str, str]]) -> Section:
    """A section of bounded lines; the first ones stay."""
    kept = tuple((bounded(label), bounded(value)) for label, value in lines[:LINES_MOST])
    return Section(heading, kept, max(0, len(lines) - LINES_MOST))
