"""The sound of calls that is kept. Part of `calls.models`."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

#: Whether any ended call of a request can be listened to, as SQL about its row: lists ask it of every request, pushed rows in their one query.
HEARD_OF_REQUEST = (
    "exists (select from calls_call call join calls_soundchunk sound on sound.call_id = call.id "
    "where call.request_id = requests_app_request.id and call.ended_at is not null)"
)


class RecordingState(models.TextChoices):
    """Of a call's recording, once it began."""

    ON = "on", _("recording")
    OFF = "off", _("recorded")
    REFUSED = "refused", _("they did not want to be recorded")


class SoundChunk(models.Model):
    """Some seconds of a call, both sides in μ-law at 8 kHz, equally long. A call has them in the order of their keys."""

    call = models.ForeignKey("calls.Call", on_delete=models.CASCADE, related_name="sound")
    after_line = models.PositiveIntegerField(help_text="last transcript line before this part of a call that came back; else 0")
    start_ms = models.PositiveIntegerField(help_text="on the clock of the transcript's lines")
    lost_ms = models.PositiveIntegerField(help_text="what could not be kept before it")
    theirs = models.BinaryField()
    ours = models.BinaryField(help_text="what was played of our side")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """In the order in which they were kept."""

        ordering = ["pk"]
        indexes = [models.Index(fields=["created_at"], name="sound_chunk_age")]

    def __str__(self) -> str:
        return f"sound at {self.start_ms} ms"
