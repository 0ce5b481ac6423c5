"""Addresses of `calls`: what the carrier posts to. Every one of them checks the carrier's signature."""

from __future__ import annotations

from django.urls import path

from calls.telephony import webhooks

urlpatterns = [
    path("twilio/voice/<uuid:call_id>", webhooks.voice, name="twilio-voice"),
    path("twilio/status/<uuid:call_id>", webhooks.status, name="twilio-status"),
    path("twilio/stream/<uuid:call_id>", webhooks.stream, name="twilio-stream"),
    path("twilio/voice", webhooks.inbound_voice, name="twilio-inbound-voice"),
    path("twilio/status", webhooks.inbound_status, name="twilio-inbound-status"),
    path("twilio/message", webhooks.message, name="twilio-message"),
    path("twilio/message-status/<uuid:message_id>", webhooks.message_status, name="twilio-message-status"),
]
