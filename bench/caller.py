"""One caller: holds a scripted conversation in real time over Media Streams, and measures.

Listen to the greeting, then in turns: say a sentence, wait for the reply, hear it to its end, think for a moment. Every second reply is spoken over
with a whole sentence, which is a turn of its own.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bench.clips import FRAME_MS, noise, sentence
from bench.playout import HOLE_S, Playout

FRAME_S = FRAME_MS / 1000
#: A reply is over when nothing was heard for this long; the greeting may hold a longer pause.
REPLY_OVER_S = 1.0
GREETING_WITHIN_S = 6.0
GREETING_OVER_S = 1.5
NO_REPLY_AFTER_S = 10.0
LONGEST_REPLY_S = 40.0
THINK_S = (0.2, 0.7)
SPEAK_OVER_AFTER_S = (1.2, 1.5)


@dataclass(frozen=True, slots=True)
class Target:
    """A call that waits to be connected: where, and what its `start` brings."""

    url: str
    call_sid: str
    account_sid: str = "AC" + "0" * 32
    parameters: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Turn:
    """What one sentence of the caller's led to; times in ms, None where it did not happen."""

    voice_to_voice_ms: float | None = None
    barge_in_ms: float | None = None
    over_reply: bool = False
    premature: bool = False
    no_reply: bool = False
    not_cleared: bool = False


@dataclass(slots=True)
class Counts:
    """What a caller saw besides its turns."""

    replies: int = 0
    holes_ms: list[float] = field(default_factory=list)
    marks: int = 0
    clears: int = 0
    audio_messages: int = 0
    late_frames_ms: list[float] = field(default_factory=list)
    longest_lead_s: float = 0.0
    trouble: list[str] = field(default_factory=list)


class Caller:
    """One call.

    Args:
        target: what to connect to.
        seed: decides its thinking times, and where in the 20 ms its frames fall.
        speak_over: whether every second reply is spoken over.
    """

    def __init__(self, target: Target, *, seed: int, speak_over: bool = True) -> None:
        self.turns: list[Turn] = []
        self.counts = Counts()
        self.talking = asyncio.Event()
        self._target, self._speak_over = target, speak_over
        self._random = random.Random(seed)
        self._stream_sid = f"MZ{self._random.getrandbits(128):032x}"
        self._playout = Playout()
        self._sequence = 0
        self._saying: list[str] = []
        self._first_sent = self._last_sent = 0.0
        self._said = asyncio.Event()
        self._heard = asyncio.Event()
        self._heard_at: float | None = None
        self._cleared_at: float | None = None
        self._in_reply = self._speaking_over = self._cut_in = False
        self._ended = False

    async def run(self, session: aiohttp.ClientSession, until: float) -> None:
        """The whole call; `until` is on the event loop's clock."""
        try:
            async with session.ws_connect(self._target.url, headers=self._target.headers, compress=0, max_msg_size=0) as socket:
                await self._start(socket)
                async with asyncio.TaskGroup() as tasks:
                    parts = [tasks.create_task(self._listen(socket)), tasks.create_task(self._send_frames(socket))]
                    self.talking.set()
                    await self._converse(until)
                    self._ended = True
                    for part in parts:
                        part.cancel()
                await self._send(socket, "stop", stop={"accountSid": self._target.account_sid, "callSid": self._target.call_sid})
        except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
            self.counts.trouble.append(f"{type(error).__name__}: {error}"[:120])
        finally:
            self.talking.set()
            self.counts.longest_lead_s = self._playout.longest_lead_s

    # --- the wire ---

    async def _start(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        await socket.send_str('{"event":"connected","protocol":"Call","version":"1.0.0"}')
        layout = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
        identity = {"accountSid": self._target.account_sid, "streamSid": self._stream_sid, "callSid": self._target.call_sid}
        start = {**identity, "tracks": ["inbound"], "mediaFormat": layout, "customParameters": dict(self._target.parameters)}
        await self._send(socket, "start", start=start)

    async def _send(self, socket: aiohttp.ClientWebSocketResponse, event: str, **content: Any) -> None:
        self._sequence += 1
        await socket.send_str(json.dumps({"event": event, "sequenceNumber": str(self._sequence), "streamSid": self._stream_sid, **content}))

    async def _send_frames(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """A frame every 20 ms, and marks that were reached."""
        loop, silence, number = asyncio.get_running_loop(), noise(), 0
        due = loop.time() + self._random.random() * FRAME_S
        while True:
            await asyncio.sleep(due - loop.time())
            now = loop.time()
            if number % 8 == 0:
                self.counts.late_frames_ms.append((now - due) * 1000)
            payload = self._next_payload(now) or silence[number % len(silence)]
            number += 1
            self._sequence += 1
            await socket.send_str(
                f'{{"event":"media","sequenceNumber":"{self._sequence}","media":{{"track":"inbound","chunk":"{number}",'
                f'"timestamp":"{number * FRAME_MS}","payload":"{payload}"}},"streamSid":"{self._stream_sid}"}}'
            )
            for name in self._playout.marks_due(now):
                await self._send(socket, "mark", mark={"name": name})
            due += FRAME_S

    def _next_payload(self, now: float) -> str:
        """The next frame of what is being said; none in silence."""
        if not self._saying:
            return ""
        self._first_sent = self._first_sent or now
        payload = self._saying.pop(0)
        if not self._saying:
            self._last_sent = now
            self._said.set()
        return payload

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        loop = asyncio.get_running_loop()
        async for received in socket:
            now, message = loop.time(), json.loads(received.data)
            match message["event"]:
                case "media":
                    self._take_audio(base64.b64decode(message["media"]["payload"]), now)
                case "mark":
                    self.counts.marks += 1
                    self._playout.mark(message["mark"]["name"], now)
                case "clear":
                    self.counts.clears += 1
                    self._cleared_at = self._cleared_at or now
                    self._in_reply, self._heard_at = False, None
                    self._heard.clear()
                    for name in self._playout.clear(now):
                        await self._send(socket, "mark", mark={"name": name})
        if not self._ended:
            self.counts.trouble.append(f"the server closed the call ({socket.close_code})")
            self._ended = True
            self._heard.set()
            self._said.set()

    def _take_audio(self, audio: bytes, now: float) -> None:
        self.counts.audio_messages += 1
        played = self._playout.audio(audio, now)
        if played.sound_at is None:
            return
        if self._in_reply and played.dry_s > HOLE_S and not self._speaking_over:
            self.counts.holes_ms.append(played.dry_s * 1000)
        if self._saying and not self._speaking_over:
            self._cut_in = True
        if not self._in_reply:
            self._in_reply = True
            self.counts.replies += 1
        if self._heard_at is None:
            self._heard_at = played.sound_at
            self._heard.set()

    # --- the conversation ---

    async def _converse(self, until: float) -> None:
        loop, number, over = asyncio.get_running_loop(), 0, False
        if await self._wait(self._heard, GREETING_WITHIN_S):
            await self._quiet(GREETING_OVER_S)
        while not self._ended and loop.time() < until:
            if not over:
                await asyncio.sleep(self._random.uniform(*THINK_S))
            turn = await self._say(number, over=over)
            number += 1
            if self._ended:
                return
            self.turns.append(turn)
            answered = turn.voice_to_voice_ms is not None
            over = answered and self._speak_over and number % 2 == 0 and await self._reply_goes_on()
            if answered and not over:
                await self._quiet(REPLY_OVER_S)

    async def _say(self, number: int, *, over: bool) -> Turn:
        """Says a sentence, over Floyd's reply or into silence, and waits for the answer to begin."""
        loop, turn = asyncio.get_running_loop(), Turn(over_reply=over)
        self._first_sent, self._cleared_at, self._speaking_over, self._cut_in = 0.0, None, over, False
        self._said.clear()
        if not over:
            self._hear_anew()
        self._saying = list(sentence(number))
        await self._said.wait()
        if over and not self._ended and not self._was_cleared(turn, loop.time()):
            await self._quiet(REPLY_OVER_S)
            return turn
        self._speaking_over = False
        if self._cut_in or (self._heard_at is not None and self._heard_at < self._last_sent):
            turn.premature = True
            await self._quiet(REPLY_OVER_S)
        elif await self._wait(self._heard, NO_REPLY_AFTER_S) and self._heard_at is not None:
            turn.voice_to_voice_ms = (self._heard_at - self._last_sent) * 1000
        else:
            turn.no_reply = True
        return turn

    def _was_cleared(self, turn: Turn, now: float) -> bool:
        """Whether the reply that was spoken over stopped: cleared, or (seldom) at its end by itself."""
        if self._cleared_at is not None:
            turn.barge_in_ms = (self._cleared_at - self._first_sent) * 1000
            return True
        if not self._playout.playing(now):
            self._hear_anew()
            return True
        turn.not_cleared = True
        return False

    def _hear_anew(self) -> None:
        """What is heard from here on is the answer."""
        self._heard_at, self._in_reply = None, False
        self._heard.clear()

    async def _reply_goes_on(self) -> bool:
        """Listens to a part of the reply; whether it still goes on then."""
        loop, begun = asyncio.get_running_loop(), self._heard_at or 0.0
        await asyncio.sleep(max(0.0, begun + self._random.uniform(*SPEAK_OVER_AFTER_S) - loop.time()))
        return self._playout.playing(loop.time())

    async def _quiet(self, for_s: float) -> None:
        """Until nothing was heard for a while."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + LONGEST_REPLY_S
        # What is being heard may grow meanwhile, so its end is looked at again and again.
        while not self._ended and (left_s := min(self._playout.end + for_s, latest) - loop.time()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left_s, 0.5))

    @staticmethod
    async def _wait(event: asyncio.Event, for_s: float) -> bool:
        try:
            async with asyncio.timeout(for_s):
                await event.wait()
        except TimeoutError:
            return False
        return True
