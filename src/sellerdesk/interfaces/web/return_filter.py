"""The address of Manage Returns: every filter lives in it, so that Back, reload and a new tab keep it (screens 1.0).

What is not understood is left out, so that an old address still opens a list.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse

from sellerdesk.domain.return_facts import ReturnState
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.looks.when import marketplace_zone
from sellerdesk.queries.returns_list import SIZES
from sellerdesk.queries.returns_query import FACET_STATES, WORK, Cursor, Facet, ReturnsQuery

ORDER = ("show", "state", "marketplace", "from", "until", "q", "sort", "size", "after", "before")
FILTERS = ("state", "marketplace", "from", "until", "q")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DEFAULTS = {"show": Facet.REQUIRED.value, "size": str(SIZES[0])}
_LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """A list as asked for: its cleaned parameters, the query that they mean, and the address without any."""

    params: dict[str, str]
    query: ReturnsQuery
    home: str

    def get(self, name: str) -> str:
        """The value of a parameter, or ""."""
        return self.params.get(name, "")

    def text(self, **changes: str) -> str:
        """The query string with some parameters changed ("" takes one off) and the place in the list forgotten."""
        kept = {name: value for name, value in self.params.items() if name not in ("after", "before")}
        kept |= {name.rstrip("_"): value for name, value in changes.items()}
        return urlencode([(name, kept[name]) for name in ORDER if kept.get(name)])

    def url(self, **changes: str) -> str:
        """The list's address with some parameters changed."""
        return self.to(self.text(**changes))

    def to(self, query: str) -> str:
        """Manage Returns with a query string."""
        return f"{self.home}?{query}" if query else self.home

    @property
    def whole(self) -> str:
        """The query string with the place in the list."""
        return urlencode([(name, self.params[name]) for name in ORDER if name in self.params])

    @property
    def filtered(self) -> bool:
        """Whether anything but the facet narrows the list."""
        return any(name in self.params for name in FILTERS)


def read(given: QueryDict, desk: Desk) -> Asked:
    """Read a query string."""
    params = {name: value for name in ORDER if (value := _clean(name, given.get(name, ""), desk))}
    facet = Facet(params.get("show", Facet.REQUIRED))
    if params.get("state") not in [one.value for one in _narrowing(facet)]:
        params.pop("state", None)
    oldest = facet in WORK
    if params.get("sort") == ("oldest" if oldest else "newest"):
        del params["sort"]
    if "after" in params:
        params.pop("before", None)
    place = params.get("marketplace", "")
    zone = marketplace_zone(place) if place else desk.zone
    query = ReturnsQuery(
        facet,
        ReturnState(params["state"]) if "state" in params else None,
        (place,) if place else (),
        _start(params.get("from", ""), zone),
        _start(params.get("until", ""), zone, days=1),
        params.get("q", ""),
        params["sort"] == "oldest" if "sort" in params else oldest,
        int(params.get("size", SIZES[0])),
        read_cursor(params.get("after", "")),
        read_cursor(params.get("before", "")),
    )
    return Asked(params, query, reverse("desk:returns"))


def _narrowing(facet: Facet) -> tuple[ReturnState, ...]:
    """The states by which a facet can be narrowed: none when it has only one."""
    states = FACET_STATES[facet]
    return states if len(states) > 1 else ()


def _clean(name: str, value: str, desk: Desk) -> str:
    value = value.strip()[:_LONGEST]
    if not value:
        return ""
    known: dict[str, tuple[str, ...]] = {
        "show": tuple(Facet),
        "state": tuple(ReturnState),
        "marketplace": desk.around.marketplaces,
        "sort": ("oldest", "newest"),
        "size": tuple(str(one) for one in SIZES),
    }
    if name in known and value not in known[name]:
        return ""
    if name in ("from", "until") and _day(value) is None:
        return ""
    if name in ("after", "before") and read_cursor(value) is None:
        return ""
    return "" if "\x00" in value or value == _DEFAULTS.get(name) else value


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1995 <= day.year <= 2200 else None


def _start(text: str, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    day = _day(text)
    return datetime.combine(day + timedelta(days=days), time(), zone).astimezone(UTC) if day else None


def write_cursor(cursor: Cursor) -> str:
    """A place in the list as text: microseconds and the id."""
    return f"{(cursor.at - _EPOCH) // timedelta(microseconds=1)}.{cursor.id}"


def read_cursor(text: str) -> Cursor | None:
    """A place in the list, or None for anything that is none."""
    moment, _, number = text.partition(".")
    if not (moment.isascii() and moment.isdigit() and number.isascii() and number.isdigit()):
        return None
    if len(moment) > 17 or len(number) > 18:
        return None
    try:
        return Cursor(_EPOCH + timedelta(microseconds=int(moment)), int(number))
    except OverflowError:
        return None
