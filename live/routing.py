"""Sockets of pages."""

from django.urls import path

from live.consumer import PageSocket

websocket_urlpatterns = [path("live/", PageSocket.as_asgi())]
