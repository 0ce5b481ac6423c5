"""Calls that could not be taken, and what becomes of each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from calls.models import Call


class MissedState(models.TextChoices):
    """Where it stands.

    `told` goes to `wanted` when they answer CALL; `wanted` to `rung` once, or to `left`, or to `told` where nobody had asked.
    `rung` goes to `answered` when they press the key, or to `in_vain` when the call is over without it.
    """

    TOLD = "told", _("Told by text")
    WANTED = "wanted", _("To be called back")
    RUNG = "rung", _("Called back")
    ANSWERED = "answered", _("Called back, and talked with")
    IN_VAIN = "in_vain", _("Called back in vain")
    LEFT = "left", _("Not called back")


class MissedReason(models.TextChoices):
    """Why they are called back."""

    ASKED = "asked", _("They asked for it by text")
    OWN = "own", _("A user who had called Floyd")


class MissedCall(models.Model):
    """Somebody rang while the database was away, and did not get through."""

    sid = models.CharField(max_length=34, unique=True, help_text="the carrier's, of the call that was missed")
    caller = models.ForeignKey("use_cases.Caller", on_delete=models.CASCADE, related_name="missed_calls")
    rung = models.CharField(max_length=16, help_text="our number that was rung, in E.164")
    state = models.CharField(max_length=8, choices=MissedState, default=MissedState.TOLD, db_default=MissedState.TOLD)
    reason = models.CharField(
        max_length=6, choices=MissedReason, blank=True, default="", db_default="", help_text="of calling back; empty: nobody is"
    )
    call = models.OneToOneField(Call, on_delete=models.SET_NULL, null=True, blank=True, related_name="makes_up_for", help_text="that made up for it")
    wanted_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True, help_text="later than that they are not called back")
    due_at = models.DateTimeField(null=True, blank=True, help_text="of the next look at whether they may be called")
    why_not = models.CharField(max_length=300, blank=True, default="", db_default="", help_text="what kept Floyd from calling, so far or for good")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        """Newest first."""

        ordering = ["-id"]
        indexes = [models.Index(fields=["due_at"], condition=Q(state=MissedState.WANTED), name="missed_call_due")]

    def __str__(self) -> str:
        return f"missed call {self.pk} ({self.state})"
