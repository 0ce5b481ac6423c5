"""Kept sentences in German: whole, with figures as Germans write them, and without touching anybody's words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation

from context.figures import amount, price
from context.kept_words import _PLACE, _may_be_read, said
from requests_app.templatetags.floyd import micros, money, seconds

SAID = {
    "a reply behind a question": (
        "My plan: New tyres and a wash. I would call Back to Nature, and may spend up to $1,200.50. Shall I go ahead? Reply yes or no.",
        "Mein Plan: New tyres and a wash. Ich würde Back to Nature anrufen und darf bis zu 1.200,50 $ ausgeben. Soll ich loslegen? "
        "Antworte mit ja oder nein.",
    ),
    "a reply behind a link": (
        "$150 is more than your limit of $100. Nothing is agreed until you confirm it here: http://floyd/1/ Reply for example: up to $80.",
        "150 $ ist mehr als dein Limit von 100 $. Nichts ist zugesagt, bis du es hier bestätigst: http://floyd/1/ Antworte zum Beispiel: bis 80 $.",
    ),
    "what somebody offers": (
        "Sweet Violet's offers peonies for $560. You allowed up to $80, so I said I'd call back. How much may I spend?",
        "Sweet Violet's bietet peonies für 560 $. Du hattest bis zu 80 $ erlaubt, also habe ich einen Rückruf zugesagt. Wie viel darf ich ausgeben?",
    ),
    "a name with a full stop": (
        "I told Dr. Patel that I'd call back, because only you can answer this: Is Monday fine?",
        "Ich habe Dr. Patel einen Rückruf zugesagt, denn das kannst nur du beantworten: Is Monday fine?",
    ),
    "a guarded fact": (
        "May I tell Dr. Patel, Dentist about your date of birth? You wanted to be asked first.",
        "Darf ich Dr. Patel, Dentist etwas über dich sagen (date of birth)? Du wolltest erst gefragt werden.",
    ),
    "keys that Floyd pressed": ("Pressed 1w#", "Gedrückt: 1w#"),
    "names with notes": (
        "I called Alpha Plumbing (nobody answered); Beta Plumbing (too far away); and 2 more. Do you have a preferred one?",
        "Ich habe Alpha Plumbing (Niemand ging dran); Beta Plumbing (zu weit weg); und 2 weitere angerufen. Hast du eine erste Wahl?",
    ),
    "evidence": (
        "The number: listed by Maps: A; 2.3 km from the middle of Guelph; rated 4.9 of 5 by 212 people; "
        "open now (8:00 am to 12:00 pm, 1:00 pm to 5:30 pm).",
        "Die Nummer: verzeichnet bei Maps: A; 2,3 km von der Mitte von Guelph; mit 4,9 von 5 bewertet von 212 Leuten; "
        "jetzt geöffnet (8:00 bis 12:00 Uhr, 13:00 bis 17:30 Uhr).",
    ),
    "choices": (
        "Reply with one of: Alpha · 200 m · rated 4.9 · open now; Gamma · closed, opens tomorrow at 8:00 am; None of them.",
        "Antworte mit einem von: Alpha · 200 m · bewertet mit 4,9 · jetzt geöffnet; Gamma · geschlossen, öffnet morgen um 8:00 Uhr; Keinen davon.",
    ),
    "a caller's matter": (
        "“Dana” asks about “dinner”, Thursday, 26 November 2026 at 7:00 pm. You said yes.",
        "„Dana“ fragt nach „dinner“, Donnerstag, 26. November 2026 um 19:00 Uhr. Du hast Ja gesagt.",
    ),
    "several things": (
        "You changed what to find out, what may be spent and what is told.",
        "Von dir geändert: was herauszufinden ist, was ausgegeben werden darf und was gesagt wird.",
    ),
    "quoted words": (
        "“Oil change” may belong in your calendar: the time (“Tuesday at seven”) leaves a doubt.",
        "„Oil change“ gehört vielleicht in deinen Kalender: Die Zeit („Tuesday at seven“) ist nicht eindeutig.",
    ),
}


@pytest.fixture(autouse=True)
def _in_german():
    with translation.override("de"):
        yield


@pytest.mark.parametrize(("kept", "german"), SAID.values(), ids=SAID)
def test_a_kept_sentence_is_said_whole(kept, german):
    assert said(kept).replace("\u00a0", " ") == german


@pytest.mark.parametrize("words", ["Dinner and a show", "Call to Mum at 9:30", "near the church", "New tyres for the car", "Tuesday at seven"])
def test_somebodys_words_are_left_alone(words):
    assert said(words) == words


def test_figures_are_written_as_in_german():
    assert [amount(120050, "CAD"), amount(8000, "EUR"), amount(4000, "CHF"), amount(-150, "GBP")] == [
        "1.200,50\u00a0$",
        "80\u00a0€",
        "40\u00a0CHF",
        "-1,50\u00a0£",
    ]
    assert [money(8550, "EUR"), micros(31_200, "USD"), seconds(780)] == ["85,50\u00a0€", "0,0312 USD", "0,78 s"]
    with translation.override("en"):
        assert [money(120050, "CAD"), micros(31_200, "USD"), seconds(780), said("up to $80")] == ["$1,200.50", "0.0312 USD", "0.78 s", "up to $80"]


@pytest.mark.parametrize(
    ("micros", "currency", "english", "german"),
    [
        (0, "USD", "0 cents", "0 Cent"),
        (7_500, "USD", "less than 1 cent", "weniger als 1 Cent"),
        (10_400, "USD", "1 cent", "1 Cent"),
        (124_900, "EUR", "12 cents", "12 Cent"),
        (994_999, "USD", "99 cents", "99 Cent"),
        (995_000, "USD", "$1", "1\u00a0$"),
        (1_200_400, "USD", "$1.20", "1,20\u00a0$"),
        (7_500, "GBP", "less than £0.01", "weniger als 0,01\u00a0£"),
        (124_900, "GBP", "£0.12", "0,12\u00a0£"),
        (400_000, "JPY", "less than ¥1", "weniger als 1\u00a0¥"),
        (2_600_000, "JPY", "¥3", "3\u00a0¥"),
    ],
)
def test_a_price_is_said_as_a_person_says_it(micros, currency, english, german):
    assert price(micros, currency) == german
    with translation.override("en"):
        assert price(micros, currency) == english


def test_what_is_kept_has_words_enough_to_be_known_again():
    """A sentence with few letters of its own would fit what others said, so it would stay English."""
    root = Path(__file__).parents[2]
    kept = [
        (str(path.relative_to(root)), node.args[0].value)
        for app in ("context", "requests_app", "calls", "use_cases")
        for path in (root / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "noop" and node.args and isinstance(node.args[0], ast.Constant)
    ]
    assert len(kept) > 300
    assert [one for one in kept if _PLACE.search(one[1]) and not _may_be_read(one[1])] == []
