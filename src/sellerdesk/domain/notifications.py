"""Which facts of the journal a seller's people are told of in the application, and who wants to hear what.

A person's settings say for a kind of news, on one marketplace or on all, whether it comes by mail and in the
application. The nearest setting counts: one for this marketplace before one for all, then one for this kind before one
for all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MAIL, APP = "mail", "app"
CHANNELS = (MAIL, APP)
DEFAULTS = {MAIL: False, APP: True}
EVERY = "*"


@dataclass(frozen=True, slots=True)
class News:
    """A kind of journal entry that is news; `when`: what its facts must contain. `urgent` asks for somebody to act."""

    kind: str
    when: Mapping[str, Any] = field(default_factory=dict)
    urgent: bool = False


NEWS = (
    News("cancellation_requested", urgent=True),
    News("cancel_answer_passed", urgent=True),
    News("message_received"),
    News("message_answer_missed", urgent=True),
    News("auto_cancel_warned", urgent=True),
    News("ship_by_passed", urgent=True),
    News("order_auto_cancelled", urgent=True),
    News("buyer_cancelled"),
    News("marketplace_cancelled"),
    News("cancelled_elsewhere"),
    News("cancellation_superseded"),
    News("receiver_disabled", urgent=True),
    News("delivery_given_up", urgent=True),
)
KINDS = tuple(news.kind for news in NEWS)


@dataclass(frozen=True, slots=True)
class Setting:
    """A person's wish. `marketplace_id` and `kind` may be EVERY."""

    marketplace_id: str
    kind: str
    channel: str
    is_on: bool


def is_wanted(settings: Iterable[Setting], *, kind: str, marketplace_id: str, channel: str) -> bool:
    """Whether a person wants this kind of news this way; without a setting the channel's default counts."""
    found = [
        one
        for one in settings
        if one.channel == channel
        and one.kind in (kind, EVERY)
        and one.marketplace_id in (marketplace_id, EVERY)
    ]
    if not found:
        return DEFAULTS[channel]
    return max(found, key=lambda one: (one.marketplace_id != EVERY, one.kind != EVERY)).is_on
