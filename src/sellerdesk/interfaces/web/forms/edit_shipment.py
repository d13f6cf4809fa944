"""The re-confirm form: what a package says now, as typed, and the changes that it asks for (S4-15, C9)."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sellerdesk.domain.facts import OrderFacts, PackageFacts
from sellerdesk.domain.shipments import EditRequest
from sellerdesk.interfaces.web.forms.shipment import PackageDraft, PackageReader, ShipmentDraft
from sellerdesk.interfaces.web.forms.typed import FieldError


class EditReading(NamedTuple):
    """An edit that was understood as far as possible. `request` is None while a field cannot be."""

    request: EditRequest | None
    errors: tuple[FieldError, ...]


def draft_of(facts: OrderFacts, package: PackageFacts, *, seen: int, zone: ZoneInfo) -> ShipmentDraft:
    """The form as the package stands."""
    day = package.shipped_at.astimezone(zone).date().isoformat() if package.shipped_at else ""
    quantities = {
        item.item_number: str(package.lines.get(item.item_number, 0))
        for item in facts.items
        if item.item_number in package.lines or item.left
    }
    draft = PackageDraft(
        ship_date=day,
        carrier=package.carrier_code,
        carrier_name=package.carrier_name,
        service=package.service,
        tracking=package.tracking,
        untracked=not package.tracking,
        memo=package.memo,
        quantities=quantities,
    )
    return ShipmentDraft(str(facts.version), str(seen), (draft,))


def understand_edit(
    draft: ShipmentDraft, facts: OrderFacts, package: PackageFacts, *, zone: ZoneInfo, now: datetime
) -> EditReading:
    """Turn what was typed into an edit request. A day that was not changed keeps its hour."""
    was = draft_of(facts, package, seen=0, zone=zone).packages[0]
    typed = draft.packages[0]
    given = typed if typed.ship_date.strip() else replace(typed, ship_date=was.ship_date)
    same_day = given.ship_date == was.ship_date
    reader = PackageReader(
        given, "p0", facts, zone, now, kept_carrier=package.carrier_code, kept_date=same_day
    )
    said = reader.request()
    if reader.errors:
        return EditReading(None, tuple(reader.errors))
    version = int(draft.version) if draft.version.isascii() and draft.version.isdigit() else 0
    request = EditRequest(
        facts.order_number,
        package.reference,
        carrier_code=said.carrier_code,
        # A carrier of the list has its own name; one that was imported with a name keeps it.
        carrier_name=package.carrier_name
        if said.carrier_code == package.carrier_code != "Other"
        else said.carrier_name,
        service=said.service,
        tracking=said.tracking,
        shipped_at=None if same_day else said.shipped_at,
        memo=said.memo,
        lines=said.lines,
        version=version,
        place="p0",
    )
    return EditReading(request, ())
