"""Sockets of the pages about requests."""

from django.urls import path

from requests_app.microphone import MicrophoneSocket

websocket_urlpatterns = [path("microphone/", MicrophoneSocket.as_asgi())]
