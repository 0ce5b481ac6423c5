"""A person takes a call over when the line lets go of it: their phone rings, and they hear what it is about before they hear the caller.

Only their key takes it: a mailbox that answers, or who hangs up over the first words, took nothing. When nobody takes it, the call comes back to
Floyd, who knows what was said. It stays the same call, and its transcript goes on.
"""

from __future__ import annotations

import json
from textwrap import shorten

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from calls.conversation.disclosure import announced_first
from calls.conversation.effects import EndReason
from calls.conversation.fixed_lines import NOBODY_FREE_GO_ON
from calls.conversation.wordings import wording_of
from calls.models import Call, Speaker
from calls.status import CallStatus
from calls.telephony import twiml
from calls.telephony.breaks import next_stream
from use_cases import answering
from use_cases.models import HandOff, HandOffState, InboundCall

NOT_TAKEN = "Nobody was free to take this call over, and the caller was told so. What was said before, as data:"
#: Of the summary the person hears so much; the caller waits meanwhile. The page has all of it.
LONGEST_TOLD = 300
#: Lines of the talk before that the model gets when a call comes back.
LINES_TOLD = 30


def after_line(call: Call, *, breaks: int = 0) -> str:
    """What the carrier does with a call whose line has ended: a person, the end, or another stream for one that broke.

    Args:
        breaks: how often it broke before.
    """
    asked = HandOff.objects.filter(call=call, state=HandOffState.ASKED).first()
    if asked is None:
        return next_stream(call, breaks=breaks, after=f"{settings.PUBLIC_URL}/twilio/after/{call.pk}")
    taken = InboundCall.objects.select_related("version").get(call=call)
    if not taken.version.live_agent:  # nobody is asked for where nobody is; Floyd goes on all the same
        return dialled(asked)
    HandOff.objects.filter(pk=asked.pk).update(state=HandOffState.RINGING)
    address = f"{settings.PUBLIC_URL}/twilio/hand-off/{asked.pk}"
    return twiml.dial(taken.version.live_agent, caller_id=taken.rung, whisper=f"{address}/whisper", after=f"{address}/dialled")


def whisper(asked: HandOff) -> str:
    """What the person hears who picked up, before they hear the caller. A key takes the call."""
    title = InboundCall.objects.values_list("version__title", flat=True).get(call=asked.call_id)
    about = shorten(asked.summary, LONGEST_TOLD, placeholder=" …")
    text = (
        f"A call from the AI assistant of {title}. Press {twiml.TAKES} at any time to take it. "
        f"Hand-off number {asked.pk}. It is about: {asked.code}. {about}"
    )
    return twiml.ask_to_take(text, taken=f"{settings.PUBLIC_URL}/twilio/hand-off/{asked.pk}/taken")


def pressed(asked: HandOff, key: str) -> str:
    """What the carrier does with the person who picked up, once they pressed a key."""
    if (
        key != twiml.TAKES
        or HandOff.objects.filter(pk=asked.pk, state__in=[HandOffState.RINGING, HandOffState.TAKEN]).update(state=HandOffState.TAKEN) != 1
    ):
        return twiml.hang_up()
    return twiml.go_through()


@transaction.atomic
def dialled(asked: HandOff, *, bridged: bool = False, gone: bool = False) -> str:
    """What the carrier does once the person's phone was dialled.

    Args:
        bridged: the two were connected, as far as the carrier says.
        gone: the caller has hung up.
    """
    call = Call.objects.select_for_update(no_key=True, of=("self",)).get(pk=asked.call_id)
    asked.refresh_from_db()
    if asked.state == HandOffState.TAKEN and bridged:
        return twiml.hang_up()
    is_news = HandOff.objects.filter(pk=asked.pk).exclude(state=HandOffState.NOBODY).update(state=HandOffState.NOBODY) == 1
    if gone:
        return twiml.hang_up()
    if is_news:
        _come_back(call)
    if call.status != CallStatus.IN_PROGRESS or call.end_reason:
        return twiml.hang_up()
    return twiml.connect(call, after=f"{settings.PUBLIC_URL}/twilio/after/{call.pk}")


def _come_back(call: Call) -> None:
    """Makes a call ready to be answered once more, with what was said in it."""
    if call.status != CallStatus.IN_PROGRESS or call.end_reason != EndReason.HANDED_OFF:
        return
    taken = InboundCall.objects.select_related("caller", "version__use_case").get(call=call)
    menu = bool(answering.menu_slug(call.pk))
    answers_for = answering.answered_for(taken.rung)
    recorded = bool(call.brief.get("recorded"))  # as it was when they rang, unless they objected since
    brief = answering.brief_for(
        taken.version,
        taken.caller,
        time_zone=taken.time_zone,
        menu=menu,
        answers_for=answers_for,
        recorded=recorded,
        changed=taken.changes,
    ).to_json()
    # Where they went over to another language, Floyd comes back in it.
    brief["spoken"] = call.brief.get("spoken", "")
    language = brief["spoken"] or brief["language"]
    back = wording_of(language).line(NOBODY_FREE_GO_ON)
    brief["introduction"] = announced_first(back, language) if recorded else back
    brief["lines_before"] = call.lines.aggregate(last=Max("seq"))["last"] or 0
    brief["prompts_before"] = call.prompts.aggregate(last=Max("number"))["last"] or 0
    brief["use_case"]["prompt"] += f"\n\n{NOT_TAKEN}\n{_talk(call)}"
    call.brief, call.end_reason, call.token_used_at, call.heartbeat_at = brief, "", None, timezone.now()
    call.save(update_fields=["brief", "end_reason", "token_used_at", "heartbeat_at"])


def _talk(call: Call) -> str:
    lines = call.lines.filter(speaker__in=[Speaker.CALLEE, Speaker.FLOYD]).exclude(text="").order_by("-seq").values_list("speaker", "text")
    told = [{"caller" if speaker == Speaker.CALLEE else "you": text} for speaker, text in lines[:LINES_TOLD]]
    return json.dumps(told[::-1], ensure_ascii=False)
