"""Answers that are kept with their idempotency keys, for a page that shows them again."""

from sellerdesk.domain.idempotency import thaw
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped

_KEPT = """
SELECT response FROM idempotency_keys
 WHERE seller_id = %s AND principal = %s AND operation = %s AND key = %s AND response IS NOT NULL"""


def kept_outcomes(seller_id: int, principal: str, operation: str, key: str) -> list[Outcome] | None:
    """What a call once got for an answer; None for a key that is unknown, too old, or somebody else's."""
    with scoped(seller_id):
        found = rows(_KEPT, [seller_id, principal, operation, key])
    return thaw(str(decode_json(found[0][0]))) if found else None
