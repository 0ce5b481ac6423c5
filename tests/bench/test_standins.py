"""The stand-ins keep their times, as the official clients see them."""

import asyncio
import base64
import time

import grpc
import pytest
from aiohttp import web
from google.cloud import speech_v1, texttospeech_v1
from google.cloud.speech_v1.services.speech.transports import SpeechGrpcAsyncIOTransport
from google.cloud.texttospeech_v1.services.text_to_speech.transports import TextToSpeechGrpcAsyncIOTransport
from openai import AsyncOpenAI

from bench.clips import SENTENCES, noise, sentence
from bench.playout import Playout
from bench.standins import hearing
from bench.standins.hearing import HearingTimes
from bench.standins.lateness import Lateness
from bench.standins.speaking import Speaking, SpeakingTimes, hum_mulaw
from bench.standins.thinking import REPLIES, Thinking, ThinkingTimes

HTTP_TIMES = ThinkingTimes(first_token_s=0.1, tokens_per_s=200)
# Long enough that a busy machine, which sends a frame late, does not end the sentence in its midst.
HEARING, SPEAKING = HearingTimes(final_s=1.0), SpeakingTimes(first_byte_s=0.1, times_real=40)


@pytest.fixture
async def google():
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((*hearing.handlers(HEARING, Lateness()), Speaking(SPEAKING, Lateness()).handler()))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
    yield channel
    await channel.close()
    await server.stop(0)


@pytest.fixture
async def openai():
    application = web.Application()
    application.add_routes([*Thinking(HTTP_TIMES, Lateness()).routes(), *Speaking(SPEAKING, Lateness()).routes()])
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with AsyncOpenAI(api_key="k", base_url=f"http://127.0.0.1:{runner.addresses[0][1]}/v1") as client:
        yield client
    await runner.cleanup()


async def test_a_sentence_is_heard_word_by_word_and_then_whole(google):
    async def requests():
        config = speech_v1.RecognitionConfig(encoding=speech_v1.RecognitionConfig.AudioEncoding.MULAW, sample_rate_hertz=8000, language_code="en-US")
        yield speech_v1.StreamingRecognizeRequest(streaming_config=speech_v1.StreamingRecognitionConfig(config=config, interim_results=True))
        for frame in (*sentence(0), *noise()[:10]):
            yield speech_v1.StreamingRecognizeRequest(audio_content=base64.b64decode(frame))
            await asyncio.sleep(0.02)
        await asyncio.sleep(1.5)

    client = speech_v1.SpeechAsyncClient(transport=SpeechGrpcAsyncIOTransport(channel=google))
    results = [response.results[0] async for response in await client.streaming_recognize(requests=requests())]
    *interims, final = [result.alternatives[0].transcript for result in results]
    assert results[-1].is_final
    assert not any(result.is_final for result in results[:-1])
    assert final == SENTENCES[0]
    assert all(SENTENCES[0].startswith(text) for text in interims)
    assert len(interims) >= 5


async def test_an_answer_comes_in_words_after_its_first_wait(openai):
    began, first = time.monotonic(), None
    stream = await openai.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hello"}], stream=True)
    text = ""
    async for chunk in stream:
        first = first or time.monotonic()
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
    assert text == REPLIES[1]
    assert first - began >= HTTP_TIMES.first_token_s
    assert time.monotonic() - began >= HTTP_TIMES.first_token_s + (len(text.split()) - 1) / HTTP_TIMES.tokens_per_s


async def test_both_voices_hum_for_as_long_as_the_text_and_are_loud_at_once(openai, google):
    async with openai.audio.speech.with_streaming_response.create(model="m", voice="v", input="x" * 20, response_format="pcm") as response:
        pcm = b"".join([piece async for piece in response.iter_bytes()])

    async def requests():
        yield texttospeech_v1.StreamingSynthesizeRequest(streaming_config=texttospeech_v1.StreamingSynthesizeConfig())
        yield texttospeech_v1.StreamingSynthesizeRequest(input=texttospeech_v1.StreamingSynthesisInput(text="x" * 20))

    client = texttospeech_v1.TextToSpeechAsyncClient(transport=TextToSpeechGrpcAsyncIOTransport(channel=google))
    mulaw = b"".join([response.audio_content async for response in await client.streaming_synthesize(requests=requests())])
    assert (len(pcm), len(mulaw)) == (1.2 * 48_000, 1.2 * 8_000)
    assert Playout().audio(mulaw, 0.0).sound_at == 0.0


def test_the_hum_is_nowhere_silent():
    audio = hum_mulaw()
    assert all(Playout().audio(audio[at : at + 1], 0.0).sound_at is not None for at in range(0, len(audio), 97))
