"""What the guides advise when a buyer wants to give something back, with the numbers it rests on (S0-25 to S0-31, S2-18
to S2-24; C12). A hint beside the buttons; nothing is decided here.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Advice(StrEnum):
    CONTACT_BUYER = "contact_buyer"  # always first (S2-08, S0-25)
    CANCEL = "cancel"  # nothing was confirmed: no refund, a cancellation (S2-18, C27)
    SHIP_ANYWAY = "ship_anyway"  # confirmed, not sent, and the buyer would look at it (S0-26)
    REFUND_NOW = "refund_now"  # confirmed, not sent, and the buyer insists: nothing comes back (S0-27)
    INTERCEPT = "intercept"  # sent: stop it while that is possible (S2-19)
    WAIT_AND_SEE = "wait_and_see"  # cannot be stopped: let the buyer look at it first (S2-20)
    REFUSE_DELIVERY = "refuse_delivery"  # S0-28, S2-23
    PARTIAL_REFUND = "partial_refund"  # negotiate by what the goods cost (S2-21)
    KEEP_IT = "keep_it"  # worth less than the way back (S2-22)
    RETURN_GOODS = "return_goods"  # the normal way: refund when they are back (S0-29)
    REFUND_EARLY = "refund_early"  # before they are: fewer claims, more risk (S0-30)
    WAREHOUSE_HANDLES = "warehouse_handles"  # S2-24


class Risk(StrEnum):
    GOODS_AND_MONEY = "goods_and_money"  # both may be lost (S2-11)
    CLAIM = "claim"  # waiting may end in a claim or bad feedback (S0-30)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known. Amounts in minor units of one currency; None: nobody knows."""

    warehouse: bool = False  # the marketplace's warehouse ships and takes back
    confirmed: bool = True
    sent: bool = False  # a carrier has it
    stoppable: bool = False  # nobody has tried to intercept it yet, and it is not delivered
    delivered: bool = False
    contacted: bool = False
    insists: bool = False
    value: int = 0  # what the buyer would get back
    keep_limit: int = 0  # up to which goods are left with the buyer
    way_back: int | None = None  # what sending back costs
    cost: int | None = None  # what the goods cost the seller


@dataclass(frozen=True, slots=True)
class Hint:
    """One piece of advice, the best first; `numbers` in minor units, by name."""

    advice: Advice
    numbers: dict[str, int] = field(default_factory=dict)
    risks: tuple[Risk, ...] = ()


def advise(known: Situation) -> tuple[Hint, ...]:
    """The advice for a situation, the first thing to do first."""
    first = () if known.contacted else (Hint(Advice.CONTACT_BUYER),)
    return (*first, *_then(known))


def _then(known: Situation) -> tuple[Hint, ...]:
    if known.warehouse:
        return (Hint(Advice.WAREHOUSE_HANDLES),)
    if not known.confirmed:
        return (Hint(Advice.CANCEL),)
    if not known.sent:
        refund = Hint(Advice.REFUND_NOW, {"value": known.value})
        return (refund,) if known.insists else (Hint(Advice.SHIP_ANYWAY), refund)
    if not known.delivered:
        return _underway(known)
    return _delivered(known)


def _underway(known: Situation) -> tuple[Hint, ...]:
    if known.stoppable:
        return (Hint(Advice.INTERCEPT), *_at_the_door(known))
    return _at_the_door(known)


def _at_the_door(known: Situation) -> tuple[Hint, ...]:
    if not known.insists:
        return (Hint(Advice.WAIT_AND_SEE), Hint(Advice.REFUSE_DELIVERY))
    if _not_worth_it(known):
        return (_keep(known), Hint(Advice.REFUSE_DELIVERY))
    return (Hint(Advice.REFUSE_DELIVERY, _numbers(known)), *_early(known))


def _delivered(known: Situation) -> tuple[Hint, ...]:
    if _not_worth_it(known):
        return (_keep(known), Hint(Advice.RETURN_GOODS, _numbers(known)))
    early = _early(known)
    return (Hint(Advice.RETURN_GOODS, _numbers(known), (Risk.CLAIM,)), *early)


def _early(known: Situation) -> tuple[Hint, ...]:
    early = Hint(Advice.REFUND_EARLY, {"value": known.value}, (Risk.GOODS_AND_MONEY,))
    if known.cost is None or known.cost >= known.value:
        return (early,)
    # What the buyer may get without the seller losing more than the goods themselves.
    return (Hint(Advice.PARTIAL_REFUND, {"cost": known.cost, "most": known.value - known.cost}), early)


def _keep(known: Situation) -> Hint:
    return Hint(Advice.KEEP_IT, _numbers(known))


def _numbers(known: Situation) -> dict[str, int]:
    found = {"value": known.value, "limit": known.keep_limit}
    for name, amount in (("way_back", known.way_back), ("cost", known.cost)):
        if amount is not None:
            found[name] = amount
    return found


def _not_worth_it(known: Situation) -> bool:
    by_way_back = known.way_back is not None and known.value <= known.way_back
    return known.value <= known.keep_limit or by_way_back
