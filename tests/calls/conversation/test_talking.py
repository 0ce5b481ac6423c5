"""The loop of hearing, thinking and speaking."""

import json

from calls.conversation import fixed_lines
from calls.conversation.effects import AskModel, SaveLine, Say, StopModel, StopSpeaking
from calls.conversation.events import CalleeInterrupted, CalleeSaying, HeardUpTo, ReplyEnded, ReplyPieceArrived, SpeechStarted
from tests.calls.conversation.virtual_line import VirtualLine, school


def callee_in(message):
    return json.loads(message["content"])["callee"]


def in_school(**how):
    return VirtualLine(school(), **how).introduce("Hello, Brock Road School.")


def test_what_the_callee_says_is_stored_and_put_to_the_model():
    line = in_school()
    effects = line.callee("Oh no, will she be okay?")
    assert [type(effect) for effect in effects if isinstance(effect, SaveLine | AskModel)] == [SaveLine, AskModel]
    assert callee_in(line.messages()[-1]) == "Oh no, will she be okay?"
    assert line.state == "thinking"


def test_the_reply_is_said_clause_by_clause_as_it_comes():
    line = in_school()
    line.callee("Will she be okay?")
    line.feed(ReplyPieceArrived("a1", "I don't know, but I hope so. Tha"))
    assert line.said[2:] == ["I don't know,", "but I hope so."]
    line.feed(ReplyPieceArrived("a1", "nk you for asking."))
    line.feed(ReplyEnded("a1", "stop"))
    assert " ".join(line.said[2:]) == "I don't know, but I hope so. Thank you for asking."


def test_a_reply_is_one_transcript_line_kept_up_to_date():
    line = in_school()
    line.callee("Will she be okay?")
    line.model("I don't have that information. Can I pass on a message?")
    before = [saved for saved in line.lines.values() if saved.speaker == "floyd"][-1]
    assert (before.text, before.final) == ("", False)
    assert before.intended == "I don't have that information. Can I pass on a message?"
    line.hear_all()
    after = line.lines[before.seq]
    assert (after.text, after.final) == (before.intended, True)


def test_the_transcript_is_in_order_of_speaking():
    line = in_school()
    line.callee("Will she be okay?")
    line.model("I hope so.")
    line.hear_all()
    line.callee("When will she be back?")
    assert line.transcript == [
        ("callee", "Hello, Brock Road School."),
        ("floyd", "Hi, this is Floyd, an AI assistant calling for Tom Redmond."),
        ("floyd", "Mara Redmond from grade 3 is sick and will stay home today."),
        ("callee", "Will she be okay?"),
        ("floyd", "I hope so."),
        ("callee", "When will she be back?"),
    ]


def test_growing_words_update_one_line():
    line = in_school()
    for text in ("Will", "Will she", "Will she be"):
        line.feed(CalleeSaying(text, line.now))
    line.callee("Will she be okay?")
    lines = [saved for saved in line.effects if isinstance(saved, SaveLine) and saved.text.startswith("Will")]
    assert len({saved.seq for saved in lines}) == 1
    assert [saved.final for saved in lines] == [False, False, False, True]


def test_words_that_go_on_while_we_think_are_answered_together():
    line = in_school()
    line.callee("I have a question.")
    first = line.asks[-1].ask_id
    line.wait(1_600)
    effects = line.callee("Who is her teacher?")
    assert StopModel(first) in effects
    assert callee_in(line.messages()[-1]) == "I have a question. Who is her teacher?"
    assert len([saved for saved in line.lines.values() if saved.speaker == "callee"]) == 3


def test_pieces_of_a_stopped_reply_are_ignored():
    line = in_school()
    line.callee("I have a question.")
    first = line.asks[-1]
    line.callee("Who is her teacher?")
    said = len(line.said)
    line.model("Late words.", ask=first)
    assert len(line.said) == said


def test_we_do_not_start_talking_while_they_go_on():
    line = in_school()
    line.callee("I have a question.")
    first = line.asks[-1].ask_id
    assert StopModel(first) in line.feed(CalleeSaying("and another", line.now))
    line.callee("and another thing")
    assert callee_in(line.messages()[-1]) == "I have a question. and another thing"


def test_an_interrupted_reply_is_remembered_as_it_was_heard():
    line = in_school()
    line.callee("Who is her teacher?")
    line.model("Her teacher is Ms. Lind. She is in grade 3 at your school.")
    line.wait(500)
    line.barge_in(heard=11)
    line.callee("Which grade?")
    assert [message["content"] for message in line.messages("assistant")][-1] == "Her teacher"
    floyd = [text for speaker, text in line.transcript if speaker == "floyd"][-1]
    assert floyd == "Her teacher"


def test_an_interruption_stops_the_reply_that_is_being_written():
    line = in_school()
    line.callee("Who is her teacher?")
    line.feed(ReplyPieceArrived("a1", "Her teacher is Ms. Lind. And she "))
    line.wait(200)
    line.barge_in()
    line.feed(ReplyPieceArrived("a1", "also likes cats. "))
    assert StopModel("a1") in line.feed(CalleeSaying("Which grade", line.now))
    line.callee("Which grade?")
    assert "likes cats" not in " ".join(line.said)


def test_a_back_channel_is_stored_and_changes_nothing():
    line = in_school()
    line.callee("Who is her teacher?")
    line.model("Her teacher is Ms. Lind. She is in grade 3 at your school and she likes it there.")
    line.wait(500)
    effects = line.callee("Mm-hm.")
    assert [type(effect) for effect in effects] == [SaveLine]
    line.wait(500)
    assert line.state == "speaking"


def test_an_okay_over_the_last_words_is_an_answer():
    line = in_school()
    line.callee("Who is her teacher?")
    line.model("Ms. Lind. Will you tell her?")
    while line.playing and line.playing[-1][3] is None:
        line.wait(20)
    line.wait(60 * 14)
    line.callee("Yes.")
    assert len(line.asks) == 1
    line.hear_all()
    assert len(line.asks) == 2
    assert callee_in(line.messages()[-1]) == "Yes."


def test_an_early_okay_is_not_taken_for_an_answer():
    line = in_school()
    line.callee("Who is her teacher?")
    line.model("Her teacher is Ms. Lind. " + "She told us that she likes the school very much. " * 3)
    line.wait(200)
    line.callee("Okay.")
    line.hear_all()
    assert len(line.asks) == 1
    assert line.state == "listening"


def test_words_over_floyd_without_a_barge_in_still_take_the_floor():
    line = in_school()
    line.callee("Who is her teacher?")
    line.model("Her teacher is Ms. Lind. She is in grade 3.")
    line.wait(300)
    effects = line.callee("No, I mean the other one.")
    assert any(isinstance(effect, StopSpeaking) for effect in effects)
    assert callee_in(line.messages()[-1]) == "No, I mean the other one."


def test_an_interruption_of_nothing_is_harmless():
    line = in_school()
    line.feed(CalleeInterrupted())
    assert line.ended is None
    line.callee("Hello?")
    assert len(line.asks) == 1


def test_unknown_and_repeated_reports_about_speech_are_harmless():
    line = in_school()
    line.callee("Hi?")
    line.model("Good morning to you.")
    speech_id = line.playing[0][0]
    line.hear_all()
    for report in (HeardUpTo(speech_id, 3, False, line.now), HeardUpTo("s99", 3, True, line.now), SpeechStarted("s99"), SpeechStarted(speech_id)):
        assert not any(isinstance(effect, SaveLine | Say) for effect in line.feed(report))


def test_a_reply_of_nothing_is_asked_for_again_then_we_ask_them():
    line = in_school()
    line.callee("Hm?")
    line.model("")
    assert len(line.asks) == 2
    line.model("  ")
    assert line.said[-1] == fixed_lines.SAY_AGAIN
    line.hear_all()
    assert line.state == "listening"


def test_a_reply_without_end_is_cut_off():
    line = in_school()
    line.callee("Tell me everything.")
    for _ in range(100):
        line.feed(ReplyPieceArrived("a1", "And then she told us a long story. "))
    assert sum(map(len, line.said)) < 2_000
    assert any(isinstance(effect, StopModel) for effect in line.effects)


def test_the_line_of_a_clause_is_known():
    line = in_school()
    line.callee("Hi?")
    line.model("Good morning to you.")
    seq = line.conversation.line_of(line.playing[0][0])
    assert line.lines[seq].intended == "Good morning to you."
    assert line.conversation.line_of("s99") == 0


def test_control_characters_do_not_reach_the_transcript_or_the_prompt():
    line = in_school()
    line.callee("Hello\x00 \u202eworld\u200b \ud800!")
    assert line.transcript[-1][1] == "Hello world !"
    assert callee_in(line.messages()[-1]) == "Hello world !"
