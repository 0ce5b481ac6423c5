"""The kitchen's list: orders as they were placed, for staff to say that one is ready, to cancel it, or to put it right."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from context.money import format_amount
from context.opened_pages import OpenedPages, in_time_zone
from context.read_only import FirstRows
from use_cases.restaurant import serving
from use_cases.restaurant.house import house
from use_cases.restaurant.models import Order, OrderKind, OrderLine, OrderState
from use_cases.staff_actions import CannotDoError, call_link, on_each

# django-stubs' admin classes are generic to the type checker only.


class LinesOfAnOrder(BaseInlineFormSet):  # type: ignore[type-arg]
    """At least one."""

    def clean(self) -> None:
        """An order of nothing is cancelled instead."""
        super().clean()
        if self.forms and all(form.cleaned_data.get("DELETE") for form in self.forms if form.is_valid()):
            raise ValidationError("Nothing would be left: cancel the order instead.")


class OrderLineInline(admin.TabularInline):  # type: ignore[type-arg]
    """What was ordered, at the prices of then."""

    model = OrderLine
    formset = LinesOfAnOrder
    extra = 0
    fields = ("number", "name", "size", "toppings", "quantity", "each", "note")
    readonly_fields = ("number", "name", "size", "toppings", "each")

    def has_add_permission(self, _request: HttpRequest, _obj: Order | None = None) -> bool:
        """Prices are the menu's: what else somebody wants is another order."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """As the order's."""
        return may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """As the order's."""
        return may_change(request, obj)

    def has_view_permission(self, request: HttpRequest, _obj: Order | None = None) -> bool:
        """As the order's."""
        return bool(request.user.has_perm("use_cases.view_order") or request.user.has_perm("use_cases.change_order"))

    def each(self, line: OrderLine) -> str:
        """Price of one, toppings included."""
        return format_amount(line.each_minor, line.order.currency, full=True)


@in_time_zone(lambda: house().kitchen.time_zone)
@admin.register(Order)
class OrderAdmin(OpenedPages, admin.ModelAdmin):  # type: ignore[type-arg]
    """Orders, newest first. Times are the restaurant's. Totals are counted, here too."""

    paginator = FirstRows
    show_full_result_count = False
    list_per_page = 50
    list_display = ("id", "state", "kind", "ready_at", "total", "caller_name", "placed_at")
    list_display_links = ("id", "state")
    list_select_related = ("caller",)
    list_filter = ("state", "kind", "placed_at")
    search_fields = ("=id", "caller__number", "caller__first_name", "caller__last_name", "address")
    fields = ("state", "caller", "kind", "address", "ready_at", "total", "placed_at", "made_in")
    inlines = (OrderLineInline,)
    actions = ("ready", "cancel")

    def get_readonly_fields(self, _request: HttpRequest, obj: Order | None = None) -> tuple[str, ...]:
        """All but where it goes, and when."""
        address = () if obj and obj.kind == OrderKind.DELIVERY else ("address",)
        return ("state", "caller", "kind", "total", "placed_at", "made_in", *address)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Orders are placed by phone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """While the kitchen has it: before that the caller changes it, and behind it nobody."""
        return may_change(request, obj)

    def has_delete_permission(self, _request: HttpRequest, _obj: Order | None = None) -> bool:
        """An order is cancelled."""
        return False

    def total(self, order: Order) -> str:
        """What it comes to."""
        return order.total_in_words()

    @admin.display(description="caller")
    def caller_name(self, order: Order) -> str:
        """Who ordered."""
        return order.caller.called

    @admin.display(description="call")
    def made_in(self, order: Order) -> str:
        """The call in which it was placed."""
        return call_link(order.call_id)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Counts anew."""
        super().save_related(request, form, formsets, change)
        before, after = form.instance.total_minor, serving.add_up(form.instance)
        if before != after:
            self.message_user(
                request, f"The total is now {format_amount(after, form.instance.currency, full=True)}: tell the caller.", messages.WARNING
            )

    @admin.action(description="Ready: text whoever ordered", permissions=["change"])
    def ready(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """Waits to be picked up, or is on its way."""
        self._move(request, queryset, OrderState.READY)

    @admin.action(description="Cancel, and text whoever ordered", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """Nothing comes of them."""
        self._move(request, queryset, OrderState.CANCELLED)

    def _move(self, request: HttpRequest, queryset: QuerySet[Order], state: OrderState) -> None:
        def act(order: Order) -> str:
            try:
                return serving.move(order, state)
            except serving.WrongStateError as error:
                raise CannotDoError(str(error)) from error

        on_each(self, request, queryset.select_related("caller"), act, done=str(state.label))


def may_change(request: HttpRequest, order: Order | None) -> bool:
    """Whether this member of staff may change orders, and this one is in the kitchen."""
    return bool(request.user.has_perm("use_cases.change_order")) and (order is None or order.state == OrderState.PLACED)
