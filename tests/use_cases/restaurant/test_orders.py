"""An order is what the caller said, costs what the menu says, and reaches the kitchen once."""

import json
import threading
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from calls.lines.tool_runs import Wish
from context.models import User
from requests_app.models import Message
from tests.use_cases.people import DANAS_PHONE
from tests.use_cases.tool_calls import ToolCalls, a_call
from use_cases import running
from use_cases.answering import caller_of
from use_cases.description import read_folder
from use_cases.holdings import claim_calls
from use_cases.loading import load_all
from use_cases.models import Caller, InboundCall, UseCase
from use_cases.restaurant import afterwards
from use_cases.restaurant.models import Order, OrderKind, OrderLine
from use_cases.restaurant.ordering import place, read_back
from use_cases.restaurant.tools import (
    add_item,
    change_item,
    describe_item,
    opening_hours,
    past_orders,
    place_order,
    read_back_order,
    remove_item,
    send_details,
    show_menu,
    start_order,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

HERE = ZoneInfo("America/Los_Angeles")
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=HERE)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=HERE)
HOME = "12 Pine Street, San Francisco, 94111"


@pytest.fixture
def call(db) -> ToolCalls:
    return a_call(TUESDAY_NOON)


def fill(call: ToolCalls, kind: str = "pickup", **about) -> None:
    call(start_order, kind=kind, **about)
    call(add_item, item="the works", size="large", toppings=["extra cheese"], quantity=2)
    call(add_item, item="caesar salad", note="dressing on the side")


class TestBeginning:
    def test_nothing_is_ordered_before_pickup_or_delivery_is_said(self, call):
        assert "pickup or delivery" in call.refusal(add_item, item="onion rings")
        assert "pickup or delivery" in call.refusal(read_back_order)
        assert not Order.objects.exists()

    def test_a_delivery_needs_an_address(self, call):
        assert "address" in call.refusal(start_order, kind="delivery")

    def test_the_address_is_kept_for_the_next_time_and_confirmed_then(self, call):
        call(start_order, kind="delivery", address=HOME)
        again = a_call(TUESDAY_NOON, Caller.objects.get())
        assert again(start_order, kind="delivery")["address_on_file"] == HOME
        assert not Order.objects.filter(call_id=again.context.call_id).exists()
        assert again(start_order, kind="delivery", address_on_file=True)["address"] == HOME

    def test_keeping_the_address_changes_nothing_else_of_the_profile(self, call):
        Caller.objects.update(first_name="Dee", data={"pets": 2})
        call(start_order, kind="delivery", address=HOME)
        caller = Caller.objects.get()
        assert (caller.first_name, caller.data) == ("Dee", {"pets": 2, "delivery_address": HOME})

    def test_who_changes_from_delivery_to_pickup_pays_no_delivery(self, call):
        fill(call, "delivery", address=HOME)
        call(start_order, kind="pickup")
        order = Order.objects.get()
        assert (order.kind, order.address, order.cart().total_minor) == ("pickup", "", 2 * 2594 + 995)


class TestOrdering:
    def test_the_code_adds_up(self, call):
        call(start_order, kind="delivery", address=HOME)
        assert call(add_item, item="the works", size="large", toppings=["extra cheese"], quantity=2) == {
            "added": "line 1: 2 large The Works with extra cheese, $51.88",
            "order": ["line 1: 2 large The Works with extra cheese, $51.88"],
            "total": "$55.88",
        }
        assert call(add_item, item="onion ring")["total"] == "$63.63"
        assert call(change_item, line=1, quantity=1)["total"] == "$37.69"
        assert call(remove_item, line=2)["total"] == "$29.94"
        assert list(OrderLine.objects.values_list("number", "name", "quantity", "each_minor")) == [(1, "The Works", 1, 2594)]

    def test_what_is_not_on_the_menu_is_refused(self, call):
        call(start_order, kind="pickup")
        assert "no item “sushi”" in call.refusal(add_item, item="sushi")
        assert "size of Hawaiian" in call.refusal(add_item, item="hawaiian")
        assert not OrderLine.objects.exists()

    def test_a_wish_that_is_tried_again_is_one_line(self, call):
        call(start_order, kind="pickup")
        assert "added" in call(add_item, key="k", item="onion rings")
        assert call(add_item, key="k", item="onion rings") == {"order": ["line 1: 1 Onion Rings, $7.75"], "total": "$7.75"}

    def test_a_note_stands_with_its_item(self, call):
        fill(call)
        assert OrderLine.objects.get(number=2).note == "dressing on the side"
        assert "line 2: 1 Caesar Salad (dressing on the side), $9.95" in call(change_item, line=1, size="small")["order"]

    def test_the_number_of_a_line_is_not_used_again(self, call):
        fill(call)
        call(remove_item, line=2)
        assert call(add_item, item="onion rings")["added"].startswith("line 3")


class TestPlacing:
    def test_it_is_read_back_before_it_is_placed_and_once(self, call):
        fill(call)
        assert "Read the order back" in call.refusal(place_order)
        first = call(read_back_order)
        assert first["read_to_the_caller"].endswith("1 Caesar Salad (dressing on the side), $9.95. The total is $61.83.")
        call(change_item, line=2, note="")
        assert call(read_back_order) == {
            "read_back_before": True,
            "total": "$61.83",
            "next": "Do not read it all again: say what changed, and the total.",
        }
        assert call(place_order)["placed"] is True

    def test_a_second_try_gives_the_first_order(self, call):
        fill(call)
        call(read_back_order)
        first = call(place_order)
        assert first["ready_at"] == "Tuesday, 24 November 2026 at 12:20 pm"
        again = call.at(TUESDAY_NOON.replace(hour=13))(place_order)
        assert again.pop("placed_before")
        assert again == first
        order = Order.objects.get()
        assert (order.placed_at, order.total_minor, order.pk) == (TUESDAY_NOON, 6183, first["order_number"])

    def test_what_is_placed_is_not_changed_by_phone(self, call):
        fill(call)
        call(read_back_order)
        call(place_order)
        for tool, arguments in (
            (add_item, {"item": "onion rings"}),
            (remove_item, {"line": 1}),
            (start_order, {"kind": "delivery", "address": HOME}),
        ):
            assert "Only a person" in call.refusal(tool, **arguments)
        assert Order.objects.get().total_minor == 6183

    def test_an_empty_order_is_not_placed(self, call):
        call(start_order, kind="pickup")
        assert "Nothing is ordered" in call.refusal(place_order)
        assert "Nothing is ordered" in call.refusal(read_back_order)

    def test_a_delivery_is_told_with_its_address(self, call):
        fill(call, "delivery", address=HOME)
        assert call(read_back_order)["delivered_to"] == HOME
        told = call(place_order)
        assert (told["delivered_to"], told["delivered_by"], told["total"]) == (HOME, "Tuesday, 24 November 2026 at 12:45 pm", "$65.83")

    def test_a_closed_kitchen_takes_an_order_only_for_later(self):
        call = a_call(MONDAY_NOON)
        assert "closed" in call(start_order, kind="pickup")
        call(add_item, item="onion rings")
        call(read_back_order)
        told = call(place_order)
        assert (told["placed"], told["why"], told["earliest"]) == (
            False,
            "We are closed now and open tomorrow at 11:00 am.",
            "Tuesday, 24 November 2026 at 11:20 am",
        )
        assert not Order.objects.filter(placed_at__isnull=False).exists()
        assert call(place_order, date="tomorrow", time="half past twelve")["ready_at"] == "Tuesday, 24 November 2026 at 12:30 pm"
        assert Order.objects.get().ready_at == TUESDAY_NOON.replace(minute=30)

    def test_a_time_that_cannot_be_read_is_asked_for(self, call):
        fill(call)
        call(read_back_order)
        assert "one time of day" in call.refusal(place_order, time="later")
        assert "day from today on" in call.refusal(place_order, date="yesterday", time="5 pm")


class TestTelling:
    def placed(self, call, kind="pickup", **about):
        fill(call, kind, **about)
        call(read_back_order)
        return call(place_order)

    def test_a_confirmation_has_all_of_the_order(self, call):
        number = self.placed(call, "delivery", address=HOME)["order_number"]
        call(send_details, what="order")
        message = Message.objects.get()
        assert (message.peer, message.template) == (DANAS_PHONE, "order")
        assert message.body == (
            f"Dough Boy Pizza, order {number}:\n2 large The Works with extra cheese, $51.88\n1 Caesar Salad (dressing on the side), $9.95\n"
            f"delivery, $4.00\nTotal $65.83.\nDelivered to {HOME} by Tuesday, 24 November 2026 at 12:45 pm."
        )

    def test_without_a_placed_order_there_is_nothing_to_confirm(self, call):
        fill(call)
        assert "nothing to confirm" in call.refusal(send_details, what="order")

    def test_an_email_goes_only_to_the_address_on_file(self, call):
        self.placed(call)
        assert "no email address" in call.refusal(send_details, what="order", by="email")
        Caller.objects.update(email="dana@home.example")
        call(send_details, what="order", by="email")
        message = Message.objects.get()
        assert (message.way, message.peer, message.subject.startswith("Your order")) == ("email", "dana@home.example", True)

    def test_a_users_verified_number_has_their_address_on_file(self, call, tom):
        caller = Caller.objects.get()
        User.objects.filter(pk=tom.pk).update(phone=caller.number, phone_verified_at="2026-01-01T00:00Z")
        assert caller_of(caller.number).email_on_file == tom.email
        fill(call)
        call(read_back_order)
        assert "text or email" in call(place_order)["next"]
        call(send_details, what="order", by="email")
        assert Message.objects.get().peer == tom.email

    def test_a_call_made_before_the_number_was_known_counts_too_and_nobody_elses(self, call, tom):
        User.objects.filter(pk=tom.pk).update(phone=DANAS_PHONE, phone_verified_at="2026-01-01T00:00Z")
        claim_calls(User.objects.get(pk=tom.pk))
        assert Caller.objects.get().email_on_file == tom.email
        User.objects.filter(pk=tom.pk).update(phone_verified_at=None)
        assert caller_of(DANAS_PHONE).email_on_file == ""

    def test_without_one_only_a_text_is_offered(self, call):
        assert "by text." in self.placed(call)["next"]

    def test_hours_and_location_are_texted(self, call):
        call(send_details, what="hours")
        call(send_details, what="location")
        bodies = list(Message.objects.order_by("pk").values_list("body", flat=True))
        assert sorted(bodies) == [
            "Dough Boy Pizza is at 101 Spear Street, San Francisco, California 94105.",
            "Dough Boy Pizza is open: Mon closed, Tue-Thu 11:00-21:00, Fri-Sat 11:00-23:00, Sun closed.",
        ]

    def test_past_orders_are_the_callers_own(self, call):
        self.placed(call)
        again = a_call(TUESDAY_NOON, Caller.objects.get(number=DANAS_PHONE))
        (told,) = again(past_orders)["orders"]
        assert (told["total"], told["kind"], len(told["items"])) == ("$61.83", "pickup", 2)
        assert a_call(TUESDAY_NOON, number="+15195550179")(past_orders) == {"orders": []}

    def test_the_menu_the_special_and_descriptions(self, call):
        told = call(show_menu)
        assert (told["house_special"], list(told["menu"])) == ("The Works", ["Starters", "Salads", "Pizzas", "Calzones", "Toppings"])
        assert call(describe_item, item="hawaiian") == {
            "item": "Hawaiian",
            "description": "Ham and pineapple",
            "small": "$12.95",
            "medium": "$15.95",
            "large": "$19.95",
        }
        assert "not on the menu" in call.refusal(describe_item, item="sushi")

    def test_opening_hours_are_told(self, call):
        assert call(opening_hours)["open_now"] is True
        told = a_call(MONDAY_NOON, number="+15195550179")(opening_hours)
        assert (told["open_now"], told["opens"]) == (False, "tomorrow at 11:00 am")


class TestAfterwards:
    """What a call offers once its order is in the kitchen."""

    def test_the_cart_goes_and_the_keys_are_for_what_is_asked_then(self, call, monkeypatch):
        monkeypatch.setattr(running.timezone, "now", lambda: TUESDAY_NOON)
        load_all()
        InboundCall.objects.update(version=UseCase.objects.get(slug="restaurant").current)
        fill(call)
        call(read_back_order)
        placed = running.run(Wish(call.context.call_id, "k", "t1", "place_order", "{}", 0)).changes
        order = Order.objects.get()
        assert placed is not None
        assert f"number {order.pk}, $61.83, ready at " in placed.addition
        left = {"describe_item", "live_agent", "opening_hours", "past_orders", "place_order", "send_details", "show_menu"}
        assert {tool.name for tool in placed.tools} == left
        assert placed.keys["3"] == {"say": "I'll text you your order.", "tool": "send_details", "arguments": {"what": "order"}}
        texted = running.run(Wish(call.context.call_id, "k2", "t2", "send_details", json.dumps(placed.keys["3"]["arguments"]), 0))
        assert texted.ok and Message.objects.get().peer == DANAS_PHONE

    def test_an_order_that_cannot_be_made_changes_nothing(self):
        call = a_call(MONDAY_NOON)
        fill(call)
        call(read_back_order)
        refused = call.run(place_order)
        assert (refused.data["placed"], refused.prompt, refused.tools, refused.keys) == (False, None, None, None)

    @pytest.mark.parametrize("language", ["fr", "es"])
    def test_what_its_keys_say_is_there_in_every_language_of_the_folder(self, language):
        words = read_folder("restaurant").translations[language]
        assert all(handler.say in words for handler in afterwards.KEYS.values() if handler.say)


class TestTheDatabase:
    """Whatever the code forgets, no half of an order is placed."""

    @pytest.mark.parametrize("fields", [{"kind": ""}, {"total_minor": None}, {"ready_at": None}])
    def test_a_placed_order_is_whole(self, call, fields):
        whole = {"kind": "pickup", "total_minor": 5, "placed_at": TUESDAY_NOON, "ready_at": TUESDAY_NOON}
        with pytest.raises(IntegrityError, match="order_placed_whole"), transaction.atomic():
            Order.objects.create(caller=call.context.caller, **whole | fields)

    def test_a_delivery_has_an_address(self, call):
        with pytest.raises(IntegrityError, match="order_delivery_address"), transaction.atomic():
            Order.objects.create(caller=call.context.caller, kind=OrderKind.DELIVERY)


@pytest.mark.django_db(transaction=True)
def test_an_order_that_is_placed_many_times_at_once_is_placed_once():
    call = a_call(TUESDAY_NOON)
    fill(call)
    read_back(call_id=call.context.call_id, now=TUESDAY_NOON)
    together, ends = threading.Barrier(5), []

    def go() -> None:
        try:
            together.wait()
            ends.append(place(call_id=call.context.call_id, now=TUESDAY_NOON)[1])
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == [False, False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_two_items_that_are_added_at_once_are_both_there():
    call = a_call(TUESDAY_NOON)
    call(start_order, kind="pickup")
    together = threading.Barrier(4)

    def go(place: int) -> None:
        try:
            together.wait()
            call(add_item, key=f"item {place}", item="onion rings")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Order.objects.get().cart().total_minor == 4 * 775
