"""Import orders that another platform's documents describe: idempotent, lossless for what they publish (2.2)."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.deadlines import DeadlineKind, Due, Terms, deadlines_for
from sellerdesk.domain.imported import CancelNews, cancel_news
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.orders import OPEN, WAITING, Channel, OrderDocument, PaymentState, Status
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.placing import KnownOrder, check_document, merge_progress, settled_status, weigh
from sellerdesk.domain.policies import PolicyBook
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.directory import participating_marketplaces
from sellerdesk.models.facts import known_orders
from sellerdesk.models.import_writes import write_cancel_news
from sellerdesk.models.order_writes import OrderRow, write_orders
from sellerdesk.models.terms import calendars, policy_book


def import_orders(actor: Actor, documents: Sequence[OrderDocument], *, now: datetime) -> list[Outcome]:
    """Take in documents: new orders, and newer news of known ones.

    Outcome "imported", "updated" or "unchanged" with fact status. Refusals: those of `domain.placing`,
    ORDER_EXISTS for the same order twice in a batch with other content, FORBIDDEN, BUSY. Deadlines that were past
    before the order came here are not taken over: what they would have done is the other platform's history.
    """

    def work(seller_id: int) -> list[Outcome]:
        batch = _Batch(seller_id, documents, now)
        outcomes = [batch.outcome(document) for document in documents]
        written = write_orders(actor, seller_id, batch.rows, batch.refreshed, now) if batch.rows else {}
        news = {number: one for number, one in batch.news.items() if number in written}
        write_cancel_news(actor, seller_id, news, now)
        return [_settle(outcome, written) for outcome in outcomes]

    return run_batch(actor, Permission.ORDERS_IMPORT, documents, work)


def _settle(outcome: Outcome, written: dict[str, int]) -> Outcome:
    if outcome.state not in ("imported", "updated") or outcome.order_number in written:
        return outcome
    # Somebody else imported it between our look and our write; the same file again will find it.
    refusal = refuse(Code.BUSY, order_number=outcome.order_number)
    return refused(outcome.order_number, refusal, outcome.place)


class _Batch:
    """What one batch of documents needs to know, read once; and the rows it leads to."""

    def __init__(self, seller_id: int, documents: Sequence[OrderDocument], now: datetime) -> None:
        self.now = now
        self.markets = participating_marketplaces(seller_id)
        places = {document.marketplace_id for document in documents} & self.markets.keys()
        self.book: PolicyBook = policy_book(places)
        self.calendars: dict[str, BusinessCalendar] = calendars(places, now.date())
        self.known: dict[str, KnownOrder] = known_orders(
            seller_id, {document.order_number for document in documents}
        )
        self.rows: list[OrderRow] = []
        self.news: dict[str, CancelNews] = {}
        self.refreshed: list[str] = []
        self._seen: dict[str, str] = {}

    def outcome(self, document: OrderDocument) -> Outcome:
        try:
            state = self._take(document)
        except Refusal as refusal:
            return refused(document.order_number, refusal, document.place)
        return Outcome(
            document.order_number, state, place=document.place, facts={"status": document.status.value}
        )

    def _take(self, document: OrderDocument) -> str:
        number = document.order_number
        if not number:
            raise refuse(Code.MISSING_VALUE, place="order number")
        check_document(document, participates=document.marketplace_id in self.markets, now=self.now)
        digest = _digest(document)
        if number in self._seen:
            if self._seen[number] == digest:
                return "unchanged"
            raise refuse(Code.ORDER_EXISTS, order_number=number, differs="content")
        known = self.known.get(number)
        verdict = weigh(document, digest, known)
        settled = replace(document, status=settled_status(document))
        if verdict == "unchanged":
            return verdict
        if known is not None:
            settled = merge_progress(settled, known.facts)
        self._seen[number] = digest
        news = cancel_news(settled, known.facts if known is not None else None)
        if news is not None:
            self.news[number] = news
        self.rows.append(self._row(settled, digest, known, news))
        if known is not None:
            self.refreshed.append(number)
            return "updated"
        return "imported"

    def _row(
        self, document: OrderDocument, digest: str, known: KnownOrder | None, news: CancelNews | None
    ) -> OrderRow:
        dues = self._dues(document)
        cancel = next((due.due_at for due in dues if due.kind is DeadlineKind.AUTO_CANCEL), None)
        shipped_at = _confirmed_at(document)
        said_at = document.updated_at or document.placed_at
        over = document.status not in OPEN | WAITING
        cancelled = news.cancelled if news is not None and over else None
        settled: dict[str, Any] = {
            "updated_at": said_at,
            "upstream_updated_at": said_at,
            "upstream_digest": digest,
            "payment_state": PaymentState.WAITING if document.status in WAITING else PaymentState.AUTHORIZED,
            "ready_at": None if document.status in WAITING else document.placed_at,
            "auto_cancel_at": cancel,
            "confirmed_at": shipped_at,
            "is_late": _is_late(document, shipped_at),
            "cancelled_at": said_at if document.status is Status.CANCELED else None,
            "cancelled_by": cancelled.by if cancelled else document.cancelled_by,
            "cancel_reason": cancelled.reason if cancelled else document.cancel_reason,
        }
        before = None
        if known is not None:
            before = {
                (item.item_number, c.component): c.charged for item in known.facts.items for c in item.charges
            }
        event = "order_updated" if known is not None else "order_imported"
        if news is not None and news.wish is not None:
            dues = (*dues, *self._answers(document, news))
        future = [due for due in dues if due.due_at > self.now]
        return OrderRow(document, settled, event, future, before)

    def _answers(self, document: OrderDocument, news: CancelNews) -> tuple[Due, ...]:
        day = by_id(document.marketplace_id).day(document.placed_at)
        try:
            hours = self.book.value(document.marketplace_id, "cancel_answer_hours", day)
        except LookupError:
            return ()
        at = news.at + timedelta(hours=hours)
        return (Due(DeadlineKind.CANCEL_ANSWER, at, "cancel_answer_hours", hours),)

    def _dues(self, document: OrderDocument) -> tuple[Due, ...]:
        ship_by = document.latest_ship_at
        if document.channel is not Channel.MFN or document.status not in OPEN or ship_by is None:
            return ()
        calendar = self.calendars[document.marketplace_id]
        try:
            terms = Terms.of(self.book, document.marketplace_id, _day(document, calendar))
        except LookupError:
            return ()  # from before the first policy that we know: its deadlines are the other platform's history
        dues = deadlines_for(document.placed_at, ship_by, terms, calendar, published=True)
        return tuple(due for due in dues if due.kind is not DeadlineKind.SELF_CANCEL_END)


def _day(document: OrderDocument, calendar: BusinessCalendar) -> date:
    return calendar.local_date(document.placed_at)


def _confirmed_at(document: OrderDocument) -> datetime | None:
    """The first confirmation, if the document tells of parcels; without them nobody knows when it was."""
    moments = [package.created_at or package.shipped_at for package in document.packages]
    return min((moment for moment in moments if moment), default=None)


def _is_late(document: OrderDocument, confirmed_at: datetime | None) -> bool | None:
    if confirmed_at is None:
        return None
    return document.latest_ship_at is not None and confirmed_at > document.latest_ship_at


# Fields of an item that are read out of `published`, where they are digested already.
_READ_OUT = ("cancel_requested", "cancel_words", "cancelled_by", "cancel_reason")


def _digest(document: OrderDocument) -> str:
    """What the document says, as a digest: the same words again are no news, wherever they stood.

    Fields that later versions of the program read out of the same words must not change it.
    """
    said = msgspec.to_builtins(replace(document, place=""), order="deterministic")
    for item in said["items"] or ():
        for name in _READ_OUT:
            del item[name]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()
