"""Addresses of chat channels: which services, and what of them may be said (trust P21).

Every service here has one host of its own, so that nobody can name where we connect to. What would follow a question
mark is refused as a whole: some of the library's parameters read files or fetch addresses.
"""

import re

from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.web_addresses import LENGTH_MAX

# scheme → what the service is called
SERVICES = {
    "slack": "Slack",
    "discord": "Discord",
    "tgram": "Telegram",
    "feishu": "Feishu (飞书)",
    "lark": "Lark",
    "dingtalk": "DingTalk (钉钉)",
    "wecombot": "WeCom (企业微信)",
    "schan": "ServerChan (Server酱)",
    "gchat": "Google Chat",
}
_WORD = r"[A-Za-z0-9_-]+"
# What the services themselves hand out → the same in one form.
_GIVEN = (
    (rf"https://hooks\.slack\.com/services/({_WORD}/{_WORD}/{_WORD})/?", "slack://{0}/"),
    (rf"https://(?:discord|discordapp)\.com/api/webhooks/({_WORD}/{_WORD})/?", "discord://{0}/"),
    (rf"https://open\.feishu\.cn/open-apis/bot/v2/hook/({_WORD})/?", "feishu://{0}/"),
    (rf"https://open\.larksuite\.com/open-apis/bot/v2/hook/({_WORD})/?", "lark://{0}/"),
    (rf"https://oapi\.dingtalk\.com/robot/send\?access_token=({_WORD})", "dingtalk://{0}/"),
    (rf"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=({_WORD})", "wecombot://{0}/"),
    (rf"https://sctapi\.ftqq\.com/({_WORD})\.send", "schan://{0}/"),
)
_OURS = re.compile(r"(?P<scheme>[a-z]+)://(?P<rest>[A-Za-z0-9_:@/.#+-]+)")


def canonical(text: str) -> str:
    """The address of a channel in one form, such as `slack://T…/B…/…/`.

    Takes what the services hand out (`https://hooks.slack.com/services/…`) too. Raises Refusal ADDRESS_REFUSED with
    why "scheme" or "syntax". The refusal never repeats the address, which is a secret.
    """
    text = text.strip()
    for pattern, form in _GIVEN:
        if match := re.fullmatch(pattern, text):
            return form.format(match[1])
    scheme = text.partition("://")[0]
    if scheme not in SERVICES:
        raise refuse(Code.ADDRESS_REFUSED, place="url", value=f"{scheme[:20]}://…", why="scheme")
    if len(text) > LENGTH_MAX or _OURS.fullmatch(text) is None:
        raise refuse(Code.ADDRESS_REFUSED, place="url", value=f"{scheme}://…", why="syntax")
    return text


def service_of(address: str) -> str:
    """What the service behind a canonical address is called."""
    return SERVICES.get(address.partition("://")[0], "")
