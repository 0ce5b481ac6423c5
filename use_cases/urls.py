"""Addresses that the carrier posts to when somebody rings, each of which checks its signature, and pages of those to whom calls are handed."""

from __future__ import annotations

from django.urls import path

from use_cases import agent_views, webhooks

urlpatterns = [
    path("staff/hand-offs/", agent_views.hand_offs, name="staff-hand-offs"),
    path("staff/hand-offs/<int:number>/", agent_views.hand_off, name="staff-hand-off"),
    path("twilio/voice", webhooks.voice, name="twilio-inbound-voice"),
    path("twilio/status", webhooks.status, name="twilio-inbound-status"),
    path("twilio/rung-back/<uuid:call_id>", webhooks.rung_back, name="twilio-rung-back"),
    path("twilio/rung-back/<uuid:call_id>/keyed", webhooks.rung_back_keyed, name="twilio-rung-back-keyed"),
    path("twilio/after/<uuid:call_id>", webhooks.after, name="twilio-after"),
    path("twilio/hand-off/<int:hand_off_id>/whisper", webhooks.whisper, name="twilio-whisper"),
    path("twilio/hand-off/<int:hand_off_id>/taken", webhooks.taken, name="twilio-taken"),
    path("twilio/hand-off/<int:hand_off_id>/dialled", webhooks.dialled, name="twilio-dialled"),
]
