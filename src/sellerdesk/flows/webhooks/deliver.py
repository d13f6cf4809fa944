"""From the journal to others: owe deliveries and news, and hand deliveries over (design 2.5, 2.12; trust P5, P6).

Handing over is reserve → call → record; the calls happen outside any transaction. Killed anywhere, a delivery is made
later; at worst it is made again under the same id. A few receivers are served at a time, each for a bounded while, and
then it is the next ones' turn: who is slow or away holds up nobody else.
"""

import time
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.conf import settings

from sellerdesk.adapters.chat.base import Chat, ChatUnavailable
from sellerdesk.adapters.chat.services import Services
from sellerdesk.adapters.web.base import NotAllowed, Web, WebError
from sellerdesk.adapters.web.pinned import PinnedWeb
from sellerdesk.commands.deliveries import (
    READER as DELIVERIES,
)
from sellerdesk.commands.deliveries import (
    DeliveryResult,
    Reserved,
    Turn,
    owe_deliveries,
    record_turn,
    reserve_turn,
)
from sellerdesk.commands.notifications import READER as APP
from sellerdesk.commands.notifications import owe_notifications
from sellerdesk.domain.receivers import REST_MAX, Attempt, ReceiverKind, pause_after
from sellerdesk.flows.webhooks.bodies import Parcel, Unsayable, pack
from sellerdesk.queries.deliveries import is_delivery_due
from sellerdesk.queries.mails import is_journal_unread
from sellerdesk.wire.signing import headers

ENTRIES = 1000  # journal entries per step
BATCH = 10  # deliveries of one turn
SLOTS = 8  # receivers served at a time
TURN_SECONDS = 10.0  # after which a turn begins no further delivery
LEASE = timedelta(minutes=3)
_LOOK_SECONDS = 0.2
log = structlog.get_logger("sellerdesk.webhooks")


def read_journal(now: datetime, *, steps: int | None = None) -> int:
    """Owe the deliveries and make the news that new entries of the journal ask for; answers how many were read."""
    read = 0
    for reader in (DELIVERIES, APP):
        left = steps
        while (left is None or left > 0) and is_journal_unread(reader):
            step = (
                owe_deliveries(now=now, limit=ENTRIES)
                if reader == DELIVERIES
                else owe_notifications(limit=ENTRIES)
            )
            if not step.read:  # another worker is at it, or was quicker
                break
            read += step.read
            left = None if left is None else left - 1
    return read


@dataclass(frozen=True)
class Outside:
    """How things get outside: the web for webhooks and notifications, and chat."""

    web: Web
    chat: Chat


def configured_outside() -> Outside:
    """What the settings say."""
    return Outside(PinnedWeb(settings.OUTBOUND_ALLOW), Services())


@dataclass(slots=True)
class DeliveryReport:
    """How many deliveries went which way, and to how many receivers turned."""

    delivered: int = 0
    again: int = 0
    dead: int = 0
    turns: int = 0


@dataclass
class _Round:
    """One call of `deliver`: what runs, and what time it is."""

    now: datetime
    outside: Outside
    report: DeliveryReport = field(default_factory=DeliveryReport)
    running: "dict[Future[list[Attempt]], Turn]" = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def moment(self) -> datetime:
        """`now`, and as much later as the round has lasted."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)


def deliver(now: datetime, *, outside: Outside | None = None, turns: int | None = None) -> DeliveryReport:
    """Hand over what is due at `now` and becomes due meanwhile, in at most `turns` turns."""
    if not is_delivery_due(now):
        return DeliveryReport()
    this = _Round(now, outside or configured_outside())
    with ThreadPoolExecutor(SLOTS, thread_name_prefix="delivery") as pool:
        while True:
            while len(this.running) < SLOTS and (turns is None or this.report.turns < turns):
                turn = reserve_turn(now=this.moment(), lease=LEASE, limit=BATCH)
                if turn is None:
                    break
                this.report.turns += 1
                _begin(turn, this, pool)
            if not this.running:
                return this.report
            done, _ = wait(this.running, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for one in done:
                turn = this.running.pop(one)
                _record(turn, one.result(), this)


def _begin(turn: Turn, this: _Round, pool: ThreadPoolExecutor) -> None:
    if not turn.deliveries:
        return
    at = this.moment()
    packed = pack(turn, at)
    this.running[pool.submit(_hand_over, turn, packed, this.outside, at)] = turn


def _hand_over(
    turn: Turn, packed: Mapping[int, Parcel | Unsayable], outside: Outside, at: datetime
) -> list[Attempt]:
    """Try the deliveries of a turn in their order, in a thread without a database; what has no answer is untried."""
    attempts: list[Attempt] = []
    began = time.monotonic()
    for one in turn.deliveries:
        spent = time.monotonic() - began
        if spent > TURN_SECONDS:
            break
        attempt = _try(turn, packed.get(one.id), outside, at + timedelta(seconds=spent))
        attempts.append(attempt)
        if attempt.unreachable or attempt.gone:
            break
    return attempts


def _try(turn: Turn, parcel: Parcel | Unsayable | None, outside: Outside, at: datetime) -> Attempt:
    if parcel is None or isinstance(parcel, Unsayable):
        return Attempt(False, error=parcel.why if parcel else "deleted", hopeless=True)
    try:
        if turn.kind == ReceiverKind.CHAT:
            outside.chat.say(turn.address, parcel.title, parcel.body.decode())
            return Attempt(True)
        reply = outside.web.post(
            turn.address, parcel.body, headers(parcel.webhook_id, at, parcel.body, turn.secrets)
        )
    except NotAllowed as error:
        return Attempt(False, error=str(error))
    except WebError as error:
        return Attempt(False, error=str(error), unreachable=True)
    except ChatUnavailable as error:
        return Attempt(False, error=str(error))
    except Exception as error:
        log.error("delivery failed", receiver=turn.receiver_id, error=type(error).__qualname__)
        return Attempt(False, error=type(error).__qualname__)
    if 200 <= reply.status < 300:
        return Attempt(True, reply.status)
    problem = "redirect, not followed" if 300 <= reply.status < 400 else f"HTTP {reply.status}"
    return Attempt(False, reply.status, problem)


def _record(turn: Turn, attempts: list[Attempt], this: _Round) -> None:
    now = this.moment()
    results = [_result(one, attempt, now) for one, attempt in zip(turn.deliveries, attempts, strict=False)]
    results += [DeliveryResult(one.id, "untried") for one in turn.deliveries[len(attempts) :]]
    last = attempts[-1] if attempts else Attempt(True)
    rests_until = this.now
    if last.unreachable:
        rests_until = now + min(
            pause_after(turn.deliveries[len(attempts) - 1].attempts) or REST_MAX, REST_MAX
        )
    record_turn(turn, results, now=now, rests_until=rests_until, gone=last.gone)
    for one in results:
        this.report.delivered += one.state == "delivered"
        this.report.again += one.state == "queued"
        this.report.dead += one.state == "dead"


def _result(one: Reserved, attempt: Attempt, now: datetime) -> DeliveryResult:
    if attempt.delivered:
        return DeliveryResult(one.id, "delivered", status=attempt.status)
    pause = None if attempt.hopeless else pause_after(one.attempts)
    if pause is None:
        return DeliveryResult(one.id, "dead", status=attempt.status, error=attempt.error)
    return DeliveryResult(one.id, "queued", now + pause, attempt.status, attempt.error)
