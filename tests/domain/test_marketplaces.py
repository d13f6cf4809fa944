import re
from zoneinfo import ZoneInfo

import pytest

from sellerdesk.domain.marketplaces import MARKETPLACES, by_country, by_id
from sellerdesk.domain.refusals import Code, Refusal


def test_all_marketplaces_are_there_and_complete() -> None:
    assert len(MARKETPLACES) == 23
    assert {place.region for place in MARKETPLACES.values()} == {"na", "eu", "fe"}
    for marketplace_id, place in MARKETPLACES.items():
        assert place.id == marketplace_id
        assert re.fullmatch(r"A[0-9A-Z]{12,13}", marketplace_id)
        assert re.fullmatch(r"[A-Z]{3}", place.currency)
        assert re.fullmatch(r"[a-z]{2}-" + place.country, place.language)
        assert place.name.startswith("Amazon.")
        assert ZoneInfo(place.zone)
    assert len({place.name for place in MARKETPLACES.values()}) == 23


@pytest.mark.parametrize(
    ("country", "marketplace_id"),
    [("US", "ATVPDKIKX0DER"), ("jp", "A1VC38T7YXB528"), (" GB ", "A1F83G8C2ARO7P"), ("UK", "A1F83G8C2ARO7P")],
)
def test_by_country(country: str, marketplace_id: str) -> None:
    assert by_country(country) is by_id(marketplace_id)


def test_the_united_kingdom_has_two_names() -> None:
    assert (by_country("UK").country, by_country("UK").label) == ("GB", "UK")
    assert by_country("DE").label == "DE"


def test_weekends() -> None:
    fri_sat = {place.country for place in MARKETPLACES.values() if place.weekend == {4, 5}}
    assert fri_sat == {"SA", "EG"}


def test_unknown_marketplaces_are_refused() -> None:
    for find, term in ((by_id, "A0"), (by_country, "CN")):
        with pytest.raises(Refusal) as refused:
            find(term)
        assert refused.value == Refusal(Code.UNKNOWN_MARKETPLACE, {"marketplace_id": term})
