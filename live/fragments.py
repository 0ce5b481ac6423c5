"""Which kind of change is drawn by whom. Apps register a renderer per kind when they start.

A renderer takes the primary key of the changed row and returns out-of-band HTML for every place where the row may
be shown. What it draws is the same for all viewers: no CSRF token, no form, nothing that depends on who looks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist

log = logging.getLogger(__name__)

Renderer = Callable[[str], str]
#: A fragment that has to be drawn: kind and primary key.
Fragment = tuple[str, str]

_renderers: dict[str, Renderer] = {}


def register(kind: str, renderer: Renderer) -> None:
    """Has `renderer` draw changes of `kind`. Call it from an app's `ready`."""
    _renderers[kind] = renderer


def render(fragment: Fragment) -> str:
    """The fragment as its row is now; empty when the row is gone or nobody draws the kind. Runs queries."""
    kind, ref = fragment
    renderer = _renderers.get(kind)
    if renderer is None:
        log.warning("nobody draws changes of kind %r", kind)
        return ""
    try:
        return renderer(ref)
    except ObjectDoesNotExist:
        return ""
    except Exception:
        # One broken fragment must not keep the others from their watchers; reloading the page shows its error.
        log.exception("drawing %s %s failed", kind, ref)
        return ""
