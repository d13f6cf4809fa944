import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.lifecycle import NOTHING_TO_DO, ORDER, PACKAGE, PackageStatus, actions, nothing_to_do
from sellerdesk.domain.orders import Channel, PendingReason, Status
from sellerdesk.domain.quantities import Line, derive_status
from sellerdesk.domain.refusals import Refusal

S = Status


def test_every_status_is_in_the_table_and_can_be_reached() -> None:
    assert ORDER.states == set(Status)
    assert not ORDER.unreachable()
    assert PACKAGE.states == set(PackageStatus)
    assert not PACKAGE.unreachable()


def ways(state: str) -> set[str]:
    return {end for verb in ORDER.verbs(state) for end in ORDER.moves[verb].ends(state)}


@pytest.mark.parametrize(
    ("state", "ends"),
    [  # rulebook 2.1 and 3.2; staying where it is counts as an end
        (S.PENDING_AVAILABILITY, {S.PENDING, S.CANCELED}),
        (S.PENDING, {S.PENDING, S.UNSHIPPED, S.CANCELED, S.SHIPPED, S.PARTIALLY_SHIPPED, S.UNFULFILLABLE}),
        (S.UNSHIPPED, {S.UNSHIPPED, S.PARTIALLY_SHIPPED, S.SHIPPED, S.CANCELED, S.UNFULFILLABLE}),
        (S.PARTIALLY_SHIPPED, {S.PARTIALLY_SHIPPED, S.SHIPPED}),
        (S.SHIPPED, {S.SHIPPED, S.INVOICE_UNCONFIRMED}),
        (S.INVOICE_UNCONFIRMED, {S.INVOICE_UNCONFIRMED, S.SHIPPED}),
        (S.CANCELED, set()),
        (S.UNFULFILLABLE, set()),
    ],
)
def test_legal_next_statuses(state: Status, ends: set[Status]) -> None:
    assert ways(state) == ends


@pytest.mark.parametrize(
    ("verb", "sources"),
    [
        ("authorize_payment", {S.PENDING}),
        ("ship_by_warehouse", {S.PENDING, S.UNSHIPPED, S.PARTIALLY_SHIPPED}),
        ("confirm_shipment", {S.UNSHIPPED, S.PARTIALLY_SHIPPED}),
        ("edit_shipment", {S.PARTIALLY_SHIPPED, S.SHIPPED, S.INVOICE_UNCONFIRMED}),
        ("cancel", {S.UNSHIPPED}),  # S3-24
        ("cancel_rest", {S.PARTIALLY_SHIPPED}),  # C28
        ("cancel_automatically", {S.UNSHIPPED}),
        ("cancel_by_buyer", {S.PENDING_AVAILABILITY, S.PENDING, S.UNSHIPPED}),
        ("cancel_by_marketplace", {S.PENDING_AVAILABILITY, S.PENDING}),
    ],
)
def test_where_a_verb_may_be_said(verb: str, sources: set[Status]) -> None:
    assert ORDER.moves[verb].sources == sources


@given(st.lists(st.sampled_from(sorted(ORDER.moves)), max_size=30))
def test_cancelled_and_shipped_orders_never_open_again(verbs: list[str]) -> None:  # I04
    reached = set(ORDER.start)
    for verb in verbs:
        move = ORDER.moves[verb]
        sources = reached & move.sources
        ends = set().union(*(move.ends(state) for state in sources)) if sources else set()
        if sources <= {S.SHIPPED, S.INVOICE_UNCONFIRMED, S.CANCELED}:
            assert ends <= {S.SHIPPED, S.INVOICE_UNCONFIRMED}
        reached |= ends


@given(st.integers(1, 5), st.integers(0, 4), st.integers(0, 5), st.sampled_from(["ship", "cancel"]))
def test_the_derived_status_stays_within_the_table(ordered: int, sent: int, units: int, what: str) -> None:
    line = Line(ordered, min(sent, ordered))
    before = derive_status((line,), None)
    try:
        after = derive_status((getattr(line, what)(units),), None)
    except Refusal:
        return
    verbs = {"ship": ["confirm_shipment"], "cancel": ["cancel", "cancel_items", "cancel_rest"]}[what]
    assert any(
        before in ORDER.moves[verb].sources and after in ORDER.moves[verb].ends(before) for verb in verbs
    )


UNSHIPPED = ("print_packing_slip", "confirm_shipment", "buy_shipping", "cancel_order")
SHIPPED = ("print_packing_slip", "edit_shipment", "refund_order")
PARTIAL = ("print_packing_slip", "confirm_shipment", "edit_shipment", "refund_order", "cancel_rest")


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        (S.PENDING_AVAILABILITY, ()),
        (S.PENDING, ()),  # S0-06
        (S.UNSHIPPED, UNSHIPPED),  # S1-09, S4-03
        (S.PARTIALLY_SHIPPED, PARTIAL),
        (S.SHIPPED, SHIPPED),  # S1-15, S4-05
        (S.INVOICE_UNCONFIRMED, SHIPPED),
        (S.CANCELED, ()),
        (S.UNFULFILLABLE, ()),
    ],
)
def test_actions_of_the_sellers_own_orders(status: Status, offered: tuple[str, ...]) -> None:
    assert actions(status, Channel.MFN) == offered


@pytest.mark.parametrize("status", list(Status))
def test_warehouse_orders_offer_nothing(status: Status) -> None:  # S0-11, I16
    assert actions(status, Channel.AFN) == ()


@pytest.mark.parametrize(("status", "channel"), list(itertools.product(Status, Channel)))
def test_there_is_either_something_to_do_or_a_reason_why_not(status: Status, channel: Channel) -> None:
    reason = nothing_to_do(status, channel, "")
    assert bool(reason) != bool(actions(status, channel))
    assert reason == "" or reason in NOTHING_TO_DO


@pytest.mark.parametrize(
    ("status", "channel", "pending_reason", "code"),
    [
        (S.PENDING, Channel.MFN, "", "payment_not_authorized"),  # S0-02
        (S.PENDING, Channel.AFN, PendingReason.FBA_CONSOLIDATION, "fba_consolidation"),  # S0-04
        (S.PENDING, Channel.AFN, PendingReason.FBA_ITEM_OUT_OF_STOCK, "fba_item_out_of_stock"),  # S0-05
        (S.PENDING, Channel.MFN, "SOMETHING_NEW", "pending"),
        (S.PENDING_AVAILABILITY, Channel.MFN, "", "preorder"),
        (S.UNSHIPPED, Channel.AFN, "", "warehouse_ships"),
        (S.SHIPPED, Channel.AFN, "", "warehouse_ships"),
        (S.CANCELED, Channel.AFN, "PREORDER", "cancelled"),
        (S.UNFULFILLABLE, Channel.AFN, "", "unfulfillable"),
        (S.UNSHIPPED, Channel.MFN, "PREORDER", ""),
    ],
)
def test_why_there_is_nothing_to_do(status: Status, channel: Channel, pending_reason: str, code: str) -> None:
    assert nothing_to_do(status, channel, pending_reason) == code


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        ("PENDING", "depart", "IN_TRANSIT"),
        ("IN_TRANSIT", "deliver", "DELIVERED"),
        ("IN_TRANSIT", "fail", "UNDELIVERABLE"),
        ("UNDELIVERABLE", "return_to_sender", "RETURNING"),  # S0-31
        ("UNDELIVERABLE", "deliver", "DELIVERED"),
        ("PENDING", "void", "CANCELLED"),
    ],
)
def test_parcels(state: str, verb: str, after: str) -> None:
    assert PACKAGE.after(state, verb) == after


@pytest.mark.parametrize("state", ["DELIVERED", "CANCELLED", "RETURNING"])
def test_ended_parcels_stay_ended(state: str) -> None:
    assert PACKAGE.verbs(state) == ()
