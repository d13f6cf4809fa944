"""What every page of the portal shows around its content."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language

from sellerdesk.queries.portal_access import Buyer

_HTML_LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


@dataclass(frozen=True, slots=True)
class Frame:
    """`here`: the page to come back to after switching the language; `demo`: say where codes can be read."""

    language: str
    html_language: str
    languages: tuple[tuple[str, str], ...]
    icons: str
    here: str
    buyer: Buyer | None
    demo: bool


def frame_of(request: HttpRequest) -> Frame:
    """The frame of a request."""
    language = get_language() or "en"
    looks = request.method in ("GET", "HEAD")
    return Frame(
        language=language,
        html_language=_HTML_LANGUAGES.get(language, language),
        languages=tuple((code, str(name)) for code, name in settings.LANGUAGES),
        icons=static("looks/icons.svg"),
        here=request.get_full_path() if looks else request.path,
        buyer=getattr(request, "buyer", None),
        demo=settings.DEMO and settings.ENVIRONMENT.smtp is None,
    )


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the portal."""
    return render(request, f"portal/{template}.html", {"portal": frame_of(request)} | context, status=status)


def missing(request: HttpRequest) -> HttpResponse:
    """The answer for everything that is not the buyer's, whether it exists or not."""
    return page(request, "missing", {}, status=404)
