"""What both versions of Finances share: windows, and tokens that belong to one question (spapi 9)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sellerdesk.interfaces.spapi import paging
from sellerdesk.interfaces.spapi.errors import invalid
from sellerdesk.interfaces.spapi.parameters import Query
from sellerdesk.interfaces.spapi.windows import SETTLED

FARTHEST = timedelta(days=180)  # a longer window is answered empty, as the model says


@dataclass(frozen=True, slots=True)
class Window:
    """Posted from `after` on and before `before`. `too_long`: nothing is found in it."""

    after: datetime | None
    before: datetime

    @property
    def too_long(self) -> bool:
        return self.after is not None and self.before - self.after > FARTHEST


def read_window(query: Query, after_name: str, before_name: str, now: datetime) -> Window:
    """The window of a question. Raises ApiError 400: a bound less than two minutes ago, the end without the beginning,
    or not after it.
    """
    latest = (now - SETTLED).replace(microsecond=0)
    after, before = query.instant(after_name), query.instant(before_name)
    for name, given in ((after_name, after), (before_name, before)):
        if given is not None and given > now - SETTLED:
            raise invalid(f"{name} must be at least two minutes before the time of the request.")
    if before is not None and after is None:
        raise invalid(f"{after_name} must be specified together with {before_name}.")
    if before is not None and after is not None and after >= before:
        raise invalid(f"{before_name} must be later than {after_name}.")
    return Window(after, before or latest)


class Pages:
    """Tokens of one list: bound to the operation, the seller, and the arguments of the question."""

    def __init__(self, operation: str, seller_id: int, query: Query, name: str) -> None:
        self.operation, self.seller_id, self.name = operation, seller_id, name
        asked = sorted((key, values) for key, values in query.values.items() if key != name)
        self.mark = hashlib.sha256(repr(asked).encode("utf-8", "surrogatepass")).hexdigest()[:24]
        self.given = query.text(name, most=2000)

    def place(self) -> tuple[Mapping[str, Any], tuple[datetime, int] | None]:
        """What the token of the question holds besides, and where its page begins; ({}, None) without a token.

        Raises ApiError 400 for a token of other arguments.
        """
        if not self.given:
            return {}, None
        held = paging.unseal(self.given, self.operation, self.seller_id, name=self.name)
        if held.get("m") != self.mark:
            raise invalid(f"{self.name} must be used with the arguments of the call that produced it.")
        return held, (datetime.fromisoformat(held["at"]), int(held["id"]))

    def token(self, end: tuple[datetime, int], **held: Any) -> str:
        """The token of the page that follows."""
        content = {"m": self.mark, "at": end[0].isoformat(), "id": end[1]} | held
        return paging.seal(self.operation, self.seller_id, content)
