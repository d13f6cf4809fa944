"""The letter with a sign-in code: the code is made again from its row when the letter is, and never kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings

from sellerdesk.domain import access_codes
from sellerdesk.queries.mails import LetterFacts
from sellerdesk.queries.portal_access import code_row

CODE = "portal_code"


def with_code(facts: LetterFacts, key: bytes, now: datetime) -> LetterFacts:
    """The letter's facts with its code in them; with nobody to write to when the code is of no use any more.

    It goes only to the address that was asked for: whoever edits the order between asking and sending gets nothing.
    """
    row = code_row(int(facts.facts.get("code", 0)))
    mine = tuple(
        one for one in facts.to if row and access_codes.address_digest(key, one) == row.address_digest
    )
    if row is None or not access_codes.is_alive(row.expires_at, row.tries, row.used_at, now):
        return replace(facts, to=())
    said: Mapping[str, Any] = {
        **facts.facts,
        "spoken_code": access_codes.spoken(access_codes.code_of(key, row.seed)),
        "code_until": row.expires_at,
    }
    return replace(facts, to=mine, facts=said)


def shows_codes() -> bool:
    """Whether the operator's mailbox shows codes: only where there is no mail server, so that there is no other way."""
    return settings.ENVIRONMENT.smtp is None
