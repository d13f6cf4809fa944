"""Cursors of pages: signed, and good only for the seller and the filters that they were made for."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core import signing

from sellerdesk.domain.idempotency import digest_of
from sellerdesk.interfaces.api.problems import malformed
from sellerdesk.queries.api_orders import Filters, Position


def write(position: Position, seller_id: int, filters: Filters) -> str:
    """A position as a text that only we can make. It names an order of the seller's own and no id of ours."""
    return signing.dumps([position.at.isoformat(), position.order_number], salt=_salt(seller_id, filters))


def read(text: str, seller_id: int, filters: Filters) -> Position:
    """The position again. Raises Problem 400 for a cursor of another list, of somebody else, or of nobody."""
    try:
        at, order_number = signing.loads(text, salt=_salt(seller_id, filters))
    except signing.BadSignature:
        raise malformed("cursor", "it does not belong to this list") from None
    return Position(datetime.fromisoformat(at), order_number)


def _salt(seller_id: int, filters: Filters) -> str:
    return f"api.orders:{seller_id}:{digest_of(asdict(filters))}"


@dataclass(frozen=True, slots=True)
class Cursors:
    """The cursors of one list, seller and set of filters. They hold the words that a page ended with, no id of ours."""

    salt: str

    def write(self, words: list[str]) -> str:
        """Words as a text that only we can make."""
        return signing.dumps(words, salt=self.salt)

    def read(self, text: str) -> list[str]:
        """The words again. Raises Problem 400 for a cursor of another list, of somebody else, or of nobody."""
        try:
            words: list[str] = signing.loads(text, salt=self.salt)
        except signing.BadSignature:
            raise malformed("cursor", "it does not belong to this list") from None
        return words


def of_list(name: str, seller_id: int, filters: Any) -> Cursors:
    """The cursors of a list; `filters` is its frozen dataclass."""
    return Cursors(f"api.{name}:{seller_id}:{digest_of(asdict(filters))}")
