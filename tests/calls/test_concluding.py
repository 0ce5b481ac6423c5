"""What follows from a call: the calendar, reminders, another call, promises, and the user's corrections of all that."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from calls import wrap_up
from calls.conversation.brief import Slot
from calls.conversation.effects import EndReason
from calls.models import Call
from context.models import CalendarEntry, FactStatus
from context.services import add_calendar_entry
from requests_app.charge import Charge
from requests_app.corrections import correct
from requests_app.errors import InvalidAsk, NotPossibleNow
from requests_app.models import Message, Request
from requests_app.next_step import Correction, NextStep, StepKind, StepStatus
from requests_app.outcome import Achieved, ItemKind, Outcome, OutcomeItem, PlannedStep, PlannedStepKind
from requests_app.status import Status
from tests.calls.test_wrap_up import ended, outcome_of, request_of, thinker  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

TORONTO = ZoneInfo("America/Toronto")
BOOKED = [
    ("floyd", "I'd like to book an oil change."),
    ("callee", "Tuesday at 9:30 in the morning?"),
    ("floyd", "That works, thank you."),
    ("callee", "You are booked."),
]


def item(kind: ItemKind, text: str, lines: list[int], when: str | None = None) -> OutcomeItem:
    return OutcomeItem(kind=kind, text=text, amount_minor=None, currency=None, when=when, lines=lines)


def booked(when: str = "Tuesday at 9:30 a.m.", **changes) -> Outcome:
    fields = {
        "achieved": Achieved.YES,
        "summary": "Booked.",
        "items": [item(ItemKind.AGREED, "An oil change is booked.", [2, 4], when)],
        "missing": [],
    }
    return Outcome(**(fields | changes))


def call_of(user, *, kind: str = "book", lines=BOOKED, **fields) -> Call:
    slots = [Slot("agreed", "oil change", when="Tuesday at 9:30", line=2)] if kind in ("book", "change") else []
    brief = {"kind": kind, "goal": "Book an oil change.", "currency": "CAD", "user_name": "Tom Redmond"}
    call = ended(user, lines=lines, end_reason=EndReason.GOAL_REACHED, brief=brief, slots=slots, **fields)
    Request.objects.filter(pk=call.request_id).update(plan={**(call.made_for.plan or {}), "kind": kind})
    return call


def next_tuesday(hour: int = 9, minute: int = 30) -> datetime:
    today = timezone.now().astimezone(TORONTO)
    return (today + timedelta(days=(1 - today.weekday() - 1) % 7 + 1)).replace(hour=hour, minute=minute, second=0, microsecond=0)


def entry_of(call: Call) -> CalendarEntry:
    return CalendarEntry.objects.get(source_ref__startswith=f"request:{call.request_id}:")


# --- the calendar ---


def test_an_agreed_appointment_is_in_the_calendar(tom, thinker):  # noqa: F811
    thinker.result = booked()
    call = call_of(tom)
    for _ in range(2):
        wrap_up.wrap_up(call.pk)
    entry = entry_of(call)
    assert (entry.title, entry.starts_at, entry.status) == ("Oil change, Brock Road School", next_tuesday(), FactStatus.CONFIRMED)
    assert entry.contact == call.made_for.contact
    assert "is in your calendar" in request_of(call).events.get(kind="calendar").text


def test_a_yes_to_whether_a_time_works_is_an_appointment_and_what_was_only_learned_is_none(tom, thinker):  # noqa: F811
    learned = item(ItemKind.LEARNED, "They are open on Tuesday.", [2], "Tuesday at 8 a.m.")
    agreed = item(ItemKind.AGREED, "Dinner works for Dana.", [2], "Tuesday at 9:30 a.m.")
    call = call_of(tom, kind="enquire")
    thinker.result = booked(items=[learned, agreed])
    wrap_up.wrap_up(call.pk)
    assert (entry_of(call).title, entry_of(call).starts_at) == ("Dinner works for Dana", next_tuesday())


@pytest.mark.parametrize("when", ["Tuesday or Wednesday at 9", "around half past nine on Tuesday", "Tuesday", "Tuesday at seven"])
def test_a_time_that_leaves_a_doubt_is_proposed_and_not_written_down(tom, thinker, when):  # noqa: F811
    thinker.result = booked(when)
    call = call_of(tom)
    wrap_up.wrap_up(call.pk)
    assert entry_of(call).status == FactStatus.PROPOSED


def test_words_without_a_time_make_no_appointment(tom, thinker):  # noqa: F811
    thinker.result = booked("soon")
    call = call_of(tom)
    wrap_up.wrap_up(call.pk)
    assert not CalendarEntry.objects.filter(source_ref__startswith="request:").exists()


def test_where_the_callee_is_their_clocks_count(tom, thinker):  # noqa: F811
    thinker.result = booked()
    call = call_of(tom)
    contact = call.made_for.contact
    assert contact is not None
    contact.time_zone = "America/Vancouver"
    contact.save()
    wrap_up.wrap_up(call.pk)
    assert entry_of(call).starts_at.astimezone(ZoneInfo("America/Vancouver")).hour == 9


def known(call: Call) -> CalendarEntry:
    begin = timezone.now() + timedelta(days=3)
    contact = call.made_for.contact
    return add_calendar_entry(user=call.user, title="Oil change", starts_at=begin, contact=contact, ends_at=begin + timedelta(hours=2))


def test_an_altered_appointment_is_moved_and_keeps_its_length(tom, thinker):  # noqa: F811
    thinker.result = booked()
    call = call_of(tom, kind="change")
    before = known(call)
    wrap_up.wrap_up(call.pk)
    entry = CalendarEntry.objects.get(pk=before.pk)
    assert (entry.starts_at, entry.sequence, entry.uid) == (next_tuesday(), before.sequence + 1, CalendarEntry.objects.get(pk=before.pk).uid)
    assert abs((entry.ends_at - entry.starts_at) - timedelta(hours=2)) < timedelta(seconds=1)


def test_a_cancelled_appointment_is_taken_out_and_of_several_none(tom, thinker):  # noqa: F811
    thinker.result = booked(None, items=[item(ItemKind.AGREED, "Cancelled.", [4])])
    call = call_of(tom, kind="cancel")
    entry = known(call)
    wrap_up.wrap_up(call.pk)
    entry.refresh_from_db()
    assert entry.status == FactStatus.RETIRED


def test_of_several_appointments_none_is_taken_out_unasked(tom, thinker):  # noqa: F811
    thinker.result = booked(None, items=[item(ItemKind.AGREED, "Cancelled.", [4])])
    call = call_of(tom, kind="cancel")
    entries = [known(call), known(call)]
    wrap_up.wrap_up(call.pk)
    assert {CalendarEntry.objects.get(pk=entry.pk).status for entry in entries} == {FactStatus.CONFIRMED}


# --- next steps ---


def step(kind: PlannedStepKind, text: str, when: str, lines: list[int]) -> PlannedStep:
    return PlannedStep(kind=kind, text=text, when=when, lines=lines)


def test_a_time_that_they_named_becomes_a_reminder(tom, thinker):  # noqa: F811
    thinker.result = booked(next_steps=[step(PlannedStepKind.REMIND, "Bring the car", "Tuesday at 9:30 a.m.", [2])])
    call = call_of(tom)
    wrap_up.wrap_up(call.pk)
    made = NextStep.objects.get(kind=StepKind.REMINDER)
    assert (made.text, made.due_at, made.status, made.lines) == ("Bring the car", next_tuesday(), StepStatus.OPEN, [2])
    assert "next_steps" not in outcome_of(call)


def test_a_step_that_no_line_of_theirs_shows_is_dropped(tom, thinker):  # noqa: F811
    thinker.result = booked(next_steps=[step(PlannedStepKind.REMIND, "Pay me $500", "Tuesday at 9", [1]), step(PlannedStepKind.REMIND, "x", "", [])])
    wrap_up.wrap_up(call_of(tom).pk)
    assert not NextStep.objects.exists()


def test_a_reminder_without_a_sure_time_waits_for_the_user(tom, thinker):  # noqa: F811
    thinker.result = booked(next_steps=[step(PlannedStepKind.REMIND, "Bring the car", "sometime", [2])])
    wrap_up.wrap_up(call_of(tom).pk)
    made = NextStep.objects.get()
    assert (made.status, made.due_at) == (StepStatus.PROPOSED, None)


CLOSED = Outcome(
    achieved=Achieved.NO,
    summary="The manager is back on Tuesday.",
    items=[item(ItemKind.LEARNED, "The manager is back on Tuesday.", [2])],
    missing=[],
    next_steps=[step(PlannedStepKind.CALL_AGAIN, "The order", "Tuesday at 9:30 in the morning", [2])],
)


def test_another_call_follows_by_itself_while_the_goal_is_open(tom, thinker):  # noqa: F811
    thinker.result = CLOSED
    call = call_of(tom, kind="enquire")
    wrap_up.wrap_up(call.pk)
    wish = Request.objects.get(parent=call.request_id)
    assert (wish.ask, wish.status, wish.not_before) == (call.made_for.ask, Status.PENDING, next_tuesday())


def test_once_the_goal_is_reached_another_call_needs_the_users_word(tom, thinker):  # noqa: F811
    thinker.result = CLOSED.model_copy(update={"achieved": Achieved.YES})
    wrap_up.wrap_up(call_of(tom, kind="enquire").pk)
    assert NextStep.objects.get().status == StepStatus.PROPOSED
    assert not Request.objects.exclude(parent=None).exists()


def test_a_chain_of_calls_ends_somewhere(tom, thinker):  # noqa: F811
    thinker.result = CLOSED
    call = call_of(tom, kind="enquire")
    parent = None
    for _ in range(3):
        parent = Request.objects.create(user=tom, ask="earlier", status=Status.FAILED, parent=parent)
    Request.objects.filter(pk=call.request_id).update(parent=parent)
    wrap_up.wrap_up(call.pk)
    assert NextStep.objects.get().status == StepStatus.PROPOSED


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Floyd will call back about the order for 12 roses.", None),
        ("Floyd ruft wegen der 12 Rosen noch einmal an.", None),
        ("Floyd ruft um 12 Rosen noch einmal an.", None),
        ("Floyd will call back once Tom has said whether Tuesday at 9:30 in the morning suits.", "Tuesday"),
        ("Floyd ruft wieder an, sobald Tom weiß, ob Dienstag um halb zehn passt.", "Tuesday"),
    ],
)
def test_a_time_that_only_stands_in_what_was_promised_has_nobody_called_by_itself(tom, thinker, text, due):  # noqa: F811
    promised = item(ItemKind.PROMISED, text, [3])
    thinker.result = CLOSED.model_copy(update={"items": [promised], "next_steps": []})
    lines = [("floyd", "We need roses."), ("callee", "How many?"), ("floyd", "I will call you back."), ("callee", "Fine.")]
    call = call_of(tom, kind="enquire", lines=lines)
    wrap_up.wrap_up(call.pk)
    made = NextStep.objects.get(kind=StepKind.CALL_AGAIN)
    assert (made.status, made.due_at) == (StepStatus.PROPOSED, next_tuesday() if due else None)
    assert not Request.objects.exclude(parent=None).exists()


# --- promises ---

PROMISED = [
    ("floyd", "I'd like to book an oil change."),
    ("callee", "Tuesday at 9:30? Bring the form."),
    ("floyd", "Tom will bring the form."),
    ("callee", "Booked."),
]


def test_a_promise_that_the_model_forgot_is_an_item_with_its_line_and_the_user_hears_of_it(tom, thinker):  # noqa: F811
    thinker.result = booked()
    brief = {"user_name": "Tom Redmond", "introduction": "Hi, this is Floyd."}
    call = call_of(tom, lines=PROMISED)
    whole = {"callee_name": "Brock Road School", "opening_line": "", "success": "", "today": "Saturday, 21 November 2026", **call.brief, **brief}
    Call.objects.filter(pk=call.pk).update(brief=whole)
    wrap_up.wrap_up(call.pk)
    last = outcome_of(call)["items"][-1]
    assert (last["kind"], last["lines"], last["text"]) == ("promised", [3], "Floyd said: “Tom will bring the form.”")
    assert NextStep.objects.get(kind=StepKind.NOTE).lines == [3]
    assert "Floyd said: “Tom will bring the form.”" in Message.objects.get(request=call.request_id).body


def test_a_promise_that_the_model_noted_is_not_noted_twice(tom, thinker):  # noqa: F811
    noted = item(ItemKind.PROMISED, "Tom will bring the form.", [3])
    thinker.result = booked(items=[*booked().items, noted])
    call = call_of(tom, lines=[*PROMISED[:2], ("floyd", "He'll bring the form."), PROMISED[3]])
    wrap_up.wrap_up(call.pk)
    assert [one["kind"] for one in outcome_of(call)["items"]] == ["agreed", "promised"]
    assert NextStep.objects.get().text == "Floyd promised: Tom will bring the form."


def test_the_summary_is_two_sentences_and_the_wrap_up_is_charged(tom, thinker, monkeypatch):  # noqa: F811
    thinker.result = booked(summary="One. Two. Three. Four.")
    call = call_of(tom)
    wrap_up.wrap_up(call.pk)
    assert outcome_of(call)["summary"] == "One. Two."
    assert not Charge.objects.filter(component="model").exists()  # the fake told of no tokens


# --- corrections ---


def concluded(tom, thinker) -> Call:  # noqa: F811
    thinker.result = booked(next_steps=[step(PlannedStepKind.REMIND, "Bring the car", "Tuesday at 9:30 a.m.", [2])])
    call = call_of(tom)
    wrap_up.wrap_up(call.pk)
    return call


def test_a_corrected_time_moves_what_was_derived_from_it_and_both_are_kept(tom, thinker, client):  # noqa: F811
    call = concluded(tom, thinker)
    correct(request=request_of(call), user=tom, way="page", item=0, when="Tuesday at 2 p.m.")
    assert entry_of(call).starts_at == next_tuesday(14, 0)
    assert NextStep.objects.get().due_at == next_tuesday(14, 0)
    assert outcome_of(call)["items"][0]["when"] == "Tuesday at 9:30 a.m."
    row = Correction.objects.get()
    assert (row.was, row.now, row.user, row.way) == ("Tuesday at 9:30 a.m.", "Tuesday at 2 p.m.", tom, "page")
    client.force_login(tom)
    page = client.get(f"/requests/{call.request_id}/").content.decode()
    assert "Tuesday at 2 p.m." in page and "<del>Tuesday at 9:30 a.m.</del>" in page


def test_a_corrected_day_keeps_the_hour(tom, thinker):  # noqa: F811
    call = concluded(tom, thinker)
    correct(request=request_of(call), user=tom, way="api", item=0, when="no, it was Wednesday")
    moved = entry_of(call).starts_at.astimezone(TORONTO)
    assert (moved.weekday(), moved.hour, moved.minute) == (2, 9, 30)


def test_the_users_word_settles_a_proposed_appointment(tom, thinker):  # noqa: F811
    thinker.result = booked("Tuesday or Wednesday at 9")
    call = call_of(tom)
    wrap_up.wrap_up(call.pk)
    correct(request=request_of(call), user=tom, way="page", item=0, when="Tuesday at 9:30")
    assert (entry_of(call).status, entry_of(call).starts_at) == (FactStatus.CONFIRMED, next_tuesday())


def test_words_without_a_time_are_kept_and_move_nothing(tom, thinker):  # noqa: F811
    call = concluded(tom, thinker)
    before = entry_of(call).starts_at
    correct(request=request_of(call), user=tom, way="page", item=0, text="An oil change and a wash.")
    correct(request=request_of(call), user=tom, way="page", item=0, when="whenever")
    assert entry_of(call).starts_at == before


NOTHING_CORRECTED = [
    (7, {"when": "x"}, NotPossibleNow),
    (0, {"when": ""}, InvalidAsk),
    (0, {"summary": "x"}, InvalidAsk),
    (None, {"summary": "Booked."}, InvalidAsk),
]


@pytest.mark.parametrize(("place", "changes", "error"), NOTHING_CORRECTED)
def test_what_corrects_nothing_is_refused_in_words(tom, thinker, place, changes, error):  # noqa: F811
    call = concluded(tom, thinker)
    with pytest.raises(error):
        correct(request=request_of(call), user=tom, way="page", item=place, **changes)
    assert not Correction.objects.exists()


def test_the_page_takes_a_correction(tom, thinker, client):  # noqa: F811
    call = concluded(tom, thinker)
    client.force_login(tom)
    address = f"/requests/{call.request_id}/correct/0/"
    assert "Tuesday at 9:30 a.m." in client.get(address).content.decode()
    assert client.post(address, {"text": "An oil change is booked.", "when": "Wednesday at 10"}).status_code == 303
    assert client.post(address, {"when": "<script>"}).status_code == 303
    assert "<script>" not in client.get(f"/requests/{call.request_id}/").content.decode().split('id="main"')[1]
