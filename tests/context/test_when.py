"""Times that people name are read as they mean them; where there is a doubt, it is said."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from context.when import read_when

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
