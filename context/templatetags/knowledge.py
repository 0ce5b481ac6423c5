"""What Floyd knows, as it reads on a page: `{% load knowledge %}`."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_noop as noop

from context.known_kinds import Known
from context.models import Sensitivity
from context.provenance import came_from

register = template.Library()

#: A word for each on the switch, and the whole of it for whoever hears the page.
SHARING = ((Sensitivity.SHARE, noop("Share")), (Sensitivity.ASK_FIRST, noop("Ask me")), (Sensitivity.NEVER, noop("Never")))


@register.filter
def origin(row: Known) -> str:
    """Where a thing comes from, in words."""
    return came_from(row).words


@register.filter
def sharings(sensitivity: str) -> list[tuple[str, str, str, bool]]:
    """What the switch of a fact offers: value, word, sentence, whether it is so now."""
    return [(value.value, word, str(value.label), value == sensitivity) for value, word in SHARING]
