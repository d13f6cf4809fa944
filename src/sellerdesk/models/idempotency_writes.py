"""Claiming a key and keeping its answer, inside the transaction of what the key protects (trust P1)."""

from datetime import datetime

from django.db import OperationalError

from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.models.sql import decode_json, rows, run

_LOCK_TIMEOUT = "55P03"
_MINE = "seller_id = %s AND principal = %s AND operation = %s AND key = %s"


def claim(seller_id: int, once: Once) -> str | None:
    """Take the key for this transaction. Answers None when it was free, else the answer that was kept for it.

    A twin that still runs is waited for as long as the connection waits for locks. Raises Refusal KEY_IN_USE when that
    is not long enough, KEY_REUSED when the key was used for another body.
    """
    names = [seller_id, once.principal, once.operation, once.key]
    try:
        made = run(
            "INSERT INTO idempotency_keys (seller_id, principal, operation, key, body_hash, at)"
            " VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (seller_id, principal, operation, key) DO NOTHING",
            [*names, once.body_hash, once.at],
        )
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == _LOCK_TIMEOUT:
            raise refuse(Code.KEY_IN_USE, key=once.key) from error
        raise
    if made:
        return None
    found = rows(f"SELECT body_hash, response FROM idempotency_keys WHERE {_MINE}", names)
    if not found:  # its row was thrown away between the two statements, because it was old
        raise refuse(Code.KEY_IN_USE, key=once.key)
    body_hash, response = found[0]
    if body_hash != once.body_hash:
        raise refuse(Code.KEY_REUSED, key=once.key)
    return str(decode_json(response))


def keep(seller_id: int, once: Once, answer: str) -> None:
    """Keep the answer with the key, as one JSON string: jsonb would lose the order of an object's members."""
    run(
        "UPDATE idempotency_keys SET response = to_jsonb(%s::text) WHERE " + _MINE,
        [answer, seller_id, once.principal, once.operation, once.key],
    )


def delete_before(moment: datetime, *, at_most: int) -> int:
    """Delete keys that are older than a moment, oldest first; answers how many went."""
    return run(
        "DELETE FROM idempotency_keys WHERE id IN"
        " (SELECT id FROM idempotency_keys WHERE at < %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)",
        [moment, at_most],
    )
