"""Bodies of webhooks: `{type, timestamp, data}` as Standard Webhooks has it, members in camel case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from sellerdesk.domain.events import TEST, Event
from sellerdesk.wire.times import render

_UNDERSCORE = re.compile(r"_([a-z0-9])")


@dataclass(frozen=True, slots=True)
class Told:
    """A fact to tell. `sequence` counts the facts of its order, so that a receiver can put them in order."""

    at: datetime
    seller_public_id: str
    party: str
    order_number: str
    marketplace_id: str
    sequence: int
    facts: Mapping[str, Any]


def encode(event: Event, told: Told) -> bytes:
    """The body of one fact: the same bytes at every attempt."""
    data = {
        "sellerId": told.seller_public_id,
        "orderNumber": told.order_number,
        "marketplaceId": told.marketplace_id,
        "sequence": told.sequence,
        "party": told.party,
    }
    said = {name: told.facts[name] for name in event.facts if told.facts.get(name) is not None}
    return _body(event.type, told.at, data | _camel(said))


def encode_test(at: datetime, seller_public_id: str) -> bytes:
    """The body of a test that a person asked for."""
    return _body(TEST, at, {"sellerId": seller_public_id})


def _body(type_: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode({"type": type_, "timestamp": render(at), "data": data})


def _camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {_UNDERSCORE.sub(lambda m: m[1].upper(), str(k)): _camel(v) for k, v in value.items()}
    return [_camel(one) for one in value] if isinstance(value, list) else value
