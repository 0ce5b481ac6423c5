"""Clauses become sound in their order; the next are fetched ahead, but not too far; all of it can be dropped."""

import asyncio

import pytest

from calls.conversation.effects import Say
from calls.lines.repertoire import Repertoire
from calls.lines.speaking import Speaking
from providers.phrases import Phrases
from providers.types import ProviderError
from tests.calls.lines.scene import brief, until


class Voice:
    """A voice whose clauses come when the test lets them."""

    voice = "slow"

    def __init__(self):
        self.begun = []
        self.ended = []
        self.gates = {}
        self.fails = {}

    def let(self, text):
        self.gates.setdefault(text, asyncio.Event()).set()

    async def speak(self, text, *, language):
        self.begun.append(text)
        try:
            if error := self.fails.pop(text, None):
                raise error
            yield f"<{text}".encode()
            await self.gates.setdefault(text, asyncio.Event()).wait()
            yield b">"
        finally:
            self.ended.append(text)


class Ear:
    """Notes what is played."""

    def __init__(self):
        self.heard = b""
        self.sent = []
        self.failed = []
        self.free = True
        self.lead = 0
        self.pieces = []

    def audio_ready(self, speech_id):
        pass

    def may_play(self, say):
        return self.free

    def lead_ms(self):
        return self.lead

    def play(self, say, audio):
        self.heard += audio
        self.pieces.append(len(audio) // 8)

    def clause_sent(self, say):
        self.sent.append(say.speech_id)

    def clause_failed(self, say, *, permanent):
        self.failed.append((say.speech_id, permanent))


@pytest.fixture
async def speaking(tmp_path):
    voice, ear = Voice(), Ear()
    made = Speaking(voice, Repertoire(Phrases(voice, tmp_path), brief(), "user-1"), ear)
    task = asyncio.create_task(made.run())
    yield made, voice, ear
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def say(speaking, *texts, **options):
    for text in texts:
        speaking.say(Say(text, text, **options))


async def test_clauses_keep_their_order_whichever_is_ready_first(speaking):
    made, voice, ear = speaking
    say(made, "a", "b")
    voice.let("b")
    await until(lambda: voice.begun == ["a", "b"])
    assert ear.heard == b"<a"
    voice.let("a")
    await until(lambda: ear.sent == ["a", "b"])
    assert ear.heard == b"<a><b>"


async def test_two_clauses_at_most_are_fetched_behind_the_one_that_plays(speaking):
    made, voice, ear = speaking
    for text in "abcde":
        voice.let(text)
    say(made, *"abcde")
    await until(lambda: ear.sent == ["a", "b", "c"])
    await asyncio.sleep(0.02)
    assert voice.begun == ["a", "b", "c"]
    made.finished("a")
    await until(lambda: voice.begun == ["a", "b", "c", "d"])
    await asyncio.sleep(0.02)
    assert "e" not in voice.begun


async def test_dropping_aborts_what_is_being_made_and_what_comes_later_is_said(speaking):
    made, voice, ear = speaking
    say(made, *"abcd")
    await until(lambda: len(voice.begun) == 3)
    made.drop()
    await until(lambda: sorted(voice.ended) == ["a", "b", "c"])
    voice.let("e")
    say(made, "e")
    await until(lambda: ear.sent == ["e"])
    assert ear.heard == b"<a<e>"
    assert "d" not in voice.begun


async def test_what_may_not_be_cut_survives_a_drop(speaking):
    made, voice, ear = speaking
    say(made, "vow", interruptible=False)
    say(made, "chat")
    await until(lambda: voice.begun == ["vow", "chat"])
    made.drop()
    voice.let("vow")
    await until(lambda: ear.sent == ["vow"])


async def test_a_clause_waits_for_its_turn_on_the_line(speaking):
    made, voice, ear = speaking
    ear.free = False
    voice.let("a")
    say(made, "a")
    await until(lambda: voice.ended == ["a"])
    assert ear.heard == b""
    ear.free = True
    made.finished("the one before")
    await until(lambda: ear.sent == ["a"])


async def test_a_voice_that_fails_once_is_asked_again_and_one_that_is_refused_is_not(speaking):
    made, voice, ear = speaking
    voice.fails = {"a": ProviderError("reset"), "b": ProviderError("no such voice", permanent=True)}
    for text in "ac":
        voice.let(text)
    say(made, *"abc")
    await until(lambda: ear.sent == ["a", "c"])
    assert voice.begun.count("a") == 2
    assert voice.begun.count("b") == 1
    assert ear.failed == [("b", True)]


class Fast:
    """A voice that gives a second of sound in tenths, as fast as they are taken; then it stalls, unless told to end."""

    voice = "fast"

    def __init__(self, *, stalls=False):
        self.given = 0
        self.stalls = stalls

    async def speak(self, text, *, language):
        for _ in range(10):
            yield b"x" * 800
            self.given += 1
            await asyncio.sleep(0)
        if self.stalls:
            await asyncio.Event().wait()


@pytest.fixture
async def spoken(tmp_path):
    """Says one clause with a voice; gives the ear once `condition(ear)` holds."""
    running = []

    async def speak(voice, ear, condition):
        speaking = Speaking(voice, Repertoire(Phrases(voice, tmp_path), brief(), "user-1"), ear)
        running.append(asyncio.create_task(speaking.run()))
        speaking.say(Say("s1", "A clause.", True, False))
        await until(lambda: condition(ear))

    yield speak
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def test_on_a_dry_line_every_piece_goes_as_it_comes(spoken):
    ear = Ear()
    await spoken(Fast(), ear, lambda ear: ear.sent)
    assert ear.pieces[0] == 100
    assert sum(ear.pieces) == 1000


async def test_with_sound_in_hand_pieces_are_gathered_and_none_is_lost(spoken):
    ear = Ear()
    ear.lead = 60_000
    await spoken(Fast(), ear, lambda ear: ear.sent)
    assert ear.pieces == [400, 400, 200]


async def test_a_voice_that_stalls_does_not_keep_what_it_gave_until_the_line_is_dry(spoken):
    ear, voice = Ear(), Fast(stalls=True)
    ear.lead = 260  # 60 ms from now on it would be too little

    def and_time_passes(ear):
        if voice.given == 10:
            ear.lead = 199
        return sum(ear.pieces) == 1000

    await spoken(voice, ear, and_time_passes)
    assert ear.pieces[-1] == 200


async def test_a_usual_opening_rendered_for_everybody_needs_no_rendering_in_a_call(tmp_path):
    voice = Voice()
    phrases = Phrases(voice, tmp_path)
    voice.let("Sure,")
    await phrases.audio("Sure,", language="en-US")
    repertoire = Repertoire(phrases, brief(), "user-1")
    assert repertoire.ready("Sure,") == b"<Sure,>"
    assert repertoire.ready("A clause.") is None
