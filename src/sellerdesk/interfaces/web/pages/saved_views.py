"""Saved views of the order list: save what is shown, rename, share, delete."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.saved_views import NAME_LENGTH, QUERY_LENGTH, change_view, delete_view, save_view
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.web.order_filter import from_text, to_url
from sellerdesk.interfaces.web.refusals import word
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.navigation import ORDERS_PAGE
from sellerdesk.queries.saved_views import saved_view


class ViewForm(forms.Form):
    """A view's name and who sees it."""

    name = forms.CharField(label=lazy("Name of the view"), max_length=NAME_LENGTH)
    shared = forms.BooleanField(
        label=lazy("Share with the team"),
        required=False,
        help_text=lazy("Everybody who works for this seller sees it as a tab."),
    )


@require_safe
@staff()
def views(request: DeskRequest) -> HttpResponseBase:
    """All views that the person sees."""
    may_share = request.desk.may(Permission.VIEWS_SHARE)
    found = [(view, to_url(view.query), may_share or not view.shared) for view in request.desk.around.views]
    return render(request, "web/views.html", {"views": found})


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def new_view(request: DeskRequest) -> HttpResponseBase:
    """Save the list that `?from=` describes."""
    desk = request.desk
    asked = from_text(request.POST.get("from", request.GET.get("from", "")), desk)
    form = _form(request)
    if len(asked.lasting) > QUERY_LENGTH:
        messages.error(request, _("This list is too long to be saved as a view."))
        return redirect(to_url(asked.lasting))
    if request.method == "POST" and form.is_valid():
        try:
            save_view(
                desk.actor,
                desk.user_id,
                (ORDERS_PAGE, form.cleaned_data["name"], asked.lasting),
                shared=form.cleaned_data.get("shared", False),
                now=desk.now,
            )
        except Refusal as refusal:
            form.add_error("name", word(refusal, now=desk.now, zone=desk.zone))
        else:
            return redirect(to_url(asked.lasting))
    context = {"form": form, "from": asked.lasting, "back": to_url(asked.lasting)}
    return render(request, "web/view_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def edit_view(request: DeskRequest, view_id: int) -> HttpResponseBase:
    """Rename, share or delete a view."""
    desk = request.desk
    view = saved_view(desk.seller.seller_id, desk.user_id, view_id)
    if view is None or (view.shared and not desk.may(Permission.VIEWS_SHARE)):
        raise Http404
    if request.method == "POST" and "delete" in request.POST:
        delete_view(desk.actor, desk.user_id, view_id)
        messages.success(request, _("The view “{name}” is deleted.").format(name=view.name))
        return redirect("desk:views")
    form = _form(request, {"name": view.name, "shared": view.shared})
    if request.method == "POST" and form.is_valid():
        try:
            change_view(
                desk.actor,
                desk.user_id,
                view_id,
                name=form.cleaned_data["name"],
                shared=form.cleaned_data.get("shared", False),
            )
        except Refusal as refusal:
            form.add_error("name", word(refusal, now=desk.now, zone=desk.zone))
        else:
            return redirect("desk:views")
    context = {"form": form, "view": view, "back": to_url(view.query)}
    return render(request, "web/view_form.html", context, status=422 if form.errors else 200)


def _form(request: DeskRequest, initial: dict[str, object] | None = None) -> ViewForm:
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial)
    if not request.desk.may(Permission.VIEWS_SHARE):
        del form.fields["shared"]
    return form


urls: list[URLPattern] = [
    path("views/", views, name="views"),
    path("views/new/", new_view, name="new_view"),
    path("views/<int:view_id>/", edit_view, name="edit_view"),
]
