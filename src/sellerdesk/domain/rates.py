"""The cancellation rate: a fraction of orders, its cohort and its two denominators (S3-31 to S3-34; C22; T01, T02).

The cohort is the seller-fulfilled orders of one seller and marketplace that were *placed* in the window, so that the
numerator is always a part of the denominator. An order is counted once, however many of its units were cancelled in
how many steps. All comparisons are made in whole numbers; a rate is only rounded to be shown.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

_WHOLE = 10_000  # basis points


class Denominator(StrEnum):
    """Whether orders that the buyer cancelled, or asked in the account to cancel, leave the denominator too (C22)."""

    STRICT = "strict"
    OFFICIAL = "official"


class Standing(StrEnum):
    """Where a rate stands. At exactly the target it is at risk (C4)."""

    GOOD = "good"
    AT_RISK = "at_risk"
    NONE = "none"  # no orders in the window: there is no rate (T02)


@dataclass(frozen=True, slots=True)
class RatePolicy:
    """The policy values that a rate is measured by; fields are named like their keys."""

    cr_target: int  # basis points
    cr_window_days: int
    cr_denominator: str


@dataclass(frozen=True, slots=True)
class CancellationRate:
    """The rate of one marketplace at one moment.

    `orders`: seller-fulfilled orders placed in the window (after `since`, up to and with `at`). `counted` of them were
    cancelled in a way that counts; `left` of them were cancelled as the buyer wanted, so that they leave the strict
    denominator.
    """

    marketplace_id: str
    at: datetime
    orders: int
    counted: int
    left: int
    policy: RatePolicy

    @property
    def since(self) -> datetime:
        return self.at - timedelta(days=self.policy.cr_window_days)

    @property
    def base(self) -> int:
        """The denominator that the policy names."""
        return self.base_of(Denominator(self.policy.cr_denominator))

    def base_of(self, denominator: Denominator) -> int:
        return self.orders - self.left if denominator is Denominator.STRICT else self.orders

    @property
    def basis_points(self) -> int | None:
        """The rate in basis points, rounded half up, for showing only; None without orders."""
        return self.basis_points_of(self.counted, self.base)

    @staticmethod
    def basis_points_of(counted: int, base: int) -> int | None:
        """A fraction in basis points, rounded half up; None of nothing."""
        return None if base == 0 else (counted * 2 * _WHOLE + base) // (2 * base)

    @property
    def standing(self) -> Standing:
        return self.standing_of(Denominator(self.policy.cr_denominator))

    def standing_of(self, denominator: Denominator) -> Standing:
        base = self.base_of(denominator)
        if base == 0:
            return Standing.NONE
        return Standing.AT_RISK if self.counted * _WHOLE >= self.policy.cr_target * base else Standing.GOOD

    @property
    def headroom(self) -> int:
        """How many more cancellations that count keep the rate below the target; 0 when it is at risk already.

        A cancelled order stays in the denominator, so only the numerator grows.
        """
        if self.base == 0:
            return 0
        most = (self.policy.cr_target * self.base - 1) // _WHOLE
        return max(0, min(most, self.base) - self.counted)

    @property
    def clean_orders_needed(self) -> int:
        """How many more orders without a cancellation bring an endangered rate below the target; 0 when it is good."""
        if self.standing is not Standing.AT_RISK or self.policy.cr_target == 0:
            return 0
        return self.counted * _WHOLE // self.policy.cr_target + 1 - self.base

    def covers(self, placed_at: datetime) -> bool:
        """Whether an order placed then is in the window."""
        return self.since < placed_at <= self.at

    def after(self, *, counts: bool = False, leaves: bool = False, enters: int = 0) -> "CancellationRate":
        """The rate with one more order counted, one more that leaves, or `enters` more orders placed."""
        return replace(
            self,
            orders=self.orders + enters,
            counted=self.counted + int(counts),
            left=self.left + int(leaves),
        )

    def what_if(self, *, cancellations: int, orders: int) -> "CancellationRate":
        """The rate with more orders placed, and then more of all its orders cancelled in a way that counts."""
        more = self.after(enters=orders)
        return replace(more, counted=min(self.counted + cancellations, more.orders - more.left))


def percent(basis_points: int | None) -> str:
    """A rate for plain texts: "2.50", or "" when there is none."""
    return "" if basis_points is None else f"{basis_points / 100:.2f}"
