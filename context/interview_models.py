"""A question by which Floyd gets to know its user: asked once, and never again once it was skipped."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class InterviewStatus(models.TextChoices):
    """What became of a question."""

    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    SKIPPED = "skipped", _("Skipped")


class InterviewQuestion(models.Model):
    """One question to one user. Its key is unique, so that a question is asked once, whatever became of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="interview")
    key = models.CharField(max_length=80, help_text="what it asks for, e.g. home or contact:dentist")
    text = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=InterviewStatus, default=InterviewStatus.OPEN)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """In the order in which they are asked."""

        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="interview_once")]

    @property
    def is_contact(self) -> bool:
        """Whether it asks for somebody to call."""
        return self.key.startswith("contact:")

    def __str__(self) -> str:
        return self.text
