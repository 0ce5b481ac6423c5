"""Days and times as people write them: read when there is no doubt, left alone when there is."""

from datetime import date, time

import pytest

from context.day_words import read_clock, read_day

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("yes but only tomorrow", date(2026, 11, 22)),
        ("today is fine", SATURDAY),
        ("the day after tomorrow", date(2026, 11, 23)),
        ("Friday at 3 pm", date(2026, 11, 27)),
        ("on Saturday", date(2026, 11, 28)),
        ("November 26", date(2026, 11, 26)),
        ("the 26th of November", date(2026, 11, 26)),
        ("Thursday, November 26", date(2026, 11, 26)),
        ("26 Nov 2026", date(2026, 11, 26)),
        ("3 January", date(2027, 1, 3)),
        ("2026-12-01", date(2026, 12, 1)),
        ("Friday, November 26", None),
        ("next Friday", None),
        ("Friday or Monday", None),
        ("any day but not tomorrow", None),
        ("31 November", None),
        ("1 November 2026", None),
        ("may be", None),
        ("Mara 5 and Jo", None),
        ("Sept. 4", date(2027, 9, 4)),
        ("sure, whenever", None),
        ("", None),
    ],
)
def test_a_day_is_read_only_without_a_doubt(text, day):
    assert read_day(text, SATURDAY) == day


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("after 3 pm", time(15)),
        ("at 9:30 a.m.", time(9, 30)),
        ("15:45", time(15, 45)),
        ("12 pm", time(12)),
        ("12am", time(0)),
        ("noon", time(12)),
        ("3", None),
        ("between 2 pm and 4 pm", None),
        ("3 pm, I mean 4 pm", None),
        ("call 555 0110", None),
        ("25:10", None),
    ],
)
def test_a_time_is_read_only_without_a_doubt(text, clock):
    assert read_clock(text) == clock
