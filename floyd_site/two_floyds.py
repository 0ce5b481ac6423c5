"""Two Floyds: Tom's rings the number that Dana's answers. They settle it with each other, and Dana says yes while the two are on the line."""

from __future__ import annotations

import re
from datetime import datetime

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from calls.models import Call, Speaker, TranscriptLine
from context.household import TIME_ZONE
from context.models import User
from floyd_site.journeys import Journey
from floyd_site.stage import SandboxPhone, Stage, must
from floyd_site.supervision.environment import SANDBOX_SECOND_NUMBER
from floyd_site.terminal.state import RequestState
from requests_app.aftermath import entries_of
from requests_app.models import Channel, Request
from requests_app.status import Status
from use_cases.models import InboundNumber

NAME, EMAIL, PHONE = "Dana Whitfield", "dana@whitfield.example", "+15195550177"
MOST_LINES = 5
_GOODBYE = re.compile(r"\bgood ?bye\b", re.I)


def make_dana() -> User:
    """Dana, whose number Floyd answers; once."""
    dana = User.objects.filter(email=EMAIL).first()
    if dana is None:
        awake = {"quiet_from": None, "quiet_to": None}
        dana = User.objects.create_user(EMAIL, name=NAME, phone=PHONE, phone_verified_at=timezone.now(), time_zone=TIME_ZONE, region="CA", **awake)
    InboundNumber.objects.update_or_create(number=SANDBOX_SECOND_NUMBER, defaults={"user": dana, "menu": False})
    return dana


async def _dinner(stage: Stage) -> RequestState:
    begun = timezone.now()
    dana, phone = await sync_to_async(make_dana)(), SandboxPhone(settings.SANDBOX_URL, PHONE)
    texts_before = len(await phone.texts())
    await stage.knows(NAME, "friend", SANDBOX_SECOND_NUMBER)
    await stage.ask(f"Ask {NAME} whether dinner on Thursday at 7 p.m. works.")
    asked = await stage.text_with("about “dinner”", on=phone, behind=texts_before)
    must("“Tom Redmond” asks" in asked, f"Dana was asked without being told by whom: {asked}")
    await phone.send("yes")
    state = await stage.end()
    must(state.request.status == Status.DONE, f"the request ended as {state.request.status}: {state.request.trouble}")
    await sync_to_async(_same_on_both_sides)(state, dana, begun)
    return state


def _same_on_both_sides(state: RequestState, dana: User, begun: datetime) -> None:
    there = Request.objects.filter(user=dana, channel=Channel.CALLER, created_at__gte=begun)
    must(there.count() == 1, f"Dana's Floyd keeps {there.count()} matters of the call, not one")
    kept = there.get()
    must(kept.status == Status.DONE, f"Dana's side ended as {kept.status}")
    for whose, outcome in (("Tom's", state.request.outcome), ("Dana's", kept.outcome)):
        summary = str((outcome or {}).get("summary", ""))
        must(all(word in summary.lower() for word in ("yes", "dinner", "thursday")), f"{whose} side says: {summary}")
    noted = [_noted(request) for request in (state.request, kept)]
    must(noted[0] is not None and noted[0] == noted[1], f"the calendars do not agree: {noted}")
    made, taken = state.calls[-1].call, Call.objects.get(request=kept)
    for whose, call in (("Tom's", made), ("Dana's", taken)):
        must(call.disclosure_played_at, f"{whose} Floyd was not heard to say what it is")
        said = list(TranscriptLine.objects.filter(call=call, speaker=Speaker.FLOYD).exclude(text="").values_list("text", flat=True))
        must(len(said) <= MOST_LINES, f"{whose} Floyd took {len(said)} turns: {said}")
        must(sum(bool(_GOODBYE.search(text)) for text in said) <= 1, f"{whose} Floyd said goodbye again: {said}")
    must(taken.ended_at and made.ended_at, "one of the two stayed on the line")


def _noted(request: Request) -> datetime | None:
    """When the appointment begins that a request led to."""
    entries = entries_of(request)
    return entries[0].starts_at if len(entries) == 1 else None


TOGETHER: dict[str, Journey] = {"two-floyds": Journey("two-floyds", "Tom's Floyd rings Dana's: settled between the two, with her yes", _dinner)}
