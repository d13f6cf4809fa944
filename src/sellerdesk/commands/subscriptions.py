"""Destinations and subscriptions of SP-API notifications: what programs ask for (spapi 8)."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.receivers import MOST_DESTINATIONS
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.web_addresses import Network, check
from sellerdesk.models.sql import record_set, rows, run
from sellerdesk.models.tenancy import scope_transaction


@dataclass(frozen=True, slots=True)
class DestinationDraft:
    """A destination as a program names it. `resource` is its own way to say the address; `secret` signs."""

    client_id: int
    name: str
    resource: Mapping[str, Any]
    address: str
    secret: str


@dataclass(frozen=True, slots=True)
class SubscriptionDraft:
    """A wish to hear of a type. Empty `changes` and `marketplaces` mean all; `directive` is kept as it was given."""

    client_id: int
    type: str
    payload_version: str
    destination_id: str
    changes: tuple[str, ...] = ()
    marketplaces: tuple[str, ...] = ()
    directive: Mapping[str, Any] | None = None


_NEW_DESTINATION = """
INSERT INTO spapi_destinations (seller_id, client_id, destination_id, name, resource, address, secret, created_at)
VALUES (%(seller)s, %(client)s, %(id)s, %(name)s, %(resource)s::jsonb, %(address)s, %(secret)s, %(now)s)"""


def create_destination(
    actor: Actor, draft: DestinationDraft, *, allowed: Sequence[Network], now: datetime
) -> str:
    """Keep a destination; answers its id. Raises Refusal ADDRESS_REFUSED, NAME_TAKEN, TOO_MANY."""
    check(draft.address, allowed)
    made = str(uuid.uuid4())
    given = {
        "seller": actor.seller_id,
        "client": draft.client_id,
        "id": made,
        "name": draft.name,
        "resource": json.dumps(draft.resource),
        "address": draft.address,
        "secret": draft.secret,
        "now": now,
    }
    try:
        with transaction.atomic():
            scope_transaction(actor.seller_id)
            ((number,),) = rows(
                "SELECT count(*) FROM spapi_destinations WHERE seller_id = %(seller)s AND client_id = %(client)s",
                given,
            )
            if number >= MOST_DESTINATIONS:
                raise refuse(Code.TOO_MANY, place="destinations", most=MOST_DESTINATIONS)
            run(_NEW_DESTINATION, given)
    except IntegrityError as error:
        if "destination_name_once" in str(error):
            raise refuse(Code.NAME_TAKEN, place="name", value=draft.name[:60]) from None
        raise
    return made


def delete_destination(actor: Actor, client_id: int, destination_id: str) -> bool:
    """Forget a destination; False when there is none. Raises Refusal DESTINATION_IN_USE."""
    given = {"seller": actor.seller_id, "client": client_id, "id": destination_id}
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        found = rows(
            "SELECT id, EXISTS (SELECT FROM spapi_subscriptions s"
            " WHERE s.seller_id = d.seller_id AND s.destination_id = d.id)"
            " FROM spapi_destinations d WHERE seller_id = %(seller)s AND client_id = %(client)s"
            " AND destination_id = %(id)s FOR UPDATE",
            given,
        )
        if found and found[0][1]:
            raise refuse(Code.DESTINATION_IN_USE, place="destinationId", value=destination_id)
        if found:
            run(
                "DELETE FROM spapi_destinations WHERE seller_id = %s AND id = %s",
                [actor.seller_id, found[0][0]],
            )
    return bool(found)


_SUBSCRIBE = """
WITH destination AS (
  SELECT id, name, address, secret FROM spapi_destinations
   WHERE seller_id = %(seller)s AND client_id = %(client)s AND destination_id = %(destination)s FOR SHARE),
receiver AS (
  INSERT INTO receivers (seller_id, kind, name, address, events, marketplaces, secrets, language, state,
                         disabled_because, created_at, busy_until, served_at)
  SELECT %(seller)s, 'spapi', name, address, %(changes)s::jsonb, %(marketplaces)s::jsonb, jsonb_build_array(secret),
         'en', 'active', '', %(now)s, %(now)s, clock_timestamp() FROM destination
  RETURNING id)
INSERT INTO spapi_subscriptions (seller_id, client_id, destination_id, receiver_id, subscription_id, type,
                                 payload_version, directive, created_at)
SELECT %(seller)s, %(client)s, destination.id, receiver.id, %(id)s, %(type)s, %(version)s, %(directive)s::jsonb,
       %(now)s FROM destination, receiver"""


def create_subscription(actor: Actor, draft: SubscriptionDraft, *, now: datetime) -> str | None:
    """Keep a subscription; answers its id, or None when there is no such destination.

    It hears of what happens from now on. Raises Refusal ALREADY_SUBSCRIBED.
    """
    made = str(uuid.uuid4())
    given = {
        "seller": actor.seller_id,
        "client": draft.client_id,
        "destination": draft.destination_id,
        "changes": record_set(list(draft.changes)),  # type: ignore[arg-type]
        "marketplaces": record_set(list(draft.marketplaces)),  # type: ignore[arg-type]
        "id": made,
        "type": draft.type,
        "version": draft.payload_version,
        "directive": None if draft.directive is None else json.dumps(draft.directive),
        "now": now,
    }
    try:
        with transaction.atomic():
            scope_transaction(actor.seller_id)
            return made if run(_SUBSCRIBE, given) else None
    except IntegrityError as error:
        if "subscription_type_once" in str(error):
            raise refuse(Code.ALREADY_SUBSCRIBED, place="notificationType", value=draft.type) from None
        raise


def delete_subscription(actor: Actor, client_id: int, type_: str, subscription_id: str) -> bool:
    """Forget a subscription with what was still owed to it; False when there is none."""
    given = {"seller": actor.seller_id, "client": client_id, "type": type_, "id": subscription_id}
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        found = rows(
            "DELETE FROM spapi_subscriptions WHERE seller_id = %(seller)s AND client_id = %(client)s"
            " AND type = %(type)s AND subscription_id = %(id)s RETURNING receiver_id",
            given,
        )
        if found:
            whose = [actor.seller_id, found[0][0]]
            run("SELECT 1 FROM receivers WHERE seller_id = %s AND id = %s FOR UPDATE", whose)
            run("DELETE FROM deliveries WHERE seller_id = %s AND receiver_id = %s", whose)
            run("DELETE FROM receivers WHERE seller_id = %s AND id = %s", whose)
    return bool(found)


_TEST = """
WITH made AS (
  INSERT INTO deliveries (seller_id, receiver_id, type, webhook_id, state, attempts, created_at, next_at, error)
  SELECT s.seller_id, s.receiver_id, s.type, gen_random_uuid(), 'queued', 0, %(now)s, %(now)s, ''
    FROM spapi_subscriptions s
    JOIN spapi_destinations d ON d.seller_id = s.seller_id AND d.id = s.destination_id
   WHERE s.seller_id = %(seller)s AND s.client_id = %(client)s AND s.type = %(type)s
     AND d.destination_id = %(destination)s
  RETURNING seller_id, receiver_id)
UPDATE receivers r SET due_at = least(r.due_at, %(now)s::timestamptz)
  FROM made WHERE r.seller_id = made.seller_id AND r.id = made.receiver_id"""


def send_test_notification(
    actor: Actor, client_id: int, type_: str, destination_id: str, *, now: datetime
) -> bool:
    """Owe a mock notification to the program's subscription of a type there; False when it has none."""
    given = {
        "seller": actor.seller_id,
        "client": client_id,
        "type": type_,
        "destination": destination_id,
        "now": now,
    }
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        return run(_TEST, given) > 0
