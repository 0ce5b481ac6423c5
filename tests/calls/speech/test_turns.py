"""When the callee has finished, and that nothing said is lost or doubled."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.conversation.events import CalleeInterrupted, CalleePaused, CalleeSaid, CalleeSaying, CalleeStarted
from tests.calls.speech.scripted_line import Line


def test_a_voice_is_noticed_before_its_words():
    line = Line()
    line.audio(200)
    assert line.audio(100, 1) == [CalleeStarted()]


def test_words_are_passed_on_as_they_grow():
    line = Line()
    line.audio(400, 1)
    assert line.words("hello") == [CalleeSaying("hello", 0)]
    assert line.words("hello there") == [CalleeSaying("hello there", 0)]
    assert line.words("hello there") == []


def test_a_question_ends_after_a_short_silence():
    line = Line()
    line.audio(1500, 1)
    line.audio(200)
    line.words("Will she be okay?", final=True)
    assert line.said() == []
    line.audio(100)
    assert line.said() == ["Will she be okay?"]


def test_a_sentence_that_goes_on_is_waited_for():
    line = Line()
    line.audio(1500, 1)
    line.audio(200)
    line.words("I have peonies and", final=True)
    line.audio(900)
    assert line.said() == []
    line.audio(800, 1)
    line.audio(200)
    line.words("white roses.", final=True)
    line.audio(400)
    assert line.said() == ["I have peonies and white roses."]


def test_times_of_an_utterance_are_those_of_the_voice():
    line = Line()
    line.audio(1000)
    line.audio(500, 1)
    line.audio(300)
    line.words("Hello.", final=True)
    line.audio(300)
    said = next(event for event in line.events if isinstance(event, CalleeSaid))
    assert (said.start_ms, said.end_ms, said.confidence) == (1000, 1500, 0.9)


def test_a_missing_final_does_not_lose_the_words():
    line = Line()
    line.audio(800, 1)
    line.words("that would be five hundred and sixty dollars")
    line.audio(2000)
    assert line.said() == ["that would be five hundred and sixty dollars"]


def test_a_stable_interim_is_taken_sooner():
    def waited(stability):
        line = Line()
        line.audio(800, 1)
        line.words("yes please", stability=stability)
        while not line.said():
            line.audio(20)
        return line.now

    assert waited(0.9) < waited(0.1)


def test_a_late_final_of_a_taken_interim_is_not_said_twice():
    line = Line()
    line.audio(800, 1)
    line.words("yes that is fine")
    line.audio(2000)
    line.words("Yes, that is fine.", final=True)
    line.audio(2000)
    assert line.said() == ["yes that is fine"]


def test_a_recogniser_that_begins_anew_without_a_final_loses_nothing():
    line = Line()
    line.audio(800, 1)
    line.words("yes that is fine")
    line.audio(2000)
    line.audio(800, 1)
    line.words("They cost ninety dollars.", final=True)
    line.audio(2000)
    assert line.said() == ["yes that is fine", "They cost ninety dollars."]


def test_surplus_words_of_a_late_final_are_not_lost():
    line = Line()
    line.audio(800, 1)
    line.words("yes that is fine")
    line.audio(2000)
    line.words("Yes, that is fine. When shall we come?", final=True)
    line.audio(2000)
    assert line.said() == ["yes that is fine", "When shall we come?"]


def test_a_recogniser_that_goes_on_in_one_result_is_followed():
    line = Line()
    line.audio(800, 1)
    line.words("yes")
    line.audio(2000)
    line.audio(800, 1)
    line.words("yes what is the address")
    line.words("Yes, what is the address?", final=True)
    line.audio(600)
    assert line.said() == ["yes", "what is the address?"]


def test_finals_add_up_to_one_utterance():
    line = Line()
    line.audio(600, 1)
    line.words("Hello,", final=True)
    line.audio(600, 1)
    line.words("Brock Road School.", final=True)
    line.audio(1500)
    assert line.said() == ["Hello, Brock Road School."]


def test_words_without_a_voice_count_too():
    line = Line()
    line.audio(1000)
    line.words("hello", final=True)
    line.audio(1500)
    assert line.said() == ["hello"]


def test_a_cough_is_nothing():
    line = Line()
    line.audio(300, 1)
    line.audio(6000)
    assert line.said() == []


def test_a_long_mumble_is_an_utterance_without_words():
    line = Line()
    line.audio(1500, 1)
    line.audio(4000)
    (said,) = [event for event in line.events if isinstance(event, CalleeSaid)]
    assert (said.text, said.confidence) == ("", 0.0)


def test_noise_that_keeps_the_gate_open_cannot_hold_the_words_back():
    line = Line()
    line.audio(1000, 1)
    line.words("We open at nine.", final=True)
    line.audio(4000, 1)
    assert line.said() == ["We open at nine."]


def test_without_frames_time_alone_ends_an_utterance():
    line = Line()
    line.audio(600, 1)
    line.words("Hello.", final=True)
    assert [type(event) for event in line.taker.tick(line.now + 600)] == [CalleeSaid]


class TestPauses:
    """A pause that may be the end is said at once, so that an answer can be prepared."""

    def paused(self, line):
        return [event.text for event in line.events if isinstance(event, CalleePaused)]

    def test_a_pause_is_said_before_the_end_of_the_turn(self):
        line = Line()
        line.audio(1500, 1)
        line.words("will she be okay")
        line.audio(140)
        assert self.paused(line) == []
        line.audio(60)
        assert self.paused(line) == ["will she be okay"]
        assert line.said() == []

    def test_it_tells_when_the_utterance_began(self):
        line = Line()
        line.audio(1000)
        line.audio(1500, 1)
        line.words("will she be okay")
        line.audio(220)
        assert [event for event in line.events if isinstance(event, CalleePaused)] == [CalleePaused("will she be okay", 1000)]

    @pytest.mark.parametrize("text", ["I have peonies and", "um", "my number is 519 555", "could you tell me the", "for hours press 1"])
    def test_words_that_clearly_go_on_are_no_pause(self, text):
        line = Line()
        line.audio(1000, 1)
        line.words(text, final=True)
        line.audio(800)
        assert self.paused(line) == []

    def test_the_same_pause_is_said_once(self):
        line = Line()
        line.audio(1000, 1)
        line.words("we have white roses")
        line.audio(300)
        line.words("We have white roses.", stability=0.9)
        line.audio(60)
        assert self.paused(line) == ["we have white roses"]

    def test_words_that_change_in_the_pause_are_said_anew(self):
        line = Line()
        line.audio(1000, 1)
        line.words("can you tell me when you open")
        line.audio(220)
        line.words("can you tell me when you open tomorrow")
        assert self.paused(line) == ["can you tell me when you open", "can you tell me when you open tomorrow"]

    def test_no_more_than_three_times_an_utterance(self):
        line = Line()
        text = "we have roses"
        for word in ["lilies", "daisies", "tulips", "irises", "violets"]:
            line.audio(600, 1)
            text = f"{text} {word}"
            line.words(text)
            line.audio(260)
        line.words(text, final=True)
        assert len(self.paused(line)) == 3
        line.audio(2000)
        line.audio(600, 1)
        line.words("and pink ones too", final=False)
        line.audio(300)
        assert len(self.paused(line)) == 4

    def test_no_pause_while_they_speak(self):
        line = Line()
        line.audio(1000, 1)
        line.words("will she be okay")
        line.audio(500, 1)
        assert self.paused(line) == []

    def test_a_back_channel_over_floyd_is_nothing_to_think_about(self):
        line = Line()
        line.taker.speaking(playing=True)
        line.audio(200, 1)
        line.words("okay")
        line.audio(220)
        assert self.paused(line) == []


class TestWrongCutIns:
    """The callee goes on after we took the turn."""

    def cut_in(self, pause_ms):
        line = Line()
        line.audio(1500, 1)
        line.audio(300)
        line.words("We have white roses.", final=True)
        while not line.said():
            line.audio(20)
        line.events.clear()
        line.audio(pause_ms)
        line.audio(600, 1)
        line.words("or the pink ones", final=True)
        return line

    def test_they_are_heard_going_on_with_the_new_words_only(self):
        line = self.cut_in(200)
        assert [type(event) for event in line.events] == [CalleeStarted, CalleeSaying]
        assert line.events[-1].text == "or the pink ones"

    def test_they_are_waited_for_longer_from_then_on(self):
        def wait(line):
            line.audio(1000)
            line.events.clear()
            line.audio(1000, 1)
            line.audio(300)
            line.words("They cost ninety dollars.", final=True)
            before = line.now
            while not line.said():
                line.audio(20)
            return line.now - before

        assert wait(self.cut_in(400)) > wait(self.cut_in(3000)) + 20

    def test_a_final_releases_the_turn_at_once(self):
        line = Line()
        line.audio(1500, 1)
        line.words("will she be")
        line.audio(340)
        assert line.said() == []
        line.words("Will she be okay?", final=True)
        assert line.said() == ["Will she be okay?"]

    def test_words_that_came_before_the_last_voice_do_not_end_the_turn(self):
        line = Line()
        line.audio(600, 1)
        line.audio(200)
        line.words("Yes.", final=True)
        line.audio(20)
        line.audio(140, 1)  # "and", whose words are still on their way
        line.audio(280)
        assert line.said() == []
        line.words("and")
        line.audio(600)
        assert line.said() == []

    def test_a_click_in_the_silence_does_not_hold_the_turn(self):
        line = Line()
        line.audio(1500, 1)
        line.audio(200)
        line.words("We have white roses.", final=True)
        line.audio(60)
        line.audio(20, 1)
        line.audio(140)
        assert line.said() == ["We have white roses."]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("audio"), st.integers(1, 60), st.integers(0, 5)),
        st.tuples(st.just("tick"), st.integers(1, 100), st.just(0)),
        st.tuples(st.just("interim"), st.integers(0, 6), st.integers(0, 9)),
        st.tuples(st.just("final"), st.integers(0, 6), st.integers(0, 9)),
        st.tuples(st.just("speaking"), st.integers(0, 1), st.integers(0, 1)),
        st.tuples(st.just("reopened"), st.just(0), st.just(0)),
    ),
    max_size=40,
)
WORDS = ["yes", "we", "have", "roses", "and", "peonies", "for", "eighty", "dollars"]


def play(steps):
    """Events of a line on which all that happened, each with whether Floyd was heard then, and a mark for every playback that began."""
    line, playing, told = Line(), False, []
    for name, one, two in steps:
        if name == "audio":
            new = line.audio(one * 20, two)
        elif name in ("interim", "final"):
            new = line.words(" ".join(WORDS[:one]), final=name == "final", stability=two / 10, end_ms=line.now)
        elif name == "tick":
            line.now += one * 20
            new = line.taker.tick(line.now)
            line.events += new
        elif name == "speaking":
            line.taker.speaking(playing=bool(one), interruptible=bool(two), text="we would like some roses" if two else "")
            told += ["playback"] if one and not playing else []
            playing, new = bool(one), []
        else:
            line.taker.recogniser_reopened()
            new = []
        told += new
    line.taker.speaking(playing=False)
    told += line.audio(9000)
    return told


@settings(deadline=None, max_examples=200)
@given(STEPS)
def test_every_utterance_that_began_is_ended(steps):
    owed = False
    for event in play(steps):
        if isinstance(event, CalleeSaying | CalleeInterrupted):
            owed = True
        elif isinstance(event, CalleeSaid):
            owed = False
            assert 0 <= event.start_ms <= event.end_ms
            assert 0 <= event.confidence <= 1
    assert not owed


@settings(deadline=None, max_examples=200)
@given(STEPS)
def test_floyd_is_interrupted_once_a_playback_and_pauses_are_told_at_most_three_times(steps):
    interrupted = pauses = 0
    for event in play(steps):
        if event == "playback":
            interrupted = 0
        elif isinstance(event, CalleeInterrupted):
            interrupted += 1
            assert interrupted == 1
        elif isinstance(event, CalleeSaid):
            pauses = 0
        elif isinstance(event, CalleePaused):
            pauses += 1
            assert event.text
            assert pauses <= 3


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), min_size=1, max_size=5), st.integers(0, 2_000), st.integers(0, 5))
def test_final_words_are_neither_lost_nor_doubled(sentences, pause_ms, voice):
    line = Line()
    for sentence in sentences:
        line.audio(400, voice)
        line.words(sentence[0])
        line.words(" ".join(sentence), final=True)
        line.audio(pause_ms)
    line.audio(3000)
    assert " ".join(line.said()).split() == [word for sentence in sentences for word in sentence]
