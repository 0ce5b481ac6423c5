"""Floyd falls silent for a voice that had nothing to say: it goes on at the word where it was, and all records stay true."""

import json

import pytest

from calls.conversation import fixed_lines
from calls.conversation.effects import AskModel, EndReason, SaveLine, Say, StopModel, StopSpeaking
from calls.conversation.events import CalleeInterrupted, CalleeSaid, CalleeSaying, HeardUpTo, LineDropped, ReplyEnded, ReplyPieceArrived
from calls.conversation.spoken import start_of_word
from tests.calls.conversation.virtual_line import GOODBYE, INTRODUCTION, QUESTION, VirtualLine, assert_ended, in_school

REPLY = "Her teacher is Ms. Lind. She is in grade 3."


def answering(reply=REPLY, *tools):
    line = in_school()
    line.callee("Who is her teacher?")
    line.model(reply, *tools)
    line.wait(100)
    return line


def noise(line):
    return line.feed(CalleeSaid("", line.now, line.now, 0.0))


def floyd_lines(line):
    return [saved for saved in sorted(line.lines.values(), key=lambda saved: saved.seq) if saved.speaker == "floyd"]


@pytest.mark.parametrize(
    ("heard", "rest"),
    [
        (0, "Her teacher is Ms. Lind."),
        (3, "teacher is Ms. Lind."),
        (4, "teacher is Ms. Lind."),
        (7, "teacher is Ms. Lind."),
        (11, "is Ms. Lind."),
        (23, "Lind."),
    ],
)
def test_floyd_goes_on_at_the_word_where_it_was_cut(heard, rest):
    line = answering()
    line.barge_in(heard=heard)
    said = len(line.said)
    effects = noise(line)
    assert line.said[said:] == [rest, "She is in grade 3."]
    assert not any(isinstance(effect, AskModel) for effect in effects)


def test_what_was_heard_before_and_after_is_one_line():
    line = answering()
    line.barge_in(heard=11)
    before = floyd_lines(line)[-1]
    assert (before.text, before.intended, before.final) == ("Her teacher", REPLY, False)
    noise(line)
    line.hear_all()
    after = floyd_lines(line)[-1]
    assert (after.seq, after.text, after.intended, after.final) == (before.seq, REPLY, REPLY, True)
    line.callee("Thanks.")
    assert line.messages("assistant")[-1]["content"] == REPLY


def test_cut_again_it_is_what_was_heard_of_both_parts():
    line = answering()
    line.barge_in(heard=11)
    noise(line)
    line.wait(100)
    line.barge_in(heard=6)  # "is Ms." of "is Ms. Lind."
    line.callee("Which grade?")
    assert floyd_lines(line)[-1].text == "Her teacher is Ms."
    assert floyd_lines(line)[-1].intended == REPLY
    assert line.messages("assistant")[-1]["content"] == "Her teacher is Ms."


def test_a_line_that_may_go_on_is_not_final_and_one_that_was_answered_is():
    line = answering()
    line.barge_in(heard=11)
    assert not floyd_lines(line)[-1].final
    line.callee("Which grade?")
    assert floyd_lines(line)[-1].final


def test_a_line_that_may_go_on_is_final_when_the_call_is_over():
    line = answering()
    line.barge_in(heard=11)
    line.feed(LineDropped())
    assert floyd_lines(line)[-1].final


def test_a_reply_that_was_being_written_goes_on_where_it_was_without_asking_again():
    line = in_school()
    line.callee("Who is her teacher?")
    line.feed(ReplyPieceArrived("a1", "Her teacher is Ms. Lind. She is"))
    line.wait(100)
    effects = line.barge_in(heard=4)
    assert not any(isinstance(effect, StopModel) for effect in effects)
    line.feed(ReplyPieceArrived("a1", " in grade 3. And"))
    line.feed(ReplyPieceArrived("a1", " she likes it."))
    line.feed(ReplyEnded("a1", "stop"))
    said = len(line.said)
    noise(line)
    assert line.said[said:] == ["teacher is Ms. Lind.", "She is in grade 3.", "And she likes it."]
    assert len(line.asks) == 1
    line.hear_all()
    assert floyd_lines(line)[-1].text == "Her teacher is Ms. Lind. She is in grade 3. And she likes it."
    assert line.state == "listening"


def test_tools_of_a_reply_that_is_held_back_wait_for_the_end_of_the_alarm():
    line = in_school()
    line.callee("When will she be back?")
    line.feed(ReplyPieceArrived("a1", "I don't know, let me ask her father. "))
    line.wait(100)
    line.barge_in(heard=4)
    line.model("One moment.", QUESTION)
    assert line.questions == []
    noise(line)
    assert len(line.questions) == 1


def test_tools_of_a_reply_that_was_really_interrupted_never_run():
    line = in_school()
    line.callee("When will she be back?")
    line.feed(ReplyPieceArrived("a1", "I don't know, let me ask her father. "))
    line.wait(100)
    line.barge_in(heard=4)
    line.model("One moment.", QUESTION)
    line.callee("Never mind, who is her teacher?")
    assert line.questions == []
    assert len(line.asks) == 2


def test_a_back_channel_that_stopped_floyd_lets_it_go_on_in_a_new_line():
    line = answering()
    line.barge_in(heard=11)
    line.callee("Okay.")
    line.hear_all()
    assert line.transcript[-3:] == [("floyd", "Her teacher"), ("callee", "Okay."), ("floyd", "is Ms. Lind. She is in grade 3.")]
    assert len(line.asks) == 1
    line.callee("Thanks, and the grade?")
    assert [message["role"] for message in line.messages()[-4:]] == ["assistant", "user", "assistant", "user"]


def test_a_back_channel_while_the_reply_is_written_lets_it_go_on_too():
    line = in_school()
    line.callee("Who is her teacher?")
    line.feed(ReplyPieceArrived("a1", "Her teacher is Ms. Lind. She is"))
    line.wait(100)
    line.barge_in(heard=4)
    line.callee("Okay.")
    line.feed(ReplyPieceArrived("a1", " in grade 3."))
    line.feed(ReplyEnded("a1", "stop"))
    line.hear_all()
    assert line.transcript[-1] == ("floyd", "teacher is Ms. Lind. She is in grade 3.")


def test_words_that_were_withdrawn_make_the_model_go_on():
    line = in_school()
    line.callee("Who is her teacher?")
    line.feed(ReplyPieceArrived("a1", "Her teacher is Ms. Lind. She is"))
    line.wait(100)
    line.barge_in(heard=4)
    line.feed(CalleeSaying("what", line.now))
    noise(line)
    assert len(line.asks) == 2
    assert "noise" in line.messages()[-1]["content"]


def test_a_doubtful_interruption_is_asked_about():
    line = answering()
    line.barge_in(heard=4)
    line.callee("mumble mumble", confidence=0.1)
    assert line.said[-1] == fixed_lines.SAY_AGAIN
    line.hear_all()
    assert line.state == "listening"


def test_an_end_of_the_alarm_that_never_comes_is_not_waited_for():
    line = answering()
    line.barge_in(heard=4)
    line.wait(8_100)
    assert "teacher is Ms. Lind." in line.said


def test_the_disclosure_is_repeated_when_it_was_cut():
    line = VirtualLine(play=False).open()
    line.callee("Hello?")
    first = line.playing[0][0]
    line.playing.clear()
    line.feed(HeardUpTo(first, 10, False, line.now))
    line.feed(CalleeInterrupted())
    noise(line)
    assert [text for text in line.said if text == INTRODUCTION] == [INTRODUCTION] * 2
    assert line.disclosed == 0


def test_the_opening_line_goes_on_at_its_word():
    line = VirtualLine().open()
    line.callee("Hello?")
    while line.state != "speaking":
        line.wait(20)
    line.barge_in(heard=8)
    noise(line)
    assert line.said[-1] == "to order some flowers for Krista."


def test_a_farewell_goes_on_at_its_word():
    line = in_school()
    line.callee("Thanks.")
    line.model("", GOODBYE)
    line.wait(200)
    line.barge_in(heard=10)
    assert line.ended is None
    noise(line)
    assert line.said[-1] == "have a nice day. Goodbye."
    line.hear_all()
    assert_ended(line, EndReason.GOAL_REACHED)


def test_only_the_last_words_are_taken_up_again():
    line = answering()
    line.barge_in(heard=4)
    line.callee("Which grade?")
    line.model("Grade 3.")
    line.hear_all()
    said = len(line.said)
    line.feed(CalleeInterrupted())
    noise(line)
    assert line.said[said:] == []


def test_the_line_is_told_to_be_silent_only_when_something_plays():
    line = answering()
    effects = line.barge_in(heard=4)
    assert [effect for effect in effects if isinstance(effect, StopSpeaking | Say)] == []


def test_history_is_cut_where_the_line_says_not_where_we_guess():
    line = answering()
    line.wait(600)
    line.callee("No, I mean the other one.")  # over Floyd's words, without a barge-in
    heard = floyd_lines(line)[-1].text
    assert heard and REPLY.startswith(heard)
    assert [json.loads(message["content"])["callee"] for message in line.messages("user")][-1] == "No, I mean the other one."
    assert all(saved.final for saved in line.effects if isinstance(saved, SaveLine) and saved.text == "Who is her teacher?")


@pytest.mark.parametrize(
    ("text", "at", "start"), [("one two", 0, 0), ("one two", 2, 0), ("one two", 3, 4), ("one two", 4, 4), ("one two", 5, 4), ("one", 1, 0)]
)
def test_where_a_cut_word_starts(text, at, start):
    assert start_of_word(text, at) == start
