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
    MAIL = "mail"
    JOBS = "jobs"
    PORTAL = "portal"  # the buyers'
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
    ORDERS_CANCEL = "orders.cancel"
    CANCEL_OVER_LIMIT = "cancel.over_limit"  # although the rate is, or comes, over its limit
    BUYERS_READ = "buyers.read"  # names, addresses, e-mail
    MONEY_READ = "money.read"
    REFUNDS_MAKE = "refunds.make"
    REFUNDS_APPROVE = "refunds.approve"  # another's refund above the limit
    RETURNS_HANDLE = "returns.handle"  # authorise, close, decide
    RETURNS_RECEIVE = "returns.receive"  # the warehouse's part
    RETURNS_REQUEST = "returns.request"  # a buyer's right, which the portal and storefronts pass on
    RETURN_SETTINGS = "returns.settings"  # automatic authorisation, rules, return addresses
    CLAIMS_HANDLE = "claims.handle"  # answer and appeal, as the seller
    CLAIMS_FILE = "claims.file"  # a buyer's right, which the portal and storefronts pass on
    CLAIMS_DECIDE = "claims.decide"  # the marketplace's: ask, grant, deny, decide appeals
    FEEDBACK_REPORT = "feedback.report"  # ratings and chargebacks, as the marketplace saw them
    PAYMENTS_SETTLE = "payments.settle"  # look at differences between the books, and settle them
    VIEWS_SHARE = "views.share"
    STAFF_MANAGE = "staff.manage"
    CLIENTS_MANAGE = "clients.manage"
    WEBHOOKS_MANAGE = "webhooks.manage"  # webhooks and chat channels
    ORDERS_PLACE = "orders.place"  # a storefront's right
    PAYMENTS_REPORT = "payments.report"
    PARCELS_REPORT = "parcels.report"
    ORDERS_IMPORT = "orders.import"
    CANCELLATIONS_FILE = "cancellations.file"  # a buyer's right, which the portal and storefronts pass on
    MESSAGES_READ = "messages.read"
    MESSAGES_SEND = "messages.send"
    MESSAGES_RECEIVE = "messages.receive"  # to pass on what a buyer writes


_P = Permission
_READ = frozenset({_P.ORDERS_READ})
THE_MARKETPLACES_OWN = frozenset({_P.CLAIMS_DECIDE, _P.FEEDBACK_REPORT})
"""What judges sellers: never theirs, and a program's only when it was given by name."""
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission) - THE_MARKETPLACES_OWN,
    Role.MANAGER: frozenset(Permission) - THE_MARKETPLACES_OWN - {_P.CLIENTS_MANAGE},
    Role.SHIPPER: _READ
    | {_P.ORDERS_SHIP, _P.ORDERS_CANCEL, _P.BUYERS_READ, _P.MESSAGES_READ, _P.RETURNS_RECEIVE},
    Role.SUPPORT: _READ
    | {
        _P.ORDERS_CANCEL,
        _P.BUYERS_READ,
        _P.MESSAGES_READ,
        _P.MESSAGES_SEND,
        _P.REFUNDS_MAKE,
        _P.RETURNS_HANDLE,
        _P.CLAIMS_HANDLE,
    },
    Role.FINANCE: _READ | {_P.MONEY_READ, _P.REFUNDS_MAKE, _P.REFUNDS_APPROVE, _P.PAYMENTS_SETTLE},
    Role.READONLY: _READ,
    Role.INTEGRATOR: _READ | {_P.CLIENTS_MANAGE, _P.WEBHOOKS_MANAGE, _P.ORDERS_IMPORT},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks for something, for which seller, through which door.

    `name` is what the timeline shows (a staff member's name, a client's name, never a buyer's). `seller_id`
    None means all sellers: only the clock, the operator and the administrator act so. `key` is the
    idempotency key, if any. `who` stays the same whatever somebody calls themselves.
    """

    party: Party
    name: str
    door: Door
    seller_id: int | None
    permissions: frozenset[Permission] = frozenset(Permission)
    key: str = ""
    who: str = ""  # such as "user:7"; "": nobody in particular stands behind the name

    @property
    def identity(self) -> str:
        """Whose deed it is, for rules that ask for two different people."""
        return self.who or f"{self.door.value}:{self.name}"

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions
