import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.twilio.frames import ClearReceived, FrameWriter, MarkReceived, MediaReceived, UndecodableMessageError, decode


def test_counters_are_strings_and_count_every_message_after_connected():
    writer = FrameWriter("AC1", "CA1", "MZ1")
    assert json.loads(writer.connected()) == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    start = json.loads(writer.start({"token": "t"}))
    assert start["sequenceNumber"] == "1"
    assert start["start"]["customParameters"] == {"token": "t"}
    assert start["start"]["mediaFormat"] == {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    first, second = json.loads(writer.media(None)), json.loads(writer.media(b"\x01" * 160))
    assert (first["sequenceNumber"], first["media"]["chunk"], first["media"]["timestamp"]) == ("2", "1", "20")
    assert base64.b64decode(first["media"]["payload"]) == b"\xff" * 160
    assert (second["sequenceNumber"], second["media"]["chunk"], second["media"]["timestamp"]) == ("3", "2", "40")
    assert json.loads(writer.mark("m"))["mark"] == {"name": "m"}
    assert json.loads(writer.dtmf("5"))["dtmf"] == {"track": "inbound_track", "digit": "5"}
    assert json.loads(writer.stop()) == {"event": "stop", "sequenceNumber": "6", "stop": {"accountSid": "AC1", "callSid": "CA1"}, "streamSid": "MZ1"}


@given(st.binary(max_size=5000))
def test_media_of_any_size_is_taken(audio):
    raw = json.dumps({"event": "media", "streamSid": "MZ1", "media": {"payload": base64.b64encode(audio).decode()}})
    assert decode(raw, "MZ1") == MediaReceived(audio)


def test_mark_and_clear():
    assert decode('{"event":"mark","streamSid":"MZ1","mark":{"name":"utt-3"}}', "MZ1") == MarkReceived("utt-3")
    assert decode('{"event":"clear","streamSid":"MZ1"}', "MZ1") == ClearReceived()


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x01",
        "not json",
        "[]",
        '{"event":"clear"}',
        '{"event":"clear","streamSid":"MZ2"}',
        '{"event":"dtmf","streamSid":"MZ1"}',
        '{"event":"media","streamSid":"MZ1","media":{"payload":"***"}}',
        '{"event":"media","streamSid":"MZ1","media":{}}',
        '{"event":"mark","streamSid":"MZ1","mark":{"name":3}}',
    ],
)
def test_what_is_no_message_is_refused(raw):
    with pytest.raises(UndecodableMessageError):
        decode(raw, "MZ1")
