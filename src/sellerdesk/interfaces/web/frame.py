"""What every page of the console shows around its content; the context processor that brings it."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.actors import Permission, Role
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.interfaces.web.staff import Desk, desk_of, person_name
from sellerdesk.queries.navigation import WAITING_MOST
from sellerdesk.queries.notifications import MOST_COUNTED

HTML_LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
ROLES = {
    Role.OWNER: lazy("Owner"),
    Role.MANAGER: lazy("Manager"),
    Role.SHIPPER: lazy("Shipper"),
    Role.SUPPORT: lazy("Support"),
    Role.FINANCE: lazy("Finance"),
    Role.READONLY: lazy("Read-only"),
    Role.INTEGRATOR: lazy("Integrator"),
}

# What the numbers in the navigation count.
COUNTED = {
    "desk:returns": lazy("returns whose next step is yours: answer, inspect or refund"),
    "desk:refunds": lazy("refunds that wait for a second person"),
    "desk:messages": lazy("conversations that wait for your answer"),
    "desk:claims": lazy("claims that wait for your answer"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the navigation."""

    label: str
    url: str
    icon: str
    current: bool
    count: str = ""  # how many things wait there
    counted: str = ""  # what they are


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One marketplace of the store switcher."""

    label: str
    url: str
    current: bool


class Frame:
    """Lazily computed: a page that shows no frame pays nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        user: Any = getattr(request, "user", None)
        self.user = user if user is not None and user.is_authenticated else None
        self.desk: Desk | None = getattr(request, "desk", None) or (desk_of(request) if self.user else None)
        self.language = get_language() or "en"
        self.html_language = HTML_LANGUAGES.get(self.language, self.language)
        self.languages = settings.LANGUAGES
        self.language_name = dict(settings.LANGUAGES).get(self.language, self.language)
        self.icons = static("looks/icons.svg")
        self.here = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
        self.asked = request.GET.get("q", "") if request.path.endswith("/search/") else ""

    @property
    def person(self) -> str:
        """The name of who is signed in, or ""."""
        return person_name(self.user) if self.user else ""

    @property
    def email(self) -> str:
        return self.user.email if self.user else ""

    @property
    def role(self) -> str:
        return str(ROLES[self.desk.seller.role]) if self.desk else ""

    @property
    def shortcuts(self) -> str:
        """What the script reads: "on" or "off"."""
        return "on" if self.user and self.user.shortcuts_on else "off"

    @property
    def place(self) -> str:
        """The marketplace that the page is narrowed to, as people call it, or ""."""
        chosen = self.request.GET.get("marketplace", "")
        if not self.desk or chosen not in self.desk.around.marketplaces:
            return ""
        return by_id(chosen).name

    @property
    def all_places(self) -> str:
        return self._narrowed("")

    @property
    def places(self) -> list[Place]:
        """The seller's marketplaces, each leading to the order list narrowed to it."""
        chosen = self.request.GET.get("marketplace", "")
        return [
            Place(f"{by_id(one).name} ({by_id(one).label})", self._narrowed(one), one == chosen)
            for one in (self.desk.around.marketplaces if self.desk else ())
        ]

    @property
    def navigation(self) -> list[Group]:
        """Only what exists in this installation and what the person may open."""
        found = [
            ("", self._work()),
            (_("Marketplace"), self._marketplace()),
            (_("Settings"), self._settings()),
        ]
        entries = [one for _title, some in found for one in some if one]
        here = max((one.url for one in entries if self.request.path.startswith(one.url)), key=len, default="")
        groups = [
            Group(title, tuple(replace(one, current=one.url == here) for one in some if one))
            for title, some in found
        ]
        return [group for group in groups if group.entries]

    def _work(self) -> list[Entry | None]:
        """The seller's daily pages, with how much waits on each of them."""
        desk = self.desk
        if desk is None:
            return []
        around = desk.around
        drafts = around.approvals if desk.may(Permission.REFUNDS_APPROVE) else 0
        pages = (
            (Permission.ORDERS_READ, "desk:orders", _("Manage orders"), "package", 0),
            (Permission.ORDERS_READ, "desk:returns", _("Returns"), "undo-2", around.returns),
            (Permission.REFUNDS_MAKE, "desk:refunds", _("Refunds"), "banknote", drafts),
            (Permission.MESSAGES_READ, "desk:messages", _("Messages"), "mail", around.waiting),
            (Permission.ORDERS_READ, "desk:claims", _("A-to-z claims"), "triangle-alert", around.claims),
            (Permission.ORDERS_READ, "desk:health", _("Account health"), "activity", 0),
            (Permission.MONEY_READ, "desk:payments", _("Payments"), "banknote", 0),
        )
        return [
            self._entry(name, label, icon, count=_counted(waiting, WAITING_MOST))
            for needed, name, label, icon, waiting in pages
            if desk.may(needed)
        ]

    def _marketplace(self) -> list[Entry | None]:
        if not self.user or not self.user.is_operator:
            return []
        return [
            self._entry("operator:home", _("Overview"), "shield"),
            self._entry("operator:claims", _("A-to-z claims"), "triangle-alert"),
            self._entry("mailbox", _("Mailbox"), "mail"),
            self._entry("operator:payment_breaks", _("Payments"), "banknote"),
        ]

    def _settings(self) -> list[Entry | None]:
        profile = self._entry("desk:profile", _("Profile settings"), "settings")
        desk = self.desk
        if desk is None:
            return [profile]
        pages = (
            (Permission.RETURN_SETTINGS, "desk:return_settings", _("Return settings"), "package"),
            (Permission.WEBHOOKS_MANAGE, "desk:webhooks", _("Webhooks"), "webhook"),
            (Permission.WEBHOOKS_MANAGE, "desk:channels", _("Chat alerts"), "mail"),
        )
        views = self._entry("desk:views", _("Saved views"), "bookmark")
        notices = self._entry("desk:notice_settings", _("Notification settings"), "bell")
        rest = [self._entry(name, label, icon) for needed, name, label, icon in pages if desk.may(needed)]
        return [views if desk.may(Permission.ORDERS_READ) else None, profile, notices, *rest]

    @property
    def unread(self) -> str:
        """How much news the person has not read, in digits; "" when there is none."""
        if self.desk is None or not self.desk.may(Permission.ORDERS_READ):
            return ""
        return _counted(self.desk.around.unread, MOST_COUNTED)

    def _entry(self, name: str, label: str, icon: str, *, count: str = "") -> Entry | None:
        try:
            url = reverse(name)
        except NoReverseMatch:
            return None
        return Entry(label, url, icon, self.request.path.startswith(url), count, str(COUNTED.get(name, "")))

    def _narrowed(self, marketplace_id: str) -> str:
        """The order list as it stands, narrowed to a marketplace."""
        url = reverse("desk:orders")
        query = self.request.GET.urlencode() if self.request.path == url else ""
        kept = [
            (name, value)
            for name, value in parse_qsl(query)
            if name not in ("marketplace", "after", "before")
        ]
        if marketplace_id:
            kept.append(("marketplace", marketplace_id))
        return f"{url}?{urlencode(kept)}" if kept else url


def _counted(number: int, most: int) -> str:
    """A number in digits, "" for none; it was counted no further than `most`."""
    return f"{most - 1}+" if number >= most else str(number or "")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` in every template of people's pages."""
    return {"frame": SimpleLazyObject(lambda: Frame(request))}
