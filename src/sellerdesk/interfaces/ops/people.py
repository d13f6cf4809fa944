"""The part of the middleware that only people need."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from sellerdesk.commands.admission import begin_unseen

Handler = Callable[[HttpRequest], HttpResponseBase]


class PeopleOnly:
    """Runs PEOPLE_MIDDLEWARE for people's pages and passes programs straight through.

    A session, a user, a language and a form token cost programs several milliseconds and database queries a request,
    and none of it means anything to them. A page outside PEOPLE_PATHS has no `request.user`, so forgetting to list
    it makes it fail, not open.
    """

    def __init__(self, get_response: Handler) -> None:
        self.programs = get_response
        self.people = get_response
        self.layers: list[Any] = []
        for name in reversed(settings.PEOPLE_MIDDLEWARE):
            layer = import_string(name)(self.people)
            self.layers.insert(0, layer)
            self.people = layer
        base = urlsplit(settings.BASE_URL)
        self.host = base.netloc

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Take the way that the path belongs to."""
        if not for_people(request.path_info):
            return self.programs(request)
        begin_unseen()
        return self.people(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Ask each layer, outermost first, as Django would; the form token is checked here."""
        if for_people(request.path_info):
            for layer in self.layers:
                hook = getattr(layer, "process_view", None)
                answer = hook(request, view, args, kwargs) if hook else None
                if answer is not None:
                    return answer  # type: ignore[no-any-return]
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Ask each layer, innermost first, as Django would."""
        if for_people(request.path_info):
            for layer in reversed(self.layers):
                hook = getattr(layer, "process_exception", None)
                answer = hook(request, exception) if hook else None
                if answer is not None:
                    return answer  # type: ignore[no-any-return]
        return None


def for_people(path: str) -> bool:
    """Whether a path leads to pages for people rather than to an interface for programs."""
    return path == "/" or path.startswith(settings.PEOPLE_PATHS)
