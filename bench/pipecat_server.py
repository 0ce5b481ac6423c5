"""A phone agent made with Pipecat for the same work, as the peer to compare with. Runs in .bench-venv, and imports nothing of this repository.

`default` is what Pipecat's own Twilio template sets up: Silero voice activity, its Smart Turn model at the end of a turn, metrics on. `tuned` answers
as fast as its settings allow: no Smart Turn (a turn ends with 0.2 s of silence and the final words), a start of speech after 0.1 s, 20 ms chunks, no
metrics. All parts are Pipecat's own; only the address of its Google recogniser is replaced. All calls share one process, as in Pipecat's own runner.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import Any

import grpc
import pipecat.services.google.stt as google_stt
import uvicorn
from fastapi import FastAPI, WebSocket
from google.auth.credentials import AnonymousCredentials
from google.cloud.speech_v2 import SpeechAsyncClient
from google.cloud.speech_v2.services.speech.transports import SpeechGrpcAsyncIOTransport
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams
from pipecat.frames.frames import LLMRunFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.services.openai.tts import OpenAITTSService
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner

ORDERS = "You talk on the phone for your user. Be brief."
LINE_RATE, VOICE_RATE = 8_000, 24_000


@dataclass(frozen=True)
class Variant:
    """What differs."""

    listening: Any
    metrics: bool
    sending: dict[str, int]


def variant(name: str) -> Variant:
    """One of the two, made anew for each call."""
    if name == "default":
        return Variant(LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer()), True, {})
    activity = SileroVADAnalyzer(params=VADParams(start_secs=0.1, stop_secs=0.2))
    ending = UserTurnStrategies(stop=[SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=0.0)])
    return Variant(LLMUserAggregatorParams(vad_analyzer=activity, user_turn_strategies=ending), False, {"audio_out_10ms_chunks": 2})


class Agent:
    """Answers the sockets of one server."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options

    def _line(self, socket: WebSocket, stream_sid: str, call_sid: str, sending: dict[str, int]) -> FastAPIWebsocketTransport:
        parameters = TwilioFrameSerializer.InputParams(auto_hang_up=False)  # there is no carrier to be told
        serializer = TwilioFrameSerializer(stream_sid=stream_sid, call_sid=call_sid, params=parameters)
        layout = FastAPIWebsocketParams(audio_in_enabled=True, audio_out_enabled=True, serializer=serializer, **sending)
        return FastAPIWebsocketTransport(websocket=socket, params=layout)

    def _ear(self) -> tuple[google_stt.GoogleSTTService, grpc.aio.Channel]:
        ear = google_stt.GoogleSTTService()
        channel = grpc.aio.insecure_channel(self._options.grpc, options=[("grpc.use_local_subchannel_pool", 1)])
        ear._client = SpeechAsyncClient(transport=SpeechGrpcAsyncIOTransport(channel=channel))
        return ear, channel

    async def hold(self, socket: WebSocket) -> None:
        """One call."""
        await socket.accept()
        _, stream = await parse_telephony_websocket(socket)
        chosen, context = variant(self._options.variant), LLMContext()
        line = self._line(socket, stream["stream_id"], stream["call_id"], chosen.sending)
        ear, channel = self._ear()
        mind_settings = OpenAILLMService.Settings(model="gpt-4.1", system_instruction=ORDERS)
        mind = OpenAILLMService(api_key="sk-bench", base_url=self._options.http, settings=mind_settings)
        voice = OpenAITTSService(api_key="sk-bench", base_url=self._options.http, sample_rate=VOICE_RATE)
        listening, speaking = LLMContextAggregatorPair(context, user_params=chosen.listening)
        worker = PipelineWorker(
            Pipeline([line.input(), ear, listening, mind, voice, line.output(), speaking]),
            params=PipelineParams(
                enable_metrics=chosen.metrics,
                enable_usage_metrics=chosen.metrics,
                audio_in_sample_rate=LINE_RATE,
                audio_out_sample_rate=LINE_RATE,
            ),
        )
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)

        @line.event_handler("on_client_connected")
        async def greet(*_: object) -> None:
            context.add_message({"role": "developer", "content": "Say who you are."})
            await worker.queue_frames([LLMRunFrame()])

        @line.event_handler("on_client_disconnected")
        async def leave(*_: object) -> None:
            await runner.cancel()

        try:
            await runner.run()
        finally:
            await channel.close()


def main() -> None:
    """Serves until a signal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", choices=["default", "tuned"], default="default")
    parser.add_argument("--port", type=int, default=7860)
    parser.add_argument("--http", default="http://127.0.0.1:9100/v1", help="stand-ins for chat completions and speech")
    parser.add_argument("--grpc", default="127.0.0.1:9101", help="stand-in for recognition")
    options = parser.parse_args()
    logger.remove()
    logger.add(sys.stderr, level="WARNING")
    # The service asks for default credentials when it is made; the stand-in wants none.
    google_stt.default = lambda scopes=None: (AnonymousCredentials(), "bench")
    application, agent = FastAPI(), Agent(options)
    application.websocket("/ws")(agent.hold)
    uvicorn.run(application, host="127.0.0.1", port=options.port, log_level="warning", loop="uvloop", ws_per_message_deflate=False)


if __name__ == "__main__":
    main()
