"""Every road that goods and money can take back, through the doors that people and programs use: asked in the portal,
handled in the console, scanned and claimed over the API, told by mail; with the books right at the end (S2-01 to S2-45;
rulebook 2.7 to 2.9, 3.4 to 3.6).
"""

from collections import defaultdict
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from tests import build
from tests.interfaces.portal.conftest import Clock, text
from tests.interfaces.web.test_refund_pages import words
from tests.stories.road_world import (
    DAY,
    HOUR,
    ITEM,
    TOTAL,
    World,
    at,
    effect,
    hidden,
    in_order,
    photo,
)

from sellerdesk.adapters.payments.base import Payout, Receipt
from sellerdesk.adapters.payments.folder import FolderPayments
from sellerdesk.config import clock
from sellerdesk.interfaces.web.timeline import TITLES

PDF = SimpleUploadedFile("label.pdf", b"%PDF-1.7 a label", "application/pdf")


class Payments(FolderPayments):
    """The local payment side, and what it paid by order."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.paid: defaultdict[str, list[int]] = defaultdict(list)

    def pay_back(self, payout: Payout) -> Receipt:
        self.paid[payout.order_number].append(payout.amount)
        return super().pay_back(payout)


@pytest.fixture
def world(committed: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    standing = Clock()
    standing.now = build.PLACED
    monkeypatch.setattr(clock, "now", standing)
    with translation.override("en"):
        return World(standing, Payments(tmp_path))


def titles(*kinds: str, language: str = "en") -> list[str]:
    with translation.override(language):
        return [str(TITLES[kind][0]) for kind in kinds]


ROAD = (
    "order_placed", "shipment_confirmed", "return_requested", "message_sent", "return_authorized", "return_departed",
    "return_received", "return_graded", "refund_requested", "refund_released", "return_completed", "refund_settled",
)  # fmt: skip


@pytest.mark.parametrize("fee", [0, 2000])
def test_the_guides_road(world: World, fee: int) -> None:
    number = world.delivered()
    # The buyer says why, in words and with a photo.
    rma = world.ask(number, comment="Half the size I thought.", wish="refund", photos=[photo()])
    assert world.returns(number) == ["PENDING_AUTHORIZATION"]

    # The seller sees both, large, and the photo; writes to the buyer first; then says where to, with a label.
    listed = text(world.clerk.get("/desk/returns/"))
    assert '<strong class="reason-big">Too small</strong>' in listed
    assert "Half the size I thought." in listed
    page = text(world.clerk.get(f"/desk/returns/{rma}/"))
    assert "Photo of the buyer" in page
    assert "No message sent yet" in page
    composer = f"/desk/messages/{number}/?reason=return_guidance&return={rma}"
    form = hidden(text(world.clerk.get(composer)))
    said = {"do": "send", "reason": "return_guidance", "text": "Would you like a larger lantern instead?"}
    assert world.clerk.post(f"/desk/messages/{number}/", form | said).status_code == 302
    world.work()
    assert "You wrote to the buyer" in text(world.clerk.get(f"/desk/returns/{rma}/"))
    world.pass_by(hours=3)
    PDF.seek(0)
    world.authorize(rma, label="uploaded", carrier="UPS", tracking="1Z5550001", cost="4.20", file=PDF)
    mine = text(world.buyer().get(f"{world.url(number)}returns/1/"))
    assert "5 Dock Street" in mine
    assert rma in mine
    assert "label" in mine.lower()
    assert world.refunds(number) == []

    # On its way, here, opened.
    world.pass_by(days=2)
    seen = {"kind": "IN_TRANSIT", "at": at(world.time.now)}
    world.api("POST", f"/orders/{number}/returns/{rma}/scans", seen)
    world.pass_by(days=2)
    assert world.scan_in("1Z5550001") == rma
    assert world.stock(number) == {}
    world.grade(rma, "damaged" if fee else "sellable", photos=photo("dent.png"))
    assert world.stock(number) == ({"unsellable": 2} if fee else {"returned": 2})

    # The money: held, and nobody hears of it; then it goes.
    before = world.mails(number)
    if fee:
        world.refund_of(rma, "Minus a fee", fee=f"{fee / 100:.2f}")
    else:
        world.refund_of(rma)
    assert world.refunds(number) == [("PENDING", TOTAL - fee, "on_receipt")]
    world.pass_by(hours=1, minutes=59, seconds=59)
    assert world.mails(number) == before
    assert world.ledger(number).get(("refund", "buyer")) is None
    world.pass_by(seconds=1)

    assert world.returns(number) == ["COMPLETED"]
    assert world.refunds(number) == [("SETTLED", TOTAL - fee, "on_receipt")]
    assert world.mails(number) == [
        ("return_requested", "seller"),
        ("return_request_received", "buyer"),
        ("message_to_buyer", "buyer"),
        ("return_authorized", "buyer"),
        ("return_on_its_way", "seller"),
        ("return_refund_due", "seller"),
        ("return_arrived", "buyer"),
        ("refund_sent", "buyer"),
    ]
    ledger = world.ledger(number)
    assert ledger["refund", "buyer"] == -(TOTAL - fee)
    assert ledger["refund", "seller"] == TOTAL - fee
    assert world.paid_out(number) == [TOTAL - fee]
    charged = build.everything("SELECT sum(charged), sum(refunded), sum(refund_pending) FROM charges")
    assert charged == [(TOTAL, TOTAL - fee, 0)]
    for language in ("en", "zh-hans", "zh-hant"):
        told = world.story(number, language)
        assert in_order(titles(*ROAD, language=language), told), (language, told)
    assert "$20.00 kept as a restocking fee" in text(world.clerk.get(f"/desk/orders/{number}/")) or not fee
    world.nothing_is_wrong()


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_the_road_in_chinese(world: World, language: str) -> None:
    """The same pages, read by people who read Chinese: what is asked and what is answered is in their language."""
    shown = {"zh-hans": ("退货", "太小"), "zh-hant": ("退貨", "太小")}[language]
    number = world.delivered()
    buyer = world.buyer()
    buyer.cookies["sellerdesk_language"] = language
    form = text(buyer.get(f"{world.url(number)}return/"))
    assert shown[0] in form
    assert shown[1] in form
    rma = world.ask(number, comment="比想象的小一半。")
    world.clerk.cookies["sellerdesk_language"] = language
    for page in ("", f"{rma}/", f"{rma}/authorize/", f"{rma}/close/"):
        assert shown[0] in text(world.clerk.get(f"/desk/returns/{page}")), page
    page = text(world.clerk.get(f"/desk/returns/{rma}/"))
    assert "比想象的小一半。" in page
    assert shown[1] in page
    world.authorize(rma)
    world.scan_in(rma)
    world.clerk.cookies["sellerdesk_language"] = language
    assert shown[0] in text(world.clerk.get(f"/desk/returns/{rma}/grade/"))
    world.grade(rma, "sellable")
    assert "退款" in text(world.clerk.get(f"/desk/orders/{number}/refund/?rma={rma}"))
    status = text(buyer.get(f"{world.url(number)}returns/1/"))
    assert shown[0] in status
    assert "比想象的小一半。" in status
    world.nothing_is_wrong()


def test_closed_by_the_seller_and_asked_anew(world: World) -> None:
    number = world.delivered()
    rma = world.ask(number)
    world.desk(rma, "close", {"reason": "solved", "comment": "It folds out to full size."})
    assert world.returns(number) == ["CLOSED_BY_SELLER"]
    assert world.mails(number)[2:] == [("return_closed", "buyer")]
    page = words(text(world.buyer().get(f"{world.url(number)}returns/1/")))
    assert "Closed by the seller" in page
    assert "It folds out to full size." in page
    world.ask(number, reason="defective")
    assert world.returns(number) == ["CLOSED_BY_SELLER", "PENDING_AUTHORIZATION"]
    assert world.refunds(number) == []
    assert "refund" not in {kind for kind, _ in world.ledger(number)}
    told = world.story(number)
    assert in_order(titles("return_requested", "return_closed", "return_requested"), told)
    world.nothing_is_wrong()


def test_the_mail_of_a_closed_return_says_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = world.delivered()
    rma = world.ask(number)
    letters = []
    monkeypatch.setattr(world, "work", lambda: letters.extend(build.mails(world.time.now)[0]))
    world.desk(rma, "close", {"reason": "solved", "comment": "It folds out to full size."})
    (letter,) = letters
    assert letter.to == ("ada.quill@buyer.example",)
    assert "It folds out to full size." in letter.text
    assert "It folds out to full size." in (letter.html or letter.text)


def test_closed_by_the_buyer(world: World) -> None:
    number = world.delivered()
    rma = world.ask(number)
    world.authorize(rma)
    world.withdraw(number)
    assert world.returns(number) == ["CLOSED_BY_BUYER"]
    assert set(world.mails(number)[-2:]) == {
        ("return_withdrawn", "seller"),
        ("your_return_withdrawn", "buyer"),
    }
    assert world.refunds(number) == []
    assert in_order(titles("return_requested", "return_authorized", "return_withdrawn"), world.story(number))
    world.pass_by(days=90)
    assert world.returns(number) == ["CLOSED_BY_BUYER"]
    world.nothing_is_wrong()


def test_a_refused_delivery_comes_back_by_itself(world: World) -> None:
    number = world.shipped()
    world.time.now += 3 * DAY
    event = {"reference": "A", "kind": "REFUSED", "at": at(world.time.now)}
    world.api("POST", f"/orders/{number}/parcel-events", event)
    world.work()
    assert world.returns(number) == ["IN_TRANSIT_BACK"]
    rma = world.rma(number)
    assert "goes back by itself" in text(world.buyer().get(f"{world.url(number)}returns/1/"))
    world.pass_by(days=4)
    world.scan_in(rma)
    world.grade(rma, "sellable")
    world.refund_of(rma)
    world.pass_by(hours=2)
    assert world.returns(number) == ["COMPLETED"]
    assert world.paid_out(number) == [TOTAL]
    assert world.stock(number) == {"returned": 2}
    assert in_order(titles("return_requested", "return_received", "return_completed"), world.story(number))
    world.nothing_is_wrong()


def test_what_a_rule_leaves_with_the_buyer(world: World) -> None:
    rule = {"effect": "returnless", "priceTo": {"amount": "25.00", "currencyCode": "USD"}}
    world.api(
        "POST", "/return-rules", rule, status=422
    )  # above what the policy advises: a second yes is wanted
    world.api("POST", "/return-rules", rule | {"confirmWide": True}, status=201)
    world.time.now += HOUR
    number = world.delivered()
    world.ask(number)
    assert world.returns(number) == ["COMPLETED"]
    assert world.refunds(number) == [("SETTLED", TOTAL, "returnless")]
    assert ("return_kept", "buyer") in world.mails(number)
    assert world.paid_out(number) == [TOTAL]
    assert world.stock(number) == {}
    assert "Yours to keep" in text(world.buyer().get(f"{world.url(number)}returns/1/"))
    world.nothing_is_wrong()


def test_money_before_goods_takes_a_reason_of_its_own(world: World) -> None:
    number = world.delivered()
    rma = world.ask(number)
    world.authorize(rma)
    url = f"/desk/orders/{number}/refund/"
    form = {"rma": rma, "reason": "buyer_return", "mode": "advance"}
    page = text(world.clerk.get(f"{url}?rma={rma}"))
    assert "You may lose both" in words(page)
    with pytest.raises(AssertionError, match="Say why you refund before the goods are back"):
        world.refund(number, f"?rma={rma}", **form)
    assert world.refunds(number) == []
    world.refund(number, f"?rma={rma}", **form, override="A buyer of many years.")
    world.pass_by(hours=2)
    assert world.refunds(number) == [("SETTLED", TOTAL, "advance")]
    assert world.returns(number) == ["COMPLETED"]
    # The goods come all the same, and are stock again; nothing more is paid.
    world.pass_by(days=3)
    world.scan_in(rma)
    world.grade(rma, "sellable")
    assert world.stock(number) == {"returned": 2}
    world.pass_by(days=10)
    assert world.paid_out(number) == [TOTAL]
    story = words(text(world.clerk.get(f"/desk/orders/{number}/")))
    assert "Before the goods were back, with a reason" in story
    world.nothing_is_wrong()


def test_a_part_and_then_the_rest(world: World) -> None:  # T14
    """Two of three come back and are refunded; the third can be asked for, two can not."""
    number = world.delivered(items=[_three()])
    first = world.ask(number, units=2)
    refused = world.api(
        "POST", f"/orders/{number}/returns",
        {"reason": "too_small", "lines": [{"itemNumber": ITEM, "units": 2}]}, status=409,
    )  # fmt: skip
    assert (refused["code"], refused["facts"]["left"]) == ("return_quantity", 1)
    world.authorize(first)
    world.scan_in(first, units=1)
    assert world.returns(number) == ["RECEIVED"]
    world.scan_in(first)
    world.grade(first, "sellable")
    world.refund_of(first)
    world.pass_by(hours=2)
    assert world.returns(number) == ["COMPLETED"]
    paid = world.paid_out(number)
    refused = world.api(
        "POST", f"/orders/{number}/returns",
        {"reason": "too_small", "lines": [{"itemNumber": ITEM, "units": 2}]}, status=409,
    )  # fmt: skip
    assert (refused["code"], refused["facts"]["left"]) == ("return_quantity", 1)
    second = world.ask(number, units=1)
    world.authorize(second)
    world.scan_in(second)
    world.grade(second, "repack")
    world.refund_of(second)
    world.pass_by(hours=2)
    assert world.returns(number) == ["COMPLETED", "COMPLETED"]
    assert sum(world.paid_out(number)) == 3001 + 200
    assert len(world.paid_out(number)) == len(paid) + 1 == 2
    assert world.stock(number) == {"returned": 3}
    world.nothing_is_wrong()


def test_a_claim_that_silence_grants(world: World) -> None:
    number = world.delivered()
    world.write(number)
    world.pass_by(hours=48)
    claim = world.claim(number)
    assert "answer" in text(world.buyer().get(f"{world.url(number)}claims/1/"))
    world.pass_by(hours=71, minutes=59, seconds=59)
    assert world.api("GET", f"/orders/{number}/claims/{claim}")["state"] == "ACTION_REQUIRED"
    world.pass_by(seconds=1)
    found = world.api("GET", f"/orders/{number}/claims/{claim}")
    assert (found["state"], found["cause"], found["defect"]) == ("GRANTED", "silence", True)
    ledger = world.ledger(number)
    assert (ledger["claim", "buyer"], ledger["claim", "seller"]) == (-TOTAL, TOTAL)
    assert world.paid_out(number) == [TOTAL]
    told = world.mails(number)
    for wanted in (
        [("claim_filed", "seller"), ("claim_granted", "seller")],
        [("your_claim_filed", "buyer"), ("your_claim_granted", "buyer")],
    ):
        assert in_order(wanted, told), told
    for language in ("en", "zh-hans", "zh-hant"):
        wanted = titles("claim_filed", "claim_action_required", "claim_granted", language=language)
        assert in_order(wanted, world.story(number, language))
    # Nothing is left that anybody could refund once more.
    assert "claim" in words(text(world.clerk.get(f"/desk/orders/{number}/"))).lower()
    again = world.api(
        "POST", f"/orders/{number}/refunds", {"reason": "buyer_return", "mode": "goodwill"}, status=409
    )
    assert again["code"] == "nothing_to_refund"
    world.nothing_is_wrong()


@pytest.mark.parametrize(("money", "defect"), [(True, False), (False, True), (True, True)])
def test_a_claim_that_is_won_on_appeal(world: World, money: bool, defect: bool) -> None:
    number = world.delivered()
    world.write(number)
    world.pass_by(hours=48)
    claim = world.claim(number)
    world.cli("claims", "answer", claim, "--text", "Signed for by the neighbour.")
    page = f"/operator/claims/{claim}/"
    shown = text(world.operator.get(f"{page}?choice=grant&fault=seller&funding=seller"))
    assert world.operator.post(page, effect(shown) | {"text": "No proof."}).status_code == 302
    world.work()
    assert world.paid_out(number) == [TOTAL]
    world.pass_by(days=3)
    world.cli("claims", "appeal", claim, "--text", "Here is the signature.")
    chosen = "&money=1" * money + "&defect=1" * defect
    shown = text(world.operator.get(f"{page}?choice=appeal{chosen}"))
    assert world.operator.post(page, effect(shown)).status_code == 302
    world.work()
    found = world.api("GET", f"/orders/{number}/claims/{claim}")
    assert (found["state"], found["moneyReversed"], found["defect"]) == ("REVERSED", money, not defect)
    ledger = world.ledger(number)
    assert ledger.get(("claim_reversal", "seller"), 0) == (-TOTAL if money else 0)
    assert ledger["claim", "buyer"] == -TOTAL
    assert ("claim_reversal", "buyer") not in ledger  # the buyer keeps the money
    assert world.paid_out(number) == [TOTAL]
    assert ("claim_reversed", "seller") in world.mails(number)
    for language in ("en", "zh-hans"):
        wanted = titles("claim_granted", "claim_appealed", "claim_reversed", language=language)
        assert in_order(wanted, world.story(number, language))
    world.pass_by(days=60)
    world.nothing_is_wrong()


def test_from_manage_orders_and_from_manage_returns_it_is_the_same(world: World) -> None:  # S2-41
    results = []
    for from_returns in (True, False):
        number = world.delivered()
        rma = world.ask(number)
        world.authorize(rma)
        world.scan_in(rma)
        world.grade(rma, "sellable")
        if from_returns:
            world.refund_of(rma)
        else:
            world.refund(number, reason="buyer_return")  # it says nothing of the return
        world.pass_by(hours=2)
        charges = (
            "SELECT c.component, c.charged, c.refunded, c.refund_pending FROM charges c JOIN order_items i"
        )
        charges += (
            " ON i.id = c.item_id JOIN orders o ON o.id = i.order_id WHERE order_number = %s ORDER BY 1"
        )
        results.append(
            {
                "returns": world.returns(number),
                "money": [row[:2] for row in world.refunds(number)],
                "charges": build.everything(charges, [number]),
                "paid": world.paid_out(number),
                "ledger": world.ledger(number),
                "stock": world.stock(number),
                "mails": world.mails(number),
                "story": world.story(number),
                "portal": "Completed" in text(world.buyer().get(f"{world.url(number)}returns/1/")),
            }
        )
    assert results[0] == results[1]
    assert results[0]["returns"] == ["COMPLETED"]
    world.nothing_is_wrong()


def _three() -> dict[str, object]:
    from_world = {"principal": {"amount": "30.01", "currencyCode": "USD"}}
    return {
        "itemNumber": ITEM, "sku": "LAN-3", "title": "Lantern", "quantity": 3,
        "amounts": from_world | {"tax": {"amount": "2.00", "currencyCode": "USD"}},
    }  # fmt: skip
