"""Open selling accounts, let people in, and hand programs their credentials (screens 1.19, spapi 1.1)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from sellerdesk.domain import marketplaces
from sellerdesk.domain.actors import Permission, Role
from sellerdesk.models.accounts import ApiClient, Membership, Participation, Seller, User
from sellerdesk.models.tenancy import scope_transaction


@dataclass(frozen=True, slots=True)
class Store:
    """A seller on one marketplace; `handling_days` are business days, None: the marketplace's policy (S0-13)."""

    marketplace_id: str
    name: str
    handling_days: int | None = None


@dataclass(frozen=True, slots=True)
class NewSeller:
    """A selling account to open. `country` is ISO 3166, `language` BCP 47, `ship_from` an address as JSON."""

    public_id: str
    name: str
    country: str
    language: str
    email: str
    stores: Sequence[Store]
    ship_from: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person to let in: a seller's staff with a role, or (seller_id None) the marketplace's operator.

    `password` None means that nobody can sign in until one is set.
    """

    email: str
    name: str
    password: str | None
    seller_id: int | None
    role: Role | None = None
    language: str = "en"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class NewClient:
    """Credentials of a program, as the program will know them; what can be kept as a hash is."""

    seller_id: int
    name: str
    client_id: str
    client_secret: str
    refresh_token: str
    mws_access_key: str
    mws_secret_key: str
    scopes: frozenset[Permission]


def create_seller(new: NewSeller, *, now: datetime) -> int:
    """Open a selling account with its participations; answers its id.

    Raises Refusal UNKNOWN_MARKETPLACE, and IntegrityError when the public id is taken.
    """
    places = [marketplaces.by_id(store.marketplace_id).id for store in new.stores]
    with transaction.atomic(durable=True):
        scope_transaction(None)
        seller = Seller.objects.create(
            public_id=new.public_id,
            name=new.name,
            country=new.country,
            language=new.language,
            email=new.email,
            ship_from=dict(new.ship_from),
            created_at=now,
        )
        Participation.objects.bulk_create(
            Participation(
                seller=seller, marketplace_id=place, store_name=store.name, handling_days=store.handling_days
            )
            for place, store in zip(places, new.stores, strict=True)
        )
    return seller.pk


def create_user(new: NewUser, *, now: datetime) -> int:
    """Let a person in; answers the user's id. Raises IntegrityError when the e-mail address is taken."""
    with transaction.atomic(durable=True):
        user = User.objects.create_user(
            new.email,
            new.password,
            name=new.name,
            language=new.language,
            zone=new.zone,
            is_operator=new.seller_id is None,
            date_joined=now,
        )
        if new.seller_id is not None:
            role = new.role or Role.READONLY
            Membership.objects.create(seller_id=new.seller_id, user=user, role=role.value)
    return user.pk


def create_client(new: NewClient, *, now: datetime) -> int:
    """Register a program's credentials; answers the client's id."""
    with transaction.atomic(durable=True):
        client = ApiClient.objects.create(
            seller_id=new.seller_id,
            name=new.name,
            client_id=new.client_id,
            secret_hash=_digest(new.client_secret),
            refresh_hash=_digest(new.refresh_token),
            mws_access_key=new.mws_access_key,
            mws_secret_key=new.mws_secret_key,
            scopes=sorted(scope.value for scope in new.scopes),
            created_at=now,
        )
    return client.pk


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
