"""The mind chooses from menus, waits when asked to, says again what was cut off, and does not take a courtesy for an answer."""

import json

import pytest

from calls.conversation import fixed_lines
from sandbox.mind import think
from sandbox.mind.courtesies import substance
from sandbox.mind.menu import Option, options_of
from sandbox.mind.phrases import FLOYD_SAYS
from sandbox.mind.planner import plan
from sandbox.mind.teller import tell

OPENING = "I have a question. I would like to know whether the refill of the prescription is ready."
BRIEF = {
    "user_name": "Tom Redmond",
    "callee_name": "Riverside Clinic",
    "kind": "enquire",
    "goal": "Ask Riverside Clinic whether the refill of the prescription is ready.",
    "opening_line": OPENING,
    "facts": [],
    "answers": [],
    "limit_minor": None,
    "currency": "CAD",
}
INTRODUCTION = "Hi, this is Floyd, an AI assistant calling for Tom Redmond."
MENU = "Thank you for calling Riverside Clinic. For opening hours, press 1. For prescriptions, press 2. For all other questions, press 0."


def answer(*turns, tools=("end_call", "ask_user", "press_keys")):
    """The mind's next turn: callee's words as text, Floyd's as ("floyd", text), notes as dicts."""
    messages = [{"role": "system", "content": f"Rules.\n\nBRIEF\n{json.dumps(BRIEF)}"}]
    for turn in turns:
        if isinstance(turn, tuple):
            messages.append({"role": "assistant", "content": turn[1]})
        elif isinstance(turn, dict):
            messages.append({"role": "system", "content": json.dumps(turn)})
        else:
            messages.append({"role": "user", "content": json.dumps({"callee": turn})})
    return think({"messages": messages, "tools": [{"function": {"name": name}} for name in tools]})


def keys(thought):
    return [use.arguments["keys"] for use in thought.tools if use.name == "press_keys"]


# --- menus ---


def test_options_are_read_in_all_the_ways_they_are_said():
    assert options_of("For sales, press 1. Press 2 for service. To hear this again, press star.") == [
        Option("for sales", key="1"),
        Option("for service", key="2"),
        Option("to hear this again", key="*"),
    ]
    assert [option.say for option in options_of("You can say schedules, lost and found, or agent.")] == ["schedules", "lost and found", "agent"]


@pytest.mark.parametrize(
    "said", ["Sorry, could you say that again?", "What did you say your name was?", "Please say that again.", "I'd like to say thank you."]
)
def test_a_person_who_speaks_of_saying_is_no_menu(said):
    assert options_of(said) == []


def test_the_option_that_fits_the_goal_is_taken():
    thought = answer(MENU, {"phone_menu": "a machine is listening"})
    assert keys(thought) == ["2"] and thought.text == ""


@pytest.mark.parametrize(
    ("menu", "wanted"),
    [
        ("For billing, press 1. To speak to an agent, press 5.", "5"),
        ("For billing, press 1. For all other questions, press 9.", "9"),
        ("To report an outage, press 1. To hear your balance, press 2.", "0"),
        ("Welcome to the clinic.", "0"),
    ],
)
def test_where_nothing_fits_it_asks_for_a_person(menu, wanted):
    assert keys(answer(menu, {"phone_menu": "a machine is listening"})) == [wanted]


def test_a_spoken_option_is_said():
    assert answer("You can say opening hours, or prescriptions.", {"phone_menu": "a machine is listening"}).text == "Prescriptions."


def test_a_person_after_the_menu_is_no_menu():
    thought = answer(MENU, {"phone_menu": "a machine is listening"}, ("floyd", INTRODUCTION), "Prescriptions, this is Dana, how can I help?")
    assert thought.text == OPENING and not thought.tools


# --- people ---


def test_who_is_asked_to_wait_waits():
    assert answer(("floyd", f"{INTRODUCTION} {OPENING}"), "Hold on a moment, let me check.").text == "Of course, take your time."
    assert answer(("floyd", f"{INTRODUCTION} {OPENING}"), "Could you hold on a second?").text == "Of course, take your time."


def test_an_answer_behind_a_courtesy_is_an_answer():
    thought = answer(("floyd", f"{INTRODUCTION} {OPENING}"), "Thanks for waiting. Yes, the refill is ready.")
    assert thought.tools[0].arguments["result"] == "goal_reached"


@pytest.mark.parametrize("stop", [".", ""])
def test_an_answer_that_comes_in_one_turn_with_the_wait_is_an_answer(stop):
    asked = ("floyd", f"{INTRODUCTION} {OPENING}")
    waits = f"I'm asking Dana now. One moment, please{stop}"
    assert answer(asked, waits).text == "Of course, take your time."
    for said in ("Yes, it works for Dana on Thursday.", "No, she is away that day."):
        assert answer(asked, f"{waits} {said}").tools[0].arguments["result"] == "goal_reached"


def test_who_told_them_to_take_their_time_does_not_repeat_it():
    heard: list[object] = [("floyd", f"{INTRODUCTION} {OPENING}"), "One moment, please.", ("floyd", "Of course, take your time.")]
    assert answer(*heard, "I'm sorry, could you say that again?").text == OPENING


@pytest.mark.parametrize(
    "said", ["Orders department, this is Martin.", "Thank you for holding, this is Priya.", "Let me put you through to my colleague."]
)
def test_a_courtesy_is_no_answer(said):
    thought = answer(("floyd", f"{INTRODUCTION} {OPENING}"), said)
    assert not any(use.name == "end_call" for use in thought.tools)


def test_who_was_cut_off_says_it_again():
    assert answer(("floyd", INTRODUCTION), "Wait, who is calling please?").text.endswith(OPENING)
    assert answer(("floyd", f"{INTRODUCTION} I have a"), "Sorry, go on, I'm listening.").text == OPENING
    assert answer(("floyd", f"{INTRODUCTION} {OPENING}"), "Sorry, what was that?").text == OPENING


def test_a_question_to_somebody_else_is_left_alone():
    heard: list[object] = [("floyd", f"{INTRODUCTION} {OPENING}"), "Tim, is the refill ready?"]
    assert answer(*heard).text == "No problem, take your time."
    heard += [("floyd", "No problem, take your time."), "The blue one? I did it this morning."]
    assert not answer(*heard).tools
    assert answer(*heard, ("floyd", "Thank you."), "Yes, the refill is ready.").tools[0].arguments["result"] == "goal_reached"


def test_the_substance_of_a_sentence_is_left():
    assert substance("Thanks for holding, this is Priya. We are open until nine o'clock.") == "We are open until nine o'clock."
    assert substance("One moment. Let me check.") == ""


# --- before and after ---


def test_the_ask_may_limit_the_hold():
    data = {"ask": "Ask Evergreen Travel when the office opens, and hold for at most one minute.", "facts": [], "contacts": [], "user": {}}
    form = plan(data)
    assert form["hold_minutes"] == 1
    assert form["opening_line"] == "I have a question. I would like to know when the office opens."


def test_what_was_learned_is_the_answer_and_not_the_transfer():
    said = [("callee", "Wellington Books, hello."), ("floyd", OPENING), ("callee", "Let me put you through to my colleague.")]
    said += [("callee", "Orders department, this is Martin."), ("floyd", OPENING), ("callee", "Yes, the atlas has arrived.")]
    transcript = [{"line": number, "speaker": who, "text": text} for number, (who, text) in enumerate(said, start=1)]
    outcome = tell({"kind": "enquire", "goal": "Ask", "transcript": transcript, "slots": []})
    assert outcome["items"][0]["text"] == "They said: “Yes, the atlas has arrived.”"


def test_every_fixed_line_of_floyds_is_known_to_the_ears():
    assert set(fixed_lines.ALL) <= set(FLOYD_SAYS)


# --- circles ---


def test_a_talk_that_goes_round_is_ended():
    thought = answer("We only do that on weekdays.", ("floyd", "Is Saturday possible?"), {"going_round": "again"}, "We only do that on weekdays.")
    assert [(use.name, use.arguments["result"]) for use in thought.tools] == [("end_call", "goal_not_reached")]


@pytest.mark.parametrize(("times", "ends"), [(3, False), (8, True)])
def test_who_never_understands_is_not_told_for_ever(times, ends):
    rounds = [turn for _ in range(times) for turn in ("Sorry, what was that?", ("floyd", OPENING))]
    thought = answer(*rounds, {"going_round": "again"}, "Sorry, what was that?")
    assert bool(thought.tools) is ends and (thought.text == OPENING) is not ends


def test_what_is_said_again_has_no_questions_after_silence_in_it():
    thought = answer(
        "Yes?", ("floyd", INTRODUCTION), "Hm?", ("floyd", f"{OPENING} Are you still there? Are you still there?"), "Sorry, what was that?"
    )
    assert thought.text == OPENING
