"""An ended call is charged by what it used, once, and by the carrier's own price when there is one."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from twilio.base.exceptions import TwilioException

from calls import settling, wrap_up
from calls.fragments import call_fragment
from calls.models import Call
from calls.pricing import used_in_call
from calls.status import CallStatus
from context.figures import price
from requests_app import costs
from requests_app.charge import Charge
from tests.calls.conftest import call_at

pytestmark = pytest.mark.django_db

USAGE = [
    {"component": "model", "what": "gpt-6-luna", "quantities": {"input_tokens": 10_000, "cached_tokens": 40_000, "output_tokens": 1_000}},
    {"component": "voice", "what": "google:en-US-Chirp3-HD-Aoede", "quantities": {"characters": 400, "ms": 26_000}},
    {"component": "recognition", "what": "google_speech:telephony", "quantities": {"ms": 60_000}},
]


def ended(user, **fields) -> Call:
    values = {"usage": USAGE, "seconds": 61, "carrier_sid": "CA" + "1" * 32, "ended_at": timezone.now(), "end_reason": "stopped_by_user"}
    return call_at(user, CallStatus.COMPLETED, **(values | fields))


class Carrier:
    """Answers what a call costs."""

    def __init__(self, price: str | None, unit: str = "USD") -> None:
        self.price, self.unit, self.asked = price, unit, 0

    def calls(self, sid: str) -> "Carrier":
        self.sid = sid
        return self

    def fetch(self) -> SimpleNamespace:
        self.asked += 1
        if self.price == "away":
            raise TwilioException("away")
        return SimpleNamespace(
            sid=self.sid,
            status="completed",
            date_created=None,
            start_time=None,
            end_time=None,
            duration="61",
            price=self.price,
            price_unit=self.unit,
        )


def test_while_it_is_on_the_page_estimates_what_it_cost_so_far(client, tom):
    begun = timezone.now() - timedelta(seconds=61)
    call = call_at(tom, CallStatus.IN_PROGRESS, usage=USAGE, started_at=begun)
    client.force_login(tom)
    estimate = price(costs.priced(used_in_call(number=call.number, line=call.line, seconds=61, usage=USAGE, table=costs.table())).micros, "USD")
    for html in (client.get(f"/requests/{call.request_id}/").content.decode(), call_fragment(str(call.pk))):
        assert f"{estimate} so far" in html
    Call.objects.update(usage=[], started_at=None)
    assert "so far" not in call_fragment(str(call.pk)), "nothing is not an amount"
    Call.objects.update(usage=USAGE, started_at=begun, status=CallStatus.COMPLETED)
    assert "so far" not in call_fragment(str(call.pk))


def test_a_call_is_charged_by_what_it_used(tom):
    call = ended(tom)
    settling.settle(call.pk)
    call.refresh_from_db()
    assert call.cost == {"currency": "USD", "carrier": 36_000, "model": 1_900, "voice": 12_000, "recognition": 24_000}
    bill = costs.bill(call.request)
    assert bill.micros == 36_000 + 1_900 + 12_000 + 24_000
    assert bill.unknown == ()


def test_charging_again_charges_nothing_twice_and_brings_late_usage_up_to_date(tom):
    call = ended(tom, usage=USAGE[:1])
    settling.settle(call.pk)
    Call.objects.filter(pk=call.pk).update(usage=USAGE)
    for _ in range(3):
        settling.settle(call.pk)
    assert Charge.objects.count() == 5
    assert costs.bill(call.request).micros == 73_900


def test_what_has_no_price_is_shown_as_unknown_and_counts_with_what_was_set_aside(tom):
    call = ended(tom, usage=[{"component": "model", "what": "local-model", "quantities": {"input_tokens": 5}}])
    settling.settle(call.pk)
    call.refresh_from_db()
    assert call.cost["model"] is None
    assert costs.bill(call.request).unknown == ("local-model",)
    line = Charge.objects.get(what="local-model")
    assert (line.micros, line.counted_micros) == (None, 2 * 150_000 // 4)


def test_the_carriers_own_price_takes_the_place_of_ours(tom):
    call = ended(tom)
    settling.settle(call.pk)
    settling.ask(Carrier("-0.01300"), call.pk)
    call.refresh_from_db()
    # The stream of its sound is charged besides.
    assert call.cost["carrier"] == 13_000 + 8_000
    assert call.price_due_at is None
    settling.settle(call.pk)
    call.refresh_from_db()
    assert call.cost["carrier"] == 21_000


@pytest.mark.parametrize("carrier", [Carrier(None), Carrier("away")])
def test_a_price_that_is_not_there_yet_is_asked_for_again_and_given_up_in_the_end(tom, carrier):
    call = ended(tom)
    settling.settle(call.pk)
    for asked in range(1, 6):
        call.refresh_from_db()
        assert call.price_due_at is not None
        assert timedelta(0) < call.price_due_at - timezone.now() <= settling.ASK_AFTER[asked - 1]
        settling.ask(carrier, call.pk)
    call.refresh_from_db()
    assert call.price_due_at is None
    assert carrier.asked == 5
    assert call.cost["carrier"] == 36_000


@pytest.mark.parametrize("carrier", [Carrier("-0.02", "CAD"), Carrier("dear")])
def test_a_price_that_cannot_be_added_up_leaves_ours(tom, carrier):
    call = ended(tom)
    settling.settle(call.pk)
    settling.ask(carrier, call.pk)
    call.refresh_from_db()
    assert call.cost["carrier"] == 36_000


def test_a_call_whose_wrap_up_never_ran_is_charged_all_the_same(tom):
    call = ended(tom)
    assert settling.due() == [call.pk]
    settling.ask(Carrier(None), call.pk)
    assert costs.bill(call.request).micros == 73_900


def test_the_wrap_up_charges_the_call_of_a_stopped_request_too(tom):
    call = ended(tom, request_status="cancelled")
    wrap_up.wrap_up(call.pk)
    assert costs.bill(call.request).micros == 73_900


def test_a_call_that_nobody_answered_costs_nothing_and_is_not_asked_about(tom):
    call = ended(tom, usage=[], seconds=0)
    settling.settle(call.pk)
    call.refresh_from_db()
    assert (call.cost, call.price_due_at) == ({"currency": "USD"}, None)
