"""Every way a call ends: politely, once, with a named reason, and with nothing left running."""

import pytest

from calls.conversation import fixed_lines
from calls.conversation.effects import EndReason, Say
from calls.conversation.events import (
    CalleeSaid,
    CalleeSaying,
    HearingFailed,
    LineDropped,
    ReplyPieceArrived,
    SpeechFailed,
    StopAsked,
    ThinkingFailed,
    TimerFired,
)
from tests.calls.conversation.virtual_line import VirtualLine, flowers, school

GOODBYE = ("end_call", {"result": "goal_reached", "farewell": "Thank you, have a nice day. Goodbye."})
QUESTION = ("ask_user", {"kind": "text", "question": "When will Mara be back?", "item": None, "amount_minor": None, "currency": None})


def in_school(**changes):
    return VirtualLine(school(**changes)).introduce("Hello, Brock Road School.")


def ended(line, reason):
    assert line.ended is reason
    assert line.timers == {}
    assert line.state == "ended"


def test_the_farewell_is_heard_before_the_line_is_closed():
    line = in_school()
    line.callee("Thank you for letting us know.")
    line.model("", GOODBYE)
    assert line.said[-1] == "Thank you, have a nice day. Goodbye."
    assert (line.ended, line.state) == (None, "closing")
    line.hear_all()
    ended(line, EndReason.GOAL_REACHED)


@pytest.mark.parametrize("result", ["goal_reached", "goal_not_reached", "wrong_number", "refused_machine"])
def test_the_model_names_the_reason(result):
    line = in_school()
    line.callee("You have the wrong number.")
    line.model("", ("end_call", {"result": result, "farewell": "Sorry, goodbye."}))
    line.hear_all()
    ended(line, EndReason(result))


def test_a_goodbye_to_the_farewell_needs_no_reply():
    line = in_school()
    line.callee("Thanks.")
    line.model("", GOODBYE)
    line.wait(300)
    asks = len(line.asks)
    line.callee("You too, bye!")
    line.hear_all()
    assert len(line.asks) == asks
    assert line.transcript[-1] == ("callee", "You too, bye!")
    ended(line, EndReason.GOAL_REACHED)


def test_a_question_to_the_farewell_brings_the_call_back():
    line = in_school()
    line.callee("Thanks.")
    line.model("", GOODBYE)
    line.wait(300)
    line.feed(CalleeSaying("Wait, which", line.now))
    line.callee("Wait, which grade is she in?")
    assert line.ended is None
    line.model("She is in grade 3.")
    line.hear_all()
    assert line.state == "listening"
    line.callee("Thanks, bye.")
    line.model("", GOODBYE)
    line.hear_all()
    ended(line, EndReason.GOAL_REACHED)


def test_it_comes_back_only_so_often():
    line = in_school()
    line.callee("Thanks.")
    for _ in range(3):
        line.model("", GOODBYE)
        line.wait(200)
        line.callee("Wait, one more question for you?")
    line.hear_all()
    ended(line, EndReason.GOAL_REACHED)


def test_someone_who_is_still_talking_at_the_end_of_the_farewell_is_heard_out():
    line = in_school()
    line.callee("Thanks.")
    line.model("", GOODBYE)
    line.wait(300)
    line.feed(CalleeSaying("Oh and", line.now))
    line.hear_all()
    line.wait(500)
    assert line.ended is None
    line.callee("Oh and tell her to get well.")
    assert line.state == "thinking"


def test_but_not_for_ever():
    line = in_school()
    line.callee("Thanks.")
    line.model("", GOODBYE)
    line.feed(CalleeSaying("Oh and", line.now))
    line.wait(20_000)
    ended(line, EndReason.GOAL_REACHED)
    assert line.transcript[-1] == ("callee", "Oh and")


def test_a_farewell_said_twice_is_said_once():
    line = in_school()
    line.callee("Thanks.")
    line.model("Thank you, have a nice day. Goodbye.", GOODBYE)
    assert line.said.count("Thank you, have a nice day.") == 1
    assert "Thank you, have a nice day. Goodbye." not in line.said
    line.hear_all()
    ended(line, EndReason.GOAL_REACHED)


def test_an_empty_farewell_is_a_plain_goodbye():
    line = in_school()
    line.callee("Thanks.")
    line.model("", ("end_call", {"result": "goal_reached", "farewell": " "}))
    assert line.said[-1] == fixed_lines.GOODBYE


def test_a_farewell_that_cannot_be_voiced_ends_the_call():
    line = VirtualLine(school(), play=True).introduce()
    line.callee("Thanks.")
    line.model("", GOODBYE)
    line.feed(SpeechFailed(line.playing[0][0]))
    ended(line, EndReason.GOAL_REACHED)


def test_a_farewell_of_which_nothing_is_ever_reported_ends_the_call():
    line = in_school()
    line.callee("Thanks.")
    line.play = False
    line.model("", GOODBYE)
    line.wait(30_000)
    ended(line, EndReason.GOAL_REACHED)


def test_an_order_is_not_done_without_an_agreement():
    line = VirtualLine(flowers(limit_minor=8000)).introduce()
    line.callee("Okay, anything else?")
    line.model("", GOODBYE)
    assert line.tool_results()[0]["reason"] == "nothing_agreed"
    assert line.ended is None


def test_call_back_later_is_said_in_code():
    line = in_school()
    line.callee("We need the doctor's note number first.")
    line.model("", ("call_back_later", {"reason": "note number missing"}))
    assert line.said[-1] == fixed_lines.CALL_BACK
    line.hear_all()
    ended(line, EndReason.CALL_BACK_LATER)


def test_ending_the_call_with_an_open_question_is_a_call_back():
    line = in_school()
    line.callee("When will she be back?")
    line.model("Let me check.", QUESTION)
    line.hear_all()
    line.callee("I have to go, sorry.")
    line.model("", ("end_call", {"result": "goal_not_reached", "farewell": "Thank you, goodbye."}))
    line.hear_all()
    ended(line, EndReason.CALL_BACK_LATER)


def test_end_call_beside_a_tool_that_failed_does_not_end_the_call():
    line = VirtualLine(flowers(limit_minor=8000)).introduce()
    line.callee("It is $560.")
    line.model("", ("agree_to", {"what": "roses", "amount_minor": 56000, "currency": "CAD", "when": None}), GOODBYE)
    assert [result["ok"] for result in line.tool_results()] == [False, False]
    assert line.ended is None


class TestWaitingForTheUser:
    """The callee is on the line and only the user knows."""

    def waiting(self, **changes):
        line = in_school(**changes)
        line.callee("When will she be back?")
        line.model("I don't know, let me ask her father.", QUESTION)
        line.hear_all()
        assert line.state == "waiting_for_user"
        return line

    def test_no_answer_in_time_means_calling_back(self):
        line = self.waiting()
        line.wait(45_000)
        line.hear_all()
        assert fixed_lines.CALL_BACK in line.said
        ended(line, EndReason.CALL_BACK_LATER)

    def test_the_wait_counts_from_the_question(self):
        line = self.waiting(user_wait_ms=20_000)
        line.wait(19_000 - 3_000)
        assert fixed_lines.CALL_BACK not in line.said
        line.wait(5_000)
        assert fixed_lines.CALL_BACK in line.said

    def test_the_callee_is_kept_company(self):
        line = self.waiting()
        line.wait(16_000)
        assert line.said[-1] == fixed_lines.STILL_CHECKING
        line.hear_all()
        assert line.state == "waiting_for_user"

    def test_nobody_is_asked_whether_they_are_still_there(self):
        line = self.waiting()
        line.wait(44_000)
        assert fixed_lines.ARE_YOU_THERE not in line.said

    def test_what_the_callee_says_meanwhile_is_answered(self):
        line = self.waiting()
        line.callee("Is it something serious?")
        line.model("I'm sorry, I don't have that information.")
        line.hear_all()
        assert line.state == "waiting_for_user"

    def test_an_answer_in_time_goes_on_with_the_call(self):
        line = self.waiting()
        line.wait(5_000)
        line.user(text="On Friday")
        assert "user_wait" not in line.timers
        assert "On Friday" in line.messages()[-1]["content"]
        line.model("She will be back on Friday.")
        line.hear_all()
        assert line.state == "listening"

    def test_a_late_answer_does_not_stop_the_goodbye(self):
        line = self.waiting()
        line.wait(43_000)
        while line.state != "closing":
            line.wait(100)
        line.user(text="On Friday")
        assert line.grants == []
        line.hear_all()
        ended(line, EndReason.CALL_BACK_LATER)

    def test_an_answer_while_they_speak_waits_for_the_end_of_their_sentence(self):
        line = self.waiting()
        asks = len(line.asks)
        line.feed(CalleeSaying("Because we", line.now))
        line.user(text="On Friday")
        assert len(line.asks) == asks
        line.callee("Because we need to know.")
        assert len(line.asks) == asks + 1
        assert "On Friday" in str(line.messages())

    def test_an_answer_while_floyd_thinks_is_thought_of(self):
        line = self.waiting()
        line.callee("Hello?")
        asks = len(line.asks)
        line.user(text="On Friday")
        assert len(line.asks) == asks + 1
        assert "On Friday" in str(line.messages())

    def test_an_answer_while_floyd_speaks_comes_after(self):
        line = self.waiting()
        line.callee("Hello?")
        line.model("I'm still checking, it takes a moment.")
        asks = len(line.asks)
        line.user(text="On Friday")
        assert len(line.asks) == asks
        line.hear_all()
        assert len(line.asks) == asks + 1

    def test_a_second_answer_and_a_foreign_one_count_nothing(self):
        line = self.waiting()
        line.user(text="On Friday")
        line.user(text="On Monday")
        assert [grant.value for grant in line.grants] == [{"text": "On Friday"}]

    def test_the_same_question_is_asked_once(self):
        line = self.waiting()
        line.callee("And?")
        line.model("Still checking.", QUESTION)
        assert len(line.questions) == 1
        line.hear_all()
        line.user(text="On Friday")
        line.model("", QUESTION)
        assert len(line.questions) == 1
        assert line.tool_results()[-1]["answer"] == {"text": "On Friday"}

    def test_the_user_is_not_asked_without_end(self):
        line = in_school(user_wait_ms=10**7)
        for number in range(9):
            line.callee("And another thing?")
            line.model("Let me check.", (QUESTION[0], QUESTION[1] | {"question": f"Question {'x' * number}?"}))
            line.hear_all()
        assert len(line.questions) == 5


class TestLimits:
    """Nothing goes on for ever."""

    def test_the_longest_call_ends_politely(self):
        line = in_school(max_call_ms=60_000)
        for _ in range(20):
            if line.ended is None and line.state != "closing":
                line.callee("Tell me more about it please?")
            if line.state == "thinking":
                line.model("I only know that she is sick.")
            line.wait(4_000)
        assert fixed_lines.TOO_LONG in line.said
        ended(line, EndReason.TOO_LONG)

    def test_silence_is_asked_about_twice_then_given_up(self):
        line = in_school()
        line.wait(60_000)
        assert line.said[2:] == [fixed_lines.ARE_YOU_THERE, fixed_lines.ARE_YOU_THERE, fixed_lines.NO_RESPONSE]
        ended(line, EndReason.NO_RESPONSE)

    def test_silence_counts_anew_after_they_spoke(self):
        line = in_school()
        for _ in range(4):
            line.wait(9_000)
            line.hear_all()
            line.callee("Yes, I am here, one second.")
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
        ended(line, EndReason.NOT_UNDERSTOOD)
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
        ended(line, EndReason.PROVIDER_FAILED)


class TestFailures:
    """The outside fails; the callee is not left in silence."""

    def test_a_failing_model_is_asked_once_more_behind_a_bridging_word(self):
        line = in_school()
        line.callee("Hello?")
        line.feed(ThinkingFailed("a1"))
        assert line.said[-1] == fixed_lines.ONE_MOMENT
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
        ended(line, EndReason.PROVIDER_FAILED)

    def test_a_permanent_failure_is_not_retried(self):
        line = in_school()
        line.callee("Hello?")
        line.feed(ThinkingFailed("a1", permanent=True))
        assert len(line.asks) == 1
        line.hear_all()
        ended(line, EndReason.PROVIDER_FAILED)

    def test_a_slow_model_is_bridged_in_a_second_and_a_half(self):
        line = in_school()
        line.callee("Hello?")
        line.wait(1_499)
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
        ended(line, EndReason.PROVIDER_FAILED)

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
        assert line.said[said:] == ["Mara is sick today.", "She stays at home."]
        line.hear_all()
        assert line.transcript[-1] == ("floyd", "Mara is sick today. She stays at home.")

    def test_a_voice_that_is_gone_ends_the_call(self):
        line = in_school()
        line.callee("Hello?")
        line.model("Mara is sick today.")
        for _ in range(5):
            if line.playing and line.ended is None:
                line.feed(SpeechFailed(line.playing.pop(0)[0]))
        ended(line, EndReason.PROVIDER_FAILED)

    def test_hearing_lost_for_good_ends_the_call(self):
        line = in_school()
        line.feed(HearingFailed(permanent=True))
        assert line.said[-1] == fixed_lines.TROUBLE
        line.hear_all()
        ended(line, EndReason.PROVIDER_FAILED)

    def test_hearing_lost_once_is_asked_about(self):
        line = in_school()
        line.feed(HearingFailed())
        assert line.said[-1] == fixed_lines.MISSED_THAT
        line.hear_all()
        line.feed(HearingFailed())
        line.hear_all()
        ended(line, EndReason.PROVIDER_FAILED)

    def test_hearing_lost_before_the_disclosure_says_nothing(self):
        line = VirtualLine(school()).open()
        line.feed(HearingFailed(permanent=True))
        assert line.said == []
        ended(line, EndReason.PROVIDER_FAILED)

    def test_a_line_that_reports_nothing_about_our_speech_is_not_waited_for(self):
        line = in_school()
        line.play = False
        line.callee("Hello?")
        line.model("Mara is sick today.")
        line.wait(13_000)
        assert line.state == "listening"


class TestStopping:
    """The user or the callee ends the call."""

    def test_the_user_stops_a_call_politely(self):
        line = in_school()
        line.callee("Will she be okay?")
        line.feed(StopAsked())
        assert line.said[-1] == fixed_lines.STOPPED
        line.hear_all()
        ended(line, EndReason.STOPPED_BY_USER)

    def test_stopped_in_the_introduction_it_is_still_heard_first(self):
        line = VirtualLine(school()).open()
        line.callee("Hello?")
        line.feed(StopAsked())
        line.hear_all()
        assert line.disclosed == 1
        assert [text for speaker, text in line.transcript if speaker == "floyd" and text] == [line.said[0], fixed_lines.STOPPED]
        ended(line, EndReason.STOPPED_BY_USER)

    @pytest.mark.parametrize(("hung_up", "reason"), [(True, EndReason.CALLEE_HUNG_UP), (False, EndReason.LINE_LOST)])
    def test_a_dropped_line_has_a_reason(self, hung_up, reason):
        line = in_school()
        line.callee("Will she be okay?")
        line.feed(LineDropped(hung_up))
        ended(line, reason)

    def test_hanging_up_on_our_farewell_is_how_calls_end(self):
        line = in_school()
        line.callee("Thanks.")
        line.model("", GOODBYE)
        line.wait(300)
        line.feed(LineDropped())
        ended(line, EndReason.GOAL_REACHED)

    def test_what_was_being_said_is_kept(self):
        line = in_school()
        line.feed(CalleeSaying("I am going to", line.now))
        line.feed(LineDropped())
        assert line.transcript[-1] == ("callee", "I am going to")
        assert line.lines[max(line.lines)].final

    def test_after_the_end_only_the_transcript_is_completed(self):
        line = in_school()
        line.callee("Will she be okay?")
        line.model("I hope so, she is at home.")
        line.wait(400)
        line.feed(LineDropped())
        for event in (StopAsked(), LineDropped(), TimerFired("silence"), CalleeSaying("x", 0), ReplyPieceArrived("a1", "Yes. No.")):
            assert line.feed(event) == []
        effects = line.feed(CalleeSaid("Hello?", line.now, line.now))
        assert not any(isinstance(effect, Say) for effect in effects)
        assert line.transcript[-1] == ("callee", "Hello?")
