"""Times that people name are read as they mean them; where there is a doubt, it is said."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from context.when import read_date, read_spoken_time, read_when

ZONE = "America/Toronto"
#: A Saturday.
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo(ZONE))
SURE = {
    "Thursday at 9:30 a.m.": "2026-11-26 09:30",
    "tomorrow at 4": "2026-11-22 16:00",
    "Tuesday, November 24 at half past two": "2026-11-24 14:30",
    "noon on Friday": "2026-11-27 12:00",
    "November 26th, 2026 at 9:30": "2026-11-26 09:30",
    "in two hours": "2026-11-21 11:00",
    "today at 3": "2026-11-21 15:00",
    "Saturday at nine thirty": "2026-11-28 09:30",
    "2026-11-26 at 09:30": "2026-11-26 09:30",
    "quarter to five on the third": "2026-12-03 16:45",
    "tonight at 8": "2026-11-21 20:00",
    "Friday at 8 in the evening": "2026-11-27 20:00",
}
UNSURE = {
    "the 26th around four": "2026-11-26 16:00",
    "next Tuesday at 10": "2026-11-24 10:00",
    "at four o'clock": "2026-11-21 16:00",
    "Tuesday or Wednesday at 9": "2026-11-24 09:00",
    "tuesday at seven": "2026-11-24 19:00",
    "Thursday, November 27 at 9": "2026-11-26 09:00",
    "Monday": "2026-11-23 09:00",
    "this afternoon": "2026-11-21 14:00",
}
NONE = ["", "soon", "five dollars", "30 minutes", "for six people", "gate 7", "yesterday"]


@pytest.mark.parametrize("text", SURE)
def test_what_is_said_plainly_is_sure(text):
    when = read_when(text, now=NOW, time_zone=ZONE)
    assert when is not None
    assert (f"{when.start:%Y-%m-%d %H:%M}", when.sure) == (SURE[text], True)


@pytest.mark.parametrize("text", UNSURE)
def test_what_leaves_a_doubt_is_unsure(text):
    when = read_when(text, now=NOW, time_zone=ZONE)
    assert when is not None
    assert (f"{when.start:%Y-%m-%d %H:%M}", when.sure) == (UNSURE[text], False)


@pytest.mark.parametrize("text", NONE)
def test_what_names_no_time_is_none(text):
    assert read_when(text, now=NOW, time_zone=ZONE) is None


def test_a_span_has_an_end():
    when = read_when("between 4 and 5 pm today", now=NOW, time_zone=ZONE)
    assert when is not None and when.end is not None
    assert (when.start.hour, when.end.hour, when.sure) == (16, 17, True)


def test_an_hour_that_the_clocks_leave_out_or_show_twice_is_unsure():
    march = datetime(2026, 3, 7, 9, 0, tzinfo=ZoneInfo(ZONE))
    autumn = datetime(2026, 10, 31, 9, 0, tzinfo=ZoneInfo(ZONE))
    for now in (march, autumn):
        at = "2:30 am" if now is march else "1:30 am"
        when = read_when(f"tomorrow at {at}", now=now, time_zone=ZONE)
        assert when is not None and not when.sure


@given(st.text(alphabet="0123456789 :apmthursdyonequatrewkx,.-'", max_size=60))
def test_no_words_break_it_and_what_it_reads_lies_ahead(text):
    when = read_when(text, now=NOW, time_zone=ZONE)
    assert when is None or (when.start > NOW and (when.end is None or when.end > when.start))


TWO = [
    "14:00",
    "2 pm",
    "2PM",
    "2 p.m.",
    "two pm",
    "2:00 pm",
    "at two",
    "two o'clock",
    "two in the afternoon",
    "1400",
    "1400 hours",
    "14h00",
    "2.00 pm",
]
TWO += ["14:00:00", "14 h", "14 Uhr", "Thursday at 2 pm", "2026-11-26 at 2 pm", "the 26th at two", "Nov 26 at 2"]
HALF_PAST_TWO = ["14:30", "2:30 pm", "half past two", "two thirty", "two-thirty pm", "1430", "2.30pm", "14h30", "2:30 in the afternoon"]


@pytest.mark.parametrize("text", TWO)
def test_however_two_in_the_afternoon_is_said_it_is_one_time(text):
    assert read_spoken_time(text) == time(14)


@pytest.mark.parametrize("text", HALF_PAST_TWO)
def test_however_half_past_two_is_said_it_is_one_time(text):
    assert read_spoken_time(text) == time(14, 30)


@pytest.mark.parametrize(
    ("text", "at"),
    {
        "noon": time(12),
        "12 pm": time(12),
        "12 am": time(0),
        "midnight": time(0),
        "9": time(9),
        "9 am": time(9),
        "quarter to three": time(14, 45),
    }.items(),
)
def test_other_times_of_day(text, at):
    assert read_spoken_time(text) == at


@pytest.mark.parametrize("text", ["", "whenever", "between two and four", "25:00", "Thursday", "2 or 3 pm"])
def test_no_time_or_several_are_none(text):
    assert read_spoken_time(text) is None


@given(st.times(), st.sampled_from(["%H:%M", "%I:%M %p", "%I:%M%p", "%H:%M:00", "%H%M hours", "%Hh%M", "%I.%M %p"]))
def test_a_time_written_in_any_form_is_read_back(at, form):
    assert read_spoken_time(at.strftime(form)) == at.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("text", "day"),
    {"2026-11-26": 26, "Thursday": 26, "the 26th": 26, "November 26": 26, "26 Nov": 26, "tomorrow": 22, "today": 21, "Thursday at 2 pm": 26}.items(),
)
def test_days_are_read_however_they_are_said(text, day):
    assert read_date(text, NOW.date()) == date(2026, 11, day)


@pytest.mark.parametrize("text", ["", "soon", "2026-11-20", "2 pm", "2026-02-30"])
def test_no_day_or_one_that_is_past_is_none(text):
    assert read_date(text, NOW.date()) is None
