"""Append-only tables, row-level security, balanced movements."""

from django.db import migrations

from sellerdesk.models.guards import install_statements


class Migration(migrations.Migration):
    dependencies = [("sellerdesk", "0001_tables")]

    operations = [migrations.RunSQL([*install_statements()], migrations.RunSQL.noop)]
