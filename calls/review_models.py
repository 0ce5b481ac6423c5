"""What staff think of calls, and what they need to find those worth a look. Part of `calls.models`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

#: From where on a call counts as slow, talked over or dear; lists of these are kept ready.
SLOW_MS, CUT_SHORT, DEAR_MICROS = 1500, 1, 100_000


class Verdict(models.TextChoices):
    """What a reviewer says of a call."""

    GOOD = "good", _("Good")
    POOR = "poor", _("Poor")
    LEAK = "leak", _("Leak")
    RUDE = "rude", _("Rude")
    OTHER = "other", _("Other")


class Label(models.Model):
    """A word by which staff sort calls."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        """By name."""

        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """An ended call as the queue of reviews lists it, and what was said of it. No words of the call, no name, no number.

    Its key is the call's, which is ordered by time: every list is in that order, and has an index that ends in it.
    """

    call = models.OneToOneField("calls.Call", on_delete=models.CASCADE, primary_key=True, related_name="review")
    ended_at = models.DateTimeField()
    line = models.CharField(max_length=30)
    outcome = models.CharField(max_length=40, help_text="end reason of a call that was held, otherwise its status")
    use_case = models.CharField(max_length=40, blank=True, default="", help_text="what it was about: a use case, or the kind of the plan")
    seconds = models.PositiveIntegerField(default=0)
    turns = models.PositiveIntegerField(default=0)
    slowest_ms = models.PositiveIntegerField(null=True, help_text="longest wait for an answer; empty: nobody waited")
    interruptions = models.PositiveIntegerField(default=0, help_text="replies that were cut short")
    cut_ins = models.PositiveIntegerField(default=0, help_text="replies that began while the callee was not done")
    cost_micros = models.BigIntegerField(null=True, help_text="as far as prices are known")
    currency = models.CharField(max_length=3, blank=True, default="")
    recognition = models.CharField(max_length=80, blank=True, default="", help_text="service that heard")
    model = models.CharField(max_length=80, blank=True, default="")
    voice = models.CharField(max_length=80, blank=True, default="")
    flags = models.CharField(max_length=120, blank=True, default="", help_text="calls.review.flags.Flag, divided by spaces")
    verdict = models.CharField(max_length=5, choices=Verdict, blank=True, default="", db_default="", help_text="empty: not reviewed yet")
    verdict_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    verdict_at = models.DateTimeField(null=True, blank=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    labels = models.ManyToManyField(Label, through="calls.Labelling", related_name="reviews")

    class Meta:
        """Newest first; each filter of the queue has an index in that order."""

        ordering = ["-call"]
        indexes = [
            models.Index(fields=["verdict", "call"], name="review_verdict"),
            models.Index(fields=["outcome", "call"], name="review_outcome"),
            models.Index(fields=["use_case", "call"], name="review_use_case"),
            models.Index(fields=["assignee", "call"], name="review_assignee"),
            models.Index(fields=["call"], condition=Q(assignee=None, verdict=""), name="review_free"),
            models.Index(fields=["call"], condition=~Q(verdict=""), name="review_judged"),
            models.Index(fields=["call"], condition=~Q(flags=""), name="review_flagged"),
            models.Index(fields=["call"], condition=Q(slowest_ms__gte=SLOW_MS), name="review_slow"),
            models.Index(fields=["call"], condition=Q(interruptions__gte=CUT_SHORT), name="review_interrupted"),
            models.Index(fields=["call"], condition=Q(cost_micros__gte=DEAR_MICROS), name="review_dear"),
            models.Index(fields=["ended_at"], name="review_ended"),
        ]

    def __str__(self) -> str:
        return f"review of {self.call_id}"

    @property
    def length_ms(self) -> int:
        """How long it was talked."""
        return self.seconds * 1000

    @property
    def tone(self) -> str:
        """The colour of its verdict."""
        return {Verdict.GOOD: "done", Verdict.OTHER: "idle", "": ""}.get(self.verdict, "fail")


class Labelling(models.Model):
    """A label on a review."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="labellings")
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="labellings")

    class Meta:
        """Each once, found by label in order of time."""

        constraints = [models.UniqueConstraint(fields=["label", "review"], name="labelling_once")]

    def __str__(self) -> str:
        return f"{self.label_id} on {self.review_id}"


class ReviewNote(models.Model):
    """What a reviewer wrote about a call."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    seq = models.PositiveIntegerField(null=True, blank=True, help_text="transcript line that it is about; empty: the whole call")
    text = models.CharField(max_length=1000)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """In order."""

        ordering = ["id"]

    def __str__(self) -> str:
        return f"note {self.pk} on {self.review_id}"


class StaffReading(models.Model):
    """That a member of staff opened a call, a record or a list with records of somebody, and why. Written before anything of it is shown."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="staff_readings",
        help_text="whose; empty: nobody's with an account",
    )
    call = models.ForeignKey(
        "calls.Call", on_delete=models.CASCADE, null=True, related_name="staff_readings", help_text="that was opened, or that the record belongs to"
    )
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=200)
    what = models.CharField(
        max_length=60, default="page", help_text="of a call its page, recording, export or hand-off; else the model, such as context.fact"
    )
    row = models.CharField(max_length=40, blank=True, default="", db_default="", help_text="key of the record; empty: a call, or a list")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """Newest first."""

        ordering = ["-id"]
        indexes = [
            models.Index(fields=["staff", "call", "-opened_at"], name="staff_reading_open"),
            models.Index(fields=["user", "-opened_at"], name="staff_reading_whose"),
        ]

    def __str__(self) -> str:
        return f"reading of {self.what} {self.call_id or self.row} by {self.staff_id}"


class TurnPrompt(models.Model):
    """One question to the in-call model, word for word, with its answer; written by the call's line, forgotten after some weeks.

    `calls.review.prompts` puts a question together with the beginning that it shares with the call's first.
    """

    call = models.ForeignKey("calls.Call", on_delete=models.CASCADE, related_name="prompts")
    number = models.PositiveIntegerField(help_text="place among the call's questions, from 1")
    purpose = models.CharField(max_length=10, help_text="answer, or summary of older talk")
    model = models.CharField(max_length=80)
    shared = models.PositiveIntegerField(help_text="messages that it begins with as the first question does")
    messages = models.JSONField(help_text="the messages behind those")
    tools = models.JSONField(null=True, blank=True, help_text="tools offered; empty: those of the first question")
    cut = models.BooleanField(default=False, help_text="too long to be kept: its own messages are missing")
    asked_ms = models.PositiveIntegerField(help_text="since the stream began")
    first_ms = models.PositiveIntegerField(null=True, blank=True, help_text="first piece of the answer; empty: none came")
    done_ms = models.PositiveIntegerField()
    ended = models.CharField(max_length=8, help_text="whole, stopped (not waited for) or failed")
    text = models.TextField(blank=True, default="")
    calls = models.JSONField(default=list, blank=True, help_text="tools asked for: name and arguments as the model wrote them")
    finish_reason = models.CharField(max_length=20, blank=True, default="")
    prompt_tokens = models.PositiveIntegerField(default=0)
    cached_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """In order."""

        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="turn_prompt_number")]
        indexes = [models.Index(fields=["created_at"], name="turn_prompt_age")]

    def __str__(self) -> str:
        return f"question {self.number} of {self.call_id}"


class ProviderNote(models.Model):
    """What recogniser, voice, carrier or the model that speaks reported during a call, and what Floyd did itself; forgotten with the prompts."""

    call = models.ForeignKey("calls.Call", on_delete=models.CASCADE, related_name="provider_notes")
    at_ms = models.PositiveIntegerField(help_text="since the stream began")
    source = models.CharField(max_length=12, help_text="recognition, voice, carrier, model, or floyd for what it did itself")
    kind = models.CharField(max_length=20, help_text="as the service names it: final, mark, clear, interrupt, …; of Floyd keys, tool or answer")
    data = models.JSONField(default=dict, blank=True, help_text="what came with it; of a call that came in without the caller's words")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """In order."""

        ordering = ["at_ms", "id"]
        indexes = [models.Index(fields=["created_at"], name="provider_note_age")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} of {self.call_id}"
