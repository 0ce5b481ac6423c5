"""What a request has cost so far, line by line."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from live.foreign import announced


class Component(models.TextChoices):
    """What is paid for."""

    CARRIER = "carrier", _("Telephone")
    RECOGNITION = "recognition", _("Hearing")
    MODEL = "model", _("Thinking")
    VOICE = "voice", _("Voice")


class Basis(models.TextChoices):
    """Where a price comes from."""

    USAGE = "usage", _("By use and price list")
    REPORTED = "reported", _("As the service says")


class Charge(models.Model):
    """One line: what was used of one service, and its price in micro-units (millionths of the currency)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="charges")
    request = models.ForeignKey("requests_app.Request", on_delete=models.CASCADE, related_name="charges")
    call = models.UUIDField(null=True, blank=True, help_text="the call that it was used in; empty: before or after a call")
    component = models.CharField(max_length=12, choices=Component)
    what = models.CharField(max_length=80, help_text="model, voice or destination, as the price list names it")
    quantities = models.JSONField(default=dict, help_text="e.g. input_tokens, cached_tokens, output_tokens, characters, ms")
    micros = models.BigIntegerField(null=True, blank=True, help_text="price in micro-units; empty: unknown")
    counted_micros = models.BigIntegerField(help_text="what counts against daily limits: the price, or what was set aside where it is unknown")
    currency = models.CharField(max_length=3)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.USAGE)
    key = models.CharField(max_length=120, unique=True, help_text="names what is charged: the same again is this line")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """In order; a user's day is summed up often."""

        ordering = ["id"]
        indexes = [models.Index(fields=["user", "created_at"])]
        triggers = announced(kind="request", ref="request_id", topics={"request": "request_id"})
        constraints = [models.CheckConstraint(condition=models.Q(counted_micros__gte=0), name="charge_counted")]

    def __str__(self) -> str:
        return f"{self.component} {self.what}"
