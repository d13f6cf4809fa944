import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.carriers import CARRIERS, OTHER, find_carrier
from sellerdesk.domain.tracking import TrackingWarning, check, guess, is_telling, tracking_key, tracking_url

WRONG = TrackingWarning.CHECKSUM_WRONG
ODD = TrackingWarning.FORMAT_UNEXPECTED


@pytest.mark.parametrize("code", sorted(CARRIERS))
def test_carriers_are_complete(code: str) -> None:
    carrier = CARRIERS[code]
    assert carrier.code == code
    assert carrier.name
    assert carrier.country == "" or re.fullmatch("[A-Z]{2}", carrier.country)
    assert carrier.url == "" or (carrier.url.startswith("https://") and carrier.url.count("{}") == 1)
    assert find_carrier(code) is carrier
    assert find_carrier(carrier.name.upper()) is carrier


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("usps", "USPS"),
        ("YunExpress", "Yun Express"),
        ("Fed Ex", "FedEx"),
        ("顺丰", "SF Express"),
        ("顺丰速运", "SF Express"),
        ("Evri", "Hermes"),
        ("other", OTHER),
        ("Blue-Dart", "BlueDart"),
    ],
)
def test_carriers_by_any_name(text: str, code: str) -> None:
    assert find_carrier(text) is CARRIERS[code]


@pytest.mark.parametrize("text", ["", "Pigeon Post", "!"])
def test_no_such_carrier(text: str) -> None:
    assert find_carrier(text) is None


@pytest.mark.parametrize(
    ("tracking", "key"),
    [
        ("1z 999 aa1-0123 456784", "1Z999AA10123456784"),
        (" 9400\t1112 0108.0805", "9400111201080805"),
        ("ＳＦ１２３", "SF123"),
        ("RA–473124829–US", "RA473124829US"),
        ("AB/12 #3", "AB123"),
        ("已发货", ""),
        ("℡", "T"),  # three letters in one character
        ("", ""),
    ],
)
def test_how_tracking_numbers_are_compared(tracking: str, key: str) -> None:
    assert tracking_key(tracking) == key


@given(st.text(max_size=40))
def test_comparing_is_settled_after_once(tracking: str) -> None:
    key = tracking_key(tracking)
    assert tracking_key(key) == key
    assert key.isascii()
    assert len(key) <= len(tracking)


KNOWN = [  # numbers that carriers publish as examples, or built by their published check digit
    ("1Z5R89390357567127", "UPS"),
    ("1Z999AA10123456784", "UPS"),
    ("9400 1112 0108 0805 4830 16", "USPS"),
    ("420 94105 9400 1112 0108 0805 4830 16", "USPS"),
    ("0307 1790 0005 2348 3741", "USPS"),
    ("RA473124829US", "USPS"),
    ("RB123456785GB", "Royal Mail"),
    ("LX123456785CN", "China Post"),
    ("EA123456785CN", "EMS"),
    ("986578788855", "FedEx"),
    ("041441760228964", "FedEx"),
    ("3318810025", "DHL"),
    ("JJD000390007882823012", "DHL"),
    ("YT2012345678901234", "Yun Express"),
    ("YT1234567890123", "YTO Express"),
    ("SF1234567890123", "SF Express"),
    ("4PX3000123456789CN", "4PX"),
    ("UA123456789YP", "Yanwen"),
    ("JDVA01234567890", "JD Logistics"),
    ("LP00123456789012", "Cainiao"),
    ("C11031500001879", "OnTrac"),
    ("TBA123456789012", "AMZN_US"),
    ("3SABCD1234567", "PostNL"),
    ("6A12345678901", "Colissimo"),
]


@pytest.mark.parametrize(("tracking", "carrier"), KNOWN)
def test_the_carrier_is_guessed(tracking: str, carrier: str) -> None:
    assert guess(tracking)[0] == carrier
    assert check(carrier, tracking) is None


@pytest.mark.parametrize(
    ("carrier", "tracking", "warning"),
    [
        ("UPS", "1Z999AA10123456785", WRONG),
        ("USPS", "9400111201080805483017", WRONG),
        ("USPS", "RA473124828US", WRONG),
        ("FedEx", "986578788856", WRONG),
        ("SAGAWA", "123456789013", None),
        ("SAGAWA", "123456789015", WRONG),
        ("YAMATO", "123456789013", None),
        ("UPS", "9400111201080805483016", ODD),
        ("USPS", "hello", ODD),
        ("UPS", "", ODD),
        ("Royal Mail", "anything at all", None),  # writes more formats than we know
        ("Royal Mail", "RB123456786GB", WRONG),
        (OTHER, "anything at all", None),
        ("Pigeon Post", "anything at all", None),
    ],
)
def test_mistyped_numbers(carrier: str, tracking: str, warning: TrackingWarning | None) -> None:
    assert check(carrier, tracking) is warning


def test_a_wrong_check_digit_still_tells_the_carrier_where_the_format_does() -> None:
    assert guess("1Z999AA10123456785") == ("UPS",)
    assert "FedEx" not in guess("986578788856")  # twelve digits alone tell nothing


@pytest.mark.parametrize("digit", range(1, 10))
@pytest.mark.parametrize("place", range(2, 10))
def test_one_wrong_digit_of_a_postal_item_is_found(place: int, digit: int) -> None:
    good = "RA473124829US"
    bad = good[:place] + str((int(good[place]) + digit) % 10) + good[place + 1 :]
    assert check("USPS", bad) is WRONG


@pytest.mark.parametrize(("number", "check_digit"), [("00000000", "5"), ("00000010", "2"), ("00000008", "0")])
def test_postal_check_digits_at_the_edges(number: str, check_digit: str) -> None:
    right = [digit for digit in "0123456789" if check("USPS", f"RA{number}{digit}US") is None]
    assert right == [check_digit]


@given(st.text(max_size=40))
def test_any_text_may_be_asked(text: str) -> None:
    codes = guess(text)
    assert len(set(codes)) == len(codes)
    assert set(codes) <= set(CARRIERS)
    for code in CARRIERS:
        assert check(code, text) in (None, WRONG, ODD)


def test_telling_numbers() -> None:
    assert is_telling("1Z999AA10123456784")
    assert not is_telling("986578788855")


def test_where_to_follow_a_parcel() -> None:
    assert (
        tracking_url("UPS", "1z 999aa10123456784") == "https://www.ups.com/track?tracknum=1Z999AA10123456784"
    )
    assert tracking_url("UPS", "a/b&c") == "https://www.ups.com/track?tracknum=ABC"
    assert tracking_url("UPS", " ") == ""
    assert tracking_url("India Post", "RA123456785IN") == ""
    assert tracking_url("Pigeon Post", "1") == ""
