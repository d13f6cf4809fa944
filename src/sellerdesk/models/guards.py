"""What the database itself enforces beyond constraints: rows nobody may change, rows nobody else may see, sums that
must be zero (design 2.5, 2.9, 2.10). Plain SQL, run by a migration and, for the grants, after every migration.
"""

from sellerdesk.models.tenancy import SETTING

APP_ROLE = "sellerdesk_app"

# The walls of the first migrations, which later tables must not change; what comes later is added below them.
_APPEND_ONLY_FIRST = ("journal", "ledger_transactions", "ledger_entries", "package_versions", "parcel_events")
_TENANT_FIRST = (
    "buyer_contacts",
    "charges",
    "deadlines",
    "idempotency_keys",
    "journal",
    "ledger_entries",
    "ledger_transactions",
    "mails",
    "order_items",
    "orders",
    "package_items",
    "package_versions",
    "packages",
    "parcel_events",
    "participations",
    "saved_views",
    "shipping_addresses",
)

# Tables that are only ever added to.
APPEND_ONLY = (
    *_APPEND_ONLY_FIRST,
    "cancellations",
    "refund_lines",
    "solicitations",
    "stock_movements",
)

# Tables whose rows belong to one seller. `memberships`, `api_clients` and `api_tokens` are not among them: they are
# read before the seller is known, to find out who it is.
TENANT_TABLES = (
    *_TENANT_FIRST,
    "cancellation_requests",
    "cancellations",
    "concessions",
    "deliveries",
    "notice_settings",
    "notification_marks",
    "notifications",
    "receivers",
    "spapi_destinations",
    "spapi_subscriptions",
    "message_attachments",
    "message_templates",
    "message_texts",
    "message_threads",
    "messages",
    "payment_breaks",
    "payment_transfers",
    "refund_lines",
    "refunds",
    "return_labels",
    "return_lines",
    "return_photos",
    "return_requests",
    "return_rules",
    "return_settings",
    "order_tallies",
    "solicitations",
    "stock_movements",
    "stored_files",
    "upload_destinations",
)

# A crash may empty it; nothing is lost but the memory of who asked how often.
UNLOGGED = ("request_budgets",)

_SCOPE = f"(SELECT coalesce(nullif(current_setting('{SETTING}', true), ''), '-1')::bigint)"


def _append_only(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def _row_security(table: str) -> list[str]:
    # The scope stands in a sub-select so that it is computed once a query, not once a row.
    rule = f"(seller_id = {_SCOPE} OR {_SCOPE} = 0)"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_seller ON {table} USING {rule} WITH CHECK {rule}",
    ]


def wall_statements(*tables: str) -> list[str]:
    """Statements for a migration that adds tables: the walls that the lists above promise for them."""
    walls = [statement for table in tables if table in TENANT_TABLES for statement in _row_security(table)]
    locks = [statement for table in tables if table in APPEND_ONLY for statement in _append_only(table)]
    return walls + locks


def install_statements() -> list[str]:
    """Statements for the migration that follows the first tables."""
    return [
        # xid8 has no field class in Django; readers of the journal use it in SQL only.
        "ALTER TABLE journal ADD COLUMN txid xid8 NOT NULL DEFAULT pg_current_xact_id()",
        "CREATE INDEX journal_by_txid ON journal (txid, id)",
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$",
        *(statement for table in _APPEND_ONLY_FIRST for statement in _append_only(table)),
        # I07: a movement is written in one statement, and that statement must leave every movement balanced.
        "CREATE FUNCTION ledger_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF EXISTS (SELECT 1 FROM added GROUP BY seller_id, transaction_id, currency HAVING sum(amount) <> 0) THEN"
        " RAISE EXCEPTION 'ledger entries do not sum to zero' USING ERRCODE = 'check_violation'; END IF;"
        " RETURN NULL; END $$",
        "CREATE TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entries REFERENCING NEW TABLE AS added"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_must_balance()",
        *(statement for table in _TENANT_FIRST for statement in _row_security(table)),
        *(f"ALTER TABLE {table} SET UNLOGGED" for table in UNLOGGED),
        # Rows that change often leave room on their page, so that an update need not touch the indexes.
        *(
            f"ALTER TABLE {table} SET (fillfactor = 85)"
            for table in ("orders", "order_items", "charges", "packages")
        ),
    ]


def grant_statements() -> list[str]:
    """What the application's role may do. Run after every migration, so that new tables are covered."""
    return [
        f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}",
        *(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE}" for table in APPEND_ONLY),
    ]
