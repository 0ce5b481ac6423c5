"""The site: settings, addresses, processes."""

from floyd_site.celery import app as celery_app

__all__ = ["celery_app"]
