"""The operations on refunds, returns, claims and the ledger, each with a good body and the scope that opens it."""

from typing import Any

from sellerdesk.domain.actors import Permission

P = Permission
GHOST = "111-1111111-1111111"
_ORDER = f"/orders/{GHOST}"
_RETURN = f"{_ORDER}/returns/RMA-GHOST"
_CLAIM = f"{_ORDER}/claims/A"
_MONEY = {"amount": "0.01", "currencyCode": "USD"}
_REFUND = {"reason": "general_adjustment", "mode": "goodwill", "amount": _MONEY}
_MANY = {"refunds": [_REFUND | {"orderNumber": GHOST}]}
_AT = "2026-01-01T00:00:00Z"
_VERDICT = {"granted": True, "fault": "seller"}
_TEXT = {"text": "It was delivered on Friday."}
_ASKED = {"reason": "quality", "lines": [{"itemNumber": "1", "units": 1}]}
_CHARGEBACK = {"reference": "CB", "kind": "fraud", "amount": _MONEY, "at": _AT}

AFTERSALES: list[tuple[str, str, Any, P]] = [
    ("POST", f"{_ORDER}/refunds", _REFUND, P.REFUNDS_MAKE),
    ("POST", f"{_ORDER}/refunds/preview", _REFUND, P.REFUNDS_MAKE),
    ("GET", f"{_ORDER}/refunds", None, P.ORDERS_READ),
    ("GET", f"{_ORDER}/refunds/A", None, P.ORDERS_READ),
    ("POST", f"{_ORDER}/refunds/A/undo", {}, P.REFUNDS_MAKE),
    ("POST", f"{_ORDER}/refunds/A/approve", {}, P.REFUNDS_APPROVE),
    ("POST", "/refunds", _MANY, P.REFUNDS_MAKE),
    ("POST", "/refunds/preview", _MANY, P.REFUNDS_MAKE),
    ("GET", "/refunds", None, P.ORDERS_READ),
    ("POST", f"{_ORDER}/returns", _ASKED, P.RETURNS_REQUEST),
    ("GET", _RETURN, None, P.ORDERS_READ),
    ("POST", f"{_RETURN}/authorization", {}, P.RETURNS_HANDLE),
    ("POST", f"{_RETURN}/closing", {"reason": "solved", "comment": "As agreed."}, P.RETURNS_HANDLE),
    ("POST", f"{_RETURN}/withdrawal", {}, P.RETURNS_REQUEST),
    ("POST", f"{_RETURN}/scans", {"kind": "IN_TRANSIT", "at": _AT}, P.PARCELS_REPORT),
    ("POST", f"{_RETURN}/receipt", {}, P.RETURNS_RECEIVE),
    (
        "POST",
        f"{_RETURN}/inspection",
        {"grades": [{"itemNumber": "1", "grade": "repack"}]},
        P.RETURNS_RECEIVE,
    ),
    ("GET", "/returns", None, P.ORDERS_READ),
    ("GET", "/return-settings", None, P.RETURN_SETTINGS),
    ("PUT", "/return-settings/ATVPDKIKX0DER", {"automatic": "all"}, P.RETURN_SETTINGS),
    ("GET", "/return-rules", None, P.RETURN_SETTINGS),
    ("POST", "/return-rules", {"effect": "manual"}, P.RETURN_SETTINGS),
    ("DELETE", "/return-rules/1234567", None, P.RETURN_SETTINGS),
    ("GET", f"{_ORDER}/claim-options", None, P.ORDERS_READ),
    ("GET", f"{_ORDER}/claims", None, P.ORDERS_READ),
    ("POST", f"{_ORDER}/claims", {"kind": "not_received"}, P.CLAIMS_FILE),
    ("GET", _CLAIM, None, P.ORDERS_READ),
    ("POST", f"{_CLAIM}/ask", {}, P.CLAIMS_DECIDE),
    ("POST", f"{_CLAIM}/answer", _TEXT, P.CLAIMS_HANDLE),
    ("POST", f"{_CLAIM}/withdrawal", {}, P.CLAIMS_FILE),
    ("POST", f"{_CLAIM}/appeal", _TEXT, P.CLAIMS_HANDLE),
    ("POST", f"{_CLAIM}/appeal/ask", {}, P.CLAIMS_DECIDE),
    ("POST", f"{_CLAIM}/appeal/answer", _TEXT, P.CLAIMS_HANDLE),
    ("POST", f"{_CLAIM}/decision", _VERDICT, P.CLAIMS_DECIDE),
    ("POST", f"{_CLAIM}/decision/preview", _VERDICT, P.CLAIMS_DECIDE),
    ("POST", f"{_CLAIM}/appeal/decision", {"money": True, "defect": True}, P.CLAIMS_DECIDE),
    ("GET", "/claims", None, P.ORDERS_READ),
    ("POST", f"{_ORDER}/feedback", {"rating": 1, "at": _AT}, P.FEEDBACK_REPORT),
    ("POST", f"{_ORDER}/feedback/removal", {"reason": "buyer"}, P.FEEDBACK_REPORT),
    ("POST", f"{_ORDER}/chargebacks", _CHARGEBACK, P.FEEDBACK_REPORT),
    ("POST", f"{_ORDER}/chargebacks/A/closing", {"outcome": "won"}, P.FEEDBACK_REPORT),
    (
        "POST",
        f"{_ORDER}/fees",
        {"reference": "f", "kind": "commission", "amount": _MONEY},
        P.PAYMENTS_REPORT,
    ),
    ("POST", "/payouts", {"reference": "p", "currencyCode": "USD"}, P.PAYMENTS_REPORT),
    ("GET", "/balances", None, P.MONEY_READ),
]
