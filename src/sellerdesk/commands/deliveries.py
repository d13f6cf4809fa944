"""Owe deliveries because of the journal, reserve a receiver's turn, record what became of it (trust P5, P6).

Every receiver is a queue of its own. A turn takes the receiver that has waited longest for one, and a few of its
deliveries; nobody else serves it meanwhile, so that a receiver that is slow or away holds up nobody but itself. Whoever
is killed during a turn leaves a reservation that runs out; the repeat carries the same id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from sellerdesk.domain.actors import Actor, Door, Party, Permission
from sellerdesk.domain.events import TEST
from sellerdesk.domain.receivers import FAILING_FOR, DisabledBecause
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.models.delivery_writes import AGAIN, OWE, owe_params
from sellerdesk.models.journal_reading import DELIVERIES, Reading, for_all_sellers, read_on
from sellerdesk.models.journal_writes import Entry, add
from sellerdesk.models.sql import decode_json, record_set, rows, run
from sellerdesk.models.tenancy import scope_transaction

READER = DELIVERIES
ERROR_LENGTH_MAX = 300


def owe_deliveries(*, now: datetime, limit: int) -> Reading:
    """Read on in the journal and owe what receivers want of it, at most `limit` entries. Ids are fixed here."""
    return read_on(READER, OWE, owe_params(now), limit=limit)


@dataclass(frozen=True, slots=True)
class Reserved:
    """A delivery to try now. `attempts` counts this attempt."""

    id: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A receiver and the deliveries that this process may hand to it. `secrets` are those that sign today."""

    seller_id: int
    receiver_id: int
    kind: str
    address: str
    secrets: tuple[str, ...]
    language: str
    deliveries: tuple[Reserved, ...]


# Whoever holds the row is passed over. The turn goes by the database's clock: only its order matters.
_TURN = """
WITH chosen AS (
  SELECT id, seller_id FROM receivers
   WHERE state = 'active' AND due_at <= %(now)s AND busy_until <= %(now)s
   ORDER BY served_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
UPDATE receivers r SET busy_until = %(until)s, served_at = clock_timestamp()
  FROM chosen WHERE r.id = chosen.id AND r.seller_id = chosen.seller_id
RETURNING r.seller_id, r.id, r.kind, r.address, r.secrets, r.old_secret_until, r.language"""

_RESERVE = """
WITH due AS (
  SELECT id FROM deliveries
   WHERE seller_id = %(seller)s AND receiver_id = %(receiver)s AND state = 'queued' AND next_at <= %(now)s
   ORDER BY next_at, id LIMIT %(limit)s)
UPDATE deliveries d SET attempts = d.attempts + 1, tried_at = %(now)s FROM due WHERE d.id = due.id
RETURNING d.id, d.attempts"""

_NEXT_DUE = """
UPDATE receivers r SET busy_until = %(busy)s,
       due_at = (SELECT min(next_at) FROM deliveries d
                  WHERE d.seller_id = r.seller_id AND d.receiver_id = r.id AND d.state = 'queued')
 WHERE r.seller_id = %(seller)s AND r.id = %(receiver)s"""


def reserve_turn(*, now: datetime, lease: timedelta, limit: int) -> Turn | None:
    """Take the receiver whose turn it is, and up to `limit` of its deliveries, the longest due first; None: nobody.

    A turn without deliveries says that nothing was due after all.
    """
    with for_all_sellers():
        found = rows(_TURN, {"now": now, "until": now + lease})
        if not found:
            return None
        seller, receiver, kind, address, secrets, old_until, language = found[0]
        given = {"seller": seller, "receiver": receiver, "now": now, "limit": limit}
        taken = [Reserved(*row) for row in sorted(rows(_RESERVE, given))]
        if not taken:
            run(_NEXT_DUE, {"seller": seller, "receiver": receiver, "busy": now})
    signing = tuple(decode_json(secrets))
    if old_until is None or old_until <= now:
        signing = signing[:1]
    return Turn(seller, receiver, kind, address, signing, language, tuple(taken))


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What became of a delivery of a turn. `state`: delivered, dead, queued (again at `next_at`), untried."""

    id: int
    state: str
    next_at: datetime | None = None
    status: int | None = None
    error: str = ""


_RECORD = """
UPDATE deliveries d
   SET state = CASE WHEN r.state = 'untried' THEN 'queued' ELSE r.state END,
       attempts = CASE WHEN r.state = 'untried' THEN greatest(d.attempts - 1, 0) ELSE d.attempts END,
       next_at = coalesce(r.next_at, d.next_at),
       status = CASE WHEN r.state = 'untried' THEN d.status ELSE r.status END,
       error = CASE WHEN r.state = 'untried' THEN d.error ELSE r.error END
  FROM jsonb_to_recordset(%(results)s::jsonb)
       AS r(id bigint, state text, next_at timestamptz, status smallint, error text)
 WHERE d.seller_id = %(seller)s AND d.receiver_id = %(receiver)s AND d.id = r.id AND d.state = 'queued'
RETURNING d.id, d.state, d.type"""


def record_turn(
    turn: Turn, results: Sequence[DeliveryResult], *, now: datetime, rests_until: datetime, gone: bool
) -> None:
    """Record a turn. The receiver is served again from `rests_until` on; with `gone` (410) it is switched off.

    One that has let a delivery die and has taken nothing for days is switched off too. Both are journalled, and so is
    what was given up.
    """
    records = [
        {
            "id": one.id,
            "state": one.state,
            "next_at": one.next_at,
            "status": one.status,
            "error": one.error[:ERROR_LENGTH_MAX],
        }
        for one in results
    ]
    whose = {"seller": turn.seller_id, "receiver": turn.receiver_id}
    with for_all_sellers():
        held = rows(
            "SELECT name, failing_since, state FROM receivers WHERE seller_id = %(seller)s AND id = %(receiver)s"
            " FOR NO KEY UPDATE",
            whose,
        )
        if not held:  # deleted meanwhile, and its deliveries with it
            return
        recorded = rows(_RECORD, whose | {"results": record_set(records)})
        name, since, state = held[0]
        delivered = any(one.state == "delivered" for one in results)
        failed = any(one.state in ("queued", "dead") for one in results)
        failing = None if delivered or not failed else (since or now)
        died = [kind for _, what, kind in recorded if what == "dead"]
        because = _reason_to_stop(gone, failing, now, bool(died)) if state == "active" else None
        run(
            "UPDATE receivers SET failing_since = %(failing)s WHERE seller_id = %(seller)s AND id = %(receiver)s",
            whose | {"failing": failing if failed or delivered else since},
        )
        run(_NEXT_DUE, whose | {"busy": rests_until})
        _stop(turn, because)
        _journal(turn, {"name": name, "sort": turn.kind, "receiver": turn.receiver_id}, (died, because), now)


def _reason_to_stop(
    gone: bool, failing: datetime | None, now: datetime, died: bool
) -> DisabledBecause | None:
    if gone:
        return DisabledBecause.GONE
    if died and failing is not None and now - failing >= FAILING_FOR:
        return DisabledBecause.FAILING
    return None


def _stop(turn: Turn, because: DisabledBecause | None) -> None:
    if because is not None:
        run(
            "UPDATE receivers SET state = 'disabled', disabled_because = %s WHERE seller_id = %s AND id = %s",
            [because.value, turn.seller_id, turn.receiver_id],
        )


def _journal(
    turn: Turn, said: dict[str, Any], what: tuple[list[str], DisabledBecause | None], now: datetime
) -> None:
    died, because = what
    entries = []
    if died:
        entries.append(Entry(None, "delivery_given_up", said | {"deliveries": len(died), "type": died[0]}))
    if because is not None:
        entries.append(Entry(None, "receiver_disabled", said | {"because": because.value}))
    add(Actor(Party.SYSTEM, "deliveries", Door.JOBS, turn.seller_id), turn.seller_id, entries, now)


# --- What people ask for ---------------------------------------------------------------------------------------------

_WAKE = (
    "UPDATE receivers SET due_at = least(due_at, %(now)s::timestamptz)"
    " WHERE seller_id = %(seller)s AND id = %(receiver)s"
)


def replay_delivery(actor: Actor, receiver_id: int, delivery_id: int, *, now: datetime) -> bool:
    """Send a delivery again, under the same id; False when there is none. Raises Refusal FORBIDDEN."""
    given = _given(actor, receiver_id, now)
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        found = run(
            "UPDATE deliveries SET state = 'queued', attempts = 0, next_at = %(now)s, error = ''"
            " WHERE seller_id = %(seller)s AND receiver_id = %(receiver)s AND id = %(id)s",
            given | {"id": delivery_id},
        )
        if found:
            run(_WAKE, given)
    return found == 1


def replay_since(actor: Actor, receiver_id: int, since: datetime, *, now: datetime) -> int:
    """Send everything that happened since a moment, also what the receiver missed while it was switched off.

    What was owed before keeps its id. Answers how many deliveries there are. Raises Refusal FORBIDDEN.
    """
    given = _given(actor, receiver_id, now)
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        ((number,),) = rows(AGAIN, given | owe_params(now) | {"since": since})
    return int(number)


def send_test(actor: Actor, receiver_id: int, *, now: datetime) -> bool:
    """Owe a receiver a test; False when there is none. Raises Refusal FORBIDDEN."""
    given = _given(actor, receiver_id, now)
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        made = run(
            "INSERT INTO deliveries (seller_id, receiver_id, type, webhook_id, state, attempts, created_at, next_at,"
            " error) SELECT seller_id, id, %(type)s, 'msg_' || gen_random_uuid(), 'queued', 0, %(now)s, %(now)s, ''"
            " FROM receivers WHERE seller_id = %(seller)s AND id = %(receiver)s AND kind IN ('webhook', 'chat')",
            given | {"type": TEST},
        )
        if made:
            run(_WAKE, given)
    return made == 1


def _given(actor: Actor, receiver_id: int, now: datetime) -> dict[str, Any]:
    if not actor.may(Permission.WEBHOOKS_MANAGE):
        raise refuse(Code.FORBIDDEN, permission=Permission.WEBHOOKS_MANAGE.value)
    return {"seller": actor.seller_id, "receiver": receiver_id, "now": now}
