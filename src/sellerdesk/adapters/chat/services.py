"""Chat services through apprise: one library for all of them (decision 0014)."""

import logging

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType, PersistentStoreMode

from sellerdesk.adapters.chat.base import Chat, ChatUnavailable
from sellerdesk.domain.chat import canonical
from sellerdesk.domain.refusals import Refusal

# It would log addresses, which are secrets here, and what services answer.
_quiet = logging.getLogger("apprise")
_quiet.propagate = False
_quiet.addHandler(logging.NullHandler())

_ASSET = AppriseAsset(
    app_id="Sellerdesk",
    app_desc="Sellerdesk",
    app_url="",
    async_mode=False,
    http_redirects=False,  # the services answer themselves; whoever leads elsewhere is not followed (P21)
    storage_mode=PersistentStoreMode.MEMORY,
    plugin_paths=[],
)


class Services(Chat):
    """Only the services of `domain.chat` are ever called, whatever the library knows."""

    def say(self, address: str, title: str, text: str) -> None:
        """See Chat. The library's own limits hold: 4 s to connect, 4 s to read."""
        try:
            checked = canonical(address)
        except Refusal:
            raise ChatUnavailable("not a chat service") from None
        # `interpret_escapes` and formats stay off: an order's words are words.
        channel = Apprise.instantiate(checked, asset=_ASSET)
        if channel is None:
            raise ChatUnavailable("the address is incomplete")
        if not channel.notify(
            body=text, title=title, notify_type=NotifyType.INFO, body_format=NotifyFormat.TEXT
        ):
            raise ChatUnavailable("the service did not take it")
