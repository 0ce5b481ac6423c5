"""No wait of the callee's stays unexplained: a short line after a second, once a wait, and never three seconds of nothing."""

from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.conversation import fixed_lines
from calls.conversation.effects import AskModel, EndReason, Say, StopModel, StopSpeaking
from calls.conversation.events import HeardUpTo, ReplyEnded, ReplyPieceArrived, SpeechFailed, SpeechStarted, ThinkingFailed, ToolAsked
from tests.calls.conversation.virtual_line import QUESTION, VirtualLine, assert_ended, flowers, in_school


def since(line, said):
    return line.said[said:]


class TestTheModelIsSlow:
    """It was asked, and nothing comes."""

    def test_a_word_comes_after_a_second_and_only_once(self):
        line = in_school()
        line.callee("Who is her teacher?")
        said = len(line.said)
        line.wait(990)
        assert since(line, said) == []
        line.wait(2_000)
        assert since(line, said) == [fixed_lines.ONE_MOMENT]

    def test_not_when_it_answers_in_time(self):
        line = in_school()
        line.callee("Who is her teacher?")
        line.wait(900)
        line.model("Ms. Lind is.")
        line.hear_all()
        assert line.said[-1] == "Ms. Lind is."
        assert "bridge" not in line.timers

    def test_tools_count_towards_the_same_wait(self):
        line = in_school()
        line.callee("Who is her teacher?")
        line.wait(700)
        line.model("", ("note_learned", {"what": "a", "value": "b"}))
        line.wait(290)
        assert line.said[-1] != fixed_lines.ONE_MOMENT
        line.wait(20)
        assert line.said[-1] == fixed_lines.ONE_MOMENT

    def test_a_reply_that_stalls_is_bridged_and_goes_on_in_a_line_of_its_own(self):
        line = in_school()
        line.callee("Who is her teacher?")
        line.feed(ReplyPieceArrived("a1", "Let me think about that. "))
        line.hear_all()
        line.wait(1_010)
        assert line.said[-1] == fixed_lines.ONE_MOMENT
        line.feed(ReplyPieceArrived("a1", "It is Ms. Lind. "))
        line.feed(ReplyEnded("a1", "stop"))
        line.hear_all()
        assert line.transcript[-3:] == [("floyd", "Let me think about that."), ("floyd", fixed_lines.ONE_MOMENT), ("floyd", "It is Ms. Lind.")]
        line.callee("Thanks.")
        assert [message["content"] for message in line.messages("assistant")][-1] == "Let me think about that. It is Ms. Lind."

    def test_after_the_users_answer_it_is_another_word(self):
        line = in_school()
        line.callee("When will she be back?")
        line.model("Let me ask.", QUESTION)
        line.hear_all()
        line.user(text="On Friday")
        line.wait(1_010)
        assert line.said[-1] == fixed_lines.THANKS_FOR_WAITING

    def test_while_the_user_is_asked_it_is_another_word(self):
        line = in_school()
        line.callee("When will she be back?")
        line.model("", QUESTION)
        line.wait(1_010)
        assert line.said[-1] == fixed_lines.CHECK_FIRST

    def test_the_same_word_never_comes_twice_running(self):
        line = in_school()
        fillers = []
        for number in range(4):
            line.callee(f"Who is her teacher {'x' * number}?")
            line.wait(1_010)
            fillers.append(line.said[-1])
            line.hear_all()
            line.model("Ms. Lind.")
            line.hear_all()
            line.wait(800)
        assert all(one != other for one, other in pairwise(fillers))

    def test_a_failure_right_behind_it_says_another_word(self):
        line = in_school()
        line.callee("Who is her teacher?")
        line.wait(1_010)
        line.hear_all()
        line.feed(ThinkingFailed("a1"))
        assert line.said[-1] == fixed_lines.BEAR_WITH_ME
        assert line.said[-2] == fixed_lines.ONE_MOMENT

    def test_nobody_is_talked_over(self):
        line = in_school()
        line.callee("Who is her teacher?")
        line.wait(900)
        line.conversation._session.callee_speaking = True
        line.wait(500)
        assert line.said[-1] != fixed_lines.ONE_MOMENT


class TestTheVoiceIsSlow:
    """A clause was to be said, and no sound comes."""

    def answering(self):
        line = in_school()
        line.callee("Who is her teacher?")
        line.play = False
        line.model("Her teacher is Ms. Lind. She is in grade 3.")
        return line

    def test_a_word_that_was_rendered_ahead_comes_before_it(self):
        line = self.answering()
        said = len(line.said)
        line.wait(1_510)
        assert since(line, said) == [fixed_lines.ONE_MOMENT, "Her teacher is Ms. Lind.", "She is in grade 3."]
        assert [clause[1] for clause in line.playing] == since(line, said)

    def test_a_voice_that_begins_in_time_is_left_alone(self):
        line = self.answering()
        line.wait(1_000)
        line._start(line.playing[0])
        said = len(line.said)
        line.wait(1_000)
        assert since(line, said) == []

    def test_a_voice_that_stays_away_ends_the_call(self):
        line = self.answering()
        began = line.now
        while line.state != "closing":
            line.wait(20)
            if line.playing and line.playing[0][1] in fixed_lines.ALL and line.state != "closing":
                clause = line.playing[0]
                line._start(clause)
                line.wait(1_000)
                line._finish(clause)
        assert line.now - began < 9_000
        line.play = True
        line.hear_all()
        assert_ended(line, EndReason.PROVIDER_FAILED)

    def test_what_plays_is_not_lost_when_the_next_clause_fails(self):
        line = in_school()
        line.callee("Who is her teacher?")
        line.model("Her teacher is Ms. Lind. She is in grade 3.")
        line.wait(300)
        failed = line.playing.pop(1)
        line.feed(SpeechFailed(failed[0]))
        line.hear_all()
        assert line.transcript[-1] == ("floyd", "Her teacher is Ms. Lind. She is in grade 3.")
        assert fixed_lines.SORRY_ONE_MOMENT not in line.said


class TestTheUserIsAsked:
    """Only the user knows."""

    def test_the_callee_hears_now_and_then_that_it_goes_on(self):
        line = in_school(user_wait_ms=60_000)
        line.callee("When will she be back?")
        line.model("Let me ask.", QUESTION)
        line.hear_all()
        said = len(line.said)
        line.wait(50_000)
        assert since(line, said) == [fixed_lines.STILL_CHECKING, fixed_lines.STILL_NO_ANSWER]


def test_all_of_its_lines_are_rendered_ahead():
    for name in vars(fixed_lines):
        if name.isupper() and name != "ALL":
            assert getattr(fixed_lines, name) in fixed_lines.ALL


class SlowWorld(VirtualLine):
    """A model and a voice that take their time, and how long the callee hears nothing in Floyd's turn."""

    def __init__(self, model, voice):
        super().__init__(flowers())
        self.model_plan, self.voice_plan = iter(model), iter(voice)
        self.due = {}
        self.slow = False
        self.audible_at = None
        self.longest = 0

    def _carry_out(self, effect):
        super()._carry_out(effect)
        if not self.slow:
            return
        match effect:
            case AskModel():
                self._plan_answer(effect.ask_id)
            case StopModel():
                self.due = {key: due for key, due in self.due.items() if key[0] != effect.ask_id}
            case Say() if not effect.cached:
                delay = next(self.voice_plan, 200)
                if delay is None:
                    self.due[effect.speech_id, 0] = (self.now + 300, partial(self._no_voice, effect.speech_id))
                else:
                    self.due[effect.speech_id, 0] = (self.now + delay, lambda: None)
            case StopSpeaking():
                self.due = {key: due for key, due in self.due.items() if not key[0].startswith("s")}

    def _plan_answer(self, ask_id):
        delay, what = next(self.model_plan, (300, "words"))
        ended = partial(self.feed, ReplyEnded(ask_id, "stop"))
        match what:
            case "words":
                events = [(delay, partial(self.feed, ReplyPieceArrived(ask_id, "That is fine with us. Thank you for it."))), (delay + 100, ended)]
            case "stall":
                events = [(300, partial(self.feed, ReplyPieceArrived(ask_id, "Well. "))), (300 + delay, ended)]
            case "tool":
                tool = ToolAsked(ask_id, "t" + ask_id, "note_learned", '{"what": "price", "value": "' + ask_id + '"}')
                events = [(delay, partial(self.feed, tool)), (delay, ended)]
            case _:
                events = [(delay, partial(self.feed, ThinkingFailed(ask_id)))]
        for number, (after, event) in enumerate(events):
            self.due[ask_id, number] = (self.now + after, event)

    def _no_voice(self, speech_id):
        self.playing = [clause for clause in self.playing if clause[0] != speech_id]
        self.feed(SpeechFailed(speech_id))

    def _next_due(self):
        options = [(at, partial(self._fire_due, key)) for key, (at, _) in self.due.items()]
        options += [(at, partial(self._fire, name)) for name, at in self.timers.items()]
        if self.playing:
            clause = self.playing[0]
            if clause[3] is not None:
                options.append((clause[3] + self.ms_per_char * len(clause[1]), lambda: self._finish(clause)))
            elif (clause[0], 0) not in self.due:
                return self.now, lambda: self._start(clause)
        return min(options, key=lambda option: option[0]) if options else None

    def _fire_due(self, key):
        self.due.pop(key)[1]()

    def run(self, step_ms=20):
        """Until it is not Floyd's turn any more; returns the longest silence in it."""
        self.audible_at = self.now
        while self.ended is None and self.state in ("thinking", "speaking", "closing"):
            if self.playing and self.playing[0][3] is not None:
                self.audible_at = self.now
            self.longest = max(self.longest, self.now - self.audible_at)
            self.wait(step_ms)
        return self.longest


MODEL = st.lists(st.tuples(st.integers(0, 6_000), st.sampled_from(["words", "stall", "tool", "tool", "fail"])), max_size=8)
VOICE = st.lists(st.none() | st.integers(0, 6_000), max_size=8)


@settings(max_examples=200, deadline=None)
@given(MODEL, VOICE)
def test_never_three_seconds_of_silence_in_floyds_turn(model, voice):
    line = SlowWorld(model, voice).introduce()
    line.slow = True
    line.callee("Who is her teacher?")
    assert line.run() <= 3_000


@pytest.mark.parametrize("model", [[(9_000, "words")] * 3, [(3_500, "tool")] * 8, [(900, "tool")] * 8, [(0, "fail")] * 3])
def test_the_end_comes_soon_or_company_is_kept(model):
    line = SlowWorld(model, []).introduce()
    line.slow = True
    line.callee("Who is her teacher?")
    began = line.now
    assert line.run() <= 3_000
    assert line.now - began < 25_000
    fillers = [text for text in line.said if text in fixed_lines.ALL]
    assert len(fillers) <= 8


def test_the_world_is_slow_indeed():
    line = SlowWorld([(2_500, "words")], [1_000, 0]).introduce()
    line.slow = True
    line.callee("Who is her teacher?")
    assert line.run() >= 1_000
    assert line.feed(SpeechStarted("s99")) == line.feed(HeardUpTo("s99", 0, True, line.now)) == []
