"""Taking mail over SMTP while the worker runs (SELLERDESK_MAIL_LISTEN)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from django.conf import settings
from django.db import connections

from sellerdesk.adapters.mail.listener import CannotListen, Ear, Received, Reply, SmtpListener
from sellerdesk.flows.mailroom import deliver, is_ours, our_host
from sellerdesk.flows.mailroom.verdicts import reply_to
from sellerdesk.wire.mail_in import MAIL_BYTES_MAX

__all__ = ["CannotListen", "listening"]
log = structlog.get_logger("sellerdesk.mailroom")


@contextmanager
def listening(now: Callable[[], datetime]) -> Iterator[SmtpListener | None]:
    """Listen during a block, if the settings say where; `now` is the clock.

    :raises CannotListen: the address is taken or not ours, or the certificate cannot be read.
    """
    chosen = settings.ENVIRONMENT.mail_listen
    if chosen is None:
        yield None
        return
    ear = Ear(
        chosen.host,
        chosen.port,
        our_host(),
        MAIL_BYTES_MAX,
        certificate=chosen.certificate,
        key=chosen.key,
    )
    listener = SmtpListener(ear, is_ours=is_ours, take=lambda received: _take(received, now()))
    listener.start()
    log.info("mail listener started", host=chosen.host, port=listener.port)
    try:
        yield listener
    finally:
        listener.stop()
        log.info("mail listener stopped")


def _take(received: Received, now: datetime) -> Reply:
    """Called from the listener's threads: each mail has a connection of its own, so that none goes stale."""
    try:
        return reply_to(deliver(received, now=now))
    finally:
        connections.close_all()
