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


def words_of_all(tours: list[Tour]) -> Words | None:
    """All of somebody's tours in one message; None: there are none."""
    if not tours:
        return None
    return load(MESSAGES)["tours_on_file"].fill(building=data()["building"]["name"], tours="\n".join(in_words(tour) for tour in tours))


def in_words(tour: Tour) -> str:
    """Which apartment, when and where."""
    return f"{tour.kind} tour of the {tour.apartment.layout} on {moment_in_words(tour.starts_at, rules().time_zone)}, {tour.apartment.address}"


def text_about(tour: Tour, template: str, *, now: datetime) -> Message:
    """Texts whoever comes what staff did with their tour at that moment.

    Raises:
        CannotSendError: they withheld their number, or want no texts; the message says so.
    """
    return send_text(to=tour.caller.number, words=words_about(tour, template), dedupe_key=f"{template}:{tour.pk}:{now.timestamp():.3f}")
