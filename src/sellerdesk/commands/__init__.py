"""The only writers. Every command takes a batch of requests and answers a list of outcomes in the same order.

A command runs in one durable transaction under its seller's scope: lock and load, decide, write by set, journal, return
(design 2.2, 2.3). A refused request leaves nothing behind and does not disturb its neighbours.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from django.db import OperationalError, transaction

from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.models.tenancy import scope_transaction

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
    actor: Actor, permission: Permission, requests: Sequence[R], work: Callable[[int], list[Outcome]]
) -> list[Outcome]:
    """Run a command's work in its transaction.

    A deadlock is tried again as a whole; a lock that somebody else holds too long makes every request BUSY. Without the
    permission every request is FORBIDDEN. The actor must act for one seller.
    """
    if actor.seller_id is None:
        raise ValueError("a command acts for one seller")
    if not actor.may(permission):
        return _all(requests, Code.FORBIDDEN, permission=permission.value)
    if not requests:
        return []
    for attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic(durable=True):
                scope_transaction(actor.seller_id)
                return work(actor.seller_id)
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if state == _LOCK_TIMEOUT:
                return _all(requests, Code.BUSY)
            if state != _DEADLOCK or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _all(requests: Sequence[R], code: Code, **facts: object) -> list[Outcome]:
    return [
        refused(one.order_number, refuse(code, order_number=one.order_number, **facts), one.place)
        for one in requests
    ]
