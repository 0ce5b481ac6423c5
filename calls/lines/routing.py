"""Addresses of the sockets of media processes: the carrier's, and those of who listens in. Each is let in by a token, none by a session."""

from django.urls import path

from calls.lines.conversation_relay import ConversationRelay
from calls.lines.listen_in import ListenIn
from calls.lines.media_stream import MediaStream

websocket_urlpatterns = [
    path("media", MediaStream.as_asgi()),
    path("relay", ConversationRelay.as_asgi()),
    path("listen", ListenIn.as_asgi()),
]
