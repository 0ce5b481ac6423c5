"""Phone menus: heard out, answered with keys, never talked to; and the way to a person is remembered."""

import pytest

from calls.conversation.brief import Slot
from calls.conversation.effects import EndReason, NoteTool, PressKeys, SaveLine, Situation
from calls.conversation.events import CalleeStarted, LineDropped, ReplyEnded, StopAsked, ThinkingFailed
from tests.calls.conversation.virtual_line import INTRODUCTION, VirtualLine, assert_ended, flowers, school

WELCOME = "Thank you for calling Speedvale Garage."
MENU = ("For hours and location, press 1.", "For service appointments, press 2.", "To speak to someone, press 0.")
SECOND = ("To book a visit, press 1.", "To change or cancel a visit, press 2.")


def press(keys, why="it fits"):
    return ("press_keys", {"keys": keys, "why": why})


def at_menu(**changes):
    """Floyd has heard the first menu to its end."""
    line = VirtualLine(school(**changes)).open()
    line.announce(WELCOME, *MENU)
    line.wait(2_000)
    return line


def test_a_menu_hears_no_disclosure_and_gets_a_key():
    line = at_menu()
    assert line.situations == [Situation.MENU]
    assert line.said == []
    line.model("", press("2"))
    assert line.pressed == ["2"]
    assert line.said == []


def test_every_tool_of_a_reply_is_noted_for_reviewers_with_what_came_of_it():
    line = at_menu()
    line.model("", press("2"), press("519 555 0117"), ("dance", {}))
    assert [(note.name, note.result) for note in line.effects if isinstance(note, NoteTool)] == [
        ("press_keys", "ok"),
        ("press_keys", "bad_arguments"),
        ("dance", "unknown_tool"),
    ]


def test_the_model_is_asked_once_the_whole_menu_was_heard():
    line = VirtualLine(school()).open()
    line.announce(WELCOME, *MENU[:2])
    line.wait(700)
    assert line.asks == []
    line.announce(MENU[2])
    line.wait(2_000)
    assert len(line.asks) == 1
    assert "press 2" in line.messages("user")[-1]["content"] and "press 0" in line.messages("user")[-1]["content"]


def test_the_person_behind_the_menu_gets_the_introduction_and_the_way_is_learned():
    line = at_menu()
    line.model("", press("2"))
    line.wait(3_000)
    line.callee("Service desk, this is Mike, how can I help you?")
    assert line.said[:2] == [INTRODUCTION, school().opening_line]
    assert line.situations == [Situation.MENU, Situation.TALKING]
    assert Slot("learned", "menu_path", value="press 2") in line.slots
    line.hear_all()
    assert line.disclosed == 1


def test_a_second_menu_is_answered_too():
    line = at_menu()
    line.model("", press("2"))
    line.wait(1_000)
    line.announce(*SECOND)
    line.wait(2_000)
    line.model("", press("1"))
    assert line.pressed == ["2", "1"]
    line.wait(2_000)
    line.callee("Hello, service.")
    assert line.slots[-1].value == "press 2, press 1"


def test_a_known_way_is_gone_as_soon_as_its_option_is_named():
    line = VirtualLine(school(menu_hint="press 2, press 1")).open()
    line.announce(WELCOME, *MENU[:2])
    assert line.pressed == ["2"]
    line.wait(1_000)
    line.announce(SECOND[0])
    assert line.pressed == ["2", "1"]
    assert line.asks == []


def test_a_way_that_the_menu_does_not_know_any_more_is_left():
    line = VirtualLine(school(menu_hint="press 7")).open()
    line.announce(WELCOME, *MENU)
    line.wait(2_000)
    assert line.pressed == [] and len(line.asks) == 1


def test_a_menu_that_comes_again_gets_zero_then_a_word_and_then_it_is_a_dead_end():
    line = at_menu()
    line.model("", press("1"))
    for _ in range(3):
        line.wait(1_000)
        if line.ended is None:
            line.announce(*MENU)
            line.wait(2_000)
    assert line.pressed == ["1", "0"]
    assert line.said == ["Representative"]
    assert_ended(line, EndReason.MENU_DEAD_END)


def test_two_minutes_of_menus_are_enough():
    line = at_menu()
    for number in range(40):
        if line.ended is not None:
            break
        line.wait(1_000)
        line.announce(f"For sort {number}, press 1.", f"For kind {number}, press 2.")
        line.wait(2_000)
        if line.ended is None and line.asks:
            line.model("", press("1"))
    assert_ended(line, EndReason.MENU_DEAD_END)
    assert line.now < 140_000


def test_a_spoken_menu_hears_the_words_of_its_option_and_no_others():
    line = VirtualLine(school()).open()
    line.announce("Welcome to Norfolk Dental.", "You can say appointments, billing, or representative.")
    line.wait(2_000)
    line.model("Hello, I am an AI. Appointments, please.")
    assert line.said == ["appointments"]


def test_what_the_model_writes_to_a_menu_is_not_spoken():
    line = at_menu()
    line.model("Hello, could I speak to somebody?", press("0"))
    assert line.said == [] and line.pressed == ["0"]


@pytest.mark.parametrize("keys", ["5195550142", "4111111111111111", "12345", "2w4417"])
def test_no_number_or_card_is_ever_keyed(keys):
    line = at_menu()
    line.model("", press(keys))
    assert line.pressed == ["0"]


@pytest.mark.parametrize("tool", [press("call me"), press(""), ("end_call", {"result": "goal_reached", "farewell": "Bye."}), ("nonsense", {})])
def test_a_choice_that_does_not_hold_becomes_the_option_that_promises_a_person(tool):
    line = at_menu()
    line.model("", tool)
    assert line.pressed == ["0"]


def test_a_model_that_fails_or_takes_too_long_does_not_stop_the_call():
    line = at_menu()
    line.feed(ThinkingFailed(line.asks[-1].ask_id))
    assert line.pressed == ["0"]
    line = at_menu()
    line.wait(7_000)
    assert line.pressed == ["0"]
    line.feed(ReplyEnded(line.asks[-1].ask_id, "stop"))
    assert line.pressed == ["0"]


def test_keys_are_refused_while_a_person_is_there():
    line = VirtualLine(school()).introduce("Hello, Brock Road School.")
    line.callee("What is it about?")
    line.model("", press("2"))
    assert line.pressed == []
    assert line.tool_results()[-1]["reason"] == "no_phone_menu"


def test_the_tool_is_offered_in_the_same_words_in_every_prompt():
    line = at_menu()
    in_menu = line.asks[-1]
    line.model("", press("2"))
    line.wait(2_000)
    line.callee("Hello?")
    line.hear_all()
    line.callee("What grade is she in?")
    assert line.asks[-1].tools == in_menu.tools and line.asks[-1].messages[0] == in_menu.messages[0]


def test_keys_stand_in_the_transcript_as_a_note():
    line = at_menu()
    effects = line.model("", press("2"))
    assert any(isinstance(effect, PressKeys) for effect in effects)
    line.wait(1_000)
    notes = [effect for effect in line.effects if isinstance(effect, SaveLine) and effect.speaker == "system"]
    assert (notes[-1].text, notes[-1].final) == ("Pressed 2", True)


def test_a_menu_behind_a_greeting_that_sounded_human_is_still_noticed():
    line = VirtualLine(school()).open()
    line.announce("Hello.")
    assert line.said[0] == INTRODUCTION
    line.announce(*MENU)
    line.wait(2_000)
    assert line.situations == [Situation.MENU]
    line.model("", press("2"))
    line.wait(2_000)
    line.callee("Service, good morning.")
    assert line.said.count(INTRODUCTION) == 2


def test_the_introduction_waits_while_a_greeting_may_be_a_recording():
    line = VirtualLine(school()).open()
    line.announce(WELCOME)
    assert line.said == []
    line.wait(1_000)
    assert line.said == []
    line.wait(1_000)
    assert line.said[0] == INTRODUCTION


def test_a_greeting_with_a_question_is_a_person_and_is_answered_at_once():
    line = VirtualLine(school()).open()
    line.callee("Thank you for calling Sweet Violet's, this is Anna, how can I help you?")
    assert line.said[0] == INTRODUCTION


def test_a_menu_that_hangs_up_is_a_dead_end():
    line = at_menu()
    line.feed(LineDropped())
    assert_ended(line, EndReason.MENU_DEAD_END)


def test_the_user_can_stop_a_call_in_a_menu():
    line = at_menu()
    line.feed(StopAsked())
    assert_ended(line, EndReason.STOPPED_BY_USER)
    assert line.said == []


def test_after_keys_and_silence_somebody_is_waited_for():
    line = at_menu()
    line.model("", press("2"))
    line.wait(9_000)
    assert line.situations[-1] is Situation.HOLD
    line.callee("Parts department.")
    assert line.said[0] == INTRODUCTION
    assert line.slots[-1].value == "press 2"


def test_a_recording_behind_a_step_is_not_taken_for_a_person():
    line = at_menu()
    line.model("", press("1"))
    line.wait(1_000)
    line.announce("There is no outage in your area.", *MENU)
    line.wait(2_000)
    assert line.said == [] and line.pressed == ["1", "0"]


def test_who_only_says_a_name_behind_a_step_is_greeted_after_a_moment():
    line = at_menu()
    line.model("", press("2"))
    line.wait(1_000)
    line.announce("Parts department.")
    assert line.said == []
    line.wait(1_500)
    assert line.said[0] == INTRODUCTION


def test_a_spoken_okay_one_moment_is_still_the_machine():
    line = VirtualLine(school()).open()
    line.announce("You can say schedules, or lost and found.")
    line.wait(2_000)
    line.model("I would like lost and found, please.")
    line.hear_all()
    line.announce("Okay. One moment.")
    line.wait(3_000)
    assert line.said == ["lost and found"] and line.situations[-1] is Situation.HOLD
    line.announce("Lost and found, Kevin speaking.")
    assert line.said[1] == INTRODUCTION


def test_a_recording_that_begins_anew_is_a_menu_whose_options_were_not_made_out():
    line = VirtualLine(school()).open()
    line.announce(WELCOME)
    line.wait(3_000)
    line.hear_all()
    line.announce(WELCOME)
    assert line.situations == [Situation.MENU] and line.asks == []
    line.wait(6_000)
    line.feed(ThinkingFailed(line.asks[-1].ask_id))
    assert line.pressed == ["0"]


def test_a_recording_whose_next_words_come_late_is_not_spoken_over():
    line = VirtualLine(school()).open()
    line.announce(WELCOME)
    line.wait(600)
    line.feed(CalleeStarted())
    line.wait(3_000)
    assert line.said == []
    line.callee("For hours, press 1. For anything else, press 0.")
    assert line.said == [] and line.situations == [Situation.MENU]


def test_staying_on_the_line_is_an_option():
    line = VirtualLine(flowers()).open()
    line.announce("For hours, press 1.", "For directions, press 2, or stay on the line.")
    line.wait(2_000)
    line.feed(ThinkingFailed(line.asks[-1].ask_id))
    assert line.pressed == [] and line.situations[-1] is Situation.HOLD
