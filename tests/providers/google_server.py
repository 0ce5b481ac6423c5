"""A scripted stand-in for Google's Speech and Text-to-Speech, at their wire."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.cloud.speech_v1.types import cloud_speech as cs
from google.cloud.texttospeech_v1.types import cloud_tts as tts


def heard(text: str, *, final: bool, second: float = 1.0, stability: float = 0.0) -> cs.StreamingRecognizeResponse:
    """A response with one result."""
    return cs.StreamingRecognizeResponse(results=[result(text, final=final, second=second, stability=stability)])


def result(text: str, *, final: bool, second: float = 1.0, stability: float = 0.0) -> cs.StreamingRecognitionResult:
    end = {"seconds": int(second), "nanos": int(second % 1 * 1e9)}
    return cs.StreamingRecognitionResult(
        alternatives=[{"transcript": text, "confidence": 0.9 if final else 0.0}], is_final=final, stability=stability, result_end_time=end
    )


@dataclass
class Leg:
    """What one stream of the client sent."""

    config: Any = None
    pieces: list[bytes] = field(default_factory=list)


@dataclass
class GoogleServer:
    """`hear(leg_number, leg, context)` and `speak(config, text, context)` are the script."""

    hear: Callable[[int, Leg, Any], AsyncIterator[Any]] | None = None
    speak: Callable[[Any, str, Any], AsyncIterator[bytes]] | None = None
    legs: list[Leg] = field(default_factory=list)
    address: str = ""

    async def recognise(self, requests: Any, context: Any) -> Any:
        leg = Leg()
        self.legs.append(leg)
        number = len(self.legs)

        async def take() -> AsyncIterator[bytes]:
            async for request in requests:
                kind = cs.StreamingRecognizeRequest.pb(request).WhichOneof("streaming_request")
                if leg.config is None:
                    assert kind == "streaming_config", "the first request carries the configuration only"
                    leg.config = request.streaming_config
                    yield b""
                else:
                    assert kind == "audio_content"
                    assert 0 < len(request.audio_content) <= 25_000
                    leg.pieces.append(request.audio_content)
                    yield request.audio_content

        leg.audio = take()  # type: ignore[attr-defined]
        await anext(leg.audio)  # type: ignore[attr-defined]
        assert self.hear is not None
        async for response in self.hear(number, leg, context):
            yield response

    async def synthesise(self, requests: Any, context: Any) -> Any:
        config = (await anext(requests)).streaming_config
        text = "".join([request.input.text async for request in requests])
        assert self.speak is not None
        async for audio in self.speak(config, text, context):
            yield tts.StreamingSynthesizeResponse(audio_content=audio)

    async def start(self) -> grpc.aio.Server:
        server = grpc.aio.server()
        hearing = grpc.stream_stream_rpc_method_handler(
            self.recognise,
            request_deserializer=cs.StreamingRecognizeRequest.deserialize,
            response_serializer=cs.StreamingRecognizeResponse.serialize,
        )
        speaking = grpc.stream_stream_rpc_method_handler(
            self.synthesise,
            request_deserializer=tts.StreamingSynthesizeRequest.deserialize,
            response_serializer=tts.StreamingSynthesizeResponse.serialize,
        )
        server.add_generic_rpc_handlers(
            (
                grpc.method_handlers_generic_handler("google.cloud.speech.v1.Speech", {"StreamingRecognize": hearing}),
                grpc.method_handlers_generic_handler("google.cloud.texttospeech.v1.TextToSpeech", {"StreamingSynthesize": speaking}),
            )
        )
        self.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        await server.start()
        return server
