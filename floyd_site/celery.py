"""The Celery application. Tasks carry ids as wake-up hints; what is due stands in the database."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floyd_site.settings")
app = Celery("floyd")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Celery's current application is per thread; hints are sent from any.
app.set_default()
app.autodiscover_tasks()
