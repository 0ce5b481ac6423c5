"""A call back that came to nothing: whoever was called hears of it once, and Floyd never dials for it a second time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone

from calls import dialling, reconcile, sweep, wrap_up
from calls.models import Call
from calls.reports import Report
from calls.services import take_report
from calls.status import CallStatus
from calls.telephony import live_calls
from calls.telephony.client import make_client
from requests_app.models import Message, Question, Request
from requests_app.opt_out import take_word
from requests_app.status import Status
from tests.at_once import together
from tests.calls.carrier import NOT_PLACED_500, OK, PLACED_500, REFUSED, REPLY_LOST
from tests.calls.conftest import account, callback, carrier, status_form
from tests.cast import TOMS_PHONE
from tests.use_cases.people import DANAS_PHONE, OUR_NUMBER
from tests.use_cases.test_ringing_back import floyds_line, greenhouse, misses, said, sent_to, texts
from use_cases import answering, ringing_back, rung_in_vain
from use_cases.missed_models import MissedCall, MissedState

__all__ = ["account", "carrier", "floyds_line", "greenhouse"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once", "carrier")]

TASKS = {
    "use_cases.ring_back": lambda missed_id: ringing_back.place(int(missed_id)),
    "use_cases.conclude_ring_back": rung_in_vain.conclude,
    "calls.wrap_up": wrap_up.wrap_up,
    "calls.heed_stop": lambda opt_out_id: sweep.heed_stop(int(opt_out_id)),
    "calls.hang_up": lambda sid: live_calls.hang_up(make_client(site), sid),
}


def work(hints):
    """A worker does what it was hinted until nothing is left; each hint twice, as if another had it, too."""
    while hints.sent:
        task, ids = hints.sent.pop(0)
        if task in TASKS:
            for _ in range(2):
                TASKS[task](*ids)


def rung(hints, number=DANAS_PHONE):
    """Their call was missed, they asked for one, and were dialled."""
    misses(number)
    texts("CALL", number)
    work(hints)
    return Call.objects.get()


def ends(call, status, hints, seq=5):
    callback(f"/twilio/status/{call.pk}", status_form(call.carrier_sid, status, seq))
    work(hints)


def seen_by_toms_pages():
    """What of Floyd's call stands on Tom's pages."""
    return [(one.status, (one.outcome or {})["summary"]) for one in Request.objects.filter(user__phone=TOMS_PHONE)]


# --- nobody picked up ---


@pytest.mark.parametrize("status", ["no-answer", "busy", "canceled", "failed"])
def test_who_did_not_pick_up_is_told_once_and_not_rung_again(greenhouse, carrier, hints, status):
    call = rung(hints)
    ends(call, status, hints)
    for _ in range(2):
        ends(call, status, hints)
        sweep.sweep()
        ringing_back.sweep()
        work(hints)
    assert sent_to() == ["missed_call_offer", "missed_call_rang"]
    assert OUR_NUMBER in Message.objects.get(template="missed_call_rang").body
    assert (carrier.orders[DANAS_PHONE], MissedCall.objects.get().state) == (1, MissedState.IN_VAIN)


def test_a_lost_hint_is_made_up_for_by_the_sweep(greenhouse, carrier, hints):
    call = rung(hints)
    callback(f"/twilio/status/{call.pk}", status_form(call.carrier_sid, "no-answer", 5))
    hints.clear()
    ringing_back.sweep()
    work(hints)
    assert sent_to() == ["missed_call_offer", "missed_call_rang"]


def test_a_user_finds_it_on_their_pages_and_gets_one_text(floyds_line, tom, carrier, hints):
    tom.quiet_from = tom.quiet_to = None
    tom.save()
    misses(TOMS_PHONE)
    work(hints)
    call = Call.objects.get()
    ends(call, "no-answer", hints)
    ends(call, "no-answer", hints, seq=6)
    [(status, summary)] = seen_by_toms_pages()
    assert (status, "called you back" in summary) == (Status.DONE, True)
    message = Message.objects.get(outbound=True)
    assert (message.user, message.peer, message.body) == (tom, TOMS_PHONE, summary)
    pages = Client()
    pages.force_login(tom)
    assert "Your call to Floyd" in pages.get("/").content.decode()
    assert "called you back" in pages.get(Request.objects.get().get_absolute_url()).content.decode()
    assert carrier.orders[TOMS_PHONE] == 1


def test_whose_pages_are_german_reads_it_in_german(floyds_line, tom, carrier, hints):
    tom.page_language = "de"
    tom.save()
    misses(TOMS_PHONE)
    work(hints)
    ends(Call.objects.get(), "no-answer", hints)
    assert "zurückgerufen" in Message.objects.get(outbound=True).body
    pages = Client()
    pages.force_login(tom)
    page = pages.get(Request.objects.get().get_absolute_url()).content.decode()
    assert "Dein Anruf bei Floyd" in page and "zurückgerufen" in page and "called you back" not in page


def test_who_wants_to_be_told_on_pages_alone_finds_it_there(floyds_line, tom, hints):
    tom.tell_by = "pages"
    tom.save()
    misses(TOMS_PHONE)
    work(hints)
    ends(Call.objects.get(), "busy", hints)
    assert len(seen_by_toms_pages()) == 1
    assert not Message.objects.filter(outbound=True).exists()


def test_who_pressed_the_key_is_told_nothing(greenhouse, carrier, hints):
    call = rung(hints)
    form = status_form(call.carrier_sid, "in-progress", 2)
    callback(f"/twilio/rung-back/{call.pk}", form)
    assert said(callback(f"/twilio/rung-back/{call.pk}/keyed", form | {"Digits": "1"})).find("Connect") is not None
    ends(call, "completed", hints)
    assert (sent_to(), MissedCall.objects.get().state) == (["missed_call_offer"], MissedState.ANSWERED)


def test_a_mailbox_presses_no_key(greenhouse, carrier, hints):
    call = rung(hints)
    callback(f"/twilio/rung-back/{call.pk}", status_form(call.carrier_sid, "in-progress", 2))
    ends(call, "completed", hints)
    assert sent_to() == ["missed_call_offer", "missed_call_rang"]


def test_who_rang_again_meanwhile_needs_no_text(greenhouse, carrier, hints):
    call = rung(hints)
    answering.take_call(sid="CA" + "5" * 32, from_=DANAS_PHONE, to=OUR_NUMBER)
    ends(call, "no-answer", hints)
    assert sent_to() == ["missed_call_offer"]


def test_what_ended_long_ago_is_told_nobody(greenhouse, carrier, hints):
    call = rung(hints)
    Call.objects.update(status=CallStatus.NO_ANSWER, created_at=timezone.now() - timedelta(days=2))
    hints.clear()
    ringing_back.sweep()
    work(hints)
    assert (sent_to(), call.pk) == (["missed_call_offer"], Call.objects.get().pk)


# --- nobody knows whether it rang ---


@pytest.mark.parametrize("mode", [REPLY_LOST, PLACED_500, NOT_PLACED_500])
def test_an_order_whose_fate_is_unknown_says_nothing_yet(greenhouse, carrier, hints, mode):
    carrier.mode[DANAS_PHONE] = mode
    assert rung(hints).status == CallStatus.UNKNOWN
    ringing_back.sweep()
    work(hints)
    assert sent_to() == ["missed_call_offer"]


def test_one_that_is_never_found_is_told_once_and_hung_up_should_it_ring_after_all(greenhouse, carrier, hints, settings):
    settings.DIAL_UNKNOWN_AFTER_S = 0
    carrier.mode[DANAS_PHONE] = REPLY_LOST
    carrier.hidden.add(DANAS_PHONE)
    call = rung(hints)
    for _ in range(3):
        sweep.sweep()
        ringing_back.sweep()
        work(hints)
    assert sent_to() == ["missed_call_offer", "missed_call_unsure"]
    [sid] = carrier.placed(DANAS_PHONE)
    callback(f"/twilio/status/{call.pk}", status_form(sid, "ringing", 1))
    work(hints)
    assert carrier.calls[sid]["status"] == "completed"
    callback(f"/twilio/status/{call.pk}", status_form(sid, "no-answer", 2))
    work(hints)
    assert sent_to() == ["missed_call_offer", "missed_call_unsure"]
    assert (carrier.orders[DANAS_PHONE], Question.objects.exists()) == (1, False)


def test_one_that_was_found_and_then_not_picked_up_is_told_once(greenhouse, carrier, hints):
    carrier.mode[DANAS_PHONE] = REPLY_LOST
    call = rung(hints)
    reconcile.look_for(make_client(site), call.pk)
    call.refresh_from_db()
    assert call.status == CallStatus.PLACED
    ends(call, "no-answer", hints)
    assert (sent_to(), carrier.orders[DANAS_PHONE]) == (["missed_call_offer", "missed_call_rang"], 1)


def test_one_of_which_the_carrier_tells_no_end_is_told_after_a_time(greenhouse, carrier, hints):
    call = rung(hints)
    rung_in_vain.conclude(call.pk)
    assert sent_to() == ["missed_call_offer"]
    Call.objects.update(created_at=timezone.now() - rung_in_vain.OVER_AFTER)
    ringing_back.sweep()
    work(hints)
    ends(call, "no-answer", hints)
    assert (sent_to(), carrier.orders[DANAS_PHONE]) == (["missed_call_offer", "missed_call_unsure"], 1)


def test_a_user_reads_that_nobody_knows(floyds_line, tom, carrier, hints, settings):
    settings.DIAL_UNKNOWN_AFTER_S = 0
    carrier.mode[TOMS_PHONE] = NOT_PLACED_500
    misses(TOMS_PHONE)
    work(hints)
    for _ in range(2):
        sweep.sweep()
        ringing_back.sweep()
        work(hints)
    [(_, summary)] = seen_by_toms_pages()
    assert "can't tell whether your phone rang" in summary
    assert (Message.objects.filter(outbound=True).count(), carrier.orders[TOMS_PHONE]) == (1, 1)


def test_an_order_that_was_never_sent_is_told_as_one(greenhouse, carrier, hints, monkeypatch):
    monkeypatch.setattr(dialling, "order", lambda _call_id: None)  # the worker dies here
    call = rung(hints)
    monkeypatch.undo()
    Call.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    dialling.order(call.pk)
    ringing_back.sweep()
    assert carrier.orders == {}


@pytest.mark.parametrize("mode", [REFUSED])
def test_a_refused_one_says_that_none_comes(greenhouse, carrier, hints, mode):
    carrier.mode[DANAS_PHONE] = mode
    rung(hints)
    assert sent_to() == ["missed_call_offer", "missed_call_not_rung"]


# --- STOP while it rings ---


@pytest.mark.parametrize("status", ["", "ringing"])
def test_stop_hangs_up_what_rings_and_nothing_rings_again(greenhouse, carrier, hints, status):
    call = rung(hints)
    if status:
        ends(call, status, hints, seq=1)
    texts("STOP")
    work(hints)
    call.refresh_from_db()
    assert (carrier.calls[call.carrier_sid]["status"], call.ended_at is not None, call.started_at) == ("completed", True, None)
    texts("START")
    texts("CALL")
    for _ in range(2):
        sweep.sweep()
        ringing_back.sweep()
        work(hints)
    assert carrier.orders[DANAS_PHONE] == 1
    assert "missed_call_rang" not in sent_to()


def test_stop_whose_hint_is_lost_is_heeded_by_the_sweep(greenhouse, carrier, hints):
    call = rung(hints)
    texts("STOP")
    hints.clear()
    sweep.look()
    assert carrier.calls[call.carrier_sid]["status"] == "completed"
    assert sent_to() == ["missed_call_offer"]


def test_stop_before_the_carriers_answer_ends_it_when_it_shows(greenhouse, carrier, hints):
    carrier.mode[DANAS_PHONE] = REPLY_LOST
    call = rung(hints)
    texts("STOP")
    work(hints)
    [sid] = carrier.placed(DANAS_PHONE)
    callback(f"/twilio/status/{call.pk}", status_form(sid, "ringing", 1))
    work(hints)
    assert (carrier.calls[sid]["status"], carrier.orders[DANAS_PHONE]) == ("completed", 1)


def test_who_said_stop_and_picks_up_hears_nothing_of_it(greenhouse, carrier, hints):
    call = rung(hints)
    take_word(number=DANAS_PHONE, word="STOP")
    document = said(callback(f"/twilio/rung-back/{call.pk}", status_form(call.carrier_sid, "in-progress", 2)))
    assert [verb.tag for verb in document] == ["Hangup"]


def test_somebody_elses_stop_leaves_it_alone(greenhouse, carrier, hints):
    call = rung(hints)
    texts("STOP", "+15195550178")
    work(hints)
    sweep.look()
    assert carrier.calls[call.carrier_sid]["status"] == "queued"


def test_a_users_stop_leaves_the_entry_and_no_text(floyds_line, tom, carrier, hints):
    misses(TOMS_PHONE)
    work(hints)
    texts("STOP", TOMS_PHONE)
    work(hints)
    ringing_back.sweep()
    work(hints)
    assert len(seen_by_toms_pages()) == 1
    assert not Message.objects.filter(outbound=True).exists()


# --- two at once ---


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_it_once(greenhouse, carrier, hints):
    call = rung(hints)
    take_report(call_id=call.pk, sid=call.carrier_sid, report=Report(status=CallStatus.NO_ANSWER, seq=5))
    together(*[lambda: rung_in_vain.conclude(call.pk)] * 4)
    assert sent_to() == ["missed_call_offer", "missed_call_rang"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_entry(floyds_line, tom, carrier, hints):
    misses(TOMS_PHONE)
    work(hints)
    call = Call.objects.get()
    take_report(call_id=call.pk, sid=call.carrier_sid, report=Report(status=CallStatus.NO_ANSWER, seq=5))
    together(*[lambda: rung_in_vain.conclude(call.pk)] * 4)
    assert (len(seen_by_toms_pages()), Message.objects.filter(outbound=True).count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_stop_and_the_order_at_once_never_leave_it_ringing(greenhouse, carrier, hints):
    carrier.mode[DANAS_PHONE] = OK
    it = misses()
    texts("CALL")
    together(lambda: ringing_back.place(it.pk), lambda: take_word(number=DANAS_PHONE, word="STOP"))
    work(hints)
    sweep.look()
    assert carrier.orders[DANAS_PHONE] <= 1
    assert {call["status"] for call in carrier.calls.values()} <= {"completed"}
    assert sent_to() == ["missed_call_offer"]
