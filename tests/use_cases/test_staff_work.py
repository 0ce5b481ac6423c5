"""Staff see what callers booked and ordered, put it right, and callers hear of what became of it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from requests_app.models import Message
from requests_app.opt_out import take_word
from tests.staff_reason import having_said_why
from tests.use_cases.people import DANAS_PHONE, dana, taken_call, version_of
from tests.use_cases.staff import act, opened
from tests.use_cases.tool_calls import a_call
from use_cases.apartments.models import Apartment, Tour
from use_cases.apartments.slots import TourKind, free_slots
from use_cases.apartments.stock import refresh, refresh_now, rules
from use_cases.apartments.tools import list_available_apartments
from use_cases.models import Caller
from use_cases.restaurant.house import house
from use_cases.restaurant.models import MOVES, Order, OrderLine, OrderState
from use_cases.restaurant.tools import add_item, past_orders, place_order, read_back_order, start_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

ORDERS, TOURS, APARTMENTS = (f"/admin/use_cases/{name}/" for name in ("order", "tour", "apartment"))
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
HOME = "12 Pine Street, San Francisco, 94111"


@pytest.fixture
def staff(sam):
    """Sam at the admin, who may do everything there."""
    sam.is_superuser = True
    sam.save()
    client = Client()
    client.force_login(sam)
    return having_said_why(client)


def allowed(sam, *rights: str) -> Client:
    sam.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(sam)
    return having_said_why(client)


def placed(kind: str = "pickup", **about) -> Order:
    call = a_call(NOON, Caller.objects.first() or dana(), "restaurant")
    call(start_order, kind=kind, **about)
    call(add_item, item="the works", size="large", quantity=2)
    call(add_item, item="caesar salad", note="dressing on the side")
    call(read_back_order)
    return Order.objects.get(pk=call(place_order)["order_number"])


@pytest.fixture
def tour():
    refresh_now()
    apartment = Apartment.objects.get(layout="studio")
    call = taken_call(dana(), version_of("apartments"))
    return Tour.objects.create(apartment=apartment, caller=Caller.objects.get(), kind="self-guided", starts_at=slot(2), key=f"{call.pk}:k1")


def slot(days: int, kind: TourKind = TourKind.SELF_GUIDED, place: int = 0) -> datetime:
    """A time at which there are tours of that kind, at least so many days ahead."""
    now = timezone.now()
    day = now.astimezone(ZoneInfo(rules().time_zone)).date() + timedelta(days=days)
    while not (free := free_slots(day, "studio", kind, booked=(), rules=rules(), now=now)):
        day += timedelta(days=1)
    return free[place]


def at(moment: datetime) -> dict[str, str]:
    """What is typed for a time, on the building's clocks."""
    local = moment.astimezone(ZoneInfo(rules().time_zone))
    return {"starts_at_0": f"{local:%Y-%m-%d}", "starts_at_1": f"{local:%H:%M:%S}"}


def bodies() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("body", flat=True))


class TestTheKitchen:
    def test_an_order_that_was_placed_is_seen_found_and_leads_to_its_call(self, staff):
        order = placed("delivery", address=HOME)
        for query in ("", "?state__exact=placed", f"?q={DANAS_PHONE[1:]}", "?q=Whitfield", f"?q={order.pk}"):
            content = staff.get(f"{ORDERS}{query}").content.decode()
            assert "In the kitchen" in content and "$61.85" in content, query
        page = staff.get(f"{ORDERS}{order.pk}/change/").content.decode()
        assert "dressing on the side" in page and HOME in page
        assert f"/admin/calls/call/{order.call_id}/change/" in page
        assert "Nov. 24, 2026, noon" in page, "times are the restaurant's"

    def test_ready_is_texted_once_and_told_to_who_asks(self, staff):
        order = placed()
        assert act(staff, ORDERS, "ready", order.pk) == ["Ready: 1."]
        assert act(staff, ORDERS, "ready", order.pk) == [f"Left as it was. Order {order.pk} is: Ready."]
        assert bodies() == [f"Dough Boy Pizza: your order {order.pk} is ready. Pick it up at {house().address}."]
        assert a_call(NOON, Caller.objects.get())(past_orders)["orders"][0]["state"] == "Ready"

    def test_a_delivery_that_is_ready_is_on_its_way(self, staff):
        order = placed("delivery", address=HOME)
        act(staff, ORDERS, "ready", order.pk)
        assert bodies() == [f"Dough Boy Pizza: your order {order.pk} is ready. It is on its way to {HOME}."]

    def test_what_was_cancelled_is_not_ready_any_more(self, staff):
        order = placed()
        assert act(staff, ORDERS, "cancel", order.pk) == ["Cancelled: 1."]
        assert act(staff, ORDERS, "ready", order.pk) == [f"Left as it was. Order {order.pk} is: Cancelled."]
        assert bodies() == [f"Dough Boy Pizza: we are sorry, your order {order.pk} was cancelled. Call us if you have a question."]

    def test_staff_read_who_was_not_told(self, staff):
        order = placed()
        take_word(number=DANAS_PHONE, word="STOP")
        said = act(staff, ORDERS, "ready", order.pk)
        assert said[0].startswith(f"Order {order.pk}: the caller was not told. Texts to that number were stopped")
        assert Order.objects.get().state == OrderState.READY

    def test_a_cart_is_its_callers(self, staff):
        call = a_call(NOON)
        call(start_order, kind="pickup")
        order = Order.objects.get()
        assert act(staff, ORDERS, "ready", order.pk) == [f"Left as it was. Order {order.pk} is: Being ordered."]
        assert staff.post(f"{ORDERS}{order.pk}/change/", {}).status_code == 403

    def test_every_way_stands_in_the_table(self, staff):
        order = placed()
        for before, after in [(one, other) for one in MOVES for other in (OrderState.READY, OrderState.CANCELLED)]:
            Order.objects.update(state=before, placed_at=None if before is OrderState.CART else NOON)
            act(staff, ORDERS, "ready" if after is OrderState.READY else "cancel", order.pk)
            assert (Order.objects.get().state == after) is (after in MOVES[before] or before is after), (before, after)

    def test_what_was_misheard_is_put_right_and_counted_anew(self, staff):
        order = placed("delivery", address=HOME)
        address = f"{ORDERS}{order.pk}/change/"
        values = opened(staff, address)
        values |= {"address": "12 Vine Street", "lines-0-quantity": "1", "lines-1-DELETE": "on"}
        assert staff.post(address, values).status_code == 302
        order.refresh_from_db()
        assert (order.address, order.total_minor) == ("12 Vine Street", 2395 + 400)
        assert OrderLine.objects.get().quantity == 1

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"address": ""}, "A delivery needs an address."),
            ({"lines-0-quantity": "0"}, "greater than or equal to 1"),
            ({"lines-0-DELETE": "on", "lines-1-DELETE": "on"}, "cancel the order instead"),
        ],
    )
    def test_half_an_order_is_refused_with_the_reason(self, staff, changes, said):
        order = placed("delivery", address=HOME)
        address = f"{ORDERS}{order.pk}/change/"
        response = staff.post(address, opened(staff, address) | changes)
        assert response.status_code == 200 and said in response.content.decode()

    def test_who_may_only_look_has_no_way_to_change(self, sam):
        order = placed()
        client = allowed(sam, "view_order")
        page = client.get(f"{ORDERS}{order.pk}/change/").content.decode()
        assert "dressing on the side" in page and "_save" not in page and "shown" not in page.lower().replace("shown in", "")
        client.post(ORDERS, {"action": "ready", "_selected_action": [order.pk]})
        assert client.post(f"{ORDERS}{order.pk}/change/", {}).status_code == 403
        assert Order.objects.get().state == OrderState.PLACED
        assert allowed(sam).get(ORDERS).status_code == 403


class TestTours:
    def test_a_tour_is_seen_found_and_leads_to_its_call(self, staff, tour):
        for query in ("", "?state=ahead", "?kind__exact=self-guided", f"?q={DANAS_PHONE[1:]}"):
            assert "Dana Whitfield" in staff.get(f"{TOURS}{query}").content.decode(), query
        assert "Dana Whitfield" not in staff.get(f"{TOURS}?state=cancelled").content.decode()
        assert f"/admin/calls/call/{tour.key.split(':')[0]}/change/" in staff.get(f"{TOURS}{tour.pk}/change/").content.decode()

    def test_one_that_is_called_off_is_free_again_and_its_caller_knows(self, staff, tour):
        assert act(staff, TOURS, "cancel", tour.pk) == ["Called off: 1."]
        assert act(staff, TOURS, "cancel", tour.pk) == ["Left as it was. That tour is over, or was called off before."]
        assert Tour.objects.filter(cancelled_at=None).count() == 0
        (body,) = bodies()
        assert body.startswith("Parkview Apartments: we had to call off your self-guided tour of the studio apartment")

    def test_one_that_is_moved_is_told(self, staff, tour):
        address = f"{TOURS}{tour.pk}/change/"
        later = slot(3, place=1)
        assert staff.post(address, opened(staff, address) | at(later)).status_code == 302
        tour.refresh_from_db()
        assert tour.starts_at == later
        (body,) = bodies()
        assert "your tour was changed" in body

    def test_saving_what_was_not_changed_tells_nobody(self, staff, tour):
        address = f"{TOURS}{tour.pk}/change/"
        assert staff.post(address, opened(staff, address)).status_code == 302
        assert bodies() == []

    def test_a_slot_that_somebody_has_is_refused_and_so_is_a_time_between(self, staff, tour):
        taken = slot(3)
        other = Caller.objects.create(number="+15195550178")
        Tour.objects.create(apartment=tour.apartment, caller=other, kind="self-guided", starts_at=taken, key="other")
        address = f"{TOURS}{tour.pk}/change/"
        content = staff.post(address, opened(staff, address) | at(taken)).content.decode()
        assert "Somebody else sees that apartment then." in content
        content = staff.post(address, opened(staff, address) | at(taken + timedelta(minutes=10))).content.decode()
        assert "There are no self-guided tours then" in content
        two = Apartment.objects.get(layout="two-bedroom")
        Tour.objects.filter(key="other").update(kind="agent-led", apartment=two, starts_at=slot(3, TourKind.AGENT_LED))
        agent = at(slot(3, TourKind.AGENT_LED)) | {"kind": "agent-led"}
        assert "The agent has another tour then." in staff.post(address, opened(staff, address) | agent).content.decode()
        tour.refresh_from_db()
        assert tour.kind == "self-guided" and bodies() == []

    def test_staff_book_for_somebody(self, staff, tour):
        ann = Caller.objects.create(number="+15195550178", first_name="Ann")
        values = {"apartment": tour.apartment_id, "kind": "self-guided", "caller": ann.pk, **at(slot(4)), "_save": "Save"}
        assert staff.post(f"{TOURS}add/", values).status_code == 302
        assert Tour.objects.get(caller=ann).key.startswith("staff:")
        assert Message.objects.get().peer == ann.number

    def test_what_is_over_stays_as_it_was(self, staff, tour):
        Tour.objects.update(starts_at=timezone.now() - timedelta(days=1))
        assert staff.post(f"{TOURS}{tour.pk}/change/", {}).status_code == 403
        assert "over" in staff.get(f"{TOURS}?state=over").content.decode()


class TestApartments:
    def test_what_a_person_edited_stays_when_days_are_refreshed(self, staff):
        today = timezone.now().astimezone(ZoneInfo(rules().time_zone)).date()
        refresh(today)
        studio = Apartment.objects.get(layout="studio")
        address = f"{APARTMENTS}{studio.pk}/change/"
        since = today - timedelta(days=3)
        values = opened(staff, address) | {"available_from": f"{since}", "rent_minor": "99500"}
        assert staff.post(address, values).status_code == 302
        refresh(today + timedelta(days=40))
        studio.refresh_from_db()
        assert (studio.available_from, studio.rent_minor, studio.days_kept) == (since, 99500, ["available_from"])
        assert studio.special_until is None or studio.special_until >= today + timedelta(days=40)

    def test_the_command_adds_what_is_missing_and_leaves_what_was_edited(self, capsys):
        call_command("floyd", "refresh-apartments")
        assert capsys.readouterr().out == "4 apartments added or moved on.\n"
        past = timezone.now().date() - timedelta(days=9)
        Apartment.objects.filter(layout="studio").update(rent_minor=1, available_from=past, days_kept=["available_from"])
        Apartment.objects.filter(layout="two-bedroom").update(available_from=past)
        call_command("floyd", "refresh-apartments")
        assert capsys.readouterr().out == "1 apartments added or moved on.\n"
        assert Apartment.objects.get(layout="studio").available_from == past
        assert Apartment.objects.get(layout="two-bedroom").available_from > past
        call_command("floyd", "refresh-apartments")
        assert capsys.readouterr().out == "Nothing had to be changed.\n"

    def test_what_is_off_the_list_is_neither_told_nor_brought_back(self, staff):
        refresh_now()
        studio = Apartment.objects.get(layout="studio")
        assert act(staff, APARTMENTS, "take_off", studio.pk) == ["Not offered any more: 1."]
        refresh_now()
        told = a_call(timezone.now(), slug="apartments")(list_available_apartments)["apartments"]
        assert len(told) == 3 and not any("studio" in one for one in told)
        assert staff.get(f"{APARTMENTS}{studio.pk}/delete/").status_code == 403

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"features": '"balcony"'}, "A list of words"),
            ({"currency": "dollars"}, "most 3 characters"),
            ({"currency": "usd"}, "three letters"),
            ({"special": "Half off until {until}", "special_until": ""}, "there has to be one"),
        ],
    )
    def test_what_callers_could_not_be_told_is_refused_beside_its_field(self, staff, changes, said):
        refresh_now()
        address = f"{APARTMENTS}{Apartment.objects.get(layout='studio').pk}/change/"
        response = staff.post(address, opened(staff, address) | changes)
        assert response.status_code == 200 and said in response.content.decode()

    def test_a_special_that_is_over_is_not_told(self):
        refresh_now()
        one = Apartment.objects.exclude(special="").first()
        assert one is not None and one.special_until is not None
        assert one.unit(one.special_until).special and not one.unit(one.special_until + timedelta(days=1)).special


def test_a_long_list_is_counted_up_to_where_it_is_shown(staff, monkeypatch):
    monkeypatch.setattr("context.read_only.MOST_LISTED", 3)
    caller = dana()
    Order.objects.bulk_create(Order(caller=caller, kind="pickup") for _ in range(5))
    assert staff.get(ORDERS).context["cl"].result_count == 3
