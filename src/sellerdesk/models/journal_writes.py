"""Adding to the journal: a row set that stands beside the other writes of a command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.models.sql import record_set, run

# A part of a larger statement, or a statement of its own; see `params`.
INSERT = """
INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
SELECT %(seller)s, j.order_id, %(now)s, j.kind, %(party)s, %(actor)s, %(door)s, %(key)s, j.facts
  FROM jsonb_to_recordset(%(journal)s::jsonb) AS j(order_id bigint, kind text, facts jsonb)"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact: what happened (past tense) to which order. Facts hold nothing personal."""

    order_id: int | None
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def params(actor: Actor, seller_id: int, entries: Sequence[Entry], now: datetime) -> dict[str, Any]:
    """The parameters that INSERT needs."""
    records = [{"order_id": entry.order_id, "kind": entry.kind, "facts": entry.facts} for entry in entries]
    return {
        "seller": seller_id,
        "now": now,
        "party": actor.party.value,
        "actor": actor.name[:100],
        "door": actor.door.value,
        "key": actor.key,
        "journal": record_set(records),
    }


def add(actor: Actor, seller_id: int, entries: Sequence[Entry], now: datetime) -> None:
    """Append entries in a statement of their own."""
    if entries:
        run(INSERT, params(actor, seller_id, entries, now))
