"""After a call it can be said of everything that Floyd told where it had it from, and what nobody asked for."""

import pytest

from calls.conversation.brief import SharedFact
from calls.conversation.told import Line, told_in
from tests.calls.conversation.virtual_line import flowers, school

CAR = SharedFact("fact:9", "Tom's car is a 2019 Honda Civic")


def told(brief, *said):
    """What was told in a call in which "floyd: …", "callee: …" and "user: …" were said."""
    parts = [text.split(": ", 1) for text in said]
    lines = [Line(seq, speaker, text) for seq, (speaker, text) in enumerate(parts, start=1)]
    opening = [Line(0, "floyd", brief.introduction), Line(0, "floyd", brief.opening_line)]
    return told_in(brief, [*opening, *lines])


def why(report):
    return [(fact.id, fact.why) for fact in report.facts]


def test_a_call_by_the_brief_invents_and_volunteers_nothing():
    report = told(
        school(),
        "callee: Oh, I'm sorry. What grade is she in?",
        "floyd: She's in grade 3, with Ms. Lind.",
        "callee: Thanks. When will she be back?",
        "floyd: I'm sorry, I don't know when she'll be back.",
        "callee: Thank you, goodbye.",
        "floyd: Thank you very much. Goodbye.",
    )
    assert (report.invented, report.volunteered) == ((), ())
    assert why(report) == [("fact:3", "asked")]
    assert ("name", "lind", "fact:3") in [(item.kind, item.text, item.source) for item in report.items]


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ("Her aunt Zelda will call.", "name", "zelda"),
        ("The code is 4417.", "number", "4417"),
        ("She'll be back on Friday.", "time", "friday"),
        ("She stays home for two weeks.", "time", "2 week"),
        ("He was born on May 4th.", "date", "5/4"),
        ("It may cost $90.", "amount", "9000"),
        ("The reference is X7K9Q2.", "code", "x7k9q2"),
    ],
)
def test_what_has_no_source_is_invented(said, kind, value):
    (item,) = told(school(), f"floyd: {said}").invented
    assert (item.kind, item.text) == (kind, value)


def test_the_callees_and_the_users_words_are_sources():
    report = told(
        flowers(),
        "callee: That is $75, order 88213. Hannah speaking.",
        "user: Up to $80. Apartment 305",
        "floyd: Thank you, Hannah. Order 88213 for $75, please, to apartment 305. I can spend $80.",
    )
    assert {(item.text, item.source) for item in report.items if item.seq} == {
        ("hannah", "callee"),
        ("88213", "callee"),
        ("7500", "callee"),
        ("305", "answer"),
        ("8000", "answer"),
    }


def test_a_fact_that_nothing_called_for_is_volunteered():
    report = told(
        school(facts=(*school().facts, CAR)), "callee: Thank you for letting us know.", "floyd: Sure. Tom drives a Honda Civic, by the way."
    )
    assert why(report) == [("fact:9", "volunteered")]


@pytest.mark.parametrize("question", ["What kind of car is it?", "Which model?", "Is it the Honda?"])
def test_the_same_fact_is_needed_when_it_was_asked_for(question):
    report = told(school(facts=(*school().facts, CAR)), f"callee: {question}", "floyd: It's a 2019 Honda Civic.")
    assert why(report) == [("fact:9", "asked")]


def test_a_fact_that_the_goal_needs_is_not_volunteered():
    brief = flowers(goal="Order flowers for Krista Redmond, delivered today.")
    report = told(brief, "callee: We have a nice bouquet.", "floyd: Please deliver it to 14 Brock Road, Guelph.")
    assert why(report) == [("fact:4", "goal")]


def test_the_opening_line_is_the_plans():
    assert told(school()).facts == ()
    assert told(school()).invented == ()
