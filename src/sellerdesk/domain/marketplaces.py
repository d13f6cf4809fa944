"""The 23 marketplaces: ids, currencies, zones, languages, weekends (rulebook 2.15).

Zone and weekend are one sensible default each; the product lets the operator change them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sellerdesk.domain.refusals import Code, refuse

_SAT_SUN = frozenset({5, 6})
_FRI_SAT = frozenset({4, 5})


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One marketplace. `country` is ISO 3166, `label` what Amazon calls the country (UK for GB)."""

    id: str
    country: str
    name: str  # the domain name, used as sales channel and marketplace name
    region: str  # na | eu | fe
    currency: str  # ISO 4217
    zone: str  # IANA
    language: str  # BCP 47
    weekend: frozenset[int] = _SAT_SUN  # Monday is 0

    def day(self, at: datetime) -> date:
        """The calendar day there at an instant: policies hold from a day on."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def label(self) -> str:
        return "UK" if self.country == "GB" else self.country


_M = Marketplace
_ALL = (
    _M("ATVPDKIKX0DER", "US", "Amazon.com", "na", "USD", "America/Los_Angeles", "en-US"),
    _M("A2EUQ1WTGCTBG2", "CA", "Amazon.ca", "na", "CAD", "America/Los_Angeles", "en-CA"),
    _M("A1AM78C64UM0Y8", "MX", "Amazon.com.mx", "na", "MXN", "America/Mexico_City", "es-MX"),
    _M("A2Q3Y263D00KWC", "BR", "Amazon.com.br", "na", "BRL", "America/Sao_Paulo", "pt-BR"),
    _M("A1VC38T7YXB528", "JP", "Amazon.co.jp", "fe", "JPY", "Asia/Tokyo", "ja-JP"),
    _M("A19VAU5U5O7RUS", "SG", "Amazon.sg", "fe", "SGD", "Asia/Singapore", "en-SG"),
    _M("A39IBJ37TRP1C6", "AU", "Amazon.com.au", "fe", "AUD", "Australia/Sydney", "en-AU"),
    _M("A1F83G8C2ARO7P", "GB", "Amazon.co.uk", "eu", "GBP", "Europe/London", "en-GB"),
    _M("A1PA6795UKMFR9", "DE", "Amazon.de", "eu", "EUR", "Europe/Berlin", "de-DE"),
    _M("A13V1IB3VIYZZH", "FR", "Amazon.fr", "eu", "EUR", "Europe/Paris", "fr-FR"),
    _M("APJ6JRA9NG5V4", "IT", "Amazon.it", "eu", "EUR", "Europe/Rome", "it-IT"),
    _M("A1RKKUPIHCS9HS", "ES", "Amazon.es", "eu", "EUR", "Europe/Madrid", "es-ES"),
    _M("A1805IZSGTT6HS", "NL", "Amazon.nl", "eu", "EUR", "Europe/Amsterdam", "nl-NL"),
    _M("A1C3SOZRARQ6R3", "PL", "Amazon.pl", "eu", "PLN", "Europe/Warsaw", "pl-PL"),
    _M("A2NODRKZP88ZB9", "SE", "Amazon.se", "eu", "SEK", "Europe/Stockholm", "sv-SE"),
    _M("A21TJRUUN4KGV", "IN", "Amazon.in", "eu", "INR", "Asia/Kolkata", "en-IN"),
    _M("A33AVAJ2PDY3EV", "TR", "Amazon.com.tr", "eu", "TRY", "Europe/Istanbul", "tr-TR"),
    # The Emirates moved their weekend to Saturday and Sunday in 2022; Saudi Arabia and Egypt rest on Friday
    # and Saturday.
    _M("A2VIGQ35RCS4UG", "AE", "Amazon.ae", "eu", "AED", "Asia/Dubai", "en-AE"),
    _M("A17E79C6D8DWNP", "SA", "Amazon.sa", "eu", "SAR", "Asia/Riyadh", "ar-SA", _FRI_SAT),
    _M("ARBP9OOSHTCHU", "EG", "Amazon.eg", "eu", "EGP", "Africa/Cairo", "ar-EG", _FRI_SAT),
    _M("AMEN7PMS3EDWL", "BE", "Amazon.com.be", "eu", "EUR", "Europe/Brussels", "fr-BE"),
    _M("A28R8C7NBKEWEA", "IE", "Amazon.ie", "eu", "EUR", "Europe/Dublin", "en-IE"),
    _M("AE08WJ6YKNBMC", "ZA", "Amazon.co.za", "eu", "ZAR", "Africa/Johannesburg", "en-ZA"),
)

MARKETPLACES: dict[str, Marketplace] = {place.id: place for place in _ALL}
_BY_COUNTRY: dict[str, Marketplace] = {code: place for place in _ALL for code in (place.country, place.label)}


def by_id(marketplace_id: str) -> Marketplace:
    """The marketplace with this id. Raises Refusal UNKNOWN_MARKETPLACE."""
    place = MARKETPLACES.get(marketplace_id)
    if place is None:
        raise refuse(Code.UNKNOWN_MARKETPLACE, marketplace_id=marketplace_id)
    return place


def by_country(country: str) -> Marketplace:
    """The marketplace of a country, by ISO code or Amazon's own (GB and UK are the same), in any case.

    Raises Refusal UNKNOWN_MARKETPLACE.
    """
    place = _BY_COUNTRY.get(country.strip().upper())
    if place is None:
        raise refuse(Code.UNKNOWN_MARKETPLACE, marketplace_id=country)
    return place
