"""All stand-ins in one process: `python -m bench.standins --http-port 9100 --grpc-port 9101`.

GET /stats tells how late they themselves were since the last time.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack

import grpc
from aiohttp import web

from bench.standins import hearing
from bench.standins.hearing import HearingTimes
from bench.standins.lateness import Lateness
from bench.standins.speaking import Speaking, SpeakingTimes
from bench.standins.thinking import Thinking, ThinkingTimes


async def serve(options: argparse.Namespace) -> None:
    """Until cancelled."""
    lateness = Lateness()
    thinking = Thinking(ThinkingTimes(options.first_token_ms / 1000, options.tokens_per_s), lateness)
    speaking = Speaking(SpeakingTimes(options.first_byte_ms / 1000, options.times_real), lateness)
    times = HearingTimes(options.final_ms / 1000, options.interim_lag_ms / 1000)

    async def stats(_: web.Request) -> web.Response:
        return web.json_response(lateness.take())

    application = web.Application()
    application.add_routes([*thinking.routes(), *speaking.routes(), web.get("/stats", stats)])
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", options.http_port).start()
        server = grpc.aio.server()
        server.add_generic_rpc_handlers((*hearing.handlers(times, lateness), speaking.handler()))
        server.add_insecure_port(f"127.0.0.1:{options.grpc_port}")
        await server.start()
        stack.push_async_callback(server.stop, 0)
        print(f"stand-ins: http {options.http_port}, grpc {options.grpc_port}", flush=True)
        await server.wait_for_termination()


def main() -> None:
    """Serves until a signal."""
    parser = argparse.ArgumentParser(prog="python -m bench.standins", description=__doc__)
    parser.add_argument("--http-port", type=int, default=9100)
    parser.add_argument("--grpc-port", type=int, default=9101)
    parser.add_argument("--final-ms", type=float, default=300, help="last loud audio → final words")
    parser.add_argument("--interim-lag-ms", type=float, default=0, help="how far behind the voice interim words are")
    parser.add_argument("--first-token-ms", type=float, default=350, help="question → first token")
    parser.add_argument("--tokens-per-s", type=float, default=60)
    parser.add_argument("--first-byte-ms", type=float, default=200, help="text → first audio")
    parser.add_argument("--times-real", type=float, default=8, help="how much faster than it plays audio comes")
    options = parser.parse_args()
    if sys.platform != "win32":
        import uvloop

        uvloop.install()
    asyncio.run(serve(options))


if __name__ == "__main__":
    main()
