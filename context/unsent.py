"""What was typed into a form that could not be taken: the session had ended, the page was too old, or what it was about is gone.

It is shown again, and sent only when its person says so. Secrets are never kept, and nobody is shown what somebody else typed at the same
browser, who was signed in before.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

UNSENT = "unsent"
#: More than the longest of our forms; what is longer is none of them.
MOST_CHARACTERS = 20_000
MOST_FIELDS = 60
#: A session of nobody keeps what was typed for so long.
KEPT_FOR_S = 12 * 3600
SECRET = re.compile(r"password|secret|token|code|credential|\bpin\b")
#: What a tap sends by itself, and what forms take along unseen.
_TAPS = {"action", "amount_minor", "choice", "do", "group", "let_go", "mails", "sensitivity", "though_closed", "verdict"}
_TAKEN_ALONG = {"at", "channel", "client_key", "next", "seen", "seq", "shown", "time_zone", "version"}
NOT_TYPED = frozenset(_TAPS | _TAKEN_ALONG)
#: A form with these is not kept: keys that are pressed in a call may be anything, an address that is typed again deletes an account, and the
#: others are taps.
NEVER_AGAIN = frozenset({"keys", "email_again", "action_send", "action_remove"})
#: How a page names one of several to choose from, or that a box is ticked: no words of anybody's.
_CHOSEN = re.compile(r"[a-z]+(_[a-z]+)*")
WHOSE = "floyd_whose"
_WHOSE_LASTS_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form as it was sent.

    Attributes:
        to: the path it was sent to.
        fields: names and values, without secrets.
        left_out: a secret was among them, and is asked for again.
    """

    to: str
    fields: tuple[tuple[str, str], ...]
    left_out: bool = False

    @property
    def words(self) -> list[str]:
        """What its person typed, to be read by them."""
        typed = [value.strip() for name, value in self.fields if name not in NOT_TYPED and value.strip()]
        return [value for value in typed if not _CHOSEN.fullmatch(value)] or typed

    def value(self, name: str) -> str:
        """One field; empty: it was not sent."""
        return dict(self.fields).get(name, "")


def sent(request: HttpRequest) -> Unsent | None:
    """What a request brings; None when nobody typed anything, or nothing that may be kept."""
    if request.method != "POST":
        return None
    brought = [(name, str(value)) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
    pairs = tuple((name, value) for name, value in brought if not SECRET.search(name))
    form = Unsent(request.get_full_path(), pairs, left_out=len(pairs) < len(brought))
    kept = len(pairs) <= MOST_FIELDS and sum(len(name) + len(value) for name, value in pairs) <= MOST_CHARACTERS
    return form if kept and form.words and NEVER_AGAIN.isdisjoint(dict(pairs)) else None


def keep(request: HttpRequest) -> None:
    """Keeps what was typed for whoever it was, until they have signed in."""
    if form := sent(request):
        request.session[UNSENT] = {"to": form.to, "fields": form.fields, "left_out": form.left_out, "whose": _whose(request), "at": time.time()}


def take(request: HttpRequest, to: str = "") -> Unsent | None:
    """What was kept for the user, once; with `to`, only if it was sent there. What another user typed is forgotten."""
    kept: Any = request.session.get(UNSENT)
    if not kept or not request.user.is_authenticated or (to and kept["to"] != to):
        return None
    del request.session[UNSENT]
    own = kept["whose"] in ("", str(request.user.pk)) and time.time() - kept["at"] < KEPT_FOR_S
    return Unsent(kept["to"], tuple((name, value) for name, value in kept["fields"]), kept.get("left_out", False)) if own else None


def note_whose(response: HttpResponse, user_pk: int) -> None:
    """Has the browser remember who signed in, also when the session is over."""
    response.set_signed_cookie(WHOSE, str(user_pk), max_age=_WHOSE_LASTS_S, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def _whose(request: HttpRequest) -> str:
    """Who was signed in here last; empty: nobody knows."""
    return str(request.get_signed_cookie(WHOSE, default=""))


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent it: only then is it offered to be sent again with one click."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def context(request: HttpRequest) -> dict[str, Callable[[], Unsent | None]]:
    """For templates: `unsent`, what was kept until the sign-in, once, and only where a page asks for it; `typed`, what this very request brought."""
    return {"unsent": lambda: take(request), "typed": lambda: sent(request)}
