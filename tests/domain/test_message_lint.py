"""What messages must not say, in tables of true and false positives (rulebook 2.10; S3-12, S3-27, C11, C12, T18)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.message_lint import Finding, LintCode, LintContext, clean, lint
from sellerdesk.domain.message_reasons import RULES, ContactReason
from sellerdesk.domain.message_templates import BUILT_IN, LANGUAGES, VARIABLES, check_template, render
from sellerdesk.domain.refusals import Code, Refusal

C, R = LintCode, ContactReason
US, DE = "ATVPDKIKX0DER", "A1PA6795UKMFR9"
ORDER = "111-1234567-7654321"
NUMBERS = frozenset({"771234567890", "94001000000000000000", "5551234567"})


def found(text: str, reason: ContactReason = R.OTHER_ORDER_QUESTION) -> tuple[Finding, ...]:
    return lint(text, LintContext(reason, ORDER, US, NUMBERS))


def codes(text: str, reason: ContactReason = R.OTHER_ORDER_QUESTION) -> set[LintCode]:
    return {one.code for one in found(text, reason)}


REFUSED = [
    # T18, S3-27: asking the buyer to cancel because the seller cannot fill the order
    (C.ASKS_TO_CANCEL, "please cancel your order, we are out of stock"),
    (C.ASKS_TO_CANCEL, "Sorry, this item is sold out. Could you please request a cancellation?"),
    (C.ASKS_TO_CANCEL, "We ran out. Please submit a cancellation request from your account."),
    (C.ASKS_TO_CANCEL, "There was a pricing error, kindly cancel the order."),
    (C.ASKS_TO_CANCEL, "We cannot ship this item. You can cancel it any time."),
    (C.ASKS_TO_CANCEL, "Please cancel your order."),
    (C.ASKS_TO_CANCEL, "非常抱歉，该商品缺货，请您取消订单。"),
    (C.ASKS_TO_CANCEL, "亲，没货了，麻烦您申请取消一下订单"),
    (C.ASKS_TO_CANCEL, "很抱歉，商品已售罄，能否請您取消訂單？"),
    (C.ASKS_TO_CANCEL, "庫存不足，請您提交取消申請"),
    (C.ASKS_TO_CANCEL, "价格标错了，请帮忙取消订单"),
    # ways around the marketplace
    (C.EMAIL, "Write to me at ada@lantern.example please"),
    (C.EMAIL, "Send the photo to ada (at) lantern (dot) com"),
    (C.EMAIL, "mail: ada at lantern dot com"),
    (C.EMAIL, "ａｄａ＠ｌａｎｔｅｒｎ．ｃｏｍ"),
    (C.EMAIL, "a\u200bda@lan\u200btern.com"),
    (C.EMAIL, "邮箱是 lantern_88@qq.com"),
    (C.LINK, "See https://lantern.example/manual.pdf"),
    (C.LINK, "Our site is www.lantern-loom.com"),
    (C.LINK, "look at lantern.shop/new"),
    (C.LINK, "请看 lantern.cn"),
    (C.LINK, "http://www.amazon.com/your-orders/x"),  # not https
    (C.LINK, "https://www.amazon.com/stores/lantern"),  # not an order page
    (C.LINK, "https://www.amazon.com@evil.example/your-orders"),
    (C.LINK, "https://www.amazon.com.evil.example/your-orders"),
    (C.LINK, "https://www.amazon.de/your-orders"),  # another marketplace
    (C.LINK, "https://www.amazon.com/your-orders/../stores/x"),
    (C.LINK, "https://www.amazon.com/your-orders?orderID=1&tag=lantern-20"),
    (C.LINK, "lantern (dot) com"),
    (C.PHONE, "Call me: 206 555 0100"),
    (C.PHONE, "Our number is +1 206-555-0100."),
    (C.PHONE, "(206) 555-0100 is our desk"),
    (C.PHONE, "phone 5550100"),
    (C.PHONE, "Tel. 030/1234567"),
    (C.PHONE, "2065550100"),
    (C.PHONE, "請致電 02-2345-6789"),
    (C.PHONE, "我的手机13800138000"),
    (C.PHONE, "１３８００１３８０００"),
    (C.PHONE, "+86 138 0013 8000"),
    (C.PHONE, "0912-345-678"),
    (C.MESSENGER, "Add us on WhatsApp"),
    (C.MESSENGER, "加我微信聊"),
    (C.MESSENGER, "我的QQ: 123456"),
    (C.MESSENGER, "請加LINE好友"),
    (C.MESSENGER, "扫一扫二维码"),
    (C.MESSENGER, "VX同号"),
    # marketing
    (C.MARKETING, "Here is a coupon for you"),
    (C.MARKETING, "Use discount code LAMP10"),
    (C.MARKETING, "Get 10% off your next purchase"),
    (C.MARKETING, "Please check out our new products"),
    (C.MARKETING, "Visit our store for more lanterns"),
    (C.MARKETING, "Follow us for news"),
    (C.MARKETING, "our summer sale starts"),
    (C.MARKETING, "送您一张优惠券"),
    (C.MARKETING, "店铺促销，全场8折优惠"),
    (C.MARKETING, "欢迎关注我们的店铺"),
    (C.MARKETING, "新品上市，歡迎再次光臨"),
    (C.MARKETING, "贈送優惠碼給您"),
    # reviews
    (C.REVIEW_ASK, "Please leave us a review"),
    (C.REVIEW_ASK, "Would you write an honest product review?"),
    (C.REVIEW_ASK, "We hope for a 5-star rating"),
    (C.REVIEW_ASK, "positive feedback helps a small shop"),
    (C.REVIEW_ASK, "麻烦给个五星好评"),
    (C.REVIEW_ASK, "請留下您的評價"),
    (C.REVIEW_CHANGE, "Could you remove your negative review?"),
    (C.REVIEW_CHANGE, "please change your rating"),
    (C.REVIEW_CHANGE, "take your review down"),
    (C.REVIEW_CHANGE, "请修改您的差评"),
    (C.REVIEW_CHANGE, "能否幫忙刪除評價"),
    (C.REVIEW_INCENTIVE, "We refund you if you delete the review"),
    (C.REVIEW_INCENTIVE, "A gift card for a good review"),
    (C.REVIEW_INCENTIVE, "只要您给好评，我们就返现"),
    (C.REVIEW_INCENTIVE, "刪除差評即可全額退款"),
    # nothing, pictures, and what the marketplace says itself
    (C.THANKS_ONLY, "Thank you for your order!"),
    (
        C.THANKS_ONLY,
        "Dear Ada,\nthank you so much for your purchase. Have a nice day!\nBest regards, Lantern & Loom",
    ),
    (C.THANKS_ONLY, "您好，感谢您的购买！祝您生活愉快！"),
    (C.THANKS_ONLY, "謝謝您的訂購"),
    (C.EMOJI, "We received your question 🙂 and look into it."),
    (C.EMOJI, "Which colour would you like? ❤"),
    (C.SHIPPING_NEWS, "Your order has been shipped today."),
    (C.SHIPPING_NEWS, "We have shipped your lantern, the tracking number is 1Z999AA10123456784"),
    (C.SHIPPING_NEWS, "您的订单已发货，请注意查收"),
    (C.SHIPPING_NEWS, "您的訂單已出貨"),
]


@pytest.mark.parametrize(("code", "text"), REFUSED)
def test_what_is_refused(code: LintCode, text: str) -> None:
    assert code in codes(text)


ALLOWED = [
    "Which colour would you like for the second lantern? We have red and blue.",
    f"About order {ORDER}: is the address Unit 5, 12 Canary Row right?",
    "Order 111 1234567 7654321 and order 11112345677654321 belong together.",
    "The tracking number 7712 3456 7890 has not moved since 2026-03-02 14:30.",
    "USPS 9400 1000 0000 0000 0000 00 and UPS 1Z999AA10123456784 are your parcels.",
    "DHL 5551234567 is with the carrier.",
    "Your parcel RB123456785CN waits at customs.",
    "Tracking: 771234567890",
    "Delivery is planned for 03/12/2026 between 10:00 and 14:00, or 2026-03-13.",
    "12.03.2026, 2026年3月12日, 3/12/26 all suit us.",
    "The price was $1,299.00; we charged 1,299.00 USD, 12,345,678 units, JPY 12345678.",
    "We refunded €1.234,56 and ￥12,345.",
    "The serial number is 1234567890 and the model 20304050.",
    "ISBN 9781234567897, EAN 4006381333931, SKU 0987654321.",
    "Invoice no. 2026000123 shows it; case ID 1234567890.",
    "The lamp is 30 x 40 x 120 cm, 2000 K to 6500 K, 220-240 V, 50/60 Hz.",
    "Please use 98105-1234 as postal code 981051234.",
    "We can offer a replacement or a refund for the broken lantern; which do you prefer?",
    "The discount on your order was applied; sales tax is shown on the invoice.",
    "Your gift message says: Happy birthday, Ada. Is that right?",
    "You can pick it up in store at the carrier's shop.",
    "Thank you for your feedback about the address; shall we use the new one?",
    "Thank you. The carrier needs your door code: is it still valid?",
    "We will review your request and answer today.",
    "Please rate of delivery aside, tell us the best time.",
    "Version 2.0.1 of the manual is attached, e.g. page 3.",
    "Please open My account > My orders and find the order.",
    "The file manual.pdf is attached.",
    "https://www.amazon.com/your-orders/orders?orderID=111-1234567-7654321",
    "https://www.amazon.com/gp/css/returns/homepage.html",
    "It measures 5 °C → 40 °C ✓, Lantern™ ©.",
    "请问您想要红色还是蓝色的灯笼？",
    "您的地址缺少门牌号，请补充，例如3号楼1202室。",
    "订单编号 111-1234567-7654321，物流单号 771234567890。",
    "發票號碼 AB12345678 已附上，請查收。",
    "请您取消勾选礼品包装，再告诉我们颜色。",
    "感谢您的来信。请告诉我们您希望的送货时间。",
    "退款已按原路退回，共 1,299.00 元。",
    "您對包裹的反映我們已轉給承運人，請問今天下午三點可以簽收嗎？",
    "The stars on the lantern are golden. Two or three?",
    "no. 12, vs. the other; it costs 10.50.",
]


@pytest.mark.parametrize("text", ALLOWED)
def test_what_is_allowed(text: str) -> None:
    assert [(one.code, text[one.start : one.end]) for one in found(text)] == []


def test_speaking_of_cancelling_is_for_the_buyers_own_wish() -> None:
    """Guiding is allowed, but not as a way around "No inventory" (S3-27, S3-28)."""
    text = "Please open My orders and submit a cancellation request."
    for reason in ContactReason:
        about = reason in (R.CANCEL_GUIDANCE, R.CANCEL_IMPORTANT, R.CANCEL_DECLINED, R.ANSWER)
        assert (C.ASKS_TO_CANCEL in codes(text, reason)) is not about
        assert C.ASKS_TO_CANCEL in codes(f"{text} The item is out of stock.", reason)


def test_that_goods_are_on_their_way_may_be_answered_but_not_announced() -> None:
    text = "Your order has been shipped; it should arrive on Friday."
    assert C.SHIPPING_NEWS in codes(text, R.OTHER_ORDER_QUESTION)
    assert codes(text, R.ANSWER) == codes(text, R.CANCEL_DECLINED) == set()


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("Hello, write to ada@lantern.example!", "ada@lantern.example", C.EMAIL),
        ("Hi\nsee www.lantern.com, ok?", "www.lantern.com", C.LINK),
        ("Which one? ｃｏｕｐｏｎ inside", "ｃｏｕｐｏｎ", C.MARKETING),
        ("您好\u200b，请拨打 138\u200b00138000 联系", "138\u200b00138000", C.PHONE),
        ("Which colour? 🙂", "🙂", C.EMOJI),
        ("ﬁrst, a cou\u00adpon is here", "cou\u00adpon", C.MARKETING),
    ],
)
def test_the_span_is_of_the_text_as_it_was_written(text: str, words: str, code: LintCode) -> None:
    spans = {text[one.start : one.end] for one in found(text) if one.code is code}
    assert words in spans


def test_letter_case_width_and_invisible_characters_hide_nothing() -> None:
    plain = "please leave us a review"
    for disguise in (plain.upper(), plain.title(), "\u200b".join(plain), plain.replace(" ", "\u00a0")):
        assert C.REVIEW_ASK in codes(disguise)


@pytest.mark.parametrize("place", MARKETPLACES.values(), ids=lambda place: place.country)
def test_each_marketplace_links_to_its_own_order_pages(place: object) -> None:
    for other in MARKETPLACES.values():
        context = LintContext(R.ANSWER, ORDER, other.id)
        link = f"https://www.{place.name.lower()}/your-orders/orders"  # type: ignore[attr-defined]
        assert bool(lint(link, context)) is (place is not other)


@pytest.mark.parametrize("template", BUILT_IN, ids=lambda template: template.key)
@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_texts_pass_our_own_lint(template: object, language: str) -> None:
    values = {
        "order_number": ORDER,
        "buyer_name": "Ada Quill",
        "shop": "Lantern & Loom",
        "items": "Paper lantern",
        "carrier": "UPS",
        "tracking": "1Z999AA10123456784",
    }
    text = render(template.texts[language], values)  # type: ignore[attr-defined]
    assert found(text, template.reason) == ()  # type: ignore[attr-defined]
    assert "{" not in text
    assert ORDER in text
    assert len(text) <= RULES[template.reason].text_max  # type: ignore[attr-defined]
    assert set(values) == set(VARIABLES)


def test_a_template_keeps_what_has_no_value_and_refuses_unknown_variables() -> None:
    assert render("Hi {buyer_name}, {order_number} {x}", {"buyer_name": "{order_number}"}) == (
        "Hi {order_number}, {order_number} {x}"
    )
    check_template("Mine", "Hello {buyer_name}")
    for name, text, code in (
        ("", "text", Code.MISSING_VALUE),
        ("Mine", " ", Code.MISSING_VALUE),
        ("Mine", "Hi {user.password}", Code.INVALID_VALUE),
        ("x" * 81, "text", Code.INVALID_VALUE),
    ):
        with pytest.raises(Refusal) as caught:
            check_template(name, text)
        assert caught.value.code is code


@given(st.text(max_size=300))
def test_any_text_gets_spans_inside_itself(text: str) -> None:
    for one in found(clean(text)):
        assert 0 <= one.start < one.end <= len(clean(text))


@given(st.text(alphabet=" 0123456789-./+(),:年月日$€号", max_size=80))
def test_figures_never_break_it(text: str) -> None:
    for one in found(text):
        assert 0 <= one.start < one.end <= len(text)


@given(st.integers(0, 999), st.integers(0, 9_999_999), st.integers(0, 9_999_999))
def test_an_order_number_is_never_a_phone_number(first: int, second: int, third: int) -> None:
    number = f"{first:03}-{second:07}-{third:07}"
    assert codes(f"Is order {number} for the porch?") == set()
    assert codes(f"关于{number}，请问颜色？") == set()


@given(st.from_regex(r"[0-9]{10,15}", fullmatch=True))
def test_the_orders_own_tracking_number_is_never_a_phone_number(tracking: str) -> None:
    context = LintContext(R.ANSWER, ORDER, US, frozenset({tracking}))
    assert lint(f"It is {tracking}, at the depot.", context) == ()


@given(st.dates(), st.times())
def test_dates_and_times_are_no_phone_numbers(day: object, time: object) -> None:
    text = f"Between {day} {time:%H:%M} and {day:%d.%m.%Y}, or {day:%m/%d/%Y}?"
    assert C.PHONE not in codes(text)


@given(st.from_regex(r"[1-9][0-9]{2}[-. ][0-9]{3}[-. ][0-9]{4}", fullmatch=True))
def test_a_dialled_number_is_always_found(number: str) -> None:
    assert C.PHONE in codes(f"You reach us under {number} all day.")


def test_long_texts_are_looked_through_quickly() -> None:
    """No pattern may take quadratic time on a text of the greatest length: a form must not stall a server."""
    import time

    for unit in ("a", "a.", "1 ", "please ", "取消", "a-", "www.", "@a", "( ", "thank you ", "your "):
        begun = time.perf_counter()
        found((unit * 4000)[:4000])
        assert time.perf_counter() - begun < 1.0, unit


def test_clean_keeps_words_and_drops_what_steers() -> None:
    assert clean(" a\r\nb\rc\x00\x07\u202e\ud800 ") == "a\nb\nc?"
    assert clean("שלום 你好\t1") == "שלום 你好\t1"
