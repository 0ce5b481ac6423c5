"""Addresses of the API of requests. No slash at the end."""

from django.conf import settings
from django.urls import path

from api import problems
from requests_app import errors
from requests_app.api import after, plans, questions, requests, streams, told

problems.register(errors.NotFound, 404)
problems.register(
    errors.NeedsReason,
    403,
    f"You are staff, and this is somebody else's request. Say why you want to see it: {settings.SITE_URL}/requests/{{error}}/",
)
problems.register(errors.InvalidAsk, 422)
problems.register(errors.PlanRefused, 422)
problems.register(errors.Conflict, 409)
problems.register(errors.NotPossibleNow, 409)

urlpatterns = [
    path("requests", requests.Requests.as_view(), name="api-requests"),
    path("requests/<uuid:request_id>", requests.OneRequest.as_view(), name="api-request"),
    path("requests/<uuid:request_id>/stop", requests.StopRequest.as_view(), name="api-stop"),
    path("requests/<uuid:request_id>/retry", requests.RetryRequest.as_view(), name="api-retry"),
    path("requests/<uuid:request_id>/call-now", requests.CallNow.as_view(), name="api-call-now"),
    path("requests/<uuid:request_id>/not-today", requests.NotToday.as_view(), name="api-not-today"),
    path("requests/<uuid:request_id>/keep", requests.KeepRequest.as_view(), name="api-keep"),
    path("requests/<uuid:request_id>/corrections", after.Corrections.as_view(), name="api-corrections"),
    path("next-steps", after.NextSteps.as_view(), name="api-next-steps"),
    path("next-steps/<int:step_id>", after.OneNextStep.as_view(), name="api-next-step"),
    path("requests/<uuid:request_id>/costs", requests.Costs.as_view(), name="api-costs"),
    path("requests/<uuid:request_id>/plan", plans.PlanOfRequest.as_view(), name="api-plan"),
    path("requests/<uuid:request_id>/approve", plans.ApprovePlan.as_view(), name="api-approve"),
    path("requests/<uuid:request_id>/call-and-ask", plans.TakeOffer.as_view(), name="api-take-offer"),
    path("requests/<uuid:request_id>/snapshots", plans.Snapshots.as_view(), name="api-snapshots"),
    path("requests/<uuid:request_id>/events", requests.Events.as_view(), name="api-events"),
    path("requests/<uuid:request_id>/stream", streams.RequestStream.as_view(), name="api-request-stream"),
    path("facts/tell", told.Tell.as_view(), name="api-tell"),
    path("stream", streams.OwnStream.as_view(), name="api-stream"),
    path("questions", questions.Questions.as_view(), name="api-questions"),
    path("questions/<uuid:question_id>", questions.OneQuestion.as_view(), name="api-question"),
    path("questions/<uuid:question_id>/answer", questions.AnswerQuestion.as_view(), name="api-answer"),
    path("questions/<uuid:question_id>/confirm", questions.ConfirmAnswer.as_view(), name="api-confirm"),
    path("messages", questions.Messages.as_view(), name="api-messages"),
    path("messages/<uuid:message_id>", questions.OneMessage.as_view(), name="api-message"),
]
