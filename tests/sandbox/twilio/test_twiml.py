import pytest

from sandbox.twilio.twiml import Hangup, Pause, Play, Redirect, Reject, Say, Stream, TwimlError, parse, stream_url_error


def test_verbs_come_in_document_order_with_addresses_made_absolute():
    document = """<?xml version="1.0" encoding="UTF-8"?><Response><Say language="fr-CA">Hello <emphasis>there</emphasis></Say>
      <Pause length="2"/><Play digits="1w2"/>
      <Connect action="/after">
        <Stream url="wss://app.example/media" name="n" statusCallback="stream"><Parameter name="a" value="1"/></Stream>
      </Connect>
      <Redirect>resume</Redirect><Reject reason="busy"/><Hangup/></Response>"""
    assert parse(document, "https://app.example/voice/7") == [
        Say("Hello there", language="fr-CA"),
        Pause(2),
        Play("1w2"),
        Stream(
            "wss://app.example/media",
            "n",
            action="https://app.example/after",
            status_callback="https://app.example/voice/stream",
            parameters={"a": "1"},
        ),
        Redirect("https://app.example/voice/resume"),
        Reject("busy"),
        Hangup(),
    ]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("<Response><Say>", 12100),
        ('<Response><Say language="tlh">nuqneH</Say></Response>', 13511),
        ("", 12100),
        ("<Answer/>", 12102),
        ("<Response><Dial>+15195550117</Dial></Response>", 12200),
        ("<Response><Connect/></Response>", 12200),
        ('<Response><Connect><Stream url="wss://a/b" track="both_tracks"/></Connect></Response>', 31941),
        ('<Response><Connect><Stream url="wss://a/b"><Parameter name="x" value="' + "y" * 500 + '"/></Stream></Connect></Response>', 12200),
    ],
)
def test_a_document_that_cannot_be_carried_out_says_why(document, code):
    with pytest.raises(TwimlError) as refused:
        parse(document)
    assert refused.value.code == code


@pytest.mark.parametrize(("url", "code"), [("ws://a/m", 31922), ("wss:///m", 31923), ("wss://a/m?x=1", 31920)])
def test_a_stream_needs_wss_and_no_query(url, code):
    error = stream_url_error(url)
    assert error is not None
    assert error.code == code
    assert stream_url_error("wss://a.example/m") is None
