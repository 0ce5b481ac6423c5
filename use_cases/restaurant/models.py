"""Orders: as they grow during a call, and as they were placed."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from context.money import format_amount
from use_cases.restaurant.cart import MOST_OF_ONE, Cart, Line


class OrderKind(models.TextChoices):
    """How the caller gets what they ordered."""

    PICKUP = "pickup", "Picked up"
    DELIVERY = "delivery", "Delivered"


class OrderState(models.TextChoices):
    """How far an order is."""

    CART = "cart", "Being ordered"
    PLACED = "placed", "In the kitchen"
    READY = "ready", "Ready"
    CANCELLED = "cancelled", "Cancelled"


#: What becomes of an order: the caller places it; staff say that it is ready, or that nothing comes of it (one that is ready may stay where it is).
MOVES = {
    OrderState.CART: frozenset({OrderState.PLACED}),
    OrderState.PLACED: frozenset({OrderState.READY, OrderState.CANCELLED}),
    OrderState.READY: frozenset({OrderState.CANCELLED}),
    OrderState.CANCELLED: frozenset[OrderState](),
}


class Order(models.Model):
    """One order, made in one call. Until it is placed it is a cart; from then on only staff change it."""

    call = models.OneToOneField("calls.Call", on_delete=models.SET_NULL, null=True, related_name="order")
    caller = models.ForeignKey("use_cases.Caller", on_delete=models.CASCADE, related_name="orders")
    state = models.CharField(max_length=10, choices=OrderState, default=OrderState.CART, db_default=OrderState.CART)
    kind = models.CharField(max_length=10, choices=OrderKind, blank=True, help_text="asked first")
    address = models.CharField(max_length=200, blank=True, help_text="where it is delivered")
    delivery_fee_minor = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, default="USD")
    next_number = models.PositiveIntegerField(default=1, help_text="of the next line")
    applied = models.JSONField(default=list, blank=True, help_text="keys of the wishes that made it what it is")
    read_back_at = models.DateTimeField(null=True, blank=True, help_text="the whole of it was read to the caller")
    total_minor = models.PositiveIntegerField(null=True, blank=True, help_text="what it came to when it was placed")
    placed_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True, help_text="when the caller was told that they have it")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """Newest first; what is placed has a kind, a total and a time."""

        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(placed_at=None) | (~Q(kind="") & Q(total_minor__isnull=False, ready_at__isnull=False)), name="order_placed_whole"
            ),
            models.CheckConstraint(
                condition=~Q(kind=OrderKind.DELIVERY.value) | ~Q(address=""),
                name="order_delivery_address",
                violation_error_message="A delivery needs an address.",
            ),
            models.CheckConstraint(
                condition=Q(state=OrderState.CART.value, placed_at=None) | (~Q(state=OrderState.CART.value) & Q(placed_at__isnull=False)),
                name="order_state_placed",
            ),
        ]

    def __str__(self) -> str:
        return f"order {self.pk}"

    def cart(self) -> Cart:
        """Its lines, to count with."""
        return Cart(tuple(line.line() for line in self.lines.all()), self.delivery_fee_minor, self.next_number)

    def total_in_words(self) -> str:
        """What it comes to: as it was placed, else what is in the cart."""
        total = self.total_minor if self.total_minor is not None else self.cart().total_minor
        return format_amount(total, self.currency, full=True)


class OrderLine(models.Model):
    """One line of an order, at the price that it had when it was ordered."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    size = models.CharField(max_length=20, blank=True)
    toppings = models.JSONField(default=list, blank=True)
    quantity = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST_OF_ONE)])
    each_minor = models.PositiveIntegerField(help_text="price of one, toppings included")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        """In order."""

        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="order_line_number")]

    def __str__(self) -> str:
        return f"line {self.number}"

    def line(self) -> Line:
        """The line as the cart counts it."""
        return Line(self.number, self.name, self.quantity, self.each_minor, self.size, tuple(self.toppings), self.note)
