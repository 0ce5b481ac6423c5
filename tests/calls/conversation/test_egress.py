"""Facts that Floyd does not have do not get out, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.conversation import fixed_lines
from calls.conversation.brief import SharedFact
from calls.conversation.egress import Egress, Verdict
from calls.conversation.purse import Purse
from calls.conversation.spelling import digit_runs, normal, spelled_runs
from context.number_words import in_words
from tests.calls.conversation.virtual_line import VirtualLine, flowers, school


def egress(**changes):
    brief = flowers(**changes)
    return Egress(brief, Purse(brief))


@pytest.mark.parametrize(
    "text",
    [
        "The alarm code is 4417.",
        "The alarm code is four four one seven.",
        "The alarm code is forty-four seventeen.",
        "It is 4-4-1-7.",
        "It is double four one seven.",
        "It is four, four, one, seven.",
        "Tom was born on 4 May 1985.",
        "His birthday is May 4th.",
        "His birthday is the fourth of May.",
        "In nineteen eighty-five.",
        "Call him at +1 519 555 0142.",
        "Call five one nine, triple five, oh one four two.",
        "The password is H U N T E R.",
        "The password is hotel uniform november tango echo romeo.",
        "The booking is X7K9Q2.",
        "Write to tom@redmond.example.",
        "Write to tom at redmond dot com.",
        "His card is 4111 1111 1111 1111.",
        "It's ４４１７.",
        "The code is 44\u200b17.",
        "It's 21 Maple Street, unit 305.",
    ],
)
def test_what_is_not_in_the_brief_is_not_said(text):
    assert egress().judge(text) is Verdict.UNKNOWN_FACT


@pytest.mark.parametrize(
    "text",
    [
        "Please deliver to 14 Brock Road, Guelph.",
        "Fourteen Brock Road.",
        "Her name is Krista, K R I S T A.",
        "R, E, D, M, O, N, D.",
        "Could you deliver at 9:30 a.m. on Thursday, November 26?",
        "At half past nine, or at nine thirty?",
        "On the twenty-sixth of November.",
        "A dozen, or two dozen?",
        "Three or four would be lovely.",
        "It's for Saturday, November 21, 2026.",
        "I'm an AI assistant.",
        "Between 9 and 11 would be great.",
        "Is it 5 or 6 stems?",
    ],
)
def test_ordinary_talk_passes(text):
    assert egress().judge(text) is Verdict.SAY


def test_the_callees_own_numbers_can_be_said_back():
    filter_ = egress()
    assert filter_.judge("So that is order 88213.") is Verdict.UNKNOWN_FACT
    filter_.callee_said("Your order number is eight eight two one three, and call us at 519-555-0117, booking X7K9Q2, by March 3rd.")
    for text in (
        "So that is order 88213.",
        "Five one nine, five five five, zero one one seven.",
        "X 7 K 9 Q 2.",
        "Booking X7K9Q2.",
        "By the third of March.",
    ):
        assert filter_.judge(text) is Verdict.SAY


def test_the_users_answers_can_be_said():
    filter_ = egress()
    filter_.user_said("The buzzer is 305")
    assert filter_.judge("The buzzer is three oh five.") is Verdict.SAY


def test_answers_of_earlier_calls_can_be_said():
    filter_ = egress(answers=(SharedFact("question:1", "The apartment is number 305"),))
    assert filter_.judge("Apartment 305.") is Verdict.SAY


def test_a_number_in_pieces_is_still_a_number():
    filter_ = egress()
    assert filter_.judge("It is four four.") is Verdict.SAY
    filter_.said("It is four four.")
    assert filter_.judge("One seven.") is Verdict.UNKNOWN_FACT


def test_a_blocked_clause_becomes_an_honest_line_once():
    line = VirtualLine(school()).introduce()
    line.callee("What is the alarm code?")
    said = len(line.said)
    line.model("The code is 4417. Again, it is four four one seven. Anything else?")
    assert line.said[said:] == [fixed_lines.DO_NOT_KNOW, "Anything else?"]
    line.hear_all()
    line.callee("Hm, what do you mean?")
    assert "4417" not in str(line.messages())
    assert "not_said" in str(line.messages("system")[-1])


def test_a_farewell_is_filtered_too():
    line = VirtualLine(school()).introduce()
    line.callee("Okay, thanks for letting us know.")
    line.model("", ("end_call", {"result": "goal_reached", "farewell": "Bye, the code is 4417."}))
    assert line.said[-1] == fixed_lines.GOODBYE


@pytest.mark.parametrize("text", ["You can reach me at 5.", "Thursday at 5 pm."])
def test_short_numbers_are_free(text):
    assert egress().judge(text) is Verdict.SAY


def spoken_forms(code):
    """Ways in which a model might smuggle a code out."""
    digits = [in_words(int(digit)) for digit in code]
    return [code, " ".join(code), "-".join(code), " ".join(digits), ", ".join(digits), ". ".join(digits), f"{in_words(int(code))}", f"{int(code):,}"]


@given(st.integers(1000, 99_999), st.integers(0, 7), st.sampled_from(["The code is {}.", "Sure, {} it is.", "{}", "Tell them {}, thanks"]))
def test_a_canary_never_gets_out(number, form, sentence):
    code = str(number)
    if code in "212026" or code == "2027":  # what the brief says itself: the date, read as one number as well
        return
    text = sentence.format(spoken_forms(code)[form])
    assert egress().judge(text) is not Verdict.SAY


@given(st.text(max_size=200))
def test_no_text_breaks_the_filter(text):
    filter_ = egress(limit_minor=8000)
    filter_.callee_said(text)
    filter_.judge(text)
    filter_.said(text)
    filter_.judge(text)


def test_runs_are_read_in_one_form():
    assert [run.signs for run in digit_runs(normal("five one nine, triple five, 01 42"))] == ["5195550142"]
    assert [run.signs for run in spelled_runs("it is alpha b C 7, ok")] == ["abc7"]


def test_looking_late_into_what_the_callee_said_changes_no_verdict():
    at_once, late = egress(kind="buy", limit_minor=6_000), egress(kind="buy", limit_minor=6_000)
    for filter_ in (at_once, late):
        for what, text in (
            ("said", "That is order"),
            ("callee_said", "It would be $75, order 88213."),
            ("said", "So that is 88"),
            ("callee_said", "Sorry, it is $58. Will Mara be back on Friday? Is the code 4417?"),
            ("user_whispered", "4417 is right, and 4418."),
            ("callee_said", "Are you there, Ms. Lind?"),
        ):
            getattr(filter_, what)(text)
            if filter_ is at_once:
                filter_.read()
    clauses = (
        "Is it order 88213?",
        "Okay, $58 it is.",
        "Great, we'll take it.",
        "213.",
        "It is 4417.",
        "Okay, 4418 then.",
        "Mara is back on Friday.",
        "It is 9917.",
    )
    verdicts = [at_once.judge(clause) for clause in clauses]
    assert verdicts == [late.judge(clause) for clause in clauses]
    assert set(verdicts) >= {Verdict.SAY, Verdict.HOLD, Verdict.UNKNOWN_FACT}
