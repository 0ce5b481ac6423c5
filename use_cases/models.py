"""Use cases and their versions, the numbers they answer, who rang, and what was done during a call.

What one use case keeps (slots, orders, …) stands in its own folder: `use_cases/<slug>/models.py`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from context.bounced import is_bounced
from use_cases.missed_models import MissedCall  # noqa: F401 - Django looks for models here


def no_data() -> Value:
    """An empty JSON object, made by the database."""
    return Value({}, models.JSONField())


class Caller(models.Model):
    """Somebody who rang, as far as they told. Who withholds the number is somebody new each time."""

    number = models.CharField(max_length=16, blank=True, default="", db_default="", help_text="E.164; empty: withheld")
    first_name = models.CharField(max_length=80, blank=True, default="", db_default="")
    last_name = models.CharField(max_length=80, blank=True, default="", db_default="")
    email = models.EmailField(blank=True, default="", db_default="")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="callers", help_text="whose verified number it is"
    )
    use_case = models.SlugField(max_length=60, blank=True, default="", db_default="", help_text="slug they chose from the menu")
    data = models.JSONField(default=dict, db_default=no_data(), blank=True, help_text="what use cases keep about them")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        """One for each number."""

        constraints = [models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="caller_number")]

    def __str__(self) -> str:
        return f"caller {self.pk}"

    @property
    def name(self) -> str:
        """First and last, as far as they told; may be empty."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def called(self) -> str:
        """What staff call them by: a name, else the number."""
        return self.name or self.number or "(withheld)"

    @property
    def email_on_file(self) -> str:
        """Where mail for them goes: what staff wrote down, else the address of the user whose verified number it is; empty: nowhere."""
        return self.email or (self.user.email if self.user is not None else "")

    @property
    def takes_mail(self) -> bool:
        """Whether there is an address, and mail to it has not come back."""
        return bool(self.email_on_file) and not is_bounced(self.email_on_file)


class UseCase(models.Model):
    """Something that Floyd does for people who ring."""

    slug = models.SlugField(max_length=60, unique=True, help_text="name of its folder in use_cases/")
    current = models.ForeignKey("UseCaseVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="for new calls")

    class Meta:
        """By name."""

        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class UseCaseVersion(models.Model):
    """One state of a use case. Never changed: an edit makes the next version, and a running call keeps its own."""

    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within its use case")
    title = models.CharField(max_length=80)
    description = models.CharField(max_length=500)
    prompt = models.TextField(help_text="with {{USER_CONTEXT}}, {{AVAILABLE_DEMOS}}, {{CURRENT_DATE}}")
    greeting = models.CharField(max_length=500, help_text="the first words; they say that this is an AI")
    line = models.CharField(max_length=30, blank=True, default="", db_default="", help_text="that its calls come over; empty: as set for all calls")
    live_agent = models.CharField(max_length=16, blank=True, default="", db_default="", help_text="E.164 of who takes calls over; empty: nobody")
    relay = models.JSONField(default=dict, db_default=no_data(), blank=True, help_text="attributes of the carrier's <ConversationRelay>")
    keys = models.JSONField(default=dict, db_default=no_data(), blank=True, help_text="what each key of the phone does")
    translations = models.JSONField(
        default=dict, db_default=no_data(), blank=True, help_text="greeting and other fixed words in other languages: by language, then by text"
    )
    tools = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True, help_text="names of tools in its tools.py")
    record = models.BooleanField(default=False, db_default=False, help_text="its calls may be recorded, where the site allows it; callers are told")
    folder_hash = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="of the folder that it was made from, or that it edits"
    )
    edited_by = models.CharField(
        max_length=254, blank=True, default="", db_default="", help_text="email of the person who did; empty: loaded from the folder"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """Newest first."""

        ordering = ["use_case", "-number"]
        constraints = [models.UniqueConstraint(fields=["use_case", "number"], name="use_case_version_number")]

    def __str__(self) -> str:
        return f"{self.use_case.slug} {self.number}"


class InboundNumber(models.Model):
    """A number of ours that people ring."""

    number = models.CharField(max_length=16, unique=True, help_text="E.164")
    use_case = models.SlugField(max_length=60, blank=True, default="", db_default="", help_text="slug of the use case that answers it")
    menu = models.BooleanField(default=False, db_default=False, help_text="callers get what they chose last, and can choose again")
    time_zone = models.CharField(max_length=50, default="UTC", db_default="UTC", help_text="of the business")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="floyd_numbers",
        help_text="whom Floyd answers it for (use case on_behalf); empty: a business's or Floyd's own",
    )
    tells_free_busy = models.BooleanField(default=False, db_default=False, help_text="callers may hear whether that user is free at a time")

    class Meta:
        """By number."""

        ordering = ["number"]
        constraints = [models.CheckConstraint(condition=Q(menu=True) | ~Q(use_case="") | Q(user__isnull=False), name="inbound_number_answers")]

    def __str__(self) -> str:
        return f"inbound number {self.pk}"


class InboundCall(models.Model):
    """What is known of a call besides what all calls have."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, primary_key=True, related_name="inbound")
    caller = models.ForeignKey(Caller, on_delete=models.CASCADE, related_name="calls")
    rung = models.CharField(max_length=16, help_text="our number that was rung, in E.164")
    time_zone = models.CharField(max_length=50, default="UTC", db_default="UTC", help_text="of the business")
    version = models.ForeignKey(UseCaseVersion, on_delete=models.PROTECT, related_name="calls", help_text="that has the call now")
    attested = models.BooleanField(
        default=False, db_default=False, help_text="the number is theirs: the caller's own carrier vouches for it in full, or they were rung there"
    )
    changes = models.JSONField(
        default=dict, db_default=no_data(), blank=True, help_text="what tools have made of the version's prompt, tools and keys in this call"
    )

    def __str__(self) -> str:
        return f"inbound call {self.pk}"


class ToolRun(models.Model):
    """A tool that the model asked for during a call, and what came of it."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="tool_runs")
    key = models.CharField(max_length=60, help_text="names the wish: tried again, it is this row")
    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict, db_default=no_data(), blank=True)
    result = models.JSONField(null=True, blank=True, help_text="as the model was told; empty: not there yet")
    effects = models.JSONField(
        default=dict, db_default=no_data(), blank=True, help_text="what else it did: said, ended, handed over, started, asked or changed"
    )
    line = models.PositiveIntegerField(default=0, db_default=0, help_text="transcript line that it followed")
    tries = models.PositiveIntegerField(default=0, db_default=0)
    ms = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """In order; each wish once."""

        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["call", "key"], name="tool_run_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class WrongGuess(models.Model):
    """Somebody whose number nobody vouches for named something that is not on file under it: a few, and no more is compared (`on_file.py`)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="wrong_guesses")
    caller = models.ForeignKey(Caller, on_delete=models.CASCADE, related_name="wrong_guesses")
    named = models.CharField(max_length=200, help_text="what they named; the same in one call counts once")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        """In order; each once a call."""

        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["call", "named"], name="wrong_guess_once")]

    def __str__(self) -> str:
        return f"wrong guess {self.pk}"


class HandOffState(models.TextChoices):
    """How a hand-off goes."""

    ASKED = "asked", _("Asked for")
    RINGING = "ringing", _("Ringing")
    TAKEN = "taken", _("Taken")
    NOBODY = "nobody", _("Nobody picked up")


class HandOff(models.Model):
    """A person is to take a call over."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="hand_offs")
    code = models.SlugField(max_length=40, help_text="why: user_requested, legal, liability, financial, …")
    summary = models.TextField(help_text="what the person is told first")
    state = models.CharField(max_length=10, choices=HandOffState, default=HandOffState.ASKED, db_default=HandOffState.ASKED)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        """Newest first."""

        ordering = ["-id"]

    def __str__(self) -> str:
        return f"hand-off {self.code} ({self.state})"
