"""Speech and Realtime at the wire, as the official client sees them."""

from __future__ import annotations

import base64
from typing import Any

import openai
import pytest

TEXT = "Good morning, I'd like to order some flowers."
VOICE: Any = {"type": "realtime", "audio": {"input": {"turn_detection": None}, "output": {"format": {"type": "audio/pcmu"}, "voice": "marin"}}}


def reading(text: str = TEXT) -> Any:
    message = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    return {"conversation": "none", "output_modalities": ["audio"], "instructions": "Read aloud.", "input": [message]}


async def spoken(client, **more) -> list[bytes]:
    request = {"model": "gpt-4o-mini-tts", "voice": "marin", "input": TEXT, "response_format": "pcm"} | more
    async with client.audio.speech.with_streaming_response.create(**request) as response:
        return [chunk async for chunk in response.iter_bytes()]


async def test_samples_come_at_24_khz_in_pieces(client, state):
    chunks = await spoken(client)
    seconds = sum(map(len, chunks)) / 48_000
    assert len(chunks) > 3 and 1.5 < seconds < 6
    assert state.expected.floyd.all() == (TEXT,), "callees must know what they are about to hear"


async def test_a_wav_file_says_its_rate(client):
    data = b"".join(await spoken(client, response_format="wav"))
    assert data[:4] == b"RIFF" and int.from_bytes(data[24:28], "little") == 24_000


async def test_speed_shortens(client):
    slow, fast = [sum(map(len, await spoken(client, speed=speed))) for speed in (1.0, 2.0)]
    assert fast < 0.75 * slow


@pytest.mark.parametrize(
    "more", [{"response_format": "mp3"}, {"voice": "frank"}, {"input": "x" * 4097}, {"input": " "}, {"speed": 9}, {"extra_body": {"pitch": 1}}]
)
async def test_what_it_cannot_do_is_refused(client, more):
    with pytest.raises(openai.BadRequestError):
        await spoken(client, **more)


async def test_an_odd_number_of_bytes_loses_no_sound(client, state):
    whole = b"".join(await spoken(client))
    state.faults.set("openai.speech", {"mode": "odd_bytes"})
    assert b"".join(await spoken(client)) == whole


@pytest.mark.parametrize(("mode", "error"), [("500", openai.InternalServerError), ("429", openai.RateLimitError), ("cut", Exception)])
async def test_speech_can_fail(client, state, mode, error):
    state.faults.set("openai.speech", {"mode": mode})
    with pytest.raises(error):
        await spoken(client)


# --- Realtime as a voice ---


async def events_of_reading(connection, text: str = TEXT) -> list[Any]:
    await connection.response.create(response=reading(text))
    events = []
    async for event in connection:
        events.append(event)
        if event.type in {"response.done", "error"}:
            break
    return events


async def test_a_session_reads_text_as_mulaw(client):
    async with client.realtime.connect(model="gpt-realtime-2.1-mini") as connection:
        assert (await connection.recv()).type == "session.created"
        await connection.session.update(session=VOICE)
        updated = await connection.recv()
        assert updated.type == "session.updated" and updated.session.audio.output.format.type == "audio/pcmu"
        for _ in range(2):
            events = await events_of_reading(connection)
            kinds = list(dict.fromkeys(event.type for event in events))
            assert kinds == [
                "response.created",
                "response.output_item.added",
                "response.content_part.added",
                "response.output_audio_transcript.delta",
                "response.output_audio.delta",
                "response.output_audio.done",
                "response.output_audio_transcript.done",
                "response.content_part.done",
                "response.output_item.done",
                "response.done",
            ]
            audio = b"".join(base64.b64decode(event.delta) for event in events if event.type == "response.output_audio.delta")
            assert 1.5 < len(audio) / 8000 < 6
            assert "".join(event.delta for event in events if event.type == "response.output_audio_transcript.delta") == TEXT
            assert events[-1].response.status == "completed"
            assert len({event.event_id for event in events}) == len(events)


async def test_errors_are_events_and_the_session_goes_on(client):
    async with client.realtime.connect(model="gpt-realtime-2.1") as connection:
        await connection.recv()
        for wrong in (
            {"type": "session.update", "session": {"audio": {}}},
            {"type": "session.update", "session": {"type": "realtime", "voice": "marin"}},
            {"type": "response.create", "response": {**reading(), "output_modalities": ["text"]}},
            {"type": "response.create", "response": {"input": []}},
            {"type": "response.cancel"},
            {"type": "conversation.item.dance"},
        ):
            await connection.send(wrong)
            assert (await connection.recv()).type == "error", wrong
        assert (await events_of_reading(connection))[-1].type == "response.done"


async def test_a_reading_can_be_cancelled(client, state):
    async with client.realtime.connect(model="gpt-realtime-2.1") as connection:
        await connection.recv()
        state.faults.set("openai.realtime", {"mode": "stall"})
        await connection.response.create(response=reading())
        while (await connection.recv()).type != "response.output_audio.delta":
            pass
        await connection.response.cancel()
        async for event in connection:
            if event.type == "response.done":
                assert event.response.status == "cancelled"
                break


async def test_an_unknown_model_is_told_and_the_session_closed(client):
    async with client.realtime.connect(model="gpt-99") as connection:
        event = await connection.recv()
        assert event.type == "error" and event.error.code == "model_not_found"


async def test_a_model_that_paraphrases_says_so_in_its_transcript(client, state):
    state.faults.set("openai.realtime", {"mode": "paraphrase"})
    async with client.realtime.connect(model="gpt-realtime-2.1") as connection:
        await connection.recv()
        events = await events_of_reading(connection)
        transcript = next(event.transcript for event in events if event.type == "response.output_audio_transcript.done")
        assert transcript != TEXT and transcript.endswith(TEXT)


async def test_a_response_may_fail(client, state):
    state.faults.set("openai.realtime", {"mode": "error"})
    async with client.realtime.connect(model="gpt-realtime-2.1") as connection:
        await connection.recv()
        assert (await events_of_reading(connection))[-1].type == "error"
        assert (await connection.recv()).response.status == "failed"
