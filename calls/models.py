"""Calls, what was said in them, how long each turn took, and what the carrier reported."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from calls.listening_models import Listening  # noqa: F401 - Django looks for models here
from calls.recording.models import RecordingState, SoundChunk  # noqa: F401
from calls.review_models import Label, Labelling, ProviderNote, Review, ReviewNote, StaffReading, TurnPrompt  # noqa: F401 - Django looks for models here
from calls.status import OPEN, CallStatus
from live.foreign import Through, announced
from requests_app.models import Question, Request
from requests_app.uuid_v7 import UuidV7

OPEN_STATUSES = sorted(OPEN)
#: Ways a call reaches us (`Call.line`): we hear and speak, or the carrier does.
LINES = MEDIA_STREAM, CONVERSATION_RELAY, REALTIME = "media_stream", "conversation_relay", "realtime"


class Direction(models.TextChoices):
    """Who rang whom."""

    OUTBOUND = "outbound", _("Made")
    INBOUND = "inbound", _("Taken")


MADE = Q(direction=Direction.OUTBOUND)
#: A caller's, whom Floyd rang back because their own call could not be taken. In all but its dialling it is a call that came in.
RUNG_BACK = Q(direction=Direction.INBOUND) & ~Q(dialled="")
#: The topics that show what belongs to a call.
_TOPICS: dict[str, str | Through] = {"call": "call_id", "request": Through("calls_call", "call_id", "request_id")}


class Call(models.Model):
    """One phone call: made for a request, or taken on a number of ours."""

    id = models.UUIDField(primary_key=True, db_default=UuidV7(), editable=False)
    direction = models.CharField(max_length=8, choices=Direction, default=Direction.OUTBOUND, db_default=Direction.OUTBOUND)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="calls", help_text="whom it is made for, or who rang"
    )
    request = models.ForeignKey(
        Request, on_delete=models.CASCADE, null=True, blank=True, related_name="calls", help_text="that it is made for, or that a caller rang about"
    )
    attempt = models.PositiveIntegerField(default=0, db_default=0, help_text="the request's intent this call carries out; one call each")
    line = models.CharField(max_length=30, default="media_stream", db_default="media_stream")
    number = models.CharField(max_length=16, help_text="E.164 of the other side: the intended callee, or the caller")
    dialled = models.CharField(max_length=16, blank=True, default="", db_default="", help_text="what was really dialled (DIAL_ONLY)")
    caller_id = models.CharField(
        max_length=16, blank=True, default="", db_default="", help_text="number of ours that they see who are rung; empty: the account's own"
    )
    carrier_sid = models.CharField(max_length=34, null=True, blank=True, unique=True)
    stream_sid = models.CharField(max_length=34, blank=True, default="", db_default="")
    token_used_at = models.DateTimeField(null=True, blank=True)
    node = models.CharField(max_length=200, blank=True, default="", db_default="", help_text="wss origin of the media process that has it")
    status = models.CharField(max_length=12, choices=CallStatus, default=CallStatus.NEW, db_default=CallStatus.NEW)
    status_seq = models.IntegerField(default=-1, db_default=-1, help_text="highest SequenceNumber of the carrier's callbacks seen")
    owner = models.CharField(max_length=80, blank=True, default="", db_default="", help_text="process that is placing it")
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True, help_text="written by the media process every 5 s")
    brief = models.JSONField(help_text="CallBrief or ReceptionBrief of calls.conversation: all that the in-call model may know")
    answered_by = models.CharField(max_length=30, blank=True, default="", db_default="")
    disclosure_played_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(default=0, db_default=0)
    end_reason = models.CharField(max_length=40, blank=True, default="", db_default="", help_text="calls.conversation.effects.EndReason")
    situation = models.CharField(
        max_length=12, blank=True, default="", db_default="", help_text="calls.conversation.effects.Situation; empty: unknown"
    )
    situation_since = models.DateTimeField(null=True, blank=True)
    slots = models.JSONField(default=list, blank=True, help_text="typed values heard in the call: offered, asked, agreed")
    usage = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True, help_text="what was used of paid services")
    cost = models.JSONField(default=dict, blank=True, help_text="micro-units by component; null: price unknown")
    recording = models.CharField(
        max_length=8, choices=RecordingState, blank=True, default="", db_default="", help_text="of its sound; empty: nothing was ever kept"
    )
    price_asked = models.PositiveIntegerField(default=0, db_default=0, help_text="how often the carrier was asked what it charges")
    price_due_at = models.DateTimeField(null=True, blank=True, db_default=Now(), help_text="when its cost is looked at next; empty: it is settled")
    error = models.CharField(max_length=200, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """One call per intent; one open call per request and per (user, intended number), and one to whom Floyd rings back."""

        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "attempt"], condition=MADE, name="call_intent"),
            models.UniqueConstraint(fields=["request"], condition=MADE & Q(status__in=OPEN_STATUSES), name="call_open_request"),
            models.UniqueConstraint(fields=["user", "number"], condition=MADE & Q(status__in=OPEN_STATUSES), name="call_open_number"),
            models.UniqueConstraint(fields=["number"], condition=RUNG_BACK & Q(status__in=OPEN_STATUSES), name="call_open_rung_back"),
            models.CheckConstraint(condition=~MADE | Q(request__isnull=False, user__isnull=False), name="call_made_for_somebody"),
        ]
        indexes = [
            models.Index(fields=["status"], condition=Q(status__in=OPEN_STATUSES), name="call_open"),
            models.Index(fields=["price_due_at"], condition=Q(price_due_at__isnull=False), name="call_price_due"),
        ]
        triggers = announced(kind="call", topics={"call": "id", "request": "request_id"})

    def __str__(self) -> str:
        return f"call {self.id} ({self.status})"

    @property
    def is_rung_back(self) -> bool:
        """Whether Floyd dialled it for a caller whose own call could not be taken (`RUNG_BACK`)."""
        return self.direction == Direction.INBOUND and bool(self.dialled)

    @property
    def made_for(self) -> Request:
        """The request that a call of ours is made for. What came in has none: whatever follows from a request must not be asked of it."""
        if self.request is None or self.direction != Direction.OUTBOUND:
            raise ValueError(f"call {self.pk} was not made for a request")
        return self.request


class Speaker(models.TextChoices):
    """Who said a line."""

    CALLEE = "callee", _("Callee")
    FLOYD = "floyd", "Floyd"
    USER = "user", _("You")
    SYSTEM = "system", _("Note")


class TranscriptLine(models.Model):
    """One utterance. `text` is what was really heard; `intended` what our side meant to say into the line before it was cut.

    A line of the user's is `intended` when they spoke into the line themselves; what they told Floyd alone is not.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="lines")
    seq = models.PositiveIntegerField()
    speaker = models.CharField(max_length=8, choices=Speaker)
    text = models.TextField()
    intended = models.TextField(blank=True, default="", db_default="")
    start_ms = models.PositiveIntegerField(help_text="since the stream began")
    end_ms = models.PositiveIntegerField()
    final = models.BooleanField(default=True, db_default=True, help_text="False while words may still change")
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        """In order of speaking."""

        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["call", "seq"], name="line_call_seq")]
        triggers = announced(kind="line", topics=_TOPICS)

    def __str__(self) -> str:
        return f"{self.seq} {self.speaker}: {len(self.text)} characters"


class Turn(models.Model):
    """Where the time of one reply went, in ms. The parts lie end to end and add up to the whole; None where one did not take place."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="turns")
    seq = models.PositiveIntegerField(help_text="sequence of Floyd's transcript line")
    recognition_ms = models.IntegerField(null=True, blank=True, help_text="last speech sample → final words, if they were waited for")
    end_of_turn_ms = models.IntegerField(null=True, blank=True, help_text="from there → decision that they are done")
    tools_ms = models.IntegerField(null=True, blank=True, help_text="tools, and questions to the model before the answered one")
    model_first_token_ms = models.IntegerField(null=True, blank=True, help_text="asked (or decided, when asked ahead) → first token")
    first_clause_ms = models.IntegerField(null=True, blank=True, help_text="first token → first whole clause")
    voice_first_byte_ms = models.IntegerField(null=True, blank=True, help_text="clause → first audio")
    buffer_ms = models.IntegerField(null=True, blank=True, help_text="first audio → first played sample, behind what still played")
    whole_ms = models.IntegerField(null=True, blank=True, help_text="last speech sample → first played sample; empty when nobody had spoken")
    interrupted = models.BooleanField(default=False, db_default=False)
    asked_ahead = models.BooleanField(default=False, db_default=False, help_text="the model was asked before the turn was over")
    prompt_tokens = models.PositiveIntegerField(default=0, db_default=0)
    cached_tokens = models.PositiveIntegerField(default=0, db_default=0)
    completion_tokens = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        """In order."""

        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["call", "seq"], name="turn_call_seq")]
        triggers = announced(kind="turn", topics=_TOPICS)

    def __str__(self) -> str:
        return f"turn {self.seq}: {self.whole_ms} ms"


class Grant(models.Model):
    """What the user allowed during a call, typed. Nothing a callee says can make one."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="grants")
    question = models.ForeignKey(Question, on_delete=models.SET_NULL, null=True, blank=True, related_name="grants")
    kind = models.CharField(max_length=10, help_text="money, fact, date or yes")
    value = models.JSONField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"grant {self.kind}"


class CarrierEvent(models.Model):
    """Inbox of the carrier's callbacks: stored first, then processed, each once."""

    sid = models.CharField(max_length=34)
    kind = models.CharField(max_length=30, help_text="status, stream, message or message_status")
    key = models.CharField(max_length=60, help_text="the carrier's sequence number or state, which tells repeats apart")
    payload = models.JSONField()
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The same callback twice is one row."""

        constraints = [models.UniqueConstraint(fields=["sid", "kind", "key"], name="carrier_event_once")]
        indexes = [models.Index(fields=["processed_at"], condition=Q(processed_at__isnull=True), name="carrier_event_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class MediaNode(models.Model):
    """A media process, as it last said of itself; see `calls.nodes`."""

    name = models.CharField(max_length=200, unique=True, help_text="wss origin")
    heartbeat_at = models.DateTimeField()
    calls = models.PositiveIntegerField(help_text="that it has")
    most_calls = models.PositiveIntegerField(help_text="that it takes")
    ready = models.BooleanField(help_text="more may come: it is neither stopping nor behind with its work")
    site = models.CharField(max_length=200, blank=True, default="", db_default="", help_text="ws origin for browsers; empty: its name")

    def __str__(self) -> str:
        return self.name


class Suppression(models.Model):
    """A number that is never dialled again."""

    number = models.CharField(max_length=16, unique=True)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"suppression {self.pk}"
