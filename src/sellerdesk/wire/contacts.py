"""Buyers and addresses in both Orders APIs. All of it is personal data (design 2.13)."""

from dataclasses import replace
from typing import Any

from sellerdesk.domain.orders import Address, Buyer
from sellerdesk.wire import recase, wording
from sellerdesk.wire.fields import Json, mapping, prune, text

_BUYER_V0 = (("BuyerEmail", "email"), ("BuyerName", "name"), ("PurchaseOrderNumber", "purchase_order"))
_BUYER_2026 = (
    ("buyerName", "name"),
    ("buyerEmail", "email"),
    ("buyerCompanyName", "company"),
    ("buyerPurchaseOrderNumber", "purchase_order"),
)
_ADDRESS_V0 = (
    ("Name", "name"),
    ("CompanyName", "company"),
    ("AddressLine1", "line1"),
    ("AddressLine2", "line2"),
    ("AddressLine3", "line3"),
    ("City", "city"),
    ("County", "county"),
    ("District", "district"),
    ("StateOrRegion", "state"),
    ("Municipality", "municipality"),
    ("PostalCode", "postal_code"),
    ("CountryCode", "country"),
    ("Phone", "phone"),
)
_ADDRESS_2026 = (
    ("name", "name"),
    ("companyName", "company"),
    ("addressLine1", "line1"),
    ("addressLine2", "line2"),
    ("addressLine3", "line3"),
    ("city", "city"),
    ("districtOrCounty", "county"),
    ("stateOrRegion", "state"),
    ("municipality", "municipality"),
    ("postalCode", "postal_code"),
    ("countryCode", "country"),
    ("phone", "phone"),
)
_KINDS_V0 = ("Residential", "Commercial")  # v0 has no word for a pick-up point
_PICKUP = "PickupPoint"
# Personal members that v0 publishes beside the address and the buyer, not inside them.
PREFERENCES, COMPANY, TAX = "DeliveryPreferences", "BuyerCompanyName", "BuyerTaxInformation"


def _rest(published: Json, own: str, other: str, translate: Any) -> Json:
    """A protocol's own remainder, or else what can be said of the other's in its words."""
    if own in published:
        return dict(published[own])
    return dict(translate(published[other])) if other in published else {}


def _kept(published: Json, protocol: str) -> list[Json]:
    kept: list[Json] = published.get(protocol, {}).get(wording.KEY, [])
    return kept


def _remember(published: Json, protocol: str, said: Json, ours: Json) -> Json:
    found = wording.differences(said, ours)
    rest = published[protocol]
    return {protocol: {**rest, wording.KEY: found} if found else rest}


# -- buyers ----------------------------------------------------------------------------------------


def decode_buyer_v0(info: Json, *, company: str = "", tax: Json | None = None) -> Buyer:
    """A buyer from `BuyerInfo`, and from the `BuyerCompanyName` and `BuyerTaxInformation` beside it."""
    names = {ours: text(info, key) for key, ours in _BUYER_V0}
    # As it is kept and searched; its own spelling stays in the remainder.
    names["email"] = names["email"].lower()
    rest = {k: v for k, v in info.items() if k not in dict(_BUYER_V0)}
    if tax:
        rest[TAX] = tax
    buyer = Buyer(company=company, published={"v0": rest}, **names)
    return replace(buyer, published=_remember(buyer.published, "v0", info, buyer_v0(buyer)))


def buyer_v0(buyer: Buyer) -> Json:
    """The members of `BuyerInfo`."""
    out: Json = {key: getattr(buyer, ours) for key, ours in _BUYER_V0 if getattr(buyer, ours)}
    rest = _rest(buyer.published, "v0", "2026", _buyer_rest_v0)
    out.update((k, v) for k, v in rest.items() if k != TAX and k not in wording.INNER)
    return wording.reword(out, _kept(buyer.published, "v0"))


def buyer_tax_v0(buyer: Buyer) -> Json:
    """The members of `BuyerTaxInformation`; {} when there are none."""
    return mapping(_rest(buyer.published, "v0", "2026", _buyer_rest_v0), TAX)


def decode_buyer_2026(said: Json, registrations: list[Any]) -> Buyer:
    """A buyer from `buyer` and from the buyer's own tax registrations.

    `registrations` are pairs of a position in the order's list and a registration.
    """
    names = {ours: text(said, key) for key, ours in _BUYER_2026}
    names["email"] = names["email"].lower()
    rest = {k: v for k, v in said.items() if k not in dict(_BUYER_2026)}
    if registrations:
        rest["taxRegistrations"] = registrations
    buyer = Buyer(published={"2026": rest}, **names)
    return replace(buyer, published=_remember(buyer.published, "2026", said, buyer_2026(buyer)))


def buyer_2026(buyer: Buyer) -> Json:
    """The members of `buyer`."""
    out: Json = {key: getattr(buyer, ours) for key, ours in _BUYER_2026 if getattr(buyer, ours)}
    hidden = {"taxRegistrations"} | wording.INNER
    out.update((k, v) for k, v in buyer.published.get("2026", {}).items() if k not in hidden)
    return wording.reword(out, _kept(buyer.published, "2026"))


def registrations_2026(buyer: Buyer) -> list[Any]:
    """The buyer's tax registrations as pairs of a position in the order's list and a registration."""
    rest = _rest(buyer.published, "2026", "v0", _buyer_rest_2026)
    found: list[Any] = rest.get("taxRegistrations", [])
    return found


def _buyer_rest_2026(rest: Json) -> Json:
    found: list[Json] = []
    info, tax = mapping(rest, "BuyerTaxInfo"), mapping(rest, TAX)
    for entry in info.get("TaxClassifications", []):
        named = {"legalName": info["CompanyLegalName"]} if info.get("CompanyLegalName") else {}
        kind = {"taxRegistrationType": entry.get("Name", ""), "taxRegistrationNumber": entry.get("Value", "")}
        found.append({"entityType": "BUYER", **named, **kind})
    if tax:
        found.append(_registration(tax))
    return {"taxRegistrations": list(enumerate(found))} if found else {}


def _registration(tax: Json) -> Json:
    out = {"entityType": "BUYER", "taxRegistrationType": "BUSINESS"}
    for old, new in (
        ("BuyerLegalCompanyName", "legalName"),
        ("BuyerTaxRegistrationId", "taxRegistrationNumber"),
    ):
        if old in tax:
            out[new] = tax[old]
    more: Json = {}
    if "BuyerBusinessAddress" in tax:
        more["taxRegistrationAddress"] = {"addressLine1": tax["BuyerBusinessAddress"]}
    if "BuyerTaxOffice" in tax:
        more["taxRegistrationAttributes"] = [{"key": "TAX_OFFICE", "value": tax["BuyerTaxOffice"]}]
    return {**out, **more}


def _buyer_rest_v0(rest: Json) -> Json:
    out: Json = {}
    for _, entry in rest.get("taxRegistrations", []):
        if entry.get("taxRegistrationType") == "BUSINESS":
            out.setdefault(TAX, _tax_information(entry))
        else:
            info = out.setdefault("BuyerTaxInfo", {})
            if entry.get("legalName"):
                info.setdefault("CompanyLegalName", entry["legalName"])
            if entry.get("taxRegistrationType"):
                pair = {"Name": entry["taxRegistrationType"], "Value": entry.get("taxRegistrationNumber", "")}
                info.setdefault("TaxClassifications", []).append(pair)
    return out


def _tax_information(entry: Json) -> Json:
    out: Json = {}
    for old, new in (
        ("BuyerLegalCompanyName", "legalName"),
        ("BuyerTaxRegistrationId", "taxRegistrationNumber"),
    ):
        if entry.get(new):
            out[old] = entry[new]
    if address := mapping(entry, "taxRegistrationAddress"):
        keys = (
            "addressLine1",
            "addressLine2",
            "addressLine3",
            "city",
            "stateOrRegion",
            "postalCode",
            "countryCode",
        )
        out["BuyerBusinessAddress"] = ", ".join(str(address[k]) for k in keys if address.get(k))
    for attribute in entry.get("taxRegistrationAttributes", []):
        if attribute.get("key") == "TAX_OFFICE":
            out["BuyerTaxOffice"] = attribute.get("value", "")
    return out


# -- addresses -------------------------------------------------------------------------------------


def decode_address_v0(said: Json, preferences: Json | None = None) -> Address:
    """An address from `ShippingAddress` and the `DeliveryPreferences` beside it."""
    values = {ours: text(said, key) for key, ours in _ADDRESS_V0}
    rest = {k: v for k, v in said.items() if k not in dict(_ADDRESS_V0) and k != "AddressType"}
    if preferences:
        rest[PREFERENCES] = preferences
    address = Address(kind=text(said, "AddressType"), published={"v0": rest}, **values)
    return replace(address, published=_remember(address.published, "v0", said, address_v0(address)))


def address_v0(address: Address) -> Json:
    """The members of `ShippingAddress`."""
    out: Json = {key: getattr(address, ours) for key, ours in _ADDRESS_V0 if getattr(address, ours)}
    if address.kind in _KINDS_V0:
        out["AddressType"] = address.kind
    rest = _rest(address.published, "v0", "2026", _address_rest_v0)
    out.update((k, v) for k, v in rest.items() if k != PREFERENCES and k not in wording.INNER)
    return wording.reword(out, _kept(address.published, "v0"))


def preferences_v0(address: Address) -> Json:
    """The members of `DeliveryPreferences`; {} when there are none."""
    return mapping(_rest(address.published, "v0", "2026", _address_rest_v0), PREFERENCES)


def decode_recipient_2026(said: Json) -> Address:
    """An address from `recipient`: its `deliveryAddress` and `deliveryPreference`."""
    given = mapping(said, "deliveryAddress")
    values = {ours: text(given, key) for key, ours in _ADDRESS_2026}
    # The remainder keeps the shape of `recipient`, so that nothing has to know which member stood where.
    rest = {**said, "deliveryAddress": dict(given)}
    for key in (*dict(_ADDRESS_2026), "addressType"):
        prune(rest, ("deliveryAddress", key))
    kind = text(given, "addressType")
    address = Address(kind=recase.calm(kind), published={"2026": rest}, **values)
    return replace(address, published=_remember(address.published, "2026", said, recipient_2026(address)))


def recipient_2026(address: Address) -> Json:
    """The members of `recipient`."""
    place: Json = {key: getattr(address, ours) for key, ours in _ADDRESS_2026 if getattr(address, ours)}
    if not address.county and address.district:
        place["districtOrCounty"] = address.district
    if address.kind:
        place["addressType"] = recase.shout(address.kind)
    rest = _rest(address.published, "2026", "v0", _address_rest_2026)
    place.update(rest.pop("deliveryAddress", {}))
    more = {k: v for k, v in rest.items() if k not in wording.INNER}
    out = {**({"deliveryAddress": place} if place else {}), **more}
    return wording.reword(out, _kept(address.published, "2026"))


def _address_rest_2026(rest: Json) -> Json:
    out: Json = {}
    fields = {k: v for k, v in mapping(rest, "ExtendedFields").items() if k != "GeoCoordinates"}
    if fields:
        out["deliveryAddress"] = {"extendedFields": recase.to_2026(fields)}
    if preferences := mapping(rest, PREFERENCES):
        wish = recase.to_2026(preferences)
        for day in mapping(wish, "deliveryTime").get("exceptionDates", []):
            day["exceptionDateType"] = "OPEN" if day.pop("isOpen", False) else "CLOSED"
        out["deliveryPreference"] = wish
    return out


def _address_rest_v0(rest: Json) -> Json:
    out: Json = {}
    if fields := mapping(mapping(rest, "deliveryAddress"), "extendedFields"):
        out["ExtendedFields"] = recase.to_v0(fields)
    if preferences := mapping(rest, "deliveryPreference"):
        wish = recase.to_v0(preferences)
        for day in mapping(wish, "PreferredDeliveryTime").get("ExceptionDates", []):
            day["IsOpen"] = day.pop("ExceptionDateType", "") == "OPEN"
        out[PREFERENCES] = wish
    return out


def with_phone_as_published(address: Address, *, shipped: bool) -> Address:
    """Mark an address whose phone the platform still published although nothing was left to ship."""
    if not (address.phone and shipped):
        return address
    return replace(address, published={k: {**v, wording.PHONE: True} for k, v in address.published.items()})


def phone_as_published(address: Address) -> bool:
    return any(wording.PHONE in rest for rest in address.published.values())


def is_pickup_point(address: Address) -> bool:
    """Whether a parcel goes to a collection point (`IsAccessPointOrder` of v0)."""
    return address.kind == _PICKUP
