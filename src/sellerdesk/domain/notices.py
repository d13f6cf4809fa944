"""Which events owe whom a mail (S0-07, S0-18, S0-19; rulebook 2.4): the journal says what happened, this who hears."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

SELLER, BUYER = "seller", "buyer"


@dataclass(frozen=True, slots=True)
class Notice:
    """An event of the journal, its reader, and the letter to write; `when`: what the event's facts must contain."""

    event: str
    reader: str
    letter: str
    when: Mapping[str, Any] = field(default_factory=dict)


NOTICES = (
    Notice("payment_authorized", SELLER, "sold", {"status": "Unshipped"}),
    Notice("ship_by_reminded", SELLER, "ship_by_reminder"),
    Notice("auto_cancel_warned", SELLER, "auto_cancel_warning"),
    Notice("order_auto_cancelled", SELLER, "auto_cancelled"),
    Notice("order_auto_cancelled", BUYER, "cancelled"),
    Notice("shipment_confirmed", BUYER, "shipped"),
    Notice("warehouse_shipped", BUYER, "shipped"),
    Notice("parcel_event", BUYER, "delivered", {"kind": "DELIVERED"}),
    Notice("portal_code_sent", BUYER, "portal_code"),
)

LETTERS = tuple(dict.fromkeys(notice.letter for notice in NOTICES))
LANGUAGES = ("en", "zh-hans", "zh-hant")
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})

# The pauses after failed attempts, much as Standard Webhooks has them. After the last one a mail is dead.
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
PAUSES = (_MINUTE, 5 * _MINUTE, 30 * _MINUTE, *(n * _HOUR for n in (2, 5, 10, 14, 20, 24)))


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after the n-th failed attempt, or None when that was the last one."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def letter_language(tag: str) -> str:
    """The language of LANGUAGES that is nearest to a BCP 47 tag; English where there is none."""
    first, *rest = tag.lower().replace("_", "-").split("-")
    if first != "zh":
        return "en"
    return "zh-hant" if _TRADITIONAL & set(rest) else "zh-hans"
