"""Keys that make a call take effect once, however often it is sent (trust P1)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, Refusal, refuse

KEY_LENGTH_MOST = 255


@dataclass(frozen=True, slots=True)
class Once:
    """A call that must take effect once: whose, which operation, under which key, and what it said.

    `body_hash` is `digest_of` the request; `at` is the moment of the call (aware UTC).
    """

    principal: str
    operation: str
    key: str
    body_hash: str
    at: datetime


def parse_key(text: str, *, place: str) -> str:
    """A key as the caller chose it: 1 to 255 printable ASCII characters.

    Raises Refusal MISSING_VALUE or INVALID_VALUE, naming `place`.
    """
    if not text:
        raise refuse(Code.MISSING_VALUE, place=place)
    if len(text) > KEY_LENGTH_MOST or not (text.isascii() and text.isprintable()):
        expected = f"1 to {KEY_LENGTH_MOST} printable ASCII characters"
        raise refuse(Code.INVALID_VALUE, place=place, value=text[:40], expected=expected)
    return text


def digest_of(body: Any) -> str:
    """SHA-256 of a JSON value in canonical form: blanks and the order of members make no difference."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def freeze(outcomes: list[Outcome]) -> str:
    """Outcomes as text, so that the same answer can be given again byte for byte."""
    return json.dumps([_plain(outcome) for outcome in outcomes], separators=(",", ":"), default=_moment)


def thaw(text: str) -> list[Outcome]:
    """The outcomes that `freeze` made text of; times in their facts come back as ISO 8601 text."""
    return [_outcome(**said) for said in json.loads(text)]


def _plain(outcome: Outcome) -> dict[str, Any]:
    said: dict[str, Any] = {
        "order_number": outcome.order_number,
        "state": outcome.state,
        "place": outcome.place,
        "facts": outcome.facts,
    }
    if outcome.refusal is not None:
        said |= {"code": outcome.refusal.code.value, "why": outcome.refusal.facts}
    return said


def _outcome(
    *, order_number: str, state: str, place: str, facts: dict[str, Any], code: str = "", why: Any = None
) -> Outcome:
    refusal = Refusal(Code(code), why) if code else None
    return Outcome(order_number, state, refusal, place, facts)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an outcome")
