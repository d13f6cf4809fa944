"""What the refund page of one order shows: the form with what was typed, the lines with what is left, the panel."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from sellerdesk.domain.refund_amounts import everything, group_of, of_units
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import NOTE_LENGTH_MOST, RefundFacts, RefundRequest
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_facts import BUYERS_FAULT, ReturnFacts
from sellerdesk.interfaces.web import refund_words, return_words
from sellerdesk.interfaces.web.cancel_impact import names_of
from sellerdesk.interfaces.web.formats import money, visible
from sellerdesk.interfaces.web.forms import refund as form
from sellerdesk.interfaces.web.forms.refund import RefundDraft
from sellerdesk.interfaces.web.forms.typed import FieldError
from sellerdesk.interfaces.web.order_access import origin, reader_of
from sellerdesk.interfaces.web.order_view import OrderView
from sellerdesk.interfaces.web.refund_impact import impact
from sellerdesk.interfaces.web.staff import Desk, DeskRequest
from sellerdesk.looks import when
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.refund_preview import RefundPreview, preview_refunds

_OVERRIDE = "-"  # stands in for an override that is still to be given, so that the rest can be looked at
_TITLE_MOST = 40
# Why there is no form at all; everything else can be put right in it.
_BLOCKING = frozenset(
    {Code.NOT_SHIPPED, Code.WAREHOUSE_ORDER, Code.ORDER_PENDING, Code.ITEMS_UNKNOWN, Code.ORDER_NOT_FOUND}
)


def refund_context(
    request: DeskRequest,
    order: OrderDetail,
    facts: RefundFacts,
    draft: RefundDraft,
    errors: Sequence[FieldError],
) -> dict[str, Any]:
    """The context of the page."""
    desk, names = request.desk, item_names(order)
    titles = {item.item_number: _short(visible(item.title or item.sku)) for item in order.items}
    worded = {one.field: _sentence(desk, facts, one, names) for one in errors}
    context = panel_context(request, order, facts, draft) | {
        "view": OrderView(order, reader_of(request)),
        "reasons": [
            (one.value, label, one.value == draft.reason) for one, label in refund_words.REASONS.items()
        ],
        "modes": _modes(draft),
        "problems": [(one.field, refund_words.field(one.field, names), worded[one.field]) for one in errors],
        "errors": worded,
        "items": _items(order, facts, draft, worded),
        "returns": [_return(one, facts, titles, draft) for one in form.open_returns(facts)],
        "note_most": NOTE_LENGTH_MOST,
        "words_most": form.LONGEST_WORDS,
        "override_most": form.LONGEST_OVERRIDE,
        "clock": when.iso(desk.now),
    }
    return context | _fee(facts, draft, context["fee_most"])


def panel_context(
    request: DeskRequest, order: OrderDetail, facts: RefundFacts, draft: RefundDraft
) -> dict[str, Any]:
    """The panel: what the form, as it is typed, would do; and for a full refund the amounts that it fills in."""
    currency, names = facts.order.currency, item_names(order)
    reading = form.understand(draft, facts)
    asked, unread = _looked_at(reading, facts, draft)
    found = look(request.desk, asked)
    refusal = found.refusal if found.refusal and found.refusal.code is not Code.OVERRIDE_NEEDED else None
    context: dict[str, Any] = {
        "order": order,
        "draft": draft,
        "origin": origin(request),
        "is_partial": draft.kind == form.PARTIAL,
        "left": money(facts.left, currency),
        "currency": currency,
        "fee_most": money(found.fee_most, currency) if found.fee_most else "",
        "full_lines": _full_lines(order, facts, draft) if draft.kind == form.FULL else [],
        "fill": _fill_buttons(),
    }
    if refusal is not None and refusal.code in _BLOCKING:
        return context | {"blocked": _blocked(request.desk, refusal)}
    said = ""
    if unread and not _is_untouched(draft):
        said = _sentence(request.desk, facts, unread[0], names)
    elif unread:
        said = _("Give an amount, units, or a concession to see what it does.")
    elif refusal is not None:
        place = refund_words.place_of(refusal, partial=draft.kind == form.PARTIAL)
        said = refund_words.sentence(request.desk, place, refusal, currency=currency, names=names)
    return context | {
        "impact": None if unread or refusal else impact(found, reader_of(request)),
        "unread": said,
        "is_wrong": bool(said) and not _is_untouched(draft),
        "needs_reason": draft.chosen is None,
        "needs_override": found.refusal is not None and not draft.override.strip() and not refusal,
    }


def look(desk: Desk, asked: RefundRequest) -> RefundPreview:
    """What the command would answer; an override that is not given yet is no reason not to look at the rest."""
    [found] = preview_refunds(desk.seller.seller_id, [asked], desk.now)
    if found.refusal is not None and found.decision is not None:
        [rest] = preview_refunds(desk.seller.seller_id, [replace(asked, override=_OVERRIDE)], desk.now)
        return replace(rest, refusal=found.refusal)
    return found


def _looked_at(
    reading: form.Reading, facts: RefundFacts, draft: RefundDraft
) -> tuple[RefundRequest, list[FieldError]]:
    """The request to look at, with what keeps it from being one; a reason that is not chosen yet keeps nothing."""
    if reading.request is None:
        patched = replace(
            draft,
            reason=draft.reason if draft.chosen else RefundReason.GENERAL_ADJUSTMENT.value,
            note="",
            words="",
            override=_OVERRIDE if draft.override.strip() else "",
        )
        reading = form.understand(patched, facts)
    asked = reading.request or RefundRequest(facts.order.order_number, RefundReason.GENERAL_ADJUSTMENT)
    return replace(asked, version=None, expects_left=None), list(reading.errors)


def _is_untouched(draft: RefundDraft) -> bool:
    """Whether a partial refund's form is still empty: that is no mistake yet."""
    typed = [draft.amount, draft.return_shipping, draft.goodwill, draft.fee]
    typed += [text for line in draft.lines.values() for text in (line.units, line.product, line.shipping)]
    return not any(text.strip() for text in typed)


def item_names(order: OrderDetail) -> dict[str, str]:
    """What people call the lines, by item number."""
    return dict(names_of(order))


def _sentence(desk: Desk, facts: RefundFacts, error: FieldError, names: dict[str, str]) -> str:
    return refund_words.sentence(desk, error.field, error.refusal, currency=facts.order.currency, names=names)


def _blocked(desk: Desk, refusal: Refusal) -> dict[str, Any]:
    """Why there is nothing to refund, and what to do instead (C27)."""
    text = refund_words.sentence(desk, "", refusal, currency="", names={})
    return {"text": text, "cancels": refusal.code is Code.NOT_SHIPPED}


def _short(title: str) -> str:
    """A product's name for a line of a list that cannot wrap."""
    return title if len(title) <= _TITLE_MOST else f"{title[:_TITLE_MOST].rstrip()}…"


def _modes(draft: RefundDraft) -> list[tuple[str, Any, Any, Any, bool]]:
    return [
        (mode.value, label, text, risk, mode.value == draft.mode)
        for mode, (label, text, risk) in refund_words.MODES.items()
    ]


def _items(
    order: OrderDetail, facts: RefundFacts, draft: RefundDraft, errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    titles = {item.item_number: visible(item.title or item.sku) for item in order.items}
    skus = {item.item_number: visible(item.sku) for item in order.items if item.title}
    found = []
    for item in facts.order.items:
        number, line = item.item_number, draft.line(item.item_number)
        fields = {
            name: {
                "value": getattr(line, name),
                "error": errors.get(f"{name}-{number}", ""),
                "left": _left(facts, item.id, name),
            }
            for name in ("product", "shipping")
        }
        spare = item.shipped - facts.refunded_units.get(item.id, 0)
        units = {"value": line.units, "error": errors.get(f"units-{number}", ""), "left": spare}
        if item.shipped or line != form.LineDraft():
            found.append(
                {
                    "number": number,
                    "title": titles.get(number, number),
                    "sku": skus.get(number, ""),
                    "units": units,
                }
                | fields
            )
    return found


def _left(facts: RefundFacts, item_id: int, group: str) -> str:
    return money(form.group_left(facts.money, item_id, group), facts.order.currency)


def _full_lines(order: OrderDetail, facts: RefundFacts, draft: RefundDraft) -> list[dict[str, Any]]:
    """What a full refund fills in, line by line: product and shipping before any fee."""
    named = form.linked_return(facts, draft.rma) if draft.rma else None
    titles = {item.item_number: (visible(item.title), visible(item.sku)) for item in order.items}
    lines = []
    for item in facts.order.items:
        done = facts.refunded_units.get(item.id, 0)
        money_of = [one for one in facts.money if one.item_id == item.id]
        units = item.shipped - done
        parts = everything(money_of)
        if named is not None:
            units = min(named.units.get(item.id, 0), units)
            parts = of_units(money_of, done=done, more=units, of=item.ordered) if units else []
        sums = {"product": 0, "shipping": 0}
        for part in parts:
            sums[group_of(part.component)] += part.amount
        if parts:
            texts = {group: money(n, facts.order.currency) for group, n in sums.items()}
            title, sku = titles.get(item.item_number, ("", ""))
            name = title or sku or item.item_number
            lines.append({"name": name, "sku": sku if title else "", "units": units} | texts)
    return lines


def _return(
    one: ReturnFacts, facts: RefundFacts, names: dict[str, str], draft: RefundDraft
) -> dict[str, Any]:
    linked = form.linked_return(facts, draft.rma)
    return {
        "rma": visible(one.rma),
        "value": one.rma,
        "state": refund_words.RETURN_STATES[one.state],
        "units": ", ".join(
            f"{names.get(line.item_number, line.item_number)} × {line.quantity}" for line in one.lines
        ),
        "chosen": one.rma == draft.rma,
        "linked": linked is not None and linked.rma == one.rma,
    }


def _fee(facts: RefundFacts, draft: RefundDraft, most: str) -> dict[str, Any]:
    """The restocking fee's field: where the rule allows one, and otherwise why not (rulebook 2.8)."""
    linked = form.linked_return(facts, draft.rma)
    if linked is None:
        return {"fee_shown": bool(draft.fee.strip()), "fee_why": "", "grades": ""}
    grades = [line.grade for line in linked.lines if line.grade]
    why = "not_buyers_fault" if linked.reason not in BUYERS_FAULT else ""
    why = why or ("not_graded" if len(grades) < len(linked.lines) else "")
    why = why or ("" if most or draft.kind == form.PARTIAL else "nothing_allowed")
    return {
        "fee_shown": not why or bool(draft.fee.strip()),
        "fee_why": refund_words.no_fee(why) if why else "",
        "grades": " · ".join(dict.fromkeys(return_words.grade(grade) for grade in grades)),
    }


def with_fee(desk: Desk, draft: RefundDraft, facts: RefundFacts) -> RefundDraft:
    """The draft with the highest fee that the rule allows for its return; none when it allows none."""
    asked, _unread = _looked_at(form.understand(draft, facts), facts, draft)
    most = look(desk, asked).fee_most
    return form.filled(draft, facts, "fee", fee_most=most)


def _fill_buttons() -> list[tuple[str, str]]:
    return [
        ("p10", "10 %"),
        ("p20", "20 %"),
        ("p50", "50 %"),
        ("shipping", _("Shipping only")),
        ("max", _("Set max")),
        ("none", _("Clear")),
    ]
