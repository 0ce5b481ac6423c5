"""Browsers in which a user is signed in: told by names that their owner knows, and ended one by one.

A session that is ended signs its browser out with the next page that it asks for. Its open sockets are closed when they are asked about next
(`live/admission.py`), within seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from context.device_names import browser_and_system
from context.errors import NotKnown
from context.models import User

#: That a device was seen is written down once in so long.
SEEN_EVERY = timedelta(minutes=5)


def in_words(agent: str) -> str:
    """A browser as its owner knows it, in the reader's language: Firefox on Android."""
    browser, system = browser_and_system(agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or (_("A browser on %(system)s") % {"system": system} if system else _("Unknown browser"))


def end(*, user: User, pk: int, own_key: str) -> None:
    """Signs a browser of the user's out.

    Args:
        own_key: the session that asks; it is left by signing out.

    Raises:
        NotKnown: the user has no other session of this number.
    """
    session = UserSession.objects.filter(user=user, pk=pk).exclude(session_key=own_key).first()
    if session is None:
        raise NotKnown(noop("This device is not signed in any more."))
    session.end()


def note_seen(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that writes down when, from where and with what browser a session was last used; every few minutes, not with every page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.add(f"device-seen:{key}", 1, SEEN_EVERY.total_seconds()):
            length = UserSession._meta.get_field("user_agent").max_length
            UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now(), user_agent=request.headers.get("User-Agent", "")[:length])
        return get_response(request)

    return middleware
