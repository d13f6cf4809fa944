"""What can be given back, and how an amount falls upon lines and components (S4-20, S4-22; rulebook 2.8, I06; T12).

Minor units throughout. A discount is a negative component: it is given back as a negative amount beside the price that
it lowered, so that the parts of a refund sum to what the buyer really gets.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sellerdesk.domain.money import Money, share, split
from sellerdesk.domain.orders import Component
from sellerdesk.domain.refusals import Code, refuse

SHIPPING = frozenset(
    {
        Component.SHIPPING,
        Component.SHIPPING_TAX,
        Component.SHIPPING_DISCOUNT,
        Component.SHIPPING_DISCOUNT_TAX,
    }
)
PRODUCT = frozenset(Component) - SHIPPING
GROUPS: dict[str, frozenset[Component]] = {"product": PRODUCT, "shipping": SHIPPING}
"""The two amounts of a line that a person types (S4-22); what is typed is spread over the components that are left."""


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """The balance row of one component of one line; see models.Charge. All of one sign."""

    item_id: int
    component: str
    amount: int  # for the whole ordered quantity
    charged: int
    refunded: int = 0  # released
    pending: int = 0  # held, or waiting for approval
    claimed: int = 0  # debited by a claim

    @property
    def left(self) -> int:
        """What can still be given back of it; of the sign of the charge."""
        return self.charged - self.refunded - self.pending - self.claimed


@dataclass(frozen=True, slots=True)
class Part:
    """What goes back of one component: `amount` net, after `deduction` was kept (shown as a line of its own)."""

    item_id: int
    component: str
    amount: int
    deduction: int = 0


def everything(money: Iterable[MoneyFacts]) -> list[Part]:
    """All that is left."""
    return [Part(one.item_id, one.component, one.left) for one in money if one.left]


def net(money: Iterable[MoneyFacts]) -> int:
    """What is left in all; never below zero as long as refunds keep to `check_groups`."""
    return sum(one.left for one in money)


def spread(money: Sequence[MoneyFacts], amount: int) -> list[Part]:
    """Let an amount fall upon what is left, in proportion to it: largest remainder, earlier component first.

    Prices and discounts keep their proportion, so the parts sum to the amount and none is more than what is left of it.
    `amount` lies between 1 and `net(money)`.
    """
    whole = net(money)
    if not 0 < amount <= whole:
        raise ValueError(f"{amount} of {whole}")
    prices = [one for one in money if one.left > 0]
    discounts = [one for one in money if one.left < 0]
    off = amount * -net(discounts) // whole
    return [*_dealt(prices, amount + off), *_dealt(discounts, -off)]


def _dealt(money: Sequence[MoneyFacts], total: int) -> list[Part]:
    if not total:
        return []
    dealt = split(total, [abs(one.left) for one in money])
    return [Part(one.item_id, one.component, part) for one, part in zip(money, dealt, strict=True) if part]


def of_units(money: Iterable[MoneyFacts], *, done: int, more: int, of: int) -> list[Part]:
    """The shares of the units `done+1 … done+more` of a line, as far as they are left (T12)."""
    parts = []
    for one in money:
        due = share(one.amount, done=done, more=more, of=of)
        amount = min(due, one.left) if due > 0 else max(due, one.left)
        if amount:
            parts.append(Part(one.item_id, one.component, amount))
    return parts


def chosen(money: Iterable[MoneyFacts], asked: Mapping[str, int], **facts: str) -> list[Part]:
    """Amounts given component by component. `facts` (order and item number, currency) go into refusals.

    Raises Refusal INVALID_VALUE for nought or the wrong sign, REFUND_EXCEEDED for more than is left.
    """
    known = {one.component: one for one in money}
    parts = []
    for component, amount in asked.items():
        one = known.get(component)
        left = one.left if one else 0
        right_sign = (one.charged if one and one.charged else 1) * amount > 0
        if not right_sign:
            wrong = {"place": component, "value": str(amount), "expected": "an amount above zero"}
            raise refuse(Code.INVALID_VALUE, **{**facts, **wrong})
        if one is None or abs(amount) > abs(left):
            raise exceeded(amount, left, component=component, **facts)
        parts.append(Part(one.item_id, component, amount))
    return parts


def check_groups(money: Sequence[MoneyFacts], parts: Iterable[Part], **facts: str) -> None:
    """No price goes back without the discount that lowered it: each group of a line gives at most its net.

    Raises Refusal REFUND_EXCEEDED.
    """
    given: dict[tuple[int, str], int] = {}
    for part in parts:
        key = (part.item_id, group_of(part.component))
        given[key] = given.get(key, 0) + part.amount
    for (item_id, group), amount in given.items():
        left = net(one for one in money if one.item_id == item_id and one.component in GROUPS[group])
        if amount > left:
            raise exceeded(amount, left, component=group, **facts)


def group_of(component: str) -> str:
    """`shipping` or `product`."""
    return "shipping" if component in SHIPPING else "product"


def exceeded(asked: int, left: int, *, currency: str, **facts: object) -> Exception:
    """The refusal that says how much is left, in the currency's own decimals."""
    said = {"asked": Money(currency, asked).text(), "left": Money(currency, max(left, 0)).text()}
    return refuse(Code.REFUND_EXCEEDED, **{**facts, **said, "currency": currency})


def deducted(parts: Sequence[Part], fee: int) -> list[Part]:
    """Keep a fee back from the item prices among the parts, in proportion; each part says how much was kept.

    The fee is at most `price_of(parts)`.
    """
    prices = [part for part in parts if part.component == Component.PRINCIPAL and part.amount > 0]
    kept = dict(zip(prices, split(fee, [part.amount for part in prices]), strict=True)) if fee else {}
    return [
        replace(part, amount=part.amount - kept[part], deduction=kept[part]) if kept.get(part) else part
        for part in parts
    ]


def price_of(parts: Iterable[Part]) -> int:
    """The item prices among the parts, less their discounts: what a restocking fee is measured by."""
    priced = (Component.PRINCIPAL, Component.PROMOTION_DISCOUNT)
    return max(0, sum(part.amount for part in parts if part.component in priced))


def with_pending(money: Iterable[MoneyFacts], parts: Iterable[Part]) -> tuple[MoneyFacts, ...]:
    """The balance rows after the parts were set aside."""
    aside = {(part.item_id, part.component): part.amount for part in parts}
    return tuple(
        replace(one, pending=one.pending + aside.get((one.item_id, one.component), 0)) for one in money
    )
