"""Mailboxes that users connected, mails that Floyd read, browsers that want to be told. Part of `context.models`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField


class MailboxStatus(models.TextChoices):
    """Whether Floyd reads it."""

    ACTIVE = "active", _("Read regularly")
    PAUSED = "paused", _("Paused: it needs you")


class Mailbox(models.Model):
    """A mailbox that Floyd reads over IMAP and never changes. The one without a user is Floyd's own, whose password stands in the settings."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="mailbox")
    host = models.CharField(max_length=200)
    port = models.PositiveIntegerField(default=993)
    username = models.CharField(max_length=200)
    password = EncryptedTextField(null=True, blank=True, help_text="empty for Floyd's own")
    folders = models.JSONField(default=list, help_text="names of the folders that are read")
    places = models.JSONField(default=dict, blank=True, help_text="folder → {validity, uid}: up to which mail it was read")
    status = models.CharField(max_length=10, choices=MailboxStatus, default=MailboxStatus.ACTIVE)
    trouble = models.CharField(max_length=300, blank=True, default="", help_text="what went wrong last, for the user")
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    due_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="when it was last read to the end")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """Found by when they are due; Floyd has one of its own."""

        verbose_name_plural = "mailboxes"
        constraints = [models.UniqueConstraint(models.Value(1), condition=Q(user__isnull=True), name="mailbox_own_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(status="active"), name="mailbox_due")]

    def __str__(self) -> str:
        return f"mailbox {self.pk}"


class MailStatus(models.TextChoices):
    """Life of a mail."""

    NEW = "new", _("To be read")
    READ = "read", _("Read")
    SKIPPED = "skipped", _("Not read")
    FAILED = "failed", _("Could not be read")


class Mail(models.Model):
    """A mail that reached Floyd: its text up to a bound, never its HTML. Data about the user, and never an instruction."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mails")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.SET_NULL, null=True, blank=True, related_name="mails")
    message_id = models.CharField(max_length=200, blank=True, default="")
    digest = models.CharField(max_length=64, help_text="SHA-256 of sender, date, subject and text: the same mail again, by whatever way")
    sender = models.CharField(max_length=254, blank=True, default="")
    sender_name = models.CharField(max_length=120, blank=True, default="")
    subject = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(blank=True, default="")
    cut = models.BooleanField(default=False, help_text="there was more than is kept")
    attachments = models.JSONField(default=list, blank=True, help_text="names of what was attached")
    events = models.JSONField(default=list, blank=True, help_text="appointments of its calendar file: title, starts_at, ends_at, place, all_day")
    by_user = models.BooleanField(default=False, help_text="sent by the user, as far as the receiving server could prove")
    status = models.CharField(max_length=10, choices=MailStatus, default=MailStatus.NEW)
    trouble = models.CharField(max_length=200, blank=True, default="")
    tries = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="as the mail says")
    received_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """Newest first; the same mail is there once."""

        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "message_id"], condition=~Q(message_id=""), name="mail_message_id"),
            models.UniqueConstraint(fields=["user", "digest"], name="mail_digest"),
        ]
        indexes = [models.Index(fields=["received_at"], condition=Q(status="new"), name="mail_to_read")]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class BouncedAddress(models.Model):
    """An address at which nobody gets mail, as a mail server said."""

    address = models.CharField(max_length=254, unique=True, help_text="lower case")
    code = models.CharField(max_length=10, help_text="what the server said (RFC 3463)")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """Newest first."""

        verbose_name_plural = "bounced addresses"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"bounced address {self.pk}"


class PushSubscription(models.Model):
    """A browser that wants to be told, as its push service knows it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    device = models.CharField(max_length=120, blank=True, default="", help_text="as the browser names itself, for the user to tell devices apart")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Oldest first."""

        ordering = ["id"]

    def __str__(self) -> str:
        return f"push subscription {self.pk}"
