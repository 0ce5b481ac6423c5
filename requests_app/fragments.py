"""What is pushed to open pages when a request, an event, a question or a message changes. One query each, or little more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from context.kept_words import speaking
from context.models import User
from context.signed_in import zone_of
from live.fragments import register, taken_away
from requests_app import pushed
from requests_app.detail import detail
from requests_app.models import Event, Message, Question
from requests_app.status import ENDED

#: Parts of the request page that change with its row.
PARTS = ("head", "actions", "outcome", "next", "plan", "candidates", "costs", "keeping")
#: What is drawn of a request: its row in lists, and those.
TEMPLATES = ("components/requests.html#row", "components/found.html#one", *(f"requests_app/parts/{part}.html" for part in PARTS))


def placed(target: str, html: str) -> str:
    """HTML that goes to its place (by `data-order`) in the lists that match `target`, or replaces itself there."""
    return f'<hx-partial hx-target="{target}" hx-swap="place">{html}</hx-partial>'


def draw(owner: User | None, template: str, context: dict[str, Any]) -> str:
    """A template with the times and in the language of the person whose row it is: it is drawn once for all who watch."""
    with _as_read_by(owner):
        return render_to_string(template, {**context, "pushed": True})


@contextmanager
def _as_read_by(owner: User | None) -> Iterator[None]:
    with timezone.override(zone_of(owner) if owner else None), speaking(owner):
        yield


def request_fragment(ref: str) -> str:
    """The row in the list, and the parts of the request's own page."""
    wish, known = pushed.read(ref)
    with _as_read_by(wish.user):
        context = {**detail(wish, **known), "pushed": True}
        row, found, *parts = (render_to_string(template, context) for template in TEMPLATES)
    return placed("#requests-lately" if wish.status in ENDED else "#requests-now", row) + found + "".join(parts)


def gone_fragment(ref: str) -> str:
    """Its places, empty: the user took it back, its time is over, or somebody deleted the row.

    Nobody knows any more whose it was, and in which language they read: that it is gone, the page says itself (`parts/gone.html`).
    """
    row = f'<li id="request-{ref}" data-order="{ref}" hidden></li>'
    head = f'<header id="head-{ref}" class="head gone" hx-swap-oob="outerMorph"></header>'
    parts = "".join(f'<div id="{part}-{ref}" hx-swap-oob="outerMorph"></div>' for part in PARTS if part != "head")
    found = f'<li id="found-{ref}" hx-swap-oob="delete"></li>'
    return placed("#requests-now", row) + found + head + parts


def event_fragment(ref: str) -> str:
    """A line of the timeline."""
    event = Event.objects.select_related("request__user").get(pk=ref)
    return placed(f"#events-{event.request_id}", draw(event.request.user, "requests_app/parts/timeline.html#event", {"event": event}))


def question_fragment(ref: str) -> str:
    """A question, on the pages that list them all and on its request's page."""
    question = Question.objects.select_related("request__user").get(pk=ref)
    owner, template = question.request.user, "components/questions.html#question"
    return "".join(
        placed(target, draw(owner, template, {"question": question, "about": about}))
        for target, about in (("#questions-mine", True), (f"#questions-{question.request_id}", False))
    )


def message_fragment(ref: str) -> str:
    """A message, in the thread of its user and of its request."""
    message = Message.objects.select_related("user").get(pk=ref)
    if message.copy_of_id:
        return ""
    html = draw(message.user, "components/thread.html#message", {"message": message})
    targets = ["#thread", f"#thread-{message.request_id}"] if message.request_id else ["#thread"]
    return "".join(placed(target, html) for target in targets)


def register_all() -> None:
    """Called when the app starts."""
    register("request", request_fragment, gone=gone_fragment)
    register("request_gone", gone_fragment)
    register("event", event_fragment, gone=taken_away("event"))
    register("question", question_fragment, gone=taken_away("question"))
    register("message", message_fragment, gone=taken_away("message"))
