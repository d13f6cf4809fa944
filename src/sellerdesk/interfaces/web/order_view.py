"""The order page's own view of an order: every text worded, nothing left for the template but to place it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sellerdesk.domain.lifecycle import PackageStatus, actions, nothing_to_do
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.orders import OPEN, Channel, Status
from sellerdesk.domain.tracking import TrackingWarning, check, tracking_url
from sellerdesk.interfaces.web import cancel_words, order_words, words
from sellerdesk.interfaces.web.formats import Moment, language, moment, money, span, visible
from sellerdesk.interfaces.web.order_checks import Check, before_shipping
from sellerdesk.interfaces.web.order_items import by_component, item_row, money_back
from sellerdesk.interfaces.web.timeline import FIELDS, Reader, said
from sellerdesk.looks import when
from sellerdesk.queries.order_detail import DeadlineView, OrderDetail, PackageView


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the order's way. `state` is done, current or todo."""

    label: str
    state: str
    at: Moment | None


@dataclass(frozen=True, slots=True)
class Banner:
    tone: str
    icon: str
    text: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Countdown:
    """How long until something is due; `pattern_due` feeds the script that keeps it ticking."""

    label: str
    iso: str
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    label: str
    at: Moment
    state: str
    tone: str
    policy: str


class OrderView:
    """An order in words, for one reader."""

    def __init__(self, order: OrderDetail, reader: Reader) -> None:
        self.order = order
        self.reader = reader
        label, self.status_icon, self.status_tone = words.STATUSES[order.status]
        self.status = str(label)
        self.channel = str(words.CHANNELS[order.channel])

    def at(self, instant: datetime | None) -> Moment | None:
        """An instant of this order for the page."""
        if instant is None:
            return None
        return moment(instant, self.order.marketplace_id, self.reader.zone, self.reader.now)

    @property
    def is_open(self) -> bool:
        return self.order.status in OPEN and self.order.channel is Channel.MFN

    @property
    def actions(self) -> tuple[str, ...]:
        """What can be done with the order in this installation: later capabilities are left out, not dead."""
        offered = actions(self.order.status, self.order.channel)
        return tuple(action for action in offered if action in words.ACTIONS)

    # --- The head ---

    @property
    def steps(self) -> list[Step]:
        order = self.order
        if order.status in (Status.CANCELED, Status.UNFULFILLABLE):
            end = Step(self.status, "ended", self.at(order.cancelled_at))
            return [Step(_("Placed"), "done", self.at(order.placed_at)), end]
        paid = order.payment_state == "authorized" and not (order.is_waiting and order.channel == "MFN")
        shipped = order.status in (Status.SHIPPED, Status.INVOICE_UNCONFIRMED)
        partly = order.status is Status.PARTIALLY_SHIPPED
        marks = [
            (_("Placed"), True, order.placed_at),
            (_("Paid"), paid, order.ready_at),
            (_("Unshipped"), paid and not order.is_waiting, None),
            (
                words.STATUSES[Status.PARTIALLY_SHIPPED][0] if partly else _("Shipped"),
                shipped or partly,
                order.confirmed_at,
            ),
            (_("Delivered"), order.delivered_at is not None, order.delivered_at),
        ]
        reached = max(position for position, mark in enumerate(marks) if mark[1])
        return [
            Step(
                str(label),
                "current" if position == reached else ("done" if position < reached else "todo"),
                self.at(instant if done else None),
            )
            for position, (label, done, instant) in enumerate(marks)
        ]

    @property
    def countdown(self) -> Countdown | None:
        order = self.order
        if not self.is_open or order.latest_ship_at is None or order.confirmed_at is not None:
            return None
        late = order.latest_ship_at < self.reader.now
        text = when.countdown(order.latest_ship_at, self.reader.now, language())
        soon = order.latest_ship_at - self.reader.now < timedelta(hours=24)
        tone = "bad" if late else ("warn" if soon else "ok")
        return Countdown(_("Ship by"), when.iso(order.latest_ship_at), text, tone)

    @property
    def banners(self) -> list[Banner]:
        return [*self._cancellation(), *self._lateness(), *self._waiting(), *self._parcels()]

    def _cancellation(self) -> Iterator[Banner]:
        order = self.order
        warning = next((row for row in order.deadlines if row.kind == "auto_cancel_warning"), None)
        due = order.warned_at is not None or (warning is not None and warning.due_at <= self.reader.now)
        if self.is_open and due and (limit := self.at(order.auto_cancel_at)):
            text = _("Confirm shipment before %(date)s to avoid order cancellation") % {"date": limit.market}
            if order.status is Status.PARTIALLY_SHIPPED:
                text = _("Confirm the rest before %(date)s, or it is cancelled") % {"date": limit.market}
            yield Banner("bad", "triangle-alert", text, _paren(limit.own, limit.away))

    def _lateness(self) -> Iterator[Banner]:
        order = self.order
        countdown = self.countdown
        if countdown and countdown.tone == "bad" and order.latest_ship_at:
            late = span(self.reader.now - order.latest_ship_at)
            text = _("Late by %(span)s: confirming now counts as late.") % {"span": late}
            yield Banner("bad", "clock", text)
        elif order.is_late:
            yield Banner("warn", "clock", _("This order was confirmed late. Later edits do not change that."))

    def _waiting(self) -> Iterator[Banner]:
        order = self.order
        why = nothing_to_do(order.status, order.channel, order.pending_reason)
        if not why:
            return
        more = ""
        if order.is_waiting:
            more = _("Pending for %(span)s.") % {"span": span(self.reader.now - order.placed_at)}
        elif order.status is Status.CANCELED and (at := self.at(order.cancelled_at)):
            more = self._cancelled(at)
        yield Banner(
            "info",
            "warehouse" if order.channel is Channel.AFN else "info",
            str(words.NOTHING_TO_DO[why]),
            more,
        )

    def _cancelled(self, at: Moment) -> str:
        by = order_words.CANCELLERS.get(self.order.cancelled_by)
        if by is None:
            return _("Cancelled on %(date)s.") % {"date": at.market}
        done = _("Cancelled on %(date)s by %(who)s.") % {"date": at.market, "who": by}
        reason = cancel_words.reason(self.order.cancel_reason)
        return " ".join((done, _("Reason: %(why)s.") % {"why": reason})) if reason else done

    def _parcels(self) -> Iterator[Banner]:
        for package in self.order.packages:
            if package.status in (PackageStatus.UNDELIVERABLE, PackageStatus.RETURNING):
                label = words.PACKAGE_STATUSES[package.status]
                named = {"n": visible(package.reference), "status": label}
                yield Banner("warn", "truck", _("Package %(n)s: %(status)s") % named)

    # --- Items, packages ---

    @property
    def items(self) -> list[dict[str, Any]]:
        sees = self.reader.sees_money and not self.order.is_waiting
        return [item_row(item, self.order.currency, sees_money=sees) for item in self.order.items]

    @property
    def has_returned(self) -> bool:
        """Whether anything came back, which takes a column of its own."""
        return any(item.returned for item in self.order.items)

    @property
    def has_refunded(self) -> bool:
        """Whether money went back, or is about to."""
        return any(money_back(item) for item in self.order.items)

    @property
    def packages(self) -> list[dict[str, Any]]:
        return [self._package(package) for package in self.order.packages]

    def _package(self, package: PackageView) -> dict[str, Any]:
        items = {item.item_number: item for item in self.order.items}
        open_to_edit = "edit_shipment" in self.actions and package.status not in ("DELIVERED", "CANCELLED")
        warning = check(package.carrier_code, package.tracking) if package.tracking else None
        return {
            "reference": package.reference,
            "name": visible(package.reference),
            "carrier": visible(order_words.carrier(package.carrier_code, package.carrier_name)),
            "service": visible(package.service),
            "tracking": visible(package.tracking),
            "url": tracking_url(package.carrier_code, package.tracking),
            "warning": tracking_warning(warning) if warning else "",
            "shipped": self._day(package.shipped_at),
            "confirmed": self.at(package.confirmed_at),
            "late": package.is_late,
            "is_ours": self.order.channel is Channel.MFN,
            "status": words.PACKAGE_STATUSES.get(package.status, package.status),
            "tone": order_words.PACKAGE_TONES.get(PackageStatus(package.status), ""),
            "delivered": self.at(package.delivered_at),
            "memo": visible(package.memo),
            "lines": [
                (
                    visible(items[number].title if number in items else number),
                    visible(items[number].sku if number in items else ""),
                    count,
                )
                for number, count in package.lines
            ],
            "events": [
                (
                    order_words.PARCEL_EVENTS.get(event.kind, event.kind),
                    visible(event.where),
                    self.at(event.at),
                )
                for event in reversed(package.events)
            ],
            "versions": self._versions(package),
            "can_edit": open_to_edit,
        }

    def _day(self, instant: datetime | None) -> str:
        return when.day(instant, self.reader.zone, self.reader.now, language()) if instant else ""

    def _versions(self, package: PackageView) -> list[dict[str, Any]]:
        """What each edit changed, the newest first; a package that was never edited has none."""
        found = []
        for old, new in zip(package.versions, package.versions[1:], strict=False):
            changes = [
                (
                    str(FIELDS.get(name, name)),
                    said(name, old.facts.get(name), self.order, self.reader),
                    said(name, value, self.order, self.reader),
                )
                for name, value in new.facts.items()
                if value != old.facts.get(name)
            ]
            found.append(
                {"version": new.version, "by": visible(new.by), "at": self.at(new.at), "changes": changes}
            )
        return found[::-1]

    # --- The right column ---

    @property
    def deadlines(self) -> list[DeadlineRow]:
        return [self._deadline(row) for row in self.order.deadlines]

    def _deadline(self, row: DeadlineView) -> DeadlineRow:
        at = moment(row.due_at, self.order.marketplace_id, self.reader.zone, self.reader.now)
        state, tone = {
            "open": (at.away, "warn" if row.due_at < self.reader.now else "info"),
            "fired": (_("happened late") if row.was_late else _("happened"), ""),
            "void": (pgettext("deadline", "no longer applies"), ""),
        }[row.state]
        label = order_words.DEADLINES.get(row.kind, row.kind)  # type: ignore[call-overload]
        return DeadlineRow(str(label), at, state, tone, order_words.policy(row.policy_key, row.policy_value))

    @property
    def money_rows(self) -> list[tuple[str, str]]:
        """The order's money by component, over all items."""
        sums: dict[str, int] = {}
        charges = [charge for item in self.order.items for charge in item.charges]
        for charge in sorted(charges, key=by_component):
            sums[charge.component] = sums.get(charge.component, 0) + charge.amount
        return [
            (str(order_words.COMPONENTS.get(component, component)), money(amount, self.order.currency))  # type: ignore[call-overload]
            for component, amount in sums.items()
            if amount
        ]

    @property
    def total(self) -> str:
        order = self.order
        if order.is_waiting:
            return ""
        parts = [charge.amount for item in order.items for charge in item.charges]
        value = sum(parts) if parts else order.total
        return "" if value is None else money(value, order.currency)

    @property
    def charged(self) -> str:
        return money(
            sum(charge.charged for item in self.order.items for charge in item.charges), self.order.currency
        )

    @property
    def received(self) -> str:
        """What the ledger says; shown beside the charges when the two do not agree."""
        charged = sum(charge.charged for item in self.order.items for charge in item.charges)
        return "" if charged == self.order.received else money(self.order.received, self.order.currency)

    @property
    def memos(self) -> list[tuple[str, str]]:
        return [(visible(one.reference), visible(one.memo)) for one in self.order.packages if one.memo]

    # --- Facts for the right column ---

    @property
    def placed(self) -> Moment | None:
        return self.at(self.order.placed_at)

    @property
    def ship_by(self) -> Moment | None:
        return self.at(self.order.latest_ship_at)

    @property
    def marketplace(self) -> str:
        return by_id(self.order.marketplace_id).name

    @property
    def service(self) -> str:
        return visible(self.order.ship_service)

    @property
    def ship_to(self) -> list[str]:
        """The address as a label, with the country in the reader's language and the phone last."""
        address = self.order.address
        if address is None:
            return []
        country = when.locale_of(language()).territories.get(address.country, address.country)
        return [visible(str(line)) for line in (*address.block, country, address.phone) if line]

    @property
    def ship_to_text(self) -> str:
        return "\n".join(self.ship_to)

    @property
    def contact(self) -> list[tuple[str, str]]:
        buyer = self.order.buyer
        if buyer is None:
            return []
        found = [
            (_("Buyer"), buyer.name),
            (_("Company"), buyer.company),
            (_("E-mail"), buyer.email),
            (_("Phone"), buyer.phone),
            (_("Purchase order"), buyer.purchase_order),
        ]
        return [(label, visible(value)) for label, value in found if value]

    @property
    def checks(self) -> list[Check]:
        """What to go through before shipping."""
        return before_shipping(self.order, self.reader) if self.is_open else []


def tracking_warning(warning: TrackingWarning) -> str:
    """What looks wrong with a tracking number."""
    if warning is TrackingWarning.CHECKSUM_WRONG:
        return _("The check digit of this number is wrong: a digit may be mistyped.")
    return _("This does not look like a number of this carrier.")


def _paren(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
