"""Tom's account with something of everything in it, and the address of every page that it has: for tests and pictures of all pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from calls.conversation.brief import CallBrief
from calls.models import Call, TranscriptLine, Turn
from calls.status import CallStatus
from context.import_models import ImportBatch
from context.interview_models import InterviewQuestion
from context.mail_models import Mail
from context.models import Source, User
from context.proposals import propose_contact, propose_fact
from requests_app import services
from requests_app.models import Message, Request
from requests_app.next_step import StepKind
from requests_app.next_steps import add_step
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import plan

SCHOOL, FLORIST = "Brock Road School", "Sweet Violet's"
WORDS = (
    ("callee", "Hello, Brock Road School, this is the office.", ""),
    ("floyd", "Hi, this is Floyd, an AI assistant calling for Tom Redmond.", ""),
    ("callee", "Oh, hi. What can I do for you?", ""),
    ("floyd", "Mara Redmond in grade three", "Mara Redmond in grade three is sick today and will stay at home."),
    ("callee", "Sorry, which grade did you say?", ""),
    ("floyd", "Grade three, with Ms. Lind. She is sick today and will stay at home.", ""),
    ("callee", "Alright, I'll let Ms. Lind know. I hope she feels better.", ""),
)


@dataclass(frozen=True)
class Furnished:
    """The rows that single pages are about."""

    user: User
    calling: Request
    done: Request
    asking: Request
    planned: Request
    addresses: dict[str, list[Any]]

    def path(self, name: str) -> str | None:
        """The address of the page with that route name; None when it is about a row that is not here."""
        try:
            return reverse(name, args=self.addresses.get(name, []))
        except NoReverseMatch:
            return None


def _plan(title: str, **fields: Any) -> dict[str, Any]:
    steps = ["Call the office", "Say that Mara is sick today", "Thank them and end the call"]
    return plan(title=title, **{"goal": title + ".", "steps": steps, "find_out": [], **fields})


def _call(wish: Request, callee: str, *, words: int, **fields: Any) -> Call:
    brief = CallBrief(
        user_name="Tom Redmond", callee_name=callee, kind="inform", goal="", introduction="", opening_line="", success="", today=""
    ).to_json()
    call = Call.objects.create(request=wish, user=wish.user, attempt=1, number="+15195550110", brief=brief, **fields)
    for seq, (speaker, text, intended) in enumerate(WORDS[:words], start=1):
        TranscriptLine.objects.create(
            call=call, seq=seq, speaker=speaker, text=text, intended=intended, start_ms=seq * 3600, end_ms=seq * 3600 + 2900
        )
        if speaker == "floyd" and seq > 2:
            parts = {"end_of_turn_ms": 240, "model_first_token_ms": 310, "first_clause_ms": 40, "voice_first_byte_ms": 90}
            Turn.objects.create(call=call, seq=seq, whole_ms=680, interrupted=bool(intended), **parts)
    return call


def _past(user: User) -> None:
    """Requests that ended, for lists."""
    ends = (
        ("When's my next dentist appointment?", Status.DONE, {"outcome": {"answer": "Next Thursday at 9:30, with Dr. Patel."}}),
        ("Find out what an oil change for the Civic costs.", Status.DONE, {"outcome": {"achieved": "yes", "summary": "About $95, any weekday."}}),
        ("Cancel the piano lesson on Friday.", Status.CANCELLED, {}),
        ("Order a birthday cake for Saturday.", Status.FAILED, {"trouble": "Nobody answered after three tries."}),
    )
    for ask, status, fields in ends:
        make_request(user, ask=ask, status=status, **fields)


def furnish(user: User) -> Furnished:
    """Fills the household's account."""
    now = timezone.now()
    _past(user)
    school = user.contacts.get(kind="school")
    agreed = {"kind": "told", "text": "Mara is sick today and stays at home", "amount_minor": None, "currency": None, "when": None, "lines": [6, 7]}
    outcome = {"achieved": "yes", "summary": "The school knows that Mara is sick. They tell Ms. Lind.", "items": [agreed], "missing": []}
    snapshot = {"facts": [{"id": "fact:1", "statement": "Mara goes to Brock Road School, grade 3"}], "contacts": [], "calendar": []}
    done = make_request(
        user, ask="Call the school, Mara is sick today.", status=Status.DONE, contact=school, plan=_plan("Tell the school that Mara is sick"),
        outcome=outcome, attempt=1, snapshot=snapshot,
    )  # fmt: skip
    _call(done, SCHOOL, words=7, status=CallStatus.COMPLETED, seconds=64, started_at=now - timedelta(hours=2), end_reason="goal_reached")
    for kind, text in (("status", "Planning"), ("status", "On the phone"), ("note", "Brock Road School answered."), ("status", "Done")):
        services.record_event(request_id=done.pk, kind=kind, text=text)
    calling = make_request(
        user, ask="Order Krista some flowers, for Friday.", status=Status.CALLING, attempt=1, plan=_plan("Order Krista some flowers")
    )
    talk = _call(calling, FLORIST, words=4, status=CallStatus.IN_PROGRESS, started_at=now - timedelta(seconds=20))
    TranscriptLine.objects.create(call=talk, seq=5, speaker="callee", text="we have tulips or", start_ms=18_000, end_ms=19_000, final=False)
    planned = make_request(user, ask="Book an oil change for the Civic.", status=Status.SCHEDULED, plan=_plan("Book an oil change"), plan_version=1)
    Request.objects.filter(pk=planned.pk).update(not_before=now + timedelta(hours=20))
    asking = make_request(user, ask="Find a plumber for the kitchen sink.", status=Status.WAITING_FOR_USER, plan=_plan("Find a plumber"))
    question = services.ask_question(
        request=asking, kind="choice", text="Hill & Sons can come at 4, Pipeworks tomorrow at 9. Which one?", step="plan",
        choices=["Hill & Sons, 4 pm", "Pipeworks, 9 am"],
    )  # fmt: skip
    Message.objects.create(user=user, request=done, outbound=True, body=outcome["summary"], status="delivered", peer=user.phone)
    Message.objects.create(user=user, outbound=False, body="When is the dentist?", status="received", peer=user.phone)
    return Furnished(user, calling, done, asking, planned, _addresses(user, done, planned, question.pk))


def _addresses(user: User, done: Request, planned: Request, question: Any) -> dict[str, list[Any]]:
    fact = propose_fact(user=user, statement="Krista's birthday is on 12 March", source=Source.CALL, topic="family")
    propose_contact(user=user, name="Pipeworks", kind="plumber", phone="+15195550188", source=Source.CALL)
    batch = ImportBatch.objects.create(user=user, name="contacts.vcf", items=[{"kind": "contact", "name": "Hill & Sons", "phone": "+15195550190"}])
    mail = Mail.objects.create(user=user, digest="1", subject="Your appointment", text="Dear Tom,\nsee you on Thursday.\nDr. Patel")
    step = add_step(
        user=user, request=done, kind=StepKind.REMINDER, text="Ask Mara's teacher for homework", due_at=timezone.now() + timedelta(days=1)
    )
    InterviewQuestion.objects.create(user=user, key="garage", text="Which garage looks after your car?")
    about = {name: [done.pk] for name in ("request", "edit", "snapshots", "remind")}
    return {
        **about,
        "plan": [planned.pk],
        "correct": [done.pk, "summary"],
        "step": [step.pk],
        "answer": [question],
        "import": [batch.pk],
        "mail": [mail.pk],
        "add-known": ["facts"],
        "known": ["facts", fact.pk if fact else 0],
    }
