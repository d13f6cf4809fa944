"""Letters about messages and cancellations: who gets which, what it says, where answers go (S3-10, S3-13, S3-26)."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests import build
from tests.build import PLACED, all_well, an_actor

from sellerdesk.adapters.mail.base import Letter
from sellerdesk.commands.cancel_requests import decline_requests, file_requests
from sellerdesk.commands.cancellations import cancel_for_buyers, cancel_for_marketplace, cancel_orders
from sellerdesk.commands.mailroom import RefusedMail, refuse_mail
from sellerdesk.commands.messages import receive_messages, send_messages, set_opt_out
from sellerdesk.commands.notifications import save_notice_settings
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.cancel_requests import DeclineCause, FilingRequest, MoveRequest, Reason
from sellerdesk.domain.cancellations import (
    BuyerCancelRequest,
    CancelReason,
    CancelRequest,
    PlatformCancelRequest,
    PlatformReason,
)
from sellerdesk.domain.message_lint import LintCode
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.messages import BuyerMessage, SellerMessage
from sellerdesk.domain.notices import LANGUAGES, LETTERS, NOTICES
from sellerdesk.domain.orders import Buyer
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.relay import RelayPoint, Side, relay_key, resolve_address
from sellerdesk.flows.notices import letters as written_letters
from sellerdesk.flows.notices import mail_host
from sellerdesk.flows.sweep import sweep
from sellerdesk.flows.webhooks.words import say as tell
from sellerdesk.models.accounts import Membership, User
from sellerdesk.wire.mail_replies import trim_reply

pytestmark = pytest.mark.usefixtures("committed")

NOW = PLACED + timedelta(hours=2)
OLD = {
    "sold",
    "ship_by_reminder",
    "auto_cancel_warning",
    "auto_cancelled",
    "cancelled",
    "shipped",
    "delivered",
    "review_request",
}
AFTER = ("return_", "refund_", "claim_", "payment_break")  # told in test_aftersales_letters
AFTER_SALES = {notice.letter for notice in NOTICES if notice.event.startswith(AFTER)}
ADA, SHOP = "ada.quill@buyer.example", "seller@lantern.example"


def file_wish(seller: int, number: str, words: str = "") -> None:
    asked = FilingRequest(number, Reason.FOUND_CHEAPER, words)
    all_well(file_requests(an_actor(seller, party=Party.BUYER), [asked], now=NOW))


def cancel(seller: int, number: str, reason: CancelReason, **more: Any) -> None:
    asked = CancelRequest(number, reason, accepts_limit=True, **more)
    all_well(cancel_orders(an_actor(seller), [asked], now=NOW))


def say(seller: int, number: str, text: str, *files: Attachment) -> None:
    actor = an_actor(seller, party=Party.BUYER, name="buyer")
    all_well(receive_messages(actor, [BuyerMessage(number, text, files)], now=NOW))


def write(seller: int, number: str, text: str, reason: ContactReason, *files: Attachment) -> Any:
    actor = an_actor(seller, door=Door.WEB)
    return send_messages(actor, [SellerMessage(number, reason, text, files)], now=NOW)[0]


def journal(kind: str, number: str, facts: str) -> None:
    build.change(
        "INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)"
        " SELECT seller_id, id, %s, %s, 'AMAZON', '', 'api', '', %s::jsonb FROM orders WHERE order_number = %s",
        [NOW, kind, facts, number],
    )


def refuse(seller: int, number: str, user_id: int | None = None, **said: Any) -> None:
    given = {"code": Code.LINT_REFUSED, "findings": ("link", "asks_to_cancel"), **said}
    refused = RefusedMail(number, user_id=user_id, external_id=f"mail:{number}", **given)
    assert refuse_mail(an_actor(seller), refused, now=NOW).accepted


def everything_happens(seller: int) -> None:
    """Each of the new letters is owed at least once."""
    talk, wish, shipped, self_made, unpaid, refused, open_work, guided, labelled = (
        *build.paid_orders(seller, [build.a_document() for _ in range(4)]),
        build.a_placed_order(seller),
        *build.paid_orders(seller, [build.a_document() for _ in range(4)]),
    )
    say(seller, talk, "Where is it?")
    assert write(seller, talk, "It arrives on Tuesday.", ContactReason.ANSWER).accepted
    file_wish(seller, wish)
    sweep(NOW + timedelta(days=3))
    cancel(seller, wish, CancelReason.BUYER_CANCELLED)
    file_wish(seller, shipped)
    build.ship(seller, shipped, at=NOW)
    buyer = an_actor(seller, party=Party.BUYER)
    soon = PLACED + timedelta(minutes=10)
    all_well(cancel_for_buyers(buyer, [BuyerCancelRequest(self_made)], now=soon))
    failed = PlatformCancelRequest(unpaid, PlatformReason.PAYMENT_FAILED)
    all_well(cancel_for_marketplace(an_actor(seller, party=Party.AMAZON), [failed], now=NOW))
    refuse(seller, refused)
    journal("marketplace_cancelled", open_work, '{"was": "Unshipped", "whole": true}')
    journal("guide_unanswered", guided, "{}")
    file_wish(seller, labelled)
    journal("cancellation_declined", labelled, '{"cause": "label"}')
    set_opt_out(ADA, True, now=NOW)
    question = "Which colour would you like for the second lantern?"
    assert write(seller, refused, question, ContactReason.OTHER_ORDER_QUESTION).state == "blocked"


@pytest.mark.parametrize(("language", "words"), [("en", "Hello"), ("zh-Hans", "您好"), ("zh-TW", "您好")])
def test_every_new_letter_exists_in_every_language(language: str, words: str) -> None:
    seller = build.a_seller(language=language)
    everything_happens(seller)
    letters, report = build.mails(NOW + timedelta(days=4))
    assert report.tried == report.sent
    kinds = {row[0] for row in build.everything("SELECT DISTINCT kind FROM mails")}
    assert set(LETTERS) - OLD - AFTER_SALES - {"portal_code"} <= kinds
    for one in letters:
        assert one.subject
        assert "{" not in one.text + one.subject + one.html
        assert "\n\n\n" not in one.text
        assert "\ue000" not in one.text + one.html
        if SHOP in one.to:
            assert words in one.text


def of_kind(letters: list[Letter], words: str) -> Letter:
    found = [one for one in letters if words in one.subject]
    assert len(found) == 1, [one.subject for one in letters]
    return found[0]


def test_the_request_to_cancel_says_what_it_does_to_the_rate(settings: Any) -> None:
    """S3-13, S3-14: order, reason, words, what to do."""
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    file_wish(seller, number, "Cheaper\n\n- next door <b>")
    one = of_kind(build.mails(NOW)[0], "asks to cancel")
    assert one.to == (SHOP,)
    assert number in one.subject
    assert "does not affect your cancellation rate" in one.text
    assert "found it cheaper elsewhere" in one.text
    assert "“Cheaper - next door <b>”" in one.text
    assert "<b>" not in one.html
    assert "2 × Paper lantern (SKU SKU-1)" in one.text
    assert f"{settings.BASE_URL}/desk/orders/{number}/" in one.text
    assert "Cheaper" not in str(build.everything("SELECT string_agg(t::text, '') FROM journal t"))


@pytest.mark.parametrize(
    ("filed", "reason", "to_seller", "to_buyer"),
    [
        (True, CancelReason.BUYER_CANCELLED, "It does not affect your cancellation rate", "as you wished"),
        (False, CancelReason.NO_INVENTORY, "It counts in your cancellation rate", "has no more of it"),
    ],
)
def test_seller_and_buyer_each_get_a_confirmation(
    filed: bool, reason: CancelReason, to_seller: str, to_buyer: str
) -> None:
    """S3-26: two mails, neither of which names the other's address."""
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    if filed:
        file_wish(seller, number)
    cancel(seller, number, reason)
    letters = build.mails(NOW)[0]
    confirmed, told = of_kind(letters, "Confirmed"), of_kind(letters, "was cancelled")
    assert (confirmed.to, told.to) == ((SHOP,), (ADA,))
    assert to_seller in confirmed.text
    assert to_buyer in told.text
    assert "2 × Paper lantern" in told.text
    assert confirmed.message_id != told.message_id
    assert SHOP not in told.text
    assert ADA not in confirmed.text


def test_part_of_an_order_is_called_a_part() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    ((item,),) = build.everything("SELECT item_number FROM order_items")
    cancel(seller, number, CancelReason.NO_INVENTORY, lines={item: 1})
    letters = build.mails(NOW)[0]
    assert "1 × Paper lantern" in of_kind(letters, "Part of your order").text
    assert "part of order" in of_kind(letters, "Confirmed").subject


def test_what_was_cancelled_is_not_on_its_way() -> None:
    """The letter about the parcel lists the rest alone, and leaves out a line of which nothing is left."""
    seller = build.a_seller()
    number = build.a_paid_order(seller, items=[build.an_item(), build.an_item(sku="SKU-2", title="Silk fan")])
    found = dict(build.everything("SELECT sku, item_number FROM order_items"))
    cancel(seller, number, CancelReason.NO_INVENTORY, lines={found["SKU-1"]: 1, found["SKU-2"]: 2})
    build.mails(NOW)
    build.ship(seller, number, at=NOW, lines={found["SKU-1"]: 1})
    sent = of_kind(build.mails(NOW)[0], "is on its way").text
    assert "- 1 × Paper lantern" in sent
    assert "Silk fan" not in sent


@pytest.mark.parametrize(
    ("language", "rest", "stop"),
    [
        ("en", "The rest of the order is still to be shipped", "Do not ship it"),
        ("zh-Hans", "其余商品仍需发货", "请勿发货"),
        ("zh-TW", "其餘商品仍需出貨", "請勿出貨"),
    ],
)
def test_the_rest_of_what_a_buyer_cancelled_is_still_to_be_shipped(
    language: str, rest: str, stop: str
) -> None:
    seller = build.a_seller(language=language)
    part, whole = build.paid_orders(seller, [build.a_document(), build.a_document()])
    items = dict(
        build.everything(
            "SELECT o.order_number, i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id"
        )
    )
    asked = [BuyerCancelRequest(part, lines={items[part]: 1}), BuyerCancelRequest(whole)]
    soon = PLACED + timedelta(minutes=10)
    all_well(cancel_for_buyers(an_actor(seller, party=Party.BUYER), asked, now=soon))
    letters = [one for one in build.mails(NOW)[0] if one.to == (SHOP,)]
    said = {number: [one.text for one in letters if number in one.subject][-1] for number in (part, whole)}
    assert rest in said[part]
    assert stop not in said[part]
    assert rest not in said[whole]
    assert stop in said[whole]
    news = [(facts["whole"], tell(kind, number, facts)) for kind, number, facts in cancelled_news()]
    assert [one for is_whole, one in news if "do not ship it" in one and not is_whole] == []
    assert any("units: 1" in one and "ship only the rest" in one for is_whole, one in news if not is_whole)
    assert any("do not ship it" in one for is_whole, one in news if is_whole)


def cancelled_news() -> list[Any]:
    found = build.everything(
        "SELECT j.kind, o.order_number, j.facts::text FROM journal j JOIN orders o ON o.id = j.order_id"
        " WHERE j.kind = 'buyer_cancelled'"
    )
    return [(kind, number, json.loads(facts)) for kind, number, facts in found]


def test_a_declined_wish_says_why(committed: None) -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller, items=[build.an_item(ordered=2)])
    file_wish(seller, number)
    ((item,),) = build.everything("SELECT item_number FROM order_items")
    build.ship(seller, number, at=NOW, lines={item: 1})
    declined = MoveRequest(number, DeclineCause.SHIPPED)
    all_well(decline_requests(an_actor(seller), [declined], now=NOW))
    one = of_kind(build.mails(NOW)[0], "cannot be cancelled any more")
    assert one.to == (ADA,)
    assert "on its way" in one.text


def test_a_message_goes_out_under_the_relay_address(settings: Any) -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    say(seller, number, "Where is it?\nI wait.\n\n- since Monday <script>alert(1)</script>")
    png = Attachment("lamp.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    assert write(seller, number, "It arrives on Tuesday.", ContactReason.ANSWER, png).accepted
    letters = build.mails(NOW)[0]
    inward, outward = of_kind(letters, "Message about order"), of_kind(letters, "Message about your order")
    key, ((order_id,),) = relay_key(settings.SECRET_KEY), build.everything("SELECT id FROM orders")
    for one, side in ((inward, Side.BUYER), (outward, Side.SHOP)):
        assert one.sender == one.reply_to
        assert resolve_address(one.sender, key, mail_host()) == RelayPoint(side, order_id)
    assert (inward.sender_name, outward.sender_name) == ("Ada", "Lantern & Loom")
    assert inward.references == outward.references != ()
    assert "Where is it?\nI wait.\n\n- since Monday" in inward.text
    assert "Where is it?<br>" in inward.html
    assert "<script>" not in inward.html
    assert [(one.name, one.content_type) for one in outward.enclosures] == [("lamp.png", "image/png")]
    assert inward.enclosures == ()
    for one in letters:
        others = SHOP if ADA in one.to else ADA
        assert others not in f"{one.text} {one.html} {one.sender} {one.reply_to}"
    table = str(build.everything("SELECT string_agg(m::text || j::text, '') FROM mails m, journal j"))
    assert "Tuesday" not in table


def test_an_answer_to_our_letter_leaves_only_what_is_new() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    assert write(seller, number, "Which colour?", ContactReason.OTHER_ORDER_QUESTION).accepted
    one = of_kind(build.mails(NOW)[0], "Message about your order")
    quoted = "\n".join(f"> {line}" for line in one.text.splitlines())
    answer = (
        f"Blue, please.\n\nOn Mon, 2 Mar 2026 at 12:00, {one.sender_name} <{one.sender}> wrote:\n{quoted}"
    )
    assert trim_reply(answer) == ("Blue, please.", True)


def test_a_buyer_without_a_name_is_called_buyer() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller, buyer=Buyer(name="", email=ADA))
    say(seller, number, "Where is it?")
    assert of_kind(build.mails(NOW)[0], "Message about order").sender_name == "Buyer"


def test_a_blocked_message_is_told_to_the_seller_alone() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    set_opt_out(ADA, True, now=NOW)
    assert not write(seller, number, "Which colour?", ContactReason.OTHER_ORDER_QUESTION).accepted
    letters = build.mails(NOW)[0]
    assert of_kind(letters, "was not delivered").to == (SHOP,)
    assert [one for one in letters if ADA in one.to] == []


def test_a_refused_mail_is_told_to_whoever_wrote_it() -> None:
    seller = build.a_seller()
    user = a_member(seller, "kim@shop.example", language="zh-hans")
    mine, theirs = build.a_paid_order(seller), build.a_paid_order(seller)
    refuse(seller, mine, user.id)
    refuse(seller, mine, user.id)
    refuse(seller, theirs, code=Code.DAILY_CAP, findings=())
    letters = build.mails(NOW)[0]
    one = of_kind(letters, "未转给买家")
    assert one.to == ("kim@shop.example",)
    assert "- 含有链接。\n- 要求买家取消订单" in one.text
    other = of_kind(letters, "was not passed on")
    assert other.to == (SHOP,)
    assert "So many messages have been sent today" in other.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_of_the_lint_is_worded(language: str) -> None:
    text = (written_letters._FOLDER / language / "mail_refused.txt").read_text(encoding="utf-8")
    assert set(re.findall(r'finding == "(\w+)"', text)) == set(LintCode)
    assert set(re.findall(r'code == "(\w+)"', text)) <= set(Code)
    cancelled = (written_letters._FOLDER / language / "you_cancelled.txt").read_text(encoding="utf-8")
    assert set(re.findall(r'reason == "(\w+)"', cancelled)) == set(CancelReason)
    wished = (written_letters._FOLDER / language / "cancel_requested.txt").read_text(encoding="utf-8")
    assert set(re.findall(r'reason == "(\w+)"', wished)) == set(Reason)


def test_history_of_a_demonstration_owes_nothing() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller, at=PLACED)
    build.mails(NOW)
    actor = Actor(Party.BUYER, "buyer", Door.DEMO, seller)
    all_well(receive_messages(actor, [BuyerMessage(number, "Hello?")], now=NOW))
    assert build.mails(NOW)[0] == []


# --- People ----------------------------------------------------------------------------------------------------------


def a_member(seller: int, email: str, role: str = "support", *, language: str = "en") -> User:
    user = User.objects.create_user(email, date_joined=PLACED, language=language)
    Membership.objects.create(seller_id=seller, user=user, role=role)
    return user


US = "ATVPDKIKX0DER"
Wish = Callable[[User, str, str, bool], None]


@pytest.fixture
def shop() -> tuple[int, Wish]:
    seller = build.a_seller()

    def wish(user: User, place: str, kind: str, on: bool) -> None:
        save_notice_settings(an_actor(seller), user.id, place, {(kind, "mail"): on})

    return seller, wish


def readers() -> list[tuple[str, str]]:
    return build.everything("SELECT kind, reader FROM mails WHERE kind <> 'sold' ORDER BY kind, reader")


def test_people_hear_what_they_wish_in_their_own_language(shop: tuple[int, Wish]) -> None:
    seller, wish = shop
    keen = a_member(seller, "keen@shop.example", language="zh-hans")
    a_member(seller, "quiet@shop.example")
    wish(keen, "*", "cancellation_requested", True)
    number = build.a_paid_order(seller)
    file_wish(seller, number)
    say(seller, number, "Hello?")
    letters = build.mails(NOW)[0]
    assert readers() == [
        ("cancel_requested", "seller"),
        ("cancel_requested", f"u{keen.id}"),
        ("message_to_seller", "seller"),
    ]
    one = of_kind(letters, "买家请求取消订单")
    assert (one.to, one.sender_name) == (("keen@shop.example",), "Sellerdesk")


def test_the_nearest_wish_counts(shop: tuple[int, Wish]) -> None:
    seller, wish = shop
    keen = a_member(seller, "keen@shop.example")
    wish(keen, "*", "cancellation_requested", True)
    wish(keen, US, "cancellation_requested", False)
    file_wish(seller, build.a_paid_order(seller))
    build.drain(NOW)
    assert readers() == [("cancel_requested", "seller")]


def test_messages_are_not_for_everybodys_eyes(shop: tuple[int, Wish]) -> None:
    seller, wish = shop
    for role in ("readonly", "shipper"):
        wish(a_member(seller, f"{role}@shop.example", role), "*", "message_received", True)
    say(seller, build.a_paid_order(seller), "Hello?")
    build.drain(NOW)
    ((shipper,),) = build.everything("SELECT id FROM users WHERE email LIKE 'shipper%%'")
    assert readers() == [("message_to_seller", "seller"), ("message_to_seller", f"u{shipper}")]


def test_nobody_hears_twice_at_one_address_and_leavers_hear_nothing(shop: tuple[int, Wish]) -> None:
    seller, wish = shop
    same, leaver = a_member(seller, SHOP), a_member(seller, "leaver@shop.example")
    for one in (same, leaver):
        wish(one, "*", "message_received", True)
    say(seller, build.a_paid_order(seller), "Hello?")
    build.drain(NOW)
    assert readers() == [("message_to_seller", "seller"), ("message_to_seller", f"u{leaver.id}")]
    Membership.objects.filter(user=leaver).delete()
    letters, report = build.mails(NOW)
    assert report.void == 1
    assert [one.to for one in letters if "Message" in one.subject] == [(SHOP,)]


def test_people_of_another_seller_hear_nothing(shop: tuple[int, Wish]) -> None:
    seller, _ = shop
    other = build.a_seller("Other", email="other@other.example")
    stranger = a_member(other, "kim@other.example", "owner")
    save_notice_settings(an_actor(other), stranger.id, "*", {("message_received", "mail"): True})
    say(seller, build.a_paid_order(seller), "Hello?")
    build.drain(NOW)
    assert readers() == [("message_to_seller", "seller")]


def test_every_notice_has_a_reader_that_is_known() -> None:
    assert {one.reader for one in NOTICES} == {"seller", "buyer", "writer"}
