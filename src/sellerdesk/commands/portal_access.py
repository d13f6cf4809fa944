"""Let buyers in and out: send a code, take it, end a session (rulebook S2-42, screens 1.18).

These commands act for the platform: which seller's order it is, is what they find out. Whether an address is known must
not be told by any answer, so asking for a code does the same work and says the same in both cases.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.db import transaction

from sellerdesk.domain import access_codes
from sellerdesk.domain.access_codes import ASKS_OF_ADDRESS, ASKS_OF_CLIENT, TRIES, TRIES_OF_CLIENT, Limit
from sellerdesk.domain.actors import Door, Party
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.models import access_writes
from sellerdesk.models.access_writes import CodeRow, take_token
from sellerdesk.models.tenancy import scope_transaction

BUYER = "buyer"  # what timelines call a buyer: never by name


@contextmanager
def _for_all_sellers() -> Iterator[None]:
    with transaction.atomic(durable=True):
        scope_transaction(None)
        yield


@dataclass(frozen=True, slots=True)
class Guest:
    """Who knocks: the installation's key, and a digest of the address that the request came from."""

    key: bytes
    client_digest: str


@dataclass(frozen=True, slots=True)
class AskForCode:
    """Somebody asks for a code. `handle` and `seed` are random; `order_number` "" means all orders of the address."""

    address: str  # clean, see access_codes.clean_address
    order_number: str
    handle: str
    seed: str
    language: str


def send_code(guest: Guest, ask: AskForCode, *, now: datetime) -> None:
    """Keep a code and owe the letter, if any order matches; nobody is told whether one does.

    Raises Refusal TOO_OFTEN, which does not depend on whether anything matches either.
    """
    digest = access_codes.address_digest(guest.key, ask.address)
    _spend(f"portal-ask-client:{guest.client_digest}", ASKS_OF_CLIENT, now)
    _spend(f"portal-ask-address:{digest}", ASKS_OF_ADDRESS, now)
    given = {
        "address": ask.address,
        "number": ask.order_number,
        "handle": ask.handle,
        "seed": ask.seed,
        "digest": digest,
        "only_order": bool(ask.order_number),
        "now": now,
        "expires": now + access_codes.LIFETIME,
        "party": Party.BUYER.value,
        "actor": BUYER,
        "door": Door.PORTAL.value,
        "language": ask.language,
    }
    with _for_all_sellers():
        access_writes.keep_code(given)


@dataclass(frozen=True, slots=True)
class Redemption:
    """Somebody types a code. `token` is the random text of the cookie that they will get."""

    handle: str
    typed: str
    token: str


def take_code(guest: Guest, asked: Redemption, *, now: datetime) -> None:
    """Open a session for the right code, once.

    Raises Refusal CODE_WRONG (facts: left), CODE_SPENT when it was used, tried too often, is too old or never was, and
    TOO_OFTEN. A code that matched no order is refused as wrong whatever is typed.
    """
    _spend(f"portal-try-client:{guest.client_digest}", TRIES_OF_CLIENT, now)
    with _for_all_sellers():
        row = access_writes.lock_code(asked.handle)
        alive = row is not None and access_codes.is_alive(row.expires_at, row.tries, row.used_at, now)
        if row is None or not alive:
            raise refuse(Code.CODE_SPENT)
        right = access_codes.matches(guest.key, row.seed, asked.typed) and row.order_id is not None
        access_writes.note_try(row.id, used_at=now if right else None)
        if right:
            _open(row, asked.token, now)
    if not right:
        left = TRIES - row.tries - 1
        raise refuse(Code.CODE_WRONG, left=left) if left else refuse(Code.CODE_SPENT)


def _open(row: CodeRow, token: str, now: datetime) -> None:
    expires = now + access_codes.SESSION_LIFETIME
    target = (row.seller_id, row.order_id, row.only_order)
    access_writes.keep_session([session_hash(token), row.address_digest, *target, now, expires])


def end_session(token: str) -> None:
    """Sign out: the cookie opens nothing any more."""
    with transaction.atomic(durable=True):
        access_writes.drop_session(session_hash(token))


def session_hash(token: str) -> str:
    """What is kept of a session's cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def choose_language(address: str, language: str, *, now: datetime) -> None:
    """Remember in which language a buyer reads, for whoever writes to them."""
    with transaction.atomic(durable=True):
        access_writes.keep_language(address, language, now)


def _spend(bucket: str, limit: Limit, now: datetime) -> None:
    with transaction.atomic(durable=True):
        taken = take_token(bucket, limit, now)
    if not taken:
        raise refuse(Code.TOO_OFTEN, minutes=max(1, ceil(limit.every.total_seconds() / 60)))
