"""Account health in words: a card for the cancellation rate of each marketplace (screens 1.13; S3-31 to S3-34)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.policies import EVERYWHERE, PolicyRow
from sellerdesk.domain.rates import CancellationRate, Denominator, Standing, percent
from sellerdesk.interfaces.web import cancel_words, when
from sellerdesk.interfaces.web.formats import language
from sellerdesk.interfaces.web.sparkline import Sparkline, sparkline
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.queries.cancellation_rate import CountedOrder, PlaceRate

TONES = {Standing.GOOD: "ok", Standing.AT_RISK: "bad", Standing.NONE: "info"}
ICONS = {Standing.GOOD: "circle-check", Standing.AT_RISK: "triangle-alert", Standing.NONE: "info"}
MOST = 100_000  # of orders or cancellations in a what-if


@dataclass(frozen=True, slots=True)
class Fraction:
    """One way to compute the rate. `chosen`: the policy names it."""

    name: str
    value: str
    numbers: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class OrderLine:
    number: str
    placed: str
    cancelled: str
    who: str
    reason: str
    why: str
    rule: str
    leaves: str
    leaves_soon: bool


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A policy row that the rate is measured by."""

    says: str
    scope: str
    source: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The form's two numbers and what they lead to; `after` None: nothing was asked."""

    cancellations: int
    orders: int
    after: str
    standing: str
    tone: str


@dataclass(frozen=True, slots=True)
class Card:
    marketplace_id: str
    name: str
    tone: str
    icon: str
    standing: str
    value: str
    limit: str
    fractions: tuple[Fraction, ...]
    headroom: str
    chart: Sparkline
    chart_says: str
    days: tuple[tuple[str, str], ...]
    tomorrow: tuple[str, ...]
    lines: tuple[OrderLine, ...]
    older: str
    rules: tuple[RuleLine, ...]
    days_in_window: int
    strict: bool
    what_if: WhatIf


def card(place: PlaceRate, desk: Desk, asked: tuple[int, int] | None) -> Card:
    """A marketplace's card; `asked`: more cancellations that count, and more orders, of the what-if."""
    rate = place.rate
    values = [*(one.basis_points for one in place.history), rate.basis_points]
    return Card(
        rate.marketplace_id,
        by_id(rate.marketplace_id).name,
        TONES[rate.standing],
        ICONS[rate.standing],
        standing(rate),
        _value(rate),
        cancel_words.limit(rate),
        _fractions(rate),
        headroom(rate),
        sparkline(values, rate.policy.cr_target),
        _chart_says(place),
        tuple(_history(place, desk.now)),
        tuple(_tomorrow(place)),
        tuple(order_line(one, desk, rate.marketplace_id) for one in place.counted),
        older_link(rate.marketplace_id, place.counted) if place.more else "",
        tuple(rule_line(rule) for rule in place.rules),
        rate.policy.cr_window_days,
        rate.policy.cr_denominator == Denominator.STRICT,
        _what_if(rate, asked),
    )


def standing(rate: CancellationRate) -> str:
    """Where a rate stands, in words."""
    if rate.standing is Standing.NONE:
        return _("No orders in the window: there is no rate")
    return _("Good") if rate.standing is Standing.GOOD else _("At risk")


def headroom(rate: CancellationRate) -> str:
    """What can still be afforded, or what it takes to come back, as plainly as can be."""
    if rate.standing is Standing.NONE:
        return ""
    if rate.standing is Standing.AT_RISK:
        if not rate.clean_orders_needed:
            return _("This limit cannot be kept.")
        return ngettext(
            "%(n)s more order without a cancellation brings it below %(limit)s.",
            "%(n)s more orders without a cancellation bring it below %(limit)s.",
            rate.clean_orders_needed,
        ) % {"n": rate.clean_orders_needed, "limit": cancel_words.limit(rate)}
    return ngettext(
        "%(n)s more cancellation that counts reaches %(limit)s.",
        "%(n)s more cancellations that count reach %(limit)s.",
        rate.headroom + 1,
    ) % {"n": rate.headroom + 1, "limit": cancel_words.limit(rate)}


def _value(rate: CancellationRate) -> str:
    return "–" if rate.basis_points is None else f"{percent(rate.basis_points)} %"


def _fractions(rate: CancellationRate) -> tuple[Fraction, ...]:
    names = {
        Denominator.STRICT: _("Without the orders that buyers wanted cancelled"),
        Denominator.OFFICIAL: _("Of all orders"),
    }
    found = []
    for denominator, name in names.items():
        base = rate.base_of(denominator)
        points = CancellationRate.basis_points_of(rate.counted, base)
        value = "–" if points is None else f"{percent(points)} %"
        found.append(
            Fraction(name, value, f"{rate.counted}/{base}", rate.policy.cr_denominator == denominator)
        )
    return tuple(found)


def _chart_says(place: PlaceRate) -> str:
    known = [one.basis_points for one in place.history if one.basis_points is not None]
    if not known:
        return _("No rate in the last 14 days.")
    said = {"low": f"{percent(min(known))} %", "high": f"{percent(max(known))} %"}
    text = _("Last 14 days: between %(low)s and %(high)s; the limit is %(limit)s.")
    return text % (said | {"limit": cancel_words.limit(place.rate)})


def _history(place: PlaceRate, now: datetime) -> list[tuple[str, str]]:
    zone = when.marketplace_zone(place.marketplace_id)
    return [(when.moment(one.at, zone, now, language()), cancel_words.rate(one)) for one in place.history]


def _tomorrow(place: PlaceRate) -> list[str]:
    orders = ngettext(
        "%(n)s order leaves the window within 24 hours;",
        "%(n)s orders leave the window within 24 hours;",
        place.leaving_orders,
    ) % {"n": place.leaving_orders}
    counted = ngettext(
        "%(n)s of them counts.",
        "%(n)s of them count.",
        place.leaving_counted,
    ) % {"n": place.leaving_counted}
    then = _("If nothing else happens, the rate is then %(rate)s: %(standing)s.") % {
        "rate": cancel_words.rate(place.tomorrow),
        "standing": standing(place.tomorrow),
    }
    return [f"{orders} {counted}", then]


def order_line(one: CountedOrder, desk: Desk, marketplace_id: str) -> OrderLine:
    """An order that counts, for a table."""
    zone = when.marketplace_zone(marketplace_id)

    def at(moment: datetime) -> str:
        return when.moment(moment, zone, desk.now, language())

    return OrderLine(
        one.order_number,
        at(one.placed_at),
        at(one.cancelled_at),
        party(one.by),
        cancel_words.reason(one.reason),
        cancel_words.why(one.why),
        cancel_words.policy(one.policy_key, one.policy_value) or rule_name(one.policy_key),
        at(one.leaves_at),
        (one.leaves_at - desk.now).days < 1,
    )


def party(by: str) -> str:
    """Who cancelled."""
    names = {"MERCHANT": _("You"), "AMAZON": _("Marketplace"), "BUYER": _("Buyer")}
    return names.get(by, _("Unknown"))


def older_link(marketplace_id: str, lines: Sequence[CountedOrder]) -> str:
    """The next page of the orders that count."""
    last = lines[-1]
    query = {"marketplace": marketplace_id, "after": f"{last.placed_at.isoformat()}~{last.id}"}
    return f"{reverse('desk:health')}?{urlencode(query)}"


def rule_name(key: str) -> str:
    """What a policy is called."""
    names = {
        "cr_target": _("Limit of the cancellation rate"),
        "cr_window_days": _("Window of the cancellation rate"),
        "cr_denominator": _("Denominator of the cancellation rate"),
        "auto_cancel": _("Automatic cancellation"),
    }
    return names.get(key, key)


def rule_line(rule: PolicyRow) -> RuleLine:
    """A policy row in words, with where it comes from."""
    if rule.key == "cr_target":
        says = _("The rate must stay below %(limit)s.") % {"limit": f"{percent(rule.value)} %"}
    elif rule.key == "cr_window_days":
        says = ngettext(
            "Orders placed in the last %(n)s day, to the second.",
            "Orders placed in the last %(n)s days, to the second.",
            rule.value,
        ) % {"n": rule.value}
    else:
        says = cancel_words.policy(rule.key, rule.value)
    scope = _("all marketplaces") if rule.marketplace_id == EVERYWHERE else by_id(rule.marketplace_id).name
    return RuleLine(says, scope, rule.source)


def _what_if(rate: CancellationRate, asked: tuple[int, int] | None) -> WhatIf:
    if asked is None:
        return WhatIf(1, 0, "", "", "")
    after = rate.what_if(cancellations=asked[0], orders=asked[1])
    return WhatIf(*asked, cancel_words.rate(after), standing(after), TONES[after.standing])
