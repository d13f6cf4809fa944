"""The order list's address: every filter lives in it, so that Back, reload, a new tab and saved views keep it.

`read` turns a query string into what `queries.order_list` is asked, and knows how to write it again with something
changed. What it does not understand it leaves out, so that an old address still opens a list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.cancel_requests import State
from sellerdesk.domain.identifiers import split_terms
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.interfaces.web.when import marketplace_zone
from sellerdesk.queries.order_counts import CountQuery, Tab
from sellerdesk.queries.order_list import SIZES, list_days
from sellerdesk.queries.order_matches import Field, Match, fields_for
from sellerdesk.queries.order_query import Cursor, OrderQuery, Sort

SOON = timedelta(hours=4)  # what the list calls "due soon"
RANGES = ("1", "7", "30", "90", "365", "all")
SHIP_BY = ("late", "soon", "today", "later")
WISHES = {
    "requested": (State.REQUESTED_FORMAL.value,),
    "said": (State.REQUESTED_INFORMAL.value, State.GUIDED.value),
}
CHANNELS = {"mfn": Channel.MFN, "afn": Channel.AFN, "any": None}
MOST_IDS = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXTS = ("q", "service", "sku", "asin", "tracking", "buyer", "country", "carrier")
_DATES = ("from", "until", "ship_from", "ship_until")
ORDER = (
    "tab", "channel", "marketplace", "days", *_DATES, "ship_by", "status", "wish", *_TEXTS, "ids", "sort", "size",
    "after", "before",
)  # fmt: skip
CURSORS = frozenset({"after", "before"})
# Filters that one takes off to see more, as opposed to switches between lists.
FILTERS = (
    "marketplace",
    "from",
    "until",
    "ship_from",
    "ship_until",
    "ship_by",
    "status",
    "wish",
    *_TEXTS,
    "ids",
)


@dataclass(frozen=True)
class Asked:
    """A list as asked for: its cleaned parameters, the query they mean, and the range of the counts.

    `days` is the number of days shown when no dates are given (None: all); `limited`: whether the page is cut by it.
    """

    params: dict[str, tuple[str, ...]]
    query: OrderQuery
    counted: CountQuery
    days: int | None
    default_days: int
    limited: bool
    zone: ZoneInfo

    def get(self, name: str) -> str:
        """The value of a parameter, or ""."""
        return self.params.get(name, ("",))[0]

    def with_(self, **changes: str | Iterable[str]) -> str:
        """The query string with some parameters changed ("" takes one off) and the place in the list forgotten."""
        names = {name.rstrip("_") for name in changes} | CURSORS
        kept = {name: values for name, values in self.params.items() if name not in names}
        for name, value in changes.items():
            values = (value,) if isinstance(value, str) else tuple(value)
            if any(values):
                kept[name.rstrip("_")] = values
        return encode(kept)

    def url(self, **changes: str | Iterable[str]) -> str:
        """The list's address with some parameters changed."""
        return to_url(self.with_(**changes))

    @property
    def text(self) -> str:
        """The whole query string, place in the list included."""
        return encode(self.params)

    @property
    def lasting(self) -> str:
        """The query string without the place in the list: what a saved view keeps."""
        return self.with_()

    @property
    def filtered(self) -> bool:
        """Whether anything but the switches between lists narrows the page."""
        return any(name in self.params for name in FILTERS)


def encode(params: dict[str, tuple[str, ...]]) -> str:
    """Parameters as a query string, always in the same order."""
    return urlencode([(name, value) for name in ORDER for value in params.get(name, ())])


def to_url(query: str) -> str:
    """The list with a query string."""
    return f"{reverse('desk:orders')}?{query}" if query else reverse("desk:orders")


def from_text(text: str, desk: Desk) -> Asked:
    """Read a query string that came in a parameter of its own (`?from=`) or from a saved view."""
    return read(QueryDict(text[:4000]), desk)


def read(given: QueryDict, desk: Desk) -> Asked:
    """Read a query string."""
    params = _clean(given, desk)
    tab = Tab(params.get("tab", (Tab.UNSHIPPED,))[0])
    natural = Sort.SHIP_BY if tab is Tab.UNSHIPPED else Sort.NEWEST
    places = params.get("marketplace", ())
    default = list_days(places or desk.around.marketplaces, desk.now.date())
    for name, usual in (("sort", natural.value), ("days", str(default))):
        if params.get(name) == (usual,):
            del params[name]
    first = {name: values[0] for name, values in params.items()}
    zone = _zone(places or desk.around.marketplaces, desk)
    chosen = first.get("days", "")
    everything = chosen == "all" or "ids" in params
    days = None if everything else int(chosen or default)
    dated = "from" in params or "until" in params
    limited = days is not None and not dated and tab is not Tab.UNSHIPPED
    since = _start_of(desk.now.astimezone(zone).date() - timedelta(days=days - 1), zone) if days else None
    placed_from = _start(first.get("from"), zone) if dated else since
    channel = CHANNELS[first.get("channel", "mfn")]
    ship_from, ship_until, open_only = _ship_range(first, zone, desk)
    query = OrderQuery(
        tab=tab,
        channel=channel,
        marketplaces=places,
        statuses=frozenset(Status(value) for value in params.get("status", ())),
        placed_from=placed_from if dated or limited else None,
        placed_until=_end(first.get("until"), zone),
        ship_from=ship_from,
        ship_until=ship_until,
        open_only=open_only,
        service=first.get("service", ""),
        country=first.get("country", "").upper(),
        carrier=first.get("carrier", ""),
        matches=_matches(params, desk),
        sort=Sort(first.get("sort", natural)),
        size=int(first.get("size", "50")),
        after=_cursor(first.get("after"), first),
        before=_cursor(first.get("before"), first),
    )
    return Asked(params, query, CountQuery(channel, places, placed_from, SOON), days, default, limited, zone)


# --- Reading ---------------------------------------------------------------------------------------------------------

_CHOICES: dict[str, tuple[str, ...]] = {
    "tab": tuple(Tab),
    "channel": tuple(CHANNELS),
    "days": RANGES,
    "ship_by": SHIP_BY,
    "status": tuple(Status),
    "wish": tuple(WISHES),
    "sort": tuple(Sort),
    "size": tuple(str(size) for size in SIZES),
}
_DEFAULTS = {"tab": "unshipped", "channel": "mfn", "size": "50"}


def _clean(given: QueryDict, desk: Desk) -> dict[str, tuple[str, ...]]:
    """Only what is understood, and nothing that says the default."""
    found: dict[str, tuple[str, ...]] = {}
    for name in ORDER:
        values = tuple(dict.fromkeys(value.strip()[:4000] for value in given.getlist(name)))
        if name in _CHOICES:
            values = tuple(one for one in values if one in _CHOICES[name] and one != _DEFAULTS.get(name))
        elif name == "marketplace":
            values = tuple(one for one in values if one in desk.around.marketplaces)
        elif name in _DATES:
            values = tuple(one for one in values if read_day(one))
        elif name == "buyer" and not desk.may(Permission.BUYERS_READ):
            values = ()
        values = tuple(one for one in values if one and "\x00" not in one)
        if values:
            found[name] = values if name in ("marketplace", "status") else values[:1]
    if "after" in found:
        found.pop("before", None)
    return found


def read_day(text: str) -> date | None:
    """A day as date inputs send it, or None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1995 <= day.year <= 2200 else None


def _zone(places: tuple[str, ...], desk: Desk) -> ZoneInfo:
    """The zone in which typed days are meant: the marketplace's when there is one, else the person's."""
    zones = {marketplace_zone(place) for place in places}
    return zones.pop() if len(zones) == 1 else desk.zone


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _start(text: str | None, zone: ZoneInfo) -> datetime | None:
    day = read_day(text or "")
    return _start_of(day, zone) if day else None


def _end(text: str | None, zone: ZoneInfo) -> datetime | None:
    day = read_day(text or "")
    return _start_of(day + timedelta(days=1), zone) if day else None


def _ship_range(
    first: dict[str, str], zone: ZoneInfo, desk: Desk
) -> tuple[datetime | None, datetime | None, bool]:
    """The range of latest ship dates; "today" ends with the day of the person who does the work."""
    tomorrow = _start_of(desk.now.astimezone(desk.zone).date() + timedelta(days=1), desk.zone)
    ranges = {
        "late": (None, desk.now),
        "soon": (desk.now, desk.now + SOON),
        "today": (desk.now, tomorrow),
        "later": (tomorrow, None),
    }
    start, end = _start(first.get("ship_from"), zone), _end(first.get("ship_until"), zone)
    if "ship_by" not in first:
        return start, end, False
    low, high = ranges[first["ship_by"]]
    starts, ends = [one for one in (start, low) if one], [one for one in (end, high) if one]
    return max(starts, default=None), min(ends, default=None), True


def _matches(params: dict[str, tuple[str, ...]], desk: Desk) -> tuple[tuple[Match, ...], ...]:
    found: list[tuple[Match, ...]] = []
    personal = desk.may(Permission.BUYERS_READ)
    if q := params.get("q"):
        found.append(tuple(Match(field, q) for field in fields_for(q[0], personal=personal)))
    for name, field in (("sku", Field.SKU), ("asin", Field.ASIN), ("tracking", Field.TRACKING)):
        if name in params:
            found.append((Match(field, params[name]),))
    if buyer := params.get("buyer"):
        found.append((Match(Field.EMAIL if "@" in buyer[0] else Field.NAME, buyer),))
    if wish := params.get("wish"):
        found.append((Match(Field.WISH, WISHES[wish[0]]),))
    if ids := params.get("ids"):
        found.append((Match(Field.ORDER_NUMBER, split_terms(ids[0])[:MOST_IDS]),))
    return tuple(found)


# --- The place in the list -------------------------------------------------------------------------------------------


def write_cursor(cursor: Cursor) -> str:
    """A place in the list as text: microseconds or minor units, and the id."""
    key = cursor.key
    if isinstance(key, datetime):
        key = (key - _EPOCH) // timedelta(microseconds=1)
    return f"{'n' if key is None else key}.{cursor.id}"


def _cursor(text: str | None, first: dict[str, str]) -> Cursor | None:
    key, _, number = (text or "").partition(".")
    try:
        order_id = int(number)
        value = None if key == "n" else int(key)
        if order_id.bit_length() > 62 or (value or 0).bit_length() > 62:
            return None
        if value is None or first.get("sort") == Sort.TOTAL:
            return Cursor(value, order_id)
        return Cursor(_EPOCH + timedelta(microseconds=value), order_id)
    except (ValueError, OverflowError):
        return None
