"""Reviews in the admin: labels to tidy up, who read what and why, to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from calls.models import LINES
from calls.review import readings, sheet
from calls.review_models import Label, Review, StaffReading
from context.read_only import Kept, OfStaff, one_of

# django-stubs' admin classes are generic to the type checker only.


@admin.register(Label)
class LabelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Labels, with how often each is used. Another name for one renames it everywhere."""

    list_display = ("name", "used")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Label]:
        """With the counts."""
        return Label.objects.annotate(uses=Count("labellings"))

    @admin.display(description="calls", ordering="uses")
    def used(self, label: Any) -> int:
        """How many calls have it."""
        return int(label.uses)


@admin.register(Review)
class ReviewAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    """Reviews, newest first; they are given on their own pages."""

    list_display = ("call_id", "ended_at", "outcome", "verdict", "verdict_by", "verdict_at", "assignee")
    list_filter = (
        "verdict",
        one_of("outcome", sheet.OUTCOMES.items()),
        one_of("line", ((line, line) for line in LINES)),
        ("verdict_by", OfStaff),
        ("assignee", OfStaff),
    )
    list_select_related = ("verdict_by", "assignee")
    search_fields = ("call__id", "use_case", "labels__name")
    show_full_result_count = False


@admin.register(StaffReading)
class StaffReadingAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    """Who on the staff opened what of whom, when and why."""

    list_display = ("opened_at", "staff", "user", "opened", "reason", "row", "call_id")
    list_filter = (one_of("what", readings.kinds), ("staff", OfStaff), "opened_at")
    list_select_related = ("staff", "user")
    search_fields = ("reason", "call__id", "user__email", "row", "staff__email")
    show_full_result_count = False

    @admin.display(description="what", ordering="what")
    def opened(self, reading: Any) -> str:
        """In words."""
        return readings.in_words(reading.what)
