"""Opening hours on German pages."""

import pytest
from django.utils import translation

from context.page_dates import hours_from_a_page, hours_on_a_page

WEEK = {day: ["08:00", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
WHOLE_WEEK = [*WEEK, "sat", "sun"]


@pytest.fixture(autouse=True)
def german():
    with translation.override("de"):
        yield


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Mo-Fr 8-17 Uhr", WEEK),
        ("Mo.-Fr. 8.00-17.00 Uhr, Sa geschlossen", WEEK | {"sat": []}),
        ("Montag bis Freitag von 8 Uhr bis 17 Uhr", WEEK),
        ("montags bis freitags 8 bis 17 Uhr und samstags 9 bis 12 Uhr", WEEK | {"sat": ["09:00", "12:00"]}),
        ("Wir haben Mo bis Fr von 8 bis 17 Uhr geöffnet", WEEK),
        ("Di 8:30-12 und 14-18 Uhr", {"tue": [["08:30", "12:00"], ["14:00", "18:00"]]}),
        ("täglich 10-22 Uhr, Sonntag Ruhetag", {day: ["10:00", "22:00"] for day in WHOLE_WEEK} | {"sun": []}),
        ("Sa 9 Uhr bis Mittag", {"sat": ["09:00", "12:00"]}),
        ("rund um die Uhr", {day: ["00:00", "24:00"] for day in WHOLE_WEEK}),
        ("Mon-Fri 8-5", WEEK),
    ],
)
def test_what_is_typed_is_read(text, hours):
    assert hours_from_a_page(text) == hours


@pytest.mark.parametrize("text", ["", "Montag", "geschlossen", "ruf vorher an", "Mo-Fr 8-17 Uhr nach Vereinbarung", "Mo 25-30 Uhr"])
def test_what_is_no_hours_is_refused(text):
    assert hours_from_a_page(text) is None


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (WEEK | {"sat": []}, "Mo-Fr 08:00-17:00, Sa geschlossen"),
        ({"tue": [["09:30", "12:00"], ["13:00", "17:30"]], "sun": ["00:00", "24:00"]}, "Di 09:30-12:00 und 13:00-17:30, So 00:00-24:00"),
    ],
)
def test_what_is_shown_is_read_back_the_same(hours, words):
    assert hours_on_a_page(hours) == words
    assert hours_from_a_page(words) == hours


def test_german_is_no_english():
    """Somebody says "so 9 to 5" on an English page: that names no Sunday."""
    with translation.override("en"):
        assert hours_from_a_page("so 9-17") is None
