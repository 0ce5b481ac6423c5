"""Of what a model says it read, only what the user's words hold is kept."""

import pytest

from context.models import Sensitivity
from requests_app.learning.form import LearnedFacts, Relation
from requests_app.learning.grounded import MOST, grounded, sensitivity_of

SAID = ["My car is a 2019 Civic, winter tires are on. Mara is allergic to peanuts."]


def fact(statement, quote="Mara is allergic to peanuts", **fields):
    return {"statement": statement, "about": "", "topic": "", "quote": quote, "relation": "new", "known_id": None, **fields}


def kept(*facts, said=SAID, known=()):
    form = LearnedFacts.model_validate({"facts": list(facts), "sure": True})
    return grounded(form, said=said, known_ids=known, user_name="Tom Redmond")


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("Tom's car is a 2019 Civic", "My car is a 2019 Civic"),
        ("Winter tires are on", "winter tires are on"),
        ("Mara is allergic to peanuts", "mara is ALLERGIC to peanuts."),
        ("The winter tires are on Tom's car", "winter tires are on"),
    ],
)
def test_what_was_said_is_kept(statement, quote):
    assert [learned.statement for learned in kept(fact(statement, quote))] == [statement]


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("Tom's car is a 2018 Civic", "My car is a 2019 Civic"),
        ("Tom's car is a 2019 Honda Civic", "My car is a 2019 Civic"),
        ("Mara Redmond-Smith is allergic to peanuts", "Mara is allergic to peanuts"),
        ("Mara is allergic to peanuts", "Mara said so"),
        ("Mara is allergic to peanuts", ""),
        ("Mara has three allergies", "Mara is allergic to peanuts"),
        ("Mara carries an injector and sees a specialist", "Mara is allergic to peanuts"),
        ("The owner", "My car"),
        ("", "My car"),
        ("   ", "My car"),
        ("Mara is allergic\x00 to peanuts", "Mara is allergic"),
        ("Mara is allergic to peanuts " * 40, "Mara is allergic"),
    ],
)
def test_what_was_not_said_is_dropped(statement, quote):
    assert kept(fact(statement, quote)) == []


def test_the_same_statement_is_kept_once_and_not_more_than_a_few():
    assert len(kept(*[fact("Mara is allergic to peanuts")] * 5)) == 1
    ends = ("my", "car", "is", "a", "winter", "tires", "are", "on", "civic")
    many = [fact(f"Mara is allergic to peanuts {end}") for end in ends]
    assert len(kept(*many * 3)) <= MOST


def test_a_known_fact_counts_only_if_it_was_given():
    corrects = fact("Tom's car is a 2019 Civic", "My car is a 2019 Civic", relation="corrects", known_id="fact:7")
    (learned,) = kept(corrects, known={"fact:7"})
    assert (learned.relation, learned.known) == (Relation.CORRECTS, 7)
    (learned,) = kept(corrects, known={"fact:8"})
    assert (learned.relation, learned.known) == (Relation.NEW, None)


def test_about_whom_must_have_been_said():
    assert kept(fact("Mara is allergic to peanuts", about="Mara"))[0].about == "Mara"
    assert kept(fact("Mara is allergic to peanuts", about="Krista"))[0].about == ""


@pytest.mark.parametrize(
    ("statement", "sensitivity"),
    [
        ("The alarm code is 4417", Sensitivity.NEVER),
        ("The Wi-Fi password is swordfish", Sensitivity.NEVER),
        ("Tom was born on 4 May 1985", Sensitivity.ASK_FIRST),
        ("Mara is allergic to peanuts", Sensitivity.ASK_FIRST),
        ("Tom's car is a 2019 Civic", Sensitivity.SHARE),
        ("Krista likes pink flowers", Sensitivity.SHARE),
    ],
)
def test_what_is_private_begins_private(statement, sensitivity):
    assert sensitivity_of(statement) == sensitivity
