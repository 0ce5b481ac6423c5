"""The providers and the sandbox's stand-ins understand each other: real sound out of one, real words out of the other."""

import asyncio
from contextlib import aclosing
from types import SimpleNamespace

import pytest

from providers import (
    google_speech,
    google_speech_v2,
    google_voice,
    openai_chat,
    openai_realtime,
    openai_realtime_voice,
    openai_responses,
    openai_speech,
)
from providers.talker import ReplyOver, ReplySound, ReplyTool, ReplyWords, Understood, VoiceBegan, VoiceEnded
from providers.types import Encoding, ReplyDone, TextPiece
from sandbox.people import load
from sandbox.program import sandbox
from sandbox.settings import Pace, Settings

SENTENCE = "Hello, Brock Road School."


@pytest.fixture
async def settings_of_sandbox():
    pace = Pace(first_token_ms=5, tokens_per_second=5000, first_audio_ms=5, audio_speed=200)
    async with sandbox(Settings(http_port=0, grpc_port=0, smtp_port=0, imap_port=0, pace=pace), load(())) as running:
        yield SimpleNamespace(
            GOOGLE_SPEECH_ENDPOINT=f"127.0.0.1:{running.grpc_port}",
            GOOGLE_SPEECH_MODEL="telephony",
            GOOGLE_MICROPHONE_MODEL="latest_long",
            GOOGLE_SPEECH_RECOGNIZER="projects/sandbox/locations/global/recognizers/_",
            GOOGLE_VOICE="en-US-Chirp3-HD-Aoede",
            CALL_LANGUAGES={},
            OPENAI_API_KEY="sk-sandbox",
            OPENAI_BASE_URL=f"http://127.0.0.1:{running.http_port}/v1",
            OPENAI_CALL_MODEL="gpt-6-luna",
            OPENAI_CALL_REASONING="",
            OPENAI_SERVICE_TIER="priority",
            OPENAI_SPEECH_MODEL="gpt-4o-mini-tts",
            OPENAI_REALTIME_MODEL="gpt-realtime-2.1-mini",
            OPENAI_TRANSCRIPTION_MODEL="gpt-live-transcribe",
            OPENAI_VOICE="marin",
            REALTIME_TURN_DETECTION="server_vad",
        )


async def spoken(speaker, text=SENTENCE):
    try:
        await speaker.warm()
        async with aclosing(speaker.speak(text, language="en-US")) as chunks:
            return b"".join([chunk async for chunk in chunks])
    finally:
        await speaker.close()


@pytest.mark.parametrize("module", [google_voice, openai_speech, openai_realtime_voice])
async def test_every_voice_says_a_sentence_of_a_sensible_length(settings_of_sandbox, module):
    audio = await spoken(module.make_speaker(settings_of_sandbox))
    assert 1.0 < len(audio) / 8000 < 4.0
    assert len(set(audio)) > 50


@pytest.mark.parametrize("module", [google_speech, google_speech_v2])
async def test_what_one_provider_says_the_other_hears(settings_of_sandbox, monkeypatch, module):
    monkeypatch.setattr(google_speech, "DRAIN_S", 60.0)  # the ear of the sandbox may have to wait for a processor
    audio = await spoken(google_voice.make_speaker(settings_of_sandbox))
    recognizer = module.make_recognizer(settings_of_sandbox)
    await recognizer.warm()
    stream = await recognizer.open(encoding=Encoding.MULAW_8K, language="en-US", hints=["Brock Road School"])
    sound = b"\xff" * 4000 + audio + b"\xff" * 12_000
    for at in range(0, len(sound), 160):
        stream.feed(sound[at : at + 160])
    await stream.finish()
    async with asyncio.timeout(90):
        results = [recognition async for recognition in stream]
    await recognizer.close()
    finals = [result.text.lower() for result in results if result.is_final]
    assert any("brock road school" in text for text in finals)
    assert any(not result.is_final for result in results)


@pytest.mark.parametrize("module", [openai_chat, openai_responses])
async def test_the_model_answers_in_words(settings_of_sandbox, module):
    thinker = module.make_thinker(settings_of_sandbox)
    await thinker.warm()
    async with aclosing(thinker.reply(messages=[{"role": "user", "content": "Hello."}], tools=[])) as reply:
        parts = [part async for part in reply]
    await thinker.close()
    assert isinstance(parts[-1], ReplyDone)
    assert parts[-1].usage.prompt_tokens > 0
    assert any(isinstance(part, TextPiece) for part in parts)


async def until(session, kind, seen):
    async with asyncio.timeout(90):
        async for event in session:
            seen.append(event)
            if isinstance(event, kind):
                return event
    raise AssertionError("the session ended")


@pytest.mark.parametrize("model", ["gpt-live-transcribe", "gpt-realtime-whisper", "whisper-1"])
async def test_a_session_asks_of_each_transcribing_model_what_it_takes(settings_of_sandbox, model):
    settings_of_sandbox.OPENAI_TRANSCRIPTION_MODEL = model
    talker = openai_realtime.make_talker(settings_of_sandbox)
    session = await talker.open(language="en-US", hints=["Brock Road School"])
    session.switch("fr-CA")
    session.reply("r1")
    assert (await until(session, ReplyOver, [])).reply == "r1", "nothing was refused"
    await session.close()
    await talker.close()


@pytest.mark.parametrize("detection", ["server_vad", "semantic_vad"])
async def test_a_model_hears_answers_in_sound_and_learns_what_was_not_heard(settings_of_sandbox, detection):
    settings_of_sandbox.REALTIME_TURN_DETECTION = detection
    audio = await spoken(google_voice.make_speaker(settings_of_sandbox))
    talker = openai_realtime.make_talker(settings_of_sandbox)
    session = await talker.open(language="en-US", hints=["Brock Road School"])
    seen = []
    tools = [{"type": "function", "function": {"name": "end_call", "description": "Ends it.", "parameters": {"type": "object"}}}]
    brief = '{"user_name": "Tom Redmond", "kind": "inform", "opening_line": "Mara is ill today.", "facts": []}'
    session.configure(instructions=f"Rules.\n\nBRIEF\n{brief}", tools=tools)
    session.was_said("Hi, this is Floyd, an AI assistant.")
    for at in range(0, len(audio) + 12_000, 160):
        session.feed((audio + b"\xff" * 12_000)[at : at + 160])
    heard = await until(session, Understood, seen)
    assert "Brock Road School" in heard.text
    began, ended = (next(event for event in seen if isinstance(event, kind)) for kind in (VoiceBegan, VoiceEnded))
    assert began.utterance == ended.utterance == heard.utterance and began.at_ms < ended.at_ms
    session.reply("r1")
    over = await until(session, ReplyOver, seen)
    assert (over.reply, over.failed) == ("r1", False) and over.usage.audio_completion_tokens > 0
    words = [event for event in seen if isinstance(event, ReplyWords)]
    sound_ms = sum(len(event.audio) for event in seen if isinstance(event, ReplySound)) // 8
    assert "".join(event.text for event in words) == "Mara is ill today." and sound_ms > 500
    session.cancel()  # too late, which is no failure
    session.truncate(words[0].item, sound_ms // 2)
    session.note('{"user_says": "Ask when school is over."}')
    session.reply("r2")
    assert (await until(session, ReplyOver, seen)).reply == "r2"
    assert not any(isinstance(event, ReplyTool) for event in seen)
    session.switch("fr-CA")
    session.was_heard('{"callee": "Bonjour."}')
    for at in range(0, len(audio) + 12_000, 160):
        session.feed((audio + b"\xff" * 12_000)[at : at + 160])
    guessed = (await until(session, Understood, seen)).text
    assert guessed and guessed != heard.text and guessed == guessed.lower(), "from here on it expects French"
    await session.close()
    await session.close()
    await talker.close()
