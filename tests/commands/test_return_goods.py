"""Goods that come back: in parts, graded anew, after their refund, over a border, under an own number."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from tests import build
from tests.build import PLACED, an_actor, change, everything
from tests.commands.test_returns import (
    HOLD,
    NOW,
    WAREHOUSE,
    a_delivered_order,
    asked,
    automatic,
    code,
    nothing_is_wrong,
    open_deadlines,
    states,
)

from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.returns import (
    Authorize,
    Inspect,
    Receive,
    authorize_returns,
    grade_returns,
    receive_returns,
)
from sellerdesk.domain.attachments import Attachment, sniff
from sellerdesk.domain.orders import Address
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_facts import Grade, Payer
from sellerdesk.domain.return_ways import Label
from sellerdesk.flows.return_labels import clean_label
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.return_labels import label_of

pytestmark = pytest.mark.usefixtures("committed")


def stock() -> list[tuple[Any, ...]]:
    return everything("SELECT kind, sum(units) FROM stock_movements GROUP BY 1 ORDER BY 1")


def lines() -> list[tuple[Any, ...]]:
    return everything("SELECT received, grade, sellable, unsellable, note FROM return_lines ORDER BY id")


def authorized(seller: int, number: str, rma: str, **said: Any) -> Outcome:
    step = Authorize(number, rma, **({"address": WAREHOUSE} | said))
    return authorize_returns(an_actor(seller), [step], now=NOW)[0]


def test_goods_come_in_parts_and_each_is_booked_once() -> None:
    seller = build.a_seller()
    number, item = a_delivered_order(seller, items=[build.an_item(ordered=3)])
    rma = asked(seller, number, item, 3).facts["rma"]
    clerk = an_actor(seller)
    (first,) = receive_returns(clerk, [Receive(number, rma, {item: 1})], now=NOW)
    assert (first.state, first.facts["units"]) == ("received", 1)
    (graded,) = grade_returns(clerk, [Inspect(number, rma, {item: Grade.SELLABLE})], now=NOW)
    assert graded.state == "pending_refund"
    nothing_is_wrong()
    later = NOW + timedelta(days=1)
    (second,) = receive_returns(clerk, [Receive(number, rma)], now=later)
    assert (second.state, second.facts["units"]) == ("received", 2)
    # What came first is owed first.
    assert everything("SELECT due_at FROM deadlines WHERE kind = 'return_refund'") == [
        (first.facts["due_at"],)
    ]
    (too_many,) = receive_returns(clerk, [Receive(number, rma, {item: 1})], now=later)
    assert code(too_many) is Code.RETURN_QUANTITY
    inspect = Inspect(number, rma, {item: Grade.REPACK}, {item: "One box is torn."}, sellable={item: 2})
    build.all_well(grade_returns(clerk, [inspect], now=later))
    assert lines() == [(3, "repack", 2, 1, "One box is torn.")]
    assert stock() == [("returned", 2), ("unsellable", 1)]
    nothing_is_wrong()


def test_a_grade_said_anew_corrects_the_stock() -> None:
    seller = build.a_seller()
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item).facts["rma"]
    clerk = an_actor(seller)
    build.all_well(receive_returns(clerk, [Receive(number, rma)], now=NOW))
    for one, booked in (
        (Grade.SELLABLE, [("returned", 2)]),
        (Grade.DAMAGED, [("returned", 0), ("unsellable", 2)]),
        (Grade.WRONG_ITEM, [("returned", 0), ("unsellable", 2)]),
        (Grade.REPACK, [("returned", 2), ("unsellable", 0)]),
    ):
        build.all_well(grade_returns(clerk, [Inspect(number, rma, {item: one})], now=NOW))
        assert stock() == booked
        nothing_is_wrong()


def test_goods_that_come_after_their_refund_are_stock_again() -> None:
    seller = build.a_seller()
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item).facts["rma"]
    clerk = an_actor(seller)
    request = RefundRequest(number, RefundReason.BUYER_RETURN, Mode.ADVANCE, rma=rma, override="known buyer")
    build.all_well(request_refunds(clerk, [request], now=NOW))
    sweep(NOW + HOLD)
    (came,) = receive_returns(clerk, [Receive(number, rma)], now=NOW + timedelta(days=3))
    assert (came.state, came.facts["due_at"]) == ("completed", None)
    (graded,) = grade_returns(
        clerk, [Inspect(number, rma, {item: Grade.SELLABLE})], now=NOW + timedelta(days=3)
    )
    assert (graded.state, graded.facts["restocked"]) == ("completed", 2)
    assert open_deadlines() == []
    assert everything("SELECT ended_at FROM return_requests") == [(NOW + HOLD,)]
    nothing_is_wrong()


def test_a_number_of_ones_own_is_had_once() -> None:
    seller, other = build.a_seller(), build.a_seller("Other")
    automatic(seller, "manual")
    automatic(other, "manual")
    number, item = a_delivered_order(seller)
    first = asked(seller, number, item, 1).facts["rma"]
    second = asked(seller, number, item, 1).facts["rma"]
    given = authorized(seller, number, first, own_rma="SHOP-77")
    assert (given.facts["rma"], given.facts["was"]) == ("SHOP-77", first)
    clash = authorized(seller, number, second, own_rma="SHOP-77")
    assert (code(clash), clash.refusal and clash.refusal.facts["rma"]) == (Code.RMA_TAKEN, "SHOP-77")
    for bad in ("<b>", "a\nb", "x" * 41, " x"):
        assert code(authorized(seller, number, second, own_rma=bad)) is Code.INVALID_VALUE
    theirs, thing = a_delivered_order(other)
    assert authorized(other, theirs, asked(other, theirs, thing).facts["rma"], own_rma="SHOP-77").accepted
    nothing_is_wrong()


def test_half_an_address_is_none() -> None:
    seller = build.a_seller()
    automatic(seller, "manual")
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item).facts["rma"]
    for part in ("name", "line1", "city", "country"):
        refusal = authorized(seller, number, rma, address=WAREHOUSE | {part: " "}).refusal
        assert refusal is not None
        assert (refusal.code, refusal.facts["place"]) == (Code.MISSING_VALUE, f"address.{part}")
    for wrong in ({"country": "USA"}, {"planet": "Mars"}, {"city": "a\nb"}, {"line1": "x" * 201}):
        assert code(authorized(seller, number, rma, address=WAREHOUSE | wrong)) is Code.INVALID_VALUE
    assert authorized(seller, number, rma).accepted


def test_a_label_is_kept_with_what_it_cost() -> None:
    seller = build.a_seller()
    automatic(seller, "manual")
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item).facts["rma"]
    assert code(authorized(seller, number, rma, label=Label.UPLOADED)) is Code.MISSING_VALUE
    assert code(authorized(seller, number, rma, label=Label.PREPAID)) is Code.MISSING_VALUE
    file = clean_label(Attachment("../label.exe", "text/html", b"%PDF-1.7\n..."))
    given = {"label": Label.UPLOADED, "label_file": file, "label_cost": 745, "carrier": "UPS"}
    assert authorized(seller, number, rma, **given, label_payer=Payer.SELLER).accepted
    kept = label_of(seller, rma)
    assert kept is not None
    assert (kept.name, kept.kind, kept.content) == ("label.pdf", "application/pdf", file.content)
    assert label_of(build.a_seller("Other"), rma) is None
    found = everything("SELECT label, label_cost, label_payer, carrier FROM return_requests")
    assert found == [("uploaded", 745, "seller", "UPS")]
    nothing_is_wrong()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Code.MISSING_VALUE),
        (b"<html>", Code.ATTACHMENT_TYPE),
        (b"\xff\xd8\xff jpeg", Code.ATTACHMENT_TYPE),
        (b"\x89PNG\r\n\x1a\n<script>", Code.PHOTO_REFUSED),
    ],
)
def test_what_is_no_label_is_refused(content: bytes, why: Code) -> None:
    with pytest.raises(Refusal) as caught:
        clean_label(Attachment("label.pdf", "application/pdf", content))
    assert caught.value.code is why


def test_a_label_of_points_stays_sharp() -> None:
    out = BytesIO()
    Image.effect_noise((60, 40), 90).save(out, "PNG")
    drawn = clean_label(Attachment("label.png", "image/png", out.getvalue()))
    assert sniff(drawn.content) == "image/png"
    assert Image.open(BytesIO(drawn.content)).convert("L").tobytes() == Image.open(out).tobytes()


def abroad(seller: int, **said: Any) -> tuple[str, str]:
    """A delivered order of a seller who is based in Japan, to a buyer in the United States."""
    change("UPDATE sellers SET country = 'JP' WHERE id = %s", [seller])
    home = Address(name="Ada Quill", line1="1 Canary Row", city="Tacoma", country="US")
    return a_delivered_order(seller, address=home, **said)


def test_over_a_border_a_way_back_is_needed() -> None:
    seller = build.a_seller()
    number, item = abroad(seller)
    outcome = asked(seller, number, item)
    assert (outcome.state, outcome.facts["international"], outcome.facts["payer"]) == (
        "requested",
        True,
        "seller",
    )
    assert open_deadlines() == ["return_answer", "return_method", "return_idle"]
    rma = outcome.facts["rma"]
    tokyo = WAREHOUSE | {"country": "JP", "city": "Tokyo"}
    no = authorized(seller, number, rma, address=tokyo).refusal
    assert no is not None
    assert (no.code, no.facts["country"]) == (Code.RETURN_METHOD_NEEDED, "US")
    assert authorized(seller, number, rma, address=tokyo, label=Label.UPLOADED, tracking="RR1").accepted
    assert open_deadlines() == ["return_idle"]
    nothing_is_wrong()


def test_without_a_way_back_the_marketplace_refunds() -> None:
    seller = build.a_seller()
    number, item = abroad(seller)
    asked(seller, number, item)
    five_days = NOW + timedelta(days=5)
    assert "return_method" not in sweep(five_days - timedelta(seconds=1)).fired
    assert sweep(five_days).fired == {"return_method": 1}
    assert states() == ["COMPLETED"]
    assert everything("SELECT party, mode, total FROM refunds") == [("AMAZON", "returnless", 4318)]
    nothing_is_wrong()


def test_what_is_worth_little_is_not_sent_over_a_border() -> None:
    seller = build.a_seller()
    number, item = abroad(seller)
    assert asked(seller, number, item, 1).state == "refunded"  # 19.99 of at most 25.00
    assert states() == ["COMPLETED"]
    nothing_is_wrong()


def test_after_a_partial_refund_silence_closes_it() -> None:
    seller = build.a_seller()
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item).facts["rma"]
    request = RefundRequest(
        number,
        RefundReason.BUYER_RETURN,
        Mode.ADVANCE,
        (LineRefund(item, units=1),),
        rma=rma,
        override="agreed",
    )
    build.all_well(request_refunds(an_actor(seller), [request], now=NOW))
    sweep(NOW + HOLD)
    # Thirty days by the clock on the wall, an hour less of time because summer time begins.
    end = NOW + HOLD + timedelta(days=30)
    ((due,),) = everything("SELECT due_at FROM deadlines WHERE kind = 'return_idle'")
    assert end - timedelta(hours=1) <= due <= end
    assert sweep(due - timedelta(seconds=1)).fired == {}
    assert sweep(due + timedelta(days=2)).late == 1
    assert states() == ["CLOSED_AUTO"]
    assert asked(seller, number, item, 1).accepted  # its units are free again
    nothing_is_wrong()


def test_the_clock_on_the_wall_decides_across_a_change_of_time() -> None:
    seller = build.a_seller()
    automatic(seller, "manual")
    number, item = a_delivered_order(seller)
    asked(seller, number, item)
    ((due,),) = everything("SELECT due_at FROM deadlines WHERE kind = 'return_idle'")
    assert PLACED.month == 3
    assert due == NOW + timedelta(days=50)  # the change of 8 March lies before the request
