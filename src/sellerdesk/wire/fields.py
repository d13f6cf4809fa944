"""Read typed members of decoded JSON, and say which member was wrong."""

import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from sellerdesk.domain.refusals import Code, Refusal, refuse

Json = dict[str, Any]
E = TypeVar("E", bound=StrEnum)

DEPTH = 32  # nesting that no order needs; deeper input is an attack on the reader
WHOLE = 2**31 - 1  # quantities are stored in four bytes
_NUMBER = 10**30  # integers of the remainder beyond this cannot be meant
_BAD_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_ORDER_NUMBER = re.compile(r"[0-9A-Z]{3}-[0-9]{7}-[0-9]{7}\Z")


def located(refusal: Refusal, where: str) -> Refusal:
    """The same refusal with `where` in front of the place that it names."""
    inner = refusal.facts.get("place", "")
    place = f"{where}: {inner}" if where and inner else where or inner
    return Refusal(refusal.code, {**refusal.facts, "place": place})


def sound(value: Any, *, place: str = "", depth: int = 0) -> Any:
    """A copy of decoded JSON that a database can keep: no null members, no control characters, no endless
    numbers.

    Decimals become floats (JSON knows no difference). Raises Refusal INVALID_VALUE naming the member.
    """
    if isinstance(value, str):
        return clean(value, place=place)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict | list):
        return _sound_members(value, place, depth + 1)
    return _sound_number(value, place)


def _sound_members(value: Json | list[Any], place: str, depth: int) -> Any:
    if depth > DEPTH:
        raise refuse(
            Code.INVALID_VALUE, place=place[:60], value="…", expected=f"at most {DEPTH} levels of nesting"
        )
    if isinstance(value, list):
        return [sound(v, place=f"{place}[{i}]", depth=depth) for i, v in enumerate(value, 1) if v is not None]
    prefix = f"{place}." if place else ""
    return {
        clean(key, place=place): sound(member, place=prefix + key, depth=depth)
        for key, member in value.items()
        if member is not None
    }


def _sound_number(value: Any, place: str) -> int | float:
    if isinstance(value, int) and abs(value) < _NUMBER:
        return value
    if isinstance(value, Decimal | float) and math.isfinite(number := float(value)):
        return number
    raise refuse(Code.INVALID_VALUE, place=place, value=_shown(value), expected="a finite number")


def clean(value: str, *, place: str) -> str:
    """The text itself; raises Refusal INVALID_VALUE on control characters, lone surrogates and U+FFFD."""
    if bad := _BAD_TEXT.search(value):
        character = f"U+{ord(bad.group()):04X}"
        raise refuse(
            Code.INVALID_VALUE, place=place, value=character, expected="text without control characters"
        )
    return value


def _shown(value: object) -> str:
    try:
        return str(value)[:40]
    except ValueError:  # Python refuses to write integers of more than 4,300 digits.
        return "a very long number"


def wrong(place: str, value: object, expected: str) -> Refusal:
    return refuse(Code.INVALID_VALUE, place=place, value=_shown(value), expected=expected)


def text(source: Mapping[str, Any], key: str) -> str:
    """A string member; "" when absent."""
    value = source.get(key, "")
    if not isinstance(value, str):
        raise wrong(key, value, "text")
    return value


def needed(source: Mapping[str, Any], key: str) -> str:
    """A string member that must be there and not empty."""
    if not (value := text(source, key)).strip():
        raise refuse(Code.MISSING_VALUE, place=key)
    return value


def is_order_number(value: object) -> bool:
    """Whether a value is text of the form of an order number."""
    return isinstance(value, str) and _ORDER_NUMBER.match(value) is not None


def order_number(source: Mapping[str, Any], key: str) -> str:
    """An order number of 3, 7 and 7 characters."""
    if not is_order_number(value := needed(source, key)):
        raise wrong(key, value, "an order number of 3-7-7 digits")
    return value


def whole(source: Mapping[str, Any], key: str, *, default: int | None = None) -> int:
    """A quantity: an integer of JSON from 0 to the largest that can be stored."""
    value = source.get(key, default)
    if value is None:
        raise refuse(Code.MISSING_VALUE, place=key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= WHOLE:
        raise wrong(key, value, f"a whole number from 0 to {WHOLE}")
    return value


def flag(source: Mapping[str, Any], key: str) -> bool:
    """A boolean, also as the text "true"/"false" in any case; absent is False."""
    value = source.get(key, False)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", ""):
        return value.lower() == "true"
    raise wrong(key, value, "true or false")


def mapping(source: Mapping[str, Any], key: str) -> Json:
    """An object member; {} when absent."""
    value = source.get(key, {})
    if not isinstance(value, dict):
        raise wrong(key, value, "an object")
    return value


def objects(source: Mapping[str, Any], key: str) -> list[Json]:
    """A list of objects; [] when absent."""
    value = source.get(key, [])
    if not isinstance(value, list):
        raise wrong(key, value, "a list")
    for i, member in enumerate(value, 1):
        if not isinstance(member, dict):
            raise wrong(f"{key}[{i}]", member, "an object")
    return value


def choice(source: Mapping[str, Any], key: str, kind: type[E]) -> E:
    """A member of an enumeration, in its exact spelling."""
    value = needed(source, key)
    try:
        return kind(value)
    except ValueError:
        raise wrong(key, value, ", ".join(kind)) from None


def dig(source: Mapping[str, Any], path: Iterable[str]) -> Any:
    """The member at a path of keys, or None."""
    value: Any = source
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value


def plant(target: Json, path: tuple[str, ...], value: Any) -> None:
    """Set the member at a path of keys, making the objects on the way.

    A path through a non-object is left alone.
    """
    for key in path[:-1]:
        target = target.setdefault(key, {})
        if not isinstance(target, dict):
            return
    target[path[-1]] = value


def prune(source: Json, path: tuple[str, ...]) -> None:
    """Remove the member at a path of keys, and the objects on the way that this empties."""
    value = source.get(path[0])
    if len(path) == 1:
        source.pop(path[0], None)
    elif isinstance(value, dict) and value:
        prune(value, path[1:])
        if not value:
            del source[path[0]]


def merge(target: Json, more: Mapping[str, Any]) -> Json:
    """Add what `more` has and `target` lacks, object by object.

    Where both have a member, the target's stands.
    """
    for key, value in more.items():
        mine = target.get(key)
        if isinstance(mine, dict) and isinstance(value, dict):
            merge(mine, value)
        elif key not in target:
            target[key] = value
    return target
