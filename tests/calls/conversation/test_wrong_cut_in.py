"""The callee seemed to be done and was not: both parts are one utterance, and Floyd has not talked over it."""

import json

import pytest

from calls.conversation.cut_in import GOES_ON_MS, MOST_FALSE_ALARMS, WAIT_FOR_WORDS_MS
from calls.conversation.effects import AskModel, SaveLine, Say, StopModel, StopSpeaking
from calls.conversation.events import CalleePaused, CalleeSaid, CalleeSaying, CalleeStarted, ReplyPieceArrived
from tests.calls.conversation.virtual_line import GOODBYE, VirtualLine, flowers, in_school


def callee_in(message):
    return json.loads(message["content"])["callee"]


def asked(first="I wanted to ask", **how):
    """They said something that was taken for an end."""
    line = in_school(**how)
    line.feed(CalleeSaying(first, line.now))
    line.feed(CalleeSaid(first, line.now, line.now, 0.9))
    return line


def goes_on(line, text, after_ms=300):
    line.wait(after_ms)
    effects = line.feed(CalleeStarted())
    line.wait(200)
    effects += line.feed(CalleeSaying(text, line.now - 200))
    line.wait(300)
    return effects + line.feed(CalleeSaid(text, line.now - 500, line.now, 0.9))


def callee_lines(line):
    return [saved for saved in sorted(line.lines.values(), key=lambda saved: saved.seq) if saved.speaker == "callee"]


class TestWhileFloydThinks:
    """Nothing of the answer was said."""

    def test_both_parts_are_one_line_and_one_message(self):
        line = asked()
        start_ms = callee_lines(line)[-1].start_ms
        count = len(callee_lines(line))
        first = line.asks[-1].ask_id
        assert StopModel(first) in goes_on(line, "who her teacher is.")
        saved = callee_lines(line)
        assert len(saved) == count
        assert (saved[-1].text, saved[-1].start_ms, saved[-1].final) == ("I wanted to ask who her teacher is.", start_ms, True)
        assert saved[-1].end_ms > start_ms
        assert callee_in(line.messages()[-1]) == "I wanted to ask who her teacher is."
        assert len([message for message in line.messages("user") if "wanted" in message["content"]]) == 1

    def test_the_line_is_open_while_they_go_on(self):
        line = asked()
        line.wait(300)
        line.feed(CalleeStarted())
        line.feed(CalleeSaying("who her", line.now))
        assert (callee_lines(line)[-1].text, callee_lines(line)[-1].final) == ("I wanted to ask who her", False)

    def test_an_utterance_may_go_on_several_times(self):
        line = asked()
        goes_on(line, "who her")
        goes_on(line, "teacher is")
        goes_on(line, "please.")
        assert callee_lines(line)[-1].text == "I wanted to ask who her teacher is please."
        assert callee_in(line.messages()[-1]) == "I wanted to ask who her teacher is please."

    def test_what_is_asked_ahead_is_the_whole(self):
        line = asked()
        line.wait(300)
        line.feed(CalleeStarted())
        line.feed(CalleeSaying("who her teacher is", line.now))
        guess = next(effect for effect in line.feed(CalleePaused("who her teacher is", line.now)) if isinstance(effect, AskModel))
        assert callee_in(guess.messages[-1]) == "I wanted to ask who her teacher is"
        effects = line.feed(CalleeSaid("Who her teacher is.", line.now, line.now, 0.9))
        assert [effect for effect in effects if isinstance(effect, AskModel | StopModel)] == []
        line.model("Ms. Lind is.", ask=guess)
        assert line.said[-1] == "Ms. Lind is."

    def test_later_words_are_an_utterance_of_their_own(self):
        line = asked("I wanted to ask something.")
        count = len(callee_lines(line))
        line.wait(GOES_ON_MS + 100)
        line.feed(CalleeStarted())
        line.feed(CalleeSaid("Who is her teacher?", line.now, line.now, 0.9))
        assert len(callee_lines(line)) == count + 1
        assert callee_in(line.messages()[-1]) == "I wanted to ask something. Who is her teacher?"

    def test_a_voice_in_time_counts_even_if_its_words_come_late(self):
        line = asked()
        line.wait(GOES_ON_MS - 50)
        line.feed(CalleeStarted())
        line.wait(500)
        line.feed(CalleeSaying("who her teacher is", line.now))
        assert callee_lines(line)[-1].text == "I wanted to ask who her teacher is"

    def test_the_answer_waits_for_the_words_behind_a_voice(self):
        line = asked()
        line.wait(300)
        line.feed(CalleeStarted())
        said = len(line.said)
        line.model("How can I help you with that?")
        assert len(line.said) == said
        line.feed(CalleeSaying("who her teacher is", line.now))
        line.feed(CalleeSaid("who her teacher is", line.now, line.now, 0.9))
        assert len(line.said) == said
        assert len(line.asks) == 2

    def test_a_voice_without_words_delays_the_answer_a_little(self):
        line = asked("Who is her teacher?")
        line.wait(300)
        line.feed(CalleeStarted())
        line.model("Her teacher is Ms. Lind.")
        line.wait(WAIT_FOR_WORDS_MS - 20)
        assert "Her teacher is Ms. Lind." not in line.said
        line.wait(40)
        assert line.said[-1] == "Her teacher is Ms. Lind."
        assert len(line.asks) == 1

    def test_a_voice_that_the_turn_taker_found_empty_releases_it_at_once(self):
        line = asked("Who is her teacher?")
        line.feed(CalleeStarted())
        line.model("Her teacher is Ms. Lind.")
        line.feed(CalleeSaid("", line.now, line.now, 0.0))
        assert line.said[-1] == "Her teacher is Ms. Lind."
        assert "cut_in" not in line.timers

    def test_a_noisy_line_is_not_waited_for_again_and_again(self):
        line = in_school()
        for number in range(MOST_FALSE_ALARMS + 1):
            line.callee(f"Who is her teacher {'x' * number}?")
            line.feed(CalleeStarted())
            line.model("Her teacher is Ms. Lind.")
            spoke_at_once = line.playing != []
            line.wait(WAIT_FOR_WORDS_MS + 50)
            line.hear_all()
        assert spoke_at_once

    def test_doubtful_words_behind_it_are_put_to_the_model_with_the_rest(self):
        line = asked()
        line.feed(CalleeStarted())
        line.feed(CalleeSaying("who her teach", line.now))
        line.feed(CalleeSaid("who her teach", line.now, line.now, 0.1))
        assert callee_in(line.messages()[-1]) == "I wanted to ask who her teach"


class TestWhileTheAnswerIsOnItsWay:
    """Clauses are queued, none is heard."""

    def answering(self, first="I wanted to ask"):
        line = VirtualLine(flowers(), play=True).introduce()
        line.callee(first)
        line.play = False  # nothing reaches their ear yet
        line.model("How can I help? I am listening.")
        return line

    def test_a_voice_stops_floyd_before_its_first_word(self):
        line = self.answering()
        effects = line.feed(CalleeStarted())
        assert any(isinstance(effect, StopSpeaking) for effect in effects)
        assert line.playing == []

    def test_words_make_one_utterance_of_it(self):
        line = self.answering()
        goes_on(line, "about roses.")
        assert line.transcript[-2] == ("callee", "I wanted to ask about roses.")
        assert line.transcript[-1] == ("floyd", "")
        assert callee_in(line.messages()[-1]) == "I wanted to ask about roses."
        assert "How can I help" not in str(line.messages()[1:])

    def test_no_words_and_floyd_says_it_after_all_in_the_same_line(self):
        line = self.answering()
        line.feed(CalleeStarted())
        line.wait(WAIT_FOR_WORDS_MS + 10)
        assert line.said[-2:] == ["How can I help?", "I am listening."]
        line.play = True
        line.hear_all()
        assert line.transcript[-1] == ("floyd", "How can I help? I am listening.")
        assert len(line.asks) == 1

    def test_an_okay_behind_the_question_changes_nothing_about_the_answer(self):
        line = self.answering("Which colour do you want?")
        line.feed(CalleeStarted())
        line.feed(CalleeSaying("okay", line.now))
        effects = line.feed(CalleeSaid("Okay?", line.now, line.now, 0.9))
        assert not any(isinstance(effect, AskModel | StopModel) for effect in effects)
        assert line.transcript[-2] == ("callee", "Which colour do you want? Okay?")
        assert line.said[-2:] == ["How can I help?", "I am listening."]

    def test_a_word_that_was_heard_makes_it_an_interruption(self):
        line = self.answering()
        line._start(line.playing[0])
        line.feed(CalleeStarted())
        line.barge_in(heard=7)
        line.feed(CalleeSaying("about roses", line.now))
        line.callee("About roses.")
        assert line.transcript[-3:] == [("callee", "I wanted to ask"), ("floyd", "How can"), ("callee", "About roses.")]
        assert line.messages("assistant")[-1]["content"] == "How can"

    def test_a_price_in_the_first_part_is_still_an_offer(self):
        line = VirtualLine(flowers(limit_minor=8000)).introduce()
        line.callee("It's $560")
        goes_on(line, "all together, fine?")
        line.model("Okay.")
        assert "Okay." not in line.said

    def test_tools_that_ran_stay_in_the_prompt(self):
        line = VirtualLine(flowers(limit_minor=8000)).introduce()
        line.callee("The roses are $75")
        line.play = False
        line.model("I'll take them.", ("agree_to", {"what": "roses", "amount_minor": 7500, "currency": "CAD", "when": None}))
        goes_on(line, "and delivery is $4.")
        assert line.transcript[-2][1] == "The roses are $75 and delivery is $4."
        roles = [message["role"] for message in line.messages()]
        assert roles[-4:] == ["user", "assistant", "tool", "user"]

    def test_a_farewell_that_nobody_heard_is_taken_back(self):
        line = in_school()
        line.callee("Thank you")
        line.play = False
        line.model("", GOODBYE)
        goes_on(line, "and when will she be back?")
        assert line.state == "thinking"
        assert ("callee", "Thank you and when will she be back?") in line.transcript
        assert callee_in(line.messages()[-1]) == "and when will she be back?"  # behind the end_call that it answers

    def test_bye_over_a_farewell_that_nobody_heard_lets_floyd_say_it(self):
        line = in_school()
        line.callee("Thank you")
        line.play = False
        line.model("", GOODBYE)
        goes_on(line, "bye bye.")
        assert line.ended is None
        assert line.said[-1] == GOODBYE[1]["farewell"]
        line.play = True
        line.hear_all()
        assert line.ended is not None


@pytest.mark.parametrize("text", ["", "Okay."])
def test_a_merged_line_is_whole_in_the_end(text):
    line = asked("Which colour do you want")
    line.feed(CalleeStarted())
    line.feed(CalleeSaying("please", line.now))
    line.feed(CalleeSaid(text, line.now, line.now, 0.9))
    last = callee_lines(line)[-1]
    assert last.final
    assert last.text.startswith("Which colour do you want ")
    assert len([saved for saved in line.effects if isinstance(saved, SaveLine) and saved.seq == last.seq and saved.final]) == 2


def test_pieces_that_come_after_the_voice_are_not_lost():
    line = asked("Who is her teacher?")
    line.feed(ReplyPieceArrived("a1", "Her teacher"))
    line.feed(CalleeStarted())
    line.feed(ReplyPieceArrived("a1", " is Ms. Lind. "))
    assert not any(isinstance(effect, Say) and "Lind" in effect.text for effect in line.effects)
    line.wait(WAIT_FOR_WORDS_MS)
    assert line.said[-1] == "Her teacher is Ms. Lind."
