"""What the timeline adds to the steps of a return: reasons, units, grades."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sellerdesk.domain.return_facts import Grade, ReturnReason
from sellerdesk.domain.return_ways import Label
from sellerdesk.domain.returns import CloseReason
from sellerdesk.interfaces.web import return_words
from sellerdesk.interfaces.web.formats import units, visible
from sellerdesk.queries.order_detail import OrderDetail

Facts = Mapping[str, Any]


def requested(facts: Facts, order: OrderDetail, _reader: object) -> list[str]:
    """Which return, why, and what."""
    lines = [_("RMA %(rma)s") % {"rma": visible(str(facts.get("rma", "")))}]
    if facts.get("reason") in set(ReturnReason):
        lines.append(str(return_words.REASONS[ReturnReason(facts["reason"])]))
    names = _names(order)
    named = [f"{names.get(number, number)} × {count}" for number, count in facts.get("lines", {}).items()]
    return [*lines, ", ".join(named)] if named else lines


def authorized(facts: Facts, _order: OrderDetail, _reader: object) -> list[str]:
    """Under which number, with which label."""
    lines = [_("RMA %(rma)s") % {"rma": visible(str(facts.get("rma", "")))}]
    if facts.get("label") in set(Label):
        lines.append(str(return_words.LABELS_SHORT[Label(facts["label"])]))
    return lines


def closed(facts: Facts, _order: OrderDetail, _reader: object) -> list[str]:
    """For which reason, and whether anybody had talked to the buyer (S2-16)."""
    lines = []
    if facts.get("reason") in set(CloseReason):
        lines.append(str(return_words.CLOSE_REASONS[CloseReason(facts["reason"])]))
    if facts.get("contacted") is False:
        lines.append(_("No message sent yet"))
    return lines


def received(facts: Facts, _order: OrderDetail, _reader: object) -> list[str]:
    """How many units came."""
    return [units(int(facts["units"]))] if facts.get("units") else []


def graded(facts: Facts, order: OrderDetail, _reader: object) -> list[str]:
    """What came back, line by line."""
    names = _names(order)
    return [
        f"{names.get(number, number)}: {return_words.GRADES[Grade(grade)]}"
        for number, grade in facts.get("grades", {}).items()
        if grade in set(Grade)
    ]


def _names(order: OrderDetail) -> dict[str, str]:
    return {item.item_number: visible(item.sku or item.item_number) for item in order.items}


DETAILS = {
    "return_requested": requested,
    "return_authorized": authorized,
    "return_closed": closed,
    "return_received": received,
    "return_graded": graded,
}
