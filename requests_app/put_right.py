"""A user's "no, it was Tuesday" by text, after Floyd told them what came of a request: kept as a correction, as on the request's page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.dates import MONTHS, WEEKDAYS
from context.models import User
from context.when import read_when
from context.when_abroad import in_english
from requests_app.aftermath import items_shown
from requests_app.corrections import correct
from requests_app.errors import InvalidAsk, NotPossibleNow
from requests_app.messages import queue_message
from requests_app.models import Message, Request
from requests_app.outcome import ItemKind
from requests_app.sorting import looks_like_an_ask
from requests_app.status import Status

#: For so long after it was told an outcome is what a "no" is about.
FRESH = timedelta(days=2)
RIGHT_NOW = noop("Thank you, that is put right: “%(was)s” is now “%(now)s”.")
RIGHT = noop("Thank you, that is put right: it is now “%(now)s”.")
MOST_WORDS, MOST_WORDS_OF_A_TIME = 30, 8
#: How people begin who do not agree: in English, German, French and Spanish.
_NO = re.compile(
    r"""\W*(?:no+|nope|wrong|sorry|actually|correction|not\ (?:quite|right)|that(?:'s|\ is)\ (?:wrong|not\ (?:right|true|correct))
    |nein|nee|falsch|(?:das\ )?stimmt\ nicht|nicht\ (?:ganz|richtig)|das\ ist\ (?:falsch|nicht\ richtig)|doch\ nicht
    |non|(?:c'est\ )?faux|pas\ tout\ à\ fait|ce\ n'est\ pas\ (?:ça|juste|correct)|en\ fait
    |(?:es\ )?falso|no\ es\ (?:así|correcto)|en\ realidad)\b[\s,.:;!–—-]*""",
    re.I | re.X,
)
#: What stands between that and what is right.
_IT_WAS = re.compile(
    r"""(?:(?:i\ think|they\ said|she\ said|he\ said)\W+)?(?:it|that|this|the\ appointment)(?:'s|\ is|\ was|\ will\ be)\s+(?:for\ |on\ )?
    |(?:es|das|der\ termin)\ (?:war|ist)\s+(?:doch\ )?
    |(?:c'était|c'est|le\ rendez-vous\ (?:était|est))\s+(?:pour\ )?
    |(?:(?:la\ cita\ )?(?:era|fue|es))\s+""",
    re.I | re.X,
)
#: How a day or an hour begins that stands alone: "no, Tuesday", "no, at nine".
_TIME = re.compile(
    rf"(?:at|on|by|the \d+|next|this|half past|quarter|noon|today|tonight|tomorrow|{'|'.join(WEEKDAYS)}|{'|'.join(MONTHS)})\b|\d", re.I
)
_STATES = re.compile(
    r"\b(?:is|are|was|were|isn't|wasn't|will|costs?|said|says|meant|wants?|wanted|did|didn't)\b|\b(?:it|that|he|she|they)(?:'s|'ll|'re)\b"
    r"|\b(?:ist|sind|war|waren|wird|kostet|sagten?)\b|\b(?:est|était|sont|étaient|coûte)\b|\b(?:a|ont) dit\b|\b(?:era|fue|son|cuesta|dijo|dijeron)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Objection:
    """What the user says is right; `timed` when that is a day or an hour and nothing else."""

    words: str
    timed: bool


def read_objection(text: str, *, now: datetime, time_zone: str) -> Objection | None:
    """What a text puts right; None when it is something else: a plain "no", thanks, a wish. Pure.

    Args:
        now: aware.
    """
    plain = " ".join(text.replace("’", "'").split())
    lead = _NO.match(plain)
    if lead is None or len(plain.split()) > MOST_WORDS:
        return None
    while (more := _NO.match(plain, lead.end())) is not None and more.end() > lead.end():
        lead = more
    rest = plain[lead.end() :].strip()
    if not any(character.isalnum() for character in rest) or looks_like_an_ask(rest):
        return None
    was = _IT_WAS.match(rest)
    bare = rest[was.end() if was else 0 :].strip(" .!")
    names_a_time = (was or _TIME.match(in_english(bare))) and len(bare.split()) <= MOST_WORDS_OF_A_TIME
    if names_a_time and read_when(bare, now=now, time_zone=time_zone) is not None:
        return Objection(bare, timed=True)
    return Objection(f"{rest[:1].upper()}{rest[1:]}", timed=False) if _STATES.search(rest) else None


def take_objection(message: Message, user: User) -> bool:
    """Keeps the correction that a text is, and says so. False when it is none, or nothing was told lately that it could be about."""
    said = read_objection(message.body, now=timezone.now(), time_zone=user.time_zone)
    request = _told_last(user) if said is not None else None
    if said is None or request is None:
        return False
    message.request = request
    message.save(update_fields=["request"])
    item = _timed_item(request) if said.timed else None
    changes = {"when": said.words} if item is not None else {"summary": said.words}
    try:
        (row,) = correct(request=request, user=user, way="sms", item=item, **changes)
        reply = (RIGHT_NOW if row.was else RIGHT) % {"was": row.was, "now": row.now}
    except (InvalidAsk, NotPossibleNow) as error:
        reply = str(error)
    queue_message(user=user, body=reply, request=request, dedupe_key=f"reply:{message.pk}")
    return True


def _told_last(user: User) -> Request | None:
    """The request whose outcome was the last thing that Floyd texted, if that was lately."""
    told = Message.objects.filter(user=user, outbound=True, created_at__gte=Now() - FRESH).select_related("request__user")
    last = told.order_by("-created_at", "-pk").first()
    request = last.request if last is not None and last.question_id is None else None
    ended = request is not None and request.status == Status.DONE and (request.outcome or {}).get("summary")
    return request if ended else None


def _timed_item(request: Request) -> int | None:
    """The one part of an outcome that has a time; of several the one that was agreed."""
    timed = [item for item in items_shown(request) if item.get("when")]
    agreed = [item for item in timed if item["kind"] == ItemKind.AGREED]
    found = agreed if len(timed) > 1 else timed
    return int(found[0]["index"]) if len(found) == 1 else None
