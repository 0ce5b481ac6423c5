"""The `requests_app` app."""

from django.apps import AppConfig


class RequestsAppConfig(AppConfig):
    """Registers the app with Django."""

    name = "requests_app"
