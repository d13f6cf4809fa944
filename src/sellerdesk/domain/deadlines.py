"""Promises in time of an order on its way to being shipped (design 2.6; rulebook 2.4; T03 to T07).

Pure arithmetic: policy values and a calendar in, instants in UTC out. `Terms` gathers the policy values of
one marketplace and day, so that a batch looks each of them up once.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.policies import PolicyBook

_ZERO = timedelta(0)


class DeadlineKind(StrEnum):
    """What falls due. When several fall due at the same instant they fire in this order."""

    SELF_CANCEL_END = "self_cancel_end"  # until then the buyer cancels alone
    SHIP_BY_REMINDER = "ship_by_reminder"
    SHIP_BY = "ship_by"  # the last moment on time: from then on a confirmation is late
    AUTO_CANCEL_WARNING = "auto_cancel_warning"
    AUTO_CANCEL = "auto_cancel"
    CANCEL_ANSWER = "cancel_answer"  # the seller should have answered the buyer's request to cancel
    GUIDE_FOLLOW_UP = (
        "guide_follow_up"  # a guided buyer stayed silent: an important message may follow (S3-29)
    )
    MESSAGE_ANSWER = "message_answer"  # the buyer's message waits for its answer
    REFUND_RELEASE = "refund_release"  # a held refund goes (T16); about one refund
    RETURN_ANSWER = (
        "return_answer"  # the seller should have answered a return; about one return, as the next ones
    )
    RETURN_METHOD = "return_method"  # over a border: no way back was given for so long
    RETURN_REFUND = "return_refund"  # the goods are back: the refund is due (C8)
    RETURN_IDLE = "return_idle"  # nobody did anything for so long that the request closes itself
    CLAIM_ANSWER = "claim_answer"  # silence grants the claim (rulebook 3.6); about one claim, as the next two
    CLAIM_APPEAL_END = "claim_appeal_end"  # until then a granted claim can be appealed against
    CLAIM_APPEAL_ANSWER = "claim_appeal_answer"  # silence ends the appeal


_RANK = {kind: rank for rank, kind in enumerate(DeadlineKind)}


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline: when, and by which policy. An empty `policy_key` means that the platform published the
    instant.
    """

    kind: DeadlineKind
    due_at: datetime
    policy_key: str
    policy_value: Any

    @property
    def order(self) -> tuple[datetime, int]:
        """Sort key of firing: by instant, then by kind (I12)."""
        return self.due_at, _RANK[self.kind]


@dataclass(frozen=True, slots=True)
class Terms:
    """The policy values that an order's deadlines rest on; fields are named like their policy keys."""

    handling_days: int
    handling_cutoff: str  # "HH:MM"
    auto_cancel: dict[str, Any]
    auto_cancel_warning_days: int
    ship_by_reminder_hours: int
    self_cancel_minutes: int

    @classmethod
    def of(cls, book: PolicyBook, marketplace_id: str, on: date) -> "Terms":
        """The terms of a marketplace on a day (the order's local day). Raises LookupError when a policy is
        missing.
        """
        return cls(**{key: book.value(marketplace_id, key, on) for key in cls.__dataclass_fields__})

    @property
    def cutoff(self) -> time:
        return time.fromisoformat(self.handling_cutoff)


def ship_by(paid_at: datetime, handling_days: int, cutoff: time, calendar: BusinessCalendar) -> datetime:
    """The last second of the business day on which the order must have left (T05, T06, C1).

    With handling of one day or more that is the n-th business day after the day of payment. With 0 days it
    is the day of payment itself if that is a business day and the payment came before the cut-off, else the
    next business day.
    """
    wall = calendar.local(paid_at)
    day = wall.date()
    if handling_days == 0 and wall.time() >= cutoff:  # on a day off both ways lead to the next business day
        return calendar.end_of_day(calendar.next_business_day(day))
    return calendar.end_of_day(calendar.add_business_days(day, handling_days))


def auto_cancel_at(
    rule: dict[str, Any], placed_at: datetime, ship_by: datetime, calendar: BusinessCalendar
) -> datetime:
    """When an unconfirmed order is cancelled by the marketplace, by a rule of policy `auto_cancel` (T03,
    T04).

    Counted in business days it is the end of the day; in calendar days the same local time; in hours exact.
    Raises ValueError for a kind of rule it does not know.
    """
    n = rule["n"]
    match rule["kind"]:
        case "calendar_days_after_order":
            return calendar.add_calendar_days(placed_at, n)
        case "business_days_after_ship_by":
            return calendar.end_of_day(calendar.add_business_days(calendar.local_date(ship_by), n))
        case "days_after_ship_by":
            return calendar.add_calendar_days(ship_by, n)
        case "hours_after_ship_by":
            return ship_by.astimezone(UTC) + timedelta(hours=n)
        case unknown:
            raise ValueError(f"unknown auto-cancel rule {unknown!r}")


def warning_at(
    auto_cancel_at: datetime, ship_by: datetime, days: int, calendar: BusinessCalendar
) -> datetime:
    """When the seller is warned: `days` before the cancellation, or at ship-by when that leaves less time
    (C2, S0-18).

    An order that may be shipped later than it is cancelled (long handling under a rule counted from the
    order) is warned `days` before all the same.
    """
    early = calendar.add_calendar_days(auto_cancel_at, -days)
    if early < ship_by < auto_cancel_at:
        return ship_by.astimezone(UTC)
    return early


def self_cancel_end(placed_at: datetime, minutes: int) -> datetime:
    """The first instant at which the buyer cannot cancel alone any more (T07)."""
    return placed_at.astimezone(UTC) + timedelta(minutes=minutes)


def self_cancel_open(placed_at: datetime, now: datetime, minutes: int) -> bool:
    """Whether the buyer may still cancel alone: the window is half-open (T07, C26)."""
    return now < self_cancel_end(placed_at, minutes)


def deadlines_for(
    placed_at: datetime,
    ship_by: datetime | None,
    terms: Terms,
    calendar: BusinessCalendar,
    *,
    published: bool = False,
) -> tuple[Due, ...]:
    """All deadlines of an order up to shipment, in the order in which they fire.

    `ship_by` None (still waiting for payment, or the warehouse ships) leaves only the self-cancel window.
    `published` says that ship-by came with the order from another platform, not from our handling time. A
    reminder that would fall before the order is left out.
    """
    minutes = terms.self_cancel_minutes
    dues = [
        Due(DeadlineKind.SELF_CANCEL_END, self_cancel_end(placed_at, minutes), "self_cancel_minutes", minutes)
    ]
    if ship_by is None:
        return tuple(dues)
    ship_by = ship_by.astimezone(UTC)
    origin = ("", None) if published else ("handling_days", terms.handling_days)
    dues.append(Due(DeadlineKind.SHIP_BY, ship_by, *origin))
    hours = terms.ship_by_reminder_hours
    if (remind_at := ship_by - timedelta(hours=hours)) > placed_at:
        dues.append(Due(DeadlineKind.SHIP_BY_REMINDER, remind_at, "ship_by_reminder_hours", hours))
    cancel_at = auto_cancel_at(terms.auto_cancel, placed_at, ship_by, calendar)
    days = terms.auto_cancel_warning_days
    warn_at = warning_at(cancel_at, ship_by, days, calendar)
    dues.append(Due(DeadlineKind.AUTO_CANCEL_WARNING, warn_at, "auto_cancel_warning_days", days))
    dues.append(Due(DeadlineKind.AUTO_CANCEL, cancel_at, "auto_cancel", terms.auto_cancel))
    return tuple(sorted(dues, key=lambda due: due.order))


def lateness(confirmed_at: datetime, latest_ship_at: datetime) -> timedelta:
    """How much later than ship-by a shipment was confirmed; negative: time that was left (C1, I11)."""
    return confirmed_at - latest_ship_at


def is_late(confirmed_at: datetime, latest_ship_at: datetime | None) -> bool:
    """Late only when confirmed after ship-by; at that very instant it is on time. Without ship-by never
    late.
    """
    return latest_ship_at is not None and lateness(confirmed_at, latest_ship_at) > _ZERO


@dataclass(frozen=True, slots=True)
class AutoCancelDecision:
    """Whether to cancel now. `cause` says why no warning went before it (I21), or why not to cancel; else
    "".
    """

    cancel: bool
    cause: str = ""


def auto_cancel_decision(warned: bool, due_at: datetime, now: datetime) -> AutoCancelDecision:
    """Whether an unconfirmed order is cancelled at `now` (S0-16).

    Not before its instant (cause "not_due"). After it always: a warning that never went out because the
    system was away does not keep the order alive, but it is put on record as "warning_missed" (I21).
    """
    if now < due_at:
        return AutoCancelDecision(False, "not_due")
    return AutoCancelDecision(True, "" if warned else "warning_missed")
