"""Where the CPU time of a media process goes: samples of `py-spy record --format raw`, put down to parts of the work by the files on their stacks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

#: part → files of which the one nearest the top of the stack decides. The first part that fits wins for a file.
PARTS = {
    "waiting": r"threading\.py|concurrent/futures/thread\.py|<idle>",
    "recognition": r"providers/(google_speech|audio_feed)|calls/lines/hearing|speech_v1",
    "voice": r"providers/(google_voice|openai_speech|mulaw|phrases)|calls/lines/(speaking|carrier_socket)|texttospeech",
    "model": r"providers/openai_(chat|client)|calls/lines/thinking|openai/|httpx2/|httpcore2/|h11/",
    "live updates": r"redis/|channels_redis/|channels/|live/|calls/lines/pokes",
    "database": r"psycopg/|calls/lines/(store|writer|connections|records|statements)",
    "wake-up hints": r"celery/|kombu/",
    "turn taking": r"calls/speech/",
    "conversation": r"calls/conversation/|context/|calls/lines/(conversing|timers|turn_times|answers|session)",
    "carrier's messages": r"calls/telephony/|calls/lines/(carrier_line|media_stream|stream_session|sound)|uvicorn/|websockets/",
    "recognition and voice (gRPC)": r"grpc/|proto/|google/",
    "event loop": r"asyncio/|uvloop",
}
_PATTERNS = {part: re.compile(pattern) for part, pattern in PARTS.items()}


def part_of(stack: str) -> str:
    """The part of the work that a stack ("frame (file:line);frame (file:line)", outermost first) belongs to."""
    # Below the runner's frame stands how the process was started, above it what it does now; with nothing above, the loop itself is at work.
    frames = stack.split(";")
    started = max((at for at, frame in enumerate(frames) if "asyncio/runners.py" in frame), default=-1)
    for frame in reversed(frames[started + 1 :]):
        for part, pattern in _PATTERNS.items():
            if part != "event loop" and pattern.search(frame):
                return part
    return "event loop" if _PATTERNS["event loop"].search(stack) else "other"


def shares(lines: Iterable[str]) -> dict[str, float]:
    """Share of each part in the time that was not spent waiting, largest first."""
    counted: Counter[str] = Counter()
    for line in lines:
        stack, _, samples = line.rpartition(" ")
        counted[part_of(stack)] += int(samples)
    counted.pop("waiting", None)
    whole = counted.total() or 1
    return {part: count / whole for part, count in counted.most_common()}
