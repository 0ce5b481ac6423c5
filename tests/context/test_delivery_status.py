"""Whose mail came back is read from what mail servers write, each in its own manner; nothing else is taken for it."""

import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from context.mail.delivery_status import Returned, code_in, means_nobody, read_returned
from context.mail.parse import parse

OURS = "<01912345-6789-7abc-8def-0123456789ab@floyd.example>"


def report(*recipients: str, original: str = f"Content-Type: text/rfc822-headers\n\nMessage-ID: {OURS}\nSubject: Done.\n", head: str = "") -> bytes:
    """A notification (RFC 3464): the blocks about its recipients, and what it gives back of the mail."""
    blocks = "\n".join(["Reporting-MTA: dns; mail.home.example\nArrival-Date: Sun, 22 Nov 2026 10:00:00 -0500\n", *recipients])
    lines = [
        f"From: MAILER-DAEMON@home.example\nTo: floyd@floyd.example\nSubject: Undelivered Mail Returned to Sender\n{head}MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type="delivery-status"; boundary="b1"\n\nThis is a MIME message.',
        "--b1\nContent-Type: text/plain; charset=us-ascii\n\nI'm sorry to have to inform you that your mail could not be delivered.",
        f"--b1\nContent-Type: message/delivery-status\n\n{blocks}",
        *([f"--b1\n{original}"] if original else []),
        "--b1--\n",
    ]
    return "\n".join(lines).replace("\n", "\r\n").encode()


UNKNOWN = "Final-Recipient: rfc822; ann@home.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n"
WHOLE = f"Content-Type: message/rfc822\n\nMessage-ID: {OURS}\nTo: ann@home.example\nSubject: Done.\nContent-Type: text/plain\n\nOrdered.\n"
#: As the servers of one large office suite write it: angle brackets, words behind the code, no mail given back.
OFFICE = "Final-Recipient: RFC822; <Ann@Home.Example>\nAction: Failed\nStatus: 5.1.10 (recipient not found)\nRemote-MTA: dns; mx.home.example\n"
#: Passed on by the recipient's own server to where nobody is.
FORWARDED = "Original-Recipient: rfc822;ann@home.example\nFinal-Recipient: rfc822;old@work.example\nAction: failed\nStatus: 5.1.1\n"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (report(UNKNOWN), "5.1.1"),
        (report(UNKNOWN, original=WHOLE), "5.1.1"),
        (report(OFFICE, original="", head=f"In-Reply-To: {OURS}\n"), "5.1.10"),
        (report(OFFICE, original="", head=f"References: <request-1@floyd.example>\n {OURS}\n"), "5.1.10"),
        (report(FORWARDED), "5.1.1"),
        (report(UNKNOWN.replace("5.1.1", "5.2.2")), "5.2.2"),
        (report(UNKNOWN.replace("Status: 5.1.1", "Status: 4.4.7")), "4.4.7"),  # tried for days, given up
    ],
)
def test_a_mail_that_came_back_is_named_with_its_recipient_and_the_reason(raw, code):
    assert parse(raw).returned == (Returned(OURS, "ann@home.example", code),)


@pytest.mark.parametrize(
    "raw",
    [
        report(UNKNOWN.replace("Action: failed", "Action: delayed").replace("5.1.1", "4.4.1")),
        report(UNKNOWN.replace("Action: failed", "Action: delivered").replace("5.1.1", "2.1.5")),
        report(UNKNOWN.replace("Action: failed", "Action: relayed").replace("5.1.1", "2.0.0")),
        report(UNKNOWN.replace("Status: 5.1.1", "Status: unknown")),
        report(UNKNOWN).replace(b"delivery-status", b"disposition-notification"),
        report(UNKNOWN).replace(b"message/delivery-status", b"text/plain"),
        report(UNKNOWN).replace(b"multipart/report", b"multipart/mixed"),
        report(),
        b"From: ann@home.example\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nBack on Monday.",
        b"",
    ],
)
def test_what_is_late_arrived_or_something_else_did_not_come_back(raw):
    assert parse(raw).returned == ()


def test_of_several_recipients_each_is_told():
    other = UNKNOWN.replace("ann@", "bob@").replace("5.1.1", "5.7.1")
    assert [(one.recipient, one.code) for one in parse(report(UNKNOWN, other)).returned] == [
        ("ann@home.example", "5.1.1"),
        ("bob@home.example", "5.7.1"),
    ]


def test_a_notification_without_the_mail_names_none():
    assert parse(report(UNKNOWN, original="")).returned == (Returned("", "ann@home.example", "5.1.1"),)


@pytest.mark.parametrize(
    ("code", "nobody"), [("5.1.1", True), ("5.2.1", True), ("5.1.10", True), ("5.2.2", False), ("5.7.1", False), ("4.1.1", False)]
)
def test_only_some_reasons_are_for_good(code, nobody):
    assert means_nobody(code) is nobody


def test_a_code_is_found_among_a_servers_words():
    assert (code_in("550 5.1.1 no such user"), code_in("550 no such user"), code_in("")) == ("5.1.1", "", "")


@given(st.lists(st.tuples(st.integers(0, len(report(UNKNOWN)) - 1), st.binary(max_size=8)), max_size=6))
def test_whatever_is_wrong_with_one_costs_nothing(changes):
    raw = report(UNKNOWN)
    for place, piece in changes:
        raw = raw[:place] + piece + raw[place:]
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    assert all(len(one.recipient) <= 254 and one.code for one in read_returned(message))
