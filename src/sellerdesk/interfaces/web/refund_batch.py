"""Refunding many orders at once: full remaining amounts only, what each row would do (screens 1.9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sellerdesk.domain.idempotency import digest_of
from sellerdesk.domain.identifiers import is_order_number
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import NOTE_LENGTH_MOST, RefundDecision, RefundRequest, RefundState, Warn
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.web import refund_words
from sellerdesk.interfaces.web.formats import language, lasting, moment, money, units, visible
from sellerdesk.interfaces.web.forms.refund import LONGEST_OVERRIDE
from sellerdesk.interfaces.web.forms.typed import tidy
from sellerdesk.interfaces.web.order_choice import by_numbers
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.looks import when
from sellerdesk.queries.order_list import OrderLine
from sellerdesk.queries.refund_preview import RefundPreview, preview_refunds

_STAND_IN = RefundReason.GENERAL_ADJUSTMENT  # while no reason is chosen: amounts do not depend on it
_OVERRIDE = "-"  # stands in for words that are still to be given
_PARTS = 3  # of what a box sends: number, version, what was left


@dataclass(frozen=True, slots=True)
class WantedRefunds:
    """What the form says of all rows. `ticked`: number → what its box sent; None: every row, as on the first sight."""

    reason: RefundReason | None = None
    mode: Mode = Mode.GOODWILL
    override: str = ""
    note: str = ""
    ticked: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class RefundBatchRow:
    """One order of the preview. `sent` is what its box sends; "" for a row that cannot be refunded here."""

    number: str
    placed: str
    items: tuple[tuple[str, str, int], ...]  # name, SKU, units
    more_items: int  # lines that are not named
    amount: str
    facts: str
    why: str
    sent: str
    ticked: bool
    tone: str


@dataclass(frozen=True, slots=True)
class RefundGroup:
    name: str  # ok | cannot
    title: str
    tone: str
    icon: str
    rows: tuple[RefundBatchRow, ...]


@dataclass(frozen=True, slots=True)
class RefundBatch:
    """The whole preview. `sums`: the ticked rows' amounts by currency; `waiting`: how many need a second person;
    `goes`: when the first of them does, "" at once or after approval; `undo`: until when it can be taken back.
    """

    groups: tuple[RefundGroup, ...]
    sums: tuple[str, ...]
    ticked: int
    skipped: int
    waiting: int
    needs_override: bool
    tone: str
    goes: str
    undo: tuple[str, ...]


def refund_batch(desk: Desk, lines: Sequence[OrderLine], wanted: WantedRefunds) -> RefundBatch:
    """What refunding these orders would do."""
    asked = [
        RefundRequest(
            line.order_number, wanted.reason or _STAND_IN, wanted.mode, override=wanted.override or _OVERRIDE
        )
        for line in lines
    ]
    found = preview_refunds(desk.seller.seller_id, asked, desk.now) if asked else []
    rows, chosen = [], []
    for line, one in zip(lines, found, strict=True):
        decision = one.decision if one.refusal is None else None
        ticked = decision is not None and (wanted.ticked is None or line.order_number in wanted.ticked)
        rows.append(_row(desk, line, one, ticked=ticked))
        if ticked and decision is not None:
            chosen.append(decision)
    waiting = sum(one.state is RefundState.DRAFT for one in chosen)
    risky = any(Warn.GOODS_NOT_BACK in one.warnings for one in chosen)
    goes, undo = _undoing(desk, chosen)
    return RefundBatch(
        _groups(rows),
        tuple(_sums(chosen)),
        len(chosen),
        sum(1 for row in rows if not row.sent),
        waiting,
        wanted.mode is Mode.ADVANCE and risky,
        "bad" if risky else "warn" if waiting else "ok",
        goes,
        tuple(undo),
    )


@dataclass(frozen=True, slots=True)
class Skipped:
    """Orders that were chosen and not asked for: each with why, and how many more there are."""

    rows: tuple[tuple[str, str], ...] = ()
    more: int = 0


def skipped_of(desk: Desk, numbers: Sequence[str], mode: Mode, more: int) -> Skipped:
    """Why chosen orders were left out, as the rule says it now: what could be refunded was not ticked."""
    choice = by_numbers(list(numbers), desk)
    left_out = WantedRefunds(mode=mode, ticked={})
    groups = refund_batch(desk, choice.lines, left_out).groups
    why = {row.number: _("Not ticked.") if row.sent else row.why for group in groups for row in group.rows}
    return Skipped(tuple((number, why[number]) for number in choice.numbers), max(0, more))


def wanted_requests(wanted: WantedRefunds) -> list[RefundRequest]:
    """The requests of the ticked rows as the person saw them: what has changed since is refused, row by row.

    They follow from the form alone, so that the same form sent again is the same call.
    """
    requests = []
    for number, box in (wanted.ticked or {}).items():
        _number, version, left = box.split(":")
        request = RefundRequest(
            number,
            wanted.reason or _STAND_IN,
            wanted.mode,
            override=wanted.override,
            note=wanted.note,
            version=_whole(version),
            expects_left=_whole(left),
        )
        requests.append(request)
    return requests


def read_rows(boxes: Sequence[str]) -> dict[str, str]:
    """The ticked rows by number; what names no order is no row."""
    numbered = [(box.partition(":")[0], box) for box in boxes if box.count(":") == _PARTS - 1]
    return {number: box for number, box in numbered if is_order_number(number)}


def digest(wanted: WantedRefunds) -> str:
    """What the key of the form stands for."""
    reason = wanted.reason.value if wanted.reason else ""
    return digest_of(
        [reason, wanted.mode.value, wanted.override, wanted.note, sorted((wanted.ticked or {}).values())]
    )


def too_long(wanted: WantedRefunds) -> str:
    """The field that cannot be kept as it is, or ""."""
    for place, text, longest in (
        ("override", wanted.override, LONGEST_OVERRIDE),
        ("note", wanted.note, NOTE_LENGTH_MOST),
    ):
        try:
            tidy(text, place=place, longest=longest)
        except Refusal:
            return place
    return ""


def tidied(wanted: WantedRefunds) -> WantedRefunds:
    """The same with its texts in normal form. Raises Refusal INVALID_VALUE; see `too_long`."""
    return replace(
        wanted,
        override=tidy(wanted.override, place="override", longest=LONGEST_OVERRIDE),
        note=tidy(wanted.note, place="note", longest=NOTE_LENGTH_MOST),
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def _row(desk: Desk, line: OrderLine, found: RefundPreview, *, ticked: bool) -> RefundBatchRow:
    decision = found.decision if found.refusal is None else None
    zone = when.marketplace_zone(line.marketplace_id)
    return RefundBatchRow(
        number=line.order_number,
        placed=when.day(line.placed_at, zone, desk.now, language()),
        items=tuple((visible(item.title), visible(item.sku), item.ordered) for item in line.items),
        more_items=max(0, line.item_count - len(line.items)),
        amount=money(decision.total, decision.facts.order.currency) if decision else "",
        facts=_facts(decision) if decision else "",
        why=_warning(decision) if decision else _refusal(desk, found.refusal),
        sent=f"{line.order_number}:{decision.facts.order.version}:{decision.facts.left}" if decision else "",
        ticked=ticked,
        tone="bad" if decision and Warn.GOODS_NOT_BACK in decision.warnings else "",
    )


def _facts(decision: RefundDecision) -> str:
    count = sum(decision.units.values())
    parts = [units(count)] if count else []
    if decision.linked is not None and decision.covers:
        parts.append(_("completes return %(rma)s") % {"rma": visible(decision.linked.rma)})
    if decision.state is RefundState.DRAFT:
        parts.append(_("waits for approval"))
    return " · ".join(parts)


def _warning(decision: RefundDecision) -> str:
    if Warn.GOODS_NOT_BACK in decision.warnings:
        return _("The goods are not back.")
    if Warn.BUYER_KEEPS in decision.warnings:
        return _("A return was asked for. With this, nothing comes back.")
    return _("A claim is open.") if Warn.CLAIM_OPEN in decision.warnings else ""


def _refusal(desk: Desk, refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    if refusal.code is Code.GOODS_NOT_BACK:
        return _("The goods are not back yet.")
    return refund_words.sentence(desk, "", refusal, currency="", names={})


def _groups(rows: Sequence[RefundBatchRow]) -> tuple[RefundGroup, ...]:
    kinds = {
        "ok": (_("Will be refunded"), "ok", "circle-check", [row for row in rows if row.sent]),
        "cannot": (_("Skipped"), "bad", "ban", [row for row in rows if not row.sent]),
    }
    return tuple(
        RefundGroup(name, title, tone, icon, tuple(found))
        for name, (title, tone, icon, found) in kinds.items()
        if found
    )


def _sums(chosen: Sequence[RefundDecision]) -> list[str]:
    sums: dict[str, int] = {}
    for one in chosen:
        currency = one.facts.order.currency
        sums[currency] = sums.get(currency, 0) + one.total
    return [money(minor, currency) for currency, minor in sorted(sums.items())]


def _undoing(desk: Desk, chosen: Sequence[RefundDecision]) -> tuple[str, list[str]]:
    """When the first of them goes ("" when none is held), and until when which of them can be taken back (T16)."""
    drafts = [one for one in chosen if one.state is RefundState.DRAFT]
    at_once = [one for one in chosen if one not in drafts and not one.hold_minutes]
    held = [(one.release_at, one) for one in chosen if one.release_at is not None and one.hold_minutes]
    goes, said = "", []
    if at_once and len(at_once) == len(chosen):
        said.append(_("Goes at once, cannot be undone."))
    elif at_once:
        text = ngettext(
            "%(n)s of them goes at once and cannot be undone.",
            "%(n)s of them go at once and cannot be undone.",
            len(at_once),
        )
        said.append(text % {"n": len(at_once)})
    if held:
        at, first = min(held, key=lambda pair: pair[0])
        goes = moment(at, first.facts.order.marketplace_id, desk.zone, desk.now).both
        text = _("The others can be undone until %(at)s (%(held)s).") if at_once else ""
        text = text or _("Can be undone until %(at)s (%(held)s).")
        said.append(text % {"at": goes, "held": lasting(first.hold_minutes)})
    if drafts:
        said.append(_("What waits for approval can be undone until somebody has approved it."))
    return goes, said
