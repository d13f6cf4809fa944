"""An order left alone: warned once, cancelled once, nobody charged, by its marketplace's policy (S0-15 to S0-20)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests import build

from sellerdesk.adapters.mail.base import Letter
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.verify import verify


@dataclass(frozen=True)
class Case:
    """Local moments of one marketplace; `cancel_day` is how its letters say the day."""

    country: str
    placed: str
    warned: str
    cancelled: str
    cancel_day: str
    policy: dict[str, Any] | None = None  # the operator's own, from that year on

    def at(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(by_country(self.country).zone))


CASES = [
    # 30 days after the order, no summer time.
    Case("JP", "2027-03-01 10:00", "2027-03-24 10:00", "2027-03-31 10:00", "March 31, 2027"),
    # 24 hours after ship-by: shorter than the warning's week, so the warning comes at ship-by.
    Case("IN", "2027-03-01 10:00", "2027-03-03 23:59:59", "2027-03-04 23:59:59", "March 4, 2027"),
    # 3 days after ship-by; Friday and Saturday are its weekend.
    Case("SA", "2027-03-01 10:00", "2027-03-03 23:59:59", "2027-03-06 23:59:59", "March 6, 2027"),
    # 7 business days after ship-by, across the change to summer time on 14 March.
    Case("US", "2027-03-04 10:00", "2027-03-10 23:59:59", "2027-03-17 23:59:59", "March 17, 2027"),
    # The same across the European change on 28 March, with Good Friday and Easter Monday in between.
    Case("DE", "2027-03-18 10:00", "2027-03-26 23:59:59", "2027-04-02 23:59:59", "April 2, 2027"),
    # An operator who keeps to 30 days after the order: the same wall time, 30 local days later (T03).
    Case(
        "US",
        "2027-03-01 10:00",
        "2027-03-24 10:00",
        "2027-03-31 10:00",
        "March 31, 2027",
        {"kind": "calendar_days_after_order", "n": 30},
    ),
]
SECOND = timedelta(seconds=1)


def order_of(seller: int, case: Case) -> str:
    if case.policy:
        build.change(
            "INSERT INTO policies (marketplace_id, key, value, valid_from, source, edited_by)"
            " VALUES (%s, 'auto_cancel', jsonb_build_object('kind', %s::text, 'n', %s::int),"
            " '2027-01-01', 'test', 'operator') ON CONFLICT DO NOTHING",
            [by_country(case.country).id, case.policy["kind"], case.policy["n"]],
        )
    return build.a_paid_order(seller, country=case.country, at=case.at(case.placed))


def order_row(seller: int) -> tuple[Any, ...]:
    return build.everything(
        "SELECT status, warned_at, cancelled_at, cancelled_by, cancel_reason FROM orders WHERE seller_id = %s",
        [seller],
    )[0]


def broken_rules() -> list[object]:
    return [violation for finding in verify() for violation in finding.violations]


def letters_of(letters: list[Letter], words: str) -> list[Letter]:
    return [letter for letter in letters if words in letter.subject]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.country}-{case.cancelled[:10]}")
def test_it_is_warned_once_and_cancelled_once(committed: None, case: Case) -> None:
    seller = build.a_seller(countries=[case.country])
    number = order_of(seller, case)
    letters: list[Letter] = []

    def pass_to(moment: datetime) -> tuple[Any, ...]:
        for _ in range(2):  # a sweep that finds nothing left must change nothing
            sweep(moment)
            letters.extend(build.mails(moment)[0])
        return order_row(seller)

    warned, cancelled = case.at(case.warned), case.at(case.cancelled)
    assert pass_to(warned - SECOND)[1] is None
    assert not letters_of(letters, "to avoid order cancellation")

    assert pass_to(warned)[:2] == ("Unshipped", warned)
    (warning,) = letters_of(letters, "to avoid order cancellation")
    assert f"Confirm shipment before {case.cancel_day} to avoid order cancellation" in warning.subject
    assert f"{case.cancel_day} {cancelled:%H:%M}" in warning.text
    assert number in warning.text
    assert warning.to == ("seller@lantern.example",)

    assert pass_to(cancelled - SECOND)[0] == "Unshipped"
    assert pass_to(cancelled) == ("Canceled", warned, cancelled, "AMAZON", "ship_confirmation_missing")
    assert pass_to(cancelled + timedelta(days=60)) == (
        "Canceled",
        warned,
        cancelled,
        "AMAZON",
        "ship_confirmation_missing",
    )

    assert len(letters_of(letters, "to avoid order cancellation")) == 1
    assert [one.to for one in letters_of(letters, "was cancelled automatically")] == [
        ("seller@lantern.example",)
    ]
    assert [one.to for one in letters_of(letters, "Your order")] == [("ada.quill@buyer.example",)]
    assert len({one.message_id for one in letters}) == len(letters)
    assert build.everything("SELECT sum(charged), count(*) FROM charges") == [(0, 2)]
    assert build.everything("SELECT count(*) FROM ledger_transactions") == [(0,)]
    assert build.everything("SELECT facts ->> 'cause' FROM journal WHERE kind = 'order_auto_cancelled'") == [
        ("",)
    ]
    assert broken_rules() == []


def state(seller: int) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a life leaves behind, without the moments at which somebody looked."""
    asked = {
        "orders": "SELECT marketplace_id, status, units_shipped, units_cancelled, cancelled_by, cancel_reason,"
        " warned_at IS NOT NULL, auto_cancel_at, version FROM orders WHERE seller_id = %s ORDER BY id",
        "items": "SELECT ordered, shipped, cancelled FROM order_items WHERE seller_id = %s ORDER BY id",
        "charges": "SELECT component, charged FROM charges WHERE seller_id = %s ORDER BY id",
        "deadlines": "SELECT kind, due_at, state FROM deadlines WHERE seller_id = %s ORDER BY id",
        "journal": "SELECT o.marketplace_id, o.placed_at, j.kind FROM journal j JOIN orders o ON o.id = j.order_id"
        " WHERE j.seller_id = %s ORDER BY o.id, j.id",
        "mails": "SELECT o.placed_at, m.kind, m.reader, m.state FROM mails m JOIN orders o ON o.id = m.order_id"
        " WHERE m.seller_id = %s ORDER BY 1, 2, 3",
    }
    return {name: build.everything(sql, [seller]) for name, sql in asked.items()}


def test_one_jump_and_many_steps_lead_to_the_same_state(committed: None) -> None:
    """I12. Only the record of when it happened differs, and whether the warning came in time (I21)."""
    end = datetime.fromisoformat("2027-05-01T00:00:00+00:00")
    lives = []
    for step in (timedelta(hours=13), timedelta(days=90)):
        seller = build.a_seller(countries=sorted({case.country for case in CASES}))
        for case in CASES[:-1]:
            order_of(seller, case)
        moment = datetime.fromisoformat("2027-03-01T00:00:00+00:00")
        while moment < end:
            moment = min(moment + step, end)
            sweep(moment)
            build.mails(moment)
        lives.append(state(seller))
    assert lives[0] == lives[1]
    assert [row[1] for row in lives[1]["orders"]] == ["Canceled"] * 5
    assert broken_rules() == []


def test_after_a_long_absence_the_warning_is_journalled_first_and_the_cause_recorded(committed: None) -> None:
    """P24, I21: a warning that comes after the cancellation's instant was none."""
    seller = build.a_seller()
    order_of(seller, CASES[3])
    late = CASES[3].at(CASES[3].cancelled) + timedelta(days=2)
    assert sweep(late).late == 4
    kinds = build.everything("SELECT kind, facts ->> 'cause' FROM journal ORDER BY id")
    assert kinds[-2:] == [("auto_cancel_warned", None), ("order_auto_cancelled", "warning_missed")]
    letters, _ = build.mails(late)
    (warning,) = letters_of(letters, "to avoid order cancellation")
    assert "this warning should have reached you earlier" in warning.text
    (gone,) = letters_of(letters, "was cancelled automatically")
    assert "did not reach you in time" in gone.text
    assert broken_rules() == []


def test_what_was_shipped_in_time_stays_and_only_the_rest_is_cancelled(committed: None) -> None:
    seller = build.a_seller()
    (number,) = build.paid_orders(seller, [build.with_quantities(build.a_document(), 3)])
    ((item,),) = build.everything("SELECT item_number FROM order_items")
    build.ship(seller, number, at=build.PLACED + timedelta(days=1), lines={item: 2})
    charged = build.everything("SELECT component, charged FROM charges ORDER BY component")
    sweep(build.PLACED + timedelta(days=40))
    assert build.everything("SELECT status, units_shipped, units_cancelled FROM orders") == [
        ("Shipped", 2, 1)
    ]
    assert build.everything("SELECT component, charged FROM charges ORDER BY component") == charged
    assert build.everything("SELECT state, count(*) FROM deadlines GROUP BY 1") == [("fired", 4)]
    assert broken_rules() == []


def test_a_shipped_order_is_left_in_peace(committed: None) -> None:
    seller = build.a_seller()
    build.a_shipped_order(seller)
    before = state(seller)
    assert sweep(build.PLACED + timedelta(days=90)).done == 0
    assert state(seller) == before


def test_the_journal_of_each_order_is_in_the_order_of_its_deadlines(committed: None) -> None:
    seller = build.a_seller(countries=["US", "JP"])
    for day in range(3):
        for country in ("US", "JP"):
            build.a_paid_order(seller, country=country, at=build.PLACED + timedelta(days=day))
    sweep(build.PLACED + timedelta(days=60))
    fired = build.everything(
        "SELECT order_id, (facts ->> 'due_at')::timestamptz FROM journal WHERE facts ? 'due_at' ORDER BY 1, id"
    )
    for _order, entries in groupby(fired, key=lambda row: row[0]):
        moments = [row[1] for row in entries]
        assert len(moments) == 4
        assert moments == sorted(moments)
