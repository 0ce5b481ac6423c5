"""The page of components, for whoever builds pages: every part in every state, by the templates of pages. In development and on the sandbox only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from calls.models import Speaker, TranscriptLine, Turn
from calls.turn_stages import WIDEST_MS, stages
from context.models import User
from requests_app.models import Message, Question, QuestionKind, Request
from requests_app.plan_shown import plan_shown
from requests_app.status import Status

COLOURS = {
    "Ground": ("paper", "card", "sunken", "line", "line-strong"),
    "Ink": ("ink", "ink-2", "ink-3"),
    "What can be pressed": ("accent", "accent-strong", "accent-soft", "on-accent"),
    "Something is going on": ("live", "live-soft"),
    "Floyd needs you": ("wait", "wait-soft", "wait-line"),
    "It worked": ("done", "done-soft"),
    "It did not": ("fail", "fail-soft", "fail-line"),
    "Nothing goes on": ("idle", "idle-soft"),
}
TYPE = {
    "text-2xl": "Title",
    "text-xl": "What the user says",
    "text-l": "What matters",
    "text-m": "Text",
    "text-s": "Beside it",
    "text-xs": "Small print",
}
SPACES = ("s1", "s2", "s3", "s4", "s5", "s6", "s7")


def _id(number: int) -> UUID:
    return UUID(int=number)


def _plan(title: str) -> dict[str, Any]:
    callee = {"contact_id": None, "name": "Sweet Violet's", "kind": "florist"}
    steps = ["Call Sweet Violet's", "Order white and pink flowers for Friday", "Ask what they cost, at most $80"]
    return {
        "kind": "buy",
        "title": title,
        "goal": "Order flowers for Krista.",
        "steps": steps,
        "callee": callee,
        "limit_minor": 8000,
        "currency": "CAD",
    }


def _requests(user: User) -> list[Request]:
    now = timezone.now()
    named = [(status, f"Order flowers: {status.label.lower()}") for status in Status]
    return [Request(id=_id(at), user=user, status=status, plan=_plan(title), created_at=now) for at, (status, title) in enumerate(named, start=1)]


def _questions(wish: Request) -> list[Question]:
    asked: tuple[tuple[QuestionKind, str, list[str]], ...] = (
        (QuestionKind.YES_NO, "Is tomorrow morning fine, too?", []),
        (QuestionKind.CHOICE, "Hill & Sons can come at 4, Pipeworks tomorrow at 9. Which one?", ["Hill & Sons, 4 pm", "Pipeworks, 9 am"]),
        (QuestionKind.MONEY, "They want $60 for tulips. How much may it cost?", []),
    )
    return [Question(id=_id(at), request=wish, kind=kind, text=text, choices=choices) for at, (kind, text, choices) in enumerate(asked, start=1)]


def _lines() -> list[dict[str, Any]]:
    said = (
        (Speaker.CALLEE, "Sweet Violet's, hello?", "", True),
        (Speaker.FLOYD, "Hi, this is Floyd, an AI assistant calling for Tom Redmond.", "I would like to order flowers.", True),
        (Speaker.SYSTEM, "They spoke while Floyd was speaking.", "", True),
        (Speaker.USER, "Ask whether they deliver on Sunday.", "", True),
        (Speaker.CALLEE, "we have tulips or", "", False),
    )
    lines = [
        {"line": TranscriptLine(seq=seq, speaker=who, text=text, start_ms=seq * 3000, end_ms=seq * 3000 + 900, final=final), "cut": cut}
        for seq, (who, text, cut, final) in enumerate(said, start=1)
    ]
    return [{**one, "anchor": f"line-{at}", "callee": "Sweet Violet's"} for at, one in enumerate(lines, start=1)]


def _turn() -> dict[str, Any]:
    turn = Turn(id=1, seq=2, end_of_turn_ms=240, model_first_token_ms=310, first_clause_ms=60, voice_first_byte_ms=120, buffer_ms=40, whole_ms=770)
    return {"turn": turn, "stages": stages(turn), "words": "Hi, this is Floyd.", "anchor": "line-2", "widest_ms": WIDEST_MS}


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """All of them.

    Raises:
        Http404: neither a development server nor one that runs on the sandbox (`make run`).
    """
    if not (settings.DEBUG or settings.SANDBOX_URL):
        raise Http404("For development.")
    user = User(name="Tom Redmond", currency="CAD", spending_limit_minor=10_000)
    wishes = _requests(user)
    now = timezone.now()
    texts = (("They want $60. How much may it cost?", True), ("up to $80", False))
    context = {
        "colours": COLOURS.items(),
        "type": TYPE.items(),
        "spaces": SPACES,
        "wishes": wishes,
        "wish": wishes[0],
        "plan": plan_shown(wishes[0]),
        "questions": _questions(wishes[0]),
        "lines": _lines(),
        "one": _turn(),
        "thread": [Message(id=_id(at), body=body, outbound=out, status="delivered", created_at=now) for at, (body, out) in enumerate(texts)],
    }
    return render(request, "components_page.html", context)
