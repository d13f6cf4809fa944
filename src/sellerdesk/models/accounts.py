"""Sellers, the marketplaces they sell on, people and their roles, programs and their credentials."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q, UniqueConstraint

from sellerdesk.domain.actors import Role
from sellerdesk.models.tenancy import OwnedModel


class Seller(models.Model):
    """A selling account: the tenant."""

    public_id = models.CharField(max_length=14, unique=True)  # merchant token, as SP-API and MWS show it
    name = models.CharField(max_length=100)
    country = models.CharField(max_length=2, default="US")  # ISO 3166; where the seller is based (S1-11)
    language = models.CharField(max_length=10, default="en")
    email = models.EmailField(blank=True)  # where the platform writes to the seller
    ship_from = models.JSONField(default=dict)  # the seller's own address, not a buyer's
    created_at = models.DateTimeField()

    class Meta:
        db_table = "sellers"


class Participation(OwnedModel):
    """A seller on one marketplace, with the settings that the seller may choose there."""

    marketplace_id = models.CharField(max_length=20)
    store_name = models.CharField(max_length=100)
    is_participating = models.BooleanField(default=True)
    has_suspended_listings = models.BooleanField(default=False)
    handling_days = models.PositiveSmallIntegerField(
        null=True
    )  # business days; null: the marketplace's policy (S0-13)

    class Meta:
        db_table = "participations"
        constraints = [UniqueConstraint(fields=["seller", "marketplace_id"], name="participation_once")]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address: seller's staff or the marketplace's operator."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(
        max_length=40, default="UTC"
    )  # IANA; times are shown in it beside the marketplace's
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    shortcuts_on = models.BooleanField(default=True)  # single-key shortcuts can be switched off (WCAG 2.1.4)
    date_joined = models.DateTimeField()

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        db_table = "users"


class Membership(models.Model):
    """What role a person has with a seller. Not walled by row security: it is what decides the wall."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12)

    class Meta:
        db_table = "memberships"
        constraints = [
            UniqueConstraint(fields=["seller", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="membership_role_known"
            ),
        ]


class ApiClient(models.Model):
    """A program that acts for a seller. Secrets are kept as hashes, except the one that MWS signs with."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    client_id = models.CharField(max_length=80, unique=True)
    secret_hash = models.CharField(max_length=64)  # SHA-256 of a 256-bit random secret
    refresh_hash = models.CharField(max_length=64, unique=True)
    mws_access_key = models.CharField(max_length=20, unique=True)
    mws_secret_key = models.CharField(max_length=80)  # signature version 2 needs the secret itself
    scopes = models.JSONField(default=list)  # names of Permission
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_clients"
        constraints = [UniqueConstraint(fields=["seller", "id"], name="api_client_of_seller")]


class ApiToken(models.Model):
    """A bearer token handed out to a program; only its SHA-256 is kept."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, db_index=False, related_name="+", null=True)
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10)  # access | restricted | grantless
    scopes = models.JSONField(default=list)
    resources = models.JSONField(default=list)  # of a restricted token: method, path, data elements
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "api_tokens"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["access", "restricted", "grantless"]), name="api_token_kind_known"
            )
        ]


class RequestBudget(models.Model):
    """The token bucket of one application, seller and operation. Unlogged: a crash refills the buckets."""

    key = models.CharField(max_length=200, primary_key=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    class Meta:
        db_table = "request_budgets"


class SavedView(OwnedModel):
    """A filtered list that somebody wants to see again: a name for a query string."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, related_name="+"
    )  # null: the whole team's
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "saved_views"
        indexes = [models.Index(fields=["seller", "page", "id"], name="saved_view_page")]
