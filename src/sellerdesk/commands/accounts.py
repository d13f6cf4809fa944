"""Make sellers, people and programs, and take programs' credentials away: what administrators do.

Unlike the commands of the main road these work on one thing at a time and raise their Refusal.
"""

import hashlib
import string
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from sellerdesk.domain.actors import THE_MARKETPLACES_OWN, Actor, Permission, Role
from sellerdesk.domain.identifiers import Randomness, new_seller_id
from sellerdesk.domain.marketplaces import MARKETPLACES, Marketplace, by_country, by_id
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models import ApiClient, ApiToken, Membership, Participation, Seller, User
from sellerdesk.models.journal_writes import Entry, add
from sellerdesk.models.tenancy import scope_transaction

# What a seller's program may be given; looking after people and other programs is for people.
PROGRAM_SCOPES = frozenset(Permission) - {
    Permission.VIEWS_SHARE,
    Permission.STAFF_MANAGE,
    Permission.CLIENTS_MANAGE,
}
# What needs somebody's decision is given by name: judging a seller, and being the second one to agree to a refund.
USUAL_SCOPES = PROGRAM_SCOPES - THE_MARKETPLACES_OWN - {Permission.REFUNDS_APPROVE}
_ALNUM = string.ascii_letters + string.digits
_UPPER_ALNUM = string.ascii_uppercase + string.digits
_NAME_LENGTH_MOST = 100


@dataclass(frozen=True, slots=True)
class Profile:
    """What may be known of a seller beyond its name; what is left out follows from its first marketplace.

    `country` is where it is based (S1-11), `handling_days` are business days by marketplace id (S0-13), `ship_from` is
    its own address as JSON.
    """

    country: str = ""
    language: str = ""
    email: str = ""
    ship_from: Mapping[str, str] = field(default_factory=dict)
    handling_days: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """What may be known of a person beyond the e-mail address: name, language (BCP 47), zone (IANA)."""

    name: str = ""
    language: str = "en"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class SellerMade:
    id: int
    public_id: str
    name: str
    marketplaces: tuple[str, ...]  # ids


@dataclass(frozen=True, slots=True)
class UserMade:
    """`is_new` is false when the person was known and only got another seller."""

    id: int
    email: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class ClientMade:
    """A program's credentials in clear: shown this once, kept as hashes (but for the key that MWS signs with)."""

    client_id: str
    client_secret: str
    refresh_token: str
    seller_id: str  # the merchant token
    access_key: str
    secret_key: str
    scopes: tuple[str, ...]


NO_PROFILE = Profile()
NOBODY = Person()


def secret_hash(secret: str) -> str:
    """How secrets of 256 random bits are kept: SHA-256, hexadecimal. Passwords of people go another way."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_seller(
    actor: Actor,
    name: str,
    places: Sequence[str],
    *,
    now: datetime,
    randomness: Randomness,
    profile: Profile = NO_PROFILE,
) -> SellerMade:
    """Make a seller with its participations; places are marketplace ids or countries (US, UK, GB …).

    Raises Refusal MISSING_VALUE, INVALID_VALUE, UNKNOWN_MARKETPLACE.
    """
    title = _name(name, place="name")
    chosen = _marketplaces(places)
    with transaction.atomic(durable=True):
        seller = Seller.objects.create(
            public_id=new_seller_id(randomness),
            name=title,
            country=profile.country or chosen[0].country,
            language=profile.language or chosen[0].language,
            email=profile.email,
            ship_from=dict(profile.ship_from),
            created_at=now,
        )
        scope_transaction(seller.id)
        Participation.objects.bulk_create(
            Participation(
                seller_id=seller.id,
                marketplace_id=place.id,
                store_name=title,
                handling_days=profile.handling_days.get(place.id),
            )
            for place in chosen
        )
        ids = tuple(place.id for place in chosen)
        add(actor, seller.id, [Entry(None, "seller_created", {"marketplaces": ids})], now)
    return SellerMade(seller.id, seller.public_id, title, ids)


def create_user(
    actor: Actor,
    email: str,
    password: str,
    *,
    memberships: Sequence[tuple[int, Role]],
    now: datetime,
    person: Person = NOBODY,
) -> UserMade:
    """Make a person who may sign in, with a role at each of the given sellers.

    Somebody who is known already gets the new memberships and keeps the password. Raises Refusal INVALID_VALUE (no
    e-mail address; a password that can be guessed), DUPLICATE_REQUEST (a member already; known, and nothing to add).
    """
    address = _email(email)
    user = User.objects.filter(email=address).first()
    if user is None:
        _check_password(password, User(email=address))
    elif not memberships:
        raise refuse(Code.DUPLICATE_REQUEST, place=address)
    try:
        with transaction.atomic(durable=True):
            is_new = user is None
            if user is None:
                user = _make_user(address, password, person, now=now)
            for seller_id, role in memberships:
                Membership.objects.create(seller_id=seller_id, user=user, role=role.value)
                scope_transaction(seller_id)
                add(
                    actor, seller_id, [Entry(None, "staff_added", {"user": user.id, "role": role.value})], now
                )
    except IntegrityError as error:
        raise refuse(Code.DUPLICATE_REQUEST, place=address) from error
    return UserMade(user.id, address, is_new)


def create_operator(email: str, password: str, *, now: datetime, person: Person = NOBODY) -> UserMade:
    """Make a person who works for the marketplace. Raises Refusal as `create_user`."""
    address = _email(email)
    _check_password(password, User(email=address))
    try:
        with transaction.atomic(durable=True):
            user = _make_user(address, password, person, now=now, is_operator=True)
    except IntegrityError as error:
        raise refuse(Code.DUPLICATE_REQUEST, place=address) from error
    return UserMade(user.id, address, is_new=True)


def create_client(
    actor: Actor,
    name: str,
    *,
    now: datetime,
    randomness: Randomness,
    scopes: Collection[Permission] = USUAL_SCOPES,
) -> ClientMade:
    """Make credentials for a program of the actor's seller.

    Raises Refusal INVALID_VALUE (a name; a scope that programs cannot have), MISSING_VALUE (no scope at all),
    FORBIDDEN.
    """
    if actor.seller_id is None:
        raise ValueError("a program acts for one seller")
    _demand(actor, Permission.CLIENTS_MANAGE)
    title, granted = _name(name, place="name"), _scopes(scopes)
    seller = Seller.objects.get(pk=actor.seller_id)
    made = new_credentials(randomness, seller.public_id, granted)
    with transaction.atomic(durable=True):
        scope_transaction(seller.id)
        ApiClient.objects.create(
            seller=seller,
            name=title,
            client_id=made.client_id,
            secret_hash=secret_hash(made.client_secret),
            refresh_hash=secret_hash(made.refresh_token),
            mws_access_key=made.access_key,
            mws_secret_key=made.secret_key,
            scopes=list(granted),
            created_at=now,
        )
        said = {"client_id": made.client_id, "scopes": granted}
        add(actor, seller.id, [Entry(None, "client_created", said)], now)
    return made


def new_credentials(randomness: Randomness, seller_id: str, scopes: tuple[str, ...]) -> ClientMade:
    """Credentials drawn from a source of randomness for a program of the seller with this public id."""
    return ClientMade(
        client_id=f"amzn1.application-oa2-client.{_hex(randomness, 32)}",
        client_secret=f"amzn1.oa2-cs.v1.{_hex(randomness, 64)}",
        refresh_token=f"Atzr|{_letters(randomness, _ALNUM, 64)}",
        seller_id=seller_id,
        access_key=_letters(randomness, _UPPER_ALNUM, 20),
        secret_key=_letters(randomness, _ALNUM, 40),
        scopes=scopes,
    )


def revoke_client(actor: Actor, client_id: str, *, now: datetime) -> bool:
    """Take a program's credentials away, and its tokens with them. Answers whether anything changed.

    An actor of one seller reaches only its own programs. Raises Refusal INVALID_VALUE for a program that is not there.
    """
    _demand(actor, Permission.CLIENTS_MANAGE)
    with transaction.atomic(durable=True):
        client = ApiClient.objects.select_for_update().filter(client_id=client_id).first()
        if client is None or actor.seller_id not in (None, client.seller_id):
            expected = "the client_id of a program"
            raise refuse(Code.INVALID_VALUE, place="client_id", value=client_id[:80], expected=expected)
        ApiToken.objects.filter(client=client).delete()
        if client.revoked_at is not None:
            return False
        client.revoked_at = now
        client.save(update_fields=["revoked_at"])
        scope_transaction(client.seller_id)
        add(actor, client.seller_id, [Entry(None, "client_revoked", {"client_id": client_id})], now)
    return True


def _make_user(
    address: str, password: str, person: Person, *, now: datetime, is_operator: bool = False
) -> User:
    user = User.objects.create_user(
        address, password, date_joined=now, is_operator=is_operator, **asdict(person)
    )
    # Sign-in asks this table; an administrator vouches for the address.
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
    return user


def _demand(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise refuse(Code.FORBIDDEN, permission=permission.value)


def _name(text: str, *, place: str) -> str:
    name = text.strip()
    if not name:
        raise refuse(Code.MISSING_VALUE, place=place)
    if len(name) > _NAME_LENGTH_MOST or not name.isprintable():
        expected = f"at most {_NAME_LENGTH_MOST} printable characters"
        raise refuse(Code.INVALID_VALUE, place=place, value=name[:40], expected=expected)
    return name


def _marketplaces(places: Sequence[str]) -> tuple[Marketplace, ...]:
    named = [place.strip() for place in places if place.strip()]
    if not named:
        raise refuse(Code.MISSING_VALUE, place="marketplaces")
    return tuple(dict.fromkeys(by_id(one) if one in MARKETPLACES else by_country(one) for one in named))


def _email(text: str) -> str:
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise _invalid("email", address[:80], "an e-mail address") from error
    return address


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        # The password itself is repeated nowhere.
        raise _invalid("password", "it", "safe: " + " ".join(error.messages).rstrip(".")) from error


def _scopes(scopes: Collection[Permission]) -> tuple[str, ...]:
    if not scopes:
        raise refuse(Code.MISSING_VALUE, place="scopes")
    for scope in scopes:
        if scope not in PROGRAM_SCOPES:
            expected = ", ".join(sorted(one.value for one in PROGRAM_SCOPES))
            raise _invalid("scopes", scope.value, expected)
    return tuple(sorted(scope.value for scope in scopes))


def _invalid(place: str, value: str, expected: str) -> Refusal:
    return refuse(Code.INVALID_VALUE, place=place, value=value, expected=expected)


def _letters(randomness: Randomness, alphabet: str, length: int) -> str:
    return "".join(alphabet[randomness.randrange(0, len(alphabet))] for _ in range(length))


def _hex(randomness: Randomness, length: int) -> str:
    return _letters(randomness, "0123456789abcdef", length)
