"""Whatever happens to orders, the rate is what the journal says; a filed request never counts, a wish in words always
does; and what was previewed is what happens (T01, I10; design 2.4).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests import build

from sellerdesk.commands.cancel_requests import file_requests, note_requests
from sellerdesk.commands.cancellations import cancel_for_buyers, cancel_for_marketplace, cancel_orders
from sellerdesk.commands.payments import report_payments
from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.domain.cancel_requests import FilingRequest, MoveRequest, Reason
from sellerdesk.domain.cancellations import (
    BuyerCancelRequest,
    CancelReason,
    CancelRequest,
    PlatformCancelRequest,
    PlatformReason,
)
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.orders import Channel, PaymentState
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.payments import PaymentReport
from sellerdesk.domain.rates import Denominator
from sellerdesk.domain.shipments import ShipmentRequest
from sellerdesk.flows.sweep import sweep
from sellerdesk.models.rates import read_rates
from sellerdesk.models.sql import decode_json
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.cancel_preview import CancelPreview, preview_cancellations
from sellerdesk.queries.verify import verify

COUNTRIES = ("US", "IN")  # India cancels automatically a day after ship-by: inside the window
PLACES = [by_country(one).id for one in COUNTRIES]
REASONS = list(CancelReason)


@dataclass
class World:
    """One seller's life, told step by step."""

    seller: int
    now: datetime = build.PLACED
    numbers: list[str] = field(default_factory=list)
    items: dict[str, list[str]] = field(default_factory=dict)

    def pick(self, which: int) -> str:
        return self.numbers[which % len(self.numbers)]

    def lines(self, number: str, which: int) -> dict[str, int] | None:
        """Everything, or one unit of one of the lines."""
        items = self.items[number]
        return None if which % 3 == 0 else {items[which % len(items)]: 1}

    def do(self, verb: str, which: int, how: int) -> None:
        actor = build.an_actor(self.seller)
        if verb == "place" or not self.numbers:
            self._place(which, how)
            return
        number = self.pick(which)
        match verb:
            case "pay":
                report_payments(
                    actor, [PaymentReport(number, PaymentState.AUTHORIZED, at=self.now)], now=self.now
                )
            case "file":
                chosen = tuple(self.lines(number, how) or ())
                file_requests(actor, [FilingRequest(number, Reason.OTHER, item_numbers=chosen)], now=self.now)
            case "note":
                note_requests(actor, [MoveRequest(number)], now=self.now)
            case "buyer":
                request = BuyerCancelRequest(number, lines=self.lines(number, how))
                cancel_for_buyers(actor, [request], now=self.now)
            case "marketplace":
                request_ = PlatformCancelRequest(number, PlatformReason.FRAUD_SUSPECTED)
                cancel_for_marketplace(actor, [request_], now=self.now)
            case "ship":
                package = build.a_package(at=self.now, lines=self.lines(number, how))
                confirm_shipments(actor, [ShipmentRequest(number, (package,))], now=self.now)
            case "cancel":
                self._cancel(number, how)
            case "wait":
                self.now += timedelta(minutes=(1, 40, 60 * 30, 60 * 100)[how % 4])
                sweep(self.now)
            case _:
                raise AssertionError(verb)

    def _place(self, which: int, how: int) -> None:
        channel = Channel.AFN if how % 7 == 6 else Channel.MFN
        document = build.a_document(at=self.now, country=COUNTRIES[which % 2], channel=channel)
        document = build.with_quantities(document, 1 + how % 2, 2)
        (number,) = build.placed_orders(self.seller, [document], now=self.now)
        self.numbers.append(number)
        sql = (
            "SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE order_number = %s"
        )
        self.items[number] = [row[0] for row in build.everything(sql, [number])]
        if how % 2:
            self.do("pay", len(self.numbers) - 1, 0)

    def _cancel(self, number: str, how: int) -> None:
        reason = REASONS[how % 2] if how % 3 else REASONS[how % len(REASONS)]
        request = CancelRequest(number, reason, lines=self.lines(number, how // 3), accepts_limit=True)
        (preview,) = preview_cancellations(self.seller, [request], self.now)
        filed = filed_items(self.seller, number)
        (outcome,) = cancel_orders(build.an_actor(self.seller), [request], now=self.now)
        same(preview, outcome)
        if preview.decision is None:
            return
        lines = {
            item.item_number for item in preview.decision.facts.items if item.id in preview.decision.lines
        }
        formal = reason is CancelReason.BUYER_CANCELLED and lines <= filed
        assert outcome.facts["counts"] is not formal
        rate, counted = outcome.facts["rate"], bool(preview.decision.facts.counts_in_cr)
        covered = preview.decision.before_rate.covers(preview.decision.facts.placed_at)  # type: ignore[union-attr]
        moved = rate["counted"] - rate["counted_before"]
        assert moved == (0 if formal or counted or not covered else 1)


def filed_items(seller: int, number: str) -> set[str]:
    """The items that the journal says were ever filed."""
    return next((one.filed for one in histories(seller).values() if one.number == number), set())


@dataclass
class History:
    """What the journal tells of an order."""

    number: str
    place: str = ""
    channel: str = ""
    placed_at: datetime | None = None
    filed: set[str] = field(default_factory=set)
    counted_at: datetime | None = None
    left_at: datetime | None = None


def histories(seller: int) -> dict[int, History]:
    """Every order's history, from the journal alone and without a look at how the program decides."""
    found: dict[int, History] = {}
    sql = (
        "SELECT j.order_id, o.order_number, j.at, j.kind, j.facts FROM journal j JOIN orders o ON o.id = j.order_id"
        " WHERE j.seller_id = %s ORDER BY j.id"
    )
    for order_id, number, at, kind, said in build.everything(sql, [seller]):
        one, facts = found.setdefault(order_id, History(number)), decode_json(said)
        if kind == "order_placed":
            one.place, one.channel = facts["marketplace"], facts["channel"]
            one.placed_at = datetime.fromisoformat(facts["placed_at"])
        elif kind == "cancellation_requested":
            one.filed |= set(facts["items"])
        elif kind.endswith("cancelled"):
            _cancelled(one, at, kind, facts)
    return found


def _cancelled(one: History, at: datetime, kind: str, facts: dict[str, Any]) -> None:
    granted = facts["reason"] == "buyer_cancelled" and set(facts["lines"]) <= one.filed
    counts = kind == "order_auto_cancelled" or (kind == "order_cancelled" and not granted)
    if counts:
        one.counted_at = one.counted_at or at
    elif (
        facts["status"] == "Canceled"
        and kind in ("order_cancelled", "buyer_cancelled")
        and not one.counted_at
    ):
        one.left_at = at


def recomputed(known: Iterable[History], place: str, at: datetime) -> tuple[int, int, int]:
    """Orders, counted, left of the seven days before a moment."""
    cohort = [
        one
        for one in known
        if one.place == place
        and one.channel == "MFN"
        and one.placed_at is not None
        and at - timedelta(days=7) < one.placed_at <= at
    ]
    counted = [one for one in cohort if one.counted_at is not None and one.counted_at <= at]
    left = [one for one in cohort if one.left_at is not None and one.left_at <= at]
    return len(cohort), len(counted), len(left)


def same(preview: CancelPreview, outcome: Outcome) -> None:
    """The preview is the performance: the same refusal, or the same facts."""
    if outcome.refusal is not None:
        assert preview.refusal is not None
        assert (preview.refusal.code, preview.refusal.facts) == (outcome.refusal.code, outcome.refusal.facts)
        return
    assert preview.refusal is None
    decision = preview.decision
    assert decision is not None
    before, after = decision.before_rate, decision.after_rate
    assert before is not None
    assert after is not None
    assert outcome.facts == {
        "status": decision.status.value,
        "units": decision.units,
        "whole": decision.whole,
        "counts": decision.counting.counts,
        "why": decision.counting.why.value,
        "restocked": decision.restocked,
        "released": decision.released,
        "currency": decision.facts.currency,
        "version": decision.after.version,
        "rate": {
            "counted": after.counted,
            "base": after.base,
            "counted_before": before.counted,
            "base_before": before.base,
        },
    }


VERBS = [
    "place",
    "place",
    "pay",
    "file",
    "note",
    "buyer",
    "marketplace",
    "ship",
    "cancel",
    "cancel",
    "cancel",
    "wait",
]
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 30), st.integers(0, 62)), min_size=8, max_size=24
)


@pytest.fixture
def sound(committed: None) -> Iterator[None]:
    yield
    assert [violation for finding in verify() for violation in finding.violations] == []


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(  # the clock cancels inside the window, after a part was cancelled as the buyer had filed it
    [("place", 1, 1), ("wait", 0, 1), ("file", 0, 1), ("cancel", 0, 60), ("wait", 0, 3), ("place", 0, 1)],
    [0, 1, 2, 3],
)
@given(STEPS, st.lists(st.integers(-3 * 86_400, 9 * 86_400), min_size=4, max_size=4))
def test_the_rate_of_any_history_at_any_moment_is_what_the_journal_says(
    sound: None, steps: list[tuple[str, int, int]], seconds: list[int]
) -> None:
    world = World(build.a_seller(countries=COUNTRIES))
    for verb, which, how in steps:
        world.do(verb, which, how)
    known = list(histories(world.seller).values())
    moments = [world.now, *(build.PLACED + timedelta(seconds=one) for one in seconds)]
    moments += [one.placed_at + timedelta(days=7) for one in known[:2] if one.placed_at]
    for at in moments:
        with scoped(world.seller):
            rates = read_rates(world.seller, PLACES, at)
        for place, rate in rates.items():
            orders, counted, left = recomputed(known, place, at)
            assert (rate.orders, rate.counted, rate.left) == (orders, counted, left)
            if orders - left:
                exact = Fraction(counted * 10_000, orders - left)
                assert abs(Fraction(rate.basis_points or 0) - exact) <= Fraction(1, 2)
            assert rate.base_of(Denominator.OFFICIAL) == orders


def each_state(seller: int, now: datetime, each: int) -> dict[str, list[str]]:
    """Orders in every state that a cancellation can meet, `each` of each."""
    actor = build.an_actor(seller)

    def paid(**said: Any) -> list[str]:
        documents = [build.with_quantities(build.a_document(**said), 2, 1) for _ in range(each)]
        return build.paid_orders(seller, documents)

    def first_item(number: str) -> str:
        sql = (
            "SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id"
            " WHERE order_number = %s ORDER BY i.position"
        )
        return str(build.everything(sql, [number])[0][0])

    states = {
        "waiting": build.placed_orders(seller, [build.a_document() for _ in range(each)]),
        "ready": paid(),
        "warehouse": paid(channel=Channel.AFN),
        "old": paid(at=build.PLACED - timedelta(days=8)),
        "filed": paid(),
        "filed in part": paid(),
        "noted": paid(),
        "part sent": paid(),
        "part sent and filed": paid(),
        "sent": paid(),
        "counted in part": paid(),
        "gone": paid(),
    }
    filings = [FilingRequest(one, Reason.OTHER) for one in (*states["filed"], *states["part sent and filed"])]
    filings += [
        FilingRequest(one, Reason.OTHER, item_numbers=(first_item(one),)) for one in states["filed in part"]
    ]
    build.all_well(file_requests(actor, filings, now=now))
    build.all_well(note_requests(actor, [MoveRequest(one) for one in states["noted"]], now=now))
    for name, part in (("part sent", True), ("part sent and filed", True), ("sent", False)):
        for one in states[name]:
            build.ship(seller, one, at=now, lines={first_item(one): 1} if part else None)
    cancels = [CancelRequest(one, CancelReason.NO_INVENTORY, accepts_limit=True) for one in states["gone"]]
    cancels += [
        CancelRequest(one, CancelReason.NO_INVENTORY, lines={first_item(one): 1}, accepts_limit=True)
        for one in states["counted in part"]
    ]
    build.all_well(cancel_orders(actor, cancels, now=now))
    return states


def test_every_state_and_request_is_performed_as_previewed(sound: None) -> None:
    seller = build.a_seller()
    now = build.PLACED + timedelta(hours=2)
    ways = list(product(REASONS[:3], ("all", "part", "too much"), (True, False)))
    states = each_state(seller, now, len(ways))
    items = defaultdict(list)
    sql = "SELECT o.order_number, i.item_number FROM orders o JOIN order_items i ON i.order_id = o.id ORDER BY position"
    for number, item in build.everything(sql):
        items[number].append(item)
    requests = []
    for numbers in states.values():
        for number, (reason, lines, accepts) in zip(numbers, ways, strict=True):
            chosen = {"all": None, "part": {items[number][-1]: 1}, "too much": {items[number][0]: 9}}[lines]
            requests.append(CancelRequest(number, reason, lines=chosen, accepts_limit=accepts))
    later = now + timedelta(hours=1)
    before = build.everything("SELECT count(*) FROM journal")
    previews = preview_cancellations(seller, requests, later)
    assert build.everything("SELECT count(*) FROM journal") == before
    outcomes = cancel_orders(build.an_actor(seller), requests, now=later)
    for preview, outcome in zip(previews, outcomes, strict=True):
        same(preview, outcome)
    assert {bool(one.accepted) for one in outcomes} == {True, False}
    columns = "order_number, status, units_cancelled, version, counts_in_cr, cancel_request"
    rows = {row[0]: row[1:] for row in build.everything(f"SELECT {columns} FROM orders")}
    for preview in previews:
        if preview.refusal is None and preview.decision is not None:
            after = preview.decision.after
            cancelled = sum(item.cancelled for item in after.items)
            row = (after.status.value, cancelled, after.version, after.counts_in_cr, after.cancel_request)
            assert rows[after.order_number] == row
