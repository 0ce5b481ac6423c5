"""Hearing at the wire, with the official client."""

import asyncio

import grpc
import pytest
from google.cloud.speech_v1.types import cloud_speech as cs

from providers import audio_feed, google_speech
from providers.audio_feed import AudioFeed
from providers.types import Encoding, ProviderError, Recognition
from tests.providers.google_server import heard, result

LOUD = bytes([0x80, 0x00]) * 80  # 20 ms of full-scale μ-law
SILENCE = b"\xff" * 160


async def listen(settings, audio=(LOUD,) * 50, *, hints=(), encoding=Encoding.MULAW_8K):
    recognizer = google_speech.make_recognizer(settings)
    stream = await recognizer.open(encoding=encoding, language="en-US", hints=hints)
    for frame in audio:
        stream.feed(frame)
    await stream.finish()
    try:
        async with asyncio.timeout(60):
            return [recognition async for recognition in stream], stream
    finally:
        await stream.close()
        await recognizer.close()


async def test_interims_and_finals_arrive_in_order_with_what_the_service_said_of_them(google, google_settings):
    async def hear(number, leg, context):
        async for _ in leg.audio:
            pass
        yield heard("hello", final=False, stability=0.75, second=0.5)
        yield heard(" hello Brock Road", final=True, second=1.25)

    google.hear = hear
    results, _ = await listen(google_settings)
    assert results[0] == Recognition("hello", is_final=False, stability=0.75, end_ms=500)
    assert (results[1].text, results[1].is_final, results[1].end_ms) == ("hello Brock Road", True, 1250)
    assert results[1].confidence == pytest.approx(0.9)


async def test_a_call_is_recognised_as_the_telephone_hears_it(google, google_settings):
    async def hear(number, leg, context):
        async for _ in leg.audio:
            pass
        return
        yield

    google.hear = hear
    await listen(google_settings, hints=["Mara Redmond", " ", "x" * 150])
    config = google.legs[0].config
    assert config.interim_results
    assert (config.config.encoding, config.config.sample_rate_hertz) == (cs.RecognitionConfig.AudioEncoding.MULAW, 8000)
    assert (config.config.model, config.config.language_code, config.config.use_enhanced) == ("telephony", "en-US", False)
    assert list(config.config.speech_contexts[0].phrases) == ["Mara Redmond", "x" * 100]
    assert b"".join(google.legs[0].pieces) == LOUD * 50


async def test_the_microphone_is_linear_at_16_khz(google, google_settings):
    async def hear(number, leg, context):
        async for _ in leg.audio:
            pass
        yield heard("call the school", final=True)

    google.hear = hear
    await listen(google_settings, [b"\1\0" * 320] * 10, encoding=Encoding.LINEAR16_16K)
    config = google.legs[0].config.config
    assert (config.encoding, config.sample_rate_hertz, config.model) == (cs.RecognitionConfig.AudioEncoding.LINEAR16, 16000, "latest_long")


async def test_the_parts_of_an_interim_are_joined(google, google_settings):
    async def hear(number, leg, context):
        parts = [result("we have", final=False, stability=0.9), result(" peonies", final=False, stability=0.01)]
        yield cs.StreamingRecognizeResponse(results=parts)
        yield cs.StreamingRecognizeResponse(speech_event_type=2)
        async for _ in leg.audio:
            pass

    google.hear = hear
    results, _ = await listen(google_settings)
    assert [r.text for r in results] == ["we have peonies"]
    assert results[0].stability == pytest.approx(0.9)


async def test_refused_hints_are_dropped_and_nothing_is_lost_to_the_caller(google, google_settings):
    async def hear(number, leg, context):
        if leg.config.config.speech_contexts:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "Recognizer does not support feature: speech_adaptation_boost")
        async for _ in leg.audio:
            pass
        yield heard("hello", final=True)

    google.hear = hear
    recognizer = google_speech.make_recognizer(google_settings)
    stream = await recognizer.open(encoding=Encoding.MULAW_8K, language="en-US", hints=["Mara"])
    stream.feed(LOUD * 3)
    results = aiter(stream)
    first = asyncio.ensure_future(anext(results))
    while len(google.legs) < 2:
        await asyncio.sleep(0.01)
        stream.feed(LOUD * 3)
    await stream.finish()
    assert (await first).text == "hello"
    assert stream.hints_refused
    await stream.close()
    await recognizer.close()


async def test_a_failure_that_may_pass_reopens_and_keeps_counting_time(google, google_settings):
    async def hear(number, leg, context):
        if number == 1:
            async for _ in leg.audio:
                if len(b"".join(leg.pieces)) >= 8 * 400:
                    await context.abort(grpc.StatusCode.UNAVAILABLE, "going away")
        async for _ in leg.audio:
            pass
        yield heard("still here", final=True, second=0.5)

    google.hear = hear
    recognizer = google_speech.make_recognizer(google_settings)
    stream = await recognizer.open(encoding=Encoding.MULAW_8K, language="en-US")
    for _ in range(21):
        stream.feed(LOUD)  # 420 ms, on which the first stream breaks
    results = aiter(stream)
    first = asyncio.ensure_future(anext(results))
    while not google.legs or len(b"".join(google.legs[0].pieces)) < 8 * 400:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    for _ in range(20):
        stream.feed(LOUD)
    await stream.finish()
    assert (await first).end_ms >= 900, "what the first stream was sent counts"
    await stream.close()
    await recognizer.close()


async def test_a_refused_configuration_is_permanent_and_not_tried_again(google, google_settings):
    async def hear(number, leg, context):
        await context.abort(grpc.StatusCode.PERMISSION_DENIED, "no")
        yield

    google.hear = hear
    with pytest.raises(ProviderError) as failure:
        await listen(google_settings)
    assert failure.value.permanent
    assert len(google.legs) <= 2


async def test_a_dead_service_is_given_up_after_a_few_tries(google_settings, monkeypatch):
    monkeypatch.setattr(google_speech, "REOPEN_AFTER_S", (0.0, 0.01))
    google_settings.GOOGLE_SPEECH_ENDPOINT = "127.0.0.1:1"
    with pytest.raises(ProviderError) as failure:
        await listen(google_settings)
    assert not failure.value.permanent


async def test_a_long_call_changes_streams_before_the_service_ends_it(google, google_settings, monkeypatch):
    monkeypatch.setattr(google_speech, "ROTATE_S", 0.05)

    async def hear(number, leg, context):
        async for _ in leg.audio:
            pass
        yield heard(f"stream {number}", final=True, second=0.1)

    google.hear = hear
    recognizer = google_speech.make_recognizer(google_settings)
    stream = await recognizer.open(encoding=Encoding.MULAW_8K, language="en-US")
    results = []

    async def collect():
        results.extend([recognition async for recognition in stream])

    task = asyncio.ensure_future(collect())
    for _ in range(60):
        stream.feed(LOUD)  # no quiet moment: not even after the due time
    await asyncio.sleep(0.1)
    assert len(google.legs) == 1
    while len(google.legs) < 2:
        stream.feed(SILENCE)
        await asyncio.sleep(0.002)
    await stream.finish()
    await task
    assert [r.text for r in results[:2]] == ["stream 1", "stream 2"]
    assert results[1].end_ms > 1200
    sent = sum(len(b"".join(leg.pieces)) for leg in google.legs)
    assert sent % 160 == 0
    assert stream.dropped_ms == 0
    await recognizer.close()


async def test_closing_ends_the_iteration_at_once(google, google_settings):
    async def hear(number, leg, context):
        yield heard("one", final=False)
        await asyncio.sleep(60)

    google.hear = hear
    recognizer = google_speech.make_recognizer(google_settings)
    stream = await recognizer.open(encoding=Encoding.MULAW_8K, language="en-US")
    stream.feed(LOUD * 3)
    seen = []
    async with asyncio.timeout(30):
        async for recognition in stream:
            seen.append(recognition.text)
            asyncio.get_running_loop().call_later(0.02, lambda: asyncio.ensure_future(stream.close()))
    assert seen == ["one"]
    await stream.close()
    await recognizer.close()


async def test_cancelling_the_reader_is_not_swallowed(google, google_settings):
    async def hear(number, leg, context):
        yield heard("one", final=False)
        await asyncio.sleep(60)

    google.hear = hear
    recognizer = google_speech.make_recognizer(google_settings)
    stream = await recognizer.open(encoding=Encoding.MULAW_8K, language="en-US")
    stream.feed(LOUD * 3)
    begun = asyncio.Event()

    async def read():
        async for _ in stream:
            begun.set()

    task = asyncio.ensure_future(read())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await stream.close()
    await recognizer.close()


async def test_a_service_that_never_ends_a_finished_stream_does_not_hold_us(google, google_settings, monkeypatch):
    monkeypatch.setattr(google_speech, "DRAIN_S", 0.05)

    async def hear(number, leg, context):
        async for _ in leg.audio:
            pass
        yield heard("last words", final=True)
        await asyncio.sleep(60)

    google.hear = hear
    results, _ = await listen(google_settings)
    assert [r.text for r in results] == ["last words"]


def pieces_of(feed, *frames):
    """Lengths in ms of the pieces that these frames make."""
    feed._pieces.clear()
    for frame in frames:
        feed.put(frame)
    return [len(piece.audio) // 8 for piece in feed._pieces]


def test_speech_goes_in_small_pieces_and_silence_in_larger_ones():
    feed = AudioFeed(Encoding.MULAW_8K)
    assert pieces_of(feed, *[LOUD] * 9) == [60, 60, 60]
    assert pieces_of(feed, *[SILENCE] * 20) == [20, *[40] * 9]
    assert pieces_of(feed, *[SILENCE] * 20) == [200, 200]


def test_a_voice_that_falls_silent_is_passed_on_with_the_first_silence():
    feed = AudioFeed(Encoding.MULAW_8K)
    assert pieces_of(feed, LOUD, SILENCE) == [40]


def test_a_voice_that_begins_does_not_wait_for_its_piece_to_be_full():
    feed = AudioFeed(Encoding.MULAW_8K)
    pieces_of(feed, *[SILENCE] * 40)
    assert len(pieces_of(feed, SILENCE, LOUD)) == 1
    assert pieces_of(feed, LOUD) == []


def test_a_stuck_provider_costs_the_oldest_audio_and_it_is_counted():
    feed = AudioFeed(Encoding.MULAW_8K)
    for _ in range(1000):  # 20 s
        feed.put(LOUD)
    kept_ms = sum(len(piece.audio) // 8 for piece in feed._pieces) + len(feed._pending) // 8
    assert feed.dropped_ms + kept_ms == 20_000
    assert audio_feed.MOST_WAITING_MS - 100 <= kept_ms <= audio_feed.MOST_WAITING_MS + 100
    assert feed._pieces[0].start_ms == feed.dropped_ms
