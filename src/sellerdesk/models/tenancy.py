"""The walls between sellers: composite foreign keys, row-level security, and the scope of a connection (design 2.10).

Three walls stand behind each other. Queries and commands name their seller; foreign keys between tenant tables carry
the seller, so that a row can never point at another seller's; and PostgreSQL shows a connection only the rows of the
seller that it was scoped to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, models
from django.db.backends.ddl_references import Statement, Table

# The setting that holds the scope of a connection. 0 opens all sellers: clock, operator, administrator.
SETTING = "sellerdesk.seller"
ALL_SELLERS = 0


# Where a connection notes whose rows it shows, so that the same choice again costs nothing.
NOTE = "sellerdesk_seller"
NOBODY = -1  # no seller has this id
_UNSURE = -2  # chosen inside a transaction: a rollback would take it back


def choose_seller(seller_id: int | None, *, using: str = "default") -> None:
    """Show the connection one seller's rows only (None: all sellers') until somebody chooses otherwise.

    An unscoped connection sees no rows at all.
    """
    _choose(seller_id or ALL_SELLERS, using)


def forget_seller() -> None:
    """Show nobody's rows: pooled connections come with the choice of the request before."""
    wrapper = connections["default"]
    wrapper.ensure_connection()
    if getattr(wrapper.connection, NOTE, None) is not None:
        _choose(NOBODY, "default")


def _choose(wanted: int, using: str) -> None:
    wrapper = connections[using]
    wrapper.ensure_connection()
    if not wrapper.in_atomic_block and getattr(wrapper.connection, NOTE, None) == wanted:
        return
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, str(wanted)])
    note_choice(wanted, using=using)


def note_choice(wanted: int, *, using: str = "default") -> None:
    """Note whose rows the connection shows now, after a statement that set it."""
    wrapper = connections[using]
    setattr(wrapper.connection, NOTE, _UNSURE if wrapper.in_atomic_block else wanted)


@contextmanager
def scoped(seller_id: int | None, *, using: str = "default") -> Iterator[None]:
    """`choose_seller` for the statements of a block; the block's end changes nothing."""
    choose_seller(seller_id, using=using)
    yield


class CurrencyField(models.CharField):  # type: ignore[type-arg]
    """ISO 4217 code as `char(3)`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["max_length"] = 3
        super().__init__(**kwargs)

    def db_type(self, connection: Any) -> str:  # noqa: ARG002  (Django's signature)
        return "char(3)"


class SameSeller(models.BaseConstraint):
    """A foreign key `(seller_id, column) → (seller_id, id)`: the row and what it points at have the same seller.

    Django's own ForeignKey checks `id` alone, and such checks pass by row-level security. It is therefore declared
    with `db_constraint=False`, and this constraint takes its place.
    """

    def __init__(self, *, name: str, column: str, references: str) -> None:
        super().__init__(name=name)
        self.column = column
        self.references = references

    # The stubs say `str` and optional arguments; Django passes both arguments and takes statements and None as well.
    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        # The unique key pointed at may come later in the same migration, so this one waits for the migration's end.
        quote = schema_editor.quote_name
        statement = Statement(
            f"ALTER TABLE %(table)s ADD CONSTRAINT {quote(self.name)} FOREIGN KEY (seller_id, {quote(self.column)})"
            f" REFERENCES {quote(self.references)} (seller_id, id) DEFERRABLE INITIALLY IMMEDIATE",
            table=Table(model._meta.db_table, quote),
        )
        schema_editor.deferred_sql.append(statement)

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        quote = schema_editor.quote_name
        return Statement(
            f"ALTER TABLE %(table)s DROP CONSTRAINT {quote(self.name)}",
            table=Table(model._meta.db_table, quote),
        )

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database is the one who checks."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"column": self.column, "references": self.references}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameSeller) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.column, self.references))


class OwnedModel(models.Model):
    """A row that hangs directly on its seller."""

    seller = models.ForeignKey(
        "sellerdesk.Seller", on_delete=models.PROTECT, db_index=False, related_name="+"
    )

    class Meta:
        abstract = True


class TenantModel(models.Model):
    """A row that hangs on another row of the same seller: SameSeller vouches for the seller."""

    seller = models.ForeignKey(
        "sellerdesk.Seller", on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        abstract = True


def to_own(target: str, **kwargs: Any) -> Any:
    """A ForeignKey inside one seller's rows: no constraint and no index of Django's own, see SameSeller."""
    return models.ForeignKey(
        target, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+", **kwargs
    )


def scope_transaction(seller_id: int | None) -> None:
    """Show the running transaction one seller's rows only (None: all sellers'); the scope ends with it."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, str(seller_id or ALL_SELLERS)])
