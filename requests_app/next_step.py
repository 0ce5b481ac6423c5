"""What comes after a request: a reminder, another call, or a note about what Floyd promised."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from live.foreign import announced


class StepKind(models.TextChoices):
    """What sort of step."""

    REMINDER = "reminder", _("Reminder")
    CALL_AGAIN = "call_again", _("Call again")
    NOTE = "note", _("Note")


class StepStatus(models.TextChoices):
    """Life of a step. A proposed one waits for the user's word; an open one happens when it is due, once."""

    PROPOSED = "proposed", _("Proposed")
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class CorrectedField(models.TextChoices):
    """What of an outcome was put right."""

    SUMMARY = "summary", _("Summary")
    TEXT = "text", _("What")
    WHEN = "when", _("When")


class NextStep(models.Model):
    """One of them. Rows of an outcome cite the transcript lines that they come from."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="next_steps")
    request = models.ForeignKey("requests_app.Request", on_delete=models.CASCADE, null=True, blank=True, related_name="next_steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    text = models.CharField(max_length=300, help_text="for the user")
    status = models.CharField(max_length=10, choices=StepStatus, default=StepStatus.OPEN)
    due_at = models.DateTimeField(null=True, blank=True, help_text="empty: there is nothing to wait for, or nobody knows when")
    said = models.CharField(max_length=200, blank=True, default="", help_text="the time as it was said in the call")
    call = models.UUIDField(null=True, blank=True, help_text="the call that it comes from")
    item = models.PositiveSmallIntegerField(null=True, blank=True, help_text="place of the outcome's item that it comes from, counted from 0")
    lines = models.JSONField(default=list, blank=True, help_text="transcript lines that show it")
    follow_up = models.ForeignKey("requests_app.Request", on_delete=models.SET_NULL, null=True, blank=True, related_name="comes_from")
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, help_text="the same again is this step")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Those that are due first."""

        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="open"), name="next_step_due"),
            models.Index(fields=["user", "status"]),
        ]
        triggers = announced(kind="request", ref="request_id", topics={"request": "request_id"})

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Correction(models.Model):
    """What a user put right in an outcome. The outcome stays as it was written down; both are shown."""

    request = models.ForeignKey("requests_app.Request", on_delete=models.CASCADE, related_name="corrections")
    attempt = models.PositiveIntegerField(help_text="the call whose outcome it is about")
    item = models.PositiveSmallIntegerField(null=True, blank=True, help_text="place of the item, counted from 0; empty: the summary")
    field = models.CharField(max_length=10, choices=CorrectedField)
    was = models.CharField(max_length=400, blank=True)
    now = models.CharField(max_length=400)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="corrections")
    way = models.CharField(max_length=10, help_text="page or api")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """Oldest first: of several about the same thing the last counts."""

        ordering = ["id"]
        indexes = [models.Index(fields=["request", "attempt"])]
        triggers = announced(kind="request", ref="request_id", topics={"request": "request_id"})

    def __str__(self) -> str:
        return f"correction {self.pk} of {self.field}"
