"""What the settings of a user choose from. Names of these are kept in rows, and in the API."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Learning(models.TextChoices):
    """What Floyd does with facts it hears from the user's own words."""

    PROPOSE = "propose", _("Ask me first")
    SAVE = "save", _("Remember by itself")
    NEVER = "never", _("Never remember")


class PlanApproval(models.TextChoices):
    """Whether Floyd calls by itself once it has a plan."""

    ACT = "act", _("Call at once")
    ASK = "ask", _("Show me the plan first")
    ASK_ABOVE = "ask_above", _("Show me the plan first above a price")


class TellBy(models.TextChoices):
    """How a user wants to be told. What does not reach them goes by another way they have."""

    TEXT = "text", _("Text message")
    PUSH = "push", _("Notification on my devices")
    EMAIL = "email", _("Email")
    ALL = "all", _("Every way I have")
    PAGES = "pages", _("Not at all: I look here")


#: When people sleep, unless they say otherwise.
QUIET = (time(22, 0), time(7, 0))


class CalleeChoice(models.TextChoices):
    """Who picks among businesses that the directory lists."""

    PLAN = "plan", _("Floyd, and it goes on to the next when one can't")
    USER = "user", _("I do, each time")


class Voice(models.TextChoices):
    """Who speaks for a user: the names of `providers.voices.VOICES`."""

    AOEDE = "aoede", _("A woman, light")
    KORE = "kore", _("A woman, firm")
    LEDA = "leda", _("A woman, young")
    CHARON = "charon", _("A man, calm")
    ORUS = "orus", _("A man, firm")
    PUCK = "puck", _("A man, lively")


class KeepFor(models.IntegerChoices):
    """How long a user wants ended requests to be kept, in days."""

    MONTH = 30, _("A month")
    QUARTER = 90, _("Three months")
    YEAR = 365, _("A year")
    THREE_YEARS = 1095, _("Three years")


def page_languages() -> list[tuple[str, str]]:
    """In which languages this site shows its pages; a function, so that another one needs no migration."""
    return list(settings.LANGUAGES)
