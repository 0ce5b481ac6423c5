"""The `calls` app."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Registers the app with Django."""

    name = "calls"
