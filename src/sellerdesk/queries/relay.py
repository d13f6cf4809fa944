"""Who stands at the two ends of an order's relay addresses."""

from dataclasses import dataclass

from sellerdesk.domain.actors import PERMISSIONS, Permission, Role
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who may write to the buyer for the seller. `user_id` None: the seller's own address."""

    email: str  # lower case
    name: str
    user_id: int | None
    permissions: frozenset[Permission]


@dataclass(frozen=True, slots=True)
class RelayThread:
    """The two ends of an order's thread. Addresses are personal, in lower case; "" when there is none."""

    seller_id: int
    order_id: int
    order_number: str
    marketplace_id: str
    buyer_email: str
    writers: tuple[Writer, ...]

    def writer(self, email: str) -> Writer | None:
        """Who of the seller's people writes from this address, if somebody who may."""
        return next((one for one in self.writers if one.email == email.lower()), None)


_THREAD = """
SELECT o.seller_id, o.id, o.order_number, o.marketplace_id, lower(coalesce(b.email, '')), s.email, s.name
  FROM orders o JOIN sellers s ON s.id = o.seller_id
  LEFT JOIN buyer_contacts b ON b.seller_id = o.seller_id AND b.order_id = o.id
 WHERE o.id = %s"""
_STAFF = """
SELECT lower(u.email), coalesce(nullif(u.name, ''), u.email), u.id, m.role
  FROM memberships m JOIN users u ON u.id = m.user_id AND u.is_active
 WHERE m.seller_id = %s ORDER BY u.id"""


def relay_thread(order_id: int) -> RelayThread | None:
    """Both ends of an order's thread, of any seller: the address has shown that its writer was given it."""
    with scoped(None):
        found = rows(_THREAD, [order_id])
        if not found:
            return None
        *head, seller_email, seller_name = found[0]
        staff = rows(_STAFF, [head[0]])
    people = [Writer(email, name, user, PERMISSIONS[Role(role)]) for email, name, user, role in staff]
    writers = [one for one in people if Permission.MESSAGES_SEND in one.permissions]
    if seller_email:
        own = frozenset({Permission.MESSAGES_SEND})
        writers.append(Writer(seller_email.lower(), seller_name, None, own))
    seller_id, order, number, marketplace_id, buyer_email = head
    return RelayThread(seller_id, order, number, marketplace_id, buyer_email, tuple(writers))
