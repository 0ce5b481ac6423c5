"""Who may watch a topic. Apps register one rule per prefix; a topic without a rule is closed to everyone."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib import auth

#: Takes the user and what follows the first dot of the topic (its ref). Runs queries.
Rule = Callable[[Any, str], bool]

_rules: dict[str, Rule] = {}


def register(prefix: str, rule: Rule) -> None:
    """Has `rule` decide about topics `<prefix>` and `<prefix>.<ref>`. Call it from an app's `ready`."""
    _rules[prefix] = rule


def prefixes() -> frozenset[str]:
    """The prefixes that somebody decides about."""
    return frozenset(_rules)


def may_watch(user: Any, topic: str) -> bool:
    """Whether `user` may watch `topic` now."""
    prefix, _, ref = topic.partition(".")
    rule = _rules.get(prefix)
    return rule is not None and bool(getattr(user, "is_active", False)) and rule(user, ref)


def user_of_session(session_key: str | None) -> Any:
    """Who is signed in with this session now: anonymous after a logout, a password change or the session's end."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return auth.get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]
