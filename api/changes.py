"""How a changed row is told to programs, by kind of change. Apps register their kinds when they start."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.module_loading import import_string
from rest_framework.utils.encoders import JSONEncoder

from live.fragments import Fragment

log = logging.getLogger(__name__)

#: Takes a primary key; gives the thing as the API shows it. Runs queries.
Shown = Callable[[str], dict[str, Any]]

_paths: dict[str, str] = {}


def register(kind: str, path: str) -> None:
    """Has the function at the dotted `path` show changes of `kind`. It is imported when the first one is shown."""
    _paths[kind] = path


def told(changes: Iterable[Fragment]) -> list[tuple[str, str]]:
    """Kind and JSON of each change: `{"kind", "id", "data"}`; `data` is null when the thing is gone."""
    return [(kind, json.dumps({"kind": kind, "id": ref, "data": _shown(kind, ref)}, cls=JSONEncoder)) for kind, ref in changes if kind in _paths]


def _shown(kind: str, ref: str) -> dict[str, Any] | None:
    show: Shown = import_string(_paths[kind])
    try:
        return show(ref)
    except ObjectDoesNotExist:
        return None
    except Exception:
        # One broken row must not keep the others from their readers.
        log.exception("showing %s %s failed", kind, ref)
        return None
