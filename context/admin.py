"""Users and what Floyd knows about them, for staff. What is saved here shows on open pages like any other change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet, BaseModelFormSet, CheckboxInput, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from context.models import CalendarEntry, Contact, Fact, User
from context.read_only import Kept
from context.services import publish_knowledge

# Django's admin classes are generic for the type checker only.
if TYPE_CHECKING:
    FactRows = admin.TabularInline[Fact, User]
    ContactRows = admin.TabularInline[Contact, User]
    CalendarEntryRows = admin.TabularInline[CalendarEntry, User]
    ModelAdmin = admin.ModelAdmin[Model]
    BaseUserAdmin = DjangoUserAdmin[User]
else:
    FactRows = ContactRows = CalendarEntryRows = admin.TabularInline
    ModelAdmin = admin.ModelAdmin
    BaseUserAdmin = DjangoUserAdmin


class NamedRows(BaseInlineFormSet[Any, Any, Any] if TYPE_CHECKING else BaseInlineFormSet):  # type: ignore[misc]
    """Rows of a table whose boxes to delete one say so."""

    @classmethod
    def get_deletion_widget(cls) -> CheckboxInput:
        """The box."""
        return CheckboxInput(attrs={"aria-label": _("Delete")})


class Named:
    """Fields that say what they are where no label does: in tables, and in a date's two halves."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **named: Any) -> Any:
        """The field, named for who hears the page."""
        field = super().formfield_for_dbfield(db_field, request, **named)  # type: ignore[misc]
        if field is not None:
            field.widget.attrs["aria-label"] = capfirst(db_field.verbose_name)
        return field


class FactInline(Named, FactRows):
    """A user's facts."""

    model = Fact
    formset = NamedRows
    extra = 0
    fields = ("statement", "about", "topic", "sensitivity", "status", "source")


class ContactInline(Named, ContactRows):
    """Whom Floyd may call for a user."""

    model = Contact
    formset = NamedRows
    extra = 0
    fields = ("name", "kind", "phone", "address", "preferred", "do_not_call", "status", "source")


class CalendarEntryInline(Named, CalendarEntryRows):
    """A user's appointments."""

    model = CalendarEntry
    formset = NamedRows
    extra = 0
    fields = ("title", "starts_at", "ends_at", "all_day", "place", "status", "source")


@admin.register(User)
class UserAdmin(Named, BaseUserAdmin):
    """Users, found by email, name or number, with all that is known about them on one page."""

    ordering = ("email",)
    list_display = ("email", "name", "phone", "home_area", "is_staff", "is_active")
    list_filter = ("is_staff", "is_active", "learning", "region")
    search_fields = ("email", "name", "phone")
    inlines = (FactInline, ContactInline, CalendarEntryInline)
    readonly_fields = ("history",)
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "history")}),
        ("Phone", {"fields": ("phone", "phone_verified_at", "calls_per_day")}),
        ("Place and language", {"fields": ("time_zone", "page_language", "language", "voice", "home_area", "region")}),
        ("Money", {"fields": ("spending_limit_minor", "currency")}),
        ("Learning", {"fields": ("learning",)}),
        ("Permissions", {"classes": ("collapse",), "fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"classes": ("collapse",), "fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "name", "usable_password", "password1", "password2")}),)

    @admin.display(description="What happened")
    def history(self, user: User) -> str:
        """Links to what was done for them, by names of pages: those apps know us, not we them."""
        lists = ("requests_app_request", "calls_call", "requests_app_message", "requests_app_charge")
        links = [(reverse(f"admin:{name}_changelist"), user.pk, name.split("_")[-1] + "s") for name in lists]
        return format_html_join(" · ", '<a href="{}?user__id__exact={}">{}</a>', links)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """What is known is entered once the user is there."""
        return self.inlines if obj is not None else ()

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet[Any, Any], change: bool) -> None:
        """Saves the rows of an inline, and shows them; those that go are gone from open pages, too."""
        for gone in formset.deleted_forms:
            # A deleted row does not know any more what it was called.
            publish_knowledge(gone.instance)
        super().save_formset(request, form, formset, change)
        for row in [*formset.new_objects, *(changed for changed, _fields in formset.changed_objects)]:
            publish_knowledge(row)


@admin.register(LogEntry)
class ChangesAdmin(Kept, ModelAdmin):
    """Who changed what in these pages, newest first. Written by Django; nobody edits it."""

    list_display = ("action_time", "user", "action", "content_type", "object_repr", "change")
    list_filter = ("action_flag", "action_time", ("content_type", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "content_type")
    search_fields = ("user__email", "object_repr", "change_message")
    ordering = ("-action_time",)
    list_per_page = 50
    show_full_result_count = False

    @admin.display(description="action", ordering="action_flag")
    def action(self, entry: LogEntry) -> str:
        """In a word."""
        return str(entry.get_action_flag_display())

    @admin.display(description="change")
    def change(self, entry: LogEntry) -> str:
        """The fields that were changed, in words."""
        return str(entry.get_change_message())


class KnowledgeAdmin(Named, ModelAdmin):
    """What facts, contacts and appointments have in common: they belong to a user, and changes are shown."""

    autocomplete_fields = ("user",)
    list_select_related = ("user",)
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Saves, and shows it."""
        super().save_model(request, obj, form, change)
        publish_knowledge(obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Deletes a row, on open pages, too."""
        publish_knowledge(obj)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The same for all that were chosen in the list."""
        for row in queryset:
            publish_knowledge(row)
        super().delete_queryset(request, queryset)


@admin.register(Fact)
class FactAdmin(KnowledgeAdmin):
    """Facts."""

    list_display = ("statement", "user", "about", "topic", "sensitivity", "status", "source")
    list_filter = ("status", "sensitivity", "source")
    search_fields = ("statement", "about", "topic", "user__email", "user__name")
    raw_id_fields = ("supersedes",)


@admin.register(Contact)
class ContactAdmin(KnowledgeAdmin):
    """Contacts."""

    list_display = ("name", "user", "kind", "phone", "preferred", "do_not_call", "status")
    list_filter = ("status", "do_not_call", "preferred", "source", "kind")
    search_fields = ("name", "kind", "phone", "user__email", "user__name")


@admin.register(CalendarEntry)
class CalendarEntryAdmin(KnowledgeAdmin):
    """Appointments."""

    list_display = ("title", "user", "starts_at", "place", "status", "source")
    list_filter = ("status", "source")
    search_fields = ("title", "place", "user__email", "user__name")
    date_hierarchy = "starts_at"
    raw_id_fields = ("contact",)
