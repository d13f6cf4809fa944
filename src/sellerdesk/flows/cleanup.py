"""The nightly cleanup: in small transactions, so that nobody waits for it."""

from datetime import datetime

from sellerdesk.commands.cleanup import KINDS, remove_old

ROWS = 1000


def clean_up(now: datetime) -> dict[str, int]:
    """Remove everything that has had its time; answers kind → rows removed. Any number of workers may do it at once."""
    removed = dict.fromkeys(KINDS, 0)
    for kind in KINDS:
        while step := remove_old(kind, now=now, limit=ROWS):
            removed[kind] += step
    return removed
