"""Days in plans are spelled out in the plan's own language, and no weekday is believed that does not belong to its date."""

from datetime import date

import pytest

from requests_app.plan_dates import relative_days, spelled_out, wrong_dates

DAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Mara est malade aujourd'hui.", "Mara est malade aujourd'hui (samedi 21 novembre 2026)."),
        ("Elle revient après-demain.", "Elle revient après-demain (lundi 23 novembre 2026)."),
        ("Une table pour demain ?", "Une table pour demain (dimanche 22 novembre 2026) ?"),
        ("Mara ist heute krank.", "Mara ist heute (Samstag, 21. November 2026) krank."),
        ("Sie kommt übermorgen wieder.", "Sie kommt übermorgen (Montag, 23. November 2026) wieder."),
        ("Passt es heute Abend?", "Passt es heute Abend (Samstag, 21. November 2026)?"),
        ("Mara está enferma hoy.", "Mara está enferma hoy (sábado 21 de noviembre de 2026)."),
        ("Vuelve pasado mañana.", "Vuelve pasado mañana (lunes 23 de noviembre de 2026)."),
        ("She is back tomorrow morning.", "She is back tomorrow morning (Sunday, 22 November 2026)."),
    ],
)
def test_a_relative_day_gets_its_date_in_its_own_language(text, written):
    assert len(relative_days([text])) == 1
    assert spelled_out(text, DAY) == written
    assert (relative_days([written]), spelled_out(written, DAY)) == ([], written), "once is enough"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mara is sick today.", "Mara is sick today, Saturday, November 21st."),
        ("Mara is sick today and stays at home.", "Mara is sick today, Saturday, November 21st, and stays at home."),
        ("Is there a table tomorrow at seven?", "Is there a table tomorrow, Sunday, November 22nd, at seven?"),
        ("Could I come next Friday?", "Could I come next Friday, November 27th?"),
        ("Could I come on Tuesday at nine?", "Could I come on Tuesday, November 24th, at nine?"),
        ("Mara est malade aujourd'hui.", "Mara est malade aujourd'hui, samedi 21 novembre."),
        ("Mara ist heute krank.", "Mara ist heute, Samstag, den 21. November, krank."),
        ("Mara está enferma hoy.", "Mara está enferma hoy, sábado 21 de noviembre."),
    ],
)
def test_what_is_read_out_has_its_date_as_people_say_it(text, said):
    assert spelled_out(text, DAY, aloud=True) == said
    assert (relative_days([said]), spelled_out(said, DAY, aloud=True), spelled_out(said, DAY)) == ([], said, said), "once is enough"
    assert wrong_dates([said], DAY) == []


@pytest.mark.parametrize("number", range(1, 31))
def test_the_day_of_a_month_has_its_ending(number):
    ending = {1: "st", 21: "st", 2: "nd", 22: "nd", 3: "rd", 23: "rd"}.get(number, "th")
    assert spelled_out("today", date(2026, 11, number), aloud=True).endswith(f"November {number}{ending}")


@pytest.mark.parametrize(
    "text",
    [
        "demain (dimanche 22 novembre 2026)",
        "heute, Samstag, 21. November 2026",
        "hoy, 21 de noviembre de 2026",
        "Guten Morgen, am Morgen um neun",  # "morgen" alone is the morning as often as tomorrow
        "por la mañana",
        "hoyo, demainement",
    ],
)
def test_what_has_its_date_or_names_no_day_is_left_alone(text):
    assert spelled_out(text, DAY) == text


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("jeudi 26 novembre 2026", "vendredi 26 novembre 2026"),
        ("mardi 1er décembre", "lundi 1er décembre"),
        ("Donnerstag, 26. November 2026", "Freitag, 26. November 2026"),
        ("Mittwoch, den 2. Dezember", "Dienstag, den 2. Dezember"),
        ("jueves 26 de noviembre de 2026", "viernes 26 de noviembre de 2026"),
        ("el miércoles 2 de diciembre", "el martes 2 de diciembre"),
        ("Thursday, November 26th", "Friday, November 26th"),
    ],
)
def test_a_weekday_belongs_to_its_date_in_every_language(right, wrong):
    assert wrong_dates([right], DAY) == []
    (problem,) = wrong_dates([wrong], DAY)
    assert "is wrong" in problem and "2026 is right" in problem


def test_a_day_that_no_calendar_has_is_said():
    assert wrong_dates(["lundi 31 novembre 2026"], DAY) == ["there is no lundi 31 novembre 2026"]
