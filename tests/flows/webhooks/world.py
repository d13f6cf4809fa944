"""Receivers, and something that happens."""

import json
from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_network
from typing import Any

from django.db import transaction
from tests import build

from sellerdesk.adapters.chat.base import Chat
from sellerdesk.adapters.web.base import Reply, Web, WebError
from sellerdesk.adapters.web.lines import Bounds
from sellerdesk.adapters.web.pinned import PinnedWeb
from sellerdesk.commands.receivers import MadeReceiver, ReceiverDraft, create_receiver
from sellerdesk.domain.receivers import ReceiverKind
from sellerdesk.flows.webhooks.deliver import DeliveryReport, Outside, deliver
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.tenancy import scope_transaction

LOOPBACK = (ip_network("127.0.0.0/8"),)
NOW = build.PLACED.replace(hour=20)
STATES = "SELECT state, attempts, status, error FROM deliveries ORDER BY id"


def a_webhook(
    seller: int, url: str = "https://hook.example/", *, at: datetime = build.PLACED, **more: Any
) -> MadeReceiver:
    draft = ReceiverDraft(ReceiverKind.WEBHOOK, more.pop("name", "Mine"), url, allowed=LOOPBACK, **more)
    return create_receiver(build.an_actor(seller), draft, now=at)


def a_channel(
    seller: int, address: str = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", **more: Any
) -> int:
    draft = ReceiverDraft(ReceiverKind.CHAT, "Team", address, **more)
    return create_receiver(build.an_actor(seller), draft, now=build.PLACED).id


def happen(
    seller: int,
    kind: str,
    facts: Mapping[str, Any] | None = None,
    *,
    order: str | None = None,
    at: datetime = NOW,
) -> None:
    """Put an entry into the journal that no command of this product writes yet, or not easily."""
    found = build.everything("SELECT id FROM orders WHERE order_number = %s", [order or ""])
    with transaction.atomic():
        scope_transaction(seller)
        entry = Entry(found[0][0] if found else None, kind, facts or {})
        journal_writes.add(build.an_actor(seller), seller, [entry], at)


class KeptWeb(Web):
    """Keeps what is sent; answers as told, by address or for all."""

    def __init__(self, answers: Mapping[str, int | WebError] | int | WebError = 204) -> None:
        self.answers = answers
        self.sent: list[tuple[str, bytes, dict[str, str]]] = []

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        self.sent.append((url, body, dict(headers)))
        answer = self.answers.get(url, 204) if isinstance(self.answers, Mapping) else self.answers
        if isinstance(answer, WebError):
            raise answer
        return Reply(answer)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body, _ in self.sent]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _, _, headers in self.sent]


class KeptChat(Chat):
    def __init__(self) -> None:
        self.said: list[tuple[str, str, str]] = []

    def say(self, address: str, title: str, text: str) -> None:
        self.said.append((address, title, text))


def hand_over(now: datetime, web: Web | None = None, chat: Chat | None = None, **more: Any) -> DeliveryReport:
    build.drain_others(now)
    return deliver(now, outside=Outside(web or KeptWeb(), chat or KeptChat()), **more)


def loopback(**bounds: float) -> PinnedWeb:
    """The real thing, allowed to reach receivers of tests."""
    return PinnedWeb(LOOPBACK, bounds=Bounds(**({"step": 0.3, "whole": 0.6} | bounds)))  # type: ignore[arg-type]
