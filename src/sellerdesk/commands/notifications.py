"""News in the application: made because of the journal, marked as read by a person, heard as the person wishes."""

from collections.abc import Mapping

from django.db import transaction

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.notices import NOTICES, SELLER
from sellerdesk.domain.notifications import CHANNELS, EVERY, KINDS, NEWS, Setting, is_wanted
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.models.journal_reading import APP, Reading, read_on
from sellerdesk.models.sql import record_set, rows, run
from sellerdesk.models.tenancy import scope_transaction

READER = APP
# What mail speaks of is set beside what the application shows.
SETTABLE = frozenset(KINDS) | {notice.event for notice in NOTICES if notice.reader == SELLER}

_OWE = """
owed AS (
  INSERT INTO notifications (seller_id, entry_id, order_id, marketplace_id, kind, at)
  SELECT b.seller_id, b.id, b.order_id, coalesce(o.marketplace_id, ''), b.kind, b.at
    FROM batch b
    JOIN jsonb_to_recordset(%(news)s::jsonb) AS n(kind text, condition jsonb)
      ON n.kind = b.kind AND b.facts @> n.condition
    LEFT JOIN orders o ON o.seller_id = b.seller_id AND o.id = b.order_id
   WHERE b.door <> 'demo'
   ORDER BY b.txid, b.id
  ON CONFLICT (seller_id, entry_id) DO NOTHING
  RETURNING 1)"""


def owe_notifications(*, limit: int) -> Reading:
    """Read on in the journal and make the news that follow from it, at most `limit` entries."""
    news = record_set([{"kind": one.kind, "condition": one.when} for one in NEWS])
    return read_on(READER, _OWE, {"news": news}, limit=limit)


_MARK = """
INSERT INTO notification_marks AS m (seller_id, user_id, read_id)
SELECT %(seller)s, %(user)s, coalesce(max(id), 0) FROM notifications WHERE seller_id = %(seller)s AND id <= %(up_to)s
ON CONFLICT (seller_id, user_id) DO UPDATE SET read_id = greatest(m.read_id, excluded.read_id)"""


def mark_read(actor: Actor, user_id: int, *, up_to: int) -> None:
    """Remember that a person has read the news up to this one; what came later stays unread."""
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        run(_MARK, {"seller": actor.seller_id, "user": user_id, "up_to": up_to})


def save_notice_settings(
    actor: Actor, user_id: int, marketplace_id: str, wishes: Mapping[tuple[str, str], bool]
) -> None:
    """Keep a person's wishes, (kind, channel) → on or off, for one marketplace or for EVERY.

    A wish that says what counts anyway is not kept, so that a marketplace goes on following what is set for all.
    Raises Refusal INVALID_VALUE for a kind or channel that there is not, NOT_PARTICIPATING.
    """
    for kind, channel in wishes:
        if kind not in SETTABLE or channel not in CHANNELS:
            raise refuse(
                Code.INVALID_VALUE, place="kind", value=kind[:40], expected=", ".join(sorted(SETTABLE))
            )
    given = {"seller": actor.seller_id, "user": user_id, "place": marketplace_id}
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        if marketplace_id != EVERY and not rows(
            "SELECT 1 FROM participations WHERE seller_id = %(seller)s AND marketplace_id = %(place)s", given
        ):
            raise refuse(Code.NOT_PARTICIPATING, marketplace_id=marketplace_id)
        general = [
            Setting(*row)
            for row in rows(
                "SELECT marketplace_id, kind, channel, is_on FROM notice_settings"
                " WHERE seller_id = %(seller)s AND user_id = %(user)s AND marketplace_id = '*'"
                " AND %(place)s::text <> '*'",
                given,
            )
        ]
        kept = [
            {"kind": kind, "channel": channel, "is_on": on}
            for (kind, channel), on in wishes.items()
            if on != is_wanted(general, kind=kind, marketplace_id=marketplace_id, channel=channel)
        ]
        run(
            "DELETE FROM notice_settings WHERE seller_id = %(seller)s AND user_id = %(user)s"
            " AND marketplace_id = %(place)s",
            given,
        )
        run(
            "INSERT INTO notice_settings (seller_id, user_id, marketplace_id, kind, channel, is_on)"
            " SELECT %(seller)s, %(user)s, %(place)s, w.kind, w.channel, w.is_on"
            " FROM jsonb_to_recordset(%(wishes)s::jsonb) AS w(kind text, channel text, is_on boolean)"
            " ON CONFLICT DO NOTHING",
            given | {"wishes": record_set(kept)},
        )
