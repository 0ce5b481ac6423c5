"""The carrier's messages: what is understood, what is refused."""

import base64
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.telephony.media_messages import (
    Connected,
    KeyPress,
    MarkReached,
    Media,
    Started,
    Stopped,
    Unknown,
    decode,
    encode_clear,
    encode_mark,
    encode_media,
)
from calls.telephony.message_parts import MOST_CHARACTERS, MessageError

CALL, STREAM, ACCOUNT = "CA" + "0" * 32, "MZ" + "1" * 32, "AC" + "2" * 32
START = {
    "event": "start",
    "sequenceNumber": "1",
    "start": {
        "accountSid": ACCOUNT,
        "streamSid": STREAM,
        "callSid": CALL,
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"call_id": "7", "token": "abc"},
    },
    "streamSid": STREAM,
}


def media(**changes):
    part = {"track": "inbound", "chunk": "1", "timestamp": "20", "payload": base64.b64encode(b"\xff" * 160).decode()} | changes
    return json.dumps({"event": "media", "sequenceNumber": "2", "media": part, "streamSid": STREAM})


def test_every_message_of_the_protocol_is_understood():
    assert decode('{"event":"connected","protocol":"Call","version":"1.0.0"}') == Connected()
    assert decode(json.dumps(START)) == Started(STREAM, CALL, ACCOUNT, {"call_id": "7", "token": "abc"})
    assert decode(media()) == Media(b"\xff" * 160, 20)
    assert decode('{"event":"dtmf","dtmf":{"track":"inbound_track","digit":"#"}}') == KeyPress("#")
    assert decode('{"event":"mark","mark":{"name":"s1"}}') == MarkReached("s1")
    assert decode('{"event":"stop","stop":{"callSid":"CA"}}') == Stopped()


def test_an_event_of_a_later_protocol_is_let_through():
    assert decode('{"event":"warmth","degrees":20}') == Unknown()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '"media"',
        "{",
        "{}",
        '{"event":7}',
        '{"event":"media"}',
        media(payload="%%%"),
        media(payload=7),
        media(timestamp="soon"),
        media(timestamp=None),
        '{"event":"mark","mark":{}}',
        '{"event":"mark","mark":{"name":""}}',
        '{"event":"dtmf","dtmf":{"digit":"55"}}',
        '{"event":"start"}',
        json.dumps(START | {"start": START["start"] | {"mediaFormat": {"encoding": "audio/x-l16", "sampleRate": 8000, "channels": 1}}}),
        json.dumps(START | {"start": START["start"] | {"streamSid": 'MZ"},"x":{"' + "1" * 22}}),
        json.dumps(START | {"start": START["start"] | {"customParameters": {"token": 7}}}),
        json.dumps(START | {"start": START["start"] | {"customParameters": ["token"]}}),
        "[" * 30_000,
        '{"event":"media","x":"' + "x" * MOST_CHARACTERS + '"}',
    ],
)
def test_what_is_not_of_the_protocol_is_refused_without_repeating_it(text):
    with pytest.raises(MessageError) as error:
        decode(text)
    assert len(str(error.value)) < 80


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.dictionaries(st.text(max_size=8), inner)))
def test_no_message_does_more_than_be_refused(data):
    for event in ("start", "media", "mark", "dtmf", "stop", "connected", "x"):
        text = json.dumps({"event": event, event: data})
        with contextlib.suppress(MessageError):
            decode(text)


@given(st.binary(max_size=400), st.integers(0, 10**9), st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : ")]), st.booleans())
def test_audio_is_the_same_in_whatever_way_it_is_written(audio, timestamp, separators, usual_order):
    part = {"track": "inbound", "chunk": "1", "timestamp": str(timestamp), "payload": base64.b64encode(audio).decode()}
    data = {"event": "media", "sequenceNumber": "2", "media": part, "streamSid": STREAM}
    if not usual_order:
        data = dict(reversed(data.items()))
    assert decode(json.dumps(data, separators=separators)) == Media(audio, timestamp)


@given(st.text('ABab01+/= \n"\\}', max_size=12), st.text("0123456789 -", max_size=4))
def test_the_quick_way_takes_nothing_that_the_ordinary_way_refuses(payload, timestamp):
    def outcome(text):
        try:
            return decode(text)
        except MessageError as error:
            return str(error)

    data = {"event": "media", "sequenceNumber": "2", "media": {"track": "inbound", "chunk": "1", "timestamp": timestamp, "payload": payload}}
    usual, unusual = json.dumps(data | {"streamSid": STREAM}), json.dumps(data | {"later": 1, "streamSid": STREAM})
    assert outcome(usual) == outcome(unusual)


@given(st.binary(max_size=400))
def test_audio_goes_out_as_it_is(audio):
    message = json.loads(encode_media(STREAM, audio))
    assert message == {"event": "media", "streamSid": STREAM, "media": {"payload": base64.b64encode(audio).decode()}}


def test_marks_and_clear_name_the_stream():
    assert json.loads(encode_mark(STREAM, 's"1')) == {"event": "mark", "streamSid": STREAM, "mark": {"name": 's"1'}}
    assert json.loads(encode_clear(STREAM)) == {"event": "clear", "streamSid": STREAM}
