"""Apartments as they are offered, and tours."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from context.dates import date_in_words
from use_cases.apartments.catalogue import LAYOUTS, Unit
from use_cases.apartments.slots import Booked, TourKind


class Apartment(models.Model):
    """A layout that can be rented. Amounts in minor units."""

    layout = models.CharField(max_length=20, unique=True)
    square_feet = models.PositiveIntegerField()
    bedrooms = models.PositiveSmallIntegerField()
    bathrooms = models.PositiveSmallIntegerField()
    rent_minor = models.PositiveIntegerField(help_text="a month, in minor units (cents)")
    application_fee_minor = models.PositiveIntegerField()
    deposit_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="USD")
    available_from = models.DateField()
    features = models.JSONField(default=list, blank=True)
    pets = models.CharField(max_length=300, blank=True)
    parking = models.CharField(max_length=300, blank=True)
    parking_spots = models.PositiveSmallIntegerField(default=0)
    special = models.CharField(max_length=300, blank=True, help_text="{until} stands for the last day of it")
    special_until = models.DateField(null=True, blank=True)
    income = models.CharField(max_length=300, blank=True)
    utilities = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=200)
    offered = models.BooleanField(default=True, db_default=True, help_text="callers hear of it, and can see it")
    days_kept = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), blank=True, editable=False, help_text="days that a person set: they are not moved on"
    )

    class Meta:
        """Cheapest first."""

        ordering = ["rent_minor"]

    def __str__(self) -> str:
        return self.layout

    def clean(self) -> None:
        """Refuses what callers could not be told.

        Raises:
            ValidationError: for each field that will not do.
        """
        wrong = {}
        if self.layout not in LAYOUTS:
            wrong["layout"] = f"Callers ask for one of: {', '.join(LAYOUTS)}."
        if not isinstance(self.features, list) or not all(isinstance(one, str) and one.strip() for one in self.features):
            wrong["features"] = 'A list of words, such as ["balcony", "dishwasher"].'
        if not re.fullmatch("[A-Z]{3}", self.currency or ""):
            wrong["currency"] = "A currency by its three letters, such as USD."
        if "{until}" in self.special and self.special_until is None:
            wrong["special_until"] = "The special names its last day, so there has to be one."
        if wrong:
            raise ValidationError(wrong)

    def unit(self, today: date) -> Unit:
        """What there is to say about it. A special that is over is not told."""
        same = (
            "layout",
            "square_feet",
            "bedrooms",
            "bathrooms",
            "rent_minor",
            "application_fee_minor",
            "deposit_minor",
            "available_from",
            "currency",
        )
        words = ("pets", "parking", "parking_spots", "income", "utilities", "address")
        until = date_in_words(self.special_until) if self.special_until else ""
        over = self.special_until is not None and self.special_until < today
        special = "" if over else self.special.replace("{until}", until)
        return Unit(**{name: getattr(self, name) for name in (*same, *words)}, features=tuple(self.features), special=special)


class Tour(models.Model):
    """Somebody comes to see an apartment. Slots are given once: the database refuses a second tour of the same one."""

    apartment = models.ForeignKey(Apartment, on_delete=models.PROTECT, related_name="tours")
    caller = models.ForeignKey("use_cases.Caller", on_delete=models.CASCADE, related_name="tours")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in TourKind])
    starts_at = models.DateTimeField()
    key = models.CharField(max_length=120, unique=True, help_text="names the wish: asked again, it is this row")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """In order of time; one party in an apartment, and one for the agent, at a time; nobody in two places."""

        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["apartment", "starts_at"],
                condition=Q(cancelled_at=None),
                name="tour_apartment_slot",
                violation_error_message="Somebody else sees that apartment then.",
            ),
            models.UniqueConstraint(
                fields=["starts_at"],
                condition=Q(cancelled_at=None, kind=TourKind.AGENT_LED.value),
                name="tour_agent_slot",
                violation_error_message="The agent has another tour then.",
            ),
            models.UniqueConstraint(
                fields=["caller", "starts_at"],
                condition=Q(cancelled_at=None),
                name="tour_caller_slot",
                violation_error_message="That caller has another tour then.",
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="tour_starts_at")]

    def __str__(self) -> str:
        return f"tour {self.pk}"

    def booked(self) -> Booked:
        """The slot that it takes."""
        return Booked(self.starts_at, self.apartment.layout, TourKind(self.kind))
