"""One message for hundreds of pages is compressed once, and every browser reads it."""

from __future__ import annotations

import pytest
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from floyd_site import shared_deflate
from floyd_site.shared_deflate import WORTH_IT, SharedDeflateFactory

LONG = "<li>Brock Road School: Good morning, how may I help you?</li>" * 20


class Pair:
    """A socket of ours and the browser at its other end, in memory."""

    def __init__(self, **offer: object) -> None:
        self.page = ClientProtocol(parse_uri("ws://localhost/live/"), extensions=[ClientPerMessageDeflateFactory(**offer)])
        self.ours = ServerProtocol(extensions=[SharedDeflateFactory()])
        self.page.send_request(self.page.connect())
        self.ours.receive_data(b"".join(self.page.data_to_send()))
        [request] = self.ours.events_received()
        assert isinstance(request, Request)
        self.ours.send_response(self.ours.accept(request))
        self.page.receive_data(b"".join(self.ours.data_to_send()))
        [answer] = self.page.events_received()
        assert isinstance(answer, Response)
        self.answer = answer

    def send(self, text: str) -> bytes:
        """What goes over the wire."""
        self.ours.send_text(text.encode())
        return b"".join(self.ours.data_to_send())

    def read(self, wire: bytes) -> str:
        """What the page makes of it."""
        self.page.receive_data(wire)
        [frame] = self.page.events_received()
        assert isinstance(frame, Frame) and frame.opcode is Opcode.TEXT
        return bytes(frame.data).decode()


@pytest.mark.parametrize("offer", [{}, {"client_max_window_bits": True}, {"server_max_window_bits": 9}, {"client_no_context_takeover": True}])
@pytest.mark.parametrize("text", ["", "{}", "x" * (WORTH_IT - 1), "x" * WORTH_IT, LONG, "ü€😀" * 500])
def test_pages_read_what_was_sent_whatever_they_offered(offer, text):
    pair = Pair(**offer)
    for _ in range(3):
        assert pair.read(pair.send(text)) == text


def test_the_same_message_is_compressed_once_for_all_pages():
    shared_deflate._compressed.cache_clear()
    pairs = [Pair() for _ in range(20)]
    wires = {pair.send(LONG) for pair in pairs}
    assert len(wires) == 1 and len(wires.pop()) < len(LONG) / 5
    assert shared_deflate._compressed.cache_info().misses == 1


def test_what_is_short_goes_as_it_is():
    assert b'{"heads": {"user.7": 12}}' in Pair().send('{"heads": {"user.7": 12}}')


def test_the_page_is_told_that_messages_stand_alone():
    assert "server_no_context_takeover" in Pair().answer.headers["Sec-WebSocket-Extensions"]


def test_the_page_may_compress_what_it_sends():
    pair = Pair(client_max_window_bits=True)
    pair.page.send_text(LONG.encode())
    pair.ours.receive_data(b"".join(pair.page.data_to_send()))
    [frame] = pair.ours.events_received()
    assert isinstance(frame, Frame)
    assert bytes(frame.data).decode() == LONG
