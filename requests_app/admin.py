"""Requests and what belongs to them, for staff: to read and search. They move by what their users and Floyd do.

Only the ask can be put in other words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from context.mail_models import BouncedAddress
from context.read_only import Kept, ReadOnly
from requests_app.admin_actions import RequestActions
from requests_app.admin_forms import OtherWordsForm
from requests_app.charge import Charge
from requests_app.models import Event, Message, Question, Request
from requests_app.opt_out import OptOut

# Django's admin classes are generic for the type checker only.
if TYPE_CHECKING:
    EventRows = admin.TabularInline[Event, Request]
    QuestionRows = admin.TabularInline[Question, Request]
    ChargeRows = admin.TabularInline[Charge, Request]
    ModelAdmin = admin.ModelAdmin[Model]
else:
    EventRows = QuestionRows = ChargeRows = admin.TabularInline
    ModelAdmin = admin.ModelAdmin


class EventInline(Kept, EventRows):
    """What happened."""

    model = Event
    extra = 0
    fields = readonly_fields = ("seq", "kind", "text", "created_at")


class QuestionInline(Kept, QuestionRows):
    """What the user was asked."""

    model = Question
    extra = 0
    fields = readonly_fields = ("kind", "text", "step", "status", "answer_text", "answered_by", "asked_at", "answered_at")
    show_change_link = True


class ChargeInline(Kept, ChargeRows):
    """What it cost."""

    model = Charge
    extra = 0
    fields = readonly_fields = ("component", "what", "quantities", "micros", "currency", "basis", "call", "created_at")


class RowsAdmin(Kept, ModelAdmin):
    """Rows to look at, found by their user."""

    list_per_page = 50
    # Counting a million rows takes longer than showing fifty.
    show_full_result_count = False


@admin.register(Request)
class RequestAdmin(RequestActions, RowsAdmin):
    """Requests, newest first. Other words in the ask do what they do on its user's page."""

    form = OtherWordsForm  # type: ignore[assignment]  # of this model only

    actions = ("try_again", "stop")
    list_display = ("ask_shortened", "user", "status", "channel", "attempt", "tries", "created_at", "ended_at")
    list_filter = ("status", "channel", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name", "user__phone", "ask")
    inlines = (EventInline, QuestionInline, ChargeInline)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As Django's permissions say; the form has one field."""
        return ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """All but the ask."""
        return [field.name for field in Request._meta.concrete_fields if field.name != "ask"]

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """The form's service saved it already, and nothing else of the row may be written over."""
        if (made := form.follows) is not None:
            address = reverse("admin:requests_app_request_change", args=[made.pk])
            self.message_user(request, format_html('This request is over, so <a href="{}">a new one</a> follows it.', address))

    @admin.display(description="ask")
    def ask_shortened(self, obj: Request) -> str:
        """The first words of the ask."""
        return str(obj)


@admin.register(Question)
class QuestionAdmin(RowsAdmin):
    """Questions, newest first."""

    list_display = ("text", "request", "kind", "step", "status", "answered_by", "asked_at")
    list_filter = ("status", "kind", "step", "answered_by")
    list_select_related = ("request",)
    search_fields = ("request__user__email", "request__user__name", "text")


@admin.register(Message)
class MessageAdmin(RowsAdmin):
    """The log of texts, emails and notifications, newest first."""

    list_display = ("created_at", "outbound", "way", "user", "template", "status", "error_code", "request")
    list_filter = ("status", "outbound", "way", "template", "created_at")
    list_select_related = ("user", "request")
    search_fields = ("user__email", "user__name", "peer", "carrier_sid")
    ordering = ("-created_at",)


@admin.register(OptOut)
class OptOutAdmin(RowsAdmin):
    """Who wants no texts. They come back by texting START; nobody can say it for them."""

    list_display = ("created_at", "number")
    search_fields = ("number",)


@admin.register(BouncedAddress)
class BouncedAddressAdmin(ReadOnly, ModelAdmin):
    """Addresses to which no mail goes, since one came back. Who learns that it was a mistake deletes the row."""

    list_display = ("created_at", "address", "code")
    search_fields = ("address",)


@admin.register(Charge)
class ChargeAdmin(RowsAdmin):
    """What was paid for; one without a price needs a line in the price table."""

    list_display = ("created_at", "user", "component", "what", "micros", "currency", "basis", "request")
    list_filter = ("component", "basis", ("micros", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("user", "request")
    search_fields = ("user__email", "user__name", "what")
    ordering = ("-id",)


@admin.register(Event)
class EventAdmin(RowsAdmin):
    """Timelines."""

    list_display = ("request", "seq", "kind", "text", "created_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("request",)
    search_fields = ("request__user__email", "request__user__name", "text")
    ordering = ("-id",)
