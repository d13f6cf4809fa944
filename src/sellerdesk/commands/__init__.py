"""The only writers. Every command takes a batch of requests and answers a list of outcomes in the same order.

A command runs in one durable transaction under its seller's scope: lock and load, decide, write by set, journal, return
(design 2.2, 2.3). A refused request leaves nothing behind and does not disturb its neighbours.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from django.db import OperationalError, transaction

from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.idempotency import Once, freeze, thaw
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.idempotency_writes import claim, keep
from sellerdesk.models.tenancy import choose_seller

_DEADLOCK = "40P01"
_LOCK_TIMEOUT = "55P03"
_ATTEMPTS = 3


class Request(Protocol):
    """What every request of a batch knows: which order it concerns, and where it stood in its file or form."""

    @property
    def order_number(self) -> str: ...
    @property
    def place(self) -> str: ...


R = TypeVar("R", bound=Request)


def run_batch(
    actor: Actor,
    permission: Permission,
    requests: Sequence[R],
    work: Callable[[int], list[Outcome]],
    once: Once | None = None,
) -> list[Outcome]:
    """Run a command's work in its transaction.

    A deadlock is tried again as a whole; a lock that somebody else holds too long makes every request BUSY. Without the
    permission every request is FORBIDDEN. The actor must act for one seller.

    With `once`, the key, the change and the journal are one transaction: the same call again gets the same outcomes and
    does nothing; the same key with another body makes every request KEY_REUSED, a twin that does not end in time
    KEY_IN_USE. A call of which nothing was accepted leaves its key free.
    """
    if actor.seller_id is None:
        raise ValueError("a command acts for one seller")
    if not actor.may(permission):
        return _all(requests, Code.FORBIDDEN, permission=permission.value)
    if not requests:
        return []
    for attempt in range(_ATTEMPTS):
        try:
            choose_seller(actor.seller_id)
            with transaction.atomic(durable=True):
                return work(actor.seller_id) if once is None else _once(actor.seller_id, once, work)
        except Refusal as refusal:
            return _all(requests, refusal.code, **refusal.facts)
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if state == _LOCK_TIMEOUT:
                return _all(requests, Code.BUSY)
            if state != _DEADLOCK or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _once(seller_id: int, once: Once, work: Callable[[int], list[Outcome]]) -> list[Outcome]:
    kept = claim(seller_id, once)
    if kept is not None:
        return thaw(kept)
    outcomes = work(seller_id)
    answer = freeze(outcomes)
    if any(outcome.accepted for outcome in outcomes):
        keep(seller_id, once, answer)
    else:
        transaction.set_rollback(True)
    return thaw(answer)  # the first answer goes the way of the later ones, so that they cannot differ


def _all(requests: Sequence[R], code: Code, **facts: object) -> list[Outcome]:
    return [
        refused(one.order_number, refuse(code, order_number=one.order_number, **facts), one.place)
        for one in requests
    ]
