"""What a tracking number tells about its carrier, and whether it was mistyped (screens 1.4).

Formats and check digits that the carriers publish. The answers are for warnings and suggestions, never for
blocking: carriers invent new ranges all the time.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sellerdesk.domain.carriers import CARRIERS


class TrackingWarning(StrEnum):
    """What looks wrong with a tracking number for its carrier."""

    FORMAT_UNEXPECTED = "format_unexpected"
    CHECKSUM_WRONG = "checksum_wrong"


_DROPPED = re.compile(r"[^0-9A-Z]+")


def tracking_key(tracking: str) -> str:
    """The form in which tracking numbers are compared: ASCII capital letters and digits, nothing else.

    It is never longer than what was given, so that it fits wherever the number itself fits.
    """
    return _DROPPED.sub("", unicodedata.normalize("NFKC", tracking).upper())[: len(tracking)]


def _mod10(digits: str) -> bool:
    """GS1 check digit (USPS IMpb, FedEx Ground): weights 3, 1, 3 … from the right, before the check digit."""
    body, check = [int(digit) for digit in digits[:-1]], int(digits[-1])
    return (-(3 * sum(body[::-2]) + sum(body[-2::-2]))) % 10 == check


def _usps(number: str) -> bool:
    # A routing prefix (420 and a ZIP of 5 or 9 digits) is not part of the checked number.
    return _mod10(number[-22:])


def _ups(number: str) -> bool:
    """Letters count as (code - 63) mod 10; every second character counts double."""
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:-1]]
    return (-(sum(values) + sum(values[1::2]))) % 10 == int(number[-1])


def _s10(number: str) -> bool:
    """International postal items (UPU S10): mod 11 over eight digits."""
    weighted = sum(w * int(d) for w, d in zip((8, 6, 4, 2, 3, 5, 9, 7), number[2:10], strict=True))
    check = 11 - weighted % 11
    return {10: 0, 11: 5}.get(check, check) == int(number[10])


def _fedex_express(number: str) -> bool:
    weighted = sum(w * int(d) for w, d in zip((3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1), number, strict=False))
    return weighted % 11 % 10 == int(number[11])


def _mod7(number: str) -> bool:
    """The last digit is the rest of the others divided by seven (DHL Express, Sagawa, Yamato)."""
    return int(number[:-1]) % 7 == int(number[-1])


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A format of one carrier. `telling` formats are recognised even with a wrong check digit."""

    carrier: str
    format: re.Pattern[str]
    valid: Callable[[str], bool] | None = None
    telling: bool = True


_POSTS = {
    "US": "USPS",
    "GB": "Royal Mail",
    "CA": "Canada Post",
    "CN": "China Post",
    "JP": "Japan Post",
    "HK": "Hongkong Post",
    "AU": "Australia Post",
    "DE": "Deutsche Post",
    "FR": "La Poste",
    "ES": "Correos",
    "IT": "Poste Italiane",
    "NL": "PostNL",
    "SE": "PostNord",
    "DK": "PostNord",
    "SG": "Singapore Post",
    "IN": "India Post",
    "BR": "Correios",
}


def _pattern(
    carrier: str, expression: str, valid: Callable[[str], bool] | None = None, *, telling: bool = True
) -> _Pattern:
    return _Pattern(carrier, re.compile(expression, re.ASCII), valid, telling)


_PATTERNS: tuple[_Pattern, ...] = (
    _pattern("UPS", r"1Z[0-9A-Z]{15}[0-9]", _ups),
    _pattern("UPS", r"T[0-9]{10}"),
    _pattern("EMS", r"E[A-Z][0-9]{9}CN", _s10),
    *(_pattern(post, rf"[A-Z]{{2}}[0-9]{{9}}{country}", _s10) for country, post in _POSTS.items()),
    _pattern("Yanwen", r"U[A-Z][0-9]{9}(YP|LT)"),
    _pattern("Yanwen", r"YW[A-Z]{0,3}[0-9]{10,16}"),
    _pattern("USPS", r"(420[0-9]{5}([0-9]{4})?)?9[1-5][0-9]{20}", _usps),
    _pattern("USPS", r"[07][0-9]{19}", _mod10, telling=False),
    _pattern("AMZN_US", r"TB[ACM][0-9]{12}"),
    _pattern("Yun Express", r"YT[0-9]{16}"),
    _pattern("YTO Express", r"YT[0-9]{13}"),
    _pattern("YTO Express", r"[89][0-9]{17}", telling=False),
    _pattern("SF Express", r"SF[0-9]{12,13}"),
    _pattern("4PX", r"4PX[0-9]{10,16}(CN)?"),
    _pattern("JD Logistics", r"JD(V|X|VA|VB|VC|VE)?[0-9]{10,15}"),
    _pattern("Cainiao", r"LP[0-9]{14,16}"),
    _pattern("Cainiao", r"CN[A-Z]{0,3}[0-9]{9,16}[A-Z]{0,2}"),
    _pattern("ZTO Express", r"7[3-9][0-9]{12}", telling=False),
    _pattern("ZTO Express", r"7[3-9][0-9]{10}", telling=False),
    _pattern("STO Express", r"77[0-9]{11,13}", telling=False),
    _pattern("Yunda Express", r"(3[1-9]|4[0-9])[0-9]{11,13}", telling=False),
    _pattern("OnTrac", r"[CD][0-9]{14}"),
    _pattern("DHL eCommerce", r"GM[0-9]{14,22}"),
    _pattern("DHL eCommerce", r"(420[0-9]{5})?93612[0-9]{17}"),
    _pattern("DHL", r"JJD[0-9]{16,20}"),
    _pattern("DHL", r"[0-9]{10,11}", _mod7, telling=False),
    _pattern("FedEx", r"[0-9]{12}", _fedex_express, telling=False),
    _pattern("FedEx", r"[0-9]{15}", _mod10, telling=False),
    _pattern("FedEx", r"96[0-9]{20}"),
    _pattern("UPSMI", r"(420[0-9]{5})?92748[0-9]{17}"),
    _pattern("SAGAWA", r"[0-9]{12}", _mod7, telling=False),
    _pattern("YAMATO", r"[0-9]{12}", _mod7, telling=False),
    _pattern("Hermes", r"H[0-9A-Z]{15}"),
    _pattern("Hermes", r"[0-9]{16}", telling=False),
    _pattern("Canada Post", r"[0-9]{16}", telling=False),
    _pattern("Colissimo", r"[0-9][A-Z][0-9]{11}"),
    _pattern("PostNL", r"3S[0-9A-Z]{9,17}"),
    _pattern("PostNord", r"37[0-9]{16}"),
    _pattern("InPost", r"[0-9]{24}"),
    _pattern("Ninja Van", r"(NV|NINJ)[0-9A-Z]{8,18}"),
    _pattern("DPD", r"[0-9]{14}[0-9A-Z]?", telling=False),
    _pattern("GLS", r"[0-9]{11}|[0-9A-Z]{8}", telling=False),
    _pattern("Aramex", r"[0-9]{10,12}", telling=False),
    _pattern("Delhivery", r"[0-9]{12,14}", telling=False),
    _pattern("BlueDart", r"[0-9]{8,11}", telling=False),
)

# Carriers all of whose formats are above; of the others a mismatch tells nothing.
_STRICT = frozenset({"UPS", "UPSMI", "USPS", "FedEx", "AMZN_US", "Yun Express", "SF Express", "4PX", "EMS"})
_STRICT |= frozenset({"OnTrac", "SAGAWA", "YAMATO", "Colissimo", "InPost", "Correios"})


def guess(tracking: str) -> tuple[str, ...]:
    """Codes of the carriers whose numbers look like this, best first; empty when none does.

    First carriers whose check digit is right, then telling formats without or with a wrong one, then
    formats that many numbers share.
    """
    key = tracking_key(tracking)
    ranked: dict[str, int] = {}
    for pattern in _PATTERNS:
        if pattern.format.fullmatch(key) and (rank := _rank(pattern, key)) is not None:
            ranked[pattern.carrier] = min(rank, ranked.get(pattern.carrier, rank))
    return tuple(sorted(ranked, key=lambda code: ranked[code]))


def _rank(pattern: _Pattern, key: str) -> int | None:
    """0 is best; None when a check digit is wrong in a format that only the check digit makes telling."""
    if pattern.valid is None:
        return 1 if pattern.telling else 3
    if pattern.valid(key):
        return 0 if pattern.telling else 2
    return 1 if pattern.telling else None


def is_telling(tracking: str) -> bool:
    """Whether the number is a tracking number beyond doubt: a format that only one carrier writes."""
    key = tracking_key(tracking)
    return any(pattern.telling and pattern.format.fullmatch(key) for pattern in _PATTERNS)


def check(carrier_code: str, tracking: str) -> TrackingWarning | None:
    """What looks wrong with a number for its carrier, or None; also None when nothing is known about the
    carrier.
    """
    key = tracking_key(tracking)
    known = [pattern for pattern in _PATTERNS if pattern.carrier == carrier_code]
    fitting = [pattern for pattern in known if pattern.format.fullmatch(key)]
    if any(pattern.valid is None or pattern.valid(key) for pattern in fitting):
        return None
    if fitting:
        return TrackingWarning.CHECKSUM_WRONG
    return TrackingWarning.FORMAT_UNEXPECTED if carrier_code in _STRICT else None


def tracking_url(carrier_code: str, tracking: str) -> str:
    """Where the parcel can be followed, or "" when we know no such page."""
    carrier, key = CARRIERS.get(carrier_code), tracking_key(tracking)
    return carrier.url.replace("{}", key) if carrier and key else ""
