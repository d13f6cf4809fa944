"""What a seller has set about returns, for the page that shows and changes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain import return_settings as rules
from sellerdesk.domain.return_settings import Automatic, Effect
from sellerdesk.models.return_facts import SellerSetting, read_settings
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.models.terms import policy_book


@dataclass(frozen=True, slots=True)
class SettingView:
    """What holds for a marketplace; `address` is empty when none was given."""

    marketplace_id: str
    automatic: Automatic
    address: Mapping[str, str]
    instructions: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule. `active_until` None: it still holds for new orders. Prices are minor units of one piece."""

    id: int
    effect: Effect
    marketplace_id: str
    sku: str
    reason: str
    price_from: int | None
    price_to: int | None
    currency: str
    active_from: datetime
    active_until: datetime | None


def settings_of(seller_id: int) -> tuple[SettingView, ...]:
    """One for each marketplace that the seller takes part in, also where nothing was set yet."""
    with scoped(seller_id):
        known = read_settings(seller_id)
        found = rows(
            "SELECT marketplace_id FROM participations WHERE seller_id = %s AND is_participating ORDER BY id",
            [seller_id],
        )
    views = []
    for (place,) in found:
        one = known.get(place, SellerSetting())
        views.append(SettingView(place, one.automatic, one.address, one.instructions))
    return tuple(views)


def keep_limit(marketplace_id: str, now: datetime) -> int:
    """Up to which price the policy advises to let buyers keep goods: minor units of the marketplace's currency."""
    return rules.keep_limit(policy_book({marketplace_id}), marketplace_id, now.date())


_RULES = """
SELECT id, effect, marketplace_id, sku, reason, price_from, price_to, currency, active_from, active_until
  FROM return_rules WHERE seller_id = %s
 ORDER BY active_until IS NOT NULL, active_until DESC, id DESC LIMIT %s"""


def rules_of(seller_id: int, *, most: int = 400) -> tuple[RuleView, ...]:
    """The rules that hold, the newest first, then those that ended: they still hold for older orders."""
    with scoped(seller_id):
        found = rows(_RULES, [seller_id, most])
    return tuple(RuleView(id_, Effect(effect), *rest) for id_, effect, *rest in found)
