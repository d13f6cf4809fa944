"""What authorising many returns would do, by the same rule that the command asks (design 2.4; screens 1.0, 1.10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sellerdesk.domain import return_ways, returns
from sellerdesk.domain.refunds import RefundFacts
from sellerdesk.domain.refusals import Refusal
from sellerdesk.domain.return_ways import WayBack
from sellerdesk.models.refund_facts import read_money
from sellerdesk.models.return_facts import SellerSetting, Surroundings, read_settings, read_surroundings
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.returns_list import ReturnView, returns_by_rma


@dataclass(frozen=True, slots=True)
class AuthorizePreview:
    """What authorising a return with the seller's own address and no label would be answered. `refusal` None: yes."""

    view: ReturnView
    refusal: Refusal | None = None


def preview_authorize(seller_id: int, rmas: Sequence[str]) -> list[AuthorizePreview]:
    """What the command would do with these returns, the oldest first; unknown numbers are left out."""
    views = returns_by_rma(seller_id, rmas, personal=False)
    if not views:
        return []
    with scoped(seller_id):
        known = read_money(seller_id, {one.order_number for one in views})
        settings = read_settings(seller_id)
        around = read_surroundings(seller_id, [facts.order.id for facts in known.values()])
    return [AuthorizePreview(one, _refusal(one, known[one.order_number], settings, around)) for one in views]


def _refusal(
    one: ReturnView,
    facts: RefundFacts,
    settings: dict[str, SellerSetting],
    around: dict[int, Surroundings],
) -> Refusal | None:
    linked = next(found for found in facts.returns if found.rma == one.rma)
    setting = settings.get(one.marketplace_id, SellerSetting())
    try:
        returns.after(linked, "authorize", one.order_number)
        country = around[facts.order.id].buyer_country
        return_ways.authorize(linked, WayBack(setting.address), facts.order, country)
    except Refusal as refusal:
        return refusal
    return None
