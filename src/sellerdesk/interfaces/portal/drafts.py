"""What a buyer has filled into the cancel form: read, kept, and shown again whichever way the form turns; and the key
and version that every form of the portal carries.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sellerdesk.domain.cancel_requests import WORDS_MAX, Reason
from sellerdesk.domain.idempotency import digest_of, parse_key
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.looks.typed import tidy, whole_number
from sellerdesk.queries.portal_orders import PortalOrder

_KEY_BYTES = 18


@dataclass(frozen=True, slots=True)
class Draft:
    """A filled form. `units`: item number → units, of items that were chosen; `key` makes sending it twice harmless."""

    key: str
    units: Mapping[str, int]
    reason: str
    words: str
    problem: Refusal | None = field(default=None)

    @property
    def digest(self) -> str:
        """What the form said, for recognising another one under the same key."""
        return digest_of({"units": dict(self.units), "reason": self.reason, "words": self.words})

    def with_new_key(self) -> "Draft":
        """The same choices as a form of its own."""
        return replace(self, key=new_key())


def new_key() -> str:
    """A key for one form."""
    return secrets.token_urlsafe(_KEY_BYTES)


def key_of(data: Mapping[str, Any]) -> str:
    """The key that a form was sent with; a new one when that cannot be used."""
    try:
        return parse_key(str(data.get("key", "")), place="key")
    except Refusal:
        return new_key()


def version_of(data: Mapping[str, Any]) -> int:
    """The version that a form was drawn for; 0, which nothing has, when that cannot be read."""
    try:
        return whole_number(str(data.get("version", "")), place="version")
    except Refusal:
        return 0


def blank(order: PortalOrder) -> Draft:
    """A form on which everything that is left is chosen."""
    return Draft(new_key(), {item.item_number: item.left for item in order.items if item.left}, "", "")


def read(data: Mapping[str, Any], order: PortalOrder) -> Draft:
    """What was sent; `problem` says what cannot be used of it. Items of other orders are not looked for."""
    key = key_of(data)
    problem: Refusal | None = None
    units: dict[str, int] = {}
    for item in order.items:
        try:
            wanted = whole_number(str(data.get(f"q-{item.item_number}", "")), place=item.item_number)
        except Refusal as refusal:
            problem = refusal
            continue
        if wanted:
            units[item.item_number] = wanted
    reason = str(data.get("reason", ""))
    reason = reason if reason in set(Reason) else ""
    words = str(data.get("words", ""))
    try:
        words = tidy(words.replace("\r\n", "\n"), place="words", longest=WORDS_MAX)
    except Refusal as refusal:
        problem = refusal
    if not units and problem is None:
        problem = refuse(Code.MISSING_VALUE, place="items")
    return Draft(key, units, reason, words, problem)
