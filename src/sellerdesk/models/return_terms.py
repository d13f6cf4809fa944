"""The world in which returns are decided, read once for a whole batch under the lock of its orders."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.money import exponent
from sellerdesk.domain.refunds import RefundFacts
from sellerdesk.domain.return_settings import Rule, Wanted, effect_of
from sellerdesk.domain.return_ways import crosses_border
from sellerdesk.domain.returns import ReturnAsked, ReturnHow, ReturnTerms
from sellerdesk.models.refund_facts import lock_money, read_money
from sellerdesk.models.return_facts import (
    SellerSetting,
    Surroundings,
    read_rules,
    read_settings,
    read_surroundings,
)
from sellerdesk.models.terms import calendars, policy_book


@dataclass(frozen=True, slots=True)
class ReturnWorld:
    """Everything that a batch of requests is decided by: orders by number, the rest by their ids or marketplaces."""

    known: dict[str, RefundFacts]
    around: dict[int, Surroundings]
    settings: dict[str, SellerSetting]
    rules: tuple[Rule, ...]
    terms: dict[int, ReturnTerms]
    calendars: dict[str, BusinessCalendar]
    now: datetime

    @classmethod
    def read(
        cls, seller_id: int, numbers: Collection[str], now: datetime, *, lock: bool = True
    ) -> "ReturnWorld":
        """Read it; without `lock` for a preview."""
        known = (lock_money if lock else read_money)(seller_id, numbers)
        orders = [facts.order for facts in known.values()]
        places = {order.marketplace_id for order in orders}
        book, books = policy_book(places), calendars(places, now.date())
        terms = {
            order.id: ReturnTerms.of(
                book, order.marketplace_id, books[order.marketplace_id].local_date(order.placed_at)
            )
            for order in orders
        }
        around = read_surroundings(seller_id, [order.id for order in orders])
        return cls(known, around, read_settings(seller_id), read_rules(seller_id), terms, books, now)

    def how(self, facts: RefundFacts, asked: ReturnAsked) -> ReturnHow:
        order, around = facts.order, self.around[facts.order.id]
        lines = tuple(
            Wanted(
                order.marketplace_id,
                *_sku_first(around.items[item.id], asked.reason.value),
                order.currency,
                order.placed_at,
            )
            for item in order.items
            if item.item_number in asked.lines
        )
        international = self.crosses(order.marketplace_id, around)
        worth = sum(
            asked.lines[item.item_number] * around.items[item.id][1]
            for item in order.items
            if item.item_number in asked.lines
        )
        keep = self.terms[order.id].foreign_keep_limit * 10 ** exponent(order.currency)
        return ReturnHow(
            self.now,
            self.terms[order.id],
            self.calendars[order.marketplace_id],
            around.delivered_at,
            self.settings.get(order.marketplace_id, SellerSetting()).automatic,
            effect_of(self.rules, lines),
            international,
            international and 0 < worth <= keep,
        )

    def crosses(self, marketplace_id: str, around: Surroundings) -> bool:
        """Whether a return of an order would cross a border, as far as anybody knows."""
        address = self.settings.get(marketplace_id, SellerSetting()).address
        return crosses_border(around.buyer_country, address, around.based_in)


def _sku_first(item: tuple[str, int], reason: str) -> tuple[str, str, str, int]:
    sku, price = item
    return sku, "", reason, price  # orders know no category; rules by category match nothing yet
