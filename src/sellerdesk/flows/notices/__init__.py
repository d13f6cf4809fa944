"""From the journal to the mailbox: owe mail, and send it (design 2.5, 2.12; trust P5, P6).

Sending is reserve → hand over → record. The hand-over happens outside any transaction. Killed anywhere, a mail is sent
later; at worst it is sent again under the same Message-ID.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError

from sellerdesk.adapters.mail.base import (
    Enclosure,
    Letter,
    LetterImpossible,
    LetterRefused,
    MailUnavailable,
    Post,
)
from sellerdesk.adapters.mail.folder import FolderPost
from sellerdesk.adapters.mail.smtp import Server, SmtpPost
from sellerdesk.commands.mails import (
    READER,
    MailResult,
    Reserved,
    owe_mails,
    record_mails,
    reserve_mails,
    revive_mails,
)
from sellerdesk.domain.notices import BUYER, MESSAGE_LETTERS, pause_after
from sellerdesk.domain.relay import Side, host_of, relay_key, thread_id
from sellerdesk.domain.relay import address as relay_address
from sellerdesk.flows.notices.codes import CODE, with_code
from sellerdesk.flows.notices.letters import write
from sellerdesk.queries.mails import LetterFacts, is_journal_unread, is_mail_due, letter_facts, letter_files

ENTRIES = 1000  # journal entries per step
# A batch is small enough to be handed over well within its lease, even when the server answers slowly.
BATCH = 10
LEASE = timedelta(minutes=3)
log = structlog.get_logger("sellerdesk.notices")


def drain_journal(now: datetime, *, steps: int | None = None) -> int:
    """Owe the mails that the journal's new entries ask for; answers how many entries were read.

    Entries of transactions that ran at the same time as ones still running are left for the next time.
    """
    read = 0
    while (steps is None or steps > 0) and is_journal_unread(READER):
        step = owe_mails(now=now, host=mail_host(), limit=ENTRIES)
        if not step.read:  # another worker is at it, or was quicker
            break
        read += step.read
        steps = None if steps is None else steps - 1
    return read


@dataclass(slots=True)
class MailReport:
    """How many mails went which way."""

    sent: int = 0
    again: int = 0  # tried in vain, to be tried again
    dead: int = 0
    void: int = 0  # there was nobody to write to

    @property
    def tried(self) -> int:
        """All of them."""
        return self.sent + self.again + self.dead + self.void


def send_mails(
    now: datetime, *, post: Callable[[], Post] | None = None, batches: int | None = None
) -> MailReport:
    """Send what is due at `now`, in batches, through `post` or what the settings say."""
    report = MailReport()
    while (batches is None or batches > 0) and is_mail_due(now):
        reserved = reserve_mails(now=now, lease=LEASE, limit=BATCH)
        if not reserved:
            break
        record_mails(_send(reserved, (post or configured_post)(), now, report), now=now)
        batches = None if batches is None else batches - 1
    return report


def _send(reserved: list[Reserved], post: Post, now: datetime, report: MailReport) -> list[MailResult]:
    known = letter_facts([one.id for one in reserved])
    results = []
    with post:
        for one in reserved:
            result = _send_one(one, known.get(one.id), post, now)
            _count(report, result)
            results.append(result)
    return results


def _send_one(one: Reserved, facts: LetterFacts | None, post: Post, now: datetime) -> MailResult:
    """Try one mail; whatever is wrong with it concerns this one only (trust P6)."""
    if facts is not None and facts.kind == CODE:
        facts = with_code(facts, settings.SECRET_KEY.encode(), now)
    if facts is None or not facts.to:
        return MailResult(one.id, "void", error="nobody to write to")
    try:
        post.send(_letter(facts))
    except (LetterImpossible, LetterRefused) as error:
        return MailResult(one.id, "dead", error=str(error))
    except MailUnavailable as error:
        return _again(one, now, str(error))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.error("mail failed", mail=one.id, kind=facts.kind, error=type(error).__qualname__)
        return _again(one, now, type(error).__qualname__)
    return MailResult(one.id, "sent")


def _again(one: Reserved, now: datetime, error: str) -> MailResult:
    pause = pause_after(one.attempts)
    if pause is None:
        return MailResult(one.id, "dead", error=error)
    return MailResult(one.id, "queued", next_at=now + pause, error=error)


def _count(report: MailReport, result: MailResult) -> None:
    match result.state:
        case "sent":
            report.sent += 1
        case "queued":
            report.again += 1
        case "dead":
            report.dead += 1
        case _:
            report.void += 1


def _letter(facts: LetterFacts) -> Letter:
    words = write(facts)
    letter = Letter(
        message_id=facts.message_id,
        sender=f"no-reply@{mail_host()}",
        # A buyer knows the shop; the seller's people hear from the platform.
        sender_name="Sellerdesk" if facts.reader != BUYER or facts.kind == CODE else facts.seller_name,
        to=facts.to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        language=words.language,
        at=facts.at,
    )
    return _relayed(letter, facts) if facts.kind in MESSAGE_LETTERS else letter


def _relayed(letter: Letter, facts: LetterFacts) -> Letter:
    """A letter that carries a message comes from a relay address, so that an answer lands in the thread (S3-10)."""
    key, host = relay_key(settings.SECRET_KEY), mail_host()
    side = Side.SHOP if facts.reader == BUYER else Side.BUYER
    address = relay_address(side, facts.order_id, key, host)
    first_name = facts.buyer_name.split()[0] if facts.buyer_name.strip() else "Buyer"
    return replace(
        letter,
        sender=address,
        sender_name=facts.seller_name if side is Side.SHOP else first_name,
        reply_to=address,
        references=(thread_id(facts.order_id, key, host),),
        enclosures=tuple(Enclosure(one.name, one.kind, one.content) for one in letter_files(facts.mail_id))
        if facts.facts.get("files")
        else (),
    )


def send_again(mail_id: int, *, now: datetime) -> bool:
    """Queue a mail that was given up, after a person has looked; False when it was not given up."""
    return revive_mails([mail_id], now=now) == 1


def configured_post() -> Post:
    """The way that the settings choose: the server of SELLERDESK_SMTP_URL, or the folder `mail` in the data folder."""
    smtp = settings.ENVIRONMENT.smtp
    if smtp is None:
        return FolderPost(settings.DATA_DIR / "mail")
    return SmtpPost(
        Server(smtp.host, smtp.port, smtp.user, smtp.password, tls=smtp.tls, starttls=smtp.starttls)
    )


def mail_host() -> str:
    """The host that mail comes from: SELLERDESK_MAIL_HOST, or the one of SELLERDESK_BASE_URL."""
    return settings.ENVIRONMENT.mail_host or host_of(settings.BASE_URL)
