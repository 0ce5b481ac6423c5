"""What a call teaches about whom it reached: the way through their phone menu, that they want no machine, that the number is another's.

Written on the contact, with a line on the request's timeline that says so. Only what code found out itself: nothing here comes from a model.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from calls import briefing
from calls.conversation.brief import CallBrief, Slot
from calls.conversation.effects import EndReason
from calls.conversation.purse import MENU_PATH
from calls.conversation.situations.announcements import wants_no_more_calls
from calls.conversation.told import Line, told_in
from calls.details import details_of
from calls.models import Call, Speaker, Suppression
from context.contact_details import keep_details, remembered
from context.kept_words import speaking
from context.models import Contact, Source
from context.services import add_contact, change_contact, note_use
from requests_app import candidates
from requests_app import services as requests_services
from requests_app.candidates import KIND_LENGTH
from requests_app.models import Request

NOTES_LENGTH = 500


@transaction.atomic
def learn(call: Call) -> None:
    """Keeps what an ended call teaches. Safe to run again."""
    contact = call.made_for.contact
    path = next((str(slot["value"]) for slot in reversed(call.slots) if slot.get("kind") == "learned" and slot.get("item") == MENU_PATH), "")
    if contact is not None and path and contact.menu_hints != path:
        change_contact(contact=contact, menu_hints=path)
        _tell(call, noop("Floyd remembers the way through their phone menu: %(path)s.") % {"path": path})
    if contact is not None:
        _keep_details(call, contact)
    _note_use(call)
    if call.end_reason == EndReason.REFUSED_MACHINE:
        _refused(call, contact)
    elif call.end_reason == EndReason.WRONG_NUMBER:
        _wrong_number(call, contact)


def _keep_details(call: Call, contact: Contact) -> None:
    """Hours, prices and references that the callee said, marked with the call."""
    heard = " ".join(call.lines.filter(speaker=Speaker.CALLEE).values_list("text", flat=True))
    for kept in keep_details(contact=contact, details=details_of([Slot(**slot) for slot in call.slots], heard), call=str(call.pk)):
        _tell(call, remembered(contact.name, kept))


def _note_use(call: Call) -> None:
    """Facts that were told were of use."""
    if call.disclosure_played_at is None:
        return
    lines = [Line(line.seq, line.speaker, line.text) for line in call.lines.exclude(text="").order_by("seq")]
    told = told_in(CallBrief.from_json(call.brief), lines).facts
    ids = [int(key) for kind, _, key in (fact.id.partition(":") for fact in told) if kind == "fact" and key.isdigit()]
    note_use(user=call.made_for.user, fact_ids=ids)


@transaction.atomic
def remember(call: Call) -> None:
    """Makes a contact of a business from the directory whose call went well. One with that number is taken as it is."""
    request, user = call.made_for, call.made_for.user
    listed = candidates.current_of(request.candidates, call.number)
    if listed is None or request.contact_id is not None:
        return
    contact = user.contacts.filter(phone=call.number).first()
    if contact is None:
        planned = (request.plan or {}).get("callee") or {}
        contact = add_contact(
            user=user,
            name=listed.name,
            # The user's own word for it, by which they will ask for it again.
            kind=str(planned.get("kind") or listed.kind)[:KIND_LENGTH],
            phone=call.number,
            address=listed.address,
            hours=listed.hours,
            time_zone=listed.time_zone,
            place_id=listed.place_id,
            source=Source.CALL,
        )
        _tell(call, noop("Floyd remembers %(name)s among your contacts.") % {"name": contact.name})
    Request.objects.filter(pk=request.pk, contact=None).update(contact=contact)


def _refused(call: Call, contact: Contact | None) -> None:
    """Floyd does not call them again for this user; and for nobody, when they said so."""
    name = briefing.callee_name(call.made_for)
    if contact is not None and not contact.do_not_call:
        change_contact(contact=contact, do_not_call=True)
        _tell(call, noop("%(name)s does not want to talk to an AI assistant, so the contact is marked “do not call”.") % {"name": name})
    said = call.lines.filter(speaker=Speaker.CALLEE).values_list("text", flat=True)
    if any(wants_no_more_calls(text) for text in said):
        _, new = Suppression.objects.get_or_create(number=call.number, defaults={"reason": f"asked in call {call.pk}"})
        if new:
            _tell(call, noop("%(name)s asked not to be called again. Floyd will not call this number any more.") % {"name": name})


def _wrong_number(call: Call, contact: Contact | None) -> None:
    if contact is None or contact.phone != call.number:
        return
    with speaking(contact.user):
        day = date_format(timezone.localdate(), _("j F Y"))
        note = _("%(day)s: a call reached somebody else; check the number.") % {"day": day}
    if note in contact.notes:
        return
    change_contact(contact=contact, notes=f"{note} {contact.notes}".strip()[:NOTES_LENGTH])
    _tell(call, noop("The number of %(made_for)s reached somebody else; the contact has a note.") % {"made_for": briefing.callee_name(call.made_for)})


def _tell(call: Call, text: str) -> None:
    requests_services.record_event(request_id=call.made_for.pk, kind="contact", text=text, data={"call": str(call.pk)})
