"""Addresses that the carrier posts to when somebody rings; each checks its signature."""

from __future__ import annotations

from django.urls import path

from use_cases import webhooks

urlpatterns = [
    path("twilio/voice", webhooks.voice, name="twilio-inbound-voice"),
    path("twilio/status", webhooks.status, name="twilio-inbound-status"),
    path("twilio/after/<uuid:call_id>", webhooks.after, name="twilio-after"),
]
