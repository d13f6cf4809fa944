"""Who a buyer's cookie belongs to, and the code that a letter carries."""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain import access_codes
from sellerdesk.models.access_writes import CODE_COLUMNS, CodeRow
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class Buyer:
    """A signed-in buyer: whose orders may be seen. Personal: not to be logged or kept."""

    address: str
    address_digest: str
    only_order: tuple[int, int] | None  # seller and order id; None: all orders of the address
    marketplace_id: str  # of the order that opened the session


_SESSION = """
SELECT b.email, s.address_digest, s.only_order, s.seller_id, s.order_id, o.marketplace_id
  FROM access_sessions s
  JOIN orders o ON o.seller_id = s.seller_id AND o.id = s.order_id
  JOIN buyer_contacts b ON b.seller_id = s.seller_id AND b.order_id = s.order_id
 WHERE s.token_hash = %s AND s.expires_at > %s"""


def buyer_of(token_hash: str, key: bytes, *, now: datetime) -> Buyer | None:
    """The buyer behind a session.

    None also when the order's contact has been erased or says another address by now: whoever may edit one order must
    not come to another address's orders by it.
    """
    with scoped(None):
        found = rows(_SESSION, [token_hash, now])
    if not found:
        return None
    address, digest, only, seller_id, order_id, marketplace_id = found[0]
    if not address or access_codes.address_digest(key, address) != digest:
        return None
    return Buyer(address, digest, (seller_id, order_id) if only else None, marketplace_id)


def code_row(code_id: int) -> CodeRow | None:
    """A code by its id, for the letter that carries it."""
    found = rows(f"SELECT {CODE_COLUMNS} FROM access_codes WHERE id = %s", [code_id])
    return CodeRow(*found[0]) if found else None
