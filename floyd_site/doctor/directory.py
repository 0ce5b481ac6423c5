"""The directory of businesses: the key, and whether it finds the most ordinary thing."""

from __future__ import annotations

from django.conf import settings

from floyd_site.doctor.finding import Finding, failed, ok, warning
from providers import registry
from providers.types import ProviderError

PART = "directory"
KEY = "Make an API key with Places API (New) in console.cloud.google.com and set GOOGLE_MAPS_API_KEY."
#: A question that every directory can answer.
ASKED = {"area": "Toronto, Ontario", "region": "CA", "language": "en-US"}


def check_directory() -> list[Finding]:
    """Searches once. Without a directory Floyd works, but asks for numbers that it could have found."""
    if settings.PROVIDERS["directory"] == "google_places" and not settings.GOOGLE_MAPS_API_KEY:
        return [warning(PART, "GOOGLE_MAPS_API_KEY is not set: Floyd asks for every number that is not among the contacts", KEY)]
    try:
        directory = registry.directory(settings)
        try:
            found = directory.search("plumber", **ASKED)
        finally:
            directory.close()
    except LookupError as error:
        return [failed(PART, str(error), "Set DIRECTORY to one of them.")]
    except ProviderError as error:
        fix = KEY if error.permanent else "Check this machine's way to the internet, and GOOGLE_PLACES_ENDPOINT if it is set."
        return [failed(PART, f"{'refuses' if error.permanent else 'does not answer'}: {error}", fix)]
    if not found.listings:
        return [warning(PART, f"{directory.source} answers, but finds no plumber in Toronto", "Check the key's restrictions.")]
    return [ok(PART, f"{directory.source} answers")]
