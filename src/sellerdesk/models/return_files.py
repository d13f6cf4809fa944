"""Writing the files of returns: photos and labels. Their bytes stand in `stored_files`, personal and erasable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.attachments import CheckedFile
from sellerdesk.domain.photos import KIND, Photo
from sellerdesk.models.message_writes import new_ids
from sellerdesk.models.sql import record_set, run

_STORED = """
WITH stored AS (
  INSERT INTO stored_files (id, seller_id, sha256, size, kind, content, at)
  SELECT f.id, %(seller)s, f.sha256, f.size, f.kind, f.content, %(now)s
    FROM unnest(%(ids)s::bigint[], %(hashes)s::text[], %(sizes)s::integer[], %(kinds)s::text[], %(contents)s::bytea[])
           AS f(id, sha256, size, kind, content))"""

_PHOTOS = f"""{_STORED}
INSERT INTO return_photos (seller_id, return_request_id, file_id, by, name, width, height, at)
SELECT %(seller)s, q.id, p.file_id, p.by, p.name, p.width, p.height, %(now)s
  FROM jsonb_to_recordset(%(photos)s::jsonb)
         AS p(rma text, file_id bigint, by text, name text, width integer, height integer)
  JOIN return_requests q ON q.seller_id = %(seller)s AND q.rma = p.rma
 ORDER BY p.file_id"""


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A photo for a return that is written already. `by`: "buyer" or "warehouse"."""

    rma: str
    by: str
    photo: Photo


def write_photos(seller_id: int, new: Sequence[NewPhoto], now: datetime) -> None:
    """Keep photos of returns, in the order given."""
    if not new:
        return
    ids = new_ids("stored_files", len(new))
    told: list[dict[str, Any]] = [
        {
            "rma": one.rma,
            "file_id": id_,
            "by": one.by,
            "name": one.photo.name,
            "width": one.photo.width,
            "height": one.photo.height,
        }
        for id_, one in zip(ids, new, strict=True)
    ]
    run(
        _PHOTOS,
        {
            "seller": seller_id,
            "now": now,
            "ids": ids,
            "hashes": [one.photo.sha256 for one in new],
            "sizes": [len(one.photo.content) for one in new],
            "kinds": [KIND for _ in new],
            "contents": [one.photo.content for one in new],
            "photos": record_set(told),
        },
    )


# A return has one label; a return is authorised once, so no older one is in the way.
_LABELS = f"""{_STORED}
INSERT INTO return_labels (seller_id, return_request_id, file_id, name, at)
SELECT %(seller)s, q.id, l.file_id, l.name, %(now)s
  FROM jsonb_to_recordset(%(labels)s::jsonb) AS l(rma text, file_id bigint, name text)
  JOIN return_requests q ON q.seller_id = %(seller)s AND q.rma = l.rma"""


def write_labels(seller_id: int, labels: Mapping[str, CheckedFile], now: datetime) -> None:
    """Keep the labels of returns, by RMA."""
    if not labels:
        return
    ids = new_ids("stored_files", len(labels))
    told = [
        {"rma": rma, "file_id": id_, "name": file.name}
        for id_, (rma, file) in zip(ids, labels.items(), strict=True)
    ]
    files = list(labels.values())
    run(
        _LABELS,
        {
            "seller": seller_id,
            "now": now,
            "ids": ids,
            "hashes": [one.sha256 for one in files],
            "sizes": [one.size for one in files],
            "kinds": [one.kind for one in files],
            "contents": [one.content for one in files],
            "labels": record_set(told),
        },
    )
