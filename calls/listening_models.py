"""Who hears the sound of a call in a browser, while it goes on and afterwards."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from requests_app.uuid_v7 import UuidV7


class Listening(models.Model):
    """One browser that asked for a call's sound. It may join once, soon after it asked."""

    id = models.UUIDField(primary_key=True, db_default=UuidV7(), editable=False)
    call = models.ForeignKey("calls.Call", on_delete=models.CASCADE, related_name="listenings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="listenings")
    reason = models.CharField(max_length=200, blank=True, default="", db_default="", help_text="why staff listens; empty: the call's own user")
    session_key = models.CharField(max_length=40, blank=True, default="", db_default="", help_text="its end ends the listening")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """In the order in which they asked."""

        ordering = ["pk"]

    def __str__(self) -> str:
        return f"listening {self.id}"
