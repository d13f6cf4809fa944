"""Every deadline of returns, refunds and claims: never early, once whoever sweeps, late and flagged when the workers
were away, and at the right instant across a change of the clocks (I12, I21; trust P24).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests import build
from tests.build import all_well, an_actor, everything
from tests.flows import aftersales_world as after
from tests.flows.aftersales_world import settle

from sellerdesk.commands.claims import appeal_claims, ask_appeals
from sellerdesk.domain.actors import Party
from sellerdesk.domain.claims import ClaimStep
from sellerdesk.domain.orders import Address
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.flows.payouts import miss_unsettled
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.verify import verify

Parallel = Callable[[int, Callable[[int], Any]], list[Any]]
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("America/Los_Angeles")
# Instants about which a deadline's time is laid: an ordinary one, and those at which the clocks change.
CLOCKS = {
    "ordinary": datetime(2026, 6, 7, 10, tzinfo=UTC),
    "forward": datetime(2026, 3, 8, 10, tzinfo=UTC),
    "back": datetime(2026, 11, 1, 9, tzinfo=UTC),
}


def an_order(seller: int, at: datetime, **said: Any) -> str:
    """Placed eight days before, with its buyer for four."""
    number = build.a_shipped_order(seller, at=at - 8 * DAY, **said)
    build.change("UPDATE packages SET status = 'DELIVERED', delivered_at = %s", [at - 4 * DAY])
    return number


def held(seller: int, at: datetime) -> None:
    after.refunded(seller, an_order(seller, at), at=at)


def unanswered(seller: int, at: datetime) -> None:
    after.asked(seller, an_order(seller, at), at=at)


def from_abroad(seller: int, at: datetime) -> None:
    address = Address(name="Ada Quill", line1="1 Rue", city="Montréal", country="CA")
    items = [build.an_item(price=9900)]  # not so cheap that the buyer simply keeps it
    outcome = after.ask(seller, an_order(seller, at, address=address, items=items), at=at)
    assert outcome.facts["international"]


def came_back(seller: int, at: datetime) -> None:
    number = an_order(seller, at)
    rma = after.asked(seller, number, at=at - DAY)
    after.authorized(seller, number, rma, at=at - DAY)
    after.came(seller, number, rma, at=at)


def refunded_in_part(seller: int, at: datetime) -> None:
    number = an_order(seller, at)
    rma = after.asked(seller, number, at=at - DAY)
    after.authorized(seller, number, rma, at=at - DAY)
    some = {"rma": rma, "amount": 100, "mode": Mode.ADVANCE, "override": "Agreed."}
    after.refunded(seller, number, at=at - 2 * HOUR, reason=RefundReason.BUYER_RETURN, **some)
    sweep(at)


def claimed(seller: int, at: datetime) -> tuple[str, str]:
    number = an_order(seller, at)
    return number, after.claimed(seller, number, at=at)


def granted(seller: int, at: datetime) -> tuple[str, str]:
    found = claimed(seller, at - 72 * HOUR)
    sweep(at)
    return found


def asked_about_an_appeal(seller: int, at: datetime) -> None:
    number, claim = granted(seller, at - DAY)
    step = [ClaimStep(number, claim, "Words about it.")]
    all_well(appeal_claims(an_actor(seller), step, now=at - HOUR))
    all_well(ask_appeals(an_actor(seller, party=Party.AMAZON), step, now=at))


@dataclass(frozen=True)
class Case:
    """What begins a deadline, how long it runs (hours by the clock, days by the wall, or to the end of a business
    day), and what the journal says when it is over.
    """

    kind: str
    begin: Callable[[int, datetime], Any]
    says: str
    hours: int = 0
    days: int = 0
    business_days: int = 0

    @property
    def span(self) -> timedelta:
        return timedelta(hours=self.hours, days=self.days + 2 * self.business_days)

    def due(self, at: datetime) -> datetime:
        """Worked out here by itself. No business day of these cases is a holiday."""
        wall = at.astimezone(ZONE).replace(tzinfo=None)
        if self.hours:
            return at + timedelta(hours=self.hours)
        if self.days:
            return (wall + timedelta(days=self.days)).replace(tzinfo=ZONE).astimezone(UTC)
        day, left = wall.date(), self.business_days
        while left:
            day += DAY
            left -= day.weekday() < 5
        return datetime.combine(day, time(23, 59, 59), ZONE).astimezone(UTC)


CASES = [
    Case("refund_release", held, "refund_released", hours=2),
    Case("return_answer", unanswered, "return_answer_passed", hours=24),
    Case("return_method", from_abroad, "return_method_missed", days=5),
    Case("return_refund", came_back, "return_refund_overdue", business_days=2),
    Case("return_idle", unanswered, "return_closed_auto", days=50),
    Case("return_idle", refunded_in_part, "return_closed_auto", days=30),
    Case("claim_answer", claimed, "claim_granted", hours=72),
    Case("claim_appeal_end", granted, "claim_appeal_over", days=30),
    Case("claim_appeal_answer", asked_about_an_appeal, "claim_appeal_denied", hours=72),
]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}-{case.begin.__name__}")


def begun(case: Case, at: datetime) -> datetime:
    """One such deadline is open; answers when it is due, as the table has it and as it must be."""
    seller = build.a_seller()
    settle(seller, "manual")
    case.begin(seller, at)
    ((due, state),) = everything("SELECT due_at, state FROM deadlines WHERE kind = %s", [case.kind])
    assert (due, state) == (case.due(at), "open")
    return case.due(at)


def told(case: Case) -> list[bool]:
    """Whether it was late, for each time that the journal tells of it."""
    found = everything("SELECT (facts ->> 'late')::boolean FROM journal WHERE kind = %s", [case.says])
    return [late for (late,) in found]


def row(case: Case) -> list[tuple[str, bool]]:
    return everything("SELECT state, was_late FROM deadlines WHERE kind = %s", [case.kind])


def nothing_is_wrong() -> None:
    assert [violation for finding in verify() for violation in finding.violations] == []


@each_case
@pytest.mark.parametrize("clocks", CLOCKS)
def test_it_fires_once_and_never_early(run_parallel: Parallel, case: Case, clocks: str) -> None:
    due = begun(case, CLOCKS[clocks] - case.span / 2)
    assert sweep(due - SECOND).fired[case.kind] == 0
    assert told(case) == []
    assert row(case) == [("open", False)]
    at_once = run_parallel(2, lambda _: sweep(due))
    assert sum(one.failed for one in at_once) == 0
    again = sweep(due)
    assert sum(one.fired[case.kind] for one in [*at_once, again]) == 1
    assert told(case) == [False]
    assert row(case) == [("fired", False)]
    assert sweep(due + DAY).fired[case.kind] == 0
    nothing_is_wrong()


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(
    ("refunded", "due"),
    [
        # 1:30 comes twice on 1 November: the first of the two.
        (datetime(2026, 10, 2, 8, 30, tzinfo=UTC), datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        # 2:30 never comes on 8 March: the first instant after the gap.
        (datetime(2026, 2, 6, 10, 30, tzinfo=UTC), datetime(2026, 3, 8, 10, tzinfo=UTC)),
    ],
)
def test_a_return_closes_by_the_calendar_where_an_hour_comes_twice_or_never(
    refunded: datetime, due: datetime
) -> None:
    seller = build.a_seller()
    settle(seller, "manual")
    refunded_in_part(seller, refunded)
    assert everything("SELECT due_at FROM deadlines WHERE kind = 'return_idle'") == [(due,)]


@pytest.mark.usefixtures("committed")
@each_case
def test_workers_that_were_away_for_two_days_say_so(case: Case) -> None:
    due = begun(case, CLOCKS["ordinary"] - case.span / 2)
    report = sweep(due + 2 * DAY)
    assert (report.fired[case.kind], report.failed) == (1, 0)
    assert report.late >= 1
    assert told(case) == [True]
    assert row(case) == [("fired", True)]
    assert sweep(due + 2 * DAY).fired[case.kind] == 0
    nothing_is_wrong()


@pytest.mark.parametrize("away", [timedelta(0), 2 * DAY])
@pytest.mark.parametrize("clocks", CLOCKS)
def test_money_that_does_not_arrive_is_a_break_once(
    run_parallel: Parallel, clocks: str, away: timedelta
) -> None:
    """Three days after the release nobody has paid: seen once, not a second early, however many look."""
    seller, released = build.a_seller(), CLOCKS[clocks] - 36 * HOUR
    held(seller, released - 2 * HOUR)
    sweep(released)
    due = released + 3 * DAY
    assert miss_unsettled(due - SECOND) == 0
    assert sum(run_parallel(2, lambda _: miss_unsettled(due + away))) == 1
    assert miss_unsettled(due + away) == 0
    assert everything("SELECT kind, found_at FROM payment_breaks") == [("not_settled", due + away)]
    nothing_is_wrong()
