"""What the confirm and the re-confirm form have in common on the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from sellerdesk.domain.facts import OrderFacts
from sellerdesk.interfaces.web import refusals
from sellerdesk.interfaces.web.formats import language, visible
from sellerdesk.interfaces.web.forms.shipment import PackageDraft, ShipmentDraft, carriers_for_choice
from sellerdesk.interfaces.web.forms.typed import FieldError
from sellerdesk.interfaces.web.order_access import origin, reader_of
from sellerdesk.interfaces.web.order_view import OrderView
from sellerdesk.interfaces.web.staff import DeskRequest
from sellerdesk.interfaces.web.timeline import Happening, happening
from sellerdesk.looks import when
from sellerdesk.queries.order_detail import OrderDetail

_NEWS = 10  # of a stale form: more changes than this are read on the order's own page


def form_context(
    request: DeskRequest,
    order: OrderDetail,
    facts: OrderFacts,
    draft: ShipmentDraft,
    errors: Sequence[FieldError],
) -> dict[str, Any]:
    """The context that both forms need, whatever they show besides."""
    desk = request.desk
    titles = {item.item_number: item for item in order.items}
    items = [
        {
            "number": item.item_number,
            "title": visible(titles[item.item_number].title)
            if item.item_number in titles
            else item.item_number,
            "sku": visible(titles[item.item_number].sku) if item.item_number in titles else "",
            "left": item.left,
        }
        for item in facts.items
    ]
    return {
        "view": OrderView(order, reader_of(request)),
        "order": order,
        "draft": draft,
        "items": items,
        "carriers": _carriers(facts),
        "problems": [(error.field, _label(error.field), _sentence(request, error)) for error in errors],
        "today": desk.now.astimezone(desk.zone).date().isoformat(),
        "placed_day": order.placed_at.astimezone(desk.zone).date().isoformat(),
        "origin": origin(request),
        "clock": when.iso(desk.now),
        "is_post": request.method == "POST",
        "can_confirm": any(item.left for item in facts.items),
    }


def package_errors(request: DeskRequest, errors: Sequence[FieldError], prefix: str) -> dict[str, str]:
    """What is wrong with one package, by field; what concerns its items as a whole stands under "contents"."""
    found = {
        error.field: _sentence(request, error) for error in errors if error.field.startswith(f"{prefix}-")
    }
    named = {field.partition("-")[2]: text for field, text in found.items()}
    # A template would take the name "items" for the method of the dictionary.
    return {"contents" if name == "items" else name: text for name, text in named.items()}


def package_lines(
    items: Sequence[dict[str, Any]], draft: PackageDraft, errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The items of one package on the form: what is typed, how many there are, what is wrong."""
    return [
        item | {"value": draft.quantity(item["number"]), "error": errors.get(f"qty-{item['number']}", "")}
        for item in items
        if item["left"] or draft.quantity(item["number"]) not in ("", "0")
    ]


def changes_since(request: DeskRequest, order: OrderDetail, seen: int) -> list[Happening]:
    """What happened to the order after the entry that was the newest when the form was shown."""
    fresh = [entry for entry in order.journal if entry.id > seen]
    return [happening(entry, order, reader_of(request)) for entry in reversed(fresh[-_NEWS:])]


def _sentence(request: DeskRequest, error: FieldError) -> str:
    return refusals.word(error.refusal, now=request.desk.now, zone=request.desk.zone)


def _label(field: str) -> str:
    """What a field of a package is called: "Package 2, Tracking ID"; "" for the form as a whole."""
    prefix, _sep, name = field.partition("-")
    if not name:
        return ""
    kind = "qty" if name.startswith("qty-") else name
    labels = {
        "ship_date": _("Ship date"),
        "carrier": _("Carrier"),
        "carrier_name": _("Carrier name"),
        "service": _("Shipping service"),
        "tracking": _("Tracking ID"),
        "memo": _("Seller memo"),
        "qty": _("Quantity"),
        "items": _("Items in the package"),
    }
    number = int(prefix[1:]) + 1 if prefix[1:].isdigit() else 1
    package = _("Package %(n)s") % {"n": number}
    return f"{package}, {labels.get(kind, kind)}"


def _carriers(facts: OrderFacts) -> list[tuple[str, list[tuple[str, str]]]]:
    """The select's groups, named in the reader's language; carriers of this order first."""
    territories = when.locale_of(language()).territories
    special = {"used": _("Used for this order"), "world": _("International"), "other": _("Not in the list")}
    groups = carriers_for_choice([package.carrier_code for package in facts.packages])
    return [(special.get(group) or str(territories.get(group, group)), choices) for group, choices in groups]
