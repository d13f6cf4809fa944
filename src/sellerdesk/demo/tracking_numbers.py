"""Tracking numbers that look like their carriers' own, check digits included."""

from random import Random

from sellerdesk.domain.tracking import check

_TRIES = 500  # one number in seven to eleven has the right check digit
# Per country of delivery: carrier code, service, and a pattern in which # is a digit. The last digits make it valid.
SHIPPING: dict[str, tuple[tuple[str, str, str], ...]] = {
    "US": (
        ("UPS", "UPS Ground", "1Z8R4A12030#######"),
        ("USPS", "USPS Ground Advantage", "94001118992###########"),
        ("FedEx", "FedEx Home Delivery", "6129########"),
    ),
    "CA": (("Canada Post", "Expedited Parcel", "70########15####"), ("UPS", "UPS Standard", "1Z8R4A12680#######")),
    "MX": (("DHL", "DHL Express Worldwide", "48########"),),
    "GB": (("Royal Mail", "Tracked 48", "QB#########GB"), ("DPD", "DPD Next Day", "15501#########")),
    "DE": (("DHL", "DHL Paket", "38########"), ("Deutsche Post", "Warenpost", "RR#########DE")),
    "JP": (("YAMATO", "宅急便", "4412########"), ("SAGAWA", "飛脚宅配便", "5081########"), ("Japan Post", "EMS",
    "EM#########JP")),
    "AU": (("Australia Post", "Parcel Post", "LT#########AU"), ("4PX", "4PX Packet", "4PX30############")),
    "BR": (("Correios", "Sedex", "OA#########BR"), ("Yun Express", "YunExpress BR Direct", "YT25##############")),
    "SA": (("Aramex", "Aramex Domestic", "4479######"),),
}  # fmt: skip
# What the Chinese seller ships with when parcels start in Shenzhen.
FROM_CHINA: tuple[tuple[str, str, str], ...] = (
    ("Yun Express", "全球专线挂号", "YT25##############"),
    ("4PX", "联邮通优先挂号", "4PX30############"),
    ("SF Express", "顺丰国际小包", "SF13##########"),
    ("China Post", "e邮宝", "LV#########CN"),
)


def parcel(source: Random, country: str, *, from_china: bool = False) -> tuple[str, str, str]:
    """A carrier's code, a service of it and a tracking number without anything to warn of."""
    code, service, pattern = source.choice(FROM_CHINA if from_china else SHIPPING[country])
    for _ in range(_TRIES):
        number = "".join(str(source.randrange(10)) if mark == "#" else mark for mark in pattern)
        if check(code, number) is None:
            return code, service, number
    raise ValueError(f"no number of {code} looks like {pattern}")
