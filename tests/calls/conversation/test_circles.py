"""A talk that goes round in circles is noticed, and the model is told so that it tries something else."""

import pytest

from calls.conversation.circles import NOTE, ROUNDS, Circles
from calls.conversation.prompt import note_message
from tests.calls.conversation.virtual_line import in_school


def _exchange(line, said, answer):
    line.callee(said)
    line.model(answer)
    line.hear_all()


def _notes(line):
    line.callee("Well?")
    return [message for message in line.messages() if message == note_message(NOTE)]


def test_the_same_exchange_three_times_is_told_to_the_model():
    line = in_school()
    for _ in range(ROUNDS):
        _exchange(line, "And what is it about?", "I don't know.")
    assert len(_notes(line)) == 1


def test_a_circle_of_two_exchanges_is_one_too():
    line = in_school()
    for _ in range(ROUNDS):
        _exchange(line, "Monday or Tuesday?", "Is Wednesday possible?")
        _exchange(line, "No, we are closed.", "Which days do you have?")
    assert len(_notes(line)) == 2


@pytest.mark.parametrize("answers", [("I don't know.", "I don't know.", "She did not say."), ("No.",) * (ROUNDS - 1)])
def test_what_changes_or_is_seldom_is_no_circle(answers):
    line = in_school()
    for answer in answers:
        _exchange(line, "And what is it about?", answer)
    assert _notes(line) == []


def test_the_call_goes_on():
    line = in_school()
    for _ in range(3 * ROUNDS):
        _exchange(line, "Pardon?", "She is sick today.")
    assert line.ended is None and line.state == "listening"


class TestCircles:
    """The count itself."""

    def test_case_and_punctuation_do_not_part_exchanges(self):
        circles = Circles()
        found = []
        for said, answer in (("Who is it?", "It's Floyd."), ("who is it", "it's Floyd"), ("Who is it!", "It’s Floyd!")):
            circles.heard([said])
            found.append(circles.closed_by(answer))
        assert found == [False, False, True]

    def test_only_answers_to_words_count(self):
        circles = Circles()
        assert not any(circles.closed_by("Are you still there?") for _ in range(10))
        circles.heard(["Who is it?"])
        assert not any(circles.closed_by("It's Floyd.") for _ in range(10)), "one answer is said once"

    def test_every_third_time_counts(self):
        circles = Circles()
        found = []
        for _ in range(7):
            circles.heard(["Pardon?"])
            found.append(circles.closed_by("It's Floyd."))
        assert found == [False, False, True, False, False, True, False]
