"""The policy rows that ship with the product (rulebook 2.4 to 2.9, screens 1.22).

A source names the public page a value was read on, "seller guide" for the guides behind this product, or says
"unverified default": then nobody published it and the operator should look at it.
"""

from datetime import date
from typing import Any

from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.policies import ALWAYS, AUTO_CANCEL_PRESETS, EVERYWHERE, PolicyRow

_UNVERIFIED = "unverified default"
_GUIDE = "seller guide"
_NOTICE_2020 = date(2020, 9, 30)

_EVERYWHERE: tuple[tuple[str, Any, str], ...] = (
    ("handling_days", 2, f"{_GUIDE}: two days by default; Amazon.com help 200955560: 1 or 2 business days"),
    ("handling_cutoff", "14:00", "Amazon.com.au help 202096730: 2 pm local unless set otherwise"),
    ("transit_days_min", 3, _UNVERIFIED),
    ("transit_days_max", 5, _UNVERIFIED),
    ("auto_cancel", AUTO_CANCEL_PRESETS["legacy-30d"], f"{_GUIDE}: 30 days after the order"),
    ("auto_cancel_warning_days", 7, f"{_GUIDE}: one week before the cancellation"),
    ("ship_by_reminder_hours", 24, _UNVERIFIED),
    ("self_cancel_minutes", 30, "Amazon.co.uk help PNRJVBQMJRS942V"),
    ("cancel_answer_hours", 24, _UNVERIFIED),
    ("guide_follow_up_hours", 24, _UNVERIFIED),
    ("pending_hold_minutes", 30, "Amazon.com help G200200040"),
    ("payment_check_days", 21, "Amazon.com help G200200040"),
    (
        "free_shipping_threshold",
        {"minor": 3500, "currency": "USD"},
        f"{_GUIDE}: 35 US dollars; elsewhere unverified",
    ),
    ("order_list_days", 7, "Amazon.de help 200141620"),
    ("history_years", 2, "Selling Partner API, Orders v0 model"),
    ("personal_data_days", 30, "Selling Partner API data protection policy"),
    ("report_keep_days", 30, "Selling Partner API, order report pages"),
    ("cr_target", 250, "Amazon.co.uk help 200285210: below 2.5 %"),
    ("cr_window_days", 7, "Amazon.co.uk help 200285210"),
    ("cr_denominator", "strict", f"{_GUIDE}: buyers' own cancellations leave both sides of the fraction"),
    ("lsr_target", 400, "Amazon.com help 202152050: below 4 %"),
    ("lsr_window_days", [10, 30], "Amazon.com help 202152050"),
    ("vtr_target", 9500, "Amazon.in help G201817070: 95 %"),
    ("vtr_window_days", [7, 30], "Amazon.in help G201817070"),
    ("otdr_target", 9000, "Amazon seller forum, on-time delivery rate: 90 %"),
    ("otdr_advised", 9500, "Amazon seller forum, on-time delivery rate: 95 %"),
    ("otdr_window_days", 14, "Amazon seller forum, on-time delivery rate"),
    ("otdr_delay_days", 7, "Amazon seller forum, on-time delivery rate"),
    ("odr_target", 100, "Amazon.com help G200285170: below 1 %"),
    ("odr_window_days", 60, "Amazon.com help G200285170"),
    ("message_answer_hours", 24, "Amazon.com help 200549770"),
    ("message_attachments_mb", 10, "Amazon.sg help 200389080"),
    ("message_attachments_max", 5, "Selling Partner API, Messaging model"),
    ("message_proactive_days", 30, "Amazon.com communication guidelines"),
    ("message_daily_factor", 5, "Amazon.co.uk seller forum: 5 times the average daily orders"),
    ("message_daily_floor", 600, "Amazon.co.uk seller forum: plus 600"),
    ("message_daily_window_days", 30, _UNVERIFIED),
    ("solicitation_from_days", 5, _UNVERIFIED),
    ("solicitation_until_days", 30, _UNVERIFIED),
    ("return_answer_hours", 24, "Amazon.com help G9DH343PLXALFTUW"),
    ("return_window_days", 30, "Amazon.com help G9N934L7Y4SFWPJ4"),
    ("return_extensions", [], _UNVERIFIED),
    ("return_keep_limit", 10, f"{_UNVERIFIED}: about what the way back costs"),
    ("return_idle_close_days", 50, "Amazon.com help WQ95DQ9UW4EF49F"),
    ("return_partial_close_days", 30, "Amazon.com help WQ95DQ9UW4EF49F"),
    ("return_method_days", 5, "Amazon.com help 201468550"),
    ("foreign_keep_limit", 0, f"{_UNVERIFIED}: known of one marketplace only"),
    ("refund_overdue_by", "marketplace", "Amazon.com help 200708210"),
    ("refund_first_scan_by", "marketplace", "Amazon.com help GYLYQWNG8LZ9JNJP"),
    ("refund_after_receipt_days", 2, "Amazon.com help 200708210"),
    ("refund_hold_minutes", 120, "Amazon.com help JM9HNSV9FXU9MP3"),
    ("refund_settle_days_min", 3, f"{_GUIDE}: 3 to 5 business days"),
    ("refund_settle_days_max", 5, f"{_GUIDE}: 3 to 5 business days"),
    ("refund_approval_limit", 500, _UNVERIFIED),
    ("concession_cap", 10_000, f"{_UNVERIFIED}: no more than the order was worth"),
    ("restocking_sellable", 0, "public articles on restocking fees: none in time and as sent"),
    ("restocking_sellable_late", 2_000, "public articles on restocking fees, 2012 and later: up to 20 %"),
    ("restocking_repack", 5_000, "public articles on restocking fees, 2012 and later: up to 50 %"),
    ("restocking_damaged", 5_000, "public articles on restocking fees, 2012 and later: up to 50 %"),
    ("restocking_opened_media", 10_000, "public articles on restocking fees, 2012 and later: up to 100 %"),
    ("claim_contact_hours", 48, "Amazon.com buyers' help 200783670"),
    ("claim_answer_hours", 72, "Amazon.com help G202041210"),
    ("claim_appeal_days", 30, "Amazon.com help G202041210"),
    ("claim_window_days", 90, "Amazon.com buyers' help 200783670"),
    ("claim_not_received_days", 3, "Amazon.com buyers' help 200783670"),
)

_SEVEN = AUTO_CANCEL_PRESETS["seven-business-days"]
_ELSEWHERE_7 = f"{_UNVERIFIED}: taken over from the North American and European notice of September 2020"
_NOTICE = "Amazon.com notice on the auto-cancellation timeline, September 2020"
_OWN: tuple[tuple[str, str, Any, date, str], ...] = (
    *(
        (country, "auto_cancel", _SEVEN, _NOTICE_2020, _NOTICE)
        for country in ("US", "GB", "DE", "FR", "IT", "ES", "NL", "SE")
    ),
    *(
        (country, "auto_cancel", _SEVEN, _NOTICE_2020, _ELSEWHERE_7)
        for country in ("CA", "MX", "SG", "AU", "PL", "TR", "AE", "EG", "BE", "IE", "ZA")
    ),
    ("BR", "auto_cancel", _SEVEN, _NOTICE_2020, "Amazon.com.br help 200197960"),
    ("JP", "auto_cancel", AUTO_CANCEL_PRESETS["legacy-30d"], ALWAYS, "Amazon.co.jp help 200197960"),
    (
        "SA",
        "auto_cancel",
        AUTO_CANCEL_PRESETS["three-days"],
        ALWAYS,
        "Amazon.sa help 200197960; another page says 5",
    ),
    ("IN", "auto_cancel", AUTO_CANCEL_PRESETS["twenty-four-hours"], ALWAYS, "Amazon.in help 200285210"),
    ("IN", "cr_target", 200, ALWAYS, "Amazon.in help 200285210: below 2 %"),
    ("JP", "self_cancel_minutes", 5, ALWAYS, "Amazon.co.jp help PNRJVBQMJRS942V"),
    ("JP", "refund_hold_minutes", 0, ALWAYS, "Amazon.co.jp help on refunds: at once"),
    (
        "US",
        "return_extensions",
        [{"placed_from": "2023-11-01", "placed_until": "2023-12-31", "until": "2024-01-31"}],
        date(2023, 11, 1),
        "public articles on the extended holiday returns of 2023",
    ),
    ("US", "foreign_keep_limit", 25, ALWAYS, "Amazon.com help 201468550: up to 25 USD"),
    ("JP", "return_keep_limit", 1_000, ALWAYS, _UNVERIFIED),
    ("IN", "return_keep_limit", 500, ALWAYS, _UNVERIFIED),
    ("JP", "refund_approval_limit", 50_000, ALWAYS, _UNVERIFIED),
    ("IN", "refund_approval_limit", 25_000, ALWAYS, _UNVERIFIED),
    ("MX", "refund_approval_limit", 10_000, ALWAYS, _UNVERIFIED),
    ("TR", "refund_approval_limit", 15_000, ALWAYS, _UNVERIFIED),
    ("SE", "refund_approval_limit", 5_000, ALWAYS, _UNVERIFIED),
    ("EG", "refund_approval_limit", 20_000, ALWAYS, _UNVERIFIED),
    ("ZA", "refund_approval_limit", 10_000, ALWAYS, _UNVERIFIED),
    ("AU", "claim_answer_hours", 48, ALWAYS, "Amazon.com.au help G1781"),
)


def seed_rows() -> tuple[PolicyRow, ...]:
    """All rows that a new installation begins with. Every key of KEYS has a value everywhere, on any day
    since 1995.
    """
    everywhere = (PolicyRow(EVERYWHERE, key, value, ALWAYS, source) for key, value, source in _EVERYWHERE)
    own = (PolicyRow(by_country(cc).id, key, value, day, source) for cc, key, value, day, source in _OWN)
    return (*everywhere, *own)
