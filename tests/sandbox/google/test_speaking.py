"""Text-to-Speech at the wire, as the official client sees it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import texttospeech_v1 as cloud

Request = cloud.StreamingSynthesizeRequest
VOICE = {"language_code": "en-US", "name": "en-US-Chirp3-HD-Aoede"}
TEXT = "Good morning, I'd like to order some flowers."


def config(*, voice: dict[str, str] | None = None, encoding: Any = cloud.AudioEncoding.MULAW, rate: int = 8000) -> Any:
    audio = cloud.StreamingAudioConfig(audio_encoding=encoding, sample_rate_hertz=rate)
    return Request(
        streaming_config=cloud.StreamingSynthesizeConfig(voice=cloud.VoiceSelectionParams(**(voice or VOICE)), streaming_audio_config=audio)
    )


def said(text: str) -> Any:
    return Request(input=cloud.StreamingSynthesisInput(text=text))


async def spoken(voices, *requests: Any) -> list[bytes]:
    async def send():
        for request in requests:
            yield request

    stream = await voices.streaming_synthesize(requests=send(), retry=None, timeout=10)
    return [response.audio_content async for response in stream]


async def test_mulaw_comes_in_pieces_of_100_ms(voices, state):
    pieces = await spoken(voices, config(), said(TEXT))
    assert {len(piece) for piece in pieces[:-1]} == {800} and 1.5 < sum(map(len, pieces)) / 8000 < 6
    assert not pieces[0].startswith(b"RIFF")
    assert state.expected.floyd.all() == (TEXT,), "callees must know what they are about to hear"


async def test_samples_come_at_24_khz(voices):
    pieces = await spoken(voices, config(encoding=cloud.AudioEncoding.PCM, rate=24_000), said(TEXT))
    assert 1.5 < sum(map(len, pieces)) / 48_000 < 6


async def test_a_sentence_is_spoken_before_the_next_is_written(voices):
    heard = asyncio.Event()

    async def send():
        yield config()
        yield said("Good mor")
        yield said("ning. I'd like")
        await heard.wait()
        yield said(" flowers.")

    stream = await voices.streaming_synthesize(requests=send(), retry=None, timeout=10)
    count = 0
    async for _ in stream:
        heard.set()
        count += 1
    assert count > 5


@pytest.mark.parametrize(
    "requests",
    [
        [said(TEXT)],
        [config(), config()],
        [config(), Request(input=cloud.StreamingSynthesisInput(markup="x"))],
        [config(), said("x" * 5001)],
        [config(rate=16_000)],
        [config(voice={"language_code": "en-US", "name": "en-US-Chirp3-HD-Nobody"})],
        [config(voice={"language_code": "en-GB", "name": "en-US-Chirp3-HD-Aoede"})],
        [config(voice={"language_code": "en-US"})],
    ],
)
async def test_what_it_cannot_do_is_refused(voices, requests):
    with pytest.raises(exceptions.InvalidArgument):
        await spoken(voices, *requests)


async def test_faults_reach_the_client(voices, state):
    state.faults.set("google.speak", {"mode": "exhausted"})
    with pytest.raises(exceptions.ResourceExhausted):
        await spoken(voices, config())
    state.faults.set("google.speak", {"mode": "unavailable"})
    with pytest.raises(exceptions.ServiceUnavailable):
        await spoken(voices, config(), said(TEXT))
    state.faults.set("google.speak", {"mode": "cut"})
    assert len(await spoken(voices, config(), said(TEXT))) == 2


async def test_whole_texts_come_as_files(voices):
    async def made(encoding: Any, rate: int) -> bytes:
        audio = cloud.AudioConfig(audio_encoding=encoding, sample_rate_hertz=rate)
        answer = await voices.synthesize_speech(input=cloud.SynthesisInput(text=TEXT), voice=cloud.VoiceSelectionParams(**VOICE), audio_config=audio)
        return answer.audio_content

    encodings = cloud.AudioEncoding
    file, bare = await made(encodings.LINEAR16, 24_000), await made(encodings.PCM, 24_000)
    assert file[:4] == b"RIFF" and file[44:] == bare
    mulaw = await made(encodings.MULAW, 8000)
    assert mulaw[20] == 7 and 1.5 < (len(mulaw) - 44) / 8000 < 6
    with pytest.raises(exceptions.InvalidArgument):
        await made(encodings.MP3, 24_000)


async def test_voices_are_listed_by_language(voices):
    listed = (await voices.list_voices(language_code="en-GB")).voices
    assert listed and all(one.name.startswith("en-GB-Chirp3-HD-") for one in listed)
    assert len((await voices.list_voices()).voices) > len(listed)
