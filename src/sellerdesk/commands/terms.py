"""Lay the ground that rules stand on: policy rows and holidays (design 2.7). An operator's own rows stay."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from sellerdesk.domain.policies import PolicyRow
from sellerdesk.models.sql import record_set, run


def seed_policies(rows: Iterable[PolicyRow]) -> int:
    """Add the policy rows that are missing; answers how many were."""
    records = [
        {
            "marketplace_id": row.marketplace_id,
            "key": row.key,
            "value": row.value,
            "valid_from": row.valid_from,
            "source": row.source,
        }
        for row in rows
    ]
    with transaction.atomic(durable=True):
        return run(
            "INSERT INTO policies (marketplace_id, key, value, valid_from, source, edited_by)"
            " SELECT marketplace_id, key, value, valid_from, source, ''"
            " FROM jsonb_to_recordset(%s::jsonb)"
            " AS r(marketplace_id text, key text, value jsonb, valid_from date, source text)"
            " ON CONFLICT (marketplace_id, key, valid_from) DO NOTHING",
            [record_set(records)],
        )


def seed_holidays(rows: Iterable[tuple[str, date, str]], *, source: str) -> int:
    """Add the holidays (marketplace id, day, name) that are missing; answers how many were."""
    records = [{"marketplace_id": place, "day": day, "name": name[:200]} for place, day, name in rows]
    with transaction.atomic(durable=True):
        return run(
            "INSERT INTO holidays (marketplace_id, day, name, source)"
            " SELECT marketplace_id, day, name, %s"
            " FROM jsonb_to_recordset(%s::jsonb) AS r(marketplace_id text, day date, name text)"
            " ON CONFLICT (marketplace_id, day) DO NOTHING",
            [source, record_set(records)],
        )
