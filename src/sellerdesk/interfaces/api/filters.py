"""The query strings of lists: every parameter known, once, and well-formed."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.orders import Status
from sellerdesk.interfaces.api.problems import malformed
from sellerdesk.interfaces.api.shapes import parse_instant
from sellerdesk.queries.api_orders import Filters

PAGE, PAGE_MOST = 50, 200
_INSTANTS = ("placedAfter", "placedBefore", "updatedAfter", "updatedBefore")
_LISTS = ("status", "marketplaceId")
_KNOWN = frozenset({*_INSTANTS, *_LISTS, "sort", "limit", "cursor"})


def order_filters(request: HttpRequest) -> Filters:
    """The filters of the list of orders. Raises Problem 400 naming the parameter."""
    check_names(request, _KNOWN, several=_LISTS)
    times = {_snake(name): instant(request, name) for name in _INSTANTS}
    sort = request.GET.get(
        "sort", "updated" if times["updated_after"] or times["updated_before"] else "placed"
    )
    if sort not in ("placed", "updated"):
        raise malformed("sort", "expected placed or updated")
    return Filters(
        statuses=several(request, "status", {status.value for status in Status}),
        marketplaces=several(request, "marketplaceId", set(MARKETPLACES)),
        sort="placed" if sort == "placed" else "updated",
        **times,
    )


def check_names(request: HttpRequest, known: frozenset[str], *, several: tuple[str, ...] = ()) -> None:
    """Refuse parameters that nobody knows, and more than one of a kind. Raises Problem 400."""
    for name, values in request.GET.lists():
        if name not in known:
            raise malformed(name, "unknown parameter", known=sorted(known))
        if len(values) > 1 and name not in several:
            raise malformed(name, "given more than once")


def whole_number(request: HttpRequest, name: str, default: int, *, least: int, most: int) -> int:
    """A small whole number from the query. Raises Problem 400."""
    text = request.GET.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise malformed(name, f"expected a whole number from {least} to {most}")
    return int(text)


def parameters() -> list[dict[str, Any]]:
    """The parameters of the list of orders as OpenAPI describes them."""
    instant = {"type": "string", "format": "date-time"}
    statuses = {"type": "string", "enum": [status.value for status in Status]}
    made = [_parameter(name, instant) for name in _INSTANTS]
    made.append(_parameter("status", {"type": "array", "items": statuses}))
    made.append(_parameter("marketplaceId", {"type": "array", "items": {"type": "string"}}))
    made.append(_parameter("sort", {"type": "string", "enum": ["placed", "updated"]}))
    made.append(_parameter("limit", {"type": "integer", "minimum": 1, "maximum": PAGE_MOST, "default": PAGE}))
    made.append(_parameter("cursor", {"type": "string"}))
    return made


def parameter(name: str, least: int, most: int, default: int) -> dict[str, Any]:
    """A whole-number parameter as OpenAPI describes it."""
    return _parameter(name, {"type": "integer", "minimum": least, "maximum": most, "default": default})


def marketplaces(request: HttpRequest) -> tuple[str, ...]:
    """The marketplaces that a list is narrowed to. Raises Problem 400."""
    return several(request, "marketplaceId", set(MARKETPLACES))


def word(request: HttpRequest, name: str, known: Collection[str], default: str) -> str:
    """One of some words from the query. Raises Problem 400."""
    text = request.GET.get(name, default)
    if text != default and text not in known:
        raise malformed(name, f"expected {' or '.join(known)}")
    return text


def word_parameter(name: str, known: Collection[str], words: str) -> dict[str, Any]:
    """One of some words as OpenAPI describes it."""
    return _parameter(name, {"type": "string", "enum": list(known)}) | {"description": words}


def choice_parameter(name: str, known: Collection[str], words: str) -> dict[str, Any]:
    """A list of known words as OpenAPI describes it."""
    items = {"type": "string", "enum": list(known)}
    return _parameter(name, {"type": "array", "items": items}) | {"description": words}


def text_parameter(name: str, words: str) -> dict[str, Any]:
    return _parameter(name, {"type": "string"}) | {"description": words}


def instant_parameter(name: str, words: str) -> dict[str, Any]:
    return _parameter(name, {"type": "string", "format": "date-time"}) | {"description": words}


def page_parameters() -> list[dict[str, Any]]:
    """The two parameters of every list that has pages."""
    limit = parameter("limit", 1, PAGE_MOST, PAGE) | {"description": "How many at most."}
    return [limit, text_parameter("cursor", "`nextCursor` of the page before.")]


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "schema": schema}


def instant(request: HttpRequest, name: str) -> datetime | None:
    """An instant from the query, None when it is not there. Raises Problem 400."""
    text = request.GET.get(name)
    if text is None:
        return None
    # A plus that was not encoded arrives as a blank.
    return _reading(name, parse_instant, text.replace(" ", "+"))


def _reading(name: str, read: Callable[[str], datetime], text: str) -> datetime:
    try:
        return read(text)
    except ValueError as error:
        raise malformed(name, str(error)) from None


def several(request: HttpRequest, name: str, known: set[str]) -> tuple[str, ...]:
    """Words of a list, given once with commas or several times. Raises Problem 400 for one that nobody knows."""
    given = [word for text in request.GET.getlist(name) for word in text.split(",")]
    for word in given:
        if word not in known:
            raise malformed(name, f"expected one of {', '.join(sorted(known))}")
    return tuple(dict.fromkeys(given))


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
