"""Plain SQL for what is read and written by set (design 2.3): rows as tuples, parameters as JSON record sets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

Params = Mapping[str, Any] | Sequence[Any]
_encoder = msgspec.json.Encoder()


def rows(sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
    """All rows of a query on the default connection."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def run(sql: str, params: Params = ()) -> int:
    """Execute a statement; answers the number of rows of its outermost command."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def record_set(records: Sequence[Mapping[str, Any]]) -> str:
    """Records as the text of a JSON array, for `jsonb_to_recordset(%s::jsonb)`. Times are aware and go as ISO 8601."""
    return _encoder.encode(records).decode()


def decode_json(text: str | bytes | None) -> Any:
    """A json or jsonb column as Python values (Django's connections hand jsonb out as text)."""
    return None if text is None else (msgspec.json.decode(text) if isinstance(text, str | bytes) else text)


def instant(text: str | None) -> datetime | None:
    """A timestamptz that travelled inside JSON."""
    return None if text is None else datetime.fromisoformat(text)
