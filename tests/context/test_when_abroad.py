"""Times that people name in French, German or Spanish are the moments that they mean; English stays as it was."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from context.when import read_when
from context.when_abroad import in_english

ZONE = "America/Toronto"
#: A Saturday.
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo(ZONE))
MEANT = {
    "am Dienstag um halb zehn": "2026-11-24 09:30",
    "Dienstag um 9:30 Uhr": "2026-11-24 09:30",
    "Donnerstag, 26. November um vierzehn Uhr": "2026-11-26 14:00",
    "am 26. um Viertel vor vier": "2026-11-26 15:45",
    "übermorgen um 9 Uhr 30": "2026-11-23 09:30",
    "morgen früh um 8 Uhr": "2026-11-22 08:00",
    "morgen um acht": "2026-11-22 08:00",
    "heute Abend um acht": "2026-11-21 20:00",
    "in zwei Stunden": "2026-11-21 11:00",
    "in einer halben Stunde": "2026-11-21 09:30",
    "in etwa 20 Minuten": "2026-11-21 09:20",
    "am Dienstagnachmittag um 4 Uhr": "2026-11-24 16:00",
    "heute Mittag": "2026-11-21 12:00",
    "morgen zwischen 14 und 16 Uhr": "2026-11-22 14:00",
    "dans deux heures": "2026-11-21 11:00",
    "dentro de una hora": "2026-11-21 10:00",
    "mardi à 9h30": "2026-11-24 09:30",
    "le 26 novembre à quatorze heures": "2026-11-26 14:00",
    "jeudi à neuf heures et demie": "2026-11-26 09:30",
    "vendredi à 4 heures de l’après-midi": "2026-11-27 16:00",
    "après-demain à 10 heures moins le quart": "2026-11-23 09:45",
    "demain à midi": "2026-11-22 12:00",
    "el martes a las nueve y media": "2026-11-24 09:30",
    "el 26 de noviembre a las 9:30": "2026-11-26 09:30",
    "mañana a las 4 de la tarde": "2026-11-22 16:00",
    "pasado mañana a las diez menos cuarto": "2026-11-23 09:45",
    "el jueves al mediodía": "2026-11-26 12:00",
}
ENGLISH = [
    "Thursday at 9:30 a.m.", "um, Thursday at 9", "9 am 26 November", "Tuesday at 9am to 10am", "May 3", "a la carte on Monday at 6",
    "once a week on Friday", "the morgue opens at 9", "no later than noon",
]  # fmt: skip


@pytest.mark.parametrize("text", MEANT)
def test_a_moment_is_read_as_it_is_meant(text):
    when = read_when(text, now=NOW, time_zone=ZONE)
    assert when is not None
    assert (f"{when.start:%Y-%m-%d %H:%M}", when.sure) == (MEANT[text], True)


@pytest.mark.parametrize("text", ["nächsten Freitag um 9 Uhr", "vendredi prochain à 9 h", "el próximo viernes a las 9", "gegen vier Uhr"])
def test_what_leaves_a_doubt_in_english_does_so_here(text):
    when = read_when(text, now=NOW, time_zone=ZONE)
    assert when is None or not when.sure


@pytest.mark.parametrize(
    ("text", "meant"),
    [("heute Nachmittag", "21 14:00"), ("morgen Vormittag", "22 09:00"), ("in drei Tagen", "24 09:00"), ("Freitagabend", "27 18:00")],
)
def test_a_part_of_a_day_is_that_part_and_leaves_the_hour_open(text, meant):
    when = read_when(text, now=NOW, time_zone=ZONE)
    assert when is not None
    assert (f"{when.start:%d %H:%M}", when.sure) == (meant, False)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_left_alone(text):
    assert in_english(text) == text
