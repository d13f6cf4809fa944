"""Saying something in a chat channel."""

from abc import ABC, abstractmethod


class ChatUnavailable(Exception):
    """The service did not take it. Nothing of the channel's address is in the message."""


class Chat(ABC):
    """Says things in channels."""

    @abstractmethod
    def say(self, address: str, title: str, text: str) -> None:
        """Say a plain text in the channel of a canonical address (`domain.chat`). Raises ChatUnavailable."""
