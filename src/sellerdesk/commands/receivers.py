"""Make, change, switch and delete receivers: webhooks and chat channels. These work on one thing and raise Refusals."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.chat import canonical
from sellerdesk.domain.events import TYPES
from sellerdesk.domain.notifications import KINDS
from sellerdesk.domain.receivers import (
    MOST_RECEIVERS,
    NAME_LENGTH,
    OLD_SECRET_KEPT,
    SECRET_BYTES,
    ReceiverKind,
)
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.web_addresses import Network, check
from sellerdesk.models.journal_writes import Entry, add
from sellerdesk.models.sql import record_set, rows, run
from sellerdesk.models.tenancy import scope_transaction


@dataclass(frozen=True, slots=True)
class ReceiverDraft:
    """What a person says of a receiver. `events`: types of a webhook, kinds of news of a channel; empty means all.

    `allowed` are the networks inside that the installation may call.
    """

    kind: ReceiverKind
    name: str
    address: str
    events: tuple[str, ...] = ()
    language: str = "en"
    allowed: Sequence[Network] = ()


@dataclass(frozen=True, slots=True)
class MadeReceiver:
    """A new receiver; `secret` is shown now and never again ("" for a channel)."""

    id: int
    secret: str


def new_secret() -> str:
    """A signing secret as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


_COUNT = "SELECT count(*) FROM receivers WHERE seller_id = %s AND kind = %s"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('receivers'), %s::integer)"
_MAKE = """
INSERT INTO receivers (seller_id, kind, name, address, events, marketplaces, secrets, language, state,
                       disabled_because, created_at, busy_until, served_at)
VALUES (%(seller)s, %(kind)s, %(name)s, %(address)s, %(events)s::jsonb, '[]', %(secrets)s::jsonb, %(language)s,
        'active', '', %(now)s, %(now)s, clock_timestamp())
RETURNING id"""


def create_receiver(actor: Actor, draft: ReceiverDraft, *, now: datetime) -> MadeReceiver:
    """Make a receiver; it hears of what happens from now on.

    Raises Refusal FORBIDDEN, ADDRESS_REFUSED, INVALID_VALUE, MISSING_VALUE, TOO_MANY.
    """
    given = _checked(actor, draft)
    if not given["address"]:
        raise refuse(Code.MISSING_VALUE, place="url")
    secret = new_secret() if draft.kind is ReceiverKind.WEBHOOK else ""
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        rows(_LOCK, [actor.seller_id])  # or two at once could pass the limit together
        ((number,),) = rows(_COUNT, [actor.seller_id, draft.kind.value])
        if number >= MOST_RECEIVERS:
            raise refuse(Code.TOO_MANY, place="receivers", most=MOST_RECEIVERS)
        kept = record_set([secret] if secret else [])  # type: ignore[list-item]
        ((receiver,),) = rows(_MAKE, given | {"secrets": kept, "kind": draft.kind.value, "now": now})
        _say(actor, "receiver_created", (receiver, draft.kind.value, given["name"]), now)
    return MadeReceiver(int(receiver), secret)


def change_receiver(actor: Actor, receiver_id: int, draft: ReceiverDraft, *, now: datetime) -> bool:
    """Give a receiver another name, address or choice of events; False when there is none of this kind.

    An empty address leaves the address as it is: a channel's is a secret that forms do not show.
    Raises Refusal as `create_receiver`.
    """
    given = _checked(actor, draft)
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        changed = run(
            "UPDATE receivers SET name = %(name)s, events = %(events)s::jsonb, language = %(language)s,"
            " address = coalesce(nullif(%(address)s, ''), address)"
            " WHERE seller_id = %(seller)s AND id = %(id)s AND kind = %(kind)s",
            given | {"id": receiver_id, "kind": draft.kind.value},
        )
        if changed:
            _say(actor, "receiver_changed", (receiver_id, draft.kind.value, given["name"]), now)
    return changed == 1


def rotate_secret(actor: Actor, receiver_id: int, *, now: datetime) -> str | None:
    """Give a webhook, or a subscription, a new secret; the one before signs too until `OLD_SECRET_KEPT` is over.

    None when there is no such receiver.

    Raises Refusal FORBIDDEN.
    """
    _may(actor)
    secret = new_secret()
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        found = rows(
            "UPDATE receivers SET secrets = jsonb_build_array(%(secret)s::text, secrets->>0),"
            " old_secret_until = %(until)s"
            " WHERE seller_id = %(seller)s AND id = %(id)s AND kind IN ('webhook', 'spapi') RETURNING kind, name",
            {"secret": secret, "until": now + OLD_SECRET_KEPT, "seller": actor.seller_id, "id": receiver_id},
        )
        if found:
            _say(actor, "receiver_changed", (receiver_id, *found[0]), now)
    return secret if found else None


def switch_receiver(actor: Actor, receiver_id: int, *, on: bool, now: datetime) -> bool:
    """Switch a receiver on, and what waits is sent; or off. False when there is none. Raises Refusal FORBIDDEN."""
    _may(actor)
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        found = rows(
            "UPDATE receivers SET state = CASE WHEN %(on)s THEN 'active' ELSE 'disabled' END,"
            " disabled_because = CASE WHEN %(on)s THEN '' ELSE 'person' END, failing_since = NULL,"
            " busy_until = %(now)s"
            " WHERE seller_id = %(seller)s AND id = %(id)s RETURNING kind, name",
            {"on": on, "now": now, "seller": actor.seller_id, "id": receiver_id},
        )
        if found:
            _say(actor, "receiver_changed", (receiver_id, *found[0]), now)
    return bool(found)


def delete_receiver(actor: Actor, receiver_id: int, *, now: datetime) -> bool:
    """Delete a webhook or channel with its deliveries; False when there is none. Raises Refusal FORBIDDEN."""
    _may(actor)
    whose = [actor.seller_id, receiver_id]
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        found = rows(
            "SELECT kind, name FROM receivers WHERE seller_id = %s AND id = %s AND kind IN ('webhook', 'chat')"
            " FOR UPDATE",
            whose,
        )
        if found:
            run("DELETE FROM deliveries WHERE seller_id = %s AND receiver_id = %s", whose)
            run("DELETE FROM receivers WHERE seller_id = %s AND id = %s", whose)
            _say(actor, "receiver_deleted", (receiver_id, *found[0]), now)
    return bool(found)


def _checked(actor: Actor, draft: ReceiverDraft) -> dict[str, object]:
    _may(actor)
    name = " ".join(draft.name.split())
    if not name:
        raise refuse(Code.MISSING_VALUE, place="name")
    if len(name) > NAME_LENGTH or not name.isprintable():
        raise refuse(Code.INVALID_VALUE, place="name", value=name[:20], expected=f"≤ {NAME_LENGTH}")
    known = TYPES if draft.kind is ReceiverKind.WEBHOOK else KINDS
    for event in draft.events:
        if event not in known:
            raise refuse(Code.INVALID_VALUE, place="events", value=event[:60], expected=", ".join(known))
    address = draft.address.strip()
    if draft.kind is ReceiverKind.CHAT:
        address = canonical(address) if address else ""
    else:
        check(address, draft.allowed)
    return {
        "seller": actor.seller_id,
        "name": name,
        "address": address,
        "events": record_set(list(draft.events)),  # type: ignore[arg-type]
        "language": draft.language,
    }


def _may(actor: Actor) -> None:
    if not actor.may(Permission.WEBHOOKS_MANAGE):
        raise refuse(Code.FORBIDDEN, permission=Permission.WEBHOOKS_MANAGE.value)


def _say(actor: Actor, kind: str, receiver: tuple[int, str, object], now: datetime) -> None:
    if actor.seller_id is None:
        raise ValueError("a command acts for one seller")
    number, sort, name = receiver
    add(actor, actor.seller_id, [Entry(None, kind, {"receiver": number, "sort": sort, "name": name})], now)
