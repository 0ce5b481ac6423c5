"""When the callee takes the floor while Floyd speaks."""

import pytest

from calls.conversation.events import CalleeInterrupted, CalleeSaid
from tests.calls.speech.scripted_line import BURST, CLEAR, CLEAR_ECHO, ECHO, Line


class TestBargeIn:
    """The callee's voice over Floyd's."""

    def speaking(self, **how):
        line = Line()
        line.taker.speaking(playing=True, **how)
        return line

    def interrupted(self, line):
        return [event for event in line.events if isinstance(event, CalleeInterrupted)]

    def test_real_speech_takes_the_floor_once(self):
        line = self.speaking()
        line.audio(1500, 1)
        assert len(self.interrupted(line)) == 1

    def test_a_clear_voice_takes_the_floor_at_once(self):
        line = self.speaking()
        line.audio(100, CLEAR)
        assert not self.interrupted(line)
        line.audio(20, CLEAR)
        assert self.interrupted(line)

    def test_a_weak_consonant_before_the_vowel_counts_as_voice(self):
        line = self.speaking()
        line.audio(80, BURST)
        line.audio(80, CLEAR)
        assert not self.interrupted(line)  # as loud as the vowel: that may be a cough
        line = self.speaking()
        line.audio(60, ECHO)
        line.audio(80, CLEAR)
        assert self.interrupted(line)

    def test_a_cough_with_voice_in_it_does_not_take_the_floor(self):
        line = self.speaking()
        line.audio(100, BURST)
        line.audio(160, CLEAR)
        line.audio(1000)
        assert not self.interrupted(line)

    def test_a_click_and_a_pop_do_not(self):
        line = self.speaking()
        for _ in range(5):
            line.audio(40, CLEAR)
            line.audio(200)
        assert not self.interrupted(line)

    def test_a_clear_echo_does_not(self):
        line = self.speaking()
        line.audio(3000, CLEAR_ECHO)
        assert not self.interrupted(line)

    def test_a_voice_that_goes_on_as_floyd_begins_stops_it_at_once(self):
        line = Line()
        line.audio(300, CLEAR)
        line.taker.speaking(playing=True)
        line.audio(40, CLEAR)
        assert self.interrupted(line)

    def test_words_take_the_floor_sooner(self):
        line = self.speaking()
        line.audio(260, 1)
        assert not self.interrupted(line)
        line.words("wait")
        assert self.interrupted(line)

    def test_several_words_need_no_voice(self):
        line = self.speaking()
        line.words("no wait a moment")
        assert self.interrupted(line)

    @pytest.mark.parametrize("text", ["mm-hm", "okay", "yeah", "uh-huh", "right, okay"])
    def test_a_back_channel_does_not(self, text):
        line = self.speaking()
        line.audio(400, 1)
        line.words(text)
        line.words(text, final=True)
        line.audio(2000)
        assert not self.interrupted(line)
        assert line.said() == [text]

    def test_after_an_okay_that_stopped_floyd_the_next_one_does_not(self):
        line = self.speaking()
        line.audio(300, CLEAR)
        assert len(self.interrupted(line)) == 1
        line.taker.speaking(playing=False)
        line.audio(300)
        line.words("Okay.", final=True)
        line.audio(300)
        assert line.said() == ["Okay."]
        line.taker.speaking(playing=True)
        line.audio(300, CLEAR)
        line.words("okay")
        line.audio(1000)
        assert len(self.interrupted(line)) == 1

    def test_after_real_speech_floyd_listens_as_closely_as_before(self):
        line = self.speaking()
        line.audio(300, CLEAR)
        line.taker.speaking(playing=False)
        line.audio(300)
        line.words("No, wait, that is wrong.", final=True)
        line.audio(600)
        line.taker.speaking(playing=True)
        line.audio(160, CLEAR)
        assert len(self.interrupted(line)) == 2

    def test_a_cough_does_not(self):
        line = self.speaking()
        line.audio(300, 1)
        line.audio(1000)
        assert not self.interrupted(line)

    def test_the_introduction_cannot_be_cut(self):
        line = self.speaking(interruptible=False)
        line.audio(2000, 1)
        line.words("hello who is this")
        assert not self.interrupted(line)

    def test_our_own_echo_does_not(self):
        line = self.speaking(text="Could you deliver them on Thursday?")
        line.audio(3000, 2)
        assert line.words("deliver them on thursday") == []
        line.audio(3000)
        assert not self.interrupted(line)
        assert line.said() == []

    def test_an_interruption_without_words_still_ends(self):
        line = self.speaking()
        line.audio(600, 1)
        line.taker.speaking(playing=False)
        line.audio(700)
        assert [type(event) for event in line.events][-2:] == [CalleeInterrupted, CalleeSaid]
        assert line.said() == [""]

    def test_each_speech_of_floyds_can_be_cut(self):
        line = self.speaking()
        line.audio(600, 1)
        line.taker.speaking(playing=False)
        line.audio(3000)
        line.taker.speaking(playing=True)
        line.audio(900, 1)
        assert len(self.interrupted(line)) == 2
