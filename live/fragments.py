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

#: No fragment: too much changed at once, pages are to start anew.
RELOAD: Fragment = ("reload", "")

_renderers: dict[str, Renderer] = {}
_gone: dict[str, Renderer] = {}


def register(kind: str, renderer: Renderer, *, gone: Renderer | None = None) -> None:
    """Has `renderer` draw changes of `kind`, and `gone` a row that is no more, if that leaves a place. Call it from an app's `ready`."""
    _renderers[kind] = renderer
    if gone is not None:
        _gone[kind] = gone


def taken_away(name: str) -> Renderer:
    """Draws the absence of what has the id `<name>-<primary key>`."""
    return lambda ref: f'<div id="{name}-{ref}" hx-swap-oob="delete"></div>'


def render(fragment: Fragment) -> str:
    """The fragment as its row is now; what takes it away when the row is gone; empty when nobody draws the kind. Runs queries."""
    if fragment == RELOAD:
        return ""
    kind, ref = fragment
    renderer = _renderers.get(kind)
    if renderer is None:
        log.warning("nobody draws changes of kind %r", kind)
        return ""
    try:
        return renderer(ref)
    except ObjectDoesNotExist:
        return _gone[kind](ref) if kind in _gone else ""
    except Exception:
        # One broken fragment must not keep the others from their watchers; reloading the page shows its error.
        log.exception("drawing %s %s failed", kind, ref)
        return ""
