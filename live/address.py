"""Where the database is, for the connections that are not Django's own."""

from __future__ import annotations

from django.conf import settings
from psycopg.conninfo import make_conninfo


def database_address() -> str:
    """The address that the settings give, with all its options (TLS, timeouts); in tests, of the test database."""
    return make_conninfo(settings.DATABASE_URL, dbname=str(settings.DATABASES["default"]["NAME"]))
