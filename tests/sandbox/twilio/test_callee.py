"""The audio end of a person, frame by frame in virtual time: keys, mailboxes, interruptions, noise."""

import asyncio

import numpy as np
import pytest

from sandbox.ear import Heard
from sandbox.noise import Background, Noise
from sandbox.people import PersonSpec, Say, Sound, SoundKind
from sandbox.people.spec import Meanwhile, Rule, State
from sandbox.twilio import tones
from sandbox.twilio.callee import Callee
from sandbox.twilio.calls import Call, CallOptions
from sandbox.voice import mulaw_decode, mulaw_encode

MS_PER_WORD = 300


class WordsEar:
    """Hears one word for every 300 ms of sound."""

    def __init__(self):
        self.size = 0

    async def begin(self):
        self.size = 0

    async def feed_mulaw(self, audio):
        self.size += len(audio) - audio.count(0xFF)
        return ""

    async def final(self):
        return Heard(" ".join(["word"] * round(self.size / 8 / MS_PER_WORD)), 1.0)

    async def close(self):
        pass


async def speak(what):
    size = len(what.text.split()) * MS_PER_WORD * 8
    return mulaw_encode((np.sin(np.arange(size) / 4) * 9000).astype(np.int16))


def spoken(ms):
    return mulaw_encode((np.sin(np.arange(8 * ms) / 3) * 9000).astype(np.int16))


class Phone:
    """A callee who is fed frames as the line would."""

    def __init__(self, *states, **person):
        spec = PersonSpec("+15195550190", "Somebody", {state.name: state for state in states}, states[0].name, answer_ms=0, think_ms=0, **person)
        call = Call("CA1", "AC1", spec.number, "+15195550199", CallOptions(), 1, None)
        self.callee = Callee(spec.new_conversation(), speak, WordsEar(), call)
        self.call = call
        self.now_ms = 0
        self.out = b""

    async def hears(self, audio=b"", *, ms=0):
        """Plays audio, then silence up to `ms` in all."""
        audio = audio.ljust(max(len(audio), ms * 8), b"\xff")
        for start in range(0, len(audio) // 160 * 160, 160):
            self.now_ms += 20
            frame = audio[start : start + 160]
            uplink = self.callee.frame(None if set(frame) == {0xFF} else frame, self.now_ms)
            self.out += uplink.audio or b"\xff" * 160
            await asyncio.sleep(0)
        for _ in range(5):
            await asyncio.sleep(0)

    def said(self):
        return [line.text for line in self.call.transcript if line.speaker == "callee"]

    def heard(self):
        return [line.text for line in self.call.transcript if line.speaker == "floyd"]


@pytest.fixture
async def phone():
    made = []

    def make(*states, **person):
        made.append(Phone(*states, **person))
        return made[-1]

    yield make
    for one in made:
        await one.callee.close()


async def test_a_key_stops_the_menu_and_leads_on_and_its_tone_is_no_speech(phone):
    menu = State("menu", (Say("a very long menu that goes on and on and on"),), machine=True, pressed={"2": Rule(goto="desk")}, silence_ms=60_000)
    clinic = phone(menu, State("desk", (Say("Desk."),)))
    await clinic.hears(ms=500)
    await clinic.hears(tones.key("2"), ms=1000)
    assert clinic.said() == ["a very long menu that goes on and on and on", "Desk."]
    assert clinic.heard() == []
    [tone] = clinic.call.pressed
    assert (tone.digit, tone.wrong) == ("2", "") and 100 <= tone.ms <= 125


async def test_a_tone_that_is_too_short_is_noted_and_does_nothing(phone):
    menu = State("menu", (Say("Menu."),), machine=True, pressed={"2": Rule(say=(Say("Two."),))}, silence_ms=60_000)
    clinic = phone(menu)
    await clinic.hears(ms=1000)
    await clinic.hears(tones.key("2")[: 20 * 8], ms=1000)
    assert clinic.said() == ["Menu."]
    assert [tone.wrong[:9] for tone in clinic.call.pressed] == ["too short"]


async def test_a_mailbox_keeps_what_comes_after_the_beep_and_nothing_before(phone):
    greeting = State("greeting", (Say("Leave a message."), Sound(SoundKind.BEEP, 400)), machine=True, record=True, hang_up_after_ms=2000)
    box = phone(greeting)
    await box.hears(spoken(900), ms=900)
    assert box.call.recording is None
    await box.hears(spoken(1600), ms=1600)  # the beep comes in the middle of it
    await box.hears(ms=1000)
    assert box.callee.greeting.records and box.callee.greeting.beeped
    assert [len(line.text.split()) for line in box.call.recording] == [4]
    await box.hears(ms=2000)
    assert box.callee.hung_up


async def test_the_last_words_before_the_end_of_a_call_are_kept(phone):
    box = phone(State("box", machine=True, record=True, silence_ms=60_000))
    await box.hears(ms=200)
    await box.hears(spoken(1200))
    await box.callee.close()
    assert [len(line.text.split()) for line in box.call.recording] == [4]


async def test_hold_leads_to_a_person_when_the_music_is_over(phone):
    hold = State("hold", (Sound(SoundKind.MUSIC, 1500),), machine=True, then="back")
    shop = phone(hold, State("back", (Say("Thanks for holding."),)))
    await shop.hears(ms=1400)
    assert shop.said() == []
    await shop.hears(ms=600)
    assert shop.said() == ["Thanks for holding."]


async def test_an_interrupter_speaks_while_it_hears_speech_and_a_polite_person_does_not(phone):
    rude = State("rude", meanwhile=(Meanwhile(800, Rule(say=(Say("Wait, who is this?"),))),))
    shop = phone(rude)
    await shop.hears(spoken(1500))
    assert shop.said() == ["Wait, who is this?"]
    polite = phone(State("polite", otherwise=Rule(say=(Say("Yes."),))))
    await polite.hears(spoken(1500))
    assert polite.said() == []
    await polite.hears(ms=1500)
    assert polite.said() == ["Yes."]


async def test_a_machine_does_not_wait_for_silence(phone):
    box = phone(State("greeting", (Say("We are closed."),), machine=True))
    await box.hears(spoken(800))
    assert box.said() == ["We are closed."]


async def test_noise_lies_behind_speech_and_silence(phone):
    stall = phone(State("hello", (Say("Hello."),), silence_ms=60_000))

    async def noise():
        return Noise(Background.HISS, 20)

    stall.callee.surround(noise())
    await stall.hears(ms=2000)
    levels = np.sqrt(np.mean(mulaw_decode(stall.out).astype(float).reshape(-1, 160) ** 2, axis=1))
    assert 120 < np.median(levels[60:]) < 280
    assert levels[:20].max() > 3000
