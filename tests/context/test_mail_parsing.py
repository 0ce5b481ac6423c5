"""Hostile mails and calendars cost little, break nothing, and leave nothing but words."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from context.mail.invitations import MOST_EVENTS, read_appointments
from context.mail.parse import UnreadableError, parse
from context.mail.proof import is_proven
from requests_app.mail.own_words import ask_in, own_words

ZONE, NOW = ZoneInfo("America/Toronto"), datetime(2026, 11, 21, 12, tzinfo=UTC)
#: CPU, for what takes a tenth of it: what grows with the square of a letter takes far more.
SOON_MS = 2000


def calendar(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "SUMMARY:Check-up", *lines, "END:VEVENT", "END:VCALENDAR"])


@pytest.mark.parametrize(
    ("lines", "start"),
    [
        (["DTSTART:20261201T141500Z"], "2026-12-01T09:15:00-05:00"),
        (["DTSTART;TZID=America/Vancouver:20261201T100000"], "2026-12-01T13:00:00-05:00"),
        (["DTSTART;TZID=Eastern Standard Time:20261201T100000"], "2026-12-01T10:00:00-05:00"),
        (["DTSTART;TZID=Middle Earth:20261201T100000"], "2026-12-01T10:00:00-05:00"),
        (["DTSTART:20261201T100000", "RRULE:FREQ=SECONDLY;COUNT=1000000"], "2026-12-01T10:00:00-05:00"),
        (["DTSTART;VALUE=DATE:20261201"], "2026-12-01T00:00:00-05:00"),
        (["DTSTART:20261201T100000", "DURATION:P99999999999D"], None),
        (["DTSTART:20261301T100000"], None),
        (["DTSTART:99991231T235959"], None),
        (["DTSTART:00010101T000000"], None),
        (["DTSTART:19700101T000000Z"], None),
        (["DTSTART:20261201T100000", "STATUS:CANCELLED"], None),
        ([], None),
    ],
)
def test_an_appointment_is_read_or_left(lines, start):
    found = read_appointments(calendar(*lines), ZONE, NOW)
    assert [one.starts_at.isoformat() for one in found] == ([start] if start else [])
    assert all(one.repeats == any("RRULE" in line for line in lines) for one in found)


@pytest.mark.parametrize(
    "text",
    [
        calendar("DTSTART:20261201T100000", *["RDATE:20261202T100000"] * 100_000),
        calendar("DTSTART:20261201T100000", "X-PAD:" + "x" * 200_000),
        calendar("DTSTART:20261201T100000", "LOCATION:" + "\r\n ".join(["y" * 70] * 3000)),
        "\r\n".join([calendar("DTSTART:20261201T100000")] * 5000),
        "BEGIN:VEVENT\r\n" * 50_000,
        "BEGIN:VTIMEZONE\r\nTZID:Evil\r\n"
        + "BEGIN:STANDARD\r\nDTSTART:19000101T000000\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n" * 2000
        + "END:VTIMEZONE\r\n"
        + calendar("DTSTART;TZID=Evil:20261201T100000"),
        "\x00\r\n:;:;\r\n" * 10_000,
    ],
    ids=["dates", "long line", "folded", "events", "nested", "zone", "noise"],
)
def test_a_hostile_calendar_costs_little(text):
    began = time.thread_time()
    assert len(read_appointments(text[: 256 * 1024], ZONE, NOW)) <= MOST_EVENTS
    assert (time.thread_time() - began) * 1000 < SOON_MS


@given(st.text(max_size=300))
def test_any_calendar_is_read_without_a_defect(text):
    read_appointments(calendar(text, "DTSTART:20261201T100000"), ZONE, NOW)


@given(st.binary(max_size=600))
def test_any_mail_is_read_or_refused(raw):
    try:
        found = parse(b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + raw)
    except UnreadableError:
        return
    assert "\x00" not in found.text + found.subject


def nested(depth: int) -> bytes:
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return b"From: a@b.example\r\n" + opened + b"Content-Type: text/plain\r\n\r\nhello\r\n"


def test_a_mail_that_nests_without_end_is_refused_or_emptied():
    assert parse(nested(3)).text == "hello"
    for depth in (30, 3000):
        try:
            assert parse(nested(depth)).text == ""
        except UnreadableError:
            continue


def test_html_is_shown_as_the_words_a_reader_sees():
    raw = (
        b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<style>p{}</style><script>alert(1)</script>"
        b"<p>Hello&nbsp;<b>Tom</b></p><img src='http://evil.example/t.gif'><a href='http://evil.example'>the form</a>"
    )
    assert parse(raw).text == "Hello Tom\nthe form"


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "zlib", "nonsense", "utf-8", "x" * 500])
def test_an_encoding_that_is_none_harms_nobody(charset):
    raw = f"From: =?{charset}?b?aGVsbG8=?= <a@b.example>\r\nContent-Type: text/plain; charset={charset}\r\n\r\nhello".encode()
    assert parse(raw).text == "hello"


@pytest.mark.parametrize(
    ("results", "proven"),
    [
        (["mx.floyd.example; spf=pass; dmarc=pass (p=NONE) header.from=redmond.example"], True),
        (["mx.floyd.example; dmarc=pass header.from=redmond.example.evil.example"], False),
        (["mx.floyd.example; dmarc=fail header.from=redmond.example", "mx.floyd.example; dmarc=pass header.from=redmond.example"], False),
        (["mx.evil.example; dmarc=pass header.from=redmond.example"], False),
        (["mx.floyd.example; spf=pass smtp.mailfrom=redmond.example"], False),
        (["mx.floyd.example; x=y (dmarc=pass header.from=redmond.example)"], False),
        ([], False),
    ],
)
def test_only_our_own_servers_word_proves_a_sender(results, proven):
    assert is_proven(tuple(results), "tom@redmond.example", "mx.floyd.example") is proven
    assert is_proven(tuple(results), "tom@redmond.example", "") is False


@pytest.mark.parametrize(
    ("subject", "text", "ask"),
    [
        ("Garage", "Hi Floyd, call the garage.\n\n-- \nTom", "call the garage."),
        ("Call the garage", "", "Call the garage"),
        ("Re: x", "Call them.\nOn Fri, 20 Nov 2026 at 9:00, Floyd\n<a@b.example> wrote:\n> no", "Call them."),
        ("Fwd: bill", "FYI\n---------- Forwarded message ---------\nFloyd, pay", ""),
        ("WG: bill", "Floyd, ask what it is for", "ask what it is for"),
    ],
)
def test_an_ask_is_what_the_user_wrote_themselves(subject, text, ask):
    assert ask_in(subject, text) == ask
    assert own_words("yes\n\n> How much?") == "yes"
