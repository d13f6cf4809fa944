"""Ways around the marketplace in a text: addresses, links, phone numbers, names on other services (rulebook 2.10).

The texts come folded from `message_lint`. All functions yield half-open spans.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.tracking import tracking_key

Span = tuple[int, int]

_EMAIL = re.compile(
    r"[a-z0-9._%+-]+\s?(?:@|\(at\)|\[at\]|\{at\}|\s+at\s+(?=[a-z0-9-]+\s?(?:\.|\(dot\)|\[dot\]"
    r"|\s+dot\s+)\s?[a-z]{2,}))"
    r"\s?[a-z0-9-]+(?:\s?(?:\.|\(dot\)|\[dot\]|\{dot\}|\s+dot\s+)\s?[a-z0-9-]+)*"
    r"\s?(?:\.|\(dot\)|\[dot\]|\{dot\}|\s+dot\s+)\s?[a-z]{2,}",
    re.A,
)
_AT_DOMAIN = re.compile(r"@\s?(?:gmail|qq|163|126|hotmail|outlook|yahoo|foxmail|icloud|proton)\b", re.A)

_TLDS = (
    "com|net|org|info|biz|shop|store|online|site|xyz|top|club|app|io|co|me|tv|cc|cn|hk|tw|jp|kr|sg|in|us|ca|mx|br|uk|de"
    "|fr|it|es|nl|pl|se|be|ie|eu|ch|at|au|nz|za|tr|ae|sa|eg|ru|link|live|ly|gl|gd|example|test|vip|ltd|pro"
)
_URL = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,15}://|www\.)[^\s<>\"'，。；）)\]}一-鿿]+", re.A)
_BARE = re.compile(
    rf"(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_TLDS})(?![\w-])(?:/[^\s<>\"'，。；一-鿿]*)?",
    re.A,
)
_SPELLED = re.compile(rf"\b[a-z0-9-]{{3,}}\s?(?:\(dot\)|\[dot\]|\sdot\s)\s?(?:{_TLDS})\b", re.A)
# What an abbreviation or a file looks like, and what no one could click.
_NO_LINK = re.compile(r"(?:e\.g|i\.e|a\.k\.a|p\.s|u\.s|no|vs|etc|inc|ltd|co)\.?\Z|\d+(?:\.\d+)*\Z")
_TRAILING = ".,;:!?'\")]}"

# The pages of a marketplace that are about the buyer's own order: the only links that a message may hold.
ORDER_PATHS = (
    "/your-orders",
    "/gp/your-account/order",
    "/gp/css/order",
    "/gp/css/your-orders",
    "/gp/css/summary",
    "/gp/css/returns",
    "/gp/css/shiptrack",
    "/spr/returns",
    "/returns",
    "/progress-tracker/package",
)
_ORDER_FIELDS = frozenset(
    {"orderid", "orderids", "order_id", "itemid", "packageid", "packageindex", "shipmentid"}
)
_HOSTS = {place.id: place.name.lower() for place in MARKETPLACES.values()}


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses, also when at and dot are spelled out."""
    ends = 0
    for match in _EMAIL.finditer(text):
        ends = match.end()
        yield match.span()
    yield from (match.span() for match in _AT_DOMAIN.finditer(text) if match.start() >= ends)


def links(text: str, marketplace_id: str) -> Iterator[Span]:
    """Links and names of sites, except https links to the order pages of the order's own marketplace."""
    taken: list[Span] = []
    for pattern in (_URL, _BARE, _SPELLED):
        for match in pattern.finditer(text):
            start, end = match.start(), match.start() + len(match.group().rstrip(_TRAILING))
            if end <= start or any(a <= start < b for a, b in taken):
                continue
            taken.append((start, end))
            said = text[start:end]
            if not (pattern is _URL and _is_order_page(said, marketplace_id)) and not _NO_LINK.match(said):
                yield start, end


def _is_order_page(url: str, marketplace_id: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = _HOSTS.get(marketplace_id, "")
    ours = parts.scheme == "https" and parts.hostname in (host, f"www.{host}") and not parts.username
    if not ours or not host or port not in (None, 443) or ".." in parts.path or "%" in parts.path:
        return False
    at_order = any(parts.path == one or parts.path.startswith(f"{one}/") for one in ORDER_PATHS)
    fields = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    return at_order and fields <= _ORDER_FIELDS


_MESSENGER = re.compile(
    r"\b(?:whats ?app|we ?chat|telegram|viber|skype|signal app|messenger|kakao ?talk|instagram|facebook"
    r"|tiktok|snapchat"
    r"|weixin|twitter|linktree)\b"
    r"|微信|薇信|威信号|微❤|加v信|v信|(?<![a-z])vx(?![a-z])|企鹅号|(?<![a-z])qq(?:号|群|號|:|\s*\d)|抖音"
    r"|快手|小红书|小紅書|淘宝|拼多多"
    r"|line\s?(?:id|群|@|帳號|账号)|加(?:我|我们|我們)?(?:的)?(?:line|好友|群)|扫(?:一扫|码|二维码)"
    r"|掃(?:一掃|碼|描二維碼)|二维码|二維碼|公众号|公眾號"
)


def messengers(text: str) -> Iterator[Span]:
    """Names of other services on which the buyer could be met."""
    return (match.span() for match in _MESSENGER.finditer(text))


_ORDER_NUMBER = re.compile(r"(?<!\d)\d{3}[- ]?\d{7}[- ]?\d{7}(?!\d)")
_DATE = re.compile(
    r"(?<!\d)(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?!\d)"
    r"(?:[t ]\d{1,2}:\d{2}(?::\d{2})?)?|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)"
)
_PRICE = re.compile(
    r"(?:[$€£¥￥₹₺]|\b(?:usd|cad|mxn|brl|jpy|sgd|aud|gbp|eur|pln|sek|inr|try|aed|sar|egp|zar|cny|rmb|hkd"
    r"|twd|nt\$|hk\$|us\$)"
    r"\b)\s?\d[\d,. ]*\d|\d[\d,.]*\d\s?(?:[$€£¥元円圓]|(?:usd|cad|jpy|gbp|eur|cny|rmb|aud|sgd|hkd|twd"
    r"|dollars?|euros?|yen)\b)"
    r"|(?<![\d.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d.])"
)
_CANDIDATE = re.compile(
    r"(?<![\w.])(?:\+|\(\+?)?\d(?:[ ().\-/·]{0,3}\d){4,18}(?!\w)"
    r"|(?<=[一-鿿:])\+?\d(?:[ ().\-/]{0,3}\d){4,18}(?![a-z\d])"
)
_CALL = re.compile(
    r"(?:\b(?:phone|call|tel|telephone|mobile|cell|hotline|text (?:me|us)|sms|fax|ring|reach (?:me|us)"
    r"|contact (?:me|us)|number to call)"
    r"\b|电话|手机|座机|热线|致电|拨打|短信|来电|电联|客服号|電話|手機|熱線|致電|撥打|簡訊"
    r"|來電)[^\d\n]{0,25}\Z"
)
_LABEL = re.compile(
    r"(?:\b(?:tracking|waybill|awb|parcel|package|shipment|consignment|order|invoice|rma|return|case|claim"
    r"|ticket|serial"
    r"|model|sku|asin|isbn|ean|upc|gtin|part|item|batch|lot|size|reference|ref|code|id|key|pin|zip|postcode"
    r"|postal code"
    r"|number|no|version|article)\b|[#№]"
    r"|单号|编号|编码|订单|追踪|物流|运单|型号|序列号|发票|案例|邮编|尺寸|货号|批次|密钥"
    r"|單號|編號|編碼|訂單|追蹤|物流|運單|型號|序號|發票|案件|郵遞區號|尺寸|貨號|批次|金鑰)[^\d\n]{0,20}\Z"
)
_MOBILE = re.compile(r"(?:86|\+86)?1[3-9]\d{9}\Z")
_DIGITS_MOST, _DIGITS_LEAST = 15, 7  # E.164 has at most 15; below 7 it is an extension


def phones(text: str, numbers: frozenset[str]) -> Iterator[Span]:
    """Phone numbers. `numbers` are keys of tracking numbers, which are none, whatever they look like."""
    known = [m.span() for pattern in (_ORDER_NUMBER, _DATE, _PRICE) for m in pattern.finditer(text)]
    for match in _CANDIDATE.finditer(text):
        start, end = match.span()
        said = match.group()
        if any(a <= start and end <= b for a, b in known) or tracking_key(said) in numbers:
            continue
        if _ORDER_NUMBER.search(said) or not _dialable(said, text[max(0, start - 45) : start]):
            continue
        yield start, end


def _dialable(said: str, before: str) -> bool:
    """Whether a run of digits would be taken for a phone number by somebody who reads what stands before it."""
    digits = re.sub(r"\D", "", said)
    if _CALL.search(before):
        return 5 <= len(digits) <= _DIGITS_MOST
    if not _DIGITS_LEAST <= len(digits) <= _DIGITS_MOST:
        return False
    if said.lstrip("(").startswith("+"):
        return True
    if _LABEL.search(before):
        return False
    groups = re.split(r"\D+", said.strip("()"))
    if len(groups) == 1:
        return bool(_MOBILE.match(digits)) or (digits[0] == "0" and len(digits) >= 9) or len(digits) == 10
    lengths = [len(group) for group in groups]
    if lengths == [5, 4]:  # a postal code of the United States
        return False
    if len(digits) == 7:
        return lengths == [3, 4]
    return len(digits) >= 8 and not re.fullmatch(r"\d+(?:\.\d+)+", said)
