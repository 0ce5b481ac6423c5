"""The mind carries the journeys through the real conversation core, with the sandbox's people on the other end."""

import pytest

from calls.conversation.brief import SharedFact, Slot
from calls.conversation.effects import EndReason
from tests.calls.conversation.virtual_line import flowers, school
from tests.sandbox.rehearsal import Rehearsal

SCHOOL, FLORIST, GARAGE, DENTIST = "+15195550110", "+15195550117", "+15195550123", "+15195550131"
SICK = "I'm calling to let you know that Mara Redmond is going to be home, she's sick today, Saturday, 21 November 2026."
WANTED = "I'd like to order some flowers for Krista Redmond. What do you have today, and what does it cost?"
SEEDS = range(12)


def to_the_school(**options):
    goal = "Let Brock Road School know that Mara Redmond is going to be home, she's sick today, Saturday, 21 November 2026."
    facts = (
        SharedFact("fact:2", "Mara Redmond is Tom and Krista's daughter, 8 years old"),
        SharedFact("fact:3", "Mara goes to Brock Road School, grade 3, teacher Ms. Lind"),
    )
    return Rehearsal(school(opening_line=SICK, goal=goal, facts=facts), SCHOOL, **options).play()


def to_the_florist(answer=None, deaf=0.0, seed=0, **changes):
    return Rehearsal(flowers(opening_line=WANTED, **changes), FLORIST, answer=answer, deaf=deaf, seed=seed).play()


def test_the_school_is_told_and_nothing_is_invented():
    call = to_the_school()
    assert call.ended is EndReason.GOAL_REACHED
    assert "Mara Redmond" in call.floyd
    assert "Will she be okay?" in call.callee
    assert "When will she be back?" in call.callee
    assert call.floyd.count("don't know") == 2
    assert "Monday" not in call.floyd


def test_without_a_budget_the_user_is_asked_and_the_florist_called_back():
    call = to_the_florist()
    assert call.ended is EndReason.CALL_BACK_LATER
    (question,) = call.questions()
    assert (question.kind, question.slots["amount_minor"]) == ("money", 56_000)
    assert "call you back" in call.floyd
    assert not call.agreed


def test_an_answer_during_the_call_gets_the_flowers():
    call = to_the_florist({"amount_minor": 8000, "currency": "CAD"})
    assert call.ended is EndReason.GOAL_REACHED
    assert [slot.amount_minor for slot in call.agreed] == [6000]
    assert "14 Brock Road" in call.floyd


def test_the_second_call_orders_within_the_budget():
    past = (Slot("offered", "peonies and roses", 56_000, "CAD"), Slot("asked", "peonies and roses", 56_000, "CAD"))
    answers = (SharedFact("question:1", "up to $80"),)
    call = to_the_florist(limit_minor=8000, past=past, answers=answers, attempt=2)
    assert call.ended is EndReason.GOAL_REACHED
    assert [slot.amount_minor for slot in call.agreed] == [6000]
    assert not call.questions()


def test_a_budget_below_everything_on_offer_ends_politely():
    call = to_the_florist(limit_minor=3000)
    assert call.ended in {EndReason.GOAL_NOT_REACHED, EndReason.CALLEE_HUNG_UP, EndReason.NO_RESPONSE, EndReason.TOO_LONG, EndReason.CALL_BACK_LATER}
    assert not call.agreed


def test_the_dentist_books():
    brief = flowers(
        callee_name="Dr. Patel, Dentist",
        kind="book",
        goal="Book a cleaning with Dr. Patel, Dentist.",
        opening_line="I'd like to book a cleaning. When would you have time?",
        facts=(),
        success="A day and time are agreed.",
    )
    call = Rehearsal(brief, DENTIST).play()
    assert call.ended is EndReason.GOAL_REACHED
    assert [slot.when for slot in call.agreed] == ["Thursday at ten o'clock"]


def to_the_dentist(success, **options):
    brief = flowers(
        callee_name="Dr. Patel, Dentist",
        kind="book",
        goal="Book a dentist appointment with Dr. Patel, Dentist.",
        opening_line="I'd like to book a dentist appointment. When would you have time?",
        facts=(),
        success=f"A day and time are agreed.{success}",
    )
    return Rehearsal(brief, DENTIST, **options).play()


@pytest.mark.parametrize("seed", SEEDS)
def test_who_is_booked_on_the_first_day_gets_another(seed):
    call = to_the_dentist(" The user is not free on Thursday at 10:00.", deaf=0.06 if seed else 0.0, seed=seed)
    assert "Thursday at ten o'clock" not in [slot.when for slot in call.agreed]
    if not seed:
        assert (call.ended, [slot.when for slot in call.agreed]) == (EndReason.GOAL_REACHED, ["Friday at nine thirty"])


def test_who_is_busy_on_every_day_that_is_offered_ends_without_going_round():
    call = to_the_dentist(" The user is not free on Thursday at 10:00. The user is not free on Friday at 9:30.")
    assert not call.agreed
    assert call.ended is not EndReason.TOO_LONG
    assert call.floyd.count("doesn't work") <= 4


def moved(success, **options):
    what = "the dentist appointment of Tom Redmond on Thursday, 26 November 2026 at 9:30 am"
    brief = flowers(
        callee_name="Dr. Patel, Dentist",
        kind="change",
        goal=f"Move {what} with Dr. Patel, Dentist.",
        opening_line=f"I'm calling to move {what}. When would you have time?",
        facts=(),
        success=f"Dr. Patel, Dentist confirms the change.{success}",
    )
    return Rehearsal(brief, DENTIST, **options).play()


@pytest.mark.parametrize("seed", SEEDS)
def test_an_appointment_is_moved_to_the_day_that_was_asked_for(seed):
    call = moved(" It has to be on Friday.", deaf=0.06 if seed else 0.0, seed=seed)
    assert not [slot.when for slot in call.agreed if "Wednesday" in slot.when]
    if not seed:
        assert (call.ended, [slot.when for slot in call.agreed]) == (EndReason.GOAL_REACHED, ["Friday at nine thirty"])


def test_an_appointment_is_moved_to_the_first_time_that_suits():
    call = moved(" The user is not free on Thursday at 9:30.")
    assert (call.ended, [slot.when for slot in call.agreed]) == (EndReason.GOAL_REACHED, ["Wednesday at eleven o'clock"])


def test_the_garage_says_whether_the_car_is_ready():
    brief = flowers(
        callee_name="Speedvale Garage",
        kind="enquire",
        goal="Ask Speedvale Garage whether Tom Redmond's car is ready.",
        opening_line="I have a question. I would like to know whether Tom Redmond's car is ready.",
        facts=(),
        success="Speedvale Garage answers the question.",
    )
    call = Rehearsal(brief, GARAGE).play()
    assert call.ended is EndReason.GOAL_REACHED
    assert "the car is ready" in call.callee


@pytest.mark.parametrize("seed", SEEDS)
def test_the_school_is_told_over_a_bad_line(seed):
    assert to_the_school(deaf=0.06, seed=seed).ended in {EndReason.GOAL_REACHED, EndReason.CALLEE_HUNG_UP}


@pytest.mark.parametrize("seed", SEEDS)
def test_over_a_bad_line_nothing_above_the_budget_is_agreed(seed):
    call = to_the_florist(deaf=0.06, seed=seed, limit_minor=8000, attempt=2)
    assert all(slot.amount_minor <= 8000 for slot in call.agreed)
    assert call.ended is not None
