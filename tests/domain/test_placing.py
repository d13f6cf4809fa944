"""What comes in: placed orders and imported documents (rulebook 2.2, I03, I04, I19)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.domain.test_shipments import NOW, ask, item, order, parcel

from sellerdesk.domain.orders import Channel, Component, ItemDocument, OrderDocument, PaymentState, Status
from sellerdesk.domain.parcels import ParcelReport, observe
from sellerdesk.domain.payments import PaymentReport, report
from sellerdesk.domain.placing import KnownOrder, check_placed, merge_progress, settled_status, weigh
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.shipments import confirm

NUMBER = "111-2222222-3333333"
LINE = ItemDocument(
    "1", "SKU", "Mug", 2, amounts={Component.PRINCIPAL: 1000, Component.PROMOTION_DISCOUNT: -100}
)
PLACED = OrderDocument(NUMBER, "ATVPDKIKX0DER", datetime(2027, 3, 10, tzinfo=UTC), "USD", (LINE,))


class TestCheckPlaced:
    def test_completes_the_order(self):
        placed = check_placed(PLACED, participates=True, now=NOW)

        assert (placed.total, placed.status, placed.sales_channel) == (900, Status.PENDING, "Amazon.com")
        assert placed.pending_reason == "PAYMENT_NOT_AUTHORIZED"

    def test_a_preorder_waits_for_its_availability(self):
        preorder = replace(PLACED, order_type="Preorder")

        assert check_placed(preorder, participates=True, now=NOW).status is Status.PENDING_AVAILABILITY

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"marketplace_id": "NOWHERE"}, Code.UNKNOWN_MARKETPLACE),
            ({"marketplace_id": ""}, Code.MISSING_VALUE),
            ({"currency": "EUR"}, Code.CURRENCY_MISMATCH),
            ({"items": ()}, Code.MISSING_VALUE),
            ({"items": None}, Code.MISSING_VALUE),
            ({"total": 901}, Code.TOTAL_MISMATCH),
            ({"order_number": "12-3"}, Code.INVALID_VALUE),
            ({"order_number": "111-2222222-3333333\n"}, Code.INVALID_VALUE),
            ({"placed_at": NOW + timedelta(hours=1)}, Code.INVALID_VALUE),
            ({"items": (LINE, LINE)}, Code.DUPLICATE_REQUEST),
            ({"items": (replace(LINE, ordered=-1),)}, Code.INVALID_VALUE),
            ({"items": (replace(LINE, ordered=2_000_000),)}, Code.INVALID_VALUE),
            ({"items": (replace(LINE, shipped=3),)}, Code.INVALID_VALUE),
            ({"items": (replace(LINE, sku=""),)}, Code.MISSING_VALUE),
            ({"items": (replace(LINE, amounts={Component.PRINCIPAL: -1}),)}, Code.INVALID_VALUE),
            ({"items": (replace(LINE, amounts={Component.SHIPPING_DISCOUNT: 1}),)}, Code.INVALID_VALUE),
        ],
    )
    def test_refuses(self, changes, code):
        with pytest.raises(Refusal) as caught:
            check_placed(replace(PLACED, **changes), participates=True, now=NOW)

        assert caught.value.code is code

    def test_refuses_a_marketplace_the_seller_does_not_sell_on(self):
        with pytest.raises(Refusal) as caught:
            check_placed(PLACED, participates=False, now=NOW)

        assert caught.value.code is Code.NOT_PARTICIPATING


class TestSettledStatus:
    @pytest.mark.parametrize(
        ("stated", "ordered", "shipped", "cancelled"),
        [
            (Status.UNSHIPPED, 2, 0, 0),
            (Status.PENDING, 2, 0, 0),
            (Status.PARTIALLY_SHIPPED, 2, 1, 0),
            (Status.SHIPPED, 2, 1, 1),
            (Status.INVOICE_UNCONFIRMED, 2, 2, 0),
            (Status.UNFULFILLABLE, 2, 0, 0),
            (Status.CANCELED, 2, 0, 2),
            (Status.CANCELED, 0, 0, 0),
        ],
    )
    def test_agrees_with_the_quantities(self, stated, ordered, shipped, cancelled):
        line = replace(LINE, ordered=ordered, shipped=shipped, cancelled=cancelled)

        assert settled_status(replace(PLACED, status=stated, items=(line,))) is stated

    def test_stands_alone_without_items(self):
        assert settled_status(replace(PLACED, status=Status.SHIPPED, items=None)) is Status.SHIPPED

    @pytest.mark.parametrize(
        ("stated", "shipped"), [(Status.SHIPPED, 0), (Status.UNSHIPPED, 2), (Status.CANCELED, 1)]
    )
    def test_refuses_a_contradiction(self, stated, shipped):
        with pytest.raises(Refusal) as caught:
            settled_status(replace(PLACED, status=stated, items=(replace(LINE, shipped=shipped),)))

        assert caught.value.code is Code.INVALID_VALUE


class TestWeigh:
    KNOWN = KnownOrder(order(), "v0", NOW, "digest")

    @pytest.mark.parametrize(
        ("moment", "digest", "verdict"),
        [(NOW, "digest", "unchanged"), (NOW + timedelta(seconds=1), "other", "update")],
    )
    def test_judges_news(self, moment, digest, verdict):
        assert weigh(replace(PLACED, updated_at=moment), digest, self.KNOWN) == verdict

    def test_an_unknown_order_is_imported(self):
        assert weigh(PLACED, "digest", None) == "import"

    def test_items_complete_an_order_known_without_them(self):
        bare = KnownOrder(order(items_known=False), "v0", NOW, "digest")

        assert weigh(replace(PLACED, updated_at=NOW), "other", bare) == "update"

    @pytest.mark.parametrize(
        ("known", "moment", "code"),
        [
            (KNOWN, NOW - timedelta(seconds=1), Code.OUTDATED),
            (KNOWN, NOW, Code.ORDER_EXISTS),
            (KnownOrder(order(), "native", None, ""), NOW + timedelta(days=1), Code.ORDER_EXISTS),
        ],
    )
    def test_refuses(self, known, moment, code):
        with pytest.raises(Refusal) as caught:
            weigh(replace(PLACED, updated_at=moment), "other", known)

        assert caught.value.code is code


class TestMergeProgress:
    def test_units_shipped_here_stay_shipped(self):
        facts = confirm(order(item("1", ordered=2)), ask(parcel({"1": 1})), now=NOW).after

        merged = merge_progress(replace(PLACED, status=Status.UNSHIPPED), facts)

        assert merged.items[0].shipped == 1
        assert merged.status is Status.PARTIALLY_SHIPPED

    def test_refuses_a_cancellation_of_what_was_shipped_here(self):
        facts = confirm(order(item("1", ordered=2)), ask(parcel({"1": 1})), now=NOW).after
        cancelled = replace(PLACED, status=Status.CANCELED, items=(replace(LINE, cancelled=2),))

        with pytest.raises(Refusal) as caught:
            merge_progress(cancelled, facts)

        assert caught.value.code is Code.ORDER_EXISTS


def told(state, reason=""):
    return PaymentReport(NUMBER, state, reason)


class TestPaymentReport:
    PENDING = order(status=Status.PENDING, payment_state="waiting", pending_reason="PAYMENT_NOT_AUTHORIZED")

    def test_authorised_makes_a_sellers_order_unshipped(self):
        decision = report(self.PENDING, told(PaymentState.AUTHORIZED), now=NOW)

        assert (decision.status, decision.paid_at, decision.pending_reason) == (Status.UNSHIPPED, NOW, "")

    def test_a_paid_warehouse_order_waits_with_the_warehouses_reason(self):
        facts = replace(self.PENDING, channel=Channel.AFN)

        decision = report(facts, told(PaymentState.AUTHORIZED, "FBA_CONSOLIDATION"), now=NOW)

        assert (decision.status, decision.pending_reason, decision.paid_at) == (
            Status.PENDING,
            "FBA_CONSOLIDATION",
            None,
        )

    def test_declined_waits_on(self):
        decision = report(self.PENDING, told(PaymentState.DECLINED), now=NOW)

        assert (decision.status, decision.pending_reason) == (Status.PENDING, "PAYMENT_DECLINED")

    def test_the_same_report_again_changes_nothing(self):
        assert not report(self.PENDING, told(PaymentState.WAITING), now=NOW).changed
        assert not report(order(), told(PaymentState.AUTHORIZED), now=NOW).changed

    @pytest.mark.parametrize(
        ("facts", "request_", "code"),
        [
            (order(), told(PaymentState.DECLINED), Code.WRONG_STATUS),
            (order(status=Status.CANCELED), told(PaymentState.AUTHORIZED), Code.ORDER_CANCELLED),
            (PENDING, told(PaymentState.WAITING, "BECAUSE"), Code.INVALID_VALUE),
            (PENDING, told(PaymentState.WAITING, "FBA_CONSOLIDATION"), Code.NOT_WAREHOUSE_ORDER),
        ],
    )
    def test_refuses(self, facts, request_, code):
        with pytest.raises(Refusal) as caught:
            report(facts, request_, now=NOW)

        assert caught.value.code is code


class TestObserve:
    FACTS = confirm(order(), ask(), now=NOW).after

    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            ("IN_TRANSIT", "IN_TRANSIT"),
            ("DELIVERED", "DELIVERED"),
            ("LOST", "UNDELIVERABLE"),
            ("REFUSED", "RETURNING"),
        ],
    )
    def test_follows_the_parcel(self, kind, status):
        assert observe(self.FACTS, ParcelReport(NUMBER, "1", kind, NOW), now=NOW).status == status

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            (ParcelReport(NUMBER, "2", "DELIVERED", NOW), Code.PACKAGE_NOT_FOUND),
            (ParcelReport(NUMBER, "1", "EXPLODED", NOW), Code.INVALID_VALUE),
            (ParcelReport(NUMBER, "1", "DELIVERED", NOW + timedelta(hours=1)), Code.INVALID_VALUE),
        ],
    )
    def test_refuses(self, told, code):
        with pytest.raises(Refusal) as caught:
            observe(self.FACTS, told, now=NOW)

        assert caught.value.code is code

    def test_a_delivered_parcel_is_not_on_its_way_again(self):
        packages = (replace(self.FACTS.packages[0], status="DELIVERED"),)

        with pytest.raises(Refusal) as caught:
            observe(
                replace(self.FACTS, packages=packages), ParcelReport(NUMBER, "1", "IN_TRANSIT", NOW), now=NOW
            )

        assert caught.value.code is Code.EVENT_OUT_OF_ORDER
