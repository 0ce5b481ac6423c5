"""What a caller is told about an apartment is what is on file, and a wrong claim is noticed."""

from datetime import date

import pytest

from use_cases.apartments.catalogue import Claim, Topic, Unit, answer, check_claim, in_one_line, matching, read_layout

TODAY = date(2026, 11, 21)
STUDIO = Unit("studio", 450, 0, 1, 105_000, 5_000, 30_000, date(2026, 12, 1), features=("open kitchen", "balcony"), pets="No pets are allowed.")
ONE = Unit("one-bedroom", 600, 1, 1, 120_000, 5_000, 40_000, date(2026, 12, 6), pets="Cats only.", parking_spots=1)
TWO = Unit("two-bedroom", 950, 2, 2, 180_000, 5_000, 50_000, date(2026, 11, 26), pets="Cats only.", address="1833 Jefferson Avenue")
UNITS = [TWO, STUDIO, ONE]


@pytest.mark.parametrize(
    ("text", "layout"),
    {
        "studio": "studio",
        "a Studio apartment": "studio",
        "one-bedroom": "one-bedroom",
        "1 bedroom": "one-bedroom",
        "1BR": "one-bedroom",
        "2-bed": "two-bedroom",
        "Two Bedrooms": "two-bedroom",
        "two_bedroom": "two-bedroom",
        "the three bedroom one": "three-bedroom",
        "": None,
        "penthouse": None,
        "studio or a two bedroom": None,
        "12 bedrooms": None,
    }.items(),
)
def test_layouts_are_read_however_they_are_said(text, layout):
    assert read_layout(text) == layout


@pytest.mark.parametrize(
    ("wanted", "layouts"),
    [
        ({}, ["studio", "one-bedroom", "two-bedroom"]),
        ({"budget_minor": 120_000}, ["studio", "one-bedroom"]),
        ({"budget_minor": 104_999}, []),
        ({"by": date(2026, 12, 1)}, ["studio", "two-bedroom"]),
        ({"layout": "one-bedroom"}, ["one-bedroom"]),
        ({"layout": "one-bedroom", "by": date(2026, 12, 1)}, []),
        ({"budget_minor": 200_000, "by": date(2026, 12, 31), "layout": "two-bedroom"}, ["two-bedroom"]),
    ],
)
def test_only_what_fits_everything_is_listed_cheapest_first(wanted, layouts):
    assert [unit.layout for unit in matching(UNITS, **wanted)] == layouts


def test_an_apartment_in_one_line():
    assert in_one_line(STUDIO) == "studio, 450 square feet, $1,050 a month, from Tuesday, 1 December 2026"


def test_answers_that_are_alike_are_told_together():
    assert answer(UNITS, Topic.PETS) == "For the two-bedroom and one-bedroom: cats only. For the studio: no pets are allowed."
    assert answer([STUDIO], Topic.FEES) == "For the studio: the application fee is $50 and the deposit $300."
    assert answer([STUDIO], Topic.FEATURES) == "For the studio: it has open kitchen and balcony."
    assert answer([ONE, TWO], Topic.PETS) == "For all of them: cats only."


def test_what_is_not_on_file_is_not_made_up():
    assert answer([STUDIO], Topic.UTILITIES) == "There is nothing on file about that."


@pytest.mark.parametrize("topic", Topic)
def test_every_topic_has_an_answer_in_words(topic):
    words = answer([TWO], topic)
    assert words.endswith(".")


@pytest.mark.parametrize(
    ("claim", "said", "right"),
    [
        (Claim.RENT, "$1,050", True),
        (Claim.RENT, "a thousand dollars", False),
        (Claim.RENT, "950", False),
        (Claim.RENT, "cheap", None),
        (Claim.SQUARE_FEET, "450", True),
        (Claim.SQUARE_FEET, "five hundred square feet", False),
        (Claim.BEDROOMS, "one", False),
        (Claim.BATHROOMS, "1", True),
        (Claim.BATHROOMS, "1 or 2", None),
        (Claim.APPLICATION_FEE, "fifty dollars", True),
        (Claim.DEPOSIT, "$400", False),
        (Claim.PARKING_SPOTS, "2", False),
        (Claim.AVAILABLE_FROM, "December 1", True),
        (Claim.AVAILABLE_FROM, "tomorrow", False),
        (Claim.AVAILABLE_FROM, "soon", None),
    ],
)
def test_a_claim_is_compared_with_what_is_on_file(claim, said, right):
    assert check_claim(STUDIO, claim, said, TODAY).right is right


def test_the_truth_is_told_in_words():
    assert check_claim(STUDIO, Claim.RENT, "$900", TODAY).truth == "The rent of the studio is $1,050."
    assert check_claim(STUDIO, Claim.BATHROOMS, "2", TODAY).truth == "The studio has 1 bathroom."
    assert check_claim(STUDIO, Claim.SQUARE_FEET, "2", TODAY).truth == "The studio has 450 square feet."
    assert check_claim(STUDIO, Claim.AVAILABLE_FROM, "today", TODAY).truth == "The studio is available from Tuesday, 1 December 2026."
