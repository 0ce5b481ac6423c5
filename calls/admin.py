"""Calls for staff: mostly to read. What was said and done is not edited; the list of suppressed numbers is."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from calls.models import Call, CarrierEvent, Grant, Suppression, TranscriptLine, Turn

# django-stubs' admin classes are generic to the type checker only.


class ReadOnly:
    """Rows that the software writes: to be looked at."""

    def has_add_permission(self, *_: Any) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, *_: Any) -> bool:
        """Nobody edits history."""
        return False


class LineInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """The transcript."""

    model = TranscriptLine
    fields = ("seq", "speaker", "text", "start_ms", "end_ms")
    can_delete = False
    extra = 0


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
    """Calls, newest first."""

    list_display = ("id", "user", "status", "end_reason", "attempt", "seconds", "cost", "created_at")
    list_filter = ("status", "end_reason", "line", "created_at")
    search_fields = ("id", "carrier_sid", "number", "user__email", "user__name", "request__id")
    list_select_related = ("user",)
    inlines = (LineInline, TurnInline, GrantInline)
    show_full_result_count = False


@admin.register(TranscriptLine)
class TranscriptLineAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Lines of all calls."""

    list_display = ("call", "seq", "speaker", "start_ms")
    list_filter = ("speaker",)
    search_fields = ("call__id", "call__user__email", "call__user__name")
    show_full_result_count = False


@admin.register(Turn)
class TurnAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Turns of all calls."""

    list_display = ("call", "seq", "whole_ms", "interrupted")
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
