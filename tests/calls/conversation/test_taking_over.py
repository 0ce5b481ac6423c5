"""The user speaks for themselves: not before the callee was told who joins; Floyd is quiet meanwhile, and says what it is when it is back."""

import pytest

from calls.conversation.effects import EndReason, LetUserSpeak, Situation
from calls.conversation.events import (
    CalleeSaying,
    CostReached,
    GivenBack,
    HangUpAsked,
    HearingFailed,
    KeysAsked,
    LineDropped,
    LineOpened,
    MicrophoneLost,
    SpeechFailed,
    StopAsked,
    TakenOver,
    UserSaid,
    UserSaying,
    Whispered,
)
from calls.conversation.taking_over import MICROPHONE_MS, MOST_TAKE_OVERS, NOT_LET_IN, SENTENCE_MS
from calls.conversation.wordings import ALL
from tests.calls.conversation.virtual_line import VirtualLine, assert_ended, flowers, in_school, school

JOINING = "Tom Redmond is joining the call now, and will speak with you directly."
BACK = "This is Floyd again, the AI assistant calling for Tom Redmond."


def microphones(line):
    """Which microphones were opened and closed, in order."""
    return [effect.microphone for effect in line.effects if isinstance(effect, LetUserSpeak)]


@pytest.fixture
def line():
    """Tom's call to the school; Floyd has said what it calls about."""
    line = in_school()
    line.hear_all()
    return line


@pytest.fixture
def taken(line):
    """Tom speaks."""
    line.feed(TakenOver("m1"))
    line.hear_all()
    return line


class TestJoining:
    """Who is on the line is told first."""

    def test_the_microphone_opens_when_it_was_heard_who_joins(self, line):
        line.feed(TakenOver("m1"))
        assert line.state == "taken_over" and line.said[-1] == JOINING and microphones(line) == []
        line.wait(500)
        assert microphones(line) == []
        line.hear_all()
        assert microphones(line) == ["m1"] and line.situations == [Situation.TAKEN_OVER]
        assert line.disclosed == 1

    def test_what_floyd_was_saying_stops(self, line):
        line.callee("What is her teacher's name?")
        line.model("Her teacher is Ms. Lind, and she is in grade three, as far as I know. ")
        line.wait(300)
        line.feed(TakenOver("m1"))
        line.hear_all()
        assert line.said[-1] == JOINING and line.state == "taken_over"

    def test_a_reply_that_was_thought_of_is_given_up_and_what_was_asked_is_not_lost(self, line):
        line.callee("What is her teacher's name?")
        asked = line.asks[-1]
        line.feed(TakenOver("m1"))
        line.model("Ms. Lind. ", ask=asked)
        line.hear_all()
        assert line.said[-1] == JOINING
        line.feed(GivenBack())
        line.hear_all()
        assert "What is her teacher" in str(line.messages())

    def test_the_callees_sentence_is_waited_for(self, line):
        line.saying("Well, you should know that")
        line.feed(TakenOver("m1"))
        assert line.said[-1] != JOINING
        line.callee("Well, you should know that she has a test on Monday.")
        assert line.said[-1] == JOINING

    def test_not_for_ever(self, line):
        line.saying("and then")
        line.feed(TakenOver("m1"))
        for _ in range(SENTENCE_MS // 500 + 1):
            line.wait(500)
            line.feed(CalleeSaying(f"and then {line.now}", line.now - 3000))
        assert JOINING in line.said

    def test_before_the_introduction_was_heard_nobody_joins(self):
        line = VirtualLine(school())
        line.feed(LineOpened())
        line.feed(TakenOver("m1"))
        line.wait(1_300)
        assert line.disclosed == 0 and microphones(line) == []
        line.hear_all()
        assert line.disclosed == 1
        assert line.said.index(JOINING) > 0 and microphones(line) == ["m1"]

    def test_a_machine_is_not_spoken_to(self):
        line = VirtualLine(school()).open()
        line.announce("Thank you for calling Brock Road School.", "For sales, press 1. For the office, press 2.")
        line.feed(TakenOver("m1"))
        line.wait(500)
        assert line.state == "in_menu" and microphones(line) == []

    def test_what_could_not_be_announced_lets_nobody_in(self, line):
        line.play = False
        line.feed(TakenOver("m1"))
        for _ in range(2):
            speech_id = line.playing.pop()[0]
            line.feed(SpeechFailed(speech_id))
        assert microphones(line) == [] and line.state != "taken_over"
        assert ("system", NOT_LET_IN) in line.transcript

    def test_changing_ones_mind_before_it_began(self, line):
        line.saying("Well, you should know")
        line.feed(TakenOver("m1"))
        line.feed(GivenBack())
        line.callee("Well, you should know that she has a test on Monday.")
        assert JOINING not in line.said and line.state == "thinking"

    def test_changing_ones_mind_while_it_is_said(self, line):
        line.feed(TakenOver("m1"))
        line.feed(GivenBack())
        line.hear_all()
        assert microphones(line) == [] and line.said[-1] == BACK

    @pytest.mark.parametrize("wording", ALL, ids=lambda wording: wording.code)
    def test_in_every_language_the_user_is_named_and_floyd_is_a_machine(self, wording):
        assert "Tom" in wording.joining.format(user="Tom")
        assert wording.machine.search(wording.back) and "Tom" in wording.back.format(user="Tom")


class TestSpeaking:
    """While the user speaks."""

    def test_floyd_is_quiet_and_the_transcript_goes_on(self, taken):
        asks, said = len(taken.asks), len(taken.said)
        taken.feed(UserSaying("Hi, it's", 100))
        taken.feed(UserSaid("Hi, it's Tom here.", 100, 900))
        taken.callee("Oh, hello Tom. How is Mara?")
        taken.wait(60_000)
        assert (len(taken.asks), len(taken.said)) == (asks, said)
        assert taken.transcript[-2:] == [("user", "Hi, it's Tom here."), ("callee", "Oh, hello Tom. How is Mara?")]
        assert taken.state == "taken_over" and taken.ended is None

    def test_words_said_into_the_line_are_told_from_words_to_floyd(self, taken):
        taken.feed(UserSaid("Hi, it's Tom.", 100, 900))
        taken.feed(Whispered("Note her test."))
        aloud, aside = (line for line in taken.lines.values() if line.speaker == "user")
        assert aloud.intended == "Hi, it's Tom." and aside.intended == ""

    def test_a_price_they_name_is_noted(self):
        line = VirtualLine(flowers()).introduce()
        line.feed(TakenOver("m1"))
        line.hear_all()
        line.callee("The peonies are $56.")
        assert [slot.amount_minor for slot in line.slots] == [5600]

    def test_keys_are_pressed(self, taken):
        taken.feed(KeysAsked("4"))
        taken.hear_all()
        assert taken.pressed == ["4"] and taken.state == "taken_over"

    def test_without_a_take_over_a_microphone_says_nothing(self, line):
        line.feed(UserSaid("Hello?", 0, 100))
        assert ("user", "Hello?") not in line.transcript

    @pytest.mark.parametrize(("event", "reason"), [
        (StopAsked(), EndReason.STOPPED_BY_USER),
        (HangUpAsked(), EndReason.HUNG_UP_BY_USER),
        (LineDropped(True), EndReason.CALLEE_HUNG_UP),
    ])  # fmt: skip
    def test_who_speaks_says_goodbye_themselves(self, taken, event, reason):
        said = len(taken.said)
        taken.feed(event)
        assert len(taken.said) == said
        assert_ended(taken, reason)

    def test_when_time_is_up_floyd_says_goodbye_and_the_microphone_closes(self, taken):
        taken.feed(CostReached())
        assert microphones(taken) == ["m1", ""] and taken.state == "closing"
        taken.hear_all()
        assert_ended(taken, EndReason.TOO_DEAR)


class TestGivingBack:
    """Floyd has the line again."""

    def test_it_says_what_it_is_and_goes_on(self, taken):
        taken.feed(UserSaid("She will be back on Monday.", 100, 900))
        taken.callee("Alright, noted.")
        taken.feed(GivenBack())
        assert microphones(taken) == ["m1", ""] and taken.said[-1] == BACK
        assert taken.situations[-1] is Situation.TALKING
        asks = len(taken.asks)
        taken.hear_all()
        assert len(taken.asks) == asks + 1
        told = str(taken.messages())
        assert "She will be back on Monday." in told and "Alright, noted." in told and "user_spoke_themselves" in told

    def test_it_may_be_taken_again(self, taken):
        taken.feed(GivenBack())
        taken.hear_all()
        taken.feed(TakenOver("m2"))
        taken.hear_all()
        assert microphones(taken) == ["m1", "", "m2"] and taken.said.count(JOINING) == 2

    def test_not_without_end(self, line):
        for number in range(MOST_TAKE_OVERS + 3):
            line.feed(TakenOver(f"m{number}"))
            line.hear_all()
            line.feed(GivenBack())
            line.hear_all()
        assert line.said.count(JOINING) == MOST_TAKE_OVERS

    def test_a_lost_microphone_gives_it_back_after_a_while(self, taken):
        taken.feed(MicrophoneLost("m1"))
        taken.wait(MICROPHONE_MS - 100)
        assert taken.state == "taken_over"
        taken.wait(200)
        assert taken.said[-1] == BACK

    def test_one_that_comes_back_goes_on(self, taken):
        taken.feed(MicrophoneLost("m1"))
        taken.feed(TakenOver("m2"))
        taken.feed(MicrophoneLost("m1"))
        taken.wait(20_000)
        assert microphones(taken) == ["m1", "m2"] and taken.said.count(JOINING) == 1 and taken.state == "taken_over"

    def test_who_cannot_hear_any_more_does_not_go_on(self, taken):
        taken.feed(HearingFailed(permanent=True))
        assert taken.state == "taken_over"
        taken.feed(GivenBack())
        taken.hear_all()
        assert_ended(taken, EndReason.PROVIDER_FAILED)

    def test_a_question_to_the_user_goes_on_waiting(self):
        line = VirtualLine(flowers()).introduce()
        line.callee("They are $560.")
        line.model("", ("ask_user", {"kind": "money", "question": "Is $560 fine?", "item": "peonies", "amount_minor": 56000, "currency": "CAD"}))
        line.hear_all()
        line.feed(TakenOver("m1"))
        line.hear_all()
        assert "user_wait" not in line.timers
        line.feed(GivenBack())
        assert "user_wait" in line.timers
