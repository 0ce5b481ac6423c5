"""What a mail teaches: appointments of its calendar file by code, the rest by the thinker and checked by code.

All of it is proposed, unless the user wants it kept at once.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from context import proposals
from context.choices import Learning
from context.errors import KnowledgeError
from context.mail.invitations import AFTER, BEFORE
from context.mail_models import Mail, MailStatus
from context.models import CalendarEntry, Contact, Fact, Sensitivity, Source, User
from context.signed_in import zone_of
from providers.types import ProviderError
from requests_app import thinking
from requests_app.hints import hint
from requests_app.mail.form import NAME, MailLearned, messages

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
MOST_TRIES = 4
MOST_FACTS, MOST_CONTACTS, MOST_APPOINTMENTS = 8, 3, 5
MOST_AT_ONCE = 100
#: What reads like an order to an assistant, or leads somewhere, is no fact about anybody.
_NO_FACT = re.compile(r"https?://|www\.|\b(?:ignore|disregard|instructions?|system prompt|assistant|floyd)\b", re.I)

Proposed = Fact | Contact | CalendarEntry | None


def sweep() -> None:
    """Hints mails that nobody read yet."""
    for mail_id in Mail.objects.filter(_due()).order_by("received_at").values_list("pk", flat=True)[:MOST_AT_ONCE]:
        hint("requests.learn_from_mail", mail_id)


def _due() -> Q:
    return Q(status=MailStatus.NEW) & (Q(lease_until=None) | Q(lease_until__lte=Now()))


def learn(mail_id: int | str) -> None:
    """Reads a mail that is due. Safe to run any number of times at once: one of them reads."""
    if Mail.objects.filter(_due(), pk=mail_id).update(lease_until=Now() + LEASE, tries=F("tries") + 1) != 1:
        return
    mail = Mail.objects.select_related("user").get(pk=mail_id)
    if mail.user.mail_learning == Learning.NEVER:
        _settle(mail, MailStatus.SKIPPED)
        return
    try:
        learned = _think(mail)
    except ProviderError as error:
        log.warning("mail %s: not read (permanent: %s)", mail.pk, error.permanent)
        _propose(mail, MailLearned(facts=[], contacts=[], appointments=[]))
        if error.permanent or mail.tries >= MOST_TRIES:
            _settle(mail, MailStatus.FAILED, "Floyd's reader could not be reached.")
        else:
            Mail.objects.filter(pk=mail.pk).update(lease_until=Now() + timedelta(minutes=2**mail.tries))
        return
    _propose(mail, learned)
    _settle(mail, MailStatus.READ)


def _think(mail: Mail) -> MailLearned:
    if not mail.text.strip():
        return MailLearned(facts=[], contacts=[], appointments=[])
    told = messages(mail, mail.user, timezone.now())
    return thinking.fill(MailLearned, name=NAME, model=settings.OPENAI_OUTCOME_MODEL, messages=told)[0]


def _settle(mail: Mail, status: MailStatus, trouble: str = "") -> None:
    Mail.objects.filter(pk=mail.pk).update(status=status, trouble=trouble, lease_until=None)


@transaction.atomic
def _propose(mail: Mail, learned: MailLearned) -> None:
    rows = [*_appointments(mail, learned), *_contacts(mail, learned), *_facts(mail, learned)]
    if mail.user.mail_learning == Learning.SAVE:
        for row in rows:
            if row is not None:
                proposals.confirm(row=row)


def _where(mail: Mail) -> dict[str, Any]:
    return {"user": mail.user, "source": Source.EMAIL, "source_ref": f"mail:{mail.pk}"}


def _said(mail: Mail) -> str:
    return _squeezed(f"{mail.subject} {mail.text}")


def _appointments(mail: Mail, learned: MailLearned) -> Iterator[Proposed]:
    for event in mail.events:
        yield _try(proposals.propose_calendar_entry, **_event(event), **_where(mail))
    for entry in learned.appointments[:MOST_APPOINTMENTS]:
        if entry.title.strip() and _says(_said(mail), entry.quote) and (times := _times(entry.starts_at, entry.ends_at, mail.user)):
            yield _try(proposals.propose_calendar_entry, title=entry.title[:200], place=entry.place[:200], **times, **_where(mail))


def _contacts(mail: Mail, learned: MailLearned) -> Iterator[Proposed]:
    for contact in learned.contacts[:MOST_CONTACTS]:
        is_named = bool(contact.name.strip()) and _squeezed(contact.name) in f"{_said(mail)} {_squeezed(mail.sender_name)}"
        if is_named and _has_number(mail.text, contact.phone):
            yield _try(proposals.propose_contact, name=contact.name[:120], kind=contact.kind[:60], phone=contact.phone[:40], **_where(mail))


def _facts(mail: Mail, learned: MailLearned) -> Iterator[Proposed]:
    for fact in learned.facts[:MOST_FACTS]:
        if fact.statement.strip() and _says(_said(mail), fact.quote) and not _NO_FACT.search(fact.statement):
            sensitivity = Sensitivity.ASK_FIRST if fact.is_private else Sensitivity.SHARE
            fields = {"about": fact.about[:120], "topic": fact.topic[:60], "sensitivity": sensitivity}
            yield _try(proposals.propose_fact, statement=fact.statement[:500], **fields, **_where(mail))


def _try(propose: Any, **fields: Any) -> Proposed:
    """What cannot be noted (a number that is none, an end before the start) is left out."""
    try:
        with transaction.atomic():
            row: Proposed = propose(**fields)
            return row
    except KnowledgeError:
        return None


def _event(event: dict[str, Any]) -> dict[str, Any]:
    ends_at = datetime.fromisoformat(event["ends_at"]) if event["ends_at"] else None
    title = f"{event['title'][:180]} (repeats)" if event["repeats"] else event["title"]
    return {
        "title": title,
        "starts_at": datetime.fromisoformat(event["starts_at"]),
        "ends_at": ends_at,
        "place": event["place"],
        "all_day": event["all_day"],
    }


def _times(starts_at: str, ends_at: str | None, user: User) -> dict[str, datetime | None] | None:
    """Aware times within reason; None when the start is none."""
    try:
        start = datetime.fromisoformat(starts_at)
        end = datetime.fromisoformat(ends_at) if ends_at else None
    except ValueError:
        return None
    here = zone_of(user)
    start = start if start.tzinfo else start.replace(tzinfo=here)
    end = end if end is None or end.tzinfo else end.replace(tzinfo=here)
    now = timezone.now()
    return {"starts_at": start, "ends_at": end} if now - BEFORE <= start <= now + AFTER else None


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip()


def _says(said: str, quote: str) -> bool:
    """Whether the mail has the words that something rests on."""
    words = _squeezed(quote)
    return len(words) > 3 and words in said


def _has_number(said: str, phone: str) -> bool:
    """Whether the number is the mail's own; without one there is nothing to check."""
    digits = re.sub(r"\D", "", phone)
    return not digits or digits[-10:] in re.sub(r"\D", "", said)
