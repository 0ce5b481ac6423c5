"""What Parkview Apartments offers and who comes to see it, for staff: edited, moved and called off here, with the models' own checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from context.dates import moment_in_words
from context.money import format_amount
from context.opened_pages import OpenedForm, OpenedPages, in_time_zone
from context.read_only import FirstRows
from requests_app.sending import CannotSendError
from use_cases.apartments import touring
from use_cases.apartments.models import Apartment, Tour
from use_cases.apartments.slots import TourKind, is_slot
from use_cases.apartments.stock import MOVING, rules
from use_cases.apartments.telling import text_about
from use_cases.staff_actions import CannotDoError, call_link, on_each

# django-stubs' admin classes are generic to the type checker only.


@admin.register(Apartment)
class ApartmentAdmin(OpenedPages, admin.ModelAdmin):  # type: ignore[type-arg]
    """Apartments. What is changed here stays when their days are refreshed."""

    list_display = ("layout", "rent", "available_from", "square_feet", "special", "offered")
    list_filter = ("offered", "bedrooms", "available_from")
    search_fields = ("layout", "address", "special")
    actions = ("offer", "take_off")

    def has_delete_permission(self, _request: HttpRequest, _obj: Apartment | None = None) -> bool:
        """Refreshing would bring it back: it is taken off the list instead."""
        return False

    def get_readonly_fields(self, _request: HttpRequest, obj: Apartment | None = None) -> tuple[str, ...]:
        """What callers ask for it by stays."""
        return ("layout",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Apartment, form: Any, change: bool) -> None:
        """A day that a person set is not moved on any more."""
        days = [name for name in form.edited if name in MOVING]
        if days:
            obj.days_kept = sorted({*obj.days_kept, *days})
        super().save_model(request, obj, form, change)
        if days and change:
            obj.save(update_fields=["days_kept"])

    @admin.display(ordering="rent_minor")
    def rent(self, apartment: Apartment) -> str:
        """A month."""
        return format_amount(apartment.rent_minor, apartment.currency)

    @admin.action(description="Offer to callers", permissions=["change"])
    def offer(self, request: HttpRequest, queryset: QuerySet[Apartment]) -> None:
        """Callers hear of them."""
        self._offered(request, queryset, offered=True)

    @admin.action(description="Take off the list (tours that are booked stay)", permissions=["change"])
    def take_off(self, request: HttpRequest, queryset: QuerySet[Apartment]) -> None:
        """Callers hear no more of them."""
        self._offered(request, queryset, offered=False)

    def _offered(self, request: HttpRequest, queryset: QuerySet[Apartment], *, offered: bool) -> None:
        def act(apartment: Apartment) -> str:
            Apartment.objects.filter(pk=apartment.pk).update(offered=offered)
            return ""

        on_each(self, request, queryset, act, done="Offered" if offered else "Not offered any more")


class TourForm(OpenedForm):
    """A tour, at a time at which there are tours."""

    def clean(self) -> dict[str, Any]:
        """Refuses times between the slots, and those that are past."""
        values = super().clean()
        starts_at, kind = values.get("starts_at"), values.get("kind")
        if isinstance(starts_at, datetime) and kind and {"starts_at", "kind"} & set(self.edited):
            if not is_slot(starts_at, TourKind(kind), rules()):
                self.add_error("starts_at", f"There are no {kind} tours then: every {rules().minutes} minutes, in the hours for such tours.")
            elif starts_at <= timezone.now():
                self.add_error("starts_at", "That time is past.")
        return values


class StateFilter(admin.SimpleListFilter):
    """What is to come, what was, what was called off."""

    title = parameter_name = "state"

    def lookups(self, *_: Any) -> list[tuple[str, Any]]:
        """In this order."""
        return [("ahead", "ahead"), ("over", "over"), ("cancelled", "cancelled")]

    def queryset(self, _: HttpRequest, queryset: QuerySet[Tour]) -> QuerySet[Tour]:
        """The rows of one."""
        match self.value():
            case "ahead":
                return queryset.filter(cancelled_at=None, starts_at__gte=timezone.now()).order_by("starts_at")
            case "over":
                return queryset.filter(cancelled_at=None, starts_at__lt=timezone.now())
            case "cancelled":
                return queryset.filter(cancelled_at__isnull=False)
        return queryset


@in_time_zone(lambda: rules().time_zone)
@admin.register(Tour)
class TourAdmin(OpenedPages, admin.ModelAdmin):  # type: ignore[type-arg]
    """Tours. Who comes is texted what was changed. Times are the building's."""

    form = TourForm
    paginator = FirstRows
    show_full_result_count = False
    list_per_page = 50
    list_display = ("when", "apartment", "kind", "caller_name", "state")
    list_select_related = ("apartment", "caller")
    list_filter = (StateFilter, "kind", "apartment", "starts_at")
    search_fields = ("caller__number", "caller__first_name", "caller__last_name")
    ordering = ("-starts_at",)
    autocomplete_fields = ("caller",)
    fields = ("apartment", "kind", "starts_at", "caller", "state", "call", "created_at")
    actions = ("cancel",)

    def get_readonly_fields(self, _request: HttpRequest, obj: Tour | None = None) -> tuple[str, ...]:
        """Whose it is, is asked once."""
        return ("state", "call", "created_at", *(("caller",) if obj else ()))

    def has_change_permission(self, request: HttpRequest, obj: Tour | None = None) -> bool:
        """What is over or called off stays as it was."""
        return super().has_change_permission(request, obj) and (obj is None or (obj.cancelled_at is None and obj.starts_at > timezone.now()))

    def has_delete_permission(self, _request: HttpRequest, _obj: Tour | None = None) -> bool:
        """A tour is called off."""
        return False

    @admin.display(ordering="starts_at")
    def when(self, tour: Tour) -> str:
        """As the building's clocks show it."""
        return moment_in_words(tour.starts_at, rules().time_zone)

    @admin.display(description="caller")
    def caller_name(self, tour: Tour) -> str:
        """Who comes."""
        return tour.caller.called

    def state(self, tour: Tour) -> str:
        """In a word."""
        if tour.pk is None:
            return "-"
        return "cancelled" if tour.cancelled_at else "ahead" if tour.starts_at > timezone.now() else "over"

    def call(self, tour: Tour) -> str:
        """Where it was booked."""
        try:
            return call_link(UUID(tour.key.partition(":")[0]))
        except ValueError:
            return "Booked by staff."

    def save_model(self, request: HttpRequest, obj: Tour, form: Any, change: bool) -> None:
        """Saves it, and tells who comes."""
        obj.key = obj.key or f"staff:{uuid4()}"
        super().save_model(request, obj, form, change)
        if form.edited and (untold := _told(obj, "tour_moved" if change else "tour_confirmed")):
            self.message_user(request, f"The caller was not told. {untold}", messages.WARNING)

    @admin.action(description="Call off, and text whoever comes", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Tour]) -> None:
        """Gives the slots free again."""
        on_each(self, request, queryset.select_related("apartment", "caller"), _call_off, done="Called off")


def _call_off(tour: Tour) -> str:
    if not touring.cancel(tour, now=timezone.now()):
        raise CannotDoError("That tour is over, or was called off before.")
    return _told(tour, "tour_cancelled")


def _told(tour: Tour, template: str) -> str:
    """Texts whoever comes. Returns why that was not possible."""
    try:
        text_about(tour, template, now=timezone.now())
    except CannotSendError as error:
        return str(error)
    return ""
