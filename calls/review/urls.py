"""Addresses of the pages for staff."""

from django.urls import path

from calls.review import views

urlpatterns = [
    path("staff/", views.calls, name="staff-calls"),
    path("staff/reason/", views.reason, name="staff-reason"),
    path("staff/take/", views.take, name="staff-take"),
    path("staff/calls/<uuid:call_id>/", views.call, name="staff-call"),
    path("staff/calls/<uuid:call_id>/verdict/", views.verdict, name="staff-verdict"),
    path("staff/calls/<uuid:call_id>/note/", views.note, name="staff-note"),
    path("staff/calls/<uuid:call_id>/labels/", views.labels, name="staff-labels"),
    path("staff/calls/<uuid:call_id>/assign/", views.assign, name="staff-assign"),
]
