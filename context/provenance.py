"""Where a thing comes from, in words, with a link that leads there. Apps register whom their references name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from context.models import CalendarEntry, Contact, Fact, Source


@dataclass(frozen=True, slots=True)
class Origin:
    """Words, and an address on this site (empty: none)."""

    words: str
    address: str = ""


#: For the user to read; the labels of `Source` are for staff.
WORDS = {
    Source.TOLD: _("You told Floyd"),
    Source.REQUEST: _("From what you said in a request"),
    Source.CALL: _("From a call"),
    Source.EMAIL: _("From an email"),
    Source.IMPORT: _("From a file that you imported"),
    Source.STAFF: _("Entered by staff"),
}
#: What stands before the colon of a `source_ref` → gives the address of what stands behind it.
_addresses: dict[str, Callable[[str], str]] = {}


def register(prefix: str, address: Callable[[str], str]) -> None:
    """Has references `<prefix>:<id>` lead to `address(id)`. Call it from an app's `ready`."""
    _addresses[prefix] = address


def came_from(row: Fact | Contact | CalendarEntry) -> Origin:
    """Where the row comes from."""
    prefix, _, ref = row.source_ref.partition(":")
    lead = _addresses.get(prefix)
    return Origin(str(WORDS[Source(row.source)]), lead(ref) if lead and ref else "")
