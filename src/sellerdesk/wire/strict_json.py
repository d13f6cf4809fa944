"""Load one line of JSON without trusting it: no NaN, no duplicate members, no endless nesting (trust 2.6)."""

import json
from decimal import Decimal
from typing import Any

from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.wire.fields import Json, wrong


def loads(data: bytes) -> Any:
    """The value of a line of UTF-8 JSON, numbers with a fraction as Decimal. Raises Refusal INVALID_VALUE."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise wrong(f"byte {error.start + 1}", data[error.start : error.start + 1].hex(), "UTF-8") from None
    try:
        return json.loads(text, object_pairs_hook=_members, parse_float=Decimal, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise wrong(f"character {error.pos + 1}", text[error.pos : error.pos + 10], "JSON") from None
    except RecursionError:
        raise wrong("", "…", "less nesting") from None
    except ValueError:  # integers of more than 4,300 digits
        raise wrong("", "a very long number", "JSON") from None


def _members(pairs: list[tuple[str, Any]]) -> Json:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise refuse(Code.INVALID_VALUE, place=twice, value=twice, expected="each member once")
    return members


def _constant(name: str) -> Any:
    raise refuse(Code.INVALID_VALUE, place="", value=name, expected="a finite number")
