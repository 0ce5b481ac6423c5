"""The mind's plans and outcomes are of the product's own forms, and say what the journeys need."""

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from floyd_site.rehearsal.scenario import AWKWARD, SCENARIOS, read_scenarios
from floyd_site.supervision.environment import SANDBOX_REQUEST
from requests_app.outcome import Outcome
from requests_app.plan import ActionPlan, PlanKind
from requests_app.views import EXAMPLES
from sandbox.mind.planner import plan
from sandbox.mind.teller import tell


def fact(number, statement, about, topic, sensitivity="share"):
    return {"id": number, "statement": statement, "about": about, "topic": topic, "sensitivity": sensitivity}


KNOWN = {
    "today": "Saturday, 21 November 2026",
    "now": "2026-11-21T10:00-05:00",
    "time_zone": "America/Toronto",
    "user": {"name": "Tom Redmond", "home_area": "Guelph, Ontario", "currency": "CAD"},
    "facts": [
        fact("fact:1", "Krista Redmond is Tom's wife", "Krista", "family"),
        fact("fact:2", "Mara Redmond is Tom and Krista's daughter, 8 years old", "Mara", "family"),
        fact("fact:4", "Flowers for Krista are delivered to 14 Brock Road, Guelph", "Krista", "address"),
        fact("fact:7", "", "Tom", "date of birth", "ask_first"),
        {
            "id": "fact:2",
            "statement": "Mara Redmond is Tom and Krista's daughter, 8 years old",
            "about": "Mara",
            "topic": "family",
            "sensitivity": "share",
        },
        {
            "id": "fact:4",
            "statement": "Flowers for Krista are delivered to 14 Brock Road, Guelph",
            "about": "Krista",
            "topic": "address",
            "sensitivity": "share",
        },
    ],
    "contacts": [
        {"id": "contact:1", "name": "Brock Road School", "kind": "school"},
        {"id": "contact:2", "name": "Sweet Violet's", "kind": "florist"},
        {"id": "contact:3", "name": "Speedvale Garage", "kind": "garage"},
        {"id": "contact:4", "name": "Dr. Patel, Dentist", "kind": "dentist"},
    ],
    "calendar": [
        {
            "id": "calendar:1",
            "title": "Dentist with Dr. Patel",
            "when": "Thursday, 26 November 2026 at 9:30 am",
            "starts_at": "2026-11-26T09:30:00-05:00",
            "place": "Dr. Patel, 88 Norfolk Street",
        }
    ],
    "answers": [],
}


def planned(ask: str) -> ActionPlan:
    return ActionPlan.model_validate(plan(KNOWN | {"ask": ask}))


@pytest.mark.parametrize(
    "ask",
    [
        "Hey Floyd, can you call the school and let them know Mara is going to be home, she's sick today.",
        "Call the school and tell them my daughter Mara is sick today",
        "please tell the school that Mara is sick today",
        "Call the school, Mara is sick today.",
        "Call the school: Mara's sick today",
    ],
)
def test_the_school_journey_names_the_child_in_full_and_the_day(ask):
    made = planned(ask)
    assert made.kind is PlanKind.INFORM
    assert made.callee and made.callee.contact_id == "contact:1"
    assert "Mara Redmond" in made.goal
    assert "21 November 2026" in made.goal
    assert "sick" in made.opening_line and "today, Saturday, November 21st" in made.opening_line


def test_the_flower_journey_sets_no_limit_of_its_own():
    made = planned("Order Krista some flowers.")
    assert made.kind is PlanKind.BUY and made.title == "Order some flowers for Krista Redmond"
    assert made.callee and made.callee.contact_id == "contact:2"
    assert made.limit_minor is None
    assert "fact:4" in made.share


def test_a_limit_in_the_ask_is_taken():
    assert planned("Order Krista some flowers for up to eighty dollars").limit_minor == 8000


def test_the_dentist_journey_is_answered_from_the_calendar():
    made = planned("When's my next dentist appointment?")
    assert made.kind is PlanKind.ANSWER
    assert made.sources == ["calendar:1"]
    assert made.answer and "26 November 2026" in made.answer


def test_a_question_in_french_is_answered_in_french():
    made = planned("Quand est mon prochain rendez-vous chez le dentiste ?")
    assert (made.kind, made.sources) == (PlanKind.ANSWER, ["calendar:1"])
    assert made.answer == "Dentist with Dr. Patel : jeudi 26 novembre 2026 à 9 h 30."
    assert "agenda" in (planned("Quand est mon prochain rendez-vous chez le coiffeur ?").answer or "")


def test_what_needs_the_users_word_is_named_only_when_the_ask_names_its_topic():
    assert "fact:7" not in planned("Book me a dentist appointment").share
    made = planned("Book a dentist cleaning; they need my date of birth.")
    assert "fact:7" in made.share
    assert made.goal == "Book a dentist cleaning with Dr. Patel, Dentist."


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        ("Book the car in for an oil change.", PlanKind.BOOK),
        ("Cancel my dentist appointment.", PlanKind.CANCEL),
        ("Move my dentist appointment to Friday.", PlanKind.CHANGE),
        ("Can you please reschedule the oil change?", PlanKind.CHANGE),
        ("Ask the garage whether my car is ready.", PlanKind.ENQUIRE),
        ("Call people and sell them solar panels", PlanKind.DECLINE),
        ("do something nice", PlanKind.ASK_USER),
        ("🌷", PlanKind.ASK_USER),
    ],
)
def test_other_wishes(ask, kind):
    assert planned(ask).kind is kind


@pytest.mark.parametrize(
    ("ask", "kind", "title", "goal"),
    [
        (
            EXAMPLES[0],
            "inform",
            "Brock Road School Bescheid geben",
            "Let Brock Road School know that Mara Redmond is sick today, Saturday, 21 November 2026.",
        ),
        (EXAMPLES[1], "answer", "Nächster Termin", "Sagen, wann der nächste Termin ist."),
        (EXAMPLES[2], "buy", "Blumen bestellen", "Order some flowers for Krista Redmond from Sweet Violet's."),
        (SANDBOX_REQUEST, "enquire", "Sweet Violet's fragen", "Ask Sweet Violet's whether they have white peonies."),
        (settings.FIRST_REQUEST, "enquire", "plumber fragen", "Ask plumber when one could come."),
    ],
)
def test_what_german_pages_suggest_is_understood_and_planned_in_german(ask, kind, title, goal):
    with translation.override("de"):
        german = gettext(ask)
    assert german != ask, "it is translated"
    made = planned(german)
    assert (made.kind, made.title) == (kind, title) and made.goal.startswith(goal)


def test_a_german_ask_that_is_not_understood_is_asked_about_in_german():
    assert planned("Mach mir bitte ein Brot.").question == "Wen soll ich anrufen, und was soll ich sagen oder fragen?"
    answer = planned("Wann ist mein nächster Zahnarzttermin?").answer
    assert answer is not None and "Donnerstag, 26. November 2026 um 9:30 Uhr" in answer


def test_flowers_for_my_wife_are_for_her_by_name():
    made = planned(EXAMPLES[2])
    assert "Krista Redmond" in made.opening_line and "my wife" not in made.opening_line and set(made.share) == {"fact:4"}


def test_the_first_request_of_a_newcomer_names_whom_it_is_for():
    callee = planned(SANDBOX_REQUEST).callee
    assert callee is not None and callee.name == "Sweet Violet's"


def test_who_moves_an_appointment_names_it_with_its_day_and_the_new_one():
    made = planned("Move my dentist appointment to Friday.")
    assert made.callee and made.callee.contact_id == "contact:4"
    assert made.opening_line == ("I'm calling to move the dentist appointment of Tom Redmond on Thursday, November 26th at 9:30 am to Friday.")
    assert "It has to be on Friday." in made.success
    assert planned("Postpone my dentist appointment.").opening_line.endswith("to another time. When would you have time?")


def test_of_two_wishes_the_first_is_planned_and_the_other_can_stand_alone():
    made = planned("Hey Floyd, cancel my dentist appointment and then order Krista some flowers for up to $80.")
    assert (made.kind, made.callee and made.callee.contact_id) == (PlanKind.CANCEL, "contact:4")
    assert made.other_wishes == ["Order Krista some flowers for up to $80."]
    assert planned(made.other_wishes[0]).kind is PlanKind.BUY


@pytest.mark.parametrize(
    "ask",
    [
        "Hey Floyd, can you call the school and let them know Mara is going to be home, she's sick today.",
        "Call the garage, ask whether my car is ready and book it in for an oil change.",
        "Order Krista some flowers, and tell them it is a surprise",
        "Book a dentist cleaning; they need my date of birth.",
    ],
)
def test_what_one_call_can_do_is_one_wish(ask):
    assert planned(ask).other_wishes == []


def test_the_asks_of_the_scenarios_are_one_wish_each():
    asks = [one.ask for folder in (SCENARIOS, AWKWARD) for one in read_scenarios(folder).values()]
    assert [ask for ask in asks if planned(ask).other_wishes] == []


def test_what_matters_for_the_ask_is_named():
    assert planned("Order Krista some flowers.").relevant == ["contact:2", "fact:4", "fact:1"]
    assert planned("Cancel my dentist appointment.").relevant == ["contact:4", "calendar:1"]
    assert planned("do something nice").relevant == []


def test_who_knows_of_no_appointment_offers_the_call_that_would_tell():
    made = planned("When's my next oil change?")
    assert (made.kind, made.sources) == (PlanKind.ANSWER, ["calendar", "contact:3"])
    offered = planned(made.follow_up or "")
    assert (offered.kind, offered.callee and offered.callee.contact_id) == (PlanKind.ENQUIRE, "contact:3")
    assert planned("When's my next fencing lesson?").follow_up is None


def edited(ask: str, **edits: object) -> ActionPlan:
    return ActionPlan.model_validate(plan(KNOWN | {"ask": ask, "edits": edits}))


def test_a_goal_that_the_user_wrote_is_what_is_called_about():
    goal = "Order red roses for Krista Redmond from Sweet Violet's."
    made = edited("Order Krista some flowers.", goal=goal, limit_minor=5000)
    assert (made.goal, made.limit_minor) == (goal, 5000)
    assert made.opening_line.startswith("I'd like to order red roses for Krista Redmond.")
    assert "fact:4" in made.share
    odd = edited("Order Krista some flowers.", goal="Something red, as last year.")
    assert odd.opening_line == "I'm calling about this: Something red, as last year."


def test_whom_and_what_the_user_wrote_into_the_plan_stands():
    callee = {"contact_id": None, "name": "Fixit Brothers", "kind": "garage"}
    made = edited("Ask the garage whether my car is ready.", callee=callee, find_out=["what it costs"], share=[])
    assert made.callee is not None and made.callee.name == "Fixit Brothers"
    assert "Fixit Brothers" in made.goal
    assert made.opening_line == "I have a question. I would like to know what it costs."
    assert made.share == []


def outcome(kind: str, goal: str, lines: list[tuple[str, str]], slots: list[dict[str, object]] | None = None, reads: str = "en") -> Outcome:
    transcript = [{"line": number, "speaker": speaker, "text": text} for number, (speaker, text) in enumerate(lines, start=1)]
    data = {"goal": goal, "kind": kind, "slots": slots or [], "currency": "CAD", "transcript": transcript, "user_reads": reads}
    return Outcome.model_validate(tell(data))


def test_told_cites_the_line_and_who_took_it():
    made = outcome(
        "inform",
        "Let Brock Road School know that Mara Redmond is sick today.",
        [
            ("callee", "Hello, Brock Road School."),
            ("floyd", "I'm calling to let you know that Mara Redmond is sick today."),
            ("callee", "Thank you for letting us know, goodbye."),
        ],
    )
    assert made.achieved == "yes"
    assert made.items[0].lines == [2, 3]


def test_ordered_cites_price_and_time():
    made = outcome(
        "buy",
        "Order some flowers for Krista Redmond from Sweet Violet's.",
        [
            ("callee", "We could do tulips for sixty dollars, delivered today by four o'clock."),
            ("floyd", "Great, we'll take the tulips for $60, please."),
            ("callee", "Great. It will be there by four o'clock. Thank you."),
        ],
        [{"kind": "agreed", "item": "tulips", "amount_minor": 6000, "currency": "CAD", "when": ""}],
    )
    assert made.achieved == "yes"
    (item,) = made.items
    assert item.amount_minor == 6000
    assert {2, 3} <= set(item.lines)


@pytest.mark.parametrize(
    ("kind", "goal", "lines", "slots", "summary", "steps"),
    [
        (
            "inform",
            "Let Brock Road School know that Mara Redmond is sick today, Saturday, 21 November 2026.",
            [("floyd", "I'm calling to let you know that Mara Redmond is sick today."), ("callee", "Thank you for letting us know.")],
            [],
            "Brock Road School weiß Bescheid: Mara Redmond ist heute krank.",
            [],
        ),
        (
            "inform",
            "Let Dana know that the birthday bread is ready.",
            [("floyd", "I'm calling to let you know that the birthday bread is ready."), ("callee", "Thank you.")],
            [],
            "Dana weiß Bescheid: „the birthday bread is ready“.",
            [],
        ),
        (
            "buy",
            "Order some flowers.",
            [("floyd", "We'll take the tulips for $60.50, please."), ("callee", "Great. It will be there by four o'clock.")],
            [{"kind": "agreed", "item": "tulips", "amount_minor": 6050, "currency": "CAD", "when": ""}],
            "Bestellt: tulips für 60,50 $, by four o'clock.",
            [],
        ),
        (
            "enquire",
            "Ask Crystal Cleaners when the suit can be picked up.",
            [("floyd", "I would like to know when the suit can be picked up."), ("callee", "You can pick it up on Wednesday after four o'clock.")],
            [],
            "Sie haben gesagt: „You can pick it up on Wednesday after four o'clock.“",
            ["Abholen: the suit"],
        ),
        ("buy", "Blumen bestellen.", [("callee", "We have roses for $560.")], [], "Es hat nicht geklappt: Blumen bestellen.", []),
    ],
)
def test_who_reads_german_reads_what_came_of_a_call_in_german(kind, goal, lines, slots, summary, steps):
    made = outcome(kind, goal, lines, slots, reads="de")
    assert made.summary == summary and [step.text for step in made.next_steps] == steps
    english = outcome(kind, goal, lines, slots)
    assert [(item.kind, item.when, item.lines) for item in made.items] == [(item.kind, item.when, item.lines) for item in english.items]
    assert not {item.text for item in made.items} & {item.text for item in english.items}


def test_nothing_agreed_is_not_called_a_success():
    made = outcome("buy", "Order flowers.", [("callee", "We have roses for five hundred and sixty dollars."), ("floyd", "Thank you. Goodbye.")])
    assert made.achieved == "no"
    assert made.items[0].kind == "offered"


def test_what_can_be_picked_up_later_is_to_be_reminded_of():
    made = outcome(
        "enquire",
        "Ask Crystal Cleaners when the suit can be picked up.",
        [
            ("floyd", "I have a question. I would like to know when the suit can be picked up."),
            ("callee", "You can pick it up on Wednesday after four o'clock."),
        ],
    )
    (step,) = made.next_steps
    assert (step.kind, step.text, step.when, step.lines) == ("remind", "Pick up the suit", "on Wednesday after four o'clock", [2])


DINNER = "Ask Dana Whitfield whether dinner on Thursday at 7 p.m. works."
YES, NO = "Yes, dinner works for Dana on Thursday at 7 p.m.", "No, dinner does not work for Dana on Thursday at 7 p.m."


def dinner(*said: str) -> Outcome:
    asked = ("floyd", "I have a question. I would like to know whether dinner on Thursday at 7 p.m. works.")
    return outcome("enquire", DINNER, [("callee", "Hello, this is Floyd, an AI assistant."), asked, *(("callee", text) for text in said)])


@pytest.mark.parametrize(
    "said",
    [
        [YES],
        ["I'm asking Dana now. One moment, please.", YES],
        [f"I'm asking Dana now. {YES}"],
        [f"I'm asking Dana now. One moment, please. {YES}"],
        [f"I'm asking Dana now, {YES}"],
        [f"Thank you for waiting. {YES}"],
        [f"Thank you for waiting, I'm still checking. {YES} Goodbye."],
        [f"I'm asking Dana now. One moment, Please {YES}"],
        ["One moment, please, yes, dinner works for Dana on Thursday at 7 p.m."],
        [f"Let me ask Dana. {YES}", "She is looking forward to it."],
        ["No, wait.", YES],
    ],
)
def test_a_yes_settles_it_whatever_is_said_with_it(said):
    made = dinner(*said)
    (agreed,) = (item for item in made.items if item.kind == "agreed")
    assert agreed.when is not None and agreed.when.rstrip(".") == "Thursday at 7 p.m"
    assert "asking" not in made.summary and "works" in made.summary
    assert agreed.lines == [next(number for number, text in enumerate(said, 3) if "works" in text)]


@pytest.mark.parametrize(
    "said",
    [
        [f"I'm asking Dana now. {NO}"],
        ["I'm asking Dana now. No, she is away."],
        ["I'm asking Dana now. One moment, Please No, she is away."],
        ["I'm asking Dana now, no, she is away on Thursday."],
        ["Yes, Dana is here. I'm asking her about dinner on Thursday.", "No, she is away."],
        [YES, f"I'm sorry, that was wrong. {NO}"],
        ["I'm asking Dana now. Yes, if we can eat on Thursday at 8 p.m."],
        [f"{YES} But only if it rains."],
        [f"{YES} Dana says: not at the Lantern, please."],
        ["Yes, I have asked her, she can't on Thursday."],
        ["I'm asking Dana now. One moment, please."],
        ["Yes, I'm asking Dana about dinner on Thursday now."],
    ],
)
def test_a_no_a_condition_and_a_wait_settle_nothing(said):
    assert [item.kind for item in dinner(*said).items if item.kind != "learned"] == []


def test_who_says_that_somebody_is_being_asked_has_told_nothing_yet():
    made = dinner("I'm asking Dana now. One moment, please.")
    assert (made.achieved, made.items) == ("no", [])
    assert dinner("I'm asking her to call you tomorrow.").items[0].kind == "learned"


def test_what_is_to_be_brought_is_due_at_the_appointment():
    made = outcome(
        "book",
        "Book a cleaning.",
        [
            ("callee", "We have Thursday at ten o'clock."),
            ("callee", "Great, you are booked for Thursday at ten o'clock. Please bring your insurance card."),
        ],
        [{"kind": "agreed", "item": "cleaning", "amount_minor": None, "currency": None, "when": "Thursday at ten o'clock"}],
    )
    assert [(step.text, step.when) for step in made.next_steps] == [("Bring your insurance card", "Thursday at ten o'clock")]


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("I'm sorry, that is all we have. Please call again next week.", ["next week"]),
        ("Please try again on Monday.", ["on Monday"]),
        ("Please call back some other time.", []),
    ],
)
def test_when_to_call_again_is_kept_if_it_was_said(said, when):
    made = outcome("book", "Book a cleaning.", [("floyd", "I'd like to book a cleaning."), ("callee", said)])
    assert [(step.kind, step.when) for step in made.next_steps] == [("call_again", one) for one in when]


@pytest.mark.parametrize(
    ("ask", "asked"),
    [
        ("Call the garage, when can I pick up my car?", "when I can pick up Tom Redmond's car"),
        ("Call the garage: is my car ready?", "whether Tom Redmond's car is ready"),
        ("Phone the garage, how much is it for four tires?", "how much is it for four tires"),
        ("Call the garage, do you change tires on Saturdays", "whether you change tires on Saturdays"),
    ],
)
def test_a_question_behind_the_name_is_asked_there(ask, asked):
    made = planned(ask)
    assert made.kind is PlanKind.ENQUIRE and made.callee and made.callee.name == "Speedvale Garage"
    assert made.find_out == [asked]


def test_asking_for_something_is_booking_it():
    made = planned("Call the garage and ask for an oil change on Friday")
    assert made.kind is PlanKind.BOOK
    assert made.opening_line.startswith("I'd like to book an oil change on Friday")


@pytest.mark.parametrize("answer", ["Call the garage, is my car ready?", "Order Krista some flowers"])
def test_an_unclear_ask_is_read_again_with_the_answer(answer):
    assert planned("Make some").kind is PlanKind.ASK_USER
    said = [{"question": "Whom should I call, and what should I say or ask?", "answer": answer}]
    assert ActionPlan.model_validate(plan(KNOWN | {"ask": "Make some", "answers": said})).kind in {PlanKind.ENQUIRE, PlanKind.BUY}
