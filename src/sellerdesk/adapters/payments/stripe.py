"""Refunds at Stripe: keyed requests, and our key in each refund's metadata, so that it is found when the provider has
forgotten the request's own key (after about a day).

Nothing that the provider says in words is passed on: its sentences may quote names, cards and keys.
"""

from dataclasses import dataclass
from typing import Any

import stripe

from sellerdesk.adapters.payments.base import Payments, PaymentsUnavailable, PaymentUnknown, Payout, Receipt
from sellerdesk.domain.money import exponent

API = "https://api.stripe.com"
SECONDS = 20.0  # one call's time to connect, and to answer
KEY, ORDER = "sellerdesk_key", "order_number"  # names in the provider's metadata
PAGE = 100
_STATES = {
    "succeeded": "done",
    "pending": "underway",
    "requires_action": "underway",
    "failed": "failed",
    "canceled": "failed",
}
# What a refund can never be paid for; any other refusal is somebody's to put right, and the refund waits for it.
_NEVER = frozenset({"charge_already_refunded", "charge_disputed", "refund_disputed_payment"})
_DID_NOTHING = (
    stripe.InvalidRequestError,
    stripe.AuthenticationError,
    stripe.PermissionError,
    stripe.RateLimitError,
)
# The provider counts some currencies otherwise than ISO 4217.
_DECIMALS = {"ISK": 2, "UGX": 2, "MGA": 0}


@dataclass(frozen=True, slots=True)
class StripeAccount:
    """Whose money: the secret key, and where the provider is."""

    key: str
    url: str = API
    seconds: float = SECONDS

    def __repr__(self) -> str:
        return f"StripeAccount(url={self.url!r})"


class StripePayments(Payments):
    """Pays refunds of payments that the storefront took through the same account."""

    def __init__(self, account: StripeAccount) -> None:
        stripe.enable_telemetry = False
        self._client = stripe.StripeClient(
            account.key,
            base_addresses={"api": account.url},
            http_client=stripe.RequestsClient(timeout=account.seconds),
            max_network_retries=0,  # whether to ask again is decided by who has the books
        )

    def pay_back(self, payout: Payout) -> Receipt:
        """Refund a part of the buyer's payment; see `Payments.pay_back`."""
        amount = _theirs(payout.amount, payout.currency)
        if amount is None:
            return Receipt(payout.key, payout.amount, payout.currency, "failed", "", "amount_not_possible")
        asked: Any = {
            **_named(self._payment(payout)),
            "amount": amount,
            "metadata": {KEY: payout.key, ORDER: payout.order_number},
        }
        try:
            refund = self._client.v1.refunds.create(asked, {"idempotency_key": payout.key})
        except stripe.StripeError as error:
            return _refused(payout, error)
        return _receipt(payout.key, [refund.to_dict()])

    def look_up(self, payout: Payout) -> Receipt | None:
        """Look for our key in the metadata of the payment's refunds; several that went count as their sum."""
        try:
            asked: Any = {**_named(self._payment(payout)), "limit": PAGE}
            every = (one.to_dict() for one in self._client.v1.refunds.list(asked).auto_paging_iter())
            found = [one for one in every if (one.get("metadata") or {}).get(KEY) == payout.key]
        except stripe.StripeError as error:
            raise PaymentsUnavailable(_code(error)) from None
        return _receipt(payout.key, found) if found else None

    def _payment(self, payout: Payout) -> str:
        """The provider's name of the buyer's payment. :raises PaymentsUnavailable: it cannot be told which it is."""
        if payout.payment:
            return payout.payment
        asked: Any = {
            "query": f"metadata['{ORDER}']:'{payout.order_number}' AND status:'succeeded'",
            "limit": 2,
        }
        try:
            found = self._client.v1.payment_intents.search(asked).data
        except stripe.StripeError as error:
            raise PaymentsUnavailable(_code(error)) from None
        if len(found) != 1:
            raise PaymentsUnavailable("several_payments" if found else "no_payment")
        return str(found[0].id)


def _named(payment: str) -> dict[str, str]:
    return {"charge" if payment.startswith(("ch_", "py_")) else "payment_intent": payment}


def _receipt(key: str, refunds: list[dict[str, Any]]) -> Receipt:
    """What refunds under one key come to: those that went or may still go, else what failed."""
    alive = [one for one in refunds if _STATES.get(one["status"]) != "failed"] or refunds[:1]
    states = {_STATES.get(one["status"], "underway") for one in alive}
    state = "underway" if "underway" in states else states.pop()
    first = alive[0]
    currency = str(first["currency"]).upper()
    amount = sum(_ours(int(one["amount"]), currency) for one in alive)
    error = str(first.get("failure_reason") or first["status"]) if state == "failed" else ""
    return Receipt(key, amount, currency, state, str(first["id"]), error)


def _refused(payout: Payout, error: stripe.StripeError) -> Receipt:
    """What an error of a refund's request means: never, not now, or nobody knows."""
    if isinstance(error, stripe.CardError) or (
        isinstance(error, stripe.InvalidRequestError) and error.code in _NEVER
    ):
        return Receipt(payout.key, payout.amount, payout.currency, "failed", "", _code(error))
    if isinstance(error, _DID_NOTHING):
        raise PaymentsUnavailable(_code(error)) from None
    raise PaymentUnknown(_code(error)) from None


def _code(error: stripe.StripeError) -> str:
    """An error in the provider's own code words, without its sentence."""
    parts = (type(error).__name__, str(error.http_status or ""), str(getattr(error, "code", "") or ""))
    return " ".join(part for part in parts if part)[:100]


def _theirs(amount: int, currency: str) -> int | None:
    """Our minor units as the provider counts them; None where it cannot count them."""
    more = _DECIMALS.get(currency, exponent(currency)) - exponent(currency)
    if more < 0 and amount % 10**-more:
        return None
    counted = amount * 10**more if more >= 0 else amount // 10**-more
    # Of three decimals the provider knows two, and wants the third to be zero.
    return None if exponent(currency) == 3 and counted % 10 else counted


def _ours(amount: int, currency: str) -> int:
    more = _DECIMALS.get(currency, exponent(currency)) - exponent(currency)
    return amount // int(10**more) if more >= 0 else amount * int(10**-more)
