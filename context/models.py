"""Who the user is and what Floyd knows about them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Func
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from context.access_models import ApiToken, IdempotencyKey  # noqa: F401  tables of this app, too
from context.choices import QUIET, CalleeChoice, KeepFor, Learning, PlanApproval, TellBy, Voice, page_languages
from context.import_models import ImportBatch  # noqa: F401
from context.interview_models import InterviewQuestion  # noqa: F401
from context.mail_models import BouncedAddress, Mail, Mailbox, PushSubscription  # noqa: F401
from context.page_dates import appointment_on_a_page
from live.foreign import announced


class UserManager(BaseUserManager["User"]):
    """Makes users by email."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who signs in with `email` and `password`."""
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An administrator."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


def _searchable(*important: str, others: tuple[str, ...] = ()) -> models.GeneratedField:
    """The words of these columns, for `context.searching`; those of the important ones weigh more."""
    vector: Any = SearchVector(*important, weight="A", config="simple")
    if others:
        vector = vector + SearchVector(*others, weight="B", config="simple")
    return models.GeneratedField(expression=vector, output_field=SearchVectorField(), db_persist=True)


class User(AbstractUser):
    """A person Floyd works for. Signs in by email; `name` is how callees hear of them."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, help_text="full name, as said to callees")
    phone = models.CharField(max_length=16, blank=True, help_text="E.164, e.g. +15195550142")
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="America/Toronto")
    language = models.CharField(max_length=16, default="en-US", help_text="of calls")
    page_language = models.CharField(
        max_length=16, choices=page_languages, default="en", db_default="en", help_text=_("of pages, and of what Floyd writes to its user")
    )
    voice = models.CharField(
        max_length=16,
        choices=Voice.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("with which Floyd speaks for its user; empty: the site's usual one"),
    )
    switches_language = models.BooleanField(
        default=True,
        db_default=True,
        verbose_name="Go on in their language",
        help_text=_("when somebody speaks no English and this site knows their language"),
    )
    record_calls = models.BooleanField(
        default=False, db_default=False, help_text=_("the sound of calls made for them may be kept, where this site allows it")
    )
    home_area = models.CharField(max_length=200, blank=True, help_text="where to look for businesses, e.g. Guelph, Ontario")
    region = models.CharField(max_length=2, default="CA", help_text="country in which numbers without a code are read")
    spending_limit_minor = models.PositiveIntegerField(default=0, help_text="most that a text message may grant, in minor units (cents)")
    currency = models.CharField(max_length=3, default="CAD")
    learning = models.CharField(max_length=10, choices=Learning, default=Learning.PROPOSE)
    callee_choice = models.CharField(
        max_length=10, choices=CalleeChoice, default=CalleeChoice.PLAN, help_text="who picks among businesses found in the directory"
    )
    calls_per_day = models.PositiveIntegerField(null=True, blank=True, help_text="own cap; empty: the site's")
    minutes_per_day = models.PositiveIntegerField(null=True, blank=True, help_text="own cap on minutes of calls; empty: the site's")
    cost_per_day_minor = models.PositiveIntegerField(
        null=True, blank=True, help_text="own cap on what calls cost, in minor units (cents) of the price table's currency; empty: the site's"
    )
    calendar_token = models.CharField(max_length=64, blank=True, default="", db_default="", help_text="secret part of the calendar's private address")
    plan_approval = models.CharField(max_length=10, choices=PlanApproval, default=PlanApproval.ACT, db_default=PlanApproval.ACT)
    approval_above_minor = models.PositiveIntegerField(
        default=0, db_default=0, help_text="plans that may spend more than this are shown first, in minor units (cents)"
    )
    mail_learning = models.CharField(max_length=10, choices=Learning, default=Learning.PROPOSE, db_default=Learning.PROPOSE)
    mail_token = models.CharField(max_length=20, null=True, blank=True, unique=True, help_text="name of their own address at Floyd")
    tell_by = models.CharField(max_length=10, choices=TellBy, default=TellBy.TEXT, db_default=TellBy.TEXT)
    push_says_what = models.BooleanField(
        default=False, db_default=False, help_text=_("notifications carry Floyd's words, not only that there are some")
    )
    quiet_from = models.TimeField(null=True, blank=True, default=QUIET[0], help_text=_("in their time zone"))
    quiet_to = models.TimeField(null=True, blank=True, default=QUIET[1])

    keep_days = models.PositiveSmallIntegerField(
        null=True, blank=True, choices=KeepFor, help_text=_("for how long ended requests are kept; empty: as long as the site keeps them")
    )
    leaving_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="they have deleted their account; its rows go soon")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        """A verified number belongs to one user, so that a text message has one sender."""

        constraints = [
            models.UniqueConstraint(fields=["phone"], condition=models.Q(phone_verified_at__isnull=False), name="user_verified_phone"),
        ]
        indexes = [models.Index(fields=["leaving_at"], condition=models.Q(leaving_at__isnull=False), name="user_leaving")]

    def __str__(self) -> str:
        return self.name or self.email


class Sensitivity(models.TextChoices):
    """Whether a fact may be told to a callee."""

    SHARE = "share", _("May be shared when needed")
    ASK_FIRST = "ask_first", _("Ask me first")
    NEVER = "never", _("Never share")


class FactStatus(models.TextChoices):
    """Life of a fact."""

    PROPOSED = "proposed", _("Proposed")
    CONFIRMED = "confirmed", _("Confirmed")
    RETIRED = "retired", _("Retired")


class Source(models.TextChoices):
    """Where knowledge came from."""

    TOLD = "told", _("Told by the user")
    REQUEST = "request", _("From a request")
    CALL = "call", _("From a call")
    EMAIL = "email", _("From an email")
    IMPORT = "import", _("Imported")
    STAFF = "staff", _("Entered by staff")


class Fact(models.Model):
    """One statement about the user or their household. Floyd supersedes facts; it never edits them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="facts")
    statement = models.CharField(max_length=500)
    about = models.CharField(max_length=120, blank=True, help_text="whom or what it is about, e.g. Mara")
    topic = models.CharField(max_length=60, blank=True, help_text="e.g. school, address, taste")
    sensitivity = models.CharField(max_length=10, choices=Sensitivity, default=Sensitivity.SHARE)
    status = models.CharField(max_length=10, choices=FactStatus, default=FactStatus.CONFIRMED)
    source = models.CharField(max_length=10, choices=Source, default=Source.TOLD)
    source_ref = models.CharField(max_length=120, blank=True)
    supersedes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="superseded_by")
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="when it was last told to a callee, cited in an answer, or reviewed")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    words = _searchable("about", "topic", others=("statement",))

    class Meta:
        """Read per user, newest last."""

        ordering = ["id"]
        indexes = [
            models.Index(fields=["user", "status", "-id"]),
            models.Index(fields=["user", "status", "about"]),
            GinIndex(fields=["words"], name="fact_words"),
        ]
        triggers = announced(kind="fact", topics={"user": "user_id"})

    def __str__(self) -> str:
        return self.statement


class Contact(models.Model):
    """A person or business Floyd may call for the user."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=60, blank=True, help_text="e.g. school, florist, dentist, garage")
    phone = models.CharField(max_length=16, blank=True, help_text="E.164")
    address = models.CharField(max_length=200, blank=True)
    hours = models.JSONField(default=dict, blank=True, help_text='opening hours by weekday, e.g. {"mon": ["08:00", "17:00"]}; empty: unknown')
    time_zone = models.CharField(max_length=64, blank=True, help_text="empty: from the number, else the user's")
    menu_hints = models.CharField(max_length=200, blank=True, help_text="way through the phone menu")
    notes = models.CharField(max_length=500, blank=True)
    preferred = models.BooleanField(default=False)
    do_not_call = models.BooleanField(default=False)
    details = models.JSONField(
        default=list, blank=True, help_text="typed and checked details from calls, newest last: kind, item, value, amount_minor, currency, call, at"
    )
    status = models.CharField(max_length=10, choices=FactStatus, default=FactStatus.CONFIRMED, db_default=FactStatus.CONFIRMED)
    place_id = models.CharField(max_length=200, blank=True, default="", help_text="the directory's name for it, of one that was found there")
    source = models.CharField(max_length=10, choices=Source, default=Source.TOLD)
    source_ref = models.CharField(max_length=120, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    words = _searchable("name", others=("kind",))

    class Meta:
        """Preferred ones first."""

        ordering = ["-preferred", "name"]
        indexes = [models.Index(fields=["user", "kind"]), GinIndex(fields=["words"], name="contact_words")]
        triggers = announced(kind="contact", topics={"user": "user_id"})

    def __str__(self) -> str:
        return self.name


class CalendarEntry(models.Model):
    """An appointment."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_entries")
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    all_day = models.BooleanField(default=False, db_default=False, help_text="it has days, no hours: starts_at is midnight where the user lives")
    place = models.CharField(max_length=200, blank=True)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="calendar_entries")
    uid = models.UUIDField(unique=True, editable=False, db_default=Func(function="gen_random_uuid"), help_text="its name in calendar programs")
    sequence = models.PositiveIntegerField(default=0, db_default=0, help_text="how often it was changed, for calendar programs")
    updated_at = models.DateTimeField(db_default=Now())
    status = models.CharField(max_length=10, choices=FactStatus, default=FactStatus.CONFIRMED, db_default=FactStatus.CONFIRMED)
    source = models.CharField(max_length=10, choices=Source, default=Source.TOLD)
    source_ref = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    words = _searchable("title", others=("place",))

    class Meta:
        """In order of time."""

        verbose_name_plural = "calendar entries"
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["user", "starts_at"]), GinIndex(fields=["words"], name="calendar_words")]
        triggers = announced(kind="calendar_entry", topics={"user": "user_id"})

    def __str__(self) -> str:
        return f"{self.title}, {appointment_on_a_page(self.starts_at, all_day=self.all_day)}"
