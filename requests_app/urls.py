"""Addresses of the pages about requests."""

from django.urls import path

from requests_app import after_views, edit_views, find_views, plan_views, staff_views, views
from requests_app.learning import telling

urlpatterns = [
    path("", views.home, name="home"),
    path("share/", views.shared, name="share"),
    path("requests/", find_views.requests, name="requests"),
    path("requests/<uuid:request_id>/", views.request_page, name="request"),
    path("requests/<uuid:request_id>/look/", staff_views.look, name="look"),
    path("requests/<uuid:request_id>/actions/", views.actions, name="actions"),
    path("requests/<uuid:request_id>/edit/", edit_views.edit, name="edit"),
    path("requests/<uuid:request_id>/undo/", views.undo, name="undo"),
    path("requests/<uuid:request_id>/stop/", views.stop, name="stop"),
    path("requests/<uuid:request_id>/retry/", views.retry, name="retry"),
    path("requests/<uuid:request_id>/call-now/", views.call_now, name="call-now"),
    path("requests/<uuid:request_id>/not-today/", views.not_today, name="not-today"),
    path("requests/<uuid:request_id>/keeping/", views.keeping, name="keeping"),
    path("requests/<uuid:request_id>/keep/", views.keep, name="keep"),
    path("requests/<uuid:request_id>/plan/", plan_views.plan, name="plan"),
    path("requests/<uuid:request_id>/approve/", plan_views.approve, name="approve"),
    path("requests/<uuid:request_id>/call-and-ask/", plan_views.take_offer, name="take-offer"),
    path("requests/<uuid:request_id>/known/", plan_views.snapshots, name="snapshots"),
    path("requests/<uuid:request_id>/correct/<slug:item>/", after_views.correct_outcome, name="correct"),
    path("requests/<uuid:request_id>/remind/", after_views.remind, name="remind"),
    path("steps/<int:step_id>/", after_views.step, name="step"),
    path("steps/<int:step_id>/cancel/", after_views.cancel, name="cancel-step"),
    path("questions/<uuid:question_id>/answer/", views.answer, name="answer"),
    path("questions/<uuid:question_id>/confirm/", views.confirm, name="confirm"),
    path("knows/tell/", telling.tell, name="tell"),
    path("knows/tell/save/", telling.save, name="save-told"),
    path("texts/", views.texts, name="texts"),
]
