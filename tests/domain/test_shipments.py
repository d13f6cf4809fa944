"""What confirming and editing shipments decide (S0-09, S0-10, S4-15; C1, C9; I01, I05, I11)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.facts import ChargeFacts, ItemFacts, OrderFacts
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.shipments import (
    EditRequest,
    PackageRequest,
    ShipmentRequest,
    confirm,
    edit,
    ship_from_warehouse,
)

NOW = datetime(2027, 3, 10, 18, tzinfo=UTC)
NUMBER = "111-2222222-3333333"


def item(number="A", ordered=3, shipped=0, cancelled=0, **amounts):
    charges = tuple(ChargeFacts(name, amount, 0) for name, amount in (amounts or {"principal": 1000}).items())
    return ItemFacts(ord(number[0]), number, ordered, shipped, cancelled, charges)


def order(*items, **changes):
    facts = OrderFacts(
        id=1,
        order_number=NUMBER,
        marketplace_id="ATVPDKIKX0DER",
        channel=Channel.MFN,
        status=Status.UNSHIPPED,
        payment_state="authorized",
        pending_reason="",
        currency="USD",
        placed_at=NOW - timedelta(days=1),
        latest_ship_at=NOW + timedelta(hours=2),
        confirmed_at=None,
        is_late=None,
        version=4,
        items_known=True,
        items=items or (item(),),
    )
    return replace(facts, **changes)


def parcel(lines=None, **changes):
    return replace(PackageRequest("UPS", "1Z999AA10123456784", NOW, lines), **changes)


def ask(*parcels, **changes):
    return ShipmentRequest(NUMBER, parcels or (parcel(),), **changes)


class TestConfirm:
    def test_everything_left_makes_the_order_shipped(self):
        decision = confirm(order(item("A"), item("B", ordered=1)), ask(), now=NOW)

        assert decision.status is Status.SHIPPED
        assert decision.parcels[0].lines == {ord("A"): 3, ord("B"): 1}
        assert decision.parcels[0].reference == "1"
        assert decision.after.version == 5

    def test_a_part_makes_it_partially_shipped(self):
        decision = confirm(order(), ask(parcel({"A": 2})), now=NOW)

        assert decision.status is Status.PARTIALLY_SHIPPED
        assert decision.after.items[0].left == 1

    def test_two_parcels_share_the_units(self):
        decision = confirm(order(), ask(parcel({"A": 1}), parcel(tracking="1Z2")), now=NOW)

        assert [one.lines for one in decision.parcels] == [{65: 1}, {65: 2}]
        assert [one.reference for one in decision.parcels] == ["1", "2"]
        assert decision.charged == 1000

    @pytest.mark.parametrize(
        ("early", "late"), [(timedelta(0), False), (timedelta(seconds=-1), True), (timedelta(hours=2), False)]
    )
    def test_lateness_is_the_moment_of_confirmation_against_ship_by(self, early, late):
        decision = confirm(
            order(latest_ship_at=NOW + early), ask(parcel(shipped_at=NOW - timedelta(hours=9))), now=NOW
        )

        assert decision.is_late is late
        assert decision.late_by == -early

    def test_the_first_confirmation_fixes_lateness(self):
        first = order(
            confirmed_at=NOW - timedelta(days=2), is_late=False, latest_ship_at=NOW - timedelta(days=1)
        )

        decision = confirm(replace(first, status=Status.PARTIALLY_SHIPPED), ask(), now=NOW)

        assert decision.is_late is False
        assert decision.after.confirmed_at == first.confirmed_at

    @pytest.mark.parametrize(
        ("facts", "request_", "code"),
        [
            (order(channel=Channel.AFN), ask(), Code.WAREHOUSE_ORDER),
            (order(status=Status.PENDING), ask(), Code.ORDER_PENDING),
            (order(status=Status.PENDING_AVAILABILITY), ask(), Code.ORDER_PENDING),
            (order(status=Status.CANCELED), ask(), Code.ORDER_CANCELLED),
            (order(item(shipped=3), status=Status.SHIPPED), ask(), Code.ALREADY_SHIPPED),
            (order(item(shipped=2, cancelled=1), status=Status.SHIPPED), ask(), Code.ALREADY_SHIPPED),
            (order(items_known=False), ask(), Code.ITEMS_UNKNOWN),
            (order(status=Status.UNFULFILLABLE), ask(), Code.WRONG_STATUS),
            (order(), ask(version=3), Code.STALE_VERSION),
            (order(), ask(parcel({"X": 1})), Code.ITEM_NOT_FOUND),
            (order(), ask(parcel({"A": 4})), Code.QUANTITY_EXCEEDED),
            (order(), ask(parcel({"A": 2}), parcel({"A": 2})), Code.QUANTITY_EXCEEDED),
            (order(), ask(parcel({"A": 0})), Code.INVALID_VALUE),
            (order(), ask(parcel({"A": -1})), Code.INVALID_VALUE),
            (order(), ask(parcel({})), Code.MISSING_VALUE),
            (order(), ask(parcel({"A": 1}, reference="7"), parcel(reference="7")), Code.PACKAGE_EXISTS),
            (order(), ask(parcel(carrier_code="")), Code.MISSING_VALUE),
            (order(), ask(parcel(carrier_code="Other")), Code.CARRIER_NAME_REQUIRED),
            (order(), ask(parcel(tracking="")), Code.TRACKING_REQUIRED),
            (order(), ask(parcel(shipped_at=NOW + timedelta(days=3))), Code.SHIP_DATE_IMPOSSIBLE),
            (order(), ask(parcel(shipped_at=NOW - timedelta(days=5))), Code.SHIP_DATE_IMPOSSIBLE),
        ],
    )
    def test_refuses(self, facts, request_, code):
        with pytest.raises(Refusal) as caught:
            confirm(facts, request_, now=NOW)

        assert caught.value.code is code

    def test_no_parcels_at_all_is_missing(self):
        with pytest.raises(Refusal) as caught:
            confirm(order(), ShipmentRequest(NUMBER, ()), now=NOW)

        assert caught.value.code is Code.MISSING_VALUE

    def test_an_untracked_service_needs_no_number(self):
        assert confirm(order(), ask(parcel(tracking="", untracked=True)), now=NOW).status is Status.SHIPPED

    @given(
        amount=st.integers(-100_000, 100_000),
        steps=st.lists(st.integers(1, 5), min_size=1, max_size=8),
        cancelled=st.integers(0, 3),
    )
    def test_however_units_leave_what_they_charge_sums_to_their_share(self, amount, steps, cancelled):
        facts = order(item(ordered=sum(steps) + cancelled, cancelled=cancelled, principal=amount))
        charged = 0

        for step in steps:
            decision = confirm(facts, ask(parcel({"A": step})), now=NOW)
            charged += decision.charged
            facts = decision.after

        assert facts.status is Status.SHIPPED
        assert facts.items[0].shipped == sum(steps)
        assert abs(charged) <= abs(amount)
        if not cancelled:
            assert charged == amount


class TestShipFromWarehouse:
    def test_goes_straight_from_pending_to_shipped_and_is_never_late(self):
        facts = order(channel=Channel.AFN, status=Status.PENDING, latest_ship_at=NOW - timedelta(days=1))

        decision = ship_from_warehouse(facts, ask(), now=NOW)

        assert decision.status is Status.SHIPPED
        assert decision.is_late is False

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"channel": Channel.MFN}, Code.NOT_WAREHOUSE_ORDER),
            ({"payment_state": "waiting"}, Code.ORDER_PENDING),
            ({"status": Status.CANCELED}, Code.ORDER_CANCELLED),
        ],
    )
    def test_refuses(self, changes, code):
        facts = replace(order(channel=Channel.AFN, status=Status.PENDING), **changes)

        with pytest.raises(Refusal) as caught:
            ship_from_warehouse(facts, ask(), now=NOW)

        assert caught.value.code is code


class TestEdit:
    @pytest.fixture
    def shipped(self):
        return confirm(order(), ask(parcel({"A": 2})), now=NOW).after

    def test_other_data_keep_lateness_and_status(self, shipped):
        later = NOW + timedelta(days=9)

        decision = edit(shipped, EditRequest(NUMBER, "1", tracking="NEW", memo="fragile"), now=later)

        assert decision.changes == {"tracking": ("1Z999AA10123456784", "NEW"), "memo": ("", "fragile")}
        assert decision.after.is_late is False
        assert decision.after.confirmed_at == NOW
        assert decision.edited.version == 2
        assert decision.moves == ()

    def test_nothing_new_changes_nothing(self, shipped):
        decision = edit(shipped, EditRequest(NUMBER, "1", tracking="1Z999AA10123456784"), now=NOW)

        assert decision.changes == {}
        assert decision.after.version == shipped.version

    def test_more_units_ship_and_charge(self, shipped):
        decision = edit(shipped, EditRequest(NUMBER, "1", lines={"A": 3}), now=NOW)

        assert decision.status is Status.SHIPPED
        assert [move.amount for move in decision.moves] == [333]

    @pytest.mark.parametrize(
        ("request_", "code"),
        [
            (EditRequest(NUMBER, "9", tracking="N"), Code.PACKAGE_NOT_FOUND),
            (EditRequest(NUMBER, "1", lines={"A": 1}), Code.QUANTITY_UNCOVERED),
            (EditRequest(NUMBER, "1", lines={"A": 4}), Code.QUANTITY_EXCEEDED),
            (EditRequest(NUMBER, "1", carrier_code="Other"), Code.CARRIER_NAME_REQUIRED),
            (EditRequest(NUMBER, "1", tracking=""), Code.TRACKING_REQUIRED),
            (EditRequest(NUMBER, "1", tracking="N", version=1), Code.STALE_VERSION),
            (EditRequest(NUMBER, "1", shipped_at=NOW + timedelta(days=4)), Code.SHIP_DATE_IMPOSSIBLE),
        ],
    )
    def test_refuses(self, shipped, request_, code):
        with pytest.raises(Refusal) as caught:
            edit(shipped, request_, now=NOW)

        assert caught.value.code is code

    def test_a_delivered_parcel_is_closed(self, shipped):
        delivered = replace(shipped, packages=(replace(shipped.packages[0], status="DELIVERED"),))

        with pytest.raises(Refusal) as caught:
            edit(delivered, EditRequest(NUMBER, "1", tracking="N"), now=NOW)

        assert caught.value.code is Code.PACKAGE_CLOSED
