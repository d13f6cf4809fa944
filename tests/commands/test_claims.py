"""Claims through the commands: filed when they may be, granted by silence, paid once, appealed (3.6; T17; I06, I14)."""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests import build
from tests.build import PLACED, all_well, an_actor, everything

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
from sellerdesk.commands.feedback import record_chargebacks
from sellerdesk.commands.messages import receive_messages
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.refunds import RefundChange, request_refunds, undo_refunds
from sellerdesk.commands.transfers import CallResult, claim_transfers, record_calls
from sellerdesk.domain.actors import Party
from sellerdesk.domain.claim_facts import ClaimKind, Fault, Funding
from sellerdesk.domain.claims import AppealVerdict, ClaimStep, ClaimVerdict, FileClaim
from sellerdesk.domain.feedback import ChargebackKind, ChargebackReport
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.messages import BuyerMessage
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.refusals import Code
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.verify import verify

pytestmark = pytest.mark.usefixtures("committed")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOTAL = 2 * (1999 + 160)
DELIVERED = PLACED + 5 * DAY
ASKED = DELIVERED + DAY  # the buyer writes to the seller
FILED = ASKED + 48 * HOUR


def buyer(seller: int) -> Any:
    return an_actor(seller, party=Party.BUYER)


def judge(seller: int) -> Any:
    return an_actor(seller, party=Party.AMAZON)


def deliver(seller: int, number: str, *, kind: str = "DELIVERED", at: datetime = DELIVERED) -> None:
    all_well(report_parcel_events(an_actor(seller), [ParcelReport(number, "1", kind, at)], now=at))


def write(seller: int, number: str, *, at: datetime = ASKED) -> None:
    all_well(receive_messages(buyer(seller), [BuyerMessage(number, "Where is it?")], now=at))


def a_claimable_order(seller: int) -> str:
    """Shipped, delivered as tracking says, and the seller was written to."""
    number = build.a_shipped_order(seller)
    deliver(seller, number)
    write(seller, number)
    return number


def file(
    seller: int, number: str, *, at: datetime = FILED, kind: ClaimKind = ClaimKind.NOT_RECEIVED, **said: Any
) -> Outcome:
    request = FileClaim(number, kind, said.pop("text", "It never came."), **said)
    return file_claims(buyer(seller), [request], now=at, randomness=random.Random(number + str(at)))[0]


def a_claim(seller: int, number: str, **said: Any) -> str:
    return str(all_well([file(seller, number, **said)])[0].facts["reference"])


def step(command: Callable[..., list[Outcome]], actor: Any, number: str, claim: str, **said: Any) -> Outcome:
    at = said.pop("at", FILED + HOUR)
    return command(actor, [ClaimStep(number, claim, said.pop("text", "Words about it."), **said)], now=at)[0]


def verdict(seller: int, number: str, claim: str, *, granted: bool, **said: Any) -> Outcome:
    at = said.pop("at", FILED + 2 * HOUR)
    fault = said.pop("fault", Fault.SELLER)
    return decide_claims(judge(seller), [ClaimVerdict(number, claim, granted, fault, **said)], now=at)[0]


def code(outcome: Outcome) -> Code | None:
    return outcome.refusal.code if outcome.refusal else None


def the_claim() -> tuple[Any, ...]:
    return everything("SELECT state, paid, debited, defect, money_reversed, defect_reversed FROM claims")[0]


def claimed() -> list[tuple[Any, ...]]:
    return everything("SELECT component, refunded, refund_pending, claimed FROM charges ORDER BY component")


def ledger(kind: str) -> list[tuple[Any, ...]]:
    return everything(
        "SELECT e.account, sum(e.amount)::int FROM ledger_entries e JOIN ledger_transactions t"
        " ON t.id = e.transaction_id WHERE t.kind = %s GROUP BY 1 ORDER BY 1",
        [kind],
    )


def transfers() -> list[tuple[Any, ...]]:
    return everything("SELECT amount, state, claim_id IS NOT NULL FROM payment_transfers ORDER BY id")


def nothing_is_wrong() -> None:
    assert [violation for finding in verify() for violation in finding.violations] == []


def refund_all(seller: int, number: str, *, at: datetime, **said: Any) -> Outcome:
    request = RefundRequest(number, RefundReason.NOT_RECEIVED, **said)
    return request_refunds(an_actor(seller), [request], now=at)[0]


def test_the_seller_is_asked_at_once_and_silence_grants() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    filed = file(seller, number)
    assert (filed.state, filed.facts["amount"]) == ("action_required", TOTAL)
    due = FILED + 72 * HOUR
    assert filed.facts["due_at"] == due
    assert sweep(due - timedelta(seconds=1)).fired["claim_answer"] == 0
    report = sweep(due)
    assert (report.fired["claim_answer"], report.failed) == (1, 0)
    assert the_claim() == ("GRANTED", TOTAL, TOTAL, True, False, False)
    assert claimed() == [("principal", 0, 0, 3998), ("tax", 0, 0, 320)]
    assert ledger("claim") == [("buyer", -TOTAL), ("seller", TOTAL)]
    assert transfers() == [(TOTAL, "queued", True)]
    said = json.loads(everything("SELECT facts FROM journal WHERE kind = 'claim_granted'")[0][0])
    assert (said["late"], said["cause"], said["debited"]) == (False, "silence", TOTAL)
    nothing_is_wrong()
    assert sweep(due).done == 0
    assert code(refund_all(seller, number, at=due)) is Code.NOTHING_TO_REFUND
    end = FILED + 72 * HOUR + 31 * DAY
    assert sweep(end).fired["claim_appeal_end"] == 1
    nothing_is_wrong()


def test_a_clock_that_was_away_says_so() -> None:  # P24
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    back = FILED + 72 * HOUR + 2 * DAY
    late = step(answer_claims, an_actor(seller), number, claim, at=back)
    assert code(late) is Code.CLAIM_ANSWER_OVER  # the instant decides, not when the clock came
    assert sweep(back).late >= 1
    said = json.loads(everything("SELECT facts FROM journal WHERE kind = 'claim_granted'")[0][0])
    assert said["late"] is True
    nothing_is_wrong()


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(47, Code.CLAIM_TOO_EARLY), (48, None), (49, None)],
)
def test_t17_contact(hours: int, expected: Code | None) -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    outcome = file(seller, number, at=ASKED + hours * HOUR)
    assert code(outcome) is expected
    if outcome.refusal is not None:
        assert outcome.refusal.facts["opens_at"] == ASKED + 48 * HOUR


def test_t17_window() -> None:
    seller = build.a_seller()
    numbers = [a_claimable_order(seller), a_claimable_order(seller)]
    (promised,) = everything("SELECT DISTINCT latest_delivery_at FROM orders")[0]
    end = promised + 90 * DAY
    assert code(file(seller, numbers[0], at=end)) is Code.CLAIM_TOO_LATE
    assert file(seller, numbers[1], at=end - timedelta(seconds=1)).accepted


def test_nobody_claims_without_contact_or_after_a_chargeback() -> None:
    seller = build.a_seller()
    number = build.a_shipped_order(seller)
    deliver(seller, number)
    assert code(file(seller, number)) is Code.CLAIM_CONTACT_FIRST
    write(seller, number)
    report = ChargebackReport(number, "CB-1", ChargebackKind.SERVICE, TOTAL, "USD", FILED)
    all_well(record_chargebacks(judge(seller), [report], now=FILED))
    refusal = file(seller, number).refusal
    assert refusal is not None
    assert (refusal.code, refusal.facts["why"]) == (Code.CLAIM_NOT_ELIGIBLE, "chargeback")


def test_one_claim_is_open_at_a_time() -> None:  # I14
    seller = build.a_seller()
    number = a_claimable_order(seller)
    requests = [FileClaim(number, ClaimKind.NOT_RECEIVED)] * 2
    first, second = file_claims(buyer(seller), requests, now=FILED, randomness=random.Random(1))
    assert first.accepted
    assert code(second) is Code.CLAIM_EXISTS
    assert code(file(seller, number, at=FILED + HOUR)) is Code.CLAIM_EXISTS
    claim = first.facts["reference"]
    assert step(withdraw_claims, buyer(seller), number, claim).state == "withdrawn"
    assert file(seller, number, at=FILED + 2 * HOUR).accepted
    nothing_is_wrong()


def test_a_refused_parcel_on_its_way_back_is_granted_without_a_defect() -> None:
    seller = build.a_seller()
    number = build.a_shipped_order(seller)
    deliver(seller, number, kind="REFUSED")
    write(seller, number)
    filed = file(seller, number)
    assert (filed.state, filed.facts["cause"]) == ("granted", "refused_delivery")
    assert the_claim() == ("GRANTED", TOTAL, TOTAL, False, False, False)
    assert transfers() == [(TOTAL, "queued", True)]
    nothing_is_wrong()


def test_an_order_that_was_never_confirmed_is_granted_with_a_defect_and_nothing_to_pay() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    write(seller, number, at=PLACED + DAY)
    (promised,) = everything("SELECT latest_delivery_at FROM orders")[0]
    filed = file(seller, number, at=promised + 4 * DAY)
    assert (filed.state, filed.facts["cause"], filed.facts["debited"]) == ("granted", "not_confirmed", 0)
    assert the_claim() == ("GRANTED", 0, 0, True, False, False)
    assert transfers() == []
    assert code(file(seller, number, at=promised + 5 * DAY)) is Code.CLAIM_NOT_ELIGIBLE
    nothing_is_wrong()


def test_answered_and_decided() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    assert code(verdict(seller, number, claim, granted=True)) is Code.CLAIM_STATE  # the seller has his time
    assert code(step(answer_claims, an_actor(seller), number, claim, text=" ")) is Code.MISSING_VALUE
    assert code(step(answer_claims, an_actor(seller), number, claim, version=7)) is Code.STALE_VERSION
    assert code(step(answer_claims, an_actor(seller), number, "C-AAAA-BBBB")) is Code.CLAIM_NOT_FOUND
    assert step(answer_claims, an_actor(seller), number, claim, version=1).state == "under_review"
    assert step(ask_claims, judge(seller), number, claim).facts["due_at"] == FILED + HOUR + 72 * HOUR
    assert step(answer_claims, an_actor(seller), number, claim).state == "under_review"
    shown = verdict(seller, number, claim, granted=True, expects=TOTAL - 1)
    assert code(shown) is Code.LEFT_CHANGED
    own = decide_claims(an_actor(seller), [ClaimVerdict(number, claim, False, Fault.BUYER)], now=FILED)
    assert code(own[0]) is Code.FORBIDDEN
    done = verdict(
        seller, number, claim, granted=True, fault=Fault.CARRIER, funding=Funding.MARKETPLACE, expects=0
    )
    assert (done.state, done.facts["debited"], done.facts["paid"]) == ("granted", 0, TOTAL)
    assert the_claim() == ("GRANTED", TOTAL, 0, False, False, False)
    assert ledger("claim") == [("buyer", -TOTAL), ("marketplace", TOTAL)]
    assert claimed() == [("principal", 0, 0, 3998), ("tax", 0, 0, 320)]
    assert code(step(appeal_claims, an_actor(seller), number, claim)) is Code.APPEAL_OVER
    nothing_is_wrong()


def test_denied_takes_nothing_and_is_not_filed_again() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    done = verdict(seller, number, claim, granted=False, fault=Fault.BUYER)
    assert done.state == "denied"
    assert the_claim() == ("DENIED", 0, 0, False, False, False)
    assert everything("SELECT state FROM deadlines WHERE kind = 'claim_answer'") == [("void",)]
    refusal = file(seller, number, at=FILED + DAY).refusal
    assert refusal is not None
    assert refusal.facts["why"] == "denied"
    nothing_is_wrong()


@pytest.mark.parametrize(
    ("money", "defect", "left"),
    [(True, True, (True, True)), (True, False, (True, False)), (False, True, (False, True))],
)
def test_an_appeal_takes_money_and_defect_back_each_for_itself(
    money: bool, defect: bool, left: tuple[bool, bool]
) -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    granted = FILED + 72 * HOUR
    sweep(granted)
    appealed = granted + 10 * DAY
    assert step(appeal_claims, an_actor(seller), number, claim, at=appealed).state == "appealed"
    assert code(step(appeal_claims, an_actor(seller), number, claim, at=appealed)) is Code.CLAIM_STATE
    judged = decide_appeals(judge(seller), [AppealVerdict(number, claim, money, defect)], now=appealed + DAY)
    assert judged[0].state == "reversed"
    assert the_claim() == ("REVERSED", TOTAL, TOTAL, not defect, *left)
    back = [("marketplace", TOTAL), ("seller", -TOTAL)] if money else []
    assert ledger("claim_reversal") == back
    assert transfers() == [(TOTAL, "queued", True)]  # the buyer keeps the money
    assert code(refund_all(seller, number, at=appealed + DAY)) is Code.NOTHING_TO_REFUND
    assert sweep(appealed + 60 * DAY).fired["claim_appeal_end"] == 0
    nothing_is_wrong()


def test_the_window_to_appeal_is_half_open() -> None:
    seller = build.a_seller()
    numbers = [a_claimable_order(seller), a_claimable_order(seller)]
    claims = [a_claim(seller, number) for number in numbers]
    sweep(FILED + 72 * HOUR)
    (end,) = everything("SELECT DISTINCT appeal_until FROM claims")[0]
    late = step(appeal_claims, an_actor(seller), numbers[0], claims[0], at=end)
    assert code(late) is Code.APPEAL_OVER
    early = step(appeal_claims, an_actor(seller), numbers[1], claims[1], at=end - timedelta(seconds=1))
    assert early.accepted


def test_silence_ends_an_appeal_and_an_answer_goes_on() -> None:
    seller = build.a_seller()
    numbers = [a_claimable_order(seller), a_claimable_order(seller)]
    claims = [a_claim(seller, number) for number in numbers]
    asked = FILED + 80 * HOUR
    sweep(FILED + 72 * HOUR)
    for number, claim in zip(numbers, claims, strict=True):
        all_well([step(appeal_claims, an_actor(seller), number, claim, at=asked)])
        more = step(ask_appeals, judge(seller), number, claim, at=asked)
        assert more.facts["due_at"] == asked + 72 * HOUR
    assert step(answer_appeals, an_actor(seller), numbers[1], claims[1], at=asked + HOUR).state == "appealed"
    assert sweep(asked + 72 * HOUR).fired["claim_appeal_answer"] == 1
    assert everything("SELECT state FROM claims ORDER BY id") == [("APPEAL_DENIED",), ("APPEALED",)]
    denied = decide_appeals(
        judge(seller), [AppealVerdict(numbers[1], claims[1], False, False)], now=asked + DAY
    )
    assert denied[0].state == "appeal_denied"
    nothing_is_wrong()


def test_a_full_refund_settles_a_claim_when_it_goes_and_not_before() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    a_claim(seller, number)
    held = refund_all(seller, number, at=FILED + HOUR)
    assert "claim_open" in held.facts["warnings"]
    assert the_claim()[0] == "ACTION_REQUIRED"
    change = RefundChange(number, held.facts["reference"])
    all_well(undo_refunds(an_actor(seller), [change], now=FILED + 2 * HOUR))
    assert the_claim()[0] == "ACTION_REQUIRED"  # what was called back settles nothing
    refund_all(seller, number, at=FILED + 3 * HOUR, amount=TOTAL - 1)
    sweep(FILED + 5 * HOUR)
    assert the_claim()[0] == "ACTION_REQUIRED"  # a cent is left
    refund_all(seller, number, at=FILED + 6 * HOUR)
    sweep(FILED + 8 * HOUR)
    assert the_claim() == ("REFUNDED_BY_SELLER", 0, 0, True, False, False)
    assert everything("SELECT state FROM deadlines WHERE kind = 'claim_answer'") == [("void",)]
    assert len(everything("SELECT 1 FROM journal WHERE kind = 'claim_refunded'")) == 1
    nothing_is_wrong()


def test_a_refund_that_never_arrives_opens_the_claim_again() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    refund_all(seller, number, at=FILED + HOUR)
    gone = FILED + 3 * HOUR
    sweep(gone)
    (row,) = claim_transfers(an_actor(seller), now=gone, limit=5)
    all_well(record_calls(an_actor(seller), [CallResult(row, "fail", error="closed account")], now=gone))
    assert the_claim()[:4] == ("UNDER_REVIEW", 0, 0, False)
    assert verdict(seller, number, claim, granted=True, at=gone).facts["debited"] == TOTAL
    nothing_is_wrong()


def test_held_refunds_are_not_debited_and_stay() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    due = FILED + 72 * HOUR
    held = refund_all(seller, number, at=due - HOUR, amount=1000)
    sweep(due)
    assert the_claim()[:3] == ("GRANTED", TOTAL - 1000, TOTAL - 1000)
    back = undo_refunds(an_actor(seller), [RefundChange(number, held.facts["reference"])], now=due)[0]
    assert code(back) is Code.CLAIM_RELIES_ON_REFUND
    assert back.refusal is not None
    assert back.refusal.facts["claim"] == claim
    sweep(due + 2 * HOUR)
    assert transfers() == [(TOTAL - 1000, "queued", True), (1000, "queued", False)]
    nothing_is_wrong()


def test_a_refund_that_nobody_agreed_to_is_overtaken() -> None:
    seller = build.a_seller()
    number = build.a_shipped_order(seller, items=[build.an_item(ordered=1, price=60_000, tax=0)])
    deliver(seller, number)
    write(seller, number)
    a_claim(seller, number)
    assert refund_all(seller, number, at=FILED + HOUR).state == "drafted"
    sweep(FILED + 72 * HOUR)
    assert the_claim()[:3] == ("GRANTED", 60_000, 60_000)
    assert everything("SELECT state FROM refunds") == [("CANCELLED",)]
    nothing_is_wrong()


def test_the_payment_side_pays_a_claim_once() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    due = FILED + 72 * HOUR
    sweep(due)
    (row,) = claim_transfers(an_actor(seller), now=due, limit=5)
    ((public,),) = build.everything("SELECT public_id FROM sellers WHERE id = %s", [seller])
    assert (row.reference, row.key, row.order_number) == (claim, f"claim-{public}-{claim}", number)
    all_well(record_calls(an_actor(seller), [CallResult(row, "succeed", "X1")], now=due))
    assert transfers() == [(TOTAL, "done", True)]
    assert len(everything("SELECT 1 FROM journal WHERE kind = 'claim_paid'")) == 1
    nothing_is_wrong()


def test_the_same_key_files_once() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)

    def call() -> Outcome:
        once = Once("Test", "claims", "key-1", digest_of(number), FILED)
        request = FileClaim(number, ClaimKind.NOT_RECEIVED)
        return file_claims(buyer(seller), [request], now=FILED, randomness=random.Random(), once=once)[0]

    assert call() == call()
    assert len(everything("SELECT 1 FROM claims")) == 1


def test_silence_a_refund_and_a_withdrawal_at_once(run_parallel: Callable[..., list[Any]]) -> None:
    """One of them wins, and the buyer is never paid twice."""
    seller = build.a_seller()
    due = FILED + 72 * HOUR
    ends = set()
    for _ in range(6):
        number = a_claimable_order(seller)
        claim = a_claim(seller, number)
        ways: list[Callable[[], Any]] = [
            lambda: sweep(due),
            lambda n=number: request_refunds(
                judge(seller), [RefundRequest(n, RefundReason.NOT_RECEIVED)], now=due
            ),
            lambda n=number, c=claim: withdraw_claims(buyer(seller), [ClaimStep(n, c)], now=due),
        ]
        run_parallel(3, lambda place, ways=ways: ways[place]())
        sweep(due)
        ends |= set(everything("SELECT state FROM claims WHERE reference = %s", [claim]))
        paid = everything(
            "SELECT coalesce(sum(t.amount), 0)::int FROM payment_transfers t LEFT JOIN claims c ON c.id = t.claim_id"
            " LEFT JOIN refunds r ON r.id = t.refund_id JOIN orders o ON o.id = coalesce(c.order_id, r.order_id)"
            " WHERE o.order_number = %s",
            [number],
        )
        assert paid in ([(TOTAL,)], [(0,)])
    assert ends <= {("GRANTED",), ("WITHDRAWN",), ("REFUNDED_BY_SELLER",)}
    nothing_is_wrong()
