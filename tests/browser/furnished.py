"""Tom's account with something of everything in it, and the address of every page that it has: for tests and pictures of all pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from calls.models import TranscriptLine
from calls.status import CallStatus
from context.import_models import ImportBatch
from context.interview_models import InterviewQuestion
from context.mail_models import Mail
from context.models import Source, User
from context.proposals import propose_contact, propose_fact
from context.snapshot import take_snapshot
from requests_app import services
from requests_app.after_planning import PLAN_EVENT
from requests_app.candidates import Candidate, Candidates, State, write
from requests_app.charge import Charge
from requests_app.models import Message, Question, Request
from requests_app.next_step import StepKind
from requests_app.next_steps import add_step
from requests_app.status import Status
from tests.browser.talks import FLORIST, SCHOOL, make_call
from tests.calls.recording.scene import with_sound
from tests.cast import make_request
from tests.fakes import plan
from tests.staff_reason import REASON

STEPS = {
    "school": ["Call the office", "Say that Mara is sick today", "Thank them and end the call"],
    "flowers": ["Call the florist", "Order a white and pink bouquet for Friday, up to $80", "Ask when it is delivered"],
    "car": ["Call the garage", "Ask for an oil change on any morning next week", "Agree on a day"],
    "plumber": ["Find a plumber who can come this week", "Call and ask when", "Tell Tom what they can do"],
}


@dataclass(frozen=True)
class Furnished:
    """The rows that single pages are about."""

    user: User
    calling: Request
    done: Request
    asking: Request
    planned: Request
    closed: Request
    addresses: dict[str, list[Any]]

    def path(self, name: str) -> str | None:
        """The address of the page with that route name; None when it is about a row that is not here."""
        try:
            return reverse(name, args=self.addresses.get(name, []))
        except NoReverseMatch:
            return None


#: What a call of a minute uses.
USED = [
    {"component": "recognition", "what": "google_speech:telephony", "quantities": {"ms": 60_000}},
    {"component": "model", "what": "gpt-6-luna", "quantities": {"input_tokens": 4_000, "cached_tokens": 20_000, "output_tokens": 600}},
    {"component": "voice", "what": "google:en-US-Chirp3-HD-Aoede", "quantities": {"characters": 400, "ms": 26_000}},
]


def _plan(title: str, steps: str, callee: str, first_words: str, **fields: Any) -> dict[str, Any]:
    named = {"name": callee, "kind": "business", "contact_id": None}
    return plan(title=title, goal=f"{title}.", steps=STEPS[steps], callee=named, opening_line=first_words, **{"find_out": [], **fields})


def _listing(name: str, number: str, state: State = State.NEW, **fields: Any) -> Candidate:
    return Candidate(name=name, number=number, state=state, kind="plumber", time_zone="America/Toronto", attribution="Example Maps", **fields)


def _plumbers() -> dict[str, Any]:
    """What the directory found: one that said no, one that is listed as closed, one that is left out."""
    tomorrow = timezone.now() + timedelta(days=1)
    found = [
        _listing("Hill & Sons", "+15195550190", State.TRIED, why="they have no time before next week", distance_m=1400, rating=4.7, ratings=210),
        _listing("Pipeworks", "+15195550188", State.CURRENT, distance_m=2300, rating=4.5, ratings=96, address="9 Wyndham St", closed_until=tomorrow),
        _listing("Royal Drains", "", State.LEFT_OUT, why="no number that may be dialled", distance_m=5200),
    ]
    return write(Candidates(wanted="plumber", area="Guelph, Ontario", source="Example Maps", measured_from="Guelph", found=found))


def _costs(wish: Request) -> None:
    """A few lines, as a call of a minute leaves them."""
    used = (("carrier", "+1", 13_000), ("recognition", "telephony", 16_000), ("model", "gpt-6-luna", 4_200), ("voice", "Chirp3", 9_100))
    for component, what, micros in used:
        price = {"micros": micros, "counted_micros": micros, "currency": "USD"}
        Charge.objects.create(user=wish.user, request=wish, component=component, what=what, key=f"{wish.pk}:{component}", **price)


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
    _past(user)
    done, calling, planned, closed, asking = _told(user), _on_the_phone(user), _scheduled(user), _closed(user), _waiting(user)
    question = Question.objects.get(request=asking)
    Message.objects.create(user=user, request=done, outbound=True, body=(done.outcome or {})["summary"], status="delivered", peer=user.phone)
    Message.objects.create(user=user, outbound=False, body="When is the dentist?", status="received", peer=user.phone)
    user.staff_readings.create(what="context.contact", reason=REASON)
    user.staff_readings.create(call=done.calls.get(), reason=REASON)
    return Furnished(user, calling, done, asking, planned, closed, _addresses(user, done, planned, question.pk))


def _told(user: User) -> Request:
    """The school was told: with outcome, costs, and what Floyd knew when it planned."""
    known = list(user.facts.order_by("pk"))
    agreed = {"kind": "told", "text": "Mara is sick today and stays at home", "amount_minor": None, "currency": None, "when": None, "lines": [8, 9]}
    outcome = {"achieved": "yes", "summary": "The school knows that Mara is sick. They tell Ms. Lind.", "items": [agreed], "missing": []}
    shared = next(f"fact:{fact.pk}" for fact in known if fact.topic == "school")
    first_words = "I'm calling about Mara Redmond in grade three: she is sick today."
    wanted = _plan("Tell the school that Mara is sick", "school", "Brock Road School", first_words, share=[shared])
    ask = "Call the school, Mara is sick today."
    taken = {**take_snapshot(user=user, now=timezone.now(), ask=ask), "dealings": {}}
    wish = make_request(
        user, ask=ask, status=Status.DONE, contact=user.contacts.get(kind="school"), plan=wanted, outcome=outcome, attempt=1, snapshot=taken
    )
    began = timezone.now() - timedelta(hours=2)
    ended = {"ended_at": began, "end_reason": "goal_reached", "seconds": 64, "usage": USED}
    talk = make_call(wish, "Brock Road School", SCHOOL, status=CallStatus.COMPLETED, started_at=began, **ended)
    with_sound(talk, begins_ms=17_300)
    _costs(wish)
    services.record_event(request_id=wish.pk, kind=PLAN_EVENT, text="Planned", data={"snapshot": 1, "share": [shared]})
    for kind, text in (("status", "On the phone"), ("note", "Brock Road School answered."), ("note", "Pressed 1."), ("status", "Done")):
        services.record_event(request_id=wish.pk, kind=kind, text=text)
    return wish


def _on_the_phone(user: User) -> Request:
    """The florist is being talked with."""
    first_words = "I'd like to order flowers for Krista Redmond, for Friday."
    wanted = _plan("Order Krista some flowers", "flowers", "Sweet Violet's", first_words, limit_minor=8000, currency="CAD")
    wish = make_request(user, ask="Order Krista some flowers, for Friday.", status=Status.CALLING, attempt=1, plan=wanted, limit_minor=8000)
    began = timezone.now() - timedelta(seconds=20)
    talk = make_call(
        wish, "Sweet Violet's", FLORIST, status=CallStatus.IN_PROGRESS, started_at=began, number="+15195550117", usage=USED, recording="on"
    )
    TranscriptLine.objects.create(call=talk, seq=6, speaker="callee", text="we have tulips or", start_ms=21_000, end_ms=22_000, final=False)
    for text in ("Planning", "On the phone"):
        services.record_event(request_id=wish.pk, kind="status", text=text)
    return wish


def _scheduled(user: User) -> Request:
    """The garage is called tomorrow."""
    wanted = _plan("Book an oil change", "car", "Speedvale Garage", "I'd like to book an oil change for a 2019 Honda Civic.")
    wish = make_request(user, ask="Book an oil change for the Civic.", status=Status.SCHEDULED, plan=wanted, plan_version=1)
    Request.objects.filter(pk=wish.pk).update(not_before=timezone.now() + timedelta(hours=20))
    services.record_event(request_id=wish.pk, kind="status", text="Scheduled")
    return wish


def _closed(user: User) -> Request:
    """Whom Floyd found is listed as closed until tomorrow."""
    wanted = _plan("Have the drain looked at", "plumber", "Pipeworks", "I'm looking for somebody to look at a drain.")
    fields = {"plan": wanted, "plan_version": 1, "candidates": _plumbers(), "number": "+15195550188", "number_evidence": "listed by Example Maps"}
    wish = make_request(user, ask="Have somebody look at the drain in the yard.", status=Status.SCHEDULED, **fields)
    Request.objects.filter(pk=wish.pk).update(not_before=timezone.now() + timedelta(days=1))
    services.record_event(request_id=wish.pk, kind="status", text="Scheduled")
    return wish


def _waiting(user: User) -> Request:
    """A plumber was found who could come, and Tom is asked; another one is listed as closed."""
    wanted = _plan("Find a plumber", "plumber", "Pipeworks", "I'm looking for somebody to mend a kitchen sink.")
    wish = make_request(user, ask="Find a plumber for the kitchen sink.", status=Status.WAITING_FOR_USER, plan=wanted, candidates=_plumbers())
    services.ask_question(
        request=wish, kind="choice", text="Hill & Sons can come next Tuesday, Pipeworks opens tomorrow at 9. Which one?", step="plan",
        choices=["Hill & Sons, Tuesday", "Call Pipeworks tomorrow"],
    )  # fmt: skip
    return wish


def _addresses(user: User, done: Request, planned: Request, question: Any) -> dict[str, list[Any]]:
    fact = propose_fact(user=user, statement="Krista's birthday is on 12 March", source=Source.CALL, topic="family")
    propose_contact(user=user, name="Pipeworks", kind="plumber", phone="+15195550188", source=Source.CALL)
    batch = ImportBatch.objects.create(user=user, name="contacts.vcf", items=[{"kind": "contact", "name": "Hill & Sons", "phone": "+15195550190"}])
    letter = "Dear Tom,\nsee you on Thursday.\nDr. Patel"
    sender = {"sender": "office@patel.example", "sender_name": "Dr. Patel"}
    mail = Mail.objects.create(user=user, digest="1", subject="Your appointment", text=letter, **sender)
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
        "call-recording": [done.calls.get().pk],
        "add-known": ["facts"],
        "known": ["facts", fact.pk if fact else 0],
    }
