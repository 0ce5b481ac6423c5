"""Digits as people say them in German, French and Spanish: every pair of numbers of two digits, against words made by the languages' rules."""

import re

import pytest

from calls.conversation.reception.digits import runs_in
from calls.conversation.reception.digits_abroad import read

GERMAN = re.findall(r"\w+", "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
FRENCH = re.findall(
    r"\S+", "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
)
SPANISH = re.findall(
    r"\w+",
    """cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve
    veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve""",
)


def german(value: int) -> str:
    """A number below ten thousand as one word."""
    if value >= 1000:
        return _ein(value // 1000) + "tausend" + (german(value % 1000) if value % 1000 else "")
    if value >= 100:
        return _ein(value // 100) + "hundert" + (german(value % 100) if value % 100 else "")
    if value <= 12:
        return GERMAN[value]
    ten = {2: "zwanzig", 3: "dreißig", 6: "sechzig", 7: "siebzig"}
    if value < 20:
        return {16: "sech", 17: "sieb"}.get(value, GERMAN[value - 10]) + "zehn"
    tens = ten.get(value // 10, GERMAN[value // 10] + "zig")
    return tens if value % 10 == 0 else f"{_ein(value % 10)}und{tens}"


def _ein(value: int) -> str:
    return "ein" if value == 1 else german(value)


def french(value: int) -> str:
    """As in France: 80 is "quatre-vingts", 81 "quatre-vingt-un", 71 "soixante et onze"."""
    if value >= 1000:
        return ("" if value < 2000 else f"{french(value // 1000)} ") + "mille" + (f" {french(value % 1000)}" if value % 1000 else "")
    if value >= 100:
        many = "s" if value >= 200 and value % 100 == 0 else ""
        return ("" if value < 200 else f"{FRENCH[value // 100]} ") + "cent" + many + (f" {french(value % 100)}" if value % 100 else "")
    if value < 20:
        return FRENCH[value]
    if value >= 80:
        return "quatre-vingts" if value == 80 else f"quatre-vingt-{FRENCH[value - 80]}"
    tens = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante"}.get(value // 10, "soixante")
    rest = value - 60 if value >= 60 else value % 10
    return tens if not rest else f"{tens} et {FRENCH[rest]}" if rest in (1, 11) else f"{tens}-{FRENCH[rest]}"


def spanish(value: int) -> str:
    """100 alone is "cien"."""
    if value >= 1000:
        return ("" if value < 2000 else f"{spanish(value // 1000)} ") + "mil" + (f" {spanish(value % 1000)}" if value % 1000 else "")
    if value >= 100:
        hundreds = {1: "ciento", 5: "quinientos", 7: "setecientos", 9: "novecientos"}.get(value // 100, f"{SPANISH[value // 100]}cientos")
        return "cien" if value == 100 else hundreds + (f" {spanish(value % 100)}" if value % 100 else "")
    if value < 30:
        return SPANISH[value]
    tens = ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"][value // 10 - 3]
    return tens if value % 10 == 0 else f"{tens} y {SPANISH[value % 10]}"


LANGUAGES = {"de": german, "fr": french, "es": spanish}
#: In French the same words may be two rows of numbers: 60 10 is said like 70, "zéro quatre, vingt" like "zéro, quatre-vingt", and 20 85 like 24 25.
TWO_WAYS = (
    {f"60{low}" for low in range(10, 20)}
    | {f"04{low}" for low in range(20, 30)}
    | {f"{high}{low}" for high in range(20, 70, 10) for low in range(80, 100)}
)


def digits_in(text: str) -> list[str]:
    """All of them."""
    return [run.digits for run in runs_in(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pin_of_four_digits_is_read_said_as_two_numbers(language):
    say = LANGUAGES[language]
    two = [f"{say(0)} {say(value)}" if value < 10 else say(value) for value in range(100)]
    wrong = {f"{high:02}{low:02}" for high in range(100) for low in range(100) if digits_in(f"{two[high]} {two[low]}") != [f"{high:02}{low:02}"]}
    assert wrong <= (TWO_WAYS if language == "fr" else set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pin_of_four_digits_is_read_said_digit_by_digit_and_as_one_number(language):
    say = LANGUAGES[language]
    for pin in range(1000, 10_000, 7):
        assert digits_in(say(pin)) == [str(pin)]
    for pin in range(0, 10_000, 7):
        spelled = f"{pin:04}"
        assert digits_in(" ".join(say(int(digit)) for digit in spelled)) == [spelled]


@pytest.mark.parametrize(
    ("text", "digits"),
    {
        "fünfundzwanzig achtzig": ["2580"],
        "fuenfundzwanzig achtzig": ["2580"],
        "funfundzwanzig achtzig": ["2580"],
        "fünf und zwanzig achtzig": ["2580"],
        "zwoundzwanzig dreissig": ["2230"],
        "zweitausend fünfhundert achtzig": ["2580"],
        "zwei fünf doppel acht": ["2588"],
        "vingt-cinq quatre-vingts": ["2580"],
        "vingt cinq quatre vingt": ["2580"],
        "septante-cinq nonante": ["7590"],
        "huitante et un, octante": ["8180"],
        "zero cinq douze": ["0512"],
        "veinticinco ochenta": ["2580"],
        "veintidos treinta y uno": ["2231"],
        "dos cinco doble ocho": ["2588"],
        "dos mil quinientos ochenta": ["2580"],
        "cien veinte": ["120"],
        "Say it once more": [],
        "hundertfach": [],
        "ein Moment bitte": [],
        "un momento": [],
        "Attendez un instant": [],
        "a thousand and one nights": [],
    }.items(),
)
def test_numbers_are_read_as_recognisers_write_them(text, digits):
    assert digits_in(text) == digits


def test_nothing_is_read_where_no_number_stands():
    assert read([], 0) is None
    assert read(["guten", "tag"], 0) is None
    assert read(["zwei"], 1) is None
