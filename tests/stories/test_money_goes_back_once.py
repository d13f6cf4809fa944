"""Whatever buyers, sellers, carriers, the marketplace, the clock, the payment side and crashes do to shipped orders, in
whatever order, refunds and claims alike: nothing is given back twice, the books balance, and the journal alone tells
how it stands (I01, I05 to I08, I12, I13, I15; trust P3, P10, P22).

The machine plays against one seller's orders. Beside what `verify` asks at the end of each life, it keeps a book of its
own, from the answers of commands alone, that no table may contradict.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests import build
from tests.conftest import restore_tables

from sellerdesk.adapters.payments.base import Payments, PaymentsUnavailable, PaymentUnknown, Payout, Receipt
from sellerdesk.commands.cancel_requests import file_requests
from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.commands.claims import (
    answer_appeals,
    answer_claims,
    appeal_claims,
    ask_appeals,
    ask_claims,
    decide_appeals,
    decide_claims,
    file_claims,
    withdraw_claims,
)
from sellerdesk.commands.messages import receive_messages
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.refunds import RefundChange, approve_refunds, request_refunds, undo_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.return_scans import report_return_scans
from sellerdesk.commands.returns import (
    Authorize,
    Close,
    Inspect,
    Receive,
    ReturnStep,
    authorize_returns,
    close_returns,
    depart_returns,
    grade_returns,
    receive_returns,
)
from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.domain.actors import Actor, Party
from sellerdesk.domain.cancel_requests import FilingRequest, Reason
from sellerdesk.domain.cancellations import CancelReason, CancelRequest
from sellerdesk.domain.claim_facts import ClaimKind, Fault, Funding
from sellerdesk.domain.claims import AppealVerdict, ClaimStep, ClaimVerdict, FileClaim
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.messages import BuyerMessage
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.domain.return_facts import Grade, ReturnReason
from sellerdesk.domain.return_scans import ReturnScan, Scan
from sellerdesk.domain.return_ways import Label
from sellerdesk.domain.returns import CloseReason, ReturnAsked
from sellerdesk.domain.shipments import ShipmentRequest
from sellerdesk.flows.payouts import pay_refunds, reconcile
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.verify import verify

RUNS = 4
STEPS_LEAST = 20_000  # of all runs together
LIVES = 140
STEPS = 40
HOLD = timedelta(hours=2)
WAITS = (
    timedelta(seconds=1),
    HOLD - timedelta(seconds=1),
    HOLD,
    timedelta(hours=26),
    timedelta(days=2),
    timedelta(days=3),
    timedelta(days=8),
    timedelta(days=16),
    timedelta(days=51),
)
# What may come next of a claim, by its state; and every step there is.
NEXT: Mapping[str, Sequence[str]] = {
    "FILED": ("ask", "decide"),
    "ACTION_REQUIRED": ("answer", "answer", "answer", "withdraw", "decide"),
    "UNDER_REVIEW": ("decide", "decide", "decide", "ask"),
    "GRANTED": ("appeal",),
    "APPEALED": ("judge", "judge", "judge", "ask more"),
    "APPEAL_INFO_REQUIRED": ("tell more",),
}
VERBS = sorted({verb for verbs in NEXT.values() for verb in verbs})
STEPS_OF_CLAIMS = st.lists(
    st.tuples(st.sampled_from([*VERBS, *(None,) * 16]), st.integers(0, 15)), min_size=1, max_size=6
)
# Verbs with how they are taken: `decide` denies with 0 and grants with 1.
ROADS: Sequence[list[tuple[str | None, int]]] = (
    [("ask", 0), ("answer", 0), ("decide", 1), ("appeal", 0), ("judge", 1)],
    [("ask", 0), ("answer", 0), ("decide", 0)],
)
_keys = count()


class Crash(Exception):
    """The process dies in the middle of a transaction."""


@contextmanager
def dying_at(statement: int) -> Iterator[None]:
    """Die before the given statement (from 0) of what runs inside; later ones than it has are survived."""
    left = count()

    def die(execute: Callable[..., Any], *what: Any) -> Any:
        if next(left) == statement:
            raise Crash
        return execute(*what)

    with connection.execute_wrapper(die):
        yield


class Provider(Payments):
    """A payment side that does the effect and then may lose the answer."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.book: dict[str, Receipt] = {}
        self.paid: Counter[str] = Counter()  # by order

    def pay_back(self, payout: Payout) -> Receipt:
        luck = self.dice.random()
        if luck < 0.15:
            raise PaymentsUnavailable("away")
        if luck < 0.3:
            raise PaymentUnknown("cut before")
        state = "failed" if luck > 0.93 else "done"
        if payout.key not in self.book:
            self.book[payout.key] = Receipt(payout.key, payout.amount, payout.currency, state, "p-1")
            self.paid[payout.order_number] += payout.amount if state == "done" else 0
        if luck < 0.5:
            raise PaymentUnknown("cut after")
        if luck < 0.55:
            raise Crash
        return self.book[payout.key]

    def look_up(self, payout: Payout) -> Receipt | None:
        if self.dice.random() < 0.1:
            raise PaymentsUnavailable("away")
        return self.book.get(payout.key)


@dataclass
class Book:
    """What the answers of commands say of one order, kept apart from every table. Minor units."""

    number: str
    items: list[str]
    worth: int
    charged: int = 0
    packages: list[str] = field(default_factory=list)
    refunds: dict[str, tuple[int, int]] = field(
        default_factory=dict
    )  # reference → of the charges, besides them
    rmas: list[str] = field(default_factory=list)
    claims: dict[str, int] = field(default_factory=dict)  # reference → what its grant gave the buyer

    @property
    def given(self) -> int:
        """What went back, is held to go, or was granted, of the charges."""
        return sum(of_charges for of_charges, _ in self.refunds.values()) + sum(self.claims.values())


steps_taken = Counter[str]()


class AfterShipping(RuleBasedStateMachine):
    """One seller, a few orders, and everybody who can do something to them.

    Each life begins with empty tables: what happens in it hangs on its own draws alone, not on what lives before have
    left behind.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = build.PLACED
        self.books: list[Book] = []
        self.returns_taken = Counter[str]()

    @initialize(country=st.sampled_from(["US", "JP"]), seed=st.integers(0, 10**6))
    def begin(self, country: str, seed: int) -> None:
        restore_tables()
        self.country = country
        self.seller = build.a_seller(countries=(country,))
        self.dice = random.Random(seed)
        self.provider = Provider(self.dice)
        # In every other life a second person must agree to what is worth more than this, in major units.
        set_limit = "UPDATE policies SET value = to_jsonb(%s::int) WHERE key = 'refund_approval_limit'"
        build.change(set_limit, [20 * (seed % 2)])
        self.place(0)

    # -- how things are asked for

    def by(self, party: Party, name: str = "Test") -> Actor:
        return build.an_actor(self.seller, party=party, name=name)

    def book(self, which: int) -> Book:
        return self.books[which % len(self.books)]

    def surely(self, command: Callable[..., list[Outcome]], crash: int, *args: Any, **said: Any) -> Outcome:
        """Ask once under a key; die on the way or not; then ask again under the same key, as a client does that got
        no answer: the answer is the first one's, or that of the first time it was done.
        """
        once = Once("test", "step", f"key-{next(_keys)}", digest_of(repr(args)), self.now)
        first = None
        try:
            with dying_at(crash) if crash < 12 else dying_at(-1):
                (first,) = command(*args, **said, once=once)
        except Crash:
            steps_taken["crashes"] += 1
        (again,) = command(*args, **said, once=once)
        if first is not None and first.accepted:
            assert again == first
        return again

    # -- what can happen

    @precondition(lambda self: len(self.books) < 5)
    @rule(shape=st.integers(0, 5))
    def place(self, shape: int) -> None:
        items = [
            build.an_item(ordered=1 + shape % 3, price=333 + 1000 * shape, tax=7 * shape, sku="SKU-A"),
            build.an_item(ordered=2, price=1, tax=0, sku="SKU-B"),
        ]
        document = build.a_document(country=self.country, at=self.now, items=items[: 1 + shape % 2])
        (number,) = build.paid_orders(self.seller, [document], paid_at=self.now)
        sql = (
            "SELECT i.item_number FROM order_items i JOIN orders o ON o.seller_id = i.seller_id AND o.id = i.order_id"
            " WHERE o.seller_id = %s AND o.order_number = %s ORDER BY i.position"
        )
        numbers = [row[0] for row in build.everything(sql, [self.seller, number])]
        self.books.append(
            Book(number, numbers, sum(sum(item.amounts.values()) for item in items[: 1 + shape % 2]))
        )

    @rule(which=st.integers(0, 9), some=st.booleans(), crash=st.integers(0, 40))
    def ship(self, which: int, some: bool, crash: int) -> None:
        book = self.book(which)
        package = build.a_package(at=self.now, lines={book.items[0]: 1} if some else None)
        outcome = self.surely(
            confirm_shipments,
            crash,
            self.by(Party.SELLER),
            [ShipmentRequest(book.number, (package,))],
            now=self.now,
        )
        if outcome.accepted:
            book.packages = [row[0] for row in self.seen("packages p", "p.reference", book)]
            (book.charged,) = self.seen_one(
                "order_items i JOIN charges c ON c.item_id = i.id", "sum(c.charged)", book
            )

    def seen(self, tables: str, columns: str, book: Book) -> list[tuple[Any, ...]]:
        alias = tables.split()[1]
        sql = (
            f"SELECT {columns} FROM orders o JOIN {tables} ON {alias}.order_id = o.id"
            f" WHERE o.order_number = %s ORDER BY {alias}.id"
        )
        return build.everything(sql, [book.number])

    def seen_one(self, tables: str, columns: str, book: Book) -> tuple[Any, ...]:
        alias, rest = tables.split()[1], tables
        head, _, tail = rest.partition(" JOIN ")
        join = f" JOIN {tail}" if tail else ""
        sql = f"SELECT {columns} FROM orders o JOIN {head} ON {alias}.order_id = o.id{join} WHERE o.order_number = %s"
        return build.everything(sql, [book.number])[0]

    @rule(which=st.integers(0, 9), filed=st.booleans(), crash=st.integers(0, 40))
    def cancel(self, which: int, filed: bool, crash: int) -> None:
        number = self.book(which).number
        if filed:
            file_requests(self.by(Party.BUYER), [FilingRequest(number, Reason.OTHER)], now=self.now)
        request = CancelRequest(number, CancelReason.BUYER_CANCELLED, accepts_limit=True)
        self.surely(cancel_orders, crash, self.by(Party.SELLER), [request], now=self.now)

    @rule(which=st.integers(0, 9), kind=st.sampled_from(["DELIVERED", "IN_TRANSIT", "RETURNING", "REFUSED"]))
    def see_parcel(self, which: int, kind: str) -> None:
        book = self.book(which)
        for reference in book.packages[:1]:
            report = ParcelReport(book.number, reference, kind, self.now)
            report_parcel_events(self.by(Party.CARRIER), [report], now=self.now)
            self.look_again()

    @rule(
        which=st.integers(0, 9),
        units=st.integers(0, 4),
        reason=st.sampled_from([ReturnReason.DEFECTIVE, ReturnReason.TOO_SMALL]),
        line=st.integers(0, 1),
        crash=st.integers(0, 40),
    )
    def ask_return(self, which: int, units: int, reason: ReturnReason, line: int, crash: int) -> None:
        book = self.book(which)
        asked = ReturnAsked(book.number, reason, {book.items[line % len(book.items)]: units})
        outcome = self.surely(
            request_returns, crash, self.by(Party.BUYER), [asked], now=self.now, randomness=self.dice
        )
        if outcome.accepted:
            self.look_again()

    @precondition(lambda self: any(book.rmas for book in self.books))
    @rule(
        which=st.integers(0, 9),
        verb=st.sampled_from(
            [
                "authorize",
                "authorize",
                "depart",
                "scan",
                "receive",
                "part",
                "grade",
                "grade",
                "close",
                "withdraw",
            ]
        ),
        how=st.integers(0, 4),
        crash=st.integers(0, 40),
    )
    def move_return(self, which: int, verb: str, how: int, crash: int) -> None:
        known = [(book, rma) for book in self.books for rma in book.rmas]
        book, rma = known[which % len(known)]
        number, seller = book.number, self.by(Party.SELLER)
        match verb:
            case "authorize":
                own = f"OWN-{next(_keys)}" if how == 0 else ""
                address = {"name": "Depot", "line1": "1 Way", "city": "Reno", "country": self.country}
                sold = (
                    {"label": Label.PREPAID, "carrier": "UPS", "tracking": f"1Z{next(_keys)}"}
                    if how % 2
                    else {}
                )
                step = Authorize(number, rma, address=address, own_rma=own, **sold)
                self.surely(authorize_returns, crash, seller, [step], now=self.now)
            case "depart":
                depart_returns(self.by(Party.CARRIER), [ReturnStep(number, rma)], now=self.now)
            case "scan":  # the first scan of a label that the platform sold refunds
                scan = ReturnScan(number, rma, list(Scan)[how % 2], self.now)
                self.surely(report_return_scans, crash, self.by(Party.CARRIER), [scan], now=self.now)
            case "receive":
                self.surely(receive_returns, crash, seller, [Receive(number, rma)], now=self.now)
            case "part":
                came = Receive(number, rma, lines={book.items[how % len(book.items)]: 1})
                self.surely(receive_returns, crash, seller, [came], now=self.now)
            case "grade":
                grades = {book.items[how % len(book.items)]: list(Grade)[how]}
                self.surely(grade_returns, crash, seller, [Inspect(number, rma, grades=grades)], now=self.now)
            case "close":
                step = Close(number, rma, reason=list(CloseReason)[how], comment="as agreed")
                self.surely(close_returns, crash, seller, [step], now=self.now)
            case "withdraw":
                self.surely(close_returns, crash, self.by(Party.BUYER), [Close(number, rma)], now=self.now)
        self.look_again()

    @rule(
        which=st.integers(0, 9),
        way=st.sampled_from(["all", "units", "amounts", "amount", "concession", "return", "too much"]),
        amount=st.integers(1, 4000),
        party=st.sampled_from([Party.SELLER, Party.SELLER, Party.AMAZON]),
        mode=st.sampled_from(list(Mode)),
        crash=st.integers(0, 40),
    )
    def refund(self, which: int, way: str, amount: int, party: Party, mode: Mode, crash: int) -> None:
        book = self.book(which)
        said = self.ways(book, way, amount)
        request = RefundRequest(book.number, RefundReason.BUYER_RETURN, mode, override="agreed", **said)
        before = book.given
        outcome = self.surely(request_refunds, crash, self.by(party), [request], now=self.now)
        if not outcome.accepted:
            return
        extra = request.return_shipping + request.goodwill
        of_charges = outcome.facts["total"] - extra
        assert outcome.facts["left"] == book.charged - before - of_charges >= 0
        assert way != "too much"
        assert outcome.facts["reference"] not in book.refunds
        book.refunds[outcome.facts["reference"]] = of_charges, extra

    def ways(self, book: Book, way: str, amount: int) -> dict[str, Any]:
        item = book.items[amount % len(book.items)]
        match way:
            case "units":
                return {"lines": (LineRefund(item, units=1 + amount % 2),)}
            case "amounts":
                return {"lines": (LineRefund(item, amounts={"principal": amount}),)}
            case "amount":
                return {"amount": amount}
            case "concession":
                return {"only_concessions": True, "goodwill": amount}
            case "return":
                fee = {"fee": amount} if amount % 3 == 0 else {}
                return {"rma": book.rmas[-1] if book.rmas else "none", **fee}
            case "too much":
                return {"amount": book.charged - book.given + 1}
        return {"return_shipping": amount if amount % 5 == 0 else 0}

    @precondition(lambda self: any(book.refunds for book in self.books))
    @rule(which=st.integers(0, 30), verb=st.sampled_from(["undo", "approve"]), crash=st.integers(0, 40))
    def change_refund(self, which: int, verb: str, crash: int) -> None:
        known = [(book, reference) for book in self.books for reference in book.refunds]
        book, reference = known[which % len(known)]
        change = RefundChange(book.number, reference)
        if verb == "approve":
            self.surely(approve_refunds, crash, self.by(Party.SELLER, "Boss"), [change], now=self.now)
            return
        outcome = self.surely(undo_refunds, crash, self.by(Party.SELLER), [change], now=self.now)
        if outcome.accepted:
            del book.refunds[reference]

    @rule(
        which=st.integers(0, 9),
        kind=st.sampled_from([ClaimKind.NOT_RECEIVED, *ClaimKind]),
        ready=st.sampled_from([True, True, True, False]),
        steps=STEPS_OF_CLAIMS,
        crash=st.integers(0, 40),
    )
    def file_claim(self, which: int, kind: ClaimKind, ready: bool, steps: list[Any], crash: int) -> None:
        """The buyer claims; mostly after what a claim takes: it was sent, the buyer wrote, and waited."""
        book = self.book(which)
        if ready:
            self.ship(which, crash % 2 == 0, crash)
            self.all_still_holds()
            self.see_parcel(which, "DELIVERED" if crash % 5 else "REFUSED")
            self.all_still_holds()
            message = BuyerMessage(book.number, "Where is it?")
            receive_messages(self.by(Party.BUYER), [message], now=self.now)
            self.all_still_holds()
            self.wait(timedelta(hours=49), 99)
            self.all_still_holds()
        asked = [FileClaim(book.number, kind, "It is not right.")]
        outcome = self.surely(
            file_claims, crash, self.by(Party.BUYER), asked, now=self.now, randomness=self.dice
        )
        if outcome.accepted:
            assert outcome.facts["reference"] not in book.claims
            book.claims[outcome.facts["reference"]] = 0
            steps_taken["claim filed"] += 1
            self.look_again()  # what was granted on the spot calls drafts back
            self.move(book, outcome.facts["reference"], steps, crash)

    @precondition(lambda self: any(book.claims for book in self.books))
    @rule(which=st.integers(0, 30), steps=STEPS_OF_CLAIMS, crash=st.integers(0, 40))
    def move_claim(self, which: int, steps: list[Any], crash: int) -> None:
        known = [(book, reference) for book in self.books for reference in book.claims]
        self.move(*known[-1 - which % len(known)], steps, crash)

    def move(self, book: Book, claim: str, steps: list[Any], crash: int) -> None:
        """Some steps of one claim: what comes next, or anything at all."""
        for verb, how in steps:
            self.all_still_holds()
            states = dict(self.seen("claims k", "k.reference, k.state", book))
            likely = NEXT.get(states[claim], VERBS)
            self.step_claim(book, claim, verb or likely[how % len(likely)], how, crash)

    def step_claim(self, book: Book, claim: str, verb: str, how: int, crash: int) -> None:
        judge, seller, buyer = self.by(Party.AMAZON), self.by(Party.SELLER), self.by(Party.BUYER)
        step = ClaimStep(book.number, claim, "Because it is so.")
        verdict = ClaimVerdict(book.number, claim, how % 4 > 0, list(Fault)[how // 4], list(Funding)[how % 2])
        command, actor, said = {
            "ask": (ask_claims, judge, step),
            "answer": (answer_claims, seller, step),
            "withdraw": (withdraw_claims, buyer, step),
            "decide": (decide_claims, judge, verdict),
            "appeal": (appeal_claims, seller, step),
            "ask more": (ask_appeals, judge, step),
            "tell more": (answer_appeals, seller, step),
            "judge": (decide_appeals, judge, AppealVerdict(book.number, claim, how % 2 > 0, how > 7)),
        }[verb]
        left = book.charged - book.given
        outcome = self.surely(command, crash, actor, [said], now=self.now)
        if not outcome.accepted:
            return
        steps_taken[f"claim {outcome.state}"] += 1
        if outcome.state == "granted":  # all that is left, and what waited for a second person is called back
            assert outcome.facts["paid"] >= left
        self.look_again()

    @rule(wait=st.sampled_from(WAITS), crash=st.integers(0, 60))
    def wait(self, wait: timedelta, crash: int) -> None:
        """Time passes, nobody looks, then the clock's work is done at once; it may die on the way."""
        self.now += wait
        try:
            with dying_at(crash):
                sweep(self.now)
        except Crash:
            steps_taken["crashes"] += 1
        while sweep(self.now).done:
            pass
        assert sweep(self.now).done == 0
        self.look_again()

    @rule(checks=st.booleans())
    def pay(self, checks: bool) -> None:
        try:
            pay_refunds(self.now, self.provider)
        except Crash:
            steps_taken["crashes"] += 1
        if checks:
            with suppress(PaymentsUnavailable):
                assert reconcile(self.now, self.provider) == 0
        self.look_again()

    def look_again(self) -> None:
        """Learn what others than the seller did: refunds of the clock's and the rules', and payments that failed."""
        books = {book.number: book for book in self.books}
        for book in self.books:
            book.rmas = []
        for number, rma in self.seen_of_all("return_requests t", "t.rma"):
            books[number].rmas.append(rma)
        columns = "t.reference, t.state, t.total, t.return_shipping + t.goodwill"
        for number, reference, state, total, extra in self.seen_of_all("refunds t", columns):
            if state in ("CANCELLED", "REJECTED"):
                books[number].refunds.pop(reference, None)
            else:
                books[number].refunds.setdefault(reference, (total - extra, extra))
        for number, reference, paid in self.seen_of_all("claims t", "t.reference, t.paid"):
            known = books[number].claims
            assert paid == known[reference] or known[reference] == 0  # granted once, for good
            known[reference] = paid

    def seen_of_all(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        """The rows of all orders, each behind its order's number."""
        sql = (
            f"SELECT o.order_number, {columns} FROM orders o JOIN {table} ON t.order_id = o.id"
            " WHERE o.order_number = ANY(%s) ORDER BY t.id"
        )
        return build.everything(sql, [[book.number for book in self.books]])

    # -- what must hold after every step: a rule, or one of the several things that happen within a claim's

    @invariant()
    def all_still_holds(self) -> None:
        """Never more than was charged, and nobody is paid twice."""
        steps_taken["steps"] += 1
        for book in self.books:
            assert book.given <= book.charged, book
            assert sum(extra for _, extra in book.refunds.values()) <= book.worth, book
            assert self.provider.paid[book.number] <= book.charged + book.worth, book

    def teardown(self) -> None:
        if not self.books:
            return
        unpaid = (
            "SELECT count(*) FROM payment_transfers WHERE seller_id = %s AND state NOT IN ('done', 'failed')"
        )
        for _ in range(100):  # calls that were lost are asked for again, minutes apart
            if build.everything(unpaid, [self.seller]) == [(0,)]:
                break
            self.now += timedelta(minutes=11)
            self.pay(False)
        assert build.everything(unpaid, [self.seller]) == [(0,)]
        ours = dict(
            build.everything(
                "SELECT key, amount FROM payment_transfers WHERE seller_id = %s AND state = 'done'",
                [self.seller],
            )
        )
        theirs = {key: one.amount for key, one in self.provider.book.items() if one.state == "done"}
        assert ours == theirs
        nothing_is_wrong()


def nothing_is_wrong() -> None:
    assert [violation for finding in verify() for violation in finding.violations] == []


def walk_the_roads_of_claims(machine: type[AfterShipping]) -> None:
    """What chance may leave out of a run: a claim that is granted and appealed against, and one that is denied."""
    for road in ROADS:
        life = machine()
        life.begin(country="US", seed=2)
        life.file_claim(which=0, kind=ClaimKind.NOT_RECEIVED, ready=True, steps=road, crash=99)
        life.all_still_holds()
        life.teardown()


@pytest.mark.parametrize("run", range(RUNS))
def test_whatever_happens_money_goes_back_once(committed: None, run: int) -> None:
    steps_taken.clear()
    machine = type(f"AfterShipping{run}", (AfterShipping,), {})  # each name draws lives of its own
    walk_the_roads_of_claims(machine)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert steps_taken["steps"] * RUNS >= STEPS_LEAST
    assert steps_taken["crashes"] > LIVES
    for state in ("filed", "under_review", "granted", "denied", "appealed"):
        assert steps_taken[f"claim {state}"], steps_taken
