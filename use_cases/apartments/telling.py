"""What is texted about a tour: that it is booked, was moved, or was called off."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from context.dates import moment_in_words
from requests_app.message_templates import Words, load
from requests_app.models import Message
from requests_app.sending import send_text
from use_cases.apartments.models import Tour
from use_cases.apartments.stock import data, rules

MESSAGES = Path(__file__).parent / "messages.toml"


def words_about(tour: Tour, template: str) -> Words:
    """The words of that template about a tour."""
    return load(MESSAGES)[template].fill(
        building=data()["building"]["name"],
        layout=tour.apartment.layout,
        when=moment_in_words(tour.starts_at, rules().time_zone),
        kind=tour.kind,
        address=tour.apartment.address,
    )


def text_about(tour: Tour, template: str, *, now: datetime) -> Message:
    """Texts whoever comes what staff did with their tour at that moment.

    Raises:
        CannotSendError: they withheld their number, or want no texts; the message says so.
    """
    return send_text(to=tour.caller.number, words=words_about(tour, template), dedupe_key=f"{template}:{tour.pk}:{now.timestamp():.3f}")
