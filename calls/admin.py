"""Calls for staff: mostly to read. What was said and done is not edited; the list of suppressed numbers is."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join

from calls.fragments import ENDS
from calls.models import LINES, OPEN_STATUSES, Call, CarrierEvent, Direction, Grant, Suppression, Turn
from calls.review import admin as review_admin  # noqa: F401 - Django looks for admin classes here
from calls.review.sheet import ending
from calls.review.summing import known_cost
from context.kept_words import said
from context.read_only import ReadOnly, one_of
from requests_app.costs import price_in_words

#: Numbers that one action suppresses at most.
MOST_SUPPRESSED = 100

# django-stubs' admin classes are generic to the type checker only.


class TurnInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """Where the time of each turn went."""

    model = Turn
    fields = ("seq", "whole_ms", "end_of_turn_ms", "recognition_ms", "model_first_token_ms", "voice_first_byte_ms", "interrupted")
    can_delete = False
    extra = 0


class GrantInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """What the user allowed during the call."""

    model = Grant
    can_delete = False
    extra = 0


@admin.register(Call)
class CallAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Calls, newest first. What was said in one is on its page for reviews, behind a reason."""

    list_display = ("id", "user", "status", "ended", "recording", "attempt", "seconds", "came_to", "created_at", "pages")
    readonly_fields = ("pages",)
    actions = ("suppress",)
    list_filter = ("status", one_of("end_reason", ENDS.items()), one_of("line", ((line, line) for line in LINES)), "created_at")
    search_fields = ("id", "carrier_sid", "number", "user__email", "user__name", "request__id")
    list_select_related = ("user",)
    inlines = (TurnInline, GrantInline)
    show_full_result_count = False

    @admin.display(description="ended", ordering="end_reason")
    def ended(self, call: Call) -> str:
        """How it ended, in words."""
        return said(ending(call.end_reason))

    @admin.display(description="cost")
    def came_to(self, call: Call) -> str:
        """What is known of its cost."""
        micros = known_cost(call)
        return "" if micros is None else price_in_words(micros, str(call.cost.get("currency", "")))

    @admin.display(description="pages")
    def pages(self, call: Call) -> str:
        """Links to where the call is read."""
        links = [(reverse("request", args=[call.request_id]), "request")] if call.request_id else []
        if call.status not in OPEN_STATUSES:
            links.append((reverse("staff-call", args=[call.pk]), "review"))
        return format_html_join(" ", '<a href="{}">{}</a>', links)

    def has_suppress_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may keep numbers from being called."""
        return request.user.has_perm("calls.add_suppression")

    @admin.action(description="Never call these numbers again", permissions=["suppress"])
    def suppress(self, request: HttpRequest, queryset: QuerySet[Call]) -> None:
        """Puts the numbers of calls that were made on the list of those that are never dialled."""
        made = queryset.filter(direction=Direction.OUTBOUND).exclude(number="").order_by("number").distinct("number")
        new = 0
        for call in made[:MOST_SUPPRESSED]:
            row, is_new = Suppression.objects.get_or_create(number=call.number, defaults={"reason": f"by staff after call {call.pk}"})
            if is_new:
                self.log_addition(request, row, "After a call.")
                new += 1
        self.message_user(request, f"Numbers that are not called any more: {new} more.")


@admin.register(Turn)
class TurnAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Turns of all calls."""

    list_display = ("call", "seq", "whole_ms", "interrupted")
    list_select_related = ("call",)
    ordering = ("-id",)
    list_filter = ("interrupted",)
    search_fields = ("call__id", "call__user__email")
    show_full_result_count = False


@admin.register(Grant)
class GrantAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """What users allowed."""

    list_display = ("call", "kind", "created_at")
    list_filter = ("kind",)
    search_fields = ("call__id", "call__user__email")


@admin.register(CarrierEvent)
class CarrierEventAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """The carrier's callbacks."""

    list_display = ("sid", "kind", "key", "received_at", "processed_at")
    list_filter = ("kind", ("processed_at", admin.EmptyFieldListFilter))
    search_fields = ("sid",)
    show_full_result_count = False


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Numbers that are never dialled; staff add and remove them."""

    list_display = ("number", "reason", "created_at")
    search_fields = ("number", "reason")
