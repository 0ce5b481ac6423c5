"""Addresses of the pages for staff."""

from django.urls import path

from calls.review import board_views, export_views, sound_views, turn_views, views

urlpatterns = [
    path("staff/", views.calls, name="staff-calls"),
    path("staff/quality/", board_views.quality, name="staff-quality"),
    path("staff/reason/", views.reason, name="staff-reason"),
    path("staff/take/", views.take, name="staff-take"),
    path("staff/calls.csv", export_views.figures, name="staff-csv"),
    path("staff/calls.json", export_views.whole_calls, name="staff-json"),
    path("staff/calls/<uuid:call_id>/turns/<int:seq>/", turn_views.turn, name="staff-turn"),
    path("staff/calls/<uuid:call_id>/questions/", turn_views.questions, name="staff-questions"),
    path("staff/calls/<uuid:call_id>/questions/<int:number>/again/", turn_views.ask_again, name="staff-ask-again"),
    path("staff/calls/<uuid:call_id>/", views.call, name="staff-call"),
    path("staff/calls/<uuid:call_id>/recording.wav", sound_views.sound, name="staff-sound"),
    path("staff/calls/<uuid:call_id>/verdict/", views.verdict, name="staff-verdict"),
    path("staff/calls/<uuid:call_id>/note/", views.note, name="staff-note"),
    path("staff/calls/<uuid:call_id>/labels/", views.labels, name="staff-labels"),
    path("staff/calls/<uuid:call_id>/assign/", views.assign, name="staff-assign"),
]
