"""What a buyer wants: fewer messages, another language (C18)."""

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from sellerdesk.commands.messages import set_opt_out
from sellerdesk.interfaces.portal.frame import page
from sellerdesk.interfaces.portal.gate import BuyerRequest, buyers
from sellerdesk.queries.portal_messages import has_opted_out


@require_http_methods(["GET", "HEAD", "POST"])
@buyers
def preferences(request: BuyerRequest) -> HttpResponseBase:
    """Show what was chosen, or keep it."""
    if request.method == "POST":
        set_opt_out(request.buyer.address, request.POST.get("only_critical") == "on", now=request.now)
        return redirect(f"{reverse('portal:settings')}?done=saved")
    chosen = has_opted_out(request.buyer.address)
    return page(request, "settings", {"only_critical": chosen, "saved": request.GET.get("done") == "saved"})


urls: list[URLPattern] = [path("settings/", preferences, name="settings")]
