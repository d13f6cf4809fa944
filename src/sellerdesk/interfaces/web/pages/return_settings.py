"""The settings of returns: which requests are authorised by themselves, where returns go, and rules (screens 1.10)."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sellerdesk.commands.return_settings import add_rule, end_rule, save_setting
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.money import Money
from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.web import return_setting_words as words
from sellerdesk.interfaces.web import return_words
from sellerdesk.interfaces.web.forms.return_settings import RuleForm, SettingForm, price_range
from sellerdesk.interfaces.web.refusals import word
from sellerdesk.interfaces.web.return_access import kept
from sellerdesk.interfaces.web.staff import Desk, DeskRequest, staff
from sellerdesk.looks.when import moment
from sellerdesk.queries.return_settings import RuleView, keep_limit, rules_of, settings_of


@dataclass(frozen=True, slots=True)
class Row:
    """A rule in words."""

    id: int
    effect: str
    place: str
    conditions: tuple[str, ...]
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.RETURN_SETTINGS)
def return_settings(request: DeskRequest) -> HttpResponseBase:
    """Show what holds for `?marketplace=`, or the first one; save it, begin a rule, or end one."""
    desk = request.desk
    settings = settings_of(desk.seller.seller_id)
    chosen = request.GET.get("marketplace", "") or (settings[0].marketplace_id if settings else "")
    held = next((one for one in settings if one.marketplace_id == chosen), None)
    if held is None:
        raise Http404
    setting, rule = SettingForm.of(held), RuleForm()
    if request.method == "POST":
        match request.POST.get("do"):
            case "end":
                return _ended(request, chosen)
            case "add":
                rule = RuleForm(request.POST)
                saved = rule.is_valid() and _added(request, rule, chosen)
            case _:
                setting = SettingForm(request.POST)
                saved = setting.is_valid() and _saved(request, setting, chosen)
        if saved:
            return redirect(_url(chosen))
    return _page(request, chosen, setting, rule)


def _saved(request: DeskRequest, form: SettingForm, chosen: str) -> bool:
    try:
        save_setting(request.desk.actor, form.draft(chosen), now=request.desk.now)
    except Refusal as refusal:
        _say(request.desk, form, refusal)
        return False
    messages.success(request, _("Your settings are saved."))
    return True


def _added(request: DeskRequest, form: RuleForm, chosen: str) -> bool:
    desk = request.desk
    try:
        draft = form.draft(chosen)
        add_rule(desk.actor, draft, now=desk.now)
    except Refusal as refusal:
        _say(request.desk, form, refusal)
        return False
    messages.success(request, _("The rule holds for orders that are placed from now on."))
    return True


def _ended(request: DeskRequest, chosen: str) -> HttpResponseBase:
    number = request.POST.get("rule", "")
    known = number.isascii() and number.isdigit() and len(number) < 19
    if not known or not end_rule(request.desk.actor, int(number), now=request.desk.now):
        raise Http404
    messages.success(request, _("The rule has ended. Orders that were placed before keep it."))
    return redirect(_url(chosen))


def _say(desk: Desk, form: forms.Form, refusal: Refusal) -> None:
    place = str(refusal.facts.get("place", "")).removeprefix("address.").replace("confirm_wide", "sure")
    form.add_error(place if place in form.fields else None, word(refusal, now=desk.now, zone=desk.zone))


def _page(request: DeskRequest, chosen: str, setting: SettingForm, rule: RuleForm) -> HttpResponse:
    desk = request.desk
    rules = [_row(one, desk) for one in rules_of(desk.seller.seller_id)]
    tabs = [Tab(by_id(one).name, _url(one), one == chosen) for one in desk.around.marketplaces]
    context = {
        "setting": setting,
        "rule": rule,
        "rules": rules,
        "tabs": tabs,
        "place": by_id(chosen).name,
        "currency": by_id(chosen).currency,
        "problems": [*_problems(setting), *_problems(rule)],
        "keep": Money(by_id(chosen).currency, keep_limit(chosen, desk.now)).text(),
        "no_address": not setting.is_bound and not setting.initial.get("line1"),
    }
    wrong = setting.errors or rule.errors
    page = render(request, "web/return_settings.html", context, status=422 if wrong else 200)
    return kept(page) if wrong else page


def _problems(form: forms.Form) -> list[tuple[str, str, str]]:
    """What is wrong with a form: the field's id, its label and why; both "" where no field is to blame."""
    found = []
    for name, errors in form.errors.items():
        field = form[name] if name in form.fields else None
        where = (field.id_for_label, str(field.label)) if field else ("", "")
        found += [(*where, str(error)) for error in errors]
    return found


def _row(one: RuleView, desk: Desk) -> Row:
    reasons = {reason.value: label for reason, label in return_words.REASONS.items()}
    conditions = (one.sku, str(reasons.get(one.reason, one.reason)))
    prices = price_range(one.price_from, one.price_to, one.currency)
    return Row(
        one.id,
        str(words.EFFECTS[one.effect]),
        by_id(one.marketplace_id).name if one.marketplace_id else _("All marketplaces"),
        tuple(text for text in (*conditions, prices) if text),
        moment(one.active_from, desk.zone, desk.now, desk.language),
        moment(one.active_until, desk.zone, desk.now, desk.language) if one.active_until else "",
    )


def _url(place: str) -> str:
    return f"{reverse('desk:return_settings')}?marketplace={place}"


urls: list[URLPattern] = [path("returns/settings/", return_settings, name="return_settings")]
