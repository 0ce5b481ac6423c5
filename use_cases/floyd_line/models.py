"""PINs with which users act by phone, and whom businesses that call back say they were called for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class PhonePin(models.Model):
    """A user's PIN: a caller's number can be forged, so it alone moves nothing."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="phone_pin")
    digits = models.CharField(max_length=128, help_text="hashed, as passwords are")
    wrong = models.PositiveSmallIntegerField(default=0, help_text="tries since the last right one")
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"PIN of user {self.user_id}"


class PinGiven(models.Model):
    """In this call the caller has given the PIN."""

    call = models.OneToOneField("calls.Call", on_delete=models.CASCADE, related_name="pin_given")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"PIN given in call {self.call_id}"


class CallBackTry(models.Model):
    """Somebody who calls back has said for whom Floyd called: a number can be forged, so it alone opens nothing."""

    call = models.ForeignKey("calls.Call", on_delete=models.CASCADE, related_name="call_back_tries")
    request = models.ForeignKey("requests_app.Request", on_delete=models.CASCADE, related_name="call_back_tries", help_text="that was waiting")
    right = models.BooleanField(help_text="the request may be told and settled in this call")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        """In order."""

        ordering = ["id"]

    def __str__(self) -> str:
        return f"call-back try {self.pk}"
