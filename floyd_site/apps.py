"""The `floyd_site` app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers the app with Django."""

    name = "floyd_site"

    def ready(self) -> None:
        """Makes our Celery application the current one, through which every process sends its hints.

        Not in the package itself: the supervisor must start at once, and Celery takes half a second to load.
        """
        import floyd_site.celery  # noqa: F401
