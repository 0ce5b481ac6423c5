"""Addresses of the carrier's sockets."""

from django.urls import path

from calls.lines.media_stream import MediaStream

websocket_urlpatterns = [path("media", MediaStream.as_asgi())]
