"""What is pushed to open pages during a call, and the same on the page of its request: bar, transcript, times per turn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from calls.conversation.effects import EndReason, Situation
from calls.listening import AUDIBLE, NOT_AUDIBLE, audience, speaks_from
from calls.models import Call, TranscriptLine, Turn
from calls.pricing import used_in_call
from calls.recording.models import RecordingState
from calls.status import OPEN, CallStatus
from calls.telling import in_words, told_of
from calls.turn_stages import WIDEST_MS, stages
from context.kept_words import speaking
from context.signed_in import zone_of
from live.fragments import register, taken_away
from requests_app import costs
from requests_app.fragments import placed
from requests_app.models import Request

#: How a call ended, for the person it was made for.
ENDS = {
    EndReason.GOAL_REACHED: noop("goal reached"),
    EndReason.GOAL_NOT_REACHED: noop("without result"),
    EndReason.CALL_BACK_LATER: noop("Floyd will call back"),
    EndReason.CALLEE_HUNG_UP: noop("they hung up"),
    EndReason.STOPPED_BY_USER: noop("you stopped it"),
    EndReason.HUNG_UP_BY_USER: noop("you hung up"),
    EndReason.NO_RESPONSE: noop("nobody spoke"),
    EndReason.TOO_LONG: noop("it took too long"),
    EndReason.TOO_DEAR: noop("your limit for calls was reached"),
    EndReason.NOT_UNDERSTOOD: noop("they could not be understood"),
    EndReason.WRONG_NUMBER: noop("wrong number"),
    EndReason.REFUSED_MACHINE: noop("they would not talk to a machine"),
    EndReason.VOICEMAIL: noop("a machine answered"),
    EndReason.VOICEMAIL_LEFT: noop("message left on their voicemail"),
    EndReason.HOLD_TOO_LONG: noop("on hold for too long"),
    EndReason.MENU_DEAD_END: noop("no way through their phone menu"),
    EndReason.OTHER_LANGUAGE: noop("they speak another language"),
    EndReason.PARTED: noop("both said goodbye"),
    EndReason.WENT_ROUND: noop("it went round in circles"),
    EndReason.FINISHED: noop("the caller had what they wanted"),
    EndReason.HANDED_OFF: noop("a person took over"),
    EndReason.PROVIDER_FAILED: noop("a service failed"),
    EndReason.LINE_LOST: noop("the line was lost"),
}


#: What has the line while nobody can be talked with.
SITUATIONS = {
    Situation.MENU: noop("in their phone menu"),
    Situation.HOLD: noop("on hold"),
    Situation.VOICEMAIL: noop("on their voicemail"),
    Situation.SCREENING: noop("being screened"),
    Situation.TAKEN_OVER: noop("taken over"),
}


def _call_context(call: Call) -> dict[str, Any]:
    ended = call.status not in OPEN
    on = call.status == CallStatus.IN_PROGRESS
    taken = on and call.situation == Situation.TAKEN_OVER
    hearable = ended and call.recording in (RecordingState.ON, RecordingState.OFF)
    return {
        "call": call,
        "callee": (call.brief or {}).get("callee_name") or _("Callee"),
        "on": on,
        "ended": ended,
        "state": ENDS.get(call.end_reason, "") if ended else "",  # type: ignore[call-overload]
        "audible": call.line in AUDIBLE,
        "not_audible": NOT_AUDIBLE,
        "recording": _recording(call),
        "hearable": hearable,
        "lost_ms": (call.sound.aggregate(lost=Sum("lost_ms"))["lost"] or 0) if hearable else 0,
        "situation": SITUATIONS.get(call.situation, "") if on else "",  # type: ignore[call-overload]
        "taken": taken,
        "speaks_from": speaks_from(call) if taken else "",
        "audience": audience(call) if on else [],
        "situation_ms": _since_ms(call.situation_since),
        "length_ms": _length_ms(call),
        "so_far": _cost_so_far(call) if on else None,
        "widest_ms": WIDEST_MS,
        "told": _told(call) if ended else "",
    }


def _recording(call: Call) -> str:
    """What stands at the head of its card; empty: nothing was ever kept."""
    if call.recording == RecordingState.ON and call.status == CallStatus.IN_PROGRESS:
        return _("Recording")
    if call.recording == RecordingState.REFUSED:
        return _("Not recorded: they did not want it")
    return _("Recorded") if call.recording else ""


def _since_ms(since: datetime | None) -> int:
    return 0 if since is None else max(0, int((timezone.now() - since).total_seconds() * 1000))


def _cost_so_far(call: Call) -> costs.Bill | None:
    """An estimate by the price table, from what the line wrote down last and the time since it began; None before anything costs."""
    used = used_in_call(number=call.number, line=call.line, seconds=_length_ms(call) // 1000, usage=call.usage, table=costs.table())
    bill = costs.priced(used)
    return bill if bill.micros else None


def _told(call: Call) -> str:
    told = told_of(call, call.lines.all())
    return in_words(told) if told is not None and call.started_at is not None else ""


def _length_ms(call: Call) -> int:
    if call.seconds:
        return call.seconds * 1000
    if call.started_at is None:
        return 0
    until = call.ended_at or timezone.now()
    return max(0, int((until - call.started_at).total_seconds() * 1000))


def unheard(text: str, intended: str) -> str:
    """The end of what was meant to be said, from where it was cut off; empty when all of it was heard."""
    heard, meant = text.split(), intended.split()
    same = 0
    for one, other in zip(heard, meant, strict=False):
        # The last word heard may have lost its comma, or got a full stop.
        if one.strip(".,;:!?…—-").casefold() != other.strip(".,;:!?…—-").casefold():
            break
        same += 1
    return " ".join(meant[same:]) if meant and same >= len(heard) - 1 else ""


def _anchor(call: Call, seq: int) -> str:
    return f"line-{call.request_id}-{call.attempt}-{seq}"


def _line_context(line: TranscriptLine, call: Call) -> dict[str, Any]:
    callee = (call.brief or {}).get("callee_name") or _("Callee")
    return {"line": line, "anchor": _anchor(call, line.seq), "callee": callee, "cut": unheard(line.text, line.intended)}


def _turn_context(turn: Turn, call: Call, words: str) -> dict[str, Any]:
    return {"turn": turn, "stages": stages(turn), "words": words, "anchor": _anchor(call, turn.seq), "widest_ms": WIDEST_MS}


def call_fragment(ref: str) -> str:
    """The card of a call. Lists that are on the page already keep what is in them."""
    call = Call.objects.select_related("user").prefetch_related("lines", "listenings__user").get(pk=ref)
    with timezone.override(zone_of(call.user) if call.user else None), speaking(call.user):
        html = render_to_string("calls/call.html", {**_call_context(call), "pushed": True})
    return placed(f"#calls-{call.request_id}", html)


def line_fragment(ref: str) -> str:
    """A line of the transcript; words that may still change stand below the others, and are not read aloud."""
    line = TranscriptLine.objects.select_related("call__user").get(pk=ref)
    target = f"#lines-{line.call_id}" if line.final else f"#partials-{line.call_id}"
    with speaking(line.call.user):
        return placed(target, render_to_string("calls/transcript.html#line", _line_context(line, line.call)))


def line_gone(ref: str) -> str:
    """Its absence. Its place has an id by which outcomes cite it; which one that was is known to the page only."""
    return f"""<hx-partial hx-target="[data-line='{ref}']" hx-swap="delete"></hx-partial>"""


def turn_fragment(ref: str) -> str:
    """Where the time of one turn went."""
    turn = Turn.objects.select_related("call__user").get(pk=ref)
    words = turn.call.lines.filter(seq=turn.seq).values_list("text", flat=True).first() or ""
    with speaking(turn.call.user):
        return placed(f"#turns-{turn.call_id}", render_to_string("calls/turns.html#turn", _turn_context(turn, turn.call, words)))


def calls_part(wish: Request) -> SafeString:
    """All calls of a request, newest first, for its page. Four queries."""
    calls = list(Call.objects.filter(request=wish).prefetch_related("lines", "turns", "listenings__user").order_by("-attempt"))
    shown = []
    for call in calls:
        lines = [_line_context(line, call) for line in call.lines.all()]
        words = {line.seq: line.text for line in call.lines.all()}
        shown.append(
            {
                **_call_context(call),
                "lines": [line for line in lines if line["line"].final],
                "partials": [line for line in lines if not line["line"].final],
                "turns": [_turn_context(turn, call, words.get(turn.seq, "")) for turn in call.turns.all()],
            }
        )
    return render_to_string("calls/calls.html", {"wish": wish, "calls": shown})


def register_all() -> None:
    """Called when the app starts."""
    register("call", call_fragment, gone=taken_away("call"))
    register("line", line_fragment, gone=line_gone)
    register("turn", turn_fragment, gone=taken_away("turn"))
