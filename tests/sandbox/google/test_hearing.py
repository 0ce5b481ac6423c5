"""StreamingRecognize at the wire, as the official client sees it."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest
from google.api_core import exceptions
from google.cloud import speech_v1 as cloud

from sandbox import voice
from sandbox.ear import Heard
from sandbox.ears import EarProcess
from sandbox.google.hearing import Limits
from sandbox.words import for_voice

Request = cloud.StreamingRecognizeRequest
MULAW, LINEAR16 = cloud.RecognitionConfig.AudioEncoding.MULAW, cloud.RecognitionConfig.AudioEncoding.LINEAR16
EVENTS = cloud.StreamingRecognizeResponse.SpeechEventType


def config(streaming: dict[str, Any] | None = None, **more: Any) -> Any:
    given = {"encoding": MULAW, "sample_rate_hertz": 8000, "language_code": "en-US", "model": "telephony", "enable_automatic_punctuation": True}
    return Request(
        streaming_config=cloud.StreamingRecognitionConfig(
            config=cloud.RecognitionConfig(**(given | more)), **({"interim_results": True} | (streaming or {}))
        )
    )


def sound(loud_ms: int, quiet_ms: int, rate: int = 8000) -> np.ndarray:
    moments = np.arange(rate * loud_ms // 1000)
    tone = (8000 * np.sin(moments * 2 * np.pi * 300 / rate)).astype(np.int16)
    return np.concatenate([tone, np.zeros(rate * quiet_ms // 1000, np.int16)])


def pieces(samples: np.ndarray, *, mulaw: bool = True) -> list[Any]:
    data = voice.mulaw_encode(samples) if mulaw else samples.astype("<i2").tobytes()
    return [Request(audio_content=data[start : start + 800]) for start in range(0, len(data), 800)]


async def recognised(speech, *requests: Any, hold_open: bool = False) -> list[Any]:
    async def send():
        for request in requests:
            yield request
        if hold_open:
            await asyncio.sleep(30)

    stream = await speech.streaming_recognize(requests=send(), retry=None, timeout=20)
    return [response async for response in stream]


def finals(responses: list[Any]) -> list[Any]:
    return [result for response in responses for result in response.results if result.is_final]


async def test_interims_grow_and_finals_follow_silence(speech, ears):
    ears.will_hear = [Heard("Hello, flowers.", 0.9), Heard("How can I help?", 0.8)]
    responses = await recognised(speech, config(), *pieces(np.concatenate([sound(800, 500), sound(600, 500)])))
    interims = [response.results for response in responses if response.results and not response.results[0].is_final]
    assert interims and all(result.alternatives[0].confidence == 0 for results in interims for result in results)
    assert any(len(results) == 2 and results[0].stability > results[1].stability > 0 for results in interims), "a stable head, an unstable tail"
    texts = ["".join(result.alternatives[0].transcript for result in results) for results in interims]
    assert "Hello, flowers." in texts
    first, second = finals(responses)
    assert first.alternatives[0].transcript == "Hello, flowers." and first.alternatives[0].confidence == pytest.approx(0.9)
    assert second.alternatives[0].transcript == " How can I help?"
    assert first.result_end_time.total_seconds() == pytest.approx(0.8, abs=0.05)
    assert second.result_end_time.total_seconds() == pytest.approx(1.9, abs=0.05), "counted from the start of the stream"
    assert responses[-1].total_billed_time.total_seconds() == 3
    assert ears.made[0].closed


async def test_closing_the_sending_side_drains_what_was_being_said(speech, ears):
    ears.will_hear = [Heard("Goodbye.", 0.9)]
    responses = await recognised(speech, config(), *pieces(sound(700, 100)))
    assert [final.alternatives[0].transcript for final in finals(responses)] == ["Goodbye."]


async def test_silence_brings_nothing(speech, ears):
    responses = await recognised(speech, config(), *pieces(np.zeros(16_000, np.int16)))
    assert not finals(responses) and ears.made[0].fed == []


async def test_what_is_not_understood_is_final_with_little_confidence(speech, ears):
    ears.will_hear = [Heard("", 0.0), Heard("flowers", 0.2)]
    responses = await recognised(speech, config(), *pieces(np.concatenate([sound(500, 500), sound(500, 500)])))
    assert [(final.alternatives[0].transcript.strip(), round(final.alternatives[0].confidence, 1)) for final in finals(responses)] == [
        ("", 0.0),
        ("flowers", 0.2),
    ]


async def test_features_are_only_there_when_configured(speech, ears):
    ears.will_hear = [Heard("Hello, flowers.", 0.9)] * 4
    plain = await recognised(speech, config({"interim_results": False}, enable_automatic_punctuation=False), *pieces(sound(800, 500)))
    assert [final.alternatives[0].transcript for final in finals(plain)] == ["Hello flowers"]
    assert len(plain) == 2 and not any(response.speech_event_type for response in plain)
    noted = await recognised(speech, config({"enable_voice_activity_events": True}), *pieces(sound(800, 500)))
    assert [response.speech_event_type for response in noted if response.speech_event_type] == [
        EVENTS.SPEECH_ACTIVITY_BEGIN,
        EVENTS.SPEECH_ACTIVITY_END,
    ]
    single = await recognised(speech, config({"single_utterance": True}, model="phone_call"), *pieces(np.tile(sound(500, 500), 2)))
    assert len(finals(single)) == 1 and EVENTS.END_OF_SINGLE_UTTERANCE in [response.speech_event_type for response in single]


async def test_telephones_hear_people_and_microphones_hear_users(speech, ears, state):
    state.expected.callee.add("A typed answer.")
    state.expected.user.add("A typed wish.")
    await recognised(speech, config(), *pieces(sound(0, 100)))
    await recognised(speech, config(encoding=LINEAR16, sample_rate_hertz=16_000, model="latest_long"), *pieces(sound(0, 100, 16_000), mulaw=False))
    telephone, microphone = [ear.sentences for ear in ears.made]
    assert "Hello, flowers." in telephone and "A typed answer." in telephone and "A typed wish." not in telephone
    assert "A typed wish." in microphone and "Order Krista some flowers." in microphone and "Hello, flowers." not in microphone


# --- what is refused ---


@pytest.mark.parametrize(
    "wrong",
    [
        config(sample_rate_hertz=16_000),
        config(encoding=LINEAR16, sample_rate_hertz=8000),
        config(language_code=""),
        config(language_code="ja-JP"),
        config(model="psychic"),
        config({"single_utterance": True}),
        config(speech_contexts=[{"phrases": ["x" * 101]}]),
        Request(audio_content=b"\xff" * 160),
    ],
)
async def test_a_wrong_beginning_is_refused(speech, wrong):
    with pytest.raises(exceptions.InvalidArgument):
        await recognised(speech, wrong, hold_open=True)


@pytest.mark.parametrize("second", [config(), Request(), Request(audio_content=b"\xff" * 25_601)])
async def test_after_the_configuration_comes_audio_in_small_pieces(speech, second):
    with pytest.raises(exceptions.InvalidArgument):
        await recognised(speech, config(), second, hold_open=True)


class TestShortLimits:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(stream_s=0.6, idle_s=0.3)

    async def test_a_stream_without_requests_is_ended(self, speech):
        with pytest.raises(exceptions.Aborted, match="no more client requests"):
            await recognised(speech, config(), hold_open=True)

    async def test_a_stream_that_lasts_too_long_is_ended(self, speech):
        async def send():
            yield config()
            while True:
                yield Request(audio_content=b"\xff" * 160)
                await asyncio.sleep(0.02)

        async def ended():
            stream = await speech.streaming_recognize(requests=send(), retry=None, timeout=20)
            with pytest.raises(exceptions.GoogleAPICallError) as error:
                async for _ in stream:
                    pass
            return error.value

        # Where the end comes in the middle of a write, gRPC's client tells of its write instead.
        errors = [await ended()]
        while isinstance(errors[-1], exceptions.InternalServerError) and len(errors) < 5:
            errors.append(await ended())
        assert isinstance(errors[-1], exceptions.OutOfRange) and "305 seconds" in str(errors[-1])


# --- what goes wrong ---


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("unavailable", exceptions.ServiceUnavailable),
        ("too_long", exceptions.OutOfRange),
        ("idle", exceptions.Aborted),
    ],
)
async def test_faults_reach_the_client(speech, ears, state, mode, error):
    ears.will_hear = [Heard("Hello, flowers.", 0.9)] * 2
    state.faults.set("google.hear", {"mode": mode, "after_ms": 1300})  # after the last: a write that meets a refusal hides it
    with pytest.raises(error):
        await recognised(speech, config(), *pieces(sound(800, 500)), hold_open=True)
    assert finals(await recognised(speech, config(), *pieces(sound(800, 500))))


async def test_the_quota_may_be_used_up(speech, state):
    state.faults.set("google.hear", {"mode": "exhausted"})
    with pytest.raises(exceptions.ResourceExhausted):
        await recognised(speech, config(), hold_open=True)


async def test_a_final_may_never_come(speech, ears, state):
    ears.will_hear = [Heard("Hello, flowers.", 0.9)]
    state.faults.set("google.hear", {"mode": "no_final"})
    responses = await recognised(speech, config(), *pieces(sound(800, 500)))
    assert any(response.results for response in responses) and not finals(responses)


async def test_a_broken_ear_is_an_outage(speech, ears):
    ears.broken, ears.will_hear = True, [Heard("x", 0.9)]
    with pytest.raises(exceptions.ServiceUnavailable):
        await recognised(speech, config(), *pieces(sound(100, 0)), hold_open=True)
    assert ears.made[0].closed


class TestRealEar:
    @pytest.fixture
    async def ears(self):
        process = EarProcess()
        yield process
        await process.close()

    async def test_it_understands_what_it_expects(self, speech, state):
        state.expected.callee.add("We have roses for forty five dollars.")
        said = voice.say(for_voice("We have roses for forty five dollars."))
        telephone = finals(await recognised(speech, config(), *pieces(np.concatenate([said, np.zeros(4000, np.int16)]))))
        assert [final.alternatives[0].transcript for final in telephone] == ["We have roses for forty five dollars."]
        asked = np.concatenate([voice.say("Order Krista some flowers.", sample_rate=16_000), np.zeros(8000, np.int16)])
        microphone = config(encoding=LINEAR16, sample_rate_hertz=16_000, model="latest_long")
        (wish,) = finals(await recognised(speech, microphone, *pieces(asked, mulaw=False)))
        assert wish.alternatives[0].transcript == "Order Krista some flowers." and wish.alternatives[0].confidence > 0.5
