"""Somebody's call could not be taken: they are told, answer CALL, and are rung once; a user is rung by itself; nobody who does not want it."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from calls import dialling, reconcile, selectors, settling, sweep
from calls.models import Call, Direction, Suppression
from calls.reports import Report
from calls.review import sheet
from calls.services import take_report
from calls.status import CallStatus
from calls.telephony.client import make_client
from requests_app.inbox import receive_message
from requests_app.models import Message, Question, Request
from requests_app.opt_out import OptOut
from requests_app.status import Status
from tests.at_once import together
from tests.calls.carrier import NOT_PLACED_500, REFUSED, REPLY_LOST, TOO_MANY
from tests.calls.conftest import PUBLIC_URL, account, callback, carrier, ready_to_call, status_form
from tests.cast import TOMS_PHONE, make_request
from tests.staff_reason import having_said_why
from tests.use_cases.people import DANAS_PHONE, OUR_NUMBER, version_of
from use_cases import answering, holdings, missed, ringing_back
from use_cases.missed_models import MissedCall, MissedReason, MissedState
from use_cases.missed_words import asks_for_call
from use_cases.models import Caller, InboundCall, InboundNumber, UseCase

__all__ = ["account", "carrier"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once", "carrier")]

SID = "CA" + "7" * 32
HOUR = timedelta(hours=1)


@pytest.fixture
def greenhouse():
    version = version_of("greenhouse", line="conversation_relay")
    return InboundNumber.objects.create(number=OUR_NUMBER, use_case=version.use_case.slug)


@pytest.fixture
def floyds_line():
    version_of("floyd_line", title="Floyd", greeting="Hello, this is Floyd, an AI assistant.")
    return InboundNumber.objects.create(number=OUR_NUMBER, use_case="floyd_line")


def misses(number=DANAS_PHONE, sid=SID, **more):
    """The call was missed, and a minute later the database is there."""
    missed.tell(sid=sid, from_=number, to=OUR_NUMBER, **more)
    return MissedCall.objects.filter(sid=sid).first()


def texts(body, number=DANAS_PHONE):
    return receive_message(peer=number, body=body, carrier_sid=f"SM{Message.objects.count():032x}")


def works(hints):
    """A worker does what it was hinted, and forgets it."""
    for task, ids in hints.sent[:]:
        if task == "use_cases.ring_back":
            ringing_back.place(int(ids[0]))
    hints.clear()


def sent_to(number=DANAS_PHONE):
    return [message.template for message in Message.objects.filter(peer=number, outbound=True).order_by("created_at", "pk")]


def said(response):
    return ElementTree.fromstring(response.content)


def older(missed_call, span):
    MissedCall.objects.filter(pk=missed_call.pk).update(created_at=timezone.now() - span)


def closed_hours():
    """Calling hours in which it is not where these people live."""
    return (0, 1) if 3 < timezone.now().astimezone(answering.zone("America/Toronto")).hour < 22 else (12, 13)


# --- who answers CALL ---


def test_who_answers_call_is_rung_once_from_the_number_that_they_had_called(greenhouse, carrier, hints):
    misses()
    assert "CALL" in Message.objects.get().body
    texts("Call")
    works(hints)
    [sid] = carrier.placed(DANAS_PHONE)
    call = Call.objects.get()
    assert (carrier.calls[sid]["from"], call.carrier_sid, call.status) == (OUR_NUMBER, sid, CallStatus.PLACED)
    assert (call.direction, call.is_rung_back, call.request, call.inbound.rung) == (Direction.INBOUND, True, None, OUR_NUMBER)
    assert (call.inbound.caller.number, call.inbound.version.use_case.slug, call.inbound.attested) == (DANAS_PHONE, "greenhouse", True)
    assert call.brief["introduction"] == "Hello, this is the greenhouse's AI assistant."
    it = MissedCall.objects.get()
    assert (it.state, it.reason, it.call) == (MissedState.RUNG, MissedReason.ASKED, call)


def test_call_twice_rings_once(greenhouse, carrier, hints):
    it = misses()
    texts("CALL")
    texts("call me!")
    works(hints)
    texts("CALL")
    works(hints)
    for _ in range(3):
        ringing_back.place(it.pk)
        dialling.order(Call.objects.get().pk)
    assert carrier.orders[DANAS_PHONE] == 1
    assert sent_to() == ["missed_call_offer"]


def test_whoever_picks_up_hears_who_calls_and_why_and_a_key_begins_the_talk(greenhouse, carrier, hints):
    misses()
    texts("CALL")
    works(hints)
    call = Call.objects.get()
    form = status_form(call.carrier_sid, "in-progress", 2)
    first = said(callback(f"/twilio/rung-back/{call.pk}", form))
    assert [verb.tag for verb in first] == ["Gather", "Hangup"]  # a mailbox presses no key
    words = first.findtext("Gather/Say")
    assert ("AI assistant" in words, "asked me by text" in words) == (True, True)
    path = first.find("Gather").get("action").removeprefix(PUBLIC_URL)
    assert [verb.tag for verb in said(callback(path, form | {"Digits": "5"}))] == ["Hangup"]
    talk = said(callback(path, form | {"Digits": "1"}))
    assert talk.find("Connect/ConversationRelay").get("welcomeGreeting") == "Hello, this is the greenhouse's AI assistant."
    assert talk.find("Connect").get("action").startswith(PUBLIC_URL)
    call.refresh_from_db()
    assert call.status == CallStatus.IN_PROGRESS


def test_a_call_that_another_sid_claims_is_not_connected(greenhouse, carrier, hints):
    misses()
    texts("CALL")
    works(hints)
    call = Call.objects.get()
    callback(f"/twilio/rung-back/{call.pk}", status_form(call.carrier_sid, "in-progress", 2))
    for path in (f"/twilio/rung-back/{call.pk}", f"/twilio/rung-back/{call.pk}/keyed"):
        document = said(callback(path, status_form("CA" + "9" * 32, "in-progress", 3) | {"Digits": "1"}))
        assert [verb.tag for verb in document] == ["Hangup"]


def test_a_mailbox_or_nobody_is_not_rung_a_second_time(greenhouse, carrier, hints):
    misses()
    texts("CALL")
    works(hints)
    call = Call.objects.get()
    callback(f"/twilio/status/{call.pk}", status_form(call.carrier_sid, "no-answer", 3))
    settling.settle(call.pk)
    texts("CALL")
    works(hints)
    ringing_back.sweep()
    works(hints)
    assert carrier.orders[DANAS_PHONE] == 1
    assert sent_to() == ["missed_call_offer", "missed_call_not_rung"]
    assert not Request.objects.exists()


@pytest.mark.parametrize("span", [25 * HOUR, 6 * 24 * HOUR])
def test_an_answer_after_a_day_gets_a_kind_word(greenhouse, carrier, hints, span):
    older(misses(), span)
    texts("CALL")
    works(hints)
    assert (carrier.orders[DANAS_PHONE], sent_to()) == (0, ["missed_call_offer", "missed_call_not_rung"])


def test_call_from_somebody_who_missed_nothing_is_nothing(greenhouse, carrier, hints):
    misses()
    texts("CALL", "+15195550178")
    works(hints)
    assert carrier.orders == {}
    assert sent_to("+15195550178") == []


def test_other_words_are_no_call(greenhouse, hints):
    misses()
    texts("Don't call me")
    texts("call Sweet Violet's")
    assert MissedCall.objects.get().state == MissedState.TOLD


@pytest.mark.parametrize("word", ["CALL", " call. ", "Anrufen", "APPELER", "llámame", "Llamar!", "Appelle-moi"])
def test_the_wish_is_read_in_every_language(word):
    assert asks_for_call(word)


@pytest.mark.parametrize(("relay", "word"), [({"language": "fr-CA"}, "APPELER"), ({"language": "es-MX"}, "LLAMAR"), ({}, "CALL")])
def test_the_text_is_in_the_language_of_what_they_rang(relay, word):
    version_of("garage", relay=relay)
    InboundNumber.objects.create(number=OUR_NUMBER, use_case="garage")
    misses()
    assert f"{word} " in Message.objects.get().body


# --- what keeps Floyd from it ---


def test_stop_before_the_dial_is_heeded(greenhouse, carrier, hints):
    misses()
    texts("CALL")
    texts("STOP")
    works(hints)
    assert carrier.orders == {}
    assert MissedCall.objects.get().state == MissedState.LEFT
    assert sent_to() == ["missed_call_offer"]


def test_stop_between_row_and_order_is_heeded(greenhouse, carrier, hints, monkeypatch):
    misses()
    texts("CALL")
    monkeypatch.setattr(dialling, "order", lambda _call_id: None)  # the worker dies here
    works(hints)
    monkeypatch.undo()
    call = Call.objects.get()
    OptOut.objects.create(number=DANAS_PHONE)
    dialling.order(call.pk)
    call.refresh_from_db()
    assert (call.status, carrier.orders) == (CallStatus.CANCELED, {})


def test_who_died_behind_the_row_is_made_up_for_by_the_sweep_unless_it_is_too_late(greenhouse, carrier, hints, monkeypatch):
    misses()
    texts("CALL")
    monkeypatch.setattr(dialling, "order", lambda _call_id: None)
    works(hints)
    monkeypatch.undo()
    call = Call.objects.get()
    Call.objects.update(created_at=timezone.now() - timedelta(seconds=30))
    assert selectors.calls_to_order() == [call.pk]
    Call.objects.update(created_at=timezone.now() - HOUR)
    dialling.order(call.pk)
    assert carrier.orders == {}


def no_calls_wanted(_settings):
    Suppression.objects.create(number=DANAS_PHONE)


def switched_off(settings):
    settings.MAX_CALL_BACKS_PER_DAY = 0


def all_calls_switched_off(settings):
    settings.MAX_CALLS_PER_DAY = 0


def other_countries(settings):
    settings.ALLOWED_COUNTRIES = frozenset({"DE"})


def no_money(settings):
    settings.MAX_CALL_BACK_COST_PER_DAY_MINOR = 0


def number_gone(_settings):
    InboundNumber.objects.all().delete()


@pytest.mark.parametrize("what", [no_calls_wanted, switched_off, all_calls_switched_off, other_countries, no_money, number_gone])
def test_a_gate_that_refuses_is_told(greenhouse, carrier, hints, settings, what):
    misses()
    texts("CALL")
    what(settings)
    works(hints)
    it = MissedCall.objects.get()
    assert (it.state, bool(it.why_not), carrier.orders) == (MissedState.LEFT, True, {})
    assert sent_to()[-1] == "missed_call_not_rung"


def test_where_nobody_is_called_back_the_text_promises_none(greenhouse, settings):
    switched_off(settings)
    misses()
    assert sent_to() == ["missed_call"]


def test_the_hour_does_not_forbid_what_they_have_just_asked_for(greenhouse, carrier, hints, settings):
    settings.CALLING_HOURS = closed_hours()
    misses()
    texts("CALL")
    works(hints)
    assert carrier.orders[DANAS_PHONE] == 1


def test_it_waits_for_a_call_to_the_number_that_is_on_and_gives_up_in_time(greenhouse, carrier, hints):
    it = misses()
    texts("CALL")
    Call.objects.create(direction=Direction.INBOUND, number=DANAS_PHONE, brief={}, status=CallStatus.IN_PROGRESS)
    Call.objects.update(created_at=timezone.now() - HOUR)
    works(hints)
    it.refresh_from_db()
    assert (it.state, carrier.orders) == (MissedState.WANTED, {})
    Call.objects.all().delete()
    MissedCall.objects.update(due_at=timezone.now() - HOUR, until=timezone.now() - timedelta(minutes=1))
    ringing_back.sweep()
    works(hints)
    assert (MissedCall.objects.get().state, carrier.orders) == (MissedState.LEFT, {})
    assert sent_to()[-1] == "missed_call_not_rung"


def test_so_many_at_once_and_so_many_a_day(greenhouse, carrier, hints, settings):
    settings.MAX_CALL_BACKS_AT_ONCE, settings.MAX_CALL_BACKS_PER_DAY = 1, 2
    numbers = [f"+1519555012{digit}" for digit in range(3)]
    for digit, number in enumerate(numbers):
        misses(number, sid=f"CA{digit:032x}")
        texts("CALL", number)
    works(hints)
    assert sum(carrier.orders.values()) == 1
    for _ in range(2):
        for call in Call.objects.exclude(status=CallStatus.COMPLETED):
            take_report(call_id=call.pk, sid=call.carrier_sid, report=Report(status=CallStatus.COMPLETED, seq=9))
        MissedCall.objects.update(due_at=timezone.now())
        ringing_back.sweep()
        works(hints)
    assert sum(carrier.orders.values()) == 2
    assert MissedCall.objects.filter(state=MissedState.LEFT).count() == 1


def test_what_it_cost_counts_against_the_sites_day(greenhouse, carrier, hints, settings):
    rate = 1_000_000
    settings.MAX_CALL_BACK_COST_PER_DAY_MINOR = 1000
    misses()
    texts("CALL")
    works(hints)
    Call.objects.update(status=CallStatus.COMPLETED, cost={"currency": "USD", "carrier": 10 * rate, "model": 0})
    misses("+15195550178", sid="CA" + "8" * 32)
    texts("CALL", "+15195550178")
    works(hints)
    assert carrier.orders["+15195550178"] == 0


def test_who_rang_again_meanwhile_is_left_in_peace(greenhouse, carrier, hints):
    misses()
    texts("CALL")
    answering.take_call(sid="CA" + "5" * 32, from_=DANAS_PHONE, to=OUR_NUMBER)
    works(hints)
    assert carrier.orders == {}
    assert sent_to() == ["missed_call_offer"]


def test_a_number_is_rung_once_a_day_however_often_it_missed_us(greenhouse, carrier, hints):
    misses()
    texts("CALL")
    works(hints)
    Call.objects.update(status=CallStatus.NO_ANSWER)
    misses(sid="CA" + "8" * 32)
    texts("CALL")
    works(hints)
    assert carrier.orders[DANAS_PHONE] == 1


# --- the carrier's answer ---


@pytest.mark.parametrize("mode", [REFUSED, TOO_MANY])
def test_a_carrier_that_does_not_take_the_order_is_not_asked_again(greenhouse, carrier, hints, mode):
    carrier.mode[DANAS_PHONE] = mode
    misses()
    texts("CALL")
    works(hints)
    assert (Call.objects.get().status, carrier.orders[DANAS_PHONE]) == (CallStatus.FAILED, 1)
    assert sent_to()[-1] == "missed_call_not_rung"


@pytest.mark.parametrize(("mode", "end"), [(REPLY_LOST, CallStatus.PLACED), (NOT_PLACED_500, CallStatus.FAILED)])
def test_an_order_of_which_nobody_knows_is_looked_for_and_never_sent_again(greenhouse, carrier, hints, settings, mode, end):
    settings.DIAL_UNKNOWN_AFTER_S = 0
    carrier.mode[DANAS_PHONE] = mode
    misses()
    texts("CALL")
    works(hints)
    call = Call.objects.get()
    assert call.status == CallStatus.UNKNOWN
    assert selectors.calls_to_look_for() == [call.pk]
    reconcile.look_for(make_client(settings), call.pk)
    call.refresh_from_db()
    assert (call.status, carrier.orders[DANAS_PHONE]) == (end, 1)
    assert not Question.objects.exists()
    sweep.sweep()
    assert carrier.orders[DANAS_PHONE] == 1


def test_it_costs_what_a_call_of_ours_costs_and_the_site_pays(greenhouse, carrier, hints):
    misses()
    texts("CALL")
    works(hints)
    Call.objects.update(status=CallStatus.COMPLETED, seconds=61, ended_at=timezone.now())
    call = Call.objects.get()
    settling.settle(call.pk)
    call.refresh_from_db()
    assert call.cost["carrier"] is None or call.cost["carrier"] > 0
    assert call.price_due_at is None


# --- a user's own call ---


def test_a_user_who_rang_floyd_is_called_by_itself(floyds_line, tom, carrier, hints):
    misses(TOMS_PHONE)
    works(hints)
    call = Call.objects.get()
    assert (carrier.orders[TOMS_PHONE], call.user, call.inbound.version.use_case.slug) == (1, tom, "floyd_line")
    assert sent_to(TOMS_PHONE) == []
    first = said(callback(f"/twilio/rung-back/{call.pk}", status_form(call.carrier_sid, "in-progress", 2)))
    assert "You called me" in first.findtext("Gather/Say")
    assert call.brief["use_case"]["expects_pin"] is False  # none is set; with one, nothing is told before it
    misses(TOMS_PHONE, sid="CA" + "8" * 32)
    works(hints)
    assert carrier.orders[TOMS_PHONE] == 1


def asleep(user, _settings):
    now = timezone.now().astimezone(answering.zone(user.time_zone))
    user.quiet_from, user.quiet_to = (now - HOUR).time(), (now + 2 * HOUR).time()


def spent(user, _settings):
    user.cost_per_day_minor = 0


def calls_off(user, _settings):
    user.calls_per_day = 0


def not_called(_user, _settings):
    Suppression.objects.create(number=TOMS_PHONE)


def no_hour(_user, settings):
    settings.CALLING_HOURS = closed_hours()


@pytest.mark.parametrize("what", [asleep, spent, calls_off, not_called, no_hour])
def test_their_own_limits_hold_and_a_text_comes_instead(floyds_line, tom, carrier, hints, settings, what):
    tom.quiet_from, tom.quiet_to = time(0), time(0)
    what(tom, settings)
    tom.save()
    misses(TOMS_PHONE)
    works(hints)
    assert (carrier.orders, sent_to(TOMS_PHONE)) == ({}, ["missed_call_offer"])
    assert MissedCall.objects.get().state == MissedState.TOLD


def test_hours_later_nobody_is_called_unasked(floyds_line, tom, carrier, hints):
    misses(TOMS_PHONE, at=timezone.now() - 2 * HOUR)
    works(hints)
    assert (carrier.orders, sent_to(TOMS_PHONE)) == ({}, ["missed_call_offer"])


def test_a_number_that_is_no_longer_theirs_is_not_called(floyds_line, tom, carrier, hints):
    misses(TOMS_PHONE)
    tom.phone_verified_at = None
    tom.save()
    works(hints)
    assert carrier.orders == {}


def test_a_user_who_rang_a_business_is_asked_like_everybody(greenhouse, tom, carrier, hints):
    misses(TOMS_PHONE)
    works(hints)
    assert carrier.orders == {}
    texts("CALL", TOMS_PHONE)
    works(hints)
    assert carrier.orders[TOMS_PHONE] == 1
    assert not Request.objects.exists()


def test_the_answer_to_a_later_question_is_no_wish_to_be_called(greenhouse, tom, carrier, hints):
    misses(TOMS_PHONE)
    older(MissedCall.objects.get(), HOUR)
    request = make_request(tom, status=Status.WAITING_FOR_USER)
    Question.objects.create(request=request, kind="text", text="Call again, or wait?", step="plan")
    texts("call", TOMS_PHONE)
    works(hints)
    assert carrier.orders == {}


def test_another_floyd_is_not_texted(greenhouse, hints):
    InboundNumber.objects.create(number="+15195550101", use_case="greenhouse")
    assert misses("+15195550101") is None
    assert not Message.objects.exists()


def test_a_request_waits_while_its_callee_is_rung_back(greenhouse, tom, carrier, hints):
    misses()
    texts("CALL")
    works(hints)
    request = ready_to_call(tom, number=DANAS_PHONE)
    dialling.place(request.pk)
    request.refresh_from_db()
    assert (carrier.orders[DANAS_PHONE], request.status) == (1, Status.SCHEDULED)


def test_staff_see_why_they_were_called(greenhouse, carrier, hints, sam):
    misses()
    texts("CALL")
    works(hints)
    call = Call.objects.get()
    assert ("Why", "Called back after an outage") in sheet.facts(call)
    site = Client()
    sam.is_superuser = True
    sam.save()
    site.force_login(sam)
    having_said_why(site)
    assert "Called back" in site.get("/admin/use_cases/missedcall/", follow=True).content.decode()


# --- rows ---


def test_a_repeat_of_the_task_does_nothing(greenhouse, hints):
    assert misses() == misses()
    assert Message.objects.count() == 1


def test_it_is_forgotten_with_its_caller(greenhouse, tom, hints, settings):
    settings.KEEP_RECORDS_DAYS = 30
    older(misses(), 31 * 24 * HOUR)
    assert holdings.forget_missed() == 1
    misses(TOMS_PHONE, sid="CA" + "8" * 32)
    Caller.objects.filter(number=TOMS_PHONE).delete()
    assert not MissedCall.objects.exists()
    assert UseCase.objects.exists()
    assert not InboundCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_place_one_call(greenhouse, carrier, hints):
    its = [misses(), misses(sid="CA" + "8" * 32)]
    texts("CALL")
    now = timezone.now()
    # As if both had been asked for: the number is rung once all the same.
    MissedCall.objects.update(state=MissedState.WANTED, reason=MissedReason.ASKED, wanted_at=now, due_at=now, until=now + HOUR)
    together(*[partial(ringing_back.place, it.pk) for it in its * 2])
    assert carrier.orders[DANAS_PHONE] == 1
    assert Call.objects.count() == 1
