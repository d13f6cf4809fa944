"""Keep how a document said what we would say otherwise, so that decoding and encoding again loses nothing.

A codec renders our fields in one canonical way. Where the document that came in differs — another spelling
of the same instant, a member that we would have left out, one that we would have added — the difference is
kept beside the remainder under the reserved key `~` and applied again on the way out, for as long as our own
rendering of that member is still what it was then. Once the facts have changed, ours stands.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sellerdesk.wire.fields import Json

KEY = "~"  # the differences
AT = "~at"  # the status in which members were published that the rules would have hidden
PHONE = "~phone"  # the platform itself still published the phone of an order that was shipped
INNER = frozenset({KEY, AT, PHONE})
_MISSING = object()


def same(one: Any, other: Any) -> bool:
    """Equal in value and in JSON type: True is not 1, 1 is not 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(v, other[k]) for k, v in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def differences(said: Json, ours: Json) -> list[Json]:
    """How `said` differs from `ours`.

    Entries of a path `p`, our rendering `o` and the document's `s` (either may lack).
    """
    return list(_compare([], said, ours))


def _compare(path: list[str | int], said: Any, ours: Any) -> Iterator[Json]:
    if isinstance(said, dict) and isinstance(ours, dict):
        for key in [*ours, *(k for k in said if k not in ours)]:
            theirs, mine = said.get(key, _MISSING), ours.get(key, _MISSING)
            if theirs is not mine:  # most of the remainder is the very same object
                yield from _member([*path, key], theirs, mine)
    elif isinstance(said, list) and isinstance(ours, list) and len(said) == len(ours):
        for i, (theirs, mine) in enumerate(zip(said, ours, strict=True)):
            yield from _member([*path, i], theirs, mine)
    elif not same(said, ours):
        yield {"p": path, "o": ours, "s": said}


def _member(path: list[str | int], said: Any, ours: Any) -> Iterator[Json]:
    if said is _MISSING:
        yield {"p": path, "o": ours}
    elif ours is _MISSING:
        yield {"p": path, "s": said}
    else:
        yield from _compare(path, said, ours)


def reword(ours: Json, kept: list[Json], *, hidden: Collection[str] = ()) -> Json:
    """Apply kept differences to our rendering, in place.

    Members named in `hidden` are not added where we left them out.
    """
    for entry in kept:
        path = entry["p"]
        if "o" not in entry and path[0] in hidden:
            continue
        holder = _holder(ours, path, make="o" not in entry)
        if holder is not None:
            _apply(holder, path[-1], entry)
    return ours


def _apply(holder: Any, key: Any, entry: Json) -> None:
    now = holder[key] if isinstance(holder, list) else holder.get(key, _MISSING)
    if "o" not in entry:
        if now is _MISSING:
            holder[key] = entry["s"]
    elif now is not _MISSING and same(now, entry["o"]):
        if "s" in entry:
            holder[key] = entry["s"]
        else:
            del holder[key]


def _holder(value: Any, path: list[str | int], *, make: bool) -> Any:
    """The object or list that holds the last step of a path.

    None when our rendering has no such place any more.
    """
    for key in path[:-1]:
        if isinstance(value, list):
            value = value[key] if isinstance(key, int) and key < len(value) else None
        elif isinstance(value, dict):
            value = value.setdefault(key, {}) if make else value.get(key)
        else:
            return None
    if isinstance(value, list):
        return value if isinstance(path[-1], int) and path[-1] < len(value) else None
    return value if isinstance(value, dict) else None
