"""Addresses of `calls`: what the carrier posts to, where its signature is checked; and the controls of a call, for who is signed in."""

from __future__ import annotations

from django.urls import path

from calls import control_views, looked_page, voice_samples
from calls.recording import views as recordings
from calls.telephony import webhooks

urlpatterns = [
    path("settings/looked/", looked_page.looked, name="looked"),
    path("settings/voices/<slug:name>.wav", voice_samples.voice_sample, name="voice-sample"),
    path("calls/<uuid:call_id>/controls/", control_views.controls, name="call-controls"),
    path("calls/<uuid:call_id>/recording/", recordings.recording, name="call-recording"),
    path("calls/<uuid:call_id>/recording.wav", recordings.sound, name="call-sound"),
    path("calls/<uuid:call_id>/listen/", control_views.listen, name="listen"),
    path("calls/<uuid:call_id>/take-over/", control_views.take_over, name="take-over"),
    path("calls/<uuid:call_id>/give-back/", control_views.give_back, name="give-back"),
    path("calls/<uuid:call_id>/whisper/", control_views.whisper, name="whisper"),
    path("calls/<uuid:call_id>/keys/", control_views.press_keys, name="press-keys"),
    path("calls/<uuid:call_id>/hang-up/", control_views.hang_up, name="hang-up"),
    path("twilio/voice/<uuid:call_id>", webhooks.voice, name="twilio-voice"),
    path("twilio/status/<uuid:call_id>", webhooks.status, name="twilio-status"),
    path("twilio/stream/<uuid:call_id>", webhooks.stream, name="twilio-stream"),
    path("twilio/stream/<uuid:call_id>/after", webhooks.after_stream, name="twilio-after-stream"),
    path("twilio/relay/<uuid:call_id>", webhooks.relay, name="twilio-relay"),
    path("twilio/message", webhooks.message, name="twilio-message"),
    path("twilio/message-status/<uuid:message_id>", webhooks.message_status, name="twilio-message-status"),
]
