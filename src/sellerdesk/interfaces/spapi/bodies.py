"""Bodies: JSON objects of programs, read without trusting them, and their members with the protocol's error texts."""

from typing import Any

from django.http import HttpRequest, UnreadablePostError

from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.spapi.errors import ApiError, Problem, invalid, too_large, wrong_media_type
from sellerdesk.wire.fields import sound
from sellerdesk.wire.strict_json import loads

BODY_LIMIT = 1024 * 1024  # bytes; the largest confirmation is a hundredth of it
WHOLE = 2**31 - 1
_JSON_TYPES = ("", "application/json", "text/json")


def read_bytes(request: HttpRequest, limit: int = BODY_LIMIT) -> bytes:
    """The body. Raises ApiError 413 beyond the limit, 400 when the connection broke."""
    try:
        data: bytes = request.read(limit + 1)
    except (UnreadablePostError, OSError):
        raise invalid("The request body could not be read.") from None
    if len(data) > limit:
        raise too_large()
    return data


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body. Raises ApiError 400, 413 or 415."""
    kind = (request.META.get("CONTENT_TYPE") or "").partition(";")[0].strip().lower()
    if kind not in _JSON_TYPES and not kind.endswith("+json"):
        raise wrong_media_type()
    data = read_bytes(request)
    try:
        value = sound(loads(data.removeprefix(b"\xef\xbb\xbf")))
    except Refusal as refusal:
        place = str(refusal.facts.get("place", ""))
        raise invalid("The request body is not valid JSON.", place) from None
    if not isinstance(value, dict):
        raise invalid("The request body is not a JSON object.")
    return value


class Members:
    """Members of a body. What is wrong is collected by kind, so that one answer names all of it."""

    def __init__(self, value: dict[str, Any], prefix: str = "") -> None:
        self.value = value
        self.prefix = prefix
        self.missing: list[str] = []
        self.mistyped: list[str] = []

    def text(self, name: str, *, needed: bool = False) -> str:
        """A string, without the blanks around it; "" when absent."""
        given = self.value.get(name)
        if given is None:
            if needed:
                self.missing.append(self.prefix + name)
            return ""
        if not isinstance(given, str):
            self.mistyped.append(self.prefix + name)
            return ""
        if needed and not given.strip():
            self.missing.append(self.prefix + name)
        return given.strip()

    def whole(self, name: str, *, needed: bool = False) -> int | None:
        """An integer of JSON from 0 on; None when absent."""
        given = self.value.get(name)
        if given is None:
            if needed:
                self.missing.append(self.prefix + name)
            return None
        if isinstance(given, bool) or not isinstance(given, int) or abs(given) > WHOLE:
            self.mistyped.append(self.prefix + name)
            return None
        return given

    def inner(self, name: str, *, needed: bool = False) -> "Members":
        """An object; its findings count as this one's."""
        given = self.value.get(name)
        if given is None and needed:
            self.missing.append(self.prefix + name)
        elif given is not None and not isinstance(given, dict):
            self.mistyped.append(self.prefix + name)
        inside = Members(given if isinstance(given, dict) else {}, f"{self.prefix}{name}.")
        inside.missing, inside.mistyped = self.missing, self.mistyped
        return inside

    def objects(self, name: str, *, needed: bool = False) -> list["Members"]:
        """A list of objects."""
        given = self.value.get(name)
        if given is None:
            if needed:
                self.missing.append(self.prefix + name)
            return []
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            self.mistyped.append(self.prefix + name)
            return []
        if needed and not given:
            self.missing.append(self.prefix + name)
        found = [Members(one, f"{self.prefix}{name}[{i}].") for i, one in enumerate(given)]
        for one in found:
            one.missing, one.mistyped = self.missing, self.mistyped
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        given = self.value.get(name, [])
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            self.mistyped.append(self.prefix + name)
            return ()
        return tuple(given)

    def check(self) -> None:
        """Raises ApiError 400 when anything was missing or of a wrong type."""
        if self.mistyped:
            raise invalid(
                "The input you have submitted is not valid. Please check the fields with invalid type "
                f"[{', '.join(self.mistyped)}]."
            )
        if self.missing:
            raise ApiError(400, [Problem(f"Missing request parameter: {name}.") for name in self.missing])
