"""Pages for people who meet an error: nothing here, a form that came too late, and a fault of ours.

They ask the database nothing, so that they can be shown when it is away or a session is broken.
"""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

_HTML_LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (Django's signature)
    """404 for every address that leads nowhere."""
    return _page(request, "404.html", 404)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django's signature)
    """403 for a form whose token is missing or old."""
    return _page(request, "403_csrf.html", 403)


def fault(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (Django's signature)
    """500, in all languages at once: choosing one could fail again."""
    return HttpResponse(render_to_string("500.html"), status=500)


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    # Outside people's paths nobody has chosen a language for this request yet.
    language = translation.get_language_from_request(request)
    context = {
        "html_language": _HTML_LANGUAGES.get(language, language),
        "is_buyer": request.path_info.startswith("/account/"),
    }
    with translation.override(language):
        return HttpResponse(render_to_string(template, context), status=status)
