"""The stand-in for Google's services on a free port, with ears that need no recogniser, and the official clients pointed at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from google.cloud.speech_v1 import SpeechAsyncClient
from google.cloud.speech_v1.services.speech.transports import SpeechGrpcAsyncIOTransport
from google.cloud.texttospeech_v1 import TextToSpeechAsyncClient
from google.cloud.texttospeech_v1.services.text_to_speech.transports import TextToSpeechGrpcAsyncIOTransport

from sandbox.ear import Heard
from sandbox.google.hearing import Limits
from sandbox.google.server import start
from sandbox.people import PersonSpec, Say
from sandbox.people.spec import State
from sandbox.settings import Pace, Settings
from sandbox.state import SandboxState

FLORIST = PersonSpec("+15195550117", "Sweet Violet's", {"first": State("first", (Say("Hello, flowers."),))}, "first")


@dataclass
class FakeEar:
    """Hears the words it is told to, one more with each piece of sound."""

    will_hear: list[Heard]
    sentences: tuple[str, ...]
    fed: list[int] = field(default_factory=list)
    broken: bool = False
    closed: bool = False

    async def begin(self) -> None:
        self.fed.append(0)

    async def feed(self, sound: bytes) -> str:
        if self.broken:
            from sandbox.ears import EarError

            raise EarError("gone")
        self.fed[-1] += len(sound)
        return " ".join(self.will_hear[0].text.split()[: self.fed[-1] // 1600])

    feed_mulaw = feed

    async def final(self) -> Heard:
        return self.will_hear.pop(0)

    async def close(self) -> None:
        self.closed = True


class FakeEars:
    """Makes them."""

    def __init__(self) -> None:
        self.will_hear: list[Heard] = []
        self.made: list[FakeEar] = []
        self.broken = False

    def ear(self, sentences: Any = (), *, also: Any = None) -> FakeEar:
        self.made.append(FakeEar(self.will_hear, (*sentences, *also.all()), broken=self.broken))
        return self.made[-1]


@pytest.fixture
def state() -> SandboxState:
    return SandboxState(Settings(pace=Pace(first_audio_ms=5, audio_speed=500)), {FLORIST.number: FLORIST})


@pytest.fixture
def ears() -> FakeEars:
    return FakeEars()


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
async def channel(state: SandboxState, ears: FakeEars, limits: Limits) -> AsyncIterator[grpc.aio.Channel]:
    server = await start(0, state, ears, limits=limits)  # type: ignore[arg-type]
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as opened:
        yield opened
    await server.stop(0)


@pytest.fixture
def speech(channel: grpc.aio.Channel) -> SpeechAsyncClient:
    return SpeechAsyncClient(transport=SpeechGrpcAsyncIOTransport(channel=channel))


@pytest.fixture
def voices(channel: grpc.aio.Channel) -> TextToSpeechAsyncClient:
    return TextToSpeechAsyncClient(transport=TextToSpeechGrpcAsyncIOTransport(channel=channel))
