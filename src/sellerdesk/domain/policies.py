"""Every number of a rule is a dated row per marketplace, with its source (design 2.7).

A row of marketplace "*" holds everywhere; a marketplace's own row goes before it. Among rows of one
marketplace the latest that is valid on the day counts.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sellerdesk.domain.refusals import Code, Refusal, refuse

EVERYWHERE = "*"
ALWAYS = date(1995, 1, 1)  # valid from before any order

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_MOST_MINOR = 10**15  # what a bigint column holds with room to spare
_LONGEST = 100_000  # of days, hours or minutes in a row: far beyond any rule, near enough for the calendar


class Shape(StrEnum):
    """What a policy value looks like, in JSON."""

    COUNT = "count"  # integer >= 0, of the unit that the key's name ends in
    BASIS_POINTS = "basis_points"  # integer 0 … 10000; 250 is 2.5 %
    CLOCK = "clock"  # "HH:MM", local time of the marketplace
    MONEY = "money"  # {"minor": 3500, "currency": "USD"}
    AUTO_CANCEL = "auto_cancel"  # {"kind": one of AUTO_CANCEL_KINDS, "n": integer > 0}
    COUNTS = "counts"  # list of integers > 0
    CR_DENOMINATOR = "cr_denominator"  # "strict" | "official"
    REFUND_BY = "refund_by"  # "marketplace" | "nobody"
    EXTENSIONS = (
        "extensions"  # list of {"placed_from", "placed_until", "until"}: days, ISO 8601, both ends included
    )


AUTO_CANCEL_KINDS = frozenset(
    {"calendar_days_after_order", "business_days_after_ship_by", "days_after_ship_by", "hours_after_ship_by"}
)

AUTO_CANCEL_PRESETS: dict[str, dict[str, Any]] = {
    "legacy-30d": {"kind": "calendar_days_after_order", "n": 30},  # S0-15, S0-16; Japan still
    "seven-business-days": {"kind": "business_days_after_ship_by", "n": 7},
    # Reported for some marketplace from 2024-09-16, unverified.
    "three-business-days": {"kind": "business_days_after_ship_by", "n": 3},
    "three-days": {"kind": "days_after_ship_by", "n": 3},
    "twenty-four-hours": {"kind": "hours_after_ship_by", "n": 24},
}


@dataclass(frozen=True, slots=True)
class Key:
    """What a policy key means and how its value looks."""

    shape: Shape
    description: str


_N, _BP = Shape.COUNT, Shape.BASIS_POINTS
KEYS: dict[str, Key] = {
    "handling_days": Key(
        _N, "Business days from payment to ship-by; 0 means the same day, with a cut-off (S0-12)"
    ),
    "handling_cutoff": Key(
        Shape.CLOCK, "Payments before this local time ship the same day, when handling is 0 days (T05)"
    ),
    "transit_days_min": Key(_N, "Business days from shipping to the earliest promised delivery"),
    "transit_days_max": Key(_N, "Business days from shipping to the latest promised delivery"),
    "auto_cancel": Key(
        Shape.AUTO_CANCEL, "When an unconfirmed order is cancelled by the marketplace (S0-15, C2)"
    ),
    "auto_cancel_warning_days": Key(
        _N, "Days before the automatic cancellation at which the seller is warned (S0-18)"
    ),
    "ship_by_reminder_hours": Key(_N, "Hours before ship-by at which the seller is reminded"),
    "self_cancel_minutes": Key(_N, "Minutes after ordering in which the buyer cancels alone (S1-12, C15)"),
    "cancel_answer_hours": Key(_N, "Hours to answer a buyer's cancellation request"),
    "guide_follow_up_hours": Key(
        _N, "Hours after which a buyer who was told how to cancel, and stays silent, may be written to again"
    ),
    "pending_hold_minutes": Key(_N, "Minutes for which every new order is held Pending"),
    "payment_check_days": Key(_N, "Days that checking a payment may take at most"),
    "free_shipping_threshold": Key(
        Shape.MONEY, "Warehouse orders from this amount may wait to be consolidated (S0-04)"
    ),
    "order_list_days": Key(_N, "Days that the order list shows unless asked otherwise (S4-01)"),
    "history_years": Key(_N, "Years of orders that programs may ask for"),
    "personal_data_days": Key(_N, "Days after delivery for which buyers' personal data is kept"),
    "report_keep_days": Key(_N, "Days for which a report can be fetched"),
    "cr_target": Key(_BP, "Cancellation rate must stay below this (S3-34)"),
    "cr_window_days": Key(_N, "Days of the cancellation rate (S3-31)"),
    "cr_denominator": Key(
        Shape.CR_DENOMINATOR, "Whether orders that buyers cancelled leave the denominator too (C22)"
    ),
    "lsr_target": Key(_BP, "Late shipment rate must stay below this"),
    "lsr_window_days": Key(Shape.COUNTS, "Days of the late shipment rate, each window on its own"),
    "vtr_target": Key(_BP, "Valid tracking rate must reach this"),
    "vtr_window_days": Key(Shape.COUNTS, "Days of the valid tracking rate"),
    "otdr_target": Key(_BP, "On-time delivery rate must reach this"),
    "otdr_advised": Key(_BP, "On-time delivery rate that is advised"),
    "otdr_window_days": Key(_N, "Days of the on-time delivery rate"),
    "otdr_delay_days": Key(_N, "Latest days that the on-time delivery rate leaves out"),
    "odr_target": Key(_BP, "Order defect rate must stay below this"),
    "odr_window_days": Key(_N, "Days of the order defect rate"),
    "message_answer_hours": Key(_N, "Hours to answer a buyer's message, weekends included"),
    "message_attachments_mb": Key(_N, "Megabytes that the files of one message may have together"),
    "message_attachments_max": Key(_N, "Files that programs may attach to one message"),
    "message_proactive_days": Key(
        _N, "Days after an order's completion in which the seller may begin to write"
    ),
    "message_daily_factor": Key(_N, "Messages a day that a seller may send for each order of an average day"),
    "message_daily_floor": Key(_N, "Messages a day that every seller may send besides"),
    "message_daily_window_days": Key(_N, "Days over which an average day's orders are counted"),
    "solicitation_from_days": Key(_N, "Days after delivery from which a buyer may be asked for a review"),
    "solicitation_until_days": Key(_N, "Days after delivery up to which a buyer may be asked for a review"),
    "return_answer_hours": Key(_N, "Hours to answer a return request"),
    "return_window_days": Key(_N, "Days after receipt in which a return may be asked for"),
    "return_extensions": Key(
        Shape.EXTENSIONS, "Orders placed in some season may be returned until a later day"
    ),
    "return_keep_limit": Key(
        _N, "Whole units of the currency up to which the advice is to let the buyer keep the goods"
    ),
    "return_idle_close_days": Key(_N, "Days after which an untouched return request closes itself"),
    "return_partial_close_days": Key(
        _N, "Days after a partial refund without any news after which a return closes itself"
    ),
    "return_method_days": Key(_N, "Days to give a way back to a buyer in another country"),
    "foreign_keep_limit": Key(
        _N, "Whole units of the currency up to which a buyer in another country keeps the goods; 0: never"
    ),
    "refund_overdue_by": Key(
        Shape.REFUND_BY,
        "Who refunds what the seller did not refund in time after receipt, or gave no way back for",
    ),
    "refund_first_scan_by": Key(
        Shape.REFUND_BY, "Who refunds when the carrier first scans a label that the platform sold"
    ),
    "refund_after_receipt_days": Key(_N, "Business days to refund after the goods are back (C8)"),
    "refund_hold_minutes": Key(_N, "Minutes for which a refund made by hand can be called back"),
    "refund_settle_days_min": Key(
        _N, "Business days after which a buyer has a refund at the earliest (S0-32)"
    ),
    "refund_settle_days_max": Key(_N, "Business days after which a buyer has a refund at the latest (S0-32)"),
    "refund_approval_limit": Key(
        _N, "Whole units of the currency above which a second person must agree to a refund; 0: never"
    ),
    "concession_cap": Key(_BP, "Most that may be given beyond the charges, of the order's total"),
    "restocking_sellable": Key(_BP, "Most of the item price kept for goods back in time, as they were sent"),
    "restocking_sellable_late": Key(
        _BP, "Most of the item price kept for goods back late, as they were sent"
    ),
    "restocking_repack": Key(_BP, "Most of the item price kept for goods that were opened or used"),
    "restocking_damaged": Key(_BP, "Most of the item price kept for goods that the buyer damaged"),
    "restocking_opened_media": Key(
        _BP, "Most of the item price kept for software and games that were opened"
    ),
    "claim_contact_hours": Key(_N, "Hours a buyer waits for the seller before a claim"),
    "claim_answer_hours": Key(_N, "Hours to answer a question about a claim"),
    "claim_appeal_days": Key(_N, "Days to appeal against a granted claim"),
    "claim_window_days": Key(_N, "Days after the latest promised delivery in which a claim may be filed"),
    "claim_not_received_days": Key(
        _N, "Days after the latest promised delivery before non-receipt may be claimed"
    ),
}


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One value of one key, for a marketplace id or "*", from a day on. The value is plain JSON (see
    Shape).
    """

    marketplace_id: str
    key: str
    value: Any
    valid_from: date
    source: str


class PolicyBook:
    """Policy rows, ordered for looking up. Build one per request or sweep; it does not change.

    Raises ValueError when two rows give the same marketplace, key and day.
    """

    def __init__(self, rows: Iterable[PolicyRow]) -> None:
        self._rows: dict[tuple[str, str], list[PolicyRow]] = {}
        for row in sorted(rows, key=lambda row: row.valid_from):
            known = self._rows.setdefault((row.marketplace_id, row.key), [])
            if known and known[-1].valid_from == row.valid_from:
                raise ValueError(f"two values of {row.key} for {row.marketplace_id} from {row.valid_from}")
            known.append(row)

    def row(self, marketplace_id: str, key: str, on: date) -> PolicyRow:
        """The row that counts for a marketplace on a day. Raises LookupError, naming all three, when there
        is none.
        """
        for place in (marketplace_id, EVERYWHERE):
            rows = self._rows.get((place, key), [])
            position = bisect_right(rows, on, key=lambda row: row.valid_from)
            if position:
                return rows[position - 1]
        raise LookupError(f"no policy {key!r} for marketplace {marketplace_id!r} on {on}")

    def value(self, marketplace_id: str, key: str, on: date) -> Any:
        """The value of that row, plain JSON."""
        return self.row(marketplace_id, key, on).value


def _is_count(value: object, least: int = 0, most: int = _LONGEST) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_auto_cancel(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"kind", "n"}:
        return False
    return value["kind"] in AUTO_CANCEL_KINDS and _is_count(value["n"], 1)


def _is_money(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"minor", "currency"}:
        return False
    currency = value["currency"]
    return (
        isinstance(currency, str)
        and bool(_CURRENCY.match(currency))
        and _is_count(value["minor"], 0, _MOST_MINOR)
    )


def _is_extension(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"placed_from", "placed_until", "until"}:
        return False
    try:
        days = [date.fromisoformat(value[name]) for name in ("placed_from", "placed_until", "until")]
    except (TypeError, ValueError):
        return False
    return days == sorted(days)


_CHECKS: dict[Shape, Callable[[Any], bool]] = {
    Shape.COUNT: _is_count,
    Shape.BASIS_POINTS: lambda value: _is_count(value, 0, 10_000),
    Shape.CLOCK: lambda value: isinstance(value, str) and bool(_CLOCK.match(value)),
    Shape.MONEY: _is_money,
    Shape.AUTO_CANCEL: _is_auto_cancel,
    Shape.COUNTS: lambda value: (
        isinstance(value, list) and bool(value) and all(_is_count(n, 1) for n in value)
    ),
    Shape.CR_DENOMINATOR: lambda value: value in ("strict", "official"),
    Shape.REFUND_BY: lambda value: value in ("marketplace", "nobody"),
    Shape.EXTENSIONS: lambda value: isinstance(value, list) and all(_is_extension(one) for one in value),
}


def check_value(key: str, value: Any) -> Refusal | None:
    """What is wrong with a value for a key (INVALID_VALUE with place, value, expected), or None when it
    fits.
    """
    if key not in KEYS:
        return refuse(Code.INVALID_VALUE, place="key", value=key[:40], expected="a policy key")
    shape = KEYS[key].shape
    if _CHECKS[shape](value):
        return None
    return refuse(Code.INVALID_VALUE, place=key, value=str(value)[:40], expected=shape.value)
