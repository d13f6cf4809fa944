"""Business days and local time of a marketplace (rulebook 2.4, T03 to T06, I24).

Instants are aware; answers are UTC. Holidays are passed in: where they come from is no rule.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The days on which a marketplace works. `zone` is an IANA name; in `weekend` Monday is 0.

    Raises ValueError when the weekend leaves no day to work, ZoneInfoNotFoundError for an unknown zone.
    """

    zone: str
    weekend: frozenset[int]
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        ZoneInfo(self.zone)
        if self.weekend >= frozenset(range(7)):
            raise ValueError("a week needs a business day")

    def is_business_day(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def add_business_days(self, day: date, n: int) -> date:
        """The n-th business day after `day`, whatever `day` itself is; n = 0 answers `day` or the next
        business day.

        Raises ValueError for a negative n.
        """
        if n < 0:
            raise ValueError(f"cannot add {n} business days")
        if n == 0:
            return day if self.is_business_day(day) else self.add_business_days(day, 1)
        for _ in range(n):
            day += _DAY
            while not self.is_business_day(day):
                day += _DAY
        return day

    def next_business_day(self, day: date) -> date:
        """The first business day after `day`."""
        return self.add_business_days(day, 1)

    def local(self, instant: datetime) -> datetime:
        """The wall time of an aware instant. Raises ValueError for a naive one."""
        if instant.tzinfo is None:
            raise ValueError(f"naive time {instant}")
        return instant.astimezone(ZoneInfo(self.zone))

    def local_date(self, instant: datetime) -> date:
        """The day on which an instant falls here."""
        return self.local(instant).date()

    def start_of_day(self, day: date) -> datetime:
        """The first instant of a local day, in UTC."""
        return self.instant(datetime.combine(day, time.min))

    def end_of_day(self, day: date) -> datetime:
        """The last whole second of a local day, in UTC: one second before the next day begins.

        So it is right also where a clock is set back from midnight and 23:59:59 comes twice.
        """
        return self.start_of_day(day + _DAY) - _SECOND

    def add_calendar_days(self, instant: datetime, n: int) -> datetime:
        """The same wall time n days later (or earlier), in UTC (T03); a fold or gap there is settled as in
        `instant`.
        """
        if n == 0:
            return instant.astimezone(UTC)
        return self.instant(self.local(instant).replace(tzinfo=None) + n * _DAY)

    def instant(self, wall: datetime) -> datetime:
        """The instant of a naive wall time, in UTC.

        A wall time that comes twice (clock set back) means its first coming; one that never comes (clock
        set forward) means the first instant after the gap.
        """
        zone = ZoneInfo(self.zone)
        first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
        if first <= second:  # an ordinary time, or the first of two
            return first
        return _change_between(second, first, zone)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the zone's offset changes between two instants, found by halving."""
    low, high = int(before.timestamp()), int(after.timestamp()) + 1
    offset = before.astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
