"""Who acts, through which door, and what a role may do (I13, I23)."""

from dataclasses import dataclass
from enum import StrEnum


class Party(StrEnum):
    """The parties of rulebook part 3; SYSTEM is the clock, AMAZON the marketplace operator."""

    BUYER = "BUYER"
    SELLER = "SELLER"
    AMAZON = "AMAZON"
    SYSTEM = "SYSTEM"
    CARRIER = "CARRIER"


class Door(StrEnum):
    WEB = "web"
    API = "api"
    SPAPI = "spapi"
    CLI = "cli"
    JOBS = "jobs"
    DEMO = "demo"


class Role(StrEnum):
    """Roles of a seller's staff (screens 1.19)."""

    OWNER = "owner"
    MANAGER = "manager"
    SHIPPER = "shipper"
    SUPPORT = "support"
    FINANCE = "finance"
    READONLY = "readonly"
    INTEGRATOR = "integrator"


class Permission(StrEnum):
    ORDERS_READ = "orders.read"
    ORDERS_SHIP = "orders.ship"
    BUYERS_READ = "buyers.read"  # names, addresses, e-mail
    MONEY_READ = "money.read"
    VIEWS_SHARE = "views.share"
    STAFF_MANAGE = "staff.manage"
    CLIENTS_MANAGE = "clients.manage"
    ORDERS_PLACE = "orders.place"  # a storefront's right
    PAYMENTS_REPORT = "payments.report"
    PARCELS_REPORT = "parcels.report"
    ORDERS_IMPORT = "orders.import"


_P = Permission
_READ = frozenset({_P.ORDERS_READ})
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: frozenset(Permission) - {_P.CLIENTS_MANAGE},
    Role.SHIPPER: _READ | {_P.ORDERS_SHIP, _P.BUYERS_READ},
    Role.SUPPORT: _READ | {_P.BUYERS_READ},
    Role.FINANCE: _READ | {_P.MONEY_READ},
    Role.READONLY: _READ,
    Role.INTEGRATOR: _READ | {_P.CLIENTS_MANAGE, _P.ORDERS_IMPORT},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks for something, for which seller, through which door.

    `name` is what the timeline shows (a staff member's name, a client's name, never a buyer's). `seller_id`
    None means all sellers: only the clock, the operator and the administrator act so. `key` is the
    idempotency key, if any.
    """

    party: Party
    name: str
    door: Door
    seller_id: int | None
    permissions: frozenset[Permission] = frozenset(Permission)
    key: str = ""

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions
