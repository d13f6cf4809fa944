"""Writing what carriers saw."""

from collections.abc import Sequence
from datetime import datetime

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.lifecycle import PackageStatus
from sellerdesk.domain.parcels import ParcelDecision
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import record_set, rows, run

_WRITE = f"""
WITH events AS (
  INSERT INTO parcel_events (seller_id, package_id, kind, at, told_at, place, raw)
  SELECT %(seller)s, e.package_id, e.kind, e.at, %(now)s, e.place, e.raw
    FROM jsonb_to_recordset(%(events)s::jsonb)
           AS e(package_id bigint, kind text, at timestamptz, place text, raw text)),
moved AS (
  UPDATE packages p SET status = m.status, detailed_status = coalesce(nullif(m.detailed, ''), p.detailed_status),
         delivered_at = coalesce(p.delivered_at, m.delivered_at)
    FROM jsonb_to_recordset(%(moved)s::jsonb) AS m(id bigint, status text, detailed text, delivered_at timestamptz)
   WHERE p.seller_id = %(seller)s AND p.id = m.id),
touched AS (
  UPDATE orders o SET updated_at = %(now)s, version = o.version + 1
   WHERE o.seller_id = %(seller)s AND o.id = ANY(%(orders)s))
{journal_writes.INSERT}"""


def known_events(seller_id: int, package_ids: Sequence[int]) -> set[tuple[int, str, datetime]]:
    """(package id, kind, moment) of what was told before."""
    found = rows(
        "SELECT package_id, kind, at FROM parcel_events WHERE seller_id = %s AND package_id = ANY(%s)",
        [seller_id, list(package_ids)],
    )
    return set(found)


def write_events(actor: Actor, seller_id: int, decisions: Sequence[ParcelDecision], now: datetime) -> None:
    """Write accepted events in the order told; the last one per parcel decides its status."""
    moved = {}
    for one in decisions:
        delivered = one.report.at if one.status is PackageStatus.DELIVERED else None
        moved[one.package.id] = {
            "id": one.package.id,
            "status": one.status.value,
            "detailed": one.detailed_status,
            "delivered_at": delivered,
        }
    entries = [
        Entry(
            one.facts.id,
            "parcel_event",
            {"reference": one.report.reference, "kind": one.report.kind, "at": one.report.at},
        )
        for one in decisions
    ]
    run(
        _WRITE,
        journal_writes.params(actor, seller_id, entries, now)
        | {
            "events": record_set(
                [
                    {
                        "package_id": one.package.id,
                        "kind": one.report.kind,
                        "at": one.report.at,
                        "place": one.report.where,
                        "raw": one.report.raw,
                    }
                    for one in decisions
                ]
            ),
            "moved": record_set(list(moved.values())),
            "orders": sorted({one.facts.id for one in decisions}),
        },
    )
