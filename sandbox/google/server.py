"""One gRPC server for all services. The message types are those of the official clients; handlers are registered by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc
from google.cloud.speech_v1.types import cloud_speech as cs
from google.cloud.speech_v2.types import cloud_speech as cs2
from google.cloud.texttospeech_v1.types import cloud_tts as tts

from sandbox.ears import EarProcess
from sandbox.google.hearing import Hearing, Limits
from sandbox.google.hearing_v2 import HearingV2
from sandbox.google.speaking import Speaking
from sandbox.state import SandboxState

SPEECH = "google.cloud.speech.v1.Speech"
SPEECH_V2 = "google.cloud.speech.v2.Speech"
TEXT_TO_SPEECH = "google.cloud.texttospeech.v1.TextToSpeech"


@dataclass(frozen=True, slots=True)
class SpeechServer:
    """The server that is up.

    Attributes:
        server: of gRPC.
        port: where it listens.
    """

    server: grpc.aio.Server
    port: int

    async def stop(self, grace: float | None = None) -> None:
        """Ends it; what is under way may take `grace` seconds more."""
        await self.server.stop(grace)


async def start(port: int, state: SandboxState, ears: EarProcess, *, limits: Limits | None = None) -> SpeechServer:
    """Starts the services.

    Args:
        port: 0 is any free one.
        ears: where it hears.
        limits: of a recognition; the real service's by default.
    """
    hearing, speaking = Hearing(state, ears, limits or Limits()), Speaking(state)
    hearing_v2 = HearingV2(hearing)
    server = grpc.aio.server()
    server.add_generic_rpc_handlers(
        (
            _service(SPEECH, {"StreamingRecognize": _streams(hearing.recognise, cs.StreamingRecognizeRequest, cs.StreamingRecognizeResponse)}),
            _service(
                SPEECH_V2, {"StreamingRecognize": _streams(hearing_v2.recognise, cs2.StreamingRecognizeRequest, cs2.StreamingRecognizeResponse)}
            ),
            _service(
                TEXT_TO_SPEECH,
                {
                    "StreamingSynthesize": _streams(speaking.stream, tts.StreamingSynthesizeRequest, tts.StreamingSynthesizeResponse),
                    "SynthesizeSpeech": _single(speaking.synthesize, tts.SynthesizeSpeechRequest, tts.SynthesizeSpeechResponse),
                    "ListVoices": _single(speaking.voices, tts.ListVoicesRequest, tts.ListVoicesResponse),
                },
            ),
        )
    )
    bound = server.add_insecure_port(f"{state.settings.bind}:{port}")
    await server.start()
    return SpeechServer(server, bound)


def _service(name: str, methods: dict[str, Any]) -> Any:
    return grpc.method_handlers_generic_handler(name, methods)


def _streams(method: Callable[..., Any], request: Any, response: Any) -> Any:
    return grpc.stream_stream_rpc_method_handler(method, request_deserializer=request.deserialize, response_serializer=response.serialize)


def _single(method: Callable[..., Any], request: Any, response: Any) -> Any:
    return grpc.unary_unary_rpc_method_handler(method, request_deserializer=request.deserialize, response_serializer=response.serialize)
