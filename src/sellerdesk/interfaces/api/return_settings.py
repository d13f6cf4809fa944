"""What a seller has set about returns, per marketplace, and its rules (rulebook 2.7)."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from sellerdesk.commands.return_settings import SettingDraft, add_rule, end_rule, save_setting
from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.money import parse_amount
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_settings import Automatic, Effect, RuleDraft
from sellerdesk.interfaces.api import answers, filters
from sellerdesk.interfaces.api.answer_shapes import Answer
from sellerdesk.interfaces.api.calls import answer, principal
from sellerdesk.interfaces.api.describing import described
from sellerdesk.interfaces.api.problems import camel_name, simple, utc
from sellerdesk.interfaces.api.refund_answers import says
from sellerdesk.interfaces.api.return_answers import ReturnAddressAnswer
from sellerdesk.interfaces.api.return_shapes import NewReturnRule, ReturnSetting
from sellerdesk.interfaces.api.shapes import Money
from sellerdesk.queries.return_settings import RuleView, SettingView, rules_of, settings_of

settings = Router(tags=["Returns"], by_alias=True)
rules = Router(tags=["Returns"], by_alias=True)
_C = Code
_READING = described({_C.FORBIDDEN})


class ReturnSettingAnswer(Answer):
    """What holds for a marketplace."""

    marketplace_id: Annotated[str, says("The marketplace.")]
    automatic: Annotated[
        Automatic, says("manual: none by itself; in_policy: what the policy allows; all: all.")
    ]
    address: Annotated[ReturnAddressAnswer, says("Where goods go; empty when none was given.")]
    instructions: Annotated[str, says("To buyers.")]


class ReturnSettingsAnswer(Answer):
    """One for each marketplace where the seller takes part, also where nothing was set yet."""

    settings: Annotated[list[ReturnSettingAnswer], says("By marketplace.")]


class ReturnRuleAnswer(Answer):
    """A rule. It holds for orders placed from `activeFrom` until before `activeUntil`."""

    rule_id: Annotated[int, says("For ending it.")]
    effect: Annotated[Effect, says("What it does to the returns that it matches.")]
    marketplace_id: Annotated[str, says("Only there; empty for everywhere.")]
    sku: Annotated[str, says("Only of this SKU; empty for all.")]
    reason: Annotated[str, says("Only for this reason; empty for all.")]
    price_from: Annotated[Money | None, says("From this price of one piece on, this one included.")]
    price_to: Annotated[Money | None, says("Up to this price of one piece, this one included.")]
    active_from: Annotated[datetime, says("UTC: for orders placed from then on.")]
    active_until: Annotated[datetime | None, says("UTC: for orders placed before; null while it holds.")]


class ReturnRulesAnswer(Answer):
    """The rules that hold, the newest first, then those that ended."""

    rules: Annotated[list[ReturnRuleAnswer], says("At most 400.")]


@settings.get("", response=ReturnSettingsAnswer, operation_id="listReturnSettings", openapi_extra=_READING)
def read(request: HttpRequest) -> HttpResponse:
    """What is set about returns, by marketplace."""
    who = principal(request)
    who.demand(Permission.RETURN_SETTINGS)
    filters.check_names(request, frozenset())
    return answer({"settings": [_setting(one) for one in settings_of(who.seller_id)]})


@settings.put(
    "/{marketplace_id}",
    response=ReturnSettingAnswer,
    operation_id="putReturnSetting",
    openapi_extra=described({_C.FORBIDDEN, _C.NOT_PARTICIPATING, _C.MISSING_VALUE, _C.INVALID_VALUE}),
)
def save(request: HttpRequest, marketplace_id: str, payload: Body[ReturnSetting]) -> HttpResponse:
    """Set what holds for a marketplace from now on, as a whole. The same again changes nothing, so no key is needed."""
    who = principal(request)
    who.demand(Permission.RETURN_SETTINGS)
    address = payload.address.parts() if payload.address else {}
    draft = SettingDraft(marketplace_id, Automatic(payload.automatic), address, payload.instructions)
    save_setting(who.actor(), draft, now=clock.now())
    found = next(one for one in settings_of(who.seller_id) if one.marketplace_id == marketplace_id)
    return answer(_setting(found))


@rules.get("", response=ReturnRulesAnswer, operation_id="listReturnRules", openapi_extra=_READING)
def read_rules(request: HttpRequest) -> HttpResponse:
    """The seller's rules."""
    who = principal(request)
    who.demand(Permission.RETURN_SETTINGS)
    filters.check_names(request, frozenset())
    return answer({"rules": [_rule(one) for one in rules_of(who.seller_id)]})


@rules.post(
    "",
    response={201: ReturnRuleAnswer},
    operation_id="addReturnRule",
    openapi_extra=described(
        {
            *(_C.FORBIDDEN, _C.NOT_PARTICIPATING, _C.MISSING_VALUE, _C.INVALID_VALUE, _C.TOO_MANY),
            *(_C.RULE_TOO_WIDE, _C.CURRENCY_MISMATCH, _C.MONEY_PRECISION),
        }
    ),
)
def add(request: HttpRequest, payload: Body[NewReturnRule]) -> HttpResponse:
    """Begin a rule. A rule is never changed: end it, and begin another."""
    who = principal(request)
    who.demand(Permission.RETURN_SETTINGS)
    try:
        number = add_rule(who.actor(), _draft(payload), now=clock.now())
    except Refusal as refusal:
        named = {"place": camel_name(str(refusal.facts["place"]))} if "place" in refusal.facts else {}
        raise refuse(refusal.code, **{**refusal.facts, **named}) from refusal
    found = next(one for one in rules_of(who.seller_id) if one.id == number)
    return answer(_rule(found), status=201)


@rules.delete(
    "/{rule_id}",
    response=ReturnRulesAnswer,
    operation_id="endReturnRule",
    openapi_extra=described({_C.FORBIDDEN}),
)
def end(request: HttpRequest, rule_id: str) -> HttpResponse:
    """End a rule for orders placed from now on; it keeps holding for older ones. 404 when none of this number holds."""
    who = principal(request)
    who.demand(Permission.RETURN_SETTINGS)
    known = rule_id.isascii() and rule_id.isdigit() and len(rule_id) < 19
    if not known or not end_rule(who.actor(), int(rule_id), now=clock.now()):
        raise simple(404, "not_found", "There is no such rule that still holds.")
    return answer({"rules": [_rule(one) for one in rules_of(who.seller_id)]})


def _draft(said: NewReturnRule) -> RuleDraft:
    prices = {"price_from": said.price_from, "price_to": said.price_to}
    given = {name: money for name, money in prices.items() if money is not None}
    currency = next((money.currency_code for money in given.values()), "")
    minor = {}
    for name, money in given.items():
        place = camel_name(name)
        if money.currency_code != currency:
            facts = {"currency": money.currency_code, "expected": currency}
            raise refuse(Code.CURRENCY_MISMATCH, place=f"{place}.currencyCode", **facts)
        minor[name] = parse_amount(money.amount, currency, place=f"{place}.amount")
    return RuleDraft(
        Effect(said.effect),
        said.marketplace_id,
        said.sku,
        said.reason or "",
        minor.get("price_from"),
        minor.get("price_to"),
        currency,
        said.confirm_wide,
    )


def _setting(one: SettingView) -> dict[str, Any]:
    return {
        "marketplaceId": one.marketplace_id,
        "automatic": one.automatic.value,
        "address": {camel_name(name): value for name, value in one.address.items()},
        "instructions": one.instructions,
    }


def _rule(one: RuleView) -> dict[str, Any]:
    def price(minor: int | None) -> dict[str, str] | None:
        return None if minor is None else answers.money(minor, one.currency)

    return {
        "ruleId": one.id,
        "effect": one.effect.value,
        "marketplaceId": one.marketplace_id,
        "sku": one.sku,
        "reason": one.reason,
        "priceFrom": price(one.price_from),
        "priceTo": price(one.price_to),
        "activeFrom": utc(one.active_from),
        "activeUntil": one.active_until and utc(one.active_until),
    }
