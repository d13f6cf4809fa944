"""Telling the seller's people that a mail of theirs was not passed on to the buyer (S3-12, S3-27).

The letter goes through the journal and the outbox like every other; the mail's words are kept nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.models import journal_writes
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.journal_writes import Entry


@dataclass(frozen=True, slots=True)
class RefusedMail:
    """A mail from the seller's side that the rules refused. `user_id`: whose it was, None for the seller's own address.

    `findings`: what the lint found, as codes. `external_id` makes a repeat harmless.
    """

    order_number: str
    code: Code
    findings: tuple[str, ...]
    user_id: int | None
    external_id: str
    place: str = ""


def refuse_mail(actor: Actor, request: RefusedMail, *, now: datetime) -> Outcome:
    """Journal `mail_refused`, which owes the writer a letter; the same mail again does nothing more.

    Outcome "told". Refusals: ORDER_NOT_FOUND, FORBIDDEN, BUSY, KEY_IN_USE.
    """
    body = digest_of([request.order_number, request.external_id])
    once = Once(f"mail:{request.user_id or 'seller'}", "refuse_mail", request.external_id, body, now)

    def work(seller_id: int) -> list[Outcome]:
        facts = lock_by_number(seller_id, {request.order_number}).get(request.order_number)
        if facts is None:
            missing = refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number)
            return [refused(request.order_number, missing)]
        said = {"code": request.code.value, "findings": list(request.findings), "user": request.user_id}
        journal_writes.add(actor, seller_id, [Entry(facts.id, "mail_refused", said)], now)
        return [Outcome(request.order_number, "told")]

    requests: Sequence[RefusedMail] = [request]
    return run_batch(actor, Permission.MESSAGES_SEND, requests, work, once)[0]
