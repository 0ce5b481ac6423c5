"""The household that a newcomer starts with: Tom Redmond of Guelph, Ontario, and what Floyd knows about his family."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from context.mail_models import Mailbox, MailboxStatus
from context.models import Contact, Sensitivity, User
from context.services import add_calendar_entry, add_contact, add_fact

EMAIL, STAFF_EMAIL = "tom@redmond.example", "sam@floyd.example"
PHONE = "+15195550142"
TIME_ZONE = "America/Toronto"

#: name, kind, number, preferred
CONTACTS = (
    ("Brock Road School", "school", "+15195550110", False),
    ("Sweet Violet's", "florist", "+15195550117", True),
    ("Speedvale Garage", "garage", "+15195550123", False),
    ("Dr. Patel, Dentist", "dentist", "+15195550131", False),
)
#: statement, about, topic, sensitivity
FACTS = (
    ("Krista Redmond is Tom's wife", "Krista", "family", Sensitivity.SHARE),
    ("Mara Redmond is Tom and Krista's daughter, 8 years old", "Mara", "family", Sensitivity.SHARE),
    ("Mara goes to Brock Road School, grade 3, teacher Ms. Lind", "Mara", "school", Sensitivity.SHARE),
    ("Flowers for Krista are delivered to 14 Brock Road, Guelph", "Krista", "address", Sensitivity.SHARE),
    ("Krista likes white and pink flowers", "Krista", "taste", Sensitivity.SHARE),
    ("Tom's car is a 2019 Honda Civic", "Tom", "car", Sensitivity.SHARE),
    ("Tom's date of birth is 4 May 1985", "Tom", "date of birth", Sensitivity.ASK_FIRST),
    ("The alarm code at home is 4417", "home", "alarm", Sensitivity.NEVER),
)


@transaction.atomic
def seed_household(*, password: str, mailbox: str = "") -> User:
    """Makes the household, once: when Tom is already there, he is returned with `password` as his new password.

    Args:
        mailbox: address of Tom's mailbox, as in MAIL_INBOX; empty: none is connected.
    """
    user = User.objects.filter(email=EMAIL).first()
    if user is not None:
        user.set_password(password)
        user.save(update_fields=["password"])
        _connect(user, mailbox)
        return user
    user = User.objects.create_user(
        EMAIL,
        password,
        name="Tom Redmond",
        phone=PHONE,
        phone_verified_at=timezone.now(),
        time_zone=TIME_ZONE,
        home_area="Guelph, Ontario",
        region="CA",
        currency="CAD",
        spending_limit_minor=10_000,
        # They try things out at any hour.
        quiet_from=None,
        quiet_to=None,
    )
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    furnish(user)
    _connect(user, mailbox)
    return user


def furnish(user: User) -> None:
    """Gives a user Tom's contacts, facts and calendar."""
    contacts = {name: add_contact(user=user, name=name, kind=kind, phone=phone, preferred=preferred) for name, kind, phone, preferred in CONTACTS}
    for statement, about, topic, sensitivity in FACTS:
        add_fact(user=user, statement=statement, about=about, topic=topic, sensitivity=sensitivity)
    _add_dentist(user, contacts["Dr. Patel, Dentist"])


def _connect(user: User, mailbox: str) -> None:
    """Connects the mailbox, wherever it is today."""
    if mailbox:
        url = urlsplit(mailbox)
        where = {
            "host": url.hostname or "",
            "port": url.port or 993,
            "username": unquote(url.username or ""),
            "password": unquote(url.password or ""),
        }
        fresh = {"status": MailboxStatus.ACTIVE, "places": {}, "failures": 0, "trouble": "", "folders": [unquote(url.path.strip("/")) or "INBOX"]}
        Mailbox.objects.update_or_create(user=user, defaults={**where, **fresh})


def seed_staff(*, password: str) -> User:
    """Makes the member of staff who sees the admin pages, once; a second run sets the password anew."""
    user = User.objects.filter(email=STAFF_EMAIL).first()
    if user is None:
        user = User.objects.create_superuser(STAFF_EMAIL, password, name="Sam Lee")
        EmailAddress.objects.create(user=user, email=STAFF_EMAIL, verified=True, primary=True)
        return user
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def _add_dentist(user: User, dentist: Contact) -> None:
    """An appointment on the Thursday of next week at half past nine."""
    zone = ZoneInfo(user.time_zone)
    today = timezone.now().astimezone(zone).date()
    thursday = today + timedelta(days=7 - today.weekday() + 3)
    starts_at = datetime.combine(thursday, time(9, 30), tzinfo=zone)
    place = "Dr. Patel, 88 Norfolk Street"
    add_calendar_entry(
        user=user, title="Dentist with Dr. Patel", starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30), place=place, contact=dentist
    )
