"""Parcels in Orders 2026-01-01 (`OrderPackage`): the only read-back of confirmed shipments."""

from dataclasses import replace
from datetime import datetime

from sellerdesk.domain.orders import ItemDocument, PackageDocument
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.wire import times, wording
from sellerdesk.wire.fields import Json, located, mapping, needed, objects, text, whole, wrong

_STATUSES = ("PENDING", "IN_TRANSIT", "SHIPPED", "DELIVERED", "CANCELLED", "UNDELIVERABLE")
_TYPED = {
    "packageReferenceId", "createdTime", "packageStatus", "carrier", "shipTime", "shippingService",
    "shipFromAddress", "trackingNumber", "packageItems",
}  # fmt: skip
# Transparency codes by item number, kept under a name of our own: {"transparencyCodes": {item number: [code,
# …]}}.
_CODES = "transparencyCodes"
_OTHER = "Other"  # the carrier code whose name says which carrier it is


def decode_packages(raw: list[Json]) -> tuple[PackageDocument, ...]:
    """The parcels of an order. Raises Refusal naming the parcel; a reference may occur only once."""
    packages: list[PackageDocument] = []
    for i, said in enumerate(raw, 1):
        try:
            package = _decode(said)
            if any(package.reference == other.reference for other in packages):
                raise refuse(Code.DUPLICATE_REQUEST, place="packageReferenceId", value=package.reference)
        except Refusal as refusal:
            raise located(refusal, f"package {i}") from None
        packages.append(package)
    return tuple(packages)


def _decode(said: Json) -> PackageDocument:
    state = mapping(said, "packageStatus")
    status = text(state, "status") or "IN_TRANSIT"
    if status not in _STATUSES:
        raise wrong("packageStatus.status", status, ", ".join(_STATUSES))
    lines: dict[str, int] = {}
    codes: dict[str, list[str]] = {}
    for line in objects(said, "packageItems"):
        number = needed(line, "orderItemId")
        lines[number] = lines.get(number, 0) + _pieces(line)
        if _CODES in line:
            codes.setdefault(number, []).extend(line[_CODES])
    rest = {k: v for k, v in said.items() if k not in _TYPED} | ({_CODES: codes} if codes else {})
    package = PackageDocument(
        reference=needed(said, "packageReferenceId"),
        carrier_code=text(said, "carrier"),
        tracking=text(said, "trackingNumber"),
        lines=lines,
        service=text(said, "shippingService"),
        shipped_at=_moment(said, "shipTime"),
        created_at=_moment(said, "createdTime"),
        status=status,
        detailed_status=text(state, "detailedStatus"),
        published={"2026": rest},
        ship_from=mapping(said, "shipFromAddress"),
    )
    found = wording.differences(said, encode_package(package))
    return replace(package, published={"2026": {**rest, wording.KEY: found}}) if found else package


def _pieces(line: Json) -> int:
    if not (pieces := whole(line, "quantity")):
        raise wrong("quantity", pieces, "1 or more")
    return pieces


def check_contents(packages: tuple[PackageDocument, ...], items: tuple[ItemDocument, ...]) -> None:
    """Raises Refusal INVALID_VALUE when parcels hold what the order has not, or more of it than was shipped."""
    left = {item.item_number: item.shipped for item in items}
    for i, package in enumerate(packages, 1):
        for number, quantity in package.lines.items() if package.status != "CANCELLED" else ():
            if quantity > left.get(number, 0):
                expected = f"at most the {left.get(number, 0)} shipped units of item {number}"
                raise wrong(f"package {i}: packageItems", quantity, expected)
            left[number] -= quantity


def _moment(said: Json, key: str) -> datetime | None:
    return times.parse(said[key], place=key) if said.get(key) else None


def encode_package(package: PackageDocument) -> Json:
    """The members of an `OrderPackage`."""
    rest = package.published.get("2026", {})
    out: Json = {"packageReferenceId": package.reference}
    if package.created_at is not None:
        out["createdTime"] = times.render(package.created_at)
    out["packageStatus"] = {"status": package.status}
    if package.detailed_status:
        out["packageStatus"]["detailedStatus"] = package.detailed_status
    carrier = package.carrier_name if package.carrier_code == _OTHER else package.carrier_code
    if carrier := carrier or package.carrier_name or package.carrier_code:
        out["carrier"] = carrier
    if package.shipped_at is not None:
        out["shipTime"] = times.render(package.shipped_at)
    if package.service:
        out["shippingService"] = package.service
    if package.tracking:
        out["trackingNumber"] = package.tracking
    if package.ship_from:
        out["shipFromAddress"] = package.ship_from
    # Codes confirmed here stand in a field of their own; those of an import lie in the remainder.
    codes = rest.get(_CODES, {}) | {item: list(some) for item, some in package.transparency_codes.items()}
    out["packageItems"] = [
        {"orderItemId": number, "quantity": quantity, **({_CODES: codes[number]} if number in codes else {})}
        for number, quantity in package.lines.items()
    ]
    out.update((k, v) for k, v in rest.items() if k != _CODES and k not in wording.INNER)
    return wording.reword(out, rest.get(wording.KEY, []))
