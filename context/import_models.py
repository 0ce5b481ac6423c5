"""A file that a user imports: looked at first, saved as one batch, undone as one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ImportStatus(models.TextChoices):
    """Life of an import."""

    READ = "read", _("To be looked at")
    SAVED = "saved", _("Saved")
    UNDONE = "undone", _("Undone")


class ImportBatch(models.Model):
    """What was read of a file. Rows that came of it name it as `import:<id>`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imports")
    name = models.CharField(max_length=120, help_text="of the file")
    items = models.JSONField(default=list, help_text="what would be saved; empty once it is")
    troubles = models.JSONField(default=list, help_text="what was left out, and why")
    notes = models.JSONField(default=list)
    saved = models.PositiveIntegerField(default=0, help_text="rows that came of it")
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.READ)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """Newest first."""

        ordering = ["-id"]

    def __str__(self) -> str:
        return f"import {self.pk}"
