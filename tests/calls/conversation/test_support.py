"""What nobody said about the user and their people is not said by Floyd, and no guess about them is confirmed."""

import ast
import re
from pathlib import Path

import pytest

from calls.conversation.egress import Egress, Verdict
from calls.conversation.purse import Purse
from tests.calls.conversation.virtual_line import flowers, school


def egress(make=school, heard=None, answered=None, **changes):
    brief = make(**changes)
    filter_ = Egress(brief, Purse(brief))
    if heard:
        filter_.callee_said(heard)
    if answered:
        filter_.user_said(answered)
    return filter_


def passes(clause, **given):
    return egress(**given).judge(clause) is Verdict.SAY


@pytest.mark.parametrize(
    "text",
    [
        "Her aunt Zelda will pick her up.",
        "Zelda is her aunt.",
        "She is with Mrs. Kowalski.",
        "Her doctor is doctor Ferris Bueller.",
        "her name is zelda",
        "They are in Timmins.",
        "We are calling from Moose Jaw.",
        "Oh, and Zelda's at home too.",
        "Ze\u200blda is her aunt.",
    ],
)
def test_names_from_nowhere_are_not_said(text):
    assert not passes(text)


@pytest.mark.parametrize("text", ["Zelda.", "Zelda, I think."])
def test_nor_alone_when_somebody_was_asked_for(text):
    assert not passes(text, heard="Who will pick her up?")


@pytest.mark.parametrize(
    "text",
    [
        "It's for Mara Redmond, in Ms. Lind's class.",
        "Mara is sick today.",
        "Redmond, Mara Redmond.",
        "Thanks, Hannah.",
        "Thank you, Hanna, have a nice day.",
        "I'm Floyd, an AI assistant. I'm calling for Tom Redmond.",
        "Good morning! Perfect. Wonderful, thank you so much.",
        "Actually, yes. Unfortunately I don't know that.",
        "Hopefully that helps.",
        "Is that Mr. or Mrs.?",
        "Okay. Understood. Noted, thanks.",
        "Certainly, it's R E D M O N D.",
    ],
)
def test_known_names_and_ordinary_words_are(text):
    assert passes(text, heard="hello brock road school hannah speaking who is calling")


@pytest.mark.parametrize(
    "text",
    [
        "She'll be back on Friday.",
        "She will be back tomorrow.",
        "Back by Friday.",
        "She stays home for two weeks.",
        "For two weeks.",
        "Mara returns next week.",
        "She should be fine in a couple of days.",
        "I'm not sure, but she'll be back on Wednesday.",
        "She's been sick since last Thursday.",
    ],
)
def test_days_and_spans_about_people_need_a_source(text):
    assert not passes(text)
    assert not passes(text, heard="When will she be back?")


@pytest.mark.parametrize("text", ["Friday.", "On Tuesday, I think.", "Tomorrow.", "In three days."])
def test_a_day_alone_that_answers_a_question_about_them_needs_one_too(text):
    assert not passes(text, heard="When will she be back?")


@pytest.mark.parametrize(
    "text", ["She stays home on Monday.", "Today, on Saturday.", "I don't know if she'll be back on Friday.", "Would Friday be better?"]
)
def test_days_of_the_brief_doubts_and_questions_pass(text):
    assert passes(text)


@pytest.mark.parametrize("text", ["Could you deliver on Friday?", "Friday morning would be lovely.", "Tomorrow at noon is fine, then."])
def test_appointments_are_no_statements_about_people(text):
    assert passes(text, make=flowers, heard="We can do Friday morning or tomorrow at noon.")


GUESSES = ["Will she be back Friday?", "will she be back on friday", "So she's back on Friday?", "She'll be back Friday, right?"]


@pytest.mark.parametrize("guess", GUESSES)
@pytest.mark.parametrize(
    "text",
    [
        "Yes, Friday.",
        "Yes, she will.",
        "Yes.",
        "That's right.",
        "She will.",
        "I think so.",
        "Friday.",
        "Correct, on Friday.",
        "No, she won't.",
        "Probably.",
    ],
)
def test_a_guess_is_not_confirmed(guess, text):
    assert not passes(text, heard=guess)


@pytest.mark.parametrize("guess", GUESSES)
@pytest.mark.parametrize(
    "text", ["I don't know if she'll be back on Friday.", "I'm sorry, I can't say.", "Friday? I'm not sure.", "Let me check that with Tom."]
)
def test_a_guess_may_be_left_open(guess, text):
    assert passes(text, heard=guess)


def test_a_guess_that_the_user_settles_may_be_confirmed():
    assert passes("Yes, Friday.", heard="Will she be back Friday?", answered="She'll be back on Friday")
    assert passes("Yes, she will.", heard="Will she be back Friday?", answered="Yes")


@pytest.mark.parametrize(
    "asked", ["Is Mara sick today?", "Is she in grade 3?", "Is this about Mara Redmond?", "Does she have Ms. Lind?", "Is Mara staying home?"]
)
def test_what_the_brief_bears_out_may_be_confirmed(asked):
    assert passes("Yes, that's right.", heard=asked)


@pytest.mark.parametrize(
    "asked", ["Is there anything else?", "Can you spell that?", "Could you repeat that?", "Shall I note it down?", "Did you say Redmond?"]
)
def test_questions_to_floyd_are_answered(asked):
    assert passes("Yes, please.", heard=asked)


def test_a_name_that_was_only_guessed_is_not_confirmed():
    assert not passes("Her name is Sarah.", heard="is her name sarah")
    assert passes("I don't know if her name is Sarah.", heard="is her name sarah")


def said_in_tests():
    """What Floyd says in rehearsals: the models' lines in the tests of the conversation, and the lines of the brief."""
    found = set()
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        if path.name in ("test_support.py", "test_egress.py", "test_evil_model.py", "test_told.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "model":
                found |= {part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return sorted(found)


def test_words_alone_are_no_names_unless_somebody_was_asked_for():
    assert passes("Appointments, please.", heard="Press one for billing, or say what you need.")


def test_what_is_said_in_rehearsals_is_hardly_ever_taken_for_a_name():
    texts = said_in_tests()
    sentences = [part for text in texts for part in re.split(r"(?<=[.!?])\s+", text) if re.search("[A-Za-z]{3}", part)]
    blocked = [text for text in sentences if all(egress(make=make)._support.invents(text, "") for make in (school, flowers))]
    assert len(sentences) > 60
    assert blocked == ["She will be back on Friday."]  # of a model that makes things up
