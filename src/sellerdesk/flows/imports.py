"""Take a file of orders in: read it, hand it to the command in chunks, and say what became of every order."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sellerdesk.commands import imports
from sellerdesk.domain.actors import Actor
from sellerdesk.domain.orders import OrderDocument
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Refusal
from sellerdesk.wire.readers import Reading, read
from sellerdesk.wire.source import Binary

CHUNK = 500  # orders of one transaction: the memory they take, and what a broken connection can undo


def import_orders(
    stream: Binary,
    *,
    actor: Actor,
    now: datetime,
    encoding: str = "",
    marketplace_id: str = "",
    chunk: int = CHUNK,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Outcome]:
    """Import a file of any kind that `wire.readers` knows. Yields one outcome for each order, in the file's
    order.

    States "imported", "updated", "unchanged" and "refused". Each chunk of orders is one transaction, so an
    order that was reported stays imported whatever happens to the rest. `progress` is told the number of
    orders done after each chunk. Raises Refusal INVALID_VALUE for an `encoding` that does not exist.
    """
    readings = read(stream, encoding=encoding, marketplace_id=marketplace_id)
    return _outcomes(readings, actor, now, chunk, progress)


def _outcomes(
    readings: Iterable[Reading],
    actor: Actor,
    now: datetime,
    chunk: int,
    progress: Callable[[int], None] | None,
) -> Iterator[Outcome]:
    remaining = iter(readings)
    done = 0
    while part := list(islice(remaining, chunk)):
        documents = [found for _, found in part if isinstance(found, OrderDocument)]
        answers = iter(imports.import_orders(actor, documents, now=now))
        for place, found in part:
            if isinstance(found, Refusal):
                yield refused(str(found.facts.get("order_number", "")), found, place)
            else:
                yield replace(next(answers), place=place)
        done += len(part)
        if progress is not None:
            progress(done)
