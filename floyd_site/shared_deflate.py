"""WebSockets on which one message for hundreds of pages is compressed once.

Each message is compressed by itself (RFC 7692, `server_no_context_takeover`), so its bytes are the same on every socket, and no socket
keeps a compressor. What is too short to gain anything goes as it is, which the extension allows for any message.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.typing import ExtensionParameter

#: Bytes below which a message is not compressed.
WORTH_IT = 200
#: What clients compress is short; their windows need no more (as uvicorn has it).
CLIENT_WINDOW_BITS = 12
_END = b"\x00\x00\xff\xff"


class SharedDeflate(PerMessageDeflate):
    """permessage-deflate of one socket."""

    def encode(self, frame: Frame) -> Frame:
        """Compresses a message, or takes what was made of the same one for another socket."""
        if frame.opcode is not Opcode.TEXT or not frame.fin:
            return super().encode(frame)
        if len(frame.data) < WORTH_IT:
            return frame
        return Frame(frame.opcode, _compressed(bytes(frame.data), self.local_max_window_bits), rsv1=True)


@lru_cache(maxsize=32)
def _compressed(data: bytes, window_bits: int) -> bytes:
    encoder = zlib.compressobj(wbits=-window_bits)
    return (encoder.compress(data) + encoder.flush(zlib.Z_SYNC_FLUSH)).removesuffix(_END)


class SharedDeflateFactory(ServerPerMessageDeflateFactory):
    """Agrees on it with a client."""

    def __init__(self) -> None:
        super().__init__(server_no_context_takeover=True, client_max_window_bits=CLIENT_WINDOW_BITS)

    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> tuple[list[ExtensionParameter], PerMessageDeflate]:
        """As the library does, for messages that are compressed by themselves."""
        answer, agreed = super().process_request_params(params, accepted_extensions)
        windows = (agreed.remote_max_window_bits, agreed.local_max_window_bits)
        return answer, SharedDeflate(agreed.remote_no_context_takeover, agreed.local_no_context_takeover, *windows)


class PageSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's, compressing that way where it compresses at all."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.config.ws_per_message_deflate:
            self.conn.available_extensions = [SharedDeflateFactory()]
