"""What programs get in with, and what they did under their own keys. Part of `context.models`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ApiToken(models.Model):
    """A program's key to the API, as its user. The secret itself is shown once and kept nowhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60, help_text="what it is for, in the user's words")
    prefix = models.CharField(max_length=12, unique=True, help_text="the part by which it is found and told apart; no secret")
    secret_sha256 = models.CharField(max_length=64, help_text="of a secret of 256 random bits, which needs no slow hash")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="to the minute")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; one that is in use has its name for itself."""

        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], condition=models.Q(revoked_at__isnull=True), name="api_token_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"


class IdempotencyKey(models.Model):
    """A POST that was carried out under the sender's own key: the same one again gives what became of the first.

    Holds no content: only a hash of the body and the id of the thing, which is shown as it is now.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="idempotency_keys")
    operation = models.CharField(max_length=120, help_text="what was done, e.g. facts")
    key = models.CharField(max_length=120)
    body_sha256 = models.CharField(max_length=64)
    ref = models.CharField(max_length=40, help_text="primary key of the thing")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """A key is used once per user and operation."""

        constraints = [models.UniqueConstraint(fields=["user", "operation", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return f"{self.operation} by {self.user_id}"
