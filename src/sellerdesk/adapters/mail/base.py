"""What every way of sending mail takes and promises (design 2.12)."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a letter. `content_type` is one that we found ourselves, never what a sender claimed."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. `message_id` without angle brackets; `at` aware. The same letter always becomes the same bytes.

    `references`: Message-IDs that it belongs to, oldest first, without brackets. `reply_to`: an addr-spec.
    """

    message_id: str
    sender: str  # addr-spec
    sender_name: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    language: str
    at: datetime
    reply_to: str = ""
    references: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()


class LetterImpossible(ValueError):
    """This letter can never be sent (a damaged address, say); another one may."""


class LetterRefused(Exception):
    """The server said no to this letter for good; the message is its answer without addresses."""


class MailUnavailable(Exception):
    """Not now: the server is away, or said to come again. The letter may have arrived all the same."""


class Post(ABC):
    """A way of sending mail, opened as a context for as many letters as are at hand."""

    @abstractmethod
    def send(self, letter: Letter) -> None:
        """Hand one letter over; on return it is safe with the other side.

        :raises LetterImpossible, LetterRefused: never again. :raises MailUnavailable: try again later.
        """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Let go of what sending needed, if anything."""
        return
