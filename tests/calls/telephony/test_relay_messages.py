"""The messages of a ConversationRelay session: every one of the protocol, and what is no message."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.telephony.message_parts import MOST_CHARACTERS, MessageError
from calls.telephony.relay_messages import (
    AgentSpeaking,
    ClientSpeaking,
    Failed,
    Interrupted,
    KeyPress,
    Prompt,
    Setup,
    TokensPlayed,
    Unknown,
    decode,
    encode_digits,
    encode_end,
    encode_language,
    encode_play,
    encode_text,
)

SESSION, CALL, ACCOUNT = "VX" + "1" * 32, "CA" + "0" * 32, "AC" + "2" * 32
SETUP = {
    "type": "setup",
    "sessionId": SESSION,
    "accountSid": ACCOUNT,
    "parentCallSid": "",
    "callSid": CALL,
    "from": "+15195550142",
    "to": "+15195550199",
    "forwardedFrom": "",
    "callType": "PSTN",
    "callerName": "",
    "direction": "inbound",
    "callStatus": "RINGING",
    "customParameters": {"call_id": "7"},
}
INTERRUPT = {"type": "interrupt", "utteranceUntilInterrupt": "Sentence 2 of", "durationUntilInterruptMs": 684}


@pytest.mark.parametrize(
    ("message", "understood"),
    [
        (SETUP, Setup(SESSION, CALL, ACCOUNT, {"call_id": "7"}, "+15195550142", "+15195550199", "inbound")),
        ({"type": "prompt", "voicePrompt": "Do you open on Sunday?", "lang": "en-US", "last": True}, Prompt("Do you open on Sunday?", "en-US", True)),
        ({"type": "prompt", "voicePrompt": "Do you", "lang": "en-US", "last": False}, Prompt("Do you", "en-US", False)),
        (INTERRUPT, Interrupted("Sentence 2 of", 684)),
        (INTERRUPT | {"durationUntilInterruptMs": "684"}, Interrupted("Sentence 2 of", 684)),
        ({"type": "interrupt"}, Interrupted("", 0)),
        ({"type": "dtmf", "digit": "1"}, KeyPress("1")),
        ({"type": "error", "description": "Invalid message received, code: 64107"}, Failed("Invalid message received, code: 64107")),
        ({"type": "info", "name": "agentSpeaking", "value": "on"}, AgentSpeaking(True)),
        ({"type": "info", "name": "clientSpeaking", "value": "off"}, ClientSpeaking(False)),
        ({"type": "info", "name": "tokensPlayed", "value": "Hello there."}, TokensPlayed("Hello there.")),
        ({"type": "info", "name": "roundTripDelayMs", "value": "148"}, Unknown()),
        ({"type": "something new", "with": 1}, Unknown()),
    ],
)
def test_every_message_of_the_protocol_is_understood(message, understood):
    assert decode(json.dumps(message)) == understood


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "{}",
        '{"type": 1}',
        json.dumps({**SETUP, "callSid": "CA"}),
        json.dumps({**SETUP, "customParameters": {"call_id": 7}}),
        json.dumps({**SETUP, "from": 7}),
        '{"type": "prompt", "last": true}',
        '{"type": "prompt", "voicePrompt": "Hello", "last": "yes"}',
        '{"type": "interrupt", "durationUntilInterruptMs": -1}',
        '{"type": "interrupt", "durationUntilInterruptMs": true}',
        '{"type": "dtmf", "digit": "12"}',
        '{"type": "info", "name": "agentSpeaking", "value": "maybe"}',
        '{"type": "prompt", "voicePrompt": "' + "x" * MOST_CHARACTERS + '"}',
    ],
)
def test_what_is_no_message_is_refused_without_a_word_of_it(text):
    with pytest.raises(MessageError) as error:
        decode(text)
    assert "x" * 20 not in str(error.value)


@given(
    st.text()
    | st.dictionaries(st.sampled_from(sorted({*SETUP, *INTERRUPT, "last", "voicePrompt", "digit"})), st.text() | st.integers()).map(json.dumps)
)
def test_nothing_else_than_a_message_error_ever_comes_of_it(text):
    with contextlib.suppress(MessageError):
        decode(text)


def test_our_messages_are_written_as_the_carrier_reads_them():
    assert json.loads(encode_text("Hello ", last=True, interruptible=False)) == {
        "type": "text",
        "token": "Hello ",
        "last": True,
        "interruptible": False,
    }
    assert json.loads(encode_text("Hola", last=False, language="es-US"))["lang"] == "es-US"
    assert json.loads(encode_digits("9ww1#")) == {"type": "sendDigits", "digits": "9ww1#"}
    assert json.loads(encode_language(spoken="es-US", heard="es-US")) == {
        "type": "language",
        "ttsLanguage": "es-US",
        "transcriptionLanguage": "es-US",
    }
    assert json.loads(encode_language(heard="fr-CA")) == {"type": "language", "transcriptionLanguage": "fr-CA"}
    assert json.loads(encode_end()) == {"type": "end"}
    assert json.loads(encode_end('{"reasonCode":"live-agent"}')) == {"type": "end", "handoffData": '{"reasonCode":"live-agent"}'}
    assert json.loads(encode_play("https://app.example/hold.wav", loop=2, preemptible=True)) == {
        "type": "play",
        "source": "https://app.example/hold.wav",
        "loop": 2,
        "preemptible": True,
        "interruptible": True,
    }


@pytest.mark.parametrize("make", [lambda: encode_digits(""), lambda: encode_digits("12a"), encode_language])
def test_what_the_carrier_would_refuse_is_not_written(make):
    with pytest.raises(ValueError, match=r"keys|language"):
        make()
