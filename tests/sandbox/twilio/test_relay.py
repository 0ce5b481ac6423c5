"""ConversationRelay end to end: the carrier hears a person and speaks to them; the application gets words and sends words."""

import json

import pytest

from sandbox.people import Say
from sandbox.twilio.relay_frames import InvalidMessageError, TextReceived, decode
from sandbox.twilio.relay_sounds import SoundError, as_mulaw
from sandbox.twilio.twiml import TwimlError, parse
from tests.sandbox.twilio import application
from tests.sandbox.twilio.application import ORIGIN, RELAY
from tests.sandbox.twilio.conftest import SILENT, a_call

LONG = "This is a long sentence that goes on and on and on, and then it goes on some more, for a good while."
EVENTS = 'events="speaker-events tokens-played"'


#: It goes on until it is interrupted, however slow the machine.
FOR_EVER = f"{LONG} " * 12


async def until(ready):
    """Waits as long as an ear may have to wait for a processor."""
    return await application.until(ready, 90)


def document(attributes=EVENTS, inside=""):
    return (
        f'<Response><Connect action="{ORIGIN}/after"><ConversationRelay url="{RELAY}" {attributes}>'
        f'<Parameter name="call_id" value="7"/>{inside}</ConversationRelay></Connect></Response>'
    )


@pytest.fixture
def relaying(twilio, app, carrier):
    async def call(attributes=EVENTS, inside="", after="<Response><Hangup/></Response>"):
        app.answers |= {"/voice": document(attributes, inside), "/after": after}
        made = await twilio.do(lambda client: client.calls.create(**a_call(SILENT)))
        session = await until(lambda: app.relays and app.relays[-1])
        await until(lambda: session.of("setup"))
        return made.sid, session

    return call


def callee(carrier):
    return carrier.exchange.switchboard.phones.find(SILENT).callee


async def test_a_session_begins_with_who_calls_whom(relaying):
    sid, session = await relaying()
    setup = session.messages[0]
    assert (setup["callSid"], setup["customParameters"], setup["callStatus"]) == (sid, {"call_id": "7"}, "IN_PROGRESS")
    assert setup["sessionId"].startswith("VX")
    assert {"accountSid", "from", "to", "direction", "callType", "callerName", "forwardedFrom", "parentCallSid"} <= set(setup)


async def says_hello(session, carrier):
    callee(carrier).say(Say("Hello, flowers."))
    await until(lambda: [prompt for prompt in session.of("prompt") if prompt["last"]])


async def test_what_the_person_says_comes_as_words(relaying, carrier):
    _, session = await relaying(f'{EVENTS} partialPrompts="true"')
    await says_hello(session, carrier)
    first = next(prompt for prompt in session.of("prompt") if prompt["last"])
    assert first["voicePrompt"].startswith("Hello, flowers.")  # an ear may guess more behind it
    assert (first["type"], first["lang"]) == ("prompt", "en-US")
    assert session.infos("clientSpeaking")[:2] == ["on", "off"]
    assert all(set(prompt) == {"type", "voicePrompt", "lang", "last"} for prompt in session.of("prompt"))


async def test_tokens_are_spoken_and_told_of_when_they_were_heard(relaying, carrier):
    sid, session = await relaying()
    await session.send("text", token="I would like ", last=False)
    await session.send("text", token="roses. Red ones.", last=True)
    await until(lambda: session.infos("tokensPlayed") == ["I would like roses.", "Red ones."])
    await until(lambda: session.infos("agentSpeaking")[-1] == "off")
    heard = carrier.exchange.log.get(sid).transcript
    await until(lambda: any(line.speaker == "floyd" and "roses" in line.text for line in heard))


async def test_the_greeting_comes_first(relaying):
    _, session = await relaying(f'{EVENTS} welcomeGreeting="Hi, this is an AI." welcomeGreetingInterruptible="none"')
    await until(lambda: session.infos("tokensPlayed") == ["Hi, this is an AI."])


async def test_who_speaks_over_our_words_interrupts_them(relaying, carrier):
    _, session = await relaying()
    await session.send("text", token=FOR_EVER, last=True)
    await session.send("text", token="It is never heard.", last=True)
    await until(lambda: session.infos("agentSpeaking")[-1:] == ["on"])
    callee(carrier).say(Say("Hello, flowers.", over=True))
    interrupt = await until(lambda: session.of("interrupt"))
    assert len(interrupt) == 1
    assert LONG.startswith(interrupt[0]["utteranceUntilInterrupt"])
    assert isinstance(interrupt[0]["durationUntilInterruptMs"], int)
    await until(lambda: [prompt for prompt in session.of("prompt") if prompt["last"]])
    assert set(session.infos("tokensPlayed")) <= {LONG}


async def test_words_that_may_not_be_interrupted_are_not(relaying, carrier):
    _, session = await relaying(f'{EVENTS} reportInputDuringAgentSpeech="any"')
    text = "This is a long sentence, and all of it must be heard, whatever anybody says."
    await session.send("text", token=text, last=True, interruptible=False)
    await until(lambda: session.infos("agentSpeaking")[-1:] == ["on"])
    callee(carrier).say(Say("Hello, flowers.", over=True))
    await until(lambda: session.infos("tokensPlayed") == [text])
    assert session.of("interrupt") == []
    await until(lambda: [prompt for prompt in session.of("prompt") if prompt["last"]])


async def test_keys_are_told_and_interrupt_when_that_is_wanted(relaying, carrier):
    _, session = await relaying(f'{EVENTS} dtmfDetection="true" interruptible="dtmf"')
    await session.send("text", token=FOR_EVER, last=True)
    await until(lambda: session.infos("agentSpeaking")[-1:] == ["on"])
    callee(carrier).press("4")
    await until(lambda: session.of("dtmf") == [{"type": "dtmf", "digit": "4"}])
    assert len(session.of("interrupt")) == 1


async def test_without_dtmf_detection_no_key_is_told(relaying, carrier):
    _, session = await relaying()
    callee(carrier).press("4")
    await says_hello(session, carrier)
    assert session.of("dtmf") == []


async def test_the_tone_of_a_key_is_no_voice(relaying, carrier):
    _, session = await relaying()
    callee(carrier).press("2580")
    await says_hello(session, carrier)
    assert session.infos("clientSpeaking").count("on") == 1


async def test_digits_are_pressed_behind_the_words(relaying, carrier):
    sid, session = await relaying()
    await session.send("text", token="One moment.", last=True)
    await session.send("sendDigits", digits="12#")
    await until(lambda: session.infos("tokensPlayed") == ["One moment.", "12#"])
    await until(lambda: [key.digit for key in carrier.exchange.log.get(sid).pressed if not key.wrong] == ["1", "2", "#"])


async def test_the_end_goes_on_with_the_action_and_what_was_handed_off(relaying, app):
    _, session = await relaying()
    await session.send("end", handoffData='{"reasonCode":"live-agent"}')
    fields = await until(lambda: app.fields("/after"))
    assert (fields[0]["SessionStatus"], fields[0]["HandoffData"]) == ("ended", '{"reasonCode":"live-agent"}')
    assert fields[0]["SessionId"] == session.messages[0]["sessionId"]
    await until(session.closed.is_set)
    assert session.socket.close_code == 1000


async def test_a_hang_up_is_a_completed_session(relaying, app, carrier):
    _, session = await relaying()
    callee(carrier).hang_up()
    fields = await until(lambda: app.fields("/after"))
    assert fields[0]["SessionStatus"] == "completed"
    assert "HandoffData" not in fields[0]
    assert session.socket.close_code == 1000


async def test_a_broken_socket_is_a_failed_session_and_the_action_decides(relaying, app, carrier):
    carrier.state.faults.set("relay.socket", {"mode": "drop", "after_ms": 50})
    _, first = await relaying(after=document())
    fields = await until(lambda: app.fields("/after"))
    assert (fields[0]["SessionStatus"], fields[0]["ErrorCode"], fields[0]["CallStatus"]) == ("failed", "64105", "in-progress")
    second = await until(lambda: len(app.relays) == 2 and app.relays[1])
    await until(lambda: second.of("setup"))
    assert second.messages[0]["callSid"] == first.messages[0]["callSid"]
    assert second.messages[0]["sessionId"] != first.messages[0]["sessionId"]


async def test_ten_messages_in_a_row_that_are_none_end_the_session(relaying, app):
    _, session = await relaying()
    for _ in range(9):
        await session.send("nonsense")
    await session.send("text", token="Hello.", last=True)
    for _ in range(10):
        await session.send("text", token=None)
    await until(session.closed.is_set)
    assert session.socket.close_code == 1007
    assert len(session.of("error")) >= 18
    assert "64107" in session.of("error")[0]["description"]
    assert (await until(lambda: app.fields("/after")))[0]["SessionStatus"] == "failed"


async def test_a_language_must_stand_in_the_document(relaying):
    _, session = await relaying(inside='<Language code="es-US"/>')
    await session.send("language", ttsLanguage="fr-CA")
    await until(lambda: session.of("error"))
    await session.send("language", ttsLanguage="es-US", transcriptionLanguage="es-US")
    await session.send("text", token="Buenos días.", last=True)
    await until(lambda: session.infos("tokensPlayed") == ["Buenos días."])
    assert len(session.of("error")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        'bogus="1"',
        'interruptible="maybe"',
        'welcomeGreetingInterruptible="always"',
        'ttsProvider="espeak"',
        'ttsProvider="Amazon" voice="en-US-Chirp3-HD-Aoede"',
        'language="english language"',
        'speechTimeout="100"',
        'events="everything"',
        'dtmfDetection="yes"',
    ],
)
def test_attributes_are_held_to_their_values(wrong):
    with pytest.raises(TwimlError) as error:
        parse(document(wrong))
    assert error.value.code == 64101


@pytest.mark.parametrize(
    "message",
    [
        b"binary",
        "no json",
        "[]",
        {"type": "text"},
        {"type": "text", "token": None},
        {"type": "text", "token": "x", "last": "yes"},
        {"type": "sendDigits", "digits": ""},
        {"type": "sendDigits", "digits": "12a"},
        {"type": "language"},
        {"type": "play", "source": "file:///etc/passwd"},
        {"type": "play", "source": "https://x/y.wav", "loop": -1},
        {"type": "end", "handoffData": {"a": 1}},
        {"type": "clear"},
    ],
)
def test_messages_are_held_to_their_form(message):
    with pytest.raises(InvalidMessageError):
        decode(json.dumps(message) if isinstance(message, dict) else message)


def test_a_token_keeps_its_spaces():
    assert decode('{"type":"text","token":" and"}') == TextReceived(" and", last=False, interruptible=True, preemptible=False, language="")


def test_only_what_is_a_recording_is_played():
    with pytest.raises(SoundError):
        as_mulaw(b"no sound")
