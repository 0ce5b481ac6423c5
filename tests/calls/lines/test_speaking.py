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

    def audio_ready(self, speech_id):
        pass

    def may_play(self, say):
        return self.free

    def play(self, say, audio):
        self.heard += audio

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
