"""The seller's own templates for messages, beside those that ship with the product (screens 1.11)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.message_templates import TemplateDraft, delete_template, save_template
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.message_lint import LintContext, lint
from sellerdesk.domain.message_reasons import RULES, ContactReason
from sellerdesk.domain.message_templates import (
    BUILT_IN,
    LANGUAGES,
    NAME_MAX,
    TEXT_MAX,
    VARIABLES,
    language_of,
)
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.web import message_words
from sellerdesk.interfaces.web.refusals import word
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.messages import TemplateView, own_templates


def _reasons() -> Iterable[tuple[str, Any]]:
    return [(one.value, message_words.REASONS[one]) for one in ContactReason if RULES[one].text_max]


class TemplateForm(forms.Form):
    """A template's name, language, occasion and text."""

    name = forms.CharField(label=lazy("Name"), max_length=NAME_MAX)
    language = forms.ChoiceField(
        label=lazy("Language"), choices=[(one, message_words.LANGUAGE_NAMES[one]) for one in LANGUAGES]
    )
    reason = forms.ChoiceField(label=lazy("Reason for writing"), choices=_reasons)
    text = forms.CharField(
        label=lazy("Text"), max_length=TEXT_MAX, widget=forms.Textarea(attrs={"rows": 10}), strip=True
    )


@require_safe
@staff(Permission.MESSAGES_READ)
def templates(request: DeskRequest) -> HttpResponseBase:
    """Own templates, and the built-in ones to read and copy."""
    own = own_templates(request.desk.seller.seller_id)
    tag = language_of(request.desk.language)
    context = {
        "own": [
            (one, message_words.REASONS[one.reason], message_words.LANGUAGE_NAMES[one.language])
            for one in own
        ],
        "built_in": [
            (one.key, message_words.BUILT_IN[one.key], message_words.REASONS[one.reason], one.texts[tag])
            for one in BUILT_IN
        ],
        "may_send": request.desk.may(Permission.MESSAGES_SEND),
    }
    return render(request, "web/messages/templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.MESSAGES_SEND)
def new_template(request: DeskRequest) -> HttpResponseBase:
    """Make one, from nothing or, with `?copy=`, from a built-in one."""
    tag = language_of(request.desk.language)
    model = next((one for one in BUILT_IN if one.key == request.GET.get("copy")), None)
    initial: dict[str, Any] = {"language": tag}
    if model:
        initial |= {
            "name": message_words.BUILT_IN[model.key],
            "reason": model.reason.value,
            "text": model.texts[tag],
        }
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, form) is not None:
        return redirect("desk:templates")
    return _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.MESSAGES_SEND)
def edit_template(request: DeskRequest, template_id: int) -> HttpResponseBase:
    """Change or delete one."""
    found = own_templates(request.desk.seller.seller_id)
    known = next((one for one in found if one.id == template_id), None)
    if known is None:
        raise Http404
    if request.method == "POST" and "delete" in request.POST:
        delete_template(request.desk.actor, template_id)
        messages.success(request, _("The template “{name}” is deleted.").format(name=known.name))
        return redirect("desk:templates")
    initial = {"name": known.name, "language": known.language, "reason": known.reason, "text": known.text}
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, form, template_id) is not None:
        return redirect("desk:templates")
    return _form_page(request, form, known)


def _save(request: DeskRequest, form: TemplateForm, template_id: int | None = None) -> int | None:
    said = form.cleaned_data
    draft = TemplateDraft(said["name"], said["language"], ContactReason(said["reason"]), said["text"])
    desk = request.desk
    if findings := lint(draft.text, LintContext(draft.reason)):
        for why in dict.fromkeys(message_words.FINDINGS[one.code] for one in findings):
            form.add_error("text", str(why))
        return None
    try:
        return save_template(desk.actor, draft, template_id=template_id, now=desk.now)
    except Refusal as refusal:
        if refusal.code is Code.DUPLICATE_REQUEST:
            form.add_error("name", _("There is a template of this name in this language already."))
        else:
            place = refusal.facts.get("place", "")
            said_so = word(refusal, now=desk.now, zone=desk.zone)
            form.add_error(place if place in form.fields else None, said_so)
        return None


def _form_page(request: DeskRequest, form: TemplateForm, known: TemplateView | None = None) -> HttpResponse:
    variables = [(f"{{{name}}}", message_words.VARIABLES[name]) for name in VARIABLES]
    context = {"form": form, "known": known, "variables": variables}
    return render(request, "web/messages/template_form.html", context, status=422 if form.errors else 200)


urls: list[URLPattern] = [
    path("messages/templates/", templates, name="templates"),
    path("messages/templates/new/", new_template, name="new_template"),
    path("messages/templates/<int:template_id>/", edit_template, name="edit_template"),
]
