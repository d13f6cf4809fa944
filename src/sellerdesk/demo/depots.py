"""Where returns go in the demonstration world: a house in each country, so that no buyer has to send over a border."""

from collections.abc import Mapping
from datetime import datetime

from sellerdesk.commands.return_settings import SettingDraft, save_setting
from sellerdesk.domain.actors import Actor
from sellerdesk.domain.marketplaces import by_country

_DEPOTS: Mapping[str, tuple[str, str, str, str]] = {
    "US": ("7714 Depot Road", "Reno", "NV", "89506"),
    "CA": ("90 Quai Street", "Hamilton", "ON", "L8L 1B4"),
    "MX": ("Bodega 14, Calle Norte 59", "Ciudad de México", "CDMX", "02300"),
    "BR": ("Rua do Galpão 210", "Guarulhos", "SP", "07034-911"),
    "GB": ("Unit 6, Wharf Lane", "Rugby", "", "CV21 1QX"),
    "DE": ("Lagerstraße 12", "Kassel", "", "34121"),
    "JP": ("物流町 3-8-1", "川崎市", "神奈川県", "210-0869"),
    "AU": ("14 Dock Street", "Port Melbourne", "VIC", "3207"),
    "SA": ("Warehouse 5, Port Road", "Jeddah", "", "22312"),
}
_INSTRUCTIONS = {
    "DE": "Bitte die RMA-Nummer gut lesbar ins Paket legen.",
    "JP": "箱の中に返品番号（RMA）を入れてください。",
}


def depot(name: str, country: str) -> dict[str, str]:
    """A seller's address for returns in a country."""
    line, city, state, code = _DEPOTS[country]
    return {
        "name": f"{name} Returns",
        "line1": line,
        "city": city,
        "state": state,
        "postal_code": code,
        "country": country,
    }


def open_depots(actor: Actor, name: str, countries: tuple[str, ...], *, now: datetime) -> None:
    """Set the addresses; what is within policy is authorised by itself."""
    for country in countries:
        draft = SettingDraft(
            by_country(country).id,
            address=depot(name, country),
            instructions=_INSTRUCTIONS.get(country, "Please put the RMA number into the parcel."),
        )
        save_setting(actor, draft, now=now)
