"""Addresses of the API of requests. No slash at the end."""

from django.urls import path

from api import problems
from requests_app import errors
from requests_app.api import requests

problems.register(errors.NotFound, 404)
problems.register(errors.InvalidAsk, 422)
problems.register(errors.Conflict, 409)
problems.register(errors.NotPossibleNow, 409)

urlpatterns = [
    path("requests", requests.Requests.as_view(), name="api-requests"),
    path("requests/<uuid:request_id>", requests.OneRequest.as_view(), name="api-request"),
    path("requests/<uuid:request_id>/stop", requests.StopRequest.as_view(), name="api-stop"),
    path("requests/<uuid:request_id>/retry", requests.RetryRequest.as_view(), name="api-retry"),
    path("requests/<uuid:request_id>/events", requests.Events.as_view(), name="api-events"),
]
