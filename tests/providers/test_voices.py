"""Speaking at the wire, with the official clients."""

import asyncio
import base64
import json
import os
from contextlib import aclosing

import grpc
import numpy as np
import pytest
from aiohttp import web
from google.cloud.texttospeech_v1.types import cloud_tts as tts

from context.choices import Voice
from providers import google_voice, mulaw, openai_realtime_voice, openai_speech
from providers.openai_realtime_voice import words
from providers.phrases import Phrases
from providers.types import ProviderError
from providers.voices import VOICES
from providers.voices import google_voice as google_name
from providers.voices import openai_voice as openai_name
from tests.providers.openai_server import refusal


async def say(speaker, text="Hello there."):
    try:
        async with aclosing(speaker.speak(text, language="en-US")) as chunks:
            return [chunk async for chunk in chunks]
    finally:
        await speaker.close()


# --- Google ---


async def test_google_is_asked_for_what_the_carrier_plays(google, google_settings):
    asked = []

    async def speak(config, text, context):
        asked.append((config, text))
        yield b"\x7f" * 800
        yield b"\x55" * 80

    google.speak = speak
    assert b"".join(await say(google_voice.make_speaker(google_settings))) == b"\x7f" * 800 + b"\x55" * 80
    config, text = asked[0]
    assert text == "Hello there."
    assert (config.voice.name, config.voice.language_code) == ("en-US-Chirp3-HD-Aoede", "en-US")
    assert (config.streaming_audio_config.audio_encoding, config.streaming_audio_config.sample_rate_hertz) == (tts.AudioEncoding.MULAW, 8000)


async def test_a_file_header_is_not_played(google, google_settings):
    async def speak(config, text, context):
        yield b"RIFF" + b"h" * 40 + b"\x7f" * 160

    google.speak = speak
    assert await say(google_voice.make_speaker(google_settings)) == [b"\x7f" * 160]


@pytest.mark.parametrize(("status", "permanent"), [(grpc.StatusCode.INVALID_ARGUMENT, True), (grpc.StatusCode.UNAVAILABLE, False)])
async def test_google_errors_say_whether_another_try_helps(google, google_settings, status, permanent):
    async def speak(config, text, context):
        await context.abort(status, "Hello there.")
        yield

    google.speak = speak
    with pytest.raises(ProviderError) as failure:
        await say(google_voice.make_speaker(google_settings))
    assert failure.value.permanent is permanent
    assert "Hello" not in str(failure.value)


async def test_a_voice_that_hangs_is_a_failure(google, google_settings, monkeypatch):
    monkeypatch.setattr(google_voice, "FIRST_AUDIO_S", 0.05)

    async def speak(config, text, context):
        await asyncio.sleep(60)
        yield b""

    google.speak = speak
    with pytest.raises(ProviderError, match="nothing came"):
        await say(google_voice.make_speaker(google_settings))


async def test_silence_instead_of_speech_is_a_failure(google, google_settings):
    async def speak(config, text, context):
        return
        yield

    google.speak = speak
    with pytest.raises(ProviderError, match="no audio"):
        await say(google_voice.make_speaker(google_settings))


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en-US", ("en-US-Chirp3-HD-Kore", "en-US")),
        ("fr-CA", ("fr-CA-Chirp3-HD-Kore", "fr-CA")),
        ("en-CA", ("en-US-Chirp3-HD-Kore", "en-US")),
        ("cy-GB", ("en-US-Chirp3-HD-Aoede", "en-US")),
    ],
)
async def test_google_speaks_in_the_chosen_voice_where_the_language_has_it(google, google_settings, language, asked):
    configs = []

    async def speak(config, text, context):
        configs.append((config.voice.name, config.voice.language_code))
        yield b"\x7f" * 80

    google.speak = speak
    usual = google_voice.make_speaker(google_settings)
    chosen = usual.in_voice("kore")
    assert [chunk async for chunk in chosen.speak("Hello.", language=language)] == [b"\x7f" * 80]
    assert configs == [asked]
    assert chosen.voice != usual.voice == usual.in_voice("").voice == usual.in_voice("nobody").voice
    await usual.close()


async def test_a_chosen_voice_that_google_does_not_have_is_replaced_by_the_usual_one(google, google_settings):
    names = []

    async def speak(config, text, context):
        names.append(config.voice.name)
        if "Puck" in config.voice.name:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "does not exist")
        yield b"\x7f" * 80

    google.speak = speak
    usual = google_voice.make_speaker(google_settings)
    for _ in range(2):
        assert [chunk async for chunk in usual.in_voice("puck").speak("Hello.", language="en-US")] == [b"\x7f" * 80]
    assert names == ["en-US-Chirp3-HD-Puck", "en-US-Chirp3-HD-Aoede", "en-US-Chirp3-HD-Aoede"], "it is asked for once"
    await usual.close()


async def test_a_google_that_refuses_everything_is_not_taken_for_a_voice_that_is_missing(google, google_settings):
    refuses, names = [True], []

    async def speak(config, text, context):
        names.append(config.voice.name)
        if refuses[0]:
            await context.abort(grpc.StatusCode.PERMISSION_DENIED, "billing")
        yield b"\x7f" * 80

    google.speak = speak
    chosen = google_voice.make_speaker(google_settings).in_voice("puck")
    with pytest.raises(ProviderError):
        [chunk async for chunk in chosen.speak("Hello.", language="en-US")]
    refuses[0] = False
    await say(chosen)
    assert names[-1] == "en-US-Chirp3-HD-Puck"


# --- OpenAI's speech endpoint ---


async def test_openai_speaks_in_the_chosen_voice(openai_api, openai_settings):
    openai_api.speech = lambda body: [tone(2400)]
    usual = openai_speech.make_speaker(openai_settings)
    assert usual.in_voice("").voice == usual.voice != usual.in_voice("charon").voice
    await say(usual.in_voice("charon"))
    assert openai_api.bodies[0]["voice"] == "cedar"


def tone(samples):
    return (8000 * np.sin(2 * np.pi * 440 * np.arange(samples) / 24_000)).astype("<i2").tobytes()


async def test_chunks_that_split_samples_are_heard_whole(openai_api, openai_settings):
    pcm = tone(24_000)
    openai_api.speech = lambda body: [pcm[:4801], pcm[4801:4802], pcm[4802:]]
    audio = b"".join(await say(openai_speech.make_speaker(openai_settings)))
    assert abs(len(audio) - 8000) <= 8
    levels = np.abs(linear(audio))[400:-400]
    assert 7000 < levels.max() < 8700
    body = openai_api.bodies[0]
    assert (body["model"], body["voice"], body["input"], body["response_format"]) == ("speech-model", "marin", "Hello there.", "pcm")


async def test_a_voice_cut_midway_is_a_failure(openai_api, openai_settings):
    openai_api.speech = lambda body: [tone(2400)]
    openai_api.cut = True
    with pytest.raises(ProviderError):
        await say(openai_speech.make_speaker(openai_settings))


async def test_a_retired_model_is_permanent(openai_api, openai_settings):
    openai_api.speech = lambda body: refusal(404, "model_not_found")
    with pytest.raises(ProviderError, match="model_not_found") as failure:
        await say(openai_speech.make_speaker(openai_settings))
    assert failure.value.permanent
    assert "secret words" not in str(failure.value)


# --- OpenAI's realtime as a voice ---


def reader(transcript, *, status="completed", sessions=None):
    """A session that reads `transcript(text)`."""

    async def serve(socket: web.WebSocketResponse):
        if sessions is not None:
            sessions.append(socket)
        await socket.send_json({"type": "session.created", "event_id": "e0", "session": {"type": "realtime"}})
        async for message in socket:
            event = json.loads(message.data)
            if event["type"] != "response.create":
                assert event["session"]["audio"]["output"]["format"] == {"type": "audio/pcmu"}
                continue
            assert event["response"]["conversation"] == "none"
            text = transcript(event["response"]["input"][0]["content"][0]["text"])
            base = {"event_id": "e", "response_id": "r", "item_id": "i", "output_index": 0, "content_index": 0}
            for piece in (text[: len(text) // 2], text[len(text) // 2 :]):
                audio = base64.b64encode(b"\x7f" * 400).decode()
                await socket.send_json({"type": "response.output_audio.delta", **base, "delta": audio})
                await socket.send_json({"type": "response.output_audio_transcript.delta", **base, "delta": piece})
            await socket.send_json({"type": "response.output_audio_transcript.done", **base, "transcript": text})
            await socket.send_json({"type": "response.done", "event_id": "e9", "response": {"object": "realtime.response", "status": status}})

    return serve


async def test_a_session_reads_the_text_and_is_used_again(openai_api, openai_settings):
    sessions = []
    openai_api.realtime = reader(lambda text: text, sessions=sessions)
    speaker = openai_realtime_voice.make_speaker(openai_settings)
    await speaker.warm()
    for text in ("Hello there, how are you?", "Sure."):
        async with aclosing(speaker.speak(text, language="en-US")) as chunks:
            assert b"".join([chunk async for chunk in chunks]) == b"\x7f" * 800
    assert len(sessions) == 1
    assert "OpenAI-Beta" not in openai_api.headers[0]
    await speaker.close()


async def test_each_voice_has_sessions_of_its_own(openai_api, openai_settings):
    sessions = []
    openai_api.realtime = reader(lambda text: text, sessions=sessions)
    speaker = openai_realtime_voice.make_speaker(openai_settings)
    for name in ("", "puck", "puck", ""):
        async with aclosing(speaker.in_voice(name).speak("Sure.", language="en-US")) as chunks:
            assert b"".join([chunk async for chunk in chunks]) == b"\x7f" * 800
    assert len(sessions) == 2
    await speaker.close()


async def test_a_voice_that_answers_instead_of_reading_is_caught(openai_api, openai_settings):
    openai_api.realtime = reader(lambda text: "I am fine, thank you for asking!")
    with pytest.raises(ProviderError, match="something else"):
        await say(openai_realtime_voice.make_speaker(openai_settings), "How are you today?")


async def test_words_added_at_the_end_are_caught(openai_api, openai_settings):
    openai_api.realtime = reader(lambda text: f"{text} Anything else?")
    with pytest.raises(ProviderError, match="something else"):
        await say(openai_realtime_voice.make_speaker(openai_settings), "Goodbye.")


async def test_a_session_that_died_while_idle_is_replaced(openai_api, openai_settings):
    sessions = []
    openai_api.realtime = reader(lambda text: text, sessions=sessions)
    speaker = openai_realtime_voice.make_speaker(openai_settings)
    await speaker.warm()
    await sessions[0].close()
    await asyncio.sleep(0.05)
    assert b"".join(await say(speaker)) == b"\x7f" * 800
    assert len(sessions) == 2


def test_what_counts_as_the_same_words():
    assert words("It’s $80.50, at 9:30!") == words("its $80.50 at 9:30")
    assert words("up to $80") != words("up to $560")


# --- μ-law ---


def linear(audio):
    code = ~np.frombuffer(audio, np.uint8) & 0xFF
    magnitude = (((code & 0x0F).astype(np.int32) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude)


def test_mu_law_is_that_of_the_standard():
    samples = np.array([0, -1, 100, -100, 1000, -1000, 32767, -32768], dtype=np.int16)
    decoded = linear(mulaw.encode(samples))
    assert mulaw.encode(np.zeros(1, np.int16)) == b"\xff"
    assert np.all(np.abs(decoded - samples.astype(np.int32)) <= np.maximum(np.abs(samples.astype(np.int32)) / 16, 8))


# --- phrases ---


class CountingVoice:
    voice = "test:1"

    def __init__(self):
        self.rendered = 0

    def in_voice(self, name):
        other = CountingVoice()
        other.voice = f"test:{name}"
        return other

    async def speak(self, text, *, language):
        self.rendered += 1
        await asyncio.sleep(0.01)
        yield text.encode()


async def test_a_phrase_is_kept_for_each_voice_by_itself(tmp_path):
    phrases = Phrases(CountingVoice(), tmp_path / "cache")
    await phrases.audio("One moment.", language="en-US", voice="kore")
    assert phrases.ready("One moment.", language="en-US", voice="kore")
    assert phrases.ready("One moment.", language="en-US") is None
    assert phrases.ready("One moment.", language="en-US", voice="puck") is None


def test_every_voice_that_can_be_chosen_is_known_to_every_service():
    assert set(Voice.values) == set(VOICES)
    assert all(google_name(name, "de-DE").startswith("de-DE-Chirp3-HD-") and openai_name(name) for name in Voice.values)


async def test_a_phrase_is_rendered_once_even_by_two_calls_at_once(tmp_path):
    speaker = CountingVoice()
    phrases = Phrases(speaker, tmp_path / "cache")
    both = await asyncio.gather(*(phrases.audio("Hi, this is Floyd.", language="en-US") for _ in range(2)))
    assert both == [b"Hi, this is Floyd."] * 2
    assert speaker.rendered == 1
    assert Phrases(speaker, tmp_path / "cache").ready("Hi, this is Floyd.", language="en-US") == b"Hi, this is Floyd."
    assert phrases.ready("Hi, this is Floyd.", language="fr-FR") is None
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


async def test_what_names_somebody_lies_apart_and_can_be_forgotten(tmp_path):
    phrases = Phrases(CountingVoice(), tmp_path)
    for owner in ("user-1", "user-2", ""):
        await phrases.audio("Hi, this is Floyd.", language="en-US", owner=owner)
    assert phrases.owners() == {"user-1", "user-2"}
    phrases.forget("user-1")
    assert phrases.owners() == {"user-2"} and phrases.ready("Hi, this is Floyd.", language="en-US", owner="user-1") is None
    assert phrases.ready("Hi, this is Floyd.", language="en-US") and phrases.ready("Hi, this is Floyd.", language="en-US", owner="user-2")


async def test_what_nobody_used_for_long_goes(tmp_path):
    phrases = Phrases(CountingVoice(), tmp_path)
    for text in ("old", "used"):
        await phrases.audio(text, language="en-US", owner="user-1")
    for path in tmp_path.rglob("*.ulaw"):
        os.utime(path, (0, 0))
    assert Phrases(CountingVoice(), tmp_path).ready("used", language="en-US", owner="user-1")
    phrases.forget_unused(60)
    again = Phrases(CountingVoice(), tmp_path)
    assert again.ready("used", language="en-US", owner="user-1") and again.ready("old", language="en-US", owner="user-1") is None
    phrases.forget_unused(-60)
    assert not (tmp_path / "user-1").exists()


async def test_a_folder_that_cannot_be_written_costs_renderings_only(tmp_path):
    (tmp_path / "file").write_text("")
    phrases = Phrases(CountingVoice(), tmp_path / "file" / "cache")
    assert await phrases.audio("Goodbye.", language="en-US") == b"Goodbye."
