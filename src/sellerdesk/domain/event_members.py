"""What the members of an event's `data` look like: the promise to programs that hear of facts, and its schema.

A name has the same shape in every event. Texts of people, names and addresses have no place here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sellerdesk.domain.events import TEST, TYPES, types_of

_TEXT = {"type": "string"}
_UNITS = {"type": "integer", "minimum": 0}
_MINOR = {"type": "integer"}
_FLAG = {"type": "boolean"}
_MOMENT = {
    "type": "string",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$",
}


@dataclass(frozen=True, slots=True)
class Member:
    """The shape of a member: as people read it, and as JSON Schema has it."""

    words: str
    schema: Mapping[str, Any]


_MOMENTS = Member("moment: ISO 8601 with zone", _MOMENT)
_WORD = Member("text: one of our words", _TEXT)
_PACKAGE = {"type": "object", "required": ["reference"]}
MEMBERS: Mapping[str, Member] = {
    "status": Member("text: the order's status", _TEXT),
    "state": _WORD,
    "latest_ship_at": _MOMENTS,
    "reason": _WORD,
    "cause": _WORD,
    "by": Member("text: a party", _TEXT),
    "refunded": Member("minor units of `currency`", _MINOR),
    "from": _MOMENTS,
    "until": _MOMENTS,
    "packages": Member(
        "array of objects: `reference`, `carrier`, `tracking`, `units`", {"type": "array", "items": _PACKAGE}
    ),
    "late": Member("boolean", _FLAG),
    "reference": Member("text: of the parcel, refund, claim, chargeback, fee or payout", _TEXT),
    "kind": _WORD,
    "at": _MOMENTS,
    "due_at": _MOMENTS,
    "ship_by": _MOMENTS,
    "units": Member("whole number", _UNITS),
    "counts": Member("boolean: in the cancellation rate", _FLAG),
    "items": Member("array of item numbers", {"type": "array", "items": _TEXT}),
    "message": Member("whole number: its id", _UNITS),
    "files": Member("whole number", _UNITS),
    "rma": Member("text: the return's number; empty without one", _TEXT),
    "own_rma": Member("text: the seller's own number, which replaces `rma` from now on; else empty", _TEXT),
    "label": Member("text: `none`, `uploaded`, `prepaid`", {"enum": ["none", "uploaded", "prepaid"]}),
    "automatic": Member("boolean: by a setting or a rule", _FLAG),
    "contacted": Member("boolean: somebody had written to the buyer", _FLAG),
    "wrongly_rejected": Member("boolean: although the policy allows it", _FLAG),
    "lines": Member(
        "object: item number → units", {"type": "object", "additionalProperties": {"type": "integer"}}
    ),
    "grades": Member("object: item number → grade", {"type": "object", "additionalProperties": _TEXT}),
    "verdict": Member("text: `in_policy`, `not_delivered`, `window_over`", _TEXT),
    "payer": Member("text: who pays the way back, `buyer` or `seller`", {"enum": ["buyer", "seller"]}),
    "returnless": Member("boolean: the buyer keeps the goods", _FLAG),
    "restocked": Member("whole number of units", _UNITS),
    "total": Member("minor units of `currency`: what the buyer gets", _MINOR),
    "amount": Member("minor units of `currency`", _MINOR),
    "paid": Member("minor units of `currency`: to the buyer, whoever bears it", _MINOR),
    "debited": Member("minor units of `currency`: taken from the seller", _MINOR),
    "fee": Member("minor units of `currency`: kept back", _MINOR),
    "concessions": Member("minor units of `currency`: beyond what was charged, within `total`", _MINOR),
    "currency": Member("text: ISO 4217", {"type": "string", "pattern": "^[A-Z]{3}$"}),
    "mode": _WORD,
    "release_at": _MOMENTS,
    "fault": Member("text: `seller`, `carrier`, `buyer`, `nobody`", _TEXT),
    "funding": Member("text: who pays, `seller` or `marketplace`", _TEXT),
    "defect": Member("boolean: counts in the order defect rate from now on", _FLAG),
    "money": Member("boolean: the seller gets the money back", _FLAG),
    "appeal_until": _MOMENTS,
    "rating": Member("whole number of stars, 1 to 5", {"type": "integer", "minimum": 1, "maximum": 5}),
    "negative": Member("boolean: counts in the order defect rate", _FLAG),
    "outcome": _WORD,
}
# In every event but the test.
ALWAYS: Mapping[str, Mapping[str, Any]] = {
    "sellerId": _TEXT,
    "orderNumber": _TEXT,
    "marketplaceId": _TEXT,
    "sequence": {"type": "integer", "minimum": 0},
    "party": {"enum": ["BUYER", "SELLER", "AMAZON", "SYSTEM", "CARRIER"]},
}


def camel(name: str) -> str:
    """A member's name as programs see it: `due_at` → `dueAt`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def schema_of(type_: str) -> dict[str, Any]:
    """The JSON Schema of a body of this type: nothing else is sent. Raises KeyError for no type of ours."""
    if type_ == TEST:
        data: dict[str, Any] = {"sellerId": _TEXT}
        required = ["sellerId"]
    else:
        names = dict.fromkeys(name for event in types_of()[type_] for name in event.facts)
        data = {**ALWAYS, **{camel(name): MEMBERS[name].schema for name in names}}
        required = list(ALWAYS)
    return {
        "type": "object",
        "properties": {
            "type": {"const": type_},
            "timestamp": _MOMENT,
            "data": {
                "type": "object",
                "properties": data,
                "required": required,
                "additionalProperties": False,
            },
        },
        "required": ["type", "timestamp", "data"],
        "additionalProperties": False,
    }


def schemas() -> dict[str, dict[str, Any]]:
    """Type → schema, for all types."""
    return {type_: schema_of(type_) for type_ in (*TYPES, TEST)}
