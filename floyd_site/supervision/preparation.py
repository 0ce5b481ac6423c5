"""Is the database's schema this code's? Asked without loading Django, so that a start with nothing to do costs nothing.

The answer lies in the database itself, as a comment on Django's table of migrations: it goes with a dump and
with a cloned template, and is gone with the database.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent.parent
#: The migrations that the database says it has; going back by hand changes it too.
APPLIED = "select md5(string_agg(app || '.' || name, ',' order by app, name)) from django_migrations"
NOTE = "select obj_description(to_regclass('django_migrations'))"


class DatabaseError(RuntimeError):
    """The database does not answer, or is too old; the message says what to do."""


def _code_digest() -> str:
    """Changes with every migration file of ours, every pinned version of others', and the household."""
    digest = hashlib.sha256()
    for path in [ROOT / "requirements.txt", ROOT / "context" / "household.py", *sorted(ROOT.glob("*/migrations/*.py"))]:
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _connect(url: str) -> psycopg.Connection[tuple[str | None]]:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=5, application_name="floyd-supervisor")
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise DatabaseError(f"The database at DATABASE_URL does not answer: {reason}") from None


def is_prepared(url: str, *, today: str) -> bool:
    """Whether schema and household are as `note_prepared` left them, with this very code, today.

    The day counts because the household's appointments lie relative to it.

    Raises:
        DatabaseError: it does not answer, or is older than PostgreSQL 18.
    """
    with _connect(url) as connection:
        if connection.info.server_version < 180000:
            raise DatabaseError(
                f"The database at DATABASE_URL is PostgreSQL {connection.info.server_version // 10000}; Floyd needs 18 or later "
                "(or leave DATABASE_URL unset, and `make run` brings its own)."
            )
        row = connection.execute(NOTE).fetchone()
        if row is None or not row[0]:
            return False
        applied = connection.execute(APPLIED).fetchone()
    try:
        note = json.loads(row[0])
    except ValueError:
        return False
    return bool(note == {"code": _code_digest(), "applied": applied and applied[0], "day": today})


def note_prepared(url: str, *, today: str) -> None:
    """Writes down that the schema is this code's and the household stands as of today."""
    with _connect(url) as connection:
        applied = connection.execute(APPLIED).fetchone()
        note = json.dumps({"code": _code_digest(), "applied": applied and applied[0], "day": today})
        connection.execute(sql.SQL("comment on table django_migrations is {}").format(sql.Literal(note)))
