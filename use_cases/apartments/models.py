"""Apartments as they are offered, and tours."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from context.dates import date_in_words
from use_cases.apartments.catalogue import Unit
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

    class Meta:
        """Cheapest first."""

        ordering = ["rent_minor"]

    def __str__(self) -> str:
        return self.layout

    def unit(self) -> Unit:
        """What there is to say about it."""
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
        special = self.special.replace("{until}", until)
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
            models.UniqueConstraint(fields=["apartment", "starts_at"], condition=Q(cancelled_at=None), name="tour_apartment_slot"),
            models.UniqueConstraint(fields=["starts_at"], condition=Q(cancelled_at=None, kind=TourKind.AGENT_LED.value), name="tour_agent_slot"),
            models.UniqueConstraint(fields=["caller", "starts_at"], condition=Q(cancelled_at=None), name="tour_caller_slot"),
        ]

    def __str__(self) -> str:
        return f"tour {self.pk}"

    def booked(self) -> Booked:
        """The slot that it takes."""
        return Booked(self.starts_at, self.apartment.layout, TourKind(self.kind))
