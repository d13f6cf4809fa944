"""Calling an address that somebody outside chose."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: HTTP's status, and the beginning of the body."""

    status: int
    body: bytes = b""


class WebError(Exception):
    """No answer. The message is short and says nothing about what is inside our network."""


class NotAllowed(WebError):
    """The address, or what its name leads to, is one that we never call."""


class Unreachable(WebError):
    """Nobody there, no time left, no trust in the certificate, or no HTTP."""


class Web(ABC):
    """Sends requests outside."""

    @abstractmethod
    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """POST a body. A redirect is an answer like any other: it is never followed. Raises WebError."""
