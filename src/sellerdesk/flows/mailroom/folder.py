"""Mail from the drop folder: the way in where no mail server brings it (`<data folder>/mail-in`)."""

import time
from datetime import datetime

import structlog
from django.conf import settings

from sellerdesk.adapters.mail.drop import DropFolder, Dropped
from sellerdesk.adapters.mail.listener import Received
from sellerdesk.flows.mailroom import deliver, is_ours
from sellerdesk.flows.mailroom.verdicts import Reason, Verdict
from sellerdesk.wire.mail_in import MAIL_BYTES_MAX, Fault, MailUnreadable, read_mail

KEPT_SECONDS = 30 * 24 * 3600.0  # what was put away holds personal data
log = structlog.get_logger("sellerdesk.mailroom")


def drop_folder() -> DropFolder:
    """The folder of this installation."""
    return DropFolder(settings.DATA_DIR / "mail-in", bytes_max=MAIL_BYTES_MAX)


def take_dropped(now: datetime, *, most: int) -> int:
    """Deal with at most so many files; answers how many were put away. One that has to wait stays."""
    folder = drop_folder()
    folder.prepare()
    folder.unpack()
    done = 0
    for path in folder.waiting(clock=time.time(), most=most):
        with folder.hold(path) as dropped:
            if dropped is not None:
                done += _deal_with(folder, dropped, now)
    return done


def forget_dropped() -> int:
    """Remove files that were put away long ago."""
    folder = drop_folder()
    folder.prepare()
    return folder.forget(before=time.time() - KEPT_SECONDS)


def _deal_with(folder: DropFolder, dropped: Dropped, now: datetime) -> bool:
    try:
        verdicts = [
            deliver(Received(None, receiver, dropped.data), now=now) for receiver in _receivers(dropped.data)
        ]
    except MailUnreadable as error:
        verdicts = [Verdict(error.fault)]
    except Exception as error:  # a file that meets a defect of ours must not come back for ever
        log.error("dropped mail failed", error=type(error).__qualname__)
        verdicts = [Verdict(Fault.UNREADABLE, type(error).__qualname__)]
    if any(one.reason is Reason.LATER for one in verdicts):
        return False
    bad = [str(one) for one in verdicts or [Verdict(Reason.NOT_OURS)] if not one.is_good]
    folder.put_away(dropped, reason=", ".join(bad))
    return True


def _receivers(data: bytes) -> list[str]:
    """Our addresses among those that the mail names: a file has no envelope."""
    return [one for one in read_mail(data).claimed if is_ours(one)]
