"""The database, its schema, and the broker."""

from __future__ import annotations

from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from floyd_site.doctor.finding import Finding, failed, ok, warning

OLDEST_POSTGRESQL = 18
HINT_NOTHING_GIVEN = "Start it, or leave DATABASE_URL and REDIS_URL unset: `make run` brings its own."


def check_settings() -> list[Finding]:
    """Settings that were read without an error but are not fit for the open internet."""
    found: list[Finding] = [ok("settings", f"read; pages at {settings.SITE_URL}")]
    if settings.DEBUG:
        found.append(warning("settings", "DEBUG is on: error pages show settings and code", "Unset DEBUG for everybody but yourself."))
    public = urlsplit(settings.SITE_URL)
    if public.scheme != "https" and public.hostname not in ("localhost", "127.0.0.1"):
        found.append(warning("settings", f"SITE_URL is {settings.SITE_URL}", "Use https: browsers give the microphone to https or localhost only."))
    return found


def check_database() -> list[Finding]:
    """Answers, is new enough, has the schema of this code."""
    try:
        connection.ensure_connection()
        version = connection.pg_version // 10000  # type: ignore[attr-defined]
        if version < OLDEST_POSTGRESQL:
            return [failed("database", f"PostgreSQL {version}", f"Floyd needs PostgreSQL {OLDEST_POSTGRESQL} or later (it uses uuidv7()).")]
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return [failed("database", f"does not answer: {str(error).strip().splitlines()[0]}", HINT_NOTHING_GIVEN)]
    found = [ok("database", f"PostgreSQL {version}")]
    if pending:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in pending[:3])
        found.append(failed("migrations", f"{len(pending)} pending ({names}…)", "python manage.py migrate"))
    else:
        found.append(ok("migrations", "all applied"))
    return found


def check_broker() -> list[Finding]:
    """Redis or Valkey answers."""
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5, socket_timeout=5)
        info = client.info("server")
    except (redis.RedisError, ValueError, OSError) as error:
        return [failed("broker", f"does not answer: {error}", HINT_NOTHING_GIVEN)]
    assert isinstance(info, dict)
    name = "Valkey" if "valkey_version" in info else "Redis"
    return [ok("broker", f"{name} {info.get('valkey_version') or info.get('redis_version')}")]
