"""The window of time that a list of orders is asked for: one clock, two bounds, the two-minute rule (spapi 2.2, 3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sellerdesk.interfaces.spapi.errors import invalid
from sellerdesk.interfaces.spapi.parameters import Query
from sellerdesk.queries.spapi_orders import Clock

# Lists end this long before now: by then every change of the past is committed and visible (P11).
SETTLED = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Names:
    """How one version of the API spells the four bounds."""

    created_after: str
    created_before: str
    updated_after: str
    updated_before: str


V0 = Names("CreatedAfter", "CreatedBefore", "LastUpdatedAfter", "LastUpdatedBefore")
V2026 = Names("createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore")


@dataclass(frozen=True, slots=True)
class Window:
    """Bounds are inclusive; `given_before` is what the program said, None when it left the end to us."""

    clock: Clock
    after: datetime
    before: datetime
    given_before: datetime | None


def read_window(query: Query, names: Names, now: datetime) -> Window:
    """The window of a request. Raises ApiError 400 when the bounds are missing, mixed, or cannot be."""
    created_after, created_before = query.instant(names.created_after), query.instant(names.created_before)
    updated_after, updated_before = query.instant(names.updated_after), query.instant(names.updated_before)
    created = created_after is not None or created_before is not None
    updated = updated_after is not None or updated_before is not None
    if created and updated:
        raise invalid(
            f"{names.created_after} and {names.created_before} cannot be used together with "
            f"{names.updated_after} and {names.updated_before}."
        )
    after = created_after or updated_after
    if after is None:
        raise invalid(f"Either {names.created_after} or {names.updated_after} must be specified.")
    name_after = names.created_after if created else names.updated_after
    name_before = names.created_before if created else names.updated_before
    before = _end(created_before or updated_before, name_before, now)
    if after > before:
        raise invalid(f"{name_after} must be no later than {name_before}, and at least two minutes ago.")
    return Window("created" if created else "updated", after, before, created_before or updated_before)


def _end(given: datetime | None, name: str, now: datetime) -> datetime:
    latest = now - SETTLED
    if given is None:
        # Whole seconds, because the answer says it so: the next poll goes on exactly where this one ended.
        return latest.replace(microsecond=0)
    if given > latest:
        raise invalid(f"{name} must be at least two minutes before the time of the request.")
    return given
