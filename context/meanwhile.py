"""A page that was opened a while ago: what changed since in another window is neither overwritten nor silently lost.

The page takes along what it showed. What the person left alone is saved as it stands now; where both changed the same field, the
person is told what stands there and decides. What was taken away meanwhile comes back only if they save again.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from context.known_kinds import Kind, Known
from context.models import Fact, FactStatus, User

SHOWN = "shown"
#: Among what was shown: whether it counted.
STATUS = "status"


def shown_on(form: forms.Form, row: Known) -> str:
    """What a page shows of a row, as its form takes it along. `form` has the row as `initial`."""
    return json.dumps({name: _words(form[name].value()) for name in form.fields} | {STATUS: str(row.status)})


def counting_now(row: Known) -> Known:
    """The row, or the fact that took its place since."""
    while isinstance(row, Fact) and row.status == FactStatus.RETIRED:
        successor = row.superseded_by.exclude(status=FactStatus.PROPOSED).order_by("-pk").first()
        if successor is None:
            break
        row = successor
    return row


def with_what_changed(kind: Kind, row: Known, user: User, sent: QueryDict) -> forms.Form:
    """The form that was sent, with what stands there now where the person changed nothing, and an error where both did."""
    fresh = kind.form(initial=kind.shown(row), user=user)
    shown, typed, data, clashes = _read(sent.get(SHOWN, "")), kind.form(sent, user=user), sent.copy(), {}
    for name in fresh.fields:
        now, wanted = _words(fresh[name].value()), _words(typed[name].value())
        if now == shown.get(name, now):
            continue
        if wanted == shown[name]:
            data[name] = now
        elif wanted != now:
            clashes[name] = now
    form = kind.form(data, user=user)
    form.is_valid()
    for name, now in clashes.items():
        form.add_error(name, _("Changed in another window meanwhile, to: %(now)s. Save again to have it your way.") % {"now": now or "–"})
    if row.status == FactStatus.RETIRED and shown.get(STATUS) != FactStatus.RETIRED:
        form.add_error(None, _("This was taken away in another window, so nothing was saved. Save again to bring it back like this."))
    return form


def _read(sent: str) -> dict[str, str]:
    """What the page says that it showed; nothing where it does not say."""
    try:
        shown = json.loads(sent)
    except ValueError:
        return {}
    return {str(name): str(words) for name, words in shown.items()} if isinstance(shown, dict) else {}


def _words(value: Any) -> str:
    """A value of a field, from the row or from the page, as words that can be compared."""
    return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else str(value or "").strip()
