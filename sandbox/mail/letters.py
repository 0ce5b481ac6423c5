"""Mails that somebody writes: those that wait in a newcomer's mailbox, and those composed on the page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from sandbox.mail.store import PostBox

TOM = "tom@redmond.example"


def compose(*, sender: str, to: str, subject: str, text: str, calendar: str = "") -> bytes:
    """A mail as it goes over the wire."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = format_datetime(datetime.now(UTC)), make_msgid(domain="sandbox")
    message.set_content(text)
    if calendar:
        message.add_attachment(
            calendar.encode(), maintype="text", subtype="calendar", filename="appointment.ics", params={"method": "REQUEST", "charset": "utf-8"}
        )
    return message.as_bytes()


def fill(box: PostBox) -> None:
    """A confirmation with a calendar file, and a newsletter, in Tom's mailbox."""
    monday = datetime.now(UTC).date() + timedelta(days=21 - datetime.now(UTC).weekday())
    start = f"{monday:%Y%m%d}"
    calendar = "\r\n".join(
        [
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Riverside Clinic//EN", "METHOD:REQUEST", "BEGIN:VEVENT", f"UID:cleaning-{start}@sandbox"),
            *(f"DTSTAMP:{datetime.now(UTC):%Y%m%dT%H%M%SZ}", f"DTSTART;TZID=America/Toronto:{start}T141500"),
            *(
                f"DTEND;TZID=America/Toronto:{start}T150000",
                "SUMMARY:Dental cleaning for Mara",
                "LOCATION:Dr. Patel\\, 88 Norfolk Street",
                "END:VEVENT",
            ),
            *("END:VCALENDAR", ""),
        ]
    )
    dentist = compose(
        sender="Dr. Patel Dentistry <desk@patel-dentist.example>",
        to=TOM,
        subject="Your appointment is confirmed",
        text=f"Hello Tom,\n\nMara's dental cleaning is confirmed for {monday:%A, %d %B %Y} at 2:15 pm.\n"
        "To change it call 519 555 0131.\n\nDr. Patel Dentistry\n",
        calendar=calendar,
    )
    school = compose(
        sender="Brock Road School <office@brockroad.example>",
        to=TOM,
        subject="News from grade 3",
        text=(
            "Dear parents of grade 3,\n\nMs. Lind is on leave from next week. The teacher of Mara's class is now Mr. Okafor.\n"
            "The school nurse is Ms. Abadi, phone 519 555 0112.\n\nYour school office\n"
        ),
    )
    for letter in (dentist, school):
        box.deliver(letter, [TOM])
