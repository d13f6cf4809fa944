"""Mail that comes in goes into its order's thread of messages, or is refused with a reason (S3-10, S3-11).

The address says which thread and which side; the mail's sender must be whom we gave that address. A seller's mail obeys
the same rules as a message written in the console, and when they refuse it, its writer is told by mail. The same mail
again is one message. Mail that no person wrote is taken and let rest, so that no two answering machines ever talk.
"""

from datetime import datetime
from functools import cache
from hashlib import sha256

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError

from sellerdesk.adapters.mail.listener import Received
from sellerdesk.commands.mailroom import RefusedMail, refuse_mail
from sellerdesk.commands.messages import receive_messages, send_messages
from sellerdesk.domain.actors import Actor, Door, Party, Permission
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.message_threads import Via
from sellerdesk.domain.messages import BuyerMessage, SellerMessage
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.relay import RelayPoint, Side, host_of, is_aligned, relay_key, resolve_address
from sellerdesk.flows.mailroom.verdicts import Reason, Verdict
from sellerdesk.queries.relay import RelayThread, Writer, relay_thread
from sellerdesk.wire.mail_in import IncomingMail, MailUnreadable, read_mail

# What mail programs in these languages write when they do not say which character set they use.
_CHARSETS = {"ja": "cp932", "zh": "gb18030", "pl": "cp1250", "tr": "cp1254", "ar": "cp1256"}
_TRIED_AGAIN = frozenset({Code.BUSY, Code.KEY_IN_USE})
log = structlog.get_logger("sellerdesk.mailroom")


def our_host() -> str:
    """The host of our relay addresses."""
    return settings.ENVIRONMENT.mail_host or host_of(settings.BASE_URL)


def is_ours(address: str) -> bool:
    """Whether this is a relay address that we gave out."""
    return point_of(address) is not None


def point_of(address: str) -> RelayPoint | None:
    """What an address leads to."""
    return resolve_address(address, _key(settings.SECRET_KEY), our_host())


def deliver(received: Received, *, now: datetime) -> Verdict:
    """Take one mail for one receiver; when this returns, what it did is committed. Never raises for a mail's sake."""
    point = point_of(received.receiver)
    if point is None:
        return Verdict(Reason.NOT_OURS)
    try:
        verdict = _deliver(received, point, now)
    except (OperationalError, InterfaceError) as error:
        log.warning("mail waits", error=type(error).__qualname__)
        return Verdict(Reason.LATER)
    log.info("mail came in", side=point.side.value, order=point.order_id, verdict=str(verdict))
    return verdict


def _deliver(received: Received, point: RelayPoint, now: datetime) -> Verdict:
    thread = relay_thread(point.order_id)
    if thread is None:
        return Verdict(Reason.NOT_OURS)
    try:
        mail = read_mail(received.data, fallback=_charset(thread))
    except MailUnreadable as error:
        return Verdict(error.fault)
    envelope = mail.return_path if received.sender is None else received.sender
    if envelope == "" or mail.automatic:
        return Verdict(Reason.AUTOMATIC)
    if not is_aligned(envelope, mail.sender):
        return Verdict(Reason.SENDER_MISMATCH)
    if point.side is Side.SHOP:
        return _from_buyer(thread, mail, now)
    return _from_seller(thread, mail, now)


def _from_buyer(thread: RelayThread, mail: IncomingMail, now: datetime) -> Verdict:
    if mail.sender != thread.buyer_email:
        return Verdict(Reason.UNKNOWN_SENDER)
    actor = Actor(Party.BUYER, "buyer", Door.MAIL, thread.seller_id, frozenset({Permission.MESSAGES_RECEIVE}))
    message = BuyerMessage(
        thread.order_number,
        mail.text,
        _files(mail),
        via=Via.MAIL,
        external_id=external_id(Side.SHOP, thread.order_id, mail.message_id),
    )
    (outcome,) = receive_messages(actor, [message], now=now)
    return _verdict(outcome) or Verdict(Reason.NOT_ALLOWED, _code(outcome).value)


def _from_seller(thread: RelayThread, mail: IncomingMail, now: datetime) -> Verdict:
    writer = thread.writer(mail.sender)
    if writer is None:
        return Verdict(Reason.UNKNOWN_SENDER)
    actor = Actor(Party.SELLER, writer.name, Door.MAIL, thread.seller_id, writer.permissions)
    name = external_id(Side.BUYER, thread.order_id, mail.message_id)
    outcome = _send(actor, thread, mail, name, now)
    verdict = _verdict(outcome)
    if verdict is None:
        return _tell_back(actor, thread, writer, outcome, name=name, now=now)
    return verdict


def _send(actor: Actor, thread: RelayThread, mail: IncomingMail, name: str, now: datetime) -> Outcome:
    """A mail says no reason for writing: it is an answer if the buyer has written, a question if not."""
    for reason in (ContactReason.ANSWER, ContactReason.OTHER_ORDER_QUESTION):
        message = SellerMessage(
            thread.order_number, reason, mail.text, _files(mail), via=Via.MAIL.value, external_id=name
        )
        (outcome,) = send_messages(actor, [message], now=now)
        if outcome.accepted or _code(outcome) is not Code.NOTHING_TO_ANSWER:
            break
    return outcome


def _tell_back(
    actor: Actor, thread: RelayThread, writer: Writer, outcome: Outcome, *, name: str, now: datetime
) -> Verdict:
    refusal = outcome.refusal or Refusal(Code.FORBIDDEN)
    findings = tuple(str(code) for code in refusal.facts.get("codes", ()))
    request = RefusedMail(thread.order_number, refusal.code, findings, writer.user_id, name)
    told = refuse_mail(actor, request, now=now)
    return Verdict(Reason.TOLD_BACK if told.accepted else Reason.LATER, refusal.code.value)


def _verdict(outcome: Outcome) -> Verdict | None:
    """What a command's outcome means, except a rule's no."""
    if outcome.state == "unchanged":
        return Verdict(Reason.REPEATED)
    if (
        outcome.accepted or outcome.state == "blocked"
    ):  # kept in the thread; the seller hears why it went no further
        return Verdict(Reason.TAKEN)
    return Verdict(Reason.LATER, _code(outcome).value) if _code(outcome) in _TRIED_AGAIN else None


def _code(outcome: Outcome) -> Code:
    return outcome.refusal.code if outcome.refusal else Code.FORBIDDEN


def external_id(side: Side, order_id: int, message_id: str) -> str:
    """The name under which a mail's message is known: one for each thread, and nothing personal in it."""
    digest = sha256(f"{side.value} {order_id} {message_id}".encode()).hexdigest()
    return f"mail:{digest[:40]}"


def _files(mail: IncomingMail) -> tuple[Attachment, ...]:
    return tuple(Attachment(one.name, one.content_type, one.content) for one in mail.files)


def _charset(thread: RelayThread) -> str:
    place = MARKETPLACES.get(thread.marketplace_id)
    return _CHARSETS.get(place.language.split("-")[0], "cp1252") if place else "cp1252"


@cache
def _key(secret: str) -> bytes:
    return relay_key(secret)
