"""Ready texts for messages, and the variables that they and a seller's own templates may hold (screens 1.11).

The built-in ones are in English, Simplified and Traditional Chinese. They pass the lint for their reason; a test says
so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.refusals import Code, refuse

NAME_MAX, TEXT_MAX = 80, 2000
LANGUAGES = ("en", "zh-hans", "zh-hant")
# variable → what stands for it in the picker's example
VARIABLES = ("order_number", "buyer_name", "shop", "items", "carrier", "tracking")
_VARIABLE = re.compile(r"\{([^{}\n]{1,40})\}")


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A template that ships with the product. `key` is stable; `texts`: language of LANGUAGES → text."""

    key: str
    reason: ContactReason
    texts: Mapping[str, str]


def render(text: str, values: Mapping[str, str]) -> str:
    """A template with its variables filled in. One without a value stays as it is, so that the writer sees it."""
    return _VARIABLE.sub(lambda match: values.get(match.group(1)) or match.group(), text)


def check_template(name: str, text: str) -> None:
    """Raises Refusal MISSING_VALUE, or INVALID_VALUE for what is too long or a variable that does not exist."""
    for place, value, most in (("name", name, NAME_MAX), ("text", text, TEXT_MAX)):
        if not value.strip():
            raise refuse(Code.MISSING_VALUE, place=place)
        if len(value) > most:
            said = f"{len(value)} characters"
            raise refuse(Code.INVALID_VALUE, place=place, value=said, expected=f"at most {most} characters")
    for variable in _VARIABLE.findall(text):
        if variable not in VARIABLES:
            expected = ", ".join(f"{{{one}}}" for one in VARIABLES)
            raise refuse(Code.INVALID_VALUE, place="text", value=f"{{{variable}}}", expected=expected)


def language_of(tag: str) -> str:
    """The language of LANGUAGES nearest to a BCP 47 tag; English where there is none."""
    first, *rest = tag.lower().replace("_", "-").split("-")
    if first != "zh":
        return "en"
    return "zh-hant" if {"hant", "tw", "hk", "mo"} & set(rest) else "zh-hans"


def built_in(key: str) -> BuiltIn:
    """The template of that key. Raises KeyError."""
    return _BY_KEY[key]


_R = ContactReason
BUILT_IN: tuple[BuiltIn, ...] = (
    BuiltIn(
        "cancel_guidance",
        _R.CANCEL_GUIDANCE,
        {
            "en": """Hello {buyer_name},

about your order {order_number}: we understand that you would like it cancelled. So that the marketplace registers \
your wish, please tell it there: open My account > My orders, find this order and choose Request cancellation.

We act on the request as soon as it arrives, as long as the goods have not left us.

{shop}""",
            "zh-hans": """{buyer_name} 您好，

关于您的订单 {order_number}：我们了解到您想取消它。为了让平台记录您的意愿，请打开“我的账户 > 我的订单”，\
找到这个订单，选择“请求取消”。

只要商品尚未离开仓库，我们收到后会立即处理。

{shop}""",
            "zh-hant": """{buyer_name} 您好，

關於您的訂單 {order_number}：我們了解到您想取消它。為了讓平台記錄您的意願，請打開「我的帳戶 > 我的訂單」，\
找到這筆訂單，選擇「申請取消」。

只要商品尚未離開倉庫，我們收到後會立即處理。

{shop}""",
        },
    ),
    BuiltIn(
        "cancel_important",
        _R.CANCEL_IMPORTANT,
        {
            "en": """Hello {buyer_name},

you wrote to us about cancelling order {order_number}, and we have not seen your request yet. Without it we must \
prepare the order for shipment.

If you still want it cancelled, please open My account > My orders, find this order and choose Request cancellation. \
If you want to keep it, there is nothing to do.

{shop}""",
            "zh-hans": """{buyer_name} 您好，

您曾联系我们，希望取消订单 {order_number}，但我们至今没有看到您的申请。没有申请，我们只能按时备货。

如果仍想取消，请打开“我的账户 > 我的订单”，找到这个订单，选择“请求取消”。如果想保留订单，则无需任何操作。

{shop}""",
            "zh-hant": """{buyer_name} 您好，

您曾聯絡我們，希望取消訂單 {order_number}，但我們至今沒有看到您的申請。沒有申請，我們只能按時備貨。

如果仍想取消，請打開「我的帳戶 > 我的訂單」，找到這筆訂單，選擇「申請取消」。如果想保留訂單，則無需任何操作。

{shop}""",
        },
    ),
    BuiltIn(
        "cancel_declined_shipped",
        _R.CANCEL_DECLINED,
        {
            "en": """Hello {buyer_name},

order {order_number} had already left us when your wish to cancel it arrived, so it is on its way to you and can no \
longer be stopped.

If you do not want to keep it, you can return it for a refund once you have it: open My account > My orders, find the \
order and choose Return.

{shop}""",
            "zh-hans": """{buyer_name} 您好，

收到您取消订单 {order_number} 的意愿时，商品已经寄出，正在送往您处，无法再拦下。

如果不想保留，收到后可以退货退款：请打开“我的账户 > 我的订单”，找到这个订单，选择“退货”。

{shop}""",
            "zh-hant": """{buyer_name} 您好，

收到您取消訂單 {order_number} 的意願時，商品已經寄出，正在送往您處，無法再攔下。

如果不想保留，收到後可以退貨退款：請打開「我的帳戶 > 我的訂單」，找到這筆訂單，選擇「退貨」。

{shop}""",
        },
    ),
    BuiltIn(
        "cancel_declined_label",
        _R.CANCEL_DECLINED,
        {
            "en": """Hello {buyer_name},

the parcel for order {order_number} has its shipping label already and is being handed to the carrier, so the order \
cannot be cancelled at this stage.

If you do not want to keep it, you can return it for a refund once you have it: open My account > My orders, find the \
order and choose Return.

{shop}""",
            "zh-hans": """{buyer_name} 您好，

订单 {order_number} 的包裹已经打好运单，正在交给承运人，现阶段无法取消。

如果不想保留，收到后可以退货退款：请打开“我的账户 > 我的订单”，找到这个订单，选择“退货”。

{shop}""",
            "zh-hant": """{buyer_name} 您好，

訂單 {order_number} 的包裹已經列印託運單，正在交給承運人，現階段無法取消。

如果不想保留，收到後可以退貨退款：請打開「我的帳戶 > 我的訂單」，找到這筆訂單，選擇「退貨」。

{shop}""",
        },
    ),
    BuiltIn(
        "address_question",
        _R.ADDRESS_PROBLEM,
        {
            "en": """Hello {buyer_name},

the address of order {order_number} looks incomplete, and the carrier may not be able to deliver there. Could you \
check street, house number and postal code and write back to us here?

{shop}""",
            "zh-hans": """{buyer_name} 您好，

订单 {order_number} 的收货地址似乎不完整，承运人可能无法派送。请核对街道、门牌号和邮编，并在这里回复我们。

{shop}""",
            "zh-hant": """{buyer_name} 您好，

訂單 {order_number} 的收件地址似乎不完整，承運人可能無法派送。請核對街道、門牌號碼和郵遞區號，並在這裡回覆我們。

{shop}""",
        },
    ),
    BuiltIn(
        "delivery_appointment",
        _R.DELIVERY_SCHEDULING,
        {
            "en": """Hello {buyer_name},

order {order_number} is delivered by appointment. On which days and at what time of day can somebody take it in? \
Please answer here.

{shop}""",
            "zh-hans": """{buyer_name} 您好，

订单 {order_number} 需要预约送货。请在这里告诉我们：哪几天、什么时间段有人可以签收？

{shop}""",
            "zh-hant": """{buyer_name} 您好，

訂單 {order_number} 需要預約送貨。請在這裡告訴我們：哪幾天、什麼時段有人可以簽收？

{shop}""",
        },
    ),
    BuiltIn(
        "delivery_problem",
        _R.UNEXPECTED_PROBLEM,
        {
            "en": """Hello {buyer_name},

there is a problem with the delivery of order {order_number} ({carrier}, {tracking}): the carrier could not deliver \
it. Is the address still right, and would you like a second attempt? Please answer here.

{shop}""",
            "zh-hans": """{buyer_name} 您好，

订单 {order_number} 的派送遇到问题（{carrier}，{tracking}）：承运人未能送达。请问地址是否仍然正确，\
需要再次派送吗？请在这里回复。

{shop}""",
            "zh-hant": """{buyer_name} 您好，

訂單 {order_number} 的派送遇到問題（{carrier}，{tracking}）：承運人未能送達。請問地址是否仍然正確，\
需要再次派送嗎？請在這裡回覆。

{shop}""",
        },
    ),
    BuiltIn(
        "return_how_to",
        _R.RETURN_GUIDANCE,
        {
            "en": """Hello {buyer_name},

you can return order {order_number} like this: open My account > My orders, find the order, choose Return beside the \
item, give the reason and send the request. We answer it within a day; please send nothing back before that.

{shop}""",
            "zh-hans": """{buyer_name} 您好，

订单 {order_number} 的退货步骤：打开“我的账户 > 我的订单”，找到这个订单，在商品旁选择“退货”，填写原因并提交。\
我们会在一天内答复，在此之前请不要寄回。

{shop}""",
            "zh-hant": """{buyer_name} 您好，

訂單 {order_number} 的退貨步驟：打開「我的帳戶 > 我的訂單」，找到這筆訂單，在商品旁選擇「退貨」，填寫原因並送出。\
我們會在一天內答覆，在此之前請不要寄回。

{shop}""",
        },
    ),
)
_BY_KEY = {template.key: template for template in BUILT_IN}
