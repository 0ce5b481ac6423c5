"""What this app holds of a user: what of it they take along, and what goes before their rows go."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from calls.lines.repertoire import owner_of
from calls.listening_models import Listening
from calls.models import OPEN_STATUSES, Call, CarrierEvent, Grant, TranscriptLine, Turn
from calls.recording.models import RecordingState, SoundChunk
from calls.review_models import Labelling, ProviderNote, Review, ReviewNote, StaffReading, TurnPrompt
from context import export, leaving
from context.models import User
from providers.phrases import forget_on_disk
from requests_app import retention
from requests_app.models import Message, Request

#: A call that is stopped ends within seconds. What is still open after this long is not heard of any more.
LONGEST_GOODBYE = timedelta(minutes=20)
MOST_CALLBACKS_AT_ONCE = 5000


def register_all() -> None:
    """Called when the app starts."""
    export.register("calls", Call, without=("lease_until", "owner", "node", "heartbeat_at", "token_used_at"))
    export.register("lines", TranscriptLine)
    export.register("turns", Turn)
    export.register("grants", Grant)
    export.register("sound", SoundChunk, rows_at_once=10)
    export.register("listenings", Listening, without=("session_key",))
    export.register("staff_readings", StaffReading, without=("staff",))
    for model in (Review, Labelling, ReviewNote):
        export.leave_out(model, "what staff think of how Floyd did; of the user it holds nothing that is not in the call")
    export.leave_out(TurnPrompt, "made of facts, plan and transcript, which are taken along; forgotten after some weeks")
    export.leave_out(ProviderNote, "how the services did that Floyd hears and speaks by; the words are in the transcript; forgotten after some weeks")
    leaving.register(calls_are_over)
    retention.register(forget_calls_of)
    leaving.register(forget_callbacks)
    leaving.register(forget_phrases)
    leaving.register_topics(lambda user: [f"call.{key}" for key in Call.objects.filter(user=user).values_list("pk", flat=True)])


def calls_are_over(user: User) -> bool:
    """Whether no call is on; whoever has one is writing its rows."""
    late = user.leaving_at is not None and user.leaving_at < timezone.now() - LONGEST_GOODBYE
    return late or not Call.objects.filter(user=user, status__in=OPEN_STATUSES).exists()


def forget_callbacks(user: User) -> bool:
    """What the carrier reported of their calls and texts."""
    sids = {
        *Call.objects.filter(user=user).values_list("carrier_sid", flat=True),
        *Message.objects.filter(user=user).values_list("carrier_sid", flat=True),
    }
    CarrierEvent.objects.filter(Q(sid__in=sids - {None})).delete()
    return True


def forget_calls_of(wish: Request) -> bool:
    """What stands beside the calls of a request that is deleted; their own rows go with it."""
    if wish.calls.filter(status__in=OPEN_STATUSES).exists():
        return False
    sids = {*wish.calls.values_list("carrier_sid", flat=True), *wish.messages.values_list("carrier_sid", flat=True)}
    CarrierEvent.objects.filter(sid__in=sids - {None}).delete()
    for key in wish.calls.values_list("pk", flat=True):
        retention.forget_topic(f"call.{key}")
    return True


def forget_old_callbacks() -> int:
    """What the carrier reported and was acted on goes after the least time for which records are kept. Returns how many rows went."""
    until = timezone.now() - timedelta(days=settings.KEEP_RECORDS_LEAST_DAYS)
    old = CarrierEvent.objects.filter(processed_at__lt=until).order_by("pk").values_list("pk", flat=True)[:MOST_CALLBACKS_AT_ONCE]
    return CarrierEvent.objects.filter(pk__in=list(old)).delete()[0]


def forget_old_sound() -> int:
    """Recordings go when their own time is over, and those that somebody objected to, should any be left. Returns how many pieces went."""
    until = timezone.now() - timedelta(days=settings.KEEP_RECORDINGS_DAYS)
    over = SoundChunk.objects.filter(created_at__lt=until).order_by("created_at").values_list("pk", flat=True)[:MOST_CALLBACKS_AT_ONCE]
    gone = SoundChunk.objects.filter(pk__in=list(over)).delete()[0]
    return gone + SoundChunk.objects.filter(call__recording=RecordingState.REFUSED).delete()[0]


def forget_phrases(user: User) -> bool:
    """What was rendered in their name on this machine; other machines look every few minutes whose phrases still have a user."""
    forget_on_disk(settings.PHRASE_CACHE, owner_of(user.pk))
    return True
