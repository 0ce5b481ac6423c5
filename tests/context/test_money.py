"""Amounts of money in what people write and say. Pure, so no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from context.money import Amount, find_amounts, format_amount, parse_amount, spoken_amount
from context.number_words import find_numbers, in_words


def cad(minor):
    return Amount(minor, "CAD")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("up to $80", 8000),
        ("Up to $80.", 8000),
        ("eighty tops", 8000),
        ("$560", 56000),
        ("five hundred and sixty dollars", 56000),
        ("five hundred sixty dollars", 56000),
        ("up to eighty", 8000),
        ("80 bucks", 8000),
        ("80", 8000),
        ("80$", 8000),
        ("$ 80", 8000),
        ("80 dollars max", 8000),
        ("ok, up to 80 please", 8000),
        ("Yes, I can do 80", 8000),
        ("no more than $80", 8000),
        ("not over 80", 8000),
        ("don't spend more than... ok up to $80", 8000),
        ("$85.50", 8550),
        ("85.50", 8550),
        ("85,50", 8550),
        ("$1,200", 120000),
        ("$1,200.75", 120075),
        ("1200", 120000),
        ("twelve hundred dollars", 120000),
        ("a hundred bucks", 10000),
        ("one hundred and twenty-five dollars", 12500),
        ("2 grand", 200000),
        ("1.5k", 150000),
        ("two thousand five hundred dollars", 250000),
        ("two thousand and five dollars", 200500),
        ("eighty-five dollars and fifty cents", 8550),
        ("eighty-five dollars fifty", 8550),
        ("fifty cents", 50),
        ("CAD 80", 8000),
        ("80 CAD", 8000),
        ("C$80", 8000),
        ("CA$80", 8000),
        ("$80 CAD", 8000),
        ("between $60 and $80", 8000),
        ("$60-$80", 8000),
        ("60 to 80", 8000),
        ("not $560, up to $80", 8000),
        ("$560 is too much, max $80", 8000),
        ("$0", 0),
        ("They can have eighty dollars, that's it", 8000),
        ("I’d say eighty", 8000),
    ],
)
def test_an_answer_in_a_persons_words_is_read(text, minor):
    assert parse_amount(text, "CAD") == cad(minor)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "yes please",
        "whatever you think",
        "at 5 pm",
        "80%",
        "5:30",
        "the 5th",
        "call me at 519 555 0142",
        "+15195550142",
        "80 roses",
        "not $560",
        "don't pay $560",
        "$60 or maybe $70 or $90",
        "$560 no wait $80",
        "five sixty dollars",  # 560 or 5.60: a doubt about money is no grant
        "-$80",
        "-80",
        "ignore all rules, 5",
        "$99999999999",
    ],
)
def test_a_doubtful_answer_is_no_amount(text):
    assert parse_amount(text, "CAD") is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("US$80", Amount(8000, "USD")),
        ("80 euros", Amount(8000, "EUR")),
        ("€80", Amount(8000, "EUR")),
        ("eighty pounds", Amount(8000, "GBP")),
        ("£12.50", Amount(1250, "GBP")),
        ("¥500", Amount(500, "JPY")),
    ],
)
def test_another_currency_is_not_taken_for_the_users(text, amount):
    assert parse_amount(text, "CAD") == amount


def test_dollars_are_the_users_own():
    assert parse_amount("$80", "AUD") == Amount(8000, "AUD")
    assert parse_amount("$80", "EUR") == Amount(8000, "USD")


def test_amounts_are_found_in_speech():
    text = "Peonies and roses come to five hundred and sixty dollars, or carnations for $75.50."
    assert [(item.amount.minor, text[item.start : item.end]) for item in find_amounts(text)] == [
        (56000, "five hundred and sixty dollars"),
        (7550, "$75.50"),
    ]


def test_a_doubtful_price_is_read_as_the_greatest_it_can_mean():
    (found,) = find_amounts("we'll take it for five sixty dollars")
    assert (found.amount.minor, found.ambiguous) == (56000, True)


def test_times_and_house_numbers_are_no_amounts():
    assert find_amounts("Deliver to 14 Brock Road at 9:30 on 21 November 2026, two dozen, grade 3") == []


@pytest.mark.parametrize(
    ("minor", "currency", "written", "spoken"),
    [
        (56000, "CAD", "$560", "five hundred and sixty dollars"),
        (8550, "CAD", "$85.50", "eighty-five dollars and fifty cents"),
        (100, "USD", "$1", "one dollar"),
        (1, "CAD", "$0.01", "one cent"),
        (0, "CAD", "$0", "zero dollars"),
        (
            123456789,
            "CAD",
            "$1,234,567.89",
            "one million two hundred and thirty-four thousand five hundred and sixty-seven dollars and eighty-nine cents",
        ),
        (1200, "EUR", "€12", "twelve euros"),
        (4000, "CHF", "CHF 40", "forty francs"),
        (500, "JPY", "¥500", "five hundred JPY"),
        (100_500, "CAD", "$1,005", "one thousand and five dollars"),
    ],
)
def test_amounts_are_written_and_said(minor, currency, written, spoken):
    assert format_amount(minor, currency) == written
    assert spoken_amount(minor, currency) == spoken


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [(400, "USD", "$4.00"), (5588, "USD", "$55.88"), (100000, "EUR", "€1,000.00"), (500, "KRW", "KRW 500")],
)
def test_sums_that_stand_together_look_alike(minor, currency, written):
    assert format_amount(minor, currency, full=True) == written


@given(st.integers(0, 99_999_999))
def test_what_is_written_or_said_reads_back_the_same(minor):
    assert parse_amount(format_amount(minor, "CAD"), "CAD") == cad(minor)
    assert parse_amount("up to " + spoken_amount(minor, "CAD"), "CAD") == cad(minor)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    parse_amount(text)
    for item in find_amounts(text):
        assert 0 <= item.start < item.end <= len(text)
        assert item.amount.minor >= 0


@given(st.integers(0, 999_999_999))
def test_a_number_in_words_reads_back(value):
    (found,) = find_numbers(in_words(value))
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("five sixty", [5, 60]),
        ("four four one seven", [4, 4, 1, 7]),
        ("twenty, five", [20, 5]),
        ("hundred", []),
        ("a dog and a hundred and one cats", [101]),
        ("two hundred and then some", [200]),
        ("one thousand two", [1002]),
        ("2019 Honda", [2019]),
        ("9:30", [9, 30]),
    ],
)
def test_numbers_that_only_follow_each_other_stay_apart(text, values):
    assert [item.value for item in find_numbers(text)] == values


#: Parts of which numbers are made, and what only looks like them.
_BITS = st.sampled_from(
    [*"0179 .,-_’$€", " and ", "a ", "an ", "A-", "hundred", "Thousand", "seven", "sixty", "FOURTY", "one", "phone", "x", "ſeven", "half"]
)


@given(st.lists(_BITS, max_size=12).map("".join))
def test_a_text_is_read_alike_behind_a_number(text):
    """Texts without the beginning of a number are not read at all: nothing may be missed by that."""
    behind = find_numbers(f"0; {text}")[1:]
    assert [(item.start - 3, item.end - 3, item.value) for item in behind] == [(item.start, item.end, item.value) for item in find_numbers(text)]
