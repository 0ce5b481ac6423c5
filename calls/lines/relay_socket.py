"""Our side of a ConversationRelay socket: words, keys and languages on their way to the carrier. It outlives one WebSocket."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

from calls.lines.carrier_socket import Send, SendingSocket
from calls.telephony.relay_messages import encode_digits, encode_end, encode_language, encode_text

#: How long the carrier may take to close the socket after `end`.
CLOSES_WITHIN_S = 2.0
_TEXT = '{"type": "text"'


class RelaySocket(SendingSocket):
    """A conversation's. What waits when its WebSocket breaks is sent on the one that takes its place."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self._gone = asyncio.Event()

    def text(self, words: str, *, interruptible: bool) -> None:
        """Words to be spoken behind what was queued before, at once: they need nothing of what follows."""
        self._put(encode_text(f"{words} ", last=True, interruptible=interruptible))

    def digits(self, keys: str) -> None:
        """Keys to be pressed behind what was queued before."""
        self._put(encode_digits(keys))

    def language(self, language: str) -> None:
        """From here on the carrier speaks and hears another language."""
        self._put(encode_language(spoken=language, heard=language))

    def drop_text(self) -> None:
        """Words that wait here are not said."""
        waiting = [message for message in self._waiting if not message.startswith(_TEXT)]
        self._waiting.clear()
        self._waiting.extend(waiting)

    def gone(self) -> None:
        """The WebSocket is closed."""
        self._gone.set()

    def reopen(self, send: Send) -> None:
        """Another WebSocket takes the place of the broken one."""
        self._gone.clear()
        self._sends_by(send)

    async def close(self, hand_off: str = "") -> None:
        """Ends the session as the protocol wants it, so that the carrier goes on with the document. Safe when the line is gone."""
        with suppress(Exception):  # whatever state the socket is in, it is over
            async with asyncio.timeout(CLOSES_WITHIN_S):
                if not self._gone.is_set():
                    await self._send({"type": "websocket.send", "text": encode_end(json.dumps({"reasonCode": hand_off}) if hand_off else "")})
                    await self._gone.wait()
        if not self._gone.is_set():
            await super().close()
