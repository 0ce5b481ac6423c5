"""Whatever is in an ask, a transcript, a plan, a text or a name: it is shown as text and makes no element and no attribute."""

from __future__ import annotations

import json
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from calls import fragments as call_fragments
from calls.models import Call, TranscriptLine
from context import fragments as context_fragments
from context.access_models import ApiToken
from context.import_models import ImportBatch
from context.interview import FROM_THE_BEGINNING
from context.interview_models import InterviewQuestion
from context.mail_models import Mail, Mailbox, PushSubscription
from context.models import CalendarEntry, Contact, Fact, User
from live.fragments import render
from providers.types import ProviderError
from requests_app import candidates, thinking
from requests_app.models import Event, Message, Question
from requests_app.next_step import Correction, StepKind
from requests_app.next_steps import add_step
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import ScriptedThinker, plan

pytestmark = pytest.mark.django_db

_TAGS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//x.example/a.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<body onload=alert(1)>",
    "<math><mtext></p><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<hx-partial hx-target='body' hx-swap='innerHTML'>gone</hx-partial>",
    "<hx-oob id=main>gone</hx-oob>",
    "<div hx-get=/x hx-trigger=load>",
    "<div data-hx-get=/x hx-trigger=load>",
    "<p hx-on:click=alert(1)>x</p>",
    "<p hx-on::after-request=alert(1)>",
    "<i hx-swap-oob=true id=main>",
    "<form action=//x.example><input name=csrfmiddlewaretoken>",
    "<base href=//x.example>",
    "<meta http-equiv=refresh content=0>",
    "<link rel=stylesheet href=//x.example>",
    "<style>*{display:none}</style>",
    "<object data=x>",
    "<embed src=x>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</ol></section><script>alert(1)</script>",
    "<title>taken</title>",
    "<head><title>taken</title></head>",
]
_BREAKOUTS = ['"', "'", "`", '">', "'>", "\">'>", "-->", "]]>", "&quot;>", '\\">', "{{ 7|add:7 }}", "{% csrf_token %}", "${7*7}", "\u2028", "\u202e"]
_ATTRIBUTES = [
    '" onmouseover=alert(1) x="',
    "' onfocus=alert(1) autofocus '",
    '" hx-get="/x" hx-trigger="load',
    '" hx-swap-oob="true',
    '" style="display:none',
    "x onclick=alert(1)",
]
VECTORS = [*_TAGS, *_BREAKOUTS, *_ATTRIBUTES, *(breakout + tag for breakout in _BREAKOUTS[:6] for tag in _TAGS[:18])]


class Shape(HTMLParser):
    """Elements and attribute names of a document, in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(name for name, _ in attrs)))


def test_there_are_enough_vectors():
    assert len(set(VECTORS)) >= 150


def household(user, words: str) -> dict[str, object]:
    """One of everything that shows somebody's words, with `words` in it."""
    plan = {
        "kind": "inform", "title": words, "goal": words, "steps": [words, words], "callee": {"contact_id": None, "name": words, "kind": words},
        "share": ["fact:1"], "find_out": [words], "limit_minor": 100, "currency": "CAD",
    }  # fmt: skip
    outcome = {"achieved": "partly", "summary": words, "items": [{"kind": "told", "text": words, "when": words, "lines": [1]}], "missing": [words]}
    snapshot = {"facts": [{"id": "fact:1", "statement": words}], "contacts": [], "calendar": []}
    wish = make_request(user, ask=words, status=Status.DONE, plan=plan, outcome=outcome, snapshot=snapshot, trouble=words[:300], attempt=1)
    failed = make_request(user, ask=words, status=Status.FAILED, trouble=words[:300])
    writing = make_request(user, ask=words, status=Status.PLANNING, plan_text='{"goal":' + json.dumps(words)[:-1])
    question = Question.objects.create(request=wish, kind="choice", text=words, choices=[words], step="plan")
    event = Event.objects.create(request=wish, seq=1, kind="note", text=words)
    message = Message.objects.create(user=user, request=wish, outbound=False, peer="+1", body=words, status="received")
    call = Call.objects.create(
        request=wish, user=user, attempt=1, number="+1", brief={"callee_name": words}, status="completed", end_reason=words[:40]
    )
    line = TranscriptLine.objects.create(call=call, seq=1, speaker="callee", text=words, intended=words + " and more", start_ms=0, end_ms=1)
    fact = Fact.objects.create(user=user, statement=words, about=words[:120], topic=words[:60])
    proposed = Fact.objects.create(user=user, statement=words, status="proposed", supersedes=fact, source_ref=words[:120])
    retired = Fact.objects.create(user=user, statement=words, status="retired")
    contact = Contact.objects.create(user=user, name=words[:120], kind=words[:60], notes=words[:500], address=words[:200])
    entry = CalendarEntry.objects.create(user=user, title=words[:200], place=words[:200], starts_at="2090-01-01T10:00:00Z")
    return {
        "wish": wish,
        "failed": failed,
        "writing": writing,
        "question": question,
        "event": event,
        "message": message,
        "call": call,
        "line": line,
        "fact": fact,
        "proposed": proposed,
        "retired": retired,
        "entry": entry,
        "contact": contact,
    }


def shapes(client, user, words: str) -> list[list[tuple[str, tuple[str, ...]]]]:
    """Everything that is drawn of a household, as its shape."""
    rows = household(user, words)
    kinds = {"wish": "request", "failed": "request", "writing": "request", "proposed": "fact", "retired": "fact", "entry": "calendar_entry"}
    drawn = [render((kinds.get(name, name), str(row.pk))) for name, row in rows.items()]
    client.force_login(user)
    pages = [
        "/",
        f"/?{urlencode({'ask': words})}",
        "/texts/",
        "/knows/",
        "/requests/",
        f"/requests/?{urlencode({'q': words + ' nowhere'})}",
        *(f"/requests/{rows[name].pk}/" for name in ("wish", "failed", "writing")),
    ]
    pages += [f"/knows/facts/{rows[name].pk}/" for name in ("fact", "proposed", "retired")] + ["/knows/gone/"]
    pages += [f"/knows/contacts/{rows['contact'].pk}/", f"/knows/calendar/{rows['entry'].pk}/"]
    pages += [f"/knows/?{urlencode({'q': words + ' nowhere to be found'})}", f"/knows/?undo=facts-{rows['retired'].pk}"]
    drawn += [client.get(path).content.decode() for path in pages]
    for row in rows.values():
        type(row).objects.filter(pk=row.pk).delete()
    return [Shape(html).seen for html in drawn]


@pytest.mark.parametrize("part", range(6))
def test_no_words_make_an_element_or_an_attribute(client, alice, part):
    assert call_fragments
    assert context_fragments
    harmless = shapes(client, alice, "harmless words")
    for vector in VECTORS[part::6]:
        assert shapes(client, alice, vector) == harmless, vector


# --- pages of settings, mail, imports, plans and corrections: many words at once, since there are many pages ---

#: As much as most columns hold.
PACK_LENGTH = 120


def packs() -> list[str]:
    """All vectors that stand for themselves, several to a text."""
    found = [""]
    for vector in [*_TAGS, *_BREAKOUTS, *_ATTRIBUTES]:
        if len(found[-1]) + len(vector) >= PACK_LENGTH:
            found.append("")
        found[-1] += f"{vector} "
    return found


def own_pages(user, words: str) -> list[str]:
    """Addresses of pages on which `words` stand wherever somebody's words may stand."""
    User.objects.filter(pk=user.pk).update(name=words, home_area=words, time_zone="America/Toronto")
    callee = {"contact_id": None, "name": words, "kind": words}
    made = plan(kind="buy", goal=words, title=words, steps=[words], callee=callee, find_out=[words], voicemail=words, may_promise=[words])
    one = candidates.Candidate(name=words, address=words, kind=words, why=words, attribution=words, time_zone="America/Toronto")
    found = candidates.write(candidates.Candidates(wanted=words, area=words, source=words, measured_from=words, trouble=words, found=[one]))
    outcome = {"achieved": "yes", "summary": words, "items": [{"kind": "agreed", "text": words, "when": words, "lines": [1]}], "missing": [words]}
    planned = make_request(user, ask=words, status=Status.SCHEDULED, plan=made, snapshot={"facts": []}, candidates=found, number_evidence=words)
    done = make_request(user, ask=words, status=Status.DONE, plan=made, outcome=outcome, attempt=1)
    Correction.objects.create(request=done, attempt=1, item=0, field="text", was=words, now=words, user=user, way="page")
    soon = timezone.now() + timedelta(days=1)
    step = add_step(user=user, request=done, kind=StepKind.REMINDER, text=words, due_at=soon, said=words)
    mail = Mail.objects.create(
        user=user, digest="x", sender=words, sender_name=words, subject=words, text=words, attachments=[words], trouble=words, status="failed"
    )
    for key in FROM_THE_BEGINNING:
        InterviewQuestion.objects.create(user=user, key=key, text=words, status="skipped")
    InterviewQuestion.objects.create(user=user, key="boat", text=words)
    Fact.objects.create(user=user, statement=words, status="proposed", source="email", source_ref=f"mail:{mail.pk}")
    Mailbox.objects.create(user=user, host=words, username=words, folders=[words], trouble=words, status="paused")
    items = [{"kind": "contact", "name": words, "phone": words}, {"kind": "fact", "statement": words, "topic": words}]
    batch = ImportBatch.objects.create(user=user, name=words, items=items, troubles=[words], notes=[words])
    ApiToken.objects.create(user=user, name=words[:60], prefix=f"{user.pk}", secret_sha256="x")
    PushSubscription.objects.create(user=user, endpoint=f"https://push.example/{user.pk}", p256dh="x", auth="x", device=words)
    of_planned = [f"/requests/{planned.pk}/{name}" for name in ("", "edit/", "plan/", "known/", "actions/")]
    of_done = [f"/requests/{done.pk}/{name}" for name in ("", "correct/summary/", "correct/0/", "remind/")]
    known = ["/knows/", "/knows/import/", f"/knows/import/{batch.pk}/", f"/mail/{mail.pk}/"]
    return [*of_planned, *of_done, *known, f"/steps/{step.pk}/", "/settings/", "/settings/mailbox/", "/account/tokens/", "/account/delete/"]


def own_shapes(client, user, words: str) -> list[list[tuple[str, tuple[str, ...]]]]:
    """Pages of one's own, and what Floyd understood of words that it is told."""
    user = User.objects.create_user(f"{user.pk}-{User.objects.count()}@stone.example")
    pages = own_pages(user, words)
    client.force_login(user)
    answers = [client.get(path) for path in pages] + [client.post("/knows/tell/", {"words": f"{words} x {'y ' * 500}"})]
    assert {answer.status_code for answer in answers} == {200}, [answer.status_code for answer in answers]
    return [Shape(answer.content.decode()).seen for answer in answers]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("part", range(6))
def test_no_words_make_an_element_on_a_page_of_ones_own(client, alice, monkeypatch, part):
    monkeypatch.setattr(thinking, "_thinker", ScriptedThinker(ProviderError("away")))
    harmless = own_shapes(client, alice, "harmless words")
    for pack in packs()[part::6]:
        assert own_shapes(client, alice, pack) == harmless, pack


def test_markup_in_a_form_that_comes_back_stays_text(client, alice):
    client.force_login(alice)
    html = client.post("/requests/", {"ask": "</textarea><script>alert(1)</script>\x01", "channel": "web"}).content.decode()
    assert "<script>alert(1)" not in html
