"""The `context` app."""

from django.apps import AppConfig


class ContextConfig(AppConfig):
    """Registers the app with Django."""

    name = "context"
