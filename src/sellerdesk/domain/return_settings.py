"""What a seller has set about returns: which are authorised by themselves, and which buyers keep (rulebook 2.7)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.money import exponent
from sellerdesk.domain.policies import PolicyBook
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.return_facts import ReturnReason

RULES_MOST = 200  # that hold at a time: all of them are looked at for each request
SKU_MOST = 100  # characters, as orders have them
INSTRUCTIONS_MOST = 2000
_PRICE_MOST = 10**15  # what a bigint column holds with room to spare


class Automatic(StrEnum):
    MANUAL = "manual"
    IN_POLICY = "in_policy"
    ALL = "all"


class Effect(StrEnum):
    """What a rule does to the returns that it matches; the first in this order wins."""

    MANUAL = "manual"  # exempt from automatic authorisation
    RETURNLESS = "returnless"  # refund, and the buyer keeps it
    AUTHORIZE = "authorize"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line that a buyer wants to return, as rules look at it. `price`: minor units for one piece."""

    marketplace_id: str
    sku: str
    category: str
    reason: str
    price: int
    currency: str
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """A seller's rule. Conditions left empty hold for everything; prices include both ends."""

    effect: Effect
    active_from: datetime
    active_until: datetime | None = None
    marketplace_id: str = ""
    sku: str = ""
    category: str = ""
    reason: str = ""
    price_from: int | None = None
    price_to: int | None = None
    currency: str = ""

    def matches(self, wanted: Wanted) -> bool:
        """Whether it holds for a line: a rule that was active when the order was placed keeps applying."""
        until = self.active_until
        if wanted.ordered_at < self.active_from or (until is not None and wanted.ordered_at >= until):
            return False
        for name in ("marketplace_id", "sku", "category", "reason"):
            condition = getattr(self, name)
            if condition and condition != getattr(wanted, name):
                return False
        return self._priced(wanted)

    def _priced(self, wanted: Wanted) -> bool:
        if self.price_from is None and self.price_to is None:
            return True
        if self.currency != wanted.currency:
            return False
        low = self.price_from is None or wanted.price >= self.price_from
        return low and (self.price_to is None or wanted.price <= self.price_to)


def effect_of(rules: tuple[Rule, ...], lines: tuple[Wanted, ...]) -> Effect | None:
    """What the seller's rules do to a request: only what holds for each of its lines; one exempt line exempts all."""
    found = [{rule.effect for rule in rules if rule.matches(line)} for line in lines]
    if any(Effect.MANUAL in effects for effects in found):
        return Effect.MANUAL
    for effect in (Effect.RETURNLESS, Effect.AUTHORIZE):
        if found and all(effect in effects for effects in found):
            return effect
    return None


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule that a seller wants: conditions left empty hold for everything. Prices are minor units of one piece."""

    effect: Effect
    marketplace_id: str = ""
    sku: str = ""
    reason: str = ""  # of ReturnReason
    price_from: int | None = None
    price_to: int | None = None
    currency: str = ""
    confirm_wide: bool = False  # somebody has agreed to a rule that gives much away (see `is_wide`)


def keep_limit(book: PolicyBook, marketplace_id: str, on: date) -> int:
    """Up to which price the policy advises to let buyers keep goods: minor units of the marketplace's currency."""
    units = book.value(marketplace_id, "return_keep_limit", on)
    return int(units * 10 ** exponent(by_id(marketplace_id).currency))


def is_wide(draft: RuleDraft, limit: int) -> bool:
    """Whether a rule leaves goods with buyers without a price limit, or above the policy's `limit` (minor units)."""
    return draft.effect is Effect.RETURNLESS and (draft.price_to is None or draft.price_to > limit)


def check_rule(draft: RuleDraft) -> None:
    """Whether a rule makes sense. Raises Refusal INVALID_VALUE, MISSING_VALUE; `place` is the field."""
    if len(draft.sku) > SKU_MOST:
        raise _invalid("sku", draft.sku, f"at most {SKU_MOST} characters")
    if draft.reason and draft.reason not in set(ReturnReason):
        raise _invalid("reason", draft.reason, ", ".join(ReturnReason))
    for place in ("price_from", "price_to"):
        price = getattr(draft, place)
        if price is not None and not 0 <= price <= _PRICE_MOST:
            raise _invalid(place, str(price), "an amount that is not below zero")
    low, high = draft.price_from, draft.price_to
    if (low is not None or high is not None) and not draft.currency:
        raise refuse(Code.MISSING_VALUE, place="currency")
    if low is not None and high is not None and high < low:
        raise _invalid("price_to", str(high), "no less than the lower price")
    everything = not (draft.sku or draft.reason or low is not None or high is not None)
    if draft.effect is Effect.RETURNLESS and everything:
        # Or every return of the seller would be paid out at once, with nothing coming back.
        raise refuse(Code.MISSING_VALUE, place="price_to")


def _invalid(place: str, value: str, expected: str) -> Exception:
    return refuse(Code.INVALID_VALUE, place=place, value=value[:40], expected=expected)
