"""One return with everything that its page and its forms show (screens 1.10; S2-04, S4-17)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Party
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.refund_decisions import propose
from sellerdesk.domain.refunds import RefundFacts
from sellerdesk.domain.return_facts import ENDED, Grade, ReturnFacts, ReturnLine
from sellerdesk.models.refund_facts import read_money
from sellerdesk.models.refund_terms import how_to_decide
from sellerdesk.models.return_facts import SellerSetting, read_settings
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.returns_list import ReturnView, returns_by_rma

_MORE = """
SELECT address, instructions FROM return_requests WHERE seller_id = %s AND rma = %s"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the return's units are worth now, and the most that may be kept of it: minor units."""

    full: int
    fee: int


@dataclass(frozen=True, slots=True)
class ReturnDetail:
    """A return. `address` is where it goes, or what the seller has set for the marketplace; `linked` is the same return
    as the rules see it.
    """

    view: ReturnView
    address: Mapping[str, Any]
    instructions: str
    setting: SellerSetting
    money: RefundFacts
    linked: ReturnFacts
    proposal: Proposal

    @property
    def order(self) -> OrderFacts:
        return self.money.order


def return_detail(seller_id: int, rma: str, *, personal: bool, now: datetime) -> ReturnDetail | None:
    """The return with a number, or None when the seller has none."""
    found = returns_by_rma(seller_id, [rma], personal=personal)
    if not found:
        return None
    view = found[0]
    with scoped(seller_id):
        ((address, instructions),) = rows(_MORE, [seller_id, rma])
        setting = read_settings(seller_id).get(view.marketplace_id, SellerSetting())
        known = read_money(seller_id, [view.order_number])
        how = how_to_decide(Party.SELLER, known.values(), now)
    money = known[view.order_number]
    linked = next(one for one in money.returns if one.rma == rma)
    proposal = Proposal(0, 0)
    if linked.state not in ENDED:
        proposal = Proposal(*propose(money, linked, how(money, rma)))
    return ReturnDetail(
        view,
        decode_json(address) or setting.address,
        instructions or setting.instructions,
        setting,
        money,
        linked,
        proposal,
    )


def fees_by_grade(seller_id: int, detail: ReturnDetail, item_number: str, now: datetime) -> dict[Grade, int]:
    """The most that may be kept of one line for each grade that it could get, with the other lines as they are."""
    with scoped(seller_id):
        how = how_to_decide(Party.SELLER, [detail.money], now)(detail.money, detail.linked.rma)
    found = {}
    for grade in Grade:
        lines = tuple(_graded(line, item_number, grade) for line in detail.linked.lines)
        alone = tuple(line for line in lines if line.item_number == item_number)
        found[grade] = propose(detail.money, replace(detail.linked, lines=alone), how)[1]
    return found


def _graded(line: ReturnLine, item_number: str, grade: Grade) -> ReturnLine:
    return replace(line, grade=grade.value) if line.item_number == item_number else line


def rma_is_taken(seller_id: int, rma: str) -> bool:
    """Whether the seller has a return with this number."""
    with scoped(seller_id):
        found = rows("SELECT 1 FROM return_requests WHERE seller_id = %s AND rma = %s", [seller_id, rma])
    return bool(found)
