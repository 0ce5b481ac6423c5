"""Calls meet in a room: who hears whom, what is heard while one waits, how it begins and ends, and what the application is told of it."""

import asyncio

import numpy as np
import pytest
from twilio.base.exceptions import TwilioRestException

from sandbox.twilio.conference import mixed
from sandbox.twilio.conference_verb import Conference
from sandbox.twilio.twiml import TwimlError, parse
from sandbox.voice import mulaw_decode, mulaw_encode
from tests.sandbox.twilio.application import ORIGIN, until
from tests.sandbox.twilio.conftest import FLORIST, SILENT, TOM, a_call

HANG_UP = "<Response><Hangup/></Response>"
EVENTS = "start end join leave mute hold modify"
EVERYBODY = (SILENT, FLORIST, TOM)


def room(name="desk", **attributes):
    given = {"waitUrl": "", "beep": "false", "statusCallback": f"{ORIGIN}/room", "statusCallbackEvent": EVENTS, **attributes}
    written = " ".join(f'{attribute}="{value}"' for attribute, value in given.items() if value is not None)
    return f'<Response><Dial action="{ORIGIN}/after"><Conference {written}>{name}</Conference></Dial></Response>'


@pytest.fixture
def enters(carrier, app, twilio):
    """Somebody is called who goes into the room."""
    app.answers["/after"] = HANG_UP
    phones = carrier.exchange.switchboard.phones
    for number in EVERYBODY:
        phones.set_behaviour(number, "human")

    async def enter(number, **attributes):
        form = {**a_call(number), "url": None, "twiml": room(**attributes)}
        sid = (await twilio.do(lambda client: client.calls.create(**{name: value for name, value in form.items() if value}))).sid
        phone = phones.find(number)
        await until(lambda: phone.pick_up is not None)
        phone.pick_up.set_result(True)
        await until(lambda: any(sid in one.participants for one in carrier.exchange.switchboard.rooms.newest_first()))
        return carrier.exchange.log.get(sid)

    return enter


@pytest.fixture
def person(carrier):
    return lambda call: carrier.exchange.switchboard.phones.find(call.to).callee


def keys(call):
    return "".join(tone.digit for tone in call.pressed if not tone.wrong)


def told(app):
    return [fields["StatusCallbackEvent"] for fields in app.fields("/room")]


async def test_two_hear_each_other_and_the_application_hears_of_it(app, enters, person):
    one, other = await enters(SILENT), await enters(FLORIST, participantLabel="florist")
    person(one).press("5")
    await until(lambda: keys(other) == "5")
    person(other).press("8")
    await until(lambda: keys(one) == "8")
    assert keys(other) == "5"  # nobody hears themselves
    person(other).hang_up()
    await until(lambda: "participant-leave" in told(app))
    person(one).hang_up()
    await until(lambda: "conference-end" in told(app))
    assert told(app) == ["participant-join", "participant-join", "conference-start", "participant-leave", "participant-leave", "conference-end"]
    fields = app.fields("/room")
    assert [int(one["SequenceNumber"]) for one in fields] == [1, 2, 3, 4, 5, 6]
    assert {(one["FriendlyName"], one["ConferenceSid"]) for one in fields} == {("desk", fields[0]["ConferenceSid"])}
    assert (fields[1]["CallSid"], fields[1]["ParticipantLabel"], fields[1]["Muted"], fields[1]["Coaching"]) == (
        other.sid,
        "florist",
        "false",
        "false",
    )
    assert fields[3]["ReasonParticipantLeft"] == "participant_hung_up"
    assert (fields[5]["ReasonConferenceEnded"], fields[5]["CallSidEndingConference"]) == ("last-participant-left", one.sid)


async def test_who_waits_hears_the_document_for_that_until_it_begins(app, enters, person):
    app.answers["/wait"] = '<Response><Play digits="7"/><Pause length="1"/></Response>'
    one = await enters(SILENT, startConferenceOnEnter="false", waitUrl=f"{ORIGIN}/wait")
    await until(lambda: keys(one).startswith("77"))
    assert app.fields("/wait")[0]["CallSid"] == one.sid
    assert told(app) == ["participant-join"]
    other = await enters(FLORIST)
    await until(lambda: "conference-start" in told(app))
    asked = len(app.fields("/wait"))
    person(other).press("3")
    await until(lambda: keys(one).endswith("3"))
    assert (len(app.fields("/wait")), "7" in keys(other)) == (asked, False)


async def test_without_a_document_for_waiting_there_is_music(enters, carrier):
    one = await enters(SILENT, waitUrl=f"{ORIGIN}/nothing-there")
    await until(lambda: one.alerts)
    await enters(FLORIST, name="another", waitUrl=None)
    [silent, music] = [next(iter(each.participants.values())) for each in reversed(carrier.exchange.switchboard.rooms.newest_first())]
    await until(lambda: music.line.playout.playing(music.line.now()))
    assert not silent.line.playout.playing(silent.line.now())


async def test_when_whoever_ends_it_leaves_the_others_documents_go_on(app, enters, person):
    one, other = await enters(SILENT), await enters(FLORIST, endConferenceOnExit="true")
    person(other).hang_up()
    after = (await until(lambda: app.fields("/after")))[0]
    assert (after["CallSid"], after["DialCallStatus"]) == (one.sid, "answered")
    end = (await until(lambda: [fields for fields in app.fields("/room") if fields["StatusCallbackEvent"] == "conference-end"]))[0]
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    await until(lambda: one.settled)


async def test_who_is_muted_or_on_hold(app, enters, person, twilio):
    one, other = await enters(SILENT), await enters(FLORIST, muted="true")
    sid = app.fields("/room")[0]["ConferenceSid"]

    async def change(call, **how):
        return await twilio.do(lambda client: client.conferences(sid).participants(call.sid).update(**how))

    person(other).press("1")
    person(one).press("2")
    await until(lambda: keys(other) == "2")
    assert keys(one) == ""
    assert (await change(other, muted=False)).muted is False
    assert (await change(one, hold=True)).hold is True
    person(other).press("4")
    await asyncio.sleep(0.5)
    assert keys(one) == ""
    await change(one, hold=False)
    person(other).press("6")
    await until(lambda: keys(one) == "6")
    await until(lambda: told(app)[-3:] == ["participant-unmute", "participant-hold", "participant-unhold"])


async def test_a_coach_is_heard_by_one_alone_and_hears_all(enters, person):
    caller, agent = await enters(SILENT), await enters(FLORIST)
    coach = await enters(TOM, coach=agent.sid)
    person(coach).press("9")
    await until(lambda: keys(agent) == "9")
    person(caller).press("1")
    await until(lambda: keys(coach) == "1")
    assert keys(caller) == ""


async def test_a_beep_is_heard_by_those_who_are_there(enters, carrier):
    await enters(SILENT)
    await enters(FLORIST, beep="onEnter")
    [here] = carrier.exchange.switchboard.rooms.newest_first()
    first, second = here.participants.values()
    before = first.line.playout.seconds_played
    await enters(TOM, beep="onEnter")
    await until(lambda: first.line.playout.seconds_played >= before + 0.19)
    await until(lambda: second.line.playout.seconds_played >= 0.19)


async def test_the_official_client_sees_and_ends_conferences(app, enters, twilio):
    one, other = await enters(SILENT), await enters(FLORIST, participantLabel="florist")
    [found] = await twilio.do(lambda client: client.conferences.list(status="in-progress", friendly_name="desk"))
    assert (found.friendly_name, found.status, found.reason_conference_ended) == ("desk", "in-progress", None)
    those = await twilio.do(lambda client: client.conferences(found.sid).participants.list())
    assert {each.call_sid for each in those} == {one.sid, other.sid}
    florist = await twilio.do(lambda client: client.conferences(found.sid).participants("florist").fetch())
    assert (florist.call_sid, florist.status, florist.label, florist.start_conference_on_enter) == (other.sid, "connected", "florist", True)
    changed = await twilio.do(lambda client: client.conferences(found.sid).participants(other.sid).update(coaching=True, call_sid_to_coach=one.sid))
    assert (changed.coaching, changed.call_sid_to_coach) == (True, one.sid)
    assert await twilio.do(lambda client: client.conferences(found.sid).participants(other.sid).delete())
    await until(lambda: other.settled)
    with pytest.raises(TwilioRestException) as refused:
        await twilio.do(lambda client: client.conferences(found.sid).participants(other.sid).fetch())
    assert (refused.value.status, refused.value.code) == (404, 20404)
    with pytest.raises(TwilioRestException):
        await twilio.do(lambda client: client.conferences(found.sid).participants(one.sid).update(coaching=True, call_sid_to_coach=other.sid))
    ended = await twilio.do(lambda client: client.conferences(found.sid).update(status="completed"))
    assert (ended.status, ended.reason_conference_ended) == ("completed", "conference-ended-via-api")
    await until(lambda: one.settled)
    leaves = [fields for fields in app.fields("/room") if fields["StatusCallbackEvent"] == "participant-leave"]
    assert {fields["ReasonParticipantLeft"] for fields in leaves} == {"participant_updated_via_api"}


async def test_who_coaches_somebody_who_is_not_there_does_not_come_in(app, carrier, twilio):
    app.answers["/after"] = HANG_UP
    form = {**a_call(SILENT), "twiml": room(coach="CA" + "0" * 32)}
    del form["url"]
    sid = (await twilio.do(lambda client: client.calls.create(**form))).sid
    after = (await until(lambda: app.fields("/after")))[0]
    assert (after["DialCallStatus"], carrier.exchange.log.get(sid).alerts[0][0]) == ("failed", 12200)


def test_what_several_say_is_added_up_and_never_wraps_round():
    loud, soft = (mulaw_encode(np.full(160, height, np.int16)) for height in (30_000, 4_000))
    assert mixed([None, None]) is None
    assert mixed([loud, None]) == loud
    assert abs(int(mulaw_decode(mixed([soft, soft]))[0]) - 8_000) < 400
    assert int(mulaw_decode(mixed([loud, loud]))[0]) > 30_000


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<Conference/>", 12200),
        ('<Conference muted="yes">desk</Conference>', 13230),
        ('<Conference endConferenceOnExit="1">desk</Conference>', 13231),
        ('<Conference startConferenceOnEnter="">desk</Conference>', 13232),
        ('<Conference waitUrl="ftp://app.example/x">desk</Conference>', 13233),
        ('<Conference waitMethod="PUT">desk</Conference>', 13234),
        ('<Conference beep="never">desk</Conference>', 13235),
        ('<Conference record="record-from-start">desk</Conference>', 12200),
        ('<Conference coach="Tom">desk</Conference>', 12200),
        ('<Conference statusCallbackEvent="start lunch">desk</Conference>', 12200),
        ('<Conference bogus="1">desk</Conference>', 12200),
        ("<Conference>desk</Conference><Number>+15195550117</Number>", 12200),
    ],
)
def test_what_is_refused(inside, code):
    with pytest.raises(TwimlError) as refused:
        parse(f"<Response><Dial>{inside}</Dial></Response>", f"{ORIGIN}/voice")
    assert refused.value.code == code


def test_what_is_left_out_is_as_the_carrier_has_it():
    [verb] = parse('<Response><Dial action="/done"><Conference>desk</Conference></Dial></Response>', f"{ORIGIN}/voice")
    assert verb == Conference("desk", action=f"{ORIGIN}/done")
    assert (verb.starts, verb.ends, verb.muted, verb.beep, verb.wait_url) == (True, False, False, "true", None)
