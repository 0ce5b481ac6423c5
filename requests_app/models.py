"""Requests, the questions they raise, what happened to them, and the messages to and from their users."""

from __future__ import annotations

import math
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from context.mail.delivery_status import FULL, means_nobody
from context.models import Contact
from context.snapshot import find
from live.foreign import Through, announced
from requests_app.charge import Charge  # noqa: F401 - Django looks for models here
from requests_app.next_step import Correction, NextStep  # noqa: F401
from requests_app.opt_out import OptOut  # noqa: F401
from requests_app.status import Status
from requests_app.uuid_v7 import UuidV7

#: Where requests are searched: the ask, and what lists show of the plan and of what came of it.
WORDS = SearchVector("ask", KT("plan__title"), KT("plan__callee__name"), KT("outcome__summary"), KT("outcome__answer"), config="simple")


class Channel(models.TextChoices):
    """How a request came in."""

    WEB = "web", _("Typed on the page")
    VOICE = "voice", _("Said on the page")
    API = "api", "API"
    SMS = "sms", _("Text message")
    EMAIL = "email", _("Email")
    CALL = "call", _("Call to Floyd")
    CALLER = "caller", _("Somebody's call to your number")
    COMMAND = "command", _("Command line")
    ROW = "row", _("Row inserted by hand")


#: Who asked by one of these looks at no page: how it ended is told by message even when it ended at once.
BY_MESSAGE = frozenset({Channel.SMS, Channel.EMAIL, Channel.CALL})


class Request(models.Model):
    """One wish of a user, from ask to outcome."""

    id = models.UUIDField(primary_key=True, db_default=UuidV7(), editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="requests")
    ask = models.TextField(help_text="the user's own words")
    planned_ask = models.TextField(blank=True, default="", db_default="", help_text="the ask that was planned; another `ask` was edited by hand")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.WEB, db_default=Channel.ROW)
    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING, db_default=Status.PENDING)
    client_key = models.CharField(max_length=120, blank=True, default="", db_default="", help_text="idempotency key of the sender")
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="follow_ups")
    current_snapshot = models.ForeignKey(
        "Snapshot",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="what was known when it was planned; empty: to be taken",
    )
    relevant = models.JSONField(null=True, blank=True, help_text="ids of what the planner found to matter, of that snapshot")
    plan = models.JSONField(null=True, blank=True, help_text="requests_app.plan.ActionPlan")
    plan_version = models.PositiveIntegerField(default=0, db_default=0, help_text="counts the plans that came into force, made or edited")
    plan_edits = models.JSONField(default=dict, blank=True, db_default={}, help_text="what the user wrote into the plan; planning keeps to it")
    plan_text = models.TextField(blank=True, default="", db_default="", help_text="the plan as it streams in, before it is whole")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="requests")
    number = models.CharField(max_length=16, blank=True, default="", db_default="", help_text="E.164 of whom to call")
    number_evidence = models.CharField(max_length=200, blank=True, default="", db_default="", help_text="where the number comes from")
    candidates = models.JSONField(null=True, blank=True, help_text="requests_app.candidates.Candidates: what the directory lists, and what was tried")
    attempt = models.PositiveIntegerField(default=0, db_default=0, help_text="intents to call so far; one call may exist for each")
    limit_minor = models.PositiveIntegerField(
        null=True, blank=True, help_text="most that may be agreed to, in minor units; empty: no money was granted"
    )
    limit_source = models.CharField(max_length=60, blank=True, default="", db_default="", help_text="who granted it, e.g. question:<id>")
    outcome = models.JSONField(null=True, blank=True, help_text="requests_app.outcome.Outcome, or the answer with its sources")
    trouble = models.CharField(max_length=300, blank=True, default="", db_default="", help_text="what went wrong, for the user")
    not_before = models.DateTimeField(null=True, blank=True, help_text="when it is due next")
    put_off_until = models.DateTimeField(null=True, blank=True, help_text="not called before then, also when it is planned anew")
    put_off_number = models.CharField(max_length=16, blank=True, default="", db_default="", help_text="whom that is about; empty: anybody")
    undo_until = models.DateTimeField(null=True, blank=True, help_text="until then it can be taken back, and nothing of it leaves Floyd")
    lease_until = models.DateTimeField(null=True, blank=True, help_text="who works on it has until then; database time")
    tries = models.PositiveIntegerField(default=0, db_default=0, help_text="how often the planner failed in a row")
    event_seq = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    kept = models.BooleanField(default=False, db_default=False, help_text="its user keeps it, however old it gets")
    learn_after = models.DateTimeField(null=True, blank=True, help_text="ended, and not learned from yet: from then on it is")

    class Meta:
        """Newest first; the sender's key is unique per user."""

        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "client_key"], condition=~Q(client_key=""), name="request_client_key")]
        indexes = [
            models.Index(fields=["user", "-id"]),
            models.Index(fields=["user", "status", "-id"]),
            models.Index(fields=["user", "created_at"]),
            GinIndex(WORDS, name="request_words_shown"),
            models.Index(F("id"), name="request_hand_edited", condition=~Q(planned_ask="") & ~Q(ask=F("planned_ask"))),
            models.Index(F("not_before"), name="request_due", condition=~Q(status__in=["done", "failed", "cancelled"])),
            models.Index(fields=["ended_at"], condition=Q(kept=False, ended_at__isnull=False), name="request_kept_until"),
            models.Index(fields=["learn_after"], condition=Q(learn_after__isnull=False), name="request_learn"),
        ]
        triggers = announced(kind="request", topics={"request": "id", "user": "user_id"})

    def __str__(self) -> str:
        return self.ask[:80]

    @property
    def undo_left_s(self) -> int:
        """Whole seconds for which it can still be taken back; 0: it is too late."""
        return max(0, math.ceil((self.undo_until - timezone.now()).total_seconds())) if self.undo_until else 0

    def get_absolute_url(self) -> str:
        """Its page; for staff who come from the admin, the form that asks for their reason."""
        return reverse("request", args=[self.pk])

    @property
    def snapshot(self) -> dict[str, Any] | None:
        """What was known when it was planned (`context.snapshot`); None: not taken yet."""
        taken = self.current_snapshot
        return taken.data if taken else None


class Snapshot(models.Model):
    """What was known about the user when a request was planned: written once, and never changed afterwards.

    A request gets another version when its ask is edited or it is planned anew; the old ones stay to be read. Deleting is left to
    the deletion of the request or of the user: what is to be forgotten is forgotten.
    """

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="snapshots")
    version = models.PositiveIntegerField()
    ask = models.TextField(help_text="the ask and the answers that it was chosen for")
    data = models.JSONField(help_text="context.snapshot.take_snapshot")
    taken_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """In order."""

        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["request", "version"], name="snapshot_version")]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"snapshot {self.version} of {self.request_id}"


class Event(models.Model):
    """Something that happened to a request; append-only, numbered per request. What the timeline shows."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40, help_text="e.g. status, asked, answered, dialled")
    text = models.CharField(max_length=400, blank=True, help_text="for the user")
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """In order."""

        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["request", "seq"], name="event_request_seq")]
        triggers = announced(kind="event", topics={"request": "request_id"})

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class QuestionKind(models.TextChoices):
    """What sort of answer is wanted."""

    TEXT = "text", _("Text")
    YES_NO = "yes_no", _("Yes or no")
    MONEY = "money", _("An amount")
    CHOICE = "choice", _("One of several")


class QuestionStatus(models.TextChoices):
    """Life of a question."""

    OPEN = "open", _("Open")
    CONFIRMING = "confirming", _("Answered; needs a tap in the app")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class Question(models.Model):
    """Something only the user can say. The first answer wins."""

    id = models.UUIDField(primary_key=True, db_default=UuidV7(), editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=10, choices=QuestionKind, default=QuestionKind.TEXT)
    text = models.CharField(max_length=400)
    choices = models.JSONField(default=list, blank=True)
    step = models.CharField(max_length=20, help_text="what waits for it, see requests_app.steps")
    waiter = models.CharField(max_length=80, blank=True, default="", db_default="", help_text="channel group to poke on an answer, e.g. call.<id>")
    slots = models.JSONField(default=dict, blank=True, help_text="typed, quoted values it is about: item, amount_minor, currency")
    status = models.CharField(max_length=12, choices=QuestionStatus, default=QuestionStatus.OPEN, db_default=QuestionStatus.OPEN)
    answer_text = models.CharField(max_length=1000, blank=True, default="", db_default="", help_text="the user's own words")
    answer = models.JSONField(null=True, blank=True, help_text="typed answer: {amount_minor, currency}, {yes}, {choice} or {text}")
    answered_by = models.CharField(max_length=10, blank=True, default="", db_default="", help_text="page, sms, email or api")
    text_number = models.PositiveSmallIntegerField(null=True, blank=True, help_text="by which a text message names it when several are open")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering = ["-id"]
        indexes = [models.Index(fields=["request", "status"])]
        triggers = announced(kind="question", topics={"request": "request_id", "user": Through("requests_app_request", "request_id", "user_id")})

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def releases(self) -> str:
        """The statement that a yes would release, for the page; empty for other questions."""
        fact = find(self.request.snapshot or {}, str(self.slots.get("fact", "")))
        return str(fact["statement"]) if fact else ""


class MessageStatus(models.TextChoices):
    """Delivery of a message. `sending` whose sender died becomes `unknown`; it is not sent again by itself."""

    NEW = "new", _("To be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown")
    RECEIVED = "received", _("Received")


class Way(models.TextChoices):
    """How a message travels."""

    TEXT = "text", _("Text message")
    EMAIL = "email", _("Email")
    PUSH = "push", _("Notification")


#: Error code of an email that was not sent, since an earlier one to its address came back.
BOUNCED = "bounced"


class Message(models.Model):
    """What Floyd told a user or they told Floyd, by text message, email or notification: outbox and inbox in one."""

    id = models.UUIDField(primary_key=True, db_default=UuidV7(), editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="messages")
    request = models.ForeignKey(Request, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages")
    question = models.ForeignKey(Question, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages")
    outbound = models.BooleanField()
    way = models.CharField(max_length=10, choices=Way, default=Way.TEXT, db_default=Way.TEXT)
    peer = models.CharField(max_length=254, blank=True, help_text="the other side: E.164 or an email address; empty for notifications")
    subject = models.CharField(max_length=200, blank=True, default="", db_default="")
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True, default="", db_default="", help_text="path of the page it leads to")
    urgent = models.BooleanField(default=False, db_default=False)
    template = models.CharField(max_length=40, blank=True, default="", db_default="", help_text="what its words were made from; empty: written anew")
    copy_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="copies", help_text="said by another way before"
    )
    status = models.CharField(max_length=10, choices=MessageStatus, default=MessageStatus.NEW, db_default=MessageStatus.NEW)
    carrier_sid = models.CharField(max_length=34, null=True, blank=True, unique=True)
    error_code = models.CharField(max_length=10, blank=True, default="", db_default="")
    dedupe_key = models.CharField(max_length=120, null=True, blank=True, unique=True, help_text="the same thing is said once")
    not_before = models.DateTimeField(null=True, blank=True, help_text="it waits for the user's morning")
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """In order of time."""

        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["status"], condition=Q(status__in=["new", "sending"]), name="message_outbox"),
            models.Index(fields=["user", "created_at"]),
        ]
        triggers = announced(kind="message", topics={"request": "request_id", "user": "user_id"})

    def __str__(self) -> str:
        return f"{'to' if self.outbound else 'from'} {self.user_id or 'unknown'}: {len(self.body)} characters"

    @property
    def trouble(self) -> str:
        """Why an email did not arrive, for its user; empty: it did, or nobody said why."""
        if self.way != Way.EMAIL or self.status != MessageStatus.FAILED:
            return ""
        if self.error_code == BOUNCED or means_nobody(self.error_code):
            return gettext("nobody has this address")
        return gettext("the mailbox is full") if self.error_code in FULL else ""
