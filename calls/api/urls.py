"""Addresses of the API of calls. No slash at the end."""

from django.urls import path

from calls.api import calls, control

urlpatterns = [
    path("requests/<uuid:request_id>/calls", calls.CallsOfRequest.as_view(), name="api-calls"),
    path("calls/<uuid:call_id>", calls.OneCall.as_view(), name="api-call"),
    path("calls/<uuid:call_id>/lines", calls.Transcript.as_view(), name="api-lines"),
    path("calls/<uuid:call_id>/turns", calls.Turns.as_view(), name="api-turns"),
    path("calls/<uuid:call_id>/whisper", control.Whisper.as_view(), name="api-whisper"),
    path("calls/<uuid:call_id>/keys", control.PressKeys.as_view(), name="api-press-keys"),
    path("calls/<uuid:call_id>/hang-up", control.HangUp.as_view(), name="api-hang-up"),
    path("calls/<uuid:call_id>/give-back", control.GiveBack.as_view(), name="api-give-back"),
]
