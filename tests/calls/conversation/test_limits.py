"""Nothing goes on for ever, and when the outside fails the callee is not left in silence."""

import pytest

from calls.conversation import fixed_lines
from calls.conversation.effects import EndReason
from calls.conversation.events import (
    CalleeSaying,
    CalleeStarted,
    HearingFailed,
    ReplyPieceArrived,
    SpeechFailed,
    ThinkingFailed,
)
from tests.calls.conversation.virtual_line import INTRODUCTION, VirtualLine, assert_ended, in_school, school


class TestLimits:
    """Nothing goes on for ever."""

    def test_the_longest_call_ends_politely(self):
        line = in_school(max_call_ms=60_000)
        for number in range(20):
            if line.ended is None and line.state != "closing":
                line.callee(f"Tell me more about day {number} please?")
            if line.state == "thinking":
                line.model("I only know that she is sick.")
            line.wait(4_000)
        assert fixed_lines.TOO_LONG in line.said
        assert_ended(line, EndReason.TOO_LONG)

    def test_silence_is_asked_about_twice_then_given_up(self):
        line = in_school()
        line.wait(60_000)
        assert line.said[2:] == [fixed_lines.ARE_YOU_THERE, fixed_lines.ARE_YOU_THERE, fixed_lines.NO_RESPONSE]
        assert_ended(line, EndReason.NO_RESPONSE)

    def test_silence_counts_anew_after_they_spoke(self):
        line = in_school()
        for _ in range(4):
            line.wait(9_000)
            line.hear_all()
            line.callee("Yes, I am here.")
            line.model("Take your time.")
            line.hear_all()
        assert line.ended is None

    def test_a_voice_restarts_the_silence(self):
        line = in_school()
        line.wait(7_000)
        line.feed(CalleeSaying("Well", line.now))
        line.wait(7_000)
        assert fixed_lines.ARE_YOU_THERE not in line.said

    def test_words_that_never_got_their_end_are_answered(self):
        line = in_school()
        line.feed(CalleeSaying("Will she be okay", line.now))
        line.wait(8_000)
        assert "Will she be okay" in line.messages()[-1]["content"]

    def test_what_is_not_understood_is_asked_for_again_then_given_up(self):
        line = in_school()
        for _ in range(4):
            line.callee("mumble", confidence=0.1)
            line.hear_all()
        assert line.said[2:] == [fixed_lines.SAY_AGAIN] * 3 + [fixed_lines.NOT_UNDERSTOOD]
        assert_ended(line, EndReason.NOT_UNDERSTOOD)
        assert [text for speaker, text in line.transcript if speaker == "callee"].count("mumble") == 4

    def test_understanding_once_counts_anew(self):
        line = in_school()
        for _ in range(5):
            line.callee("", confidence=0.0)
            line.hear_all()
            line.callee("I said thank you.")
            line.model("You're welcome.")
            line.hear_all()
        assert line.ended is None

    def test_a_model_that_only_calls_tools_is_stopped(self):
        line = in_school()
        line.callee("Hello?")
        for _ in range(10):
            if line.state == "thinking":
                line.model("", ("note_learned", {"what": "hello", "value": "yes"}))
        line.hear_all()
        assert_ended(line, EndReason.PROVIDER_FAILED)


class TestFailures:
    """The outside fails; the callee is not left in silence."""

    def test_a_failing_model_is_asked_once_more_behind_a_bridging_word(self):
        line = in_school()
        line.callee("Hello?")
        line.feed(ThinkingFailed("a1"))
        assert line.said[-1] == fixed_lines.SORRY_ONE_MOMENT
        assert len(line.asks) == 2
        line.model("I'm here.")
        line.hear_all()
        assert line.state == "listening"

    def test_a_model_that_fails_twice_ends_the_call(self):
        line = in_school()
        line.callee("Hello?")
        line.feed(ThinkingFailed("a1"))
        line.feed(ThinkingFailed("a2"))
        assert line.said[-1] == fixed_lines.TROUBLE
        line.hear_all()
        assert_ended(line, EndReason.PROVIDER_FAILED)

    def test_a_permanent_failure_is_not_retried(self):
        line = in_school()
        line.callee("Hello?")
        line.feed(ThinkingFailed("a1", permanent=True))
        assert len(line.asks) == 1
        line.hear_all()
        assert_ended(line, EndReason.PROVIDER_FAILED)

    def test_a_slow_model_is_bridged_in_a_second(self):
        line = in_school()
        line.callee("Hello?")
        line.wait(999)
        assert fixed_lines.ONE_MOMENT not in line.said
        line.wait(1)
        assert line.said[-1] == fixed_lines.ONE_MOMENT

    def test_a_model_that_hangs_ends_the_call_within_eight_seconds_of_silence(self):
        line = in_school()
        line.callee("Hello?")
        began = line.now
        while fixed_lines.TROUBLE not in line.said:
            line.wait(100)
        assert line.now - began <= 8_100
        line.hear_all()
        assert_ended(line, EndReason.PROVIDER_FAILED)

    def test_a_reply_that_stalls_half_way_is_taken_up(self):
        line = in_school()
        line.callee("Hello?")
        line.feed(ReplyPieceArrived("a1", "I am calling about Mara. She"))
        line.wait(4_000)
        assert len(line.asks) == 2
        assert line.messages()[-1]["content"] == "I am calling about Mara."

    def test_a_failure_of_a_stopped_question_is_ignored(self):
        line = in_school()
        line.callee("I have a question.")
        line.callee("Hello?")
        line.feed(ThinkingFailed("a1"))
        assert len(line.asks) == 2
        assert fixed_lines.ONE_MOMENT not in line.said

    def test_a_clause_that_failed_is_said_again_with_what_follows(self):
        line = in_school()
        line.callee("Hello?")
        line.model("Mara is sick today. She stays at home.")
        said = len(line.said)
        line.playing.pop(0)
        line.feed(SpeechFailed("s3"))
        assert line.said[said:] == [fixed_lines.SORRY_ONE_MOMENT, "Mara is sick today.", "She stays at home."]
        line.hear_all()
        assert ("floyd", "Mara is sick today. She stays at home.") in line.transcript

    def test_a_voice_that_is_gone_ends_the_call(self):
        line = in_school()
        line.callee("Hello?")
        line.model("Mara is sick today.")
        for _ in range(5):
            if line.playing and line.ended is None:
                line.feed(SpeechFailed(line.playing.pop(0)[0]))
        assert_ended(line, EndReason.PROVIDER_FAILED)

    def test_hearing_lost_for_good_ends_the_call(self):
        line = in_school()
        line.feed(HearingFailed(permanent=True))
        assert line.said[-1] == fixed_lines.TROUBLE
        line.hear_all()
        assert_ended(line, EndReason.PROVIDER_FAILED)

    def test_hearing_lost_once_is_asked_about(self):
        line = in_school()
        line.feed(HearingFailed())
        assert line.said[-1] == fixed_lines.MISSED_THAT
        line.hear_all()
        line.feed(HearingFailed())
        line.hear_all()
        assert_ended(line, EndReason.PROVIDER_FAILED)

    @pytest.mark.parametrize("failures", [[HearingFailed(permanent=True)], [HearingFailed(), HearingFailed()]])
    def test_hearing_lost_before_the_disclosure_tells_who_called_and_that_there_is_trouble(self, failures):
        line = VirtualLine(school()).open()
        for failure in failures:
            line.feed(failure)
        assert line.said == [] and line.ended is None, "the callee has the first word"
        line.wait(1_200)
        line.hear_all()
        line.hear_all()
        assert line.said == [INTRODUCTION, fixed_lines.TROUBLE]
        assert_ended(line, EndReason.PROVIDER_FAILED)

    def test_hearing_lost_while_the_callee_says_hello_waits_for_the_end_of_it(self):
        line = VirtualLine(school()).open()
        line.wait(1_000)
        line.feed(CalleeStarted())
        line.feed(HearingFailed(permanent=True))
        line.wait(1_000)
        assert line.said == []
        line.wait(1_000)
        assert line.said == [INTRODUCTION]

    def test_a_line_that_reports_nothing_about_our_speech_is_not_waited_for(self):
        line = in_school()
        line.play = False
        line.callee("Hello?")
        line.model("Mara is sick today.")
        line.wait(16_000)
        assert line.state == "listening"
