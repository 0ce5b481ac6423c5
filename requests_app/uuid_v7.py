"""Primary keys that sort by time, made by the database."""

from __future__ import annotations

from django.db import models
from django.db.models import Func


class UuidV7(Func):
    """PostgreSQL's time-ordered UUIDs."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = models.UUIDField()
