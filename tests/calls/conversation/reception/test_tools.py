"""Tools of a use case: what runs beside what, what the model hears of it, and what they may set off."""

import json
from dataclasses import replace

from calls.conversation import fixed_lines
from calls.conversation.effects import DropTool, EndReason, NoteRefusedTool
from calls.conversation.events import LineDropped, ReplyEnded, ReplyPieceArrived, ToolFinished
from tests.calls.conversation.reception.greenhouse import GREETING, LIST, MENU, Ringing, greenhouse
from tests.calls.conversation.reception.greenhouse import HOURS as OPEN
from tests.calls.conversation.reception.greenhouse import ORDER as PLACE
from tests.calls.conversation.virtual_line import assert_ended

PLANTS, HOURS, ORDER = ("list_plants", {"sort": "roses"}), ("opening_hours", {}), ("place_order", {"what": "roses"})


def asked(*tools, text="", use_case=None):
    line = Ringing(use_case).greeted()
    line.callee("Do you have roses, and when are you open?")
    line.model(text, *tools)
    return line


def test_tools_run_side_by_side_and_their_results_go_to_the_model_together():
    line = asked(PLANTS, HOURS)
    assert [(run.name, json.loads(run.arguments)) for run in line.runs] == [PLANTS, HOURS]
    assert line.runs[0].line == 2
    line.result(1, data={"open": "9 to 6"})
    assert len(line.asks) == 1
    line.result(0, data={"plants": ["roses"]})
    assert line.tool_results() == [{"ok": True, "plants": ["roses"]}, {"ok": True, "open": "9 to 6"}]
    line.prompt_is_valid()
    line.model("We have roses, and we are open from 9 to 6.")
    line.callee("Great.")
    assert len(line.tool_results()) == 2  # still there in later turns
    line.prompt_is_valid()


def test_an_exclusive_tool_runs_alone_in_its_place():
    line = asked(PLANTS, ORDER, HOURS)
    assert [run.name for run in line.runs] == ["list_plants"]
    line.result()
    assert [run.name for run in line.runs] == ["list_plants", "place_order"]
    line.result()
    assert [run.name for run in line.runs] == ["list_plants", "place_order", "opening_hours"]
    line.result()
    assert len(line.tool_results()) == 3
    line.prompt_is_valid()


def test_invented_tools_and_broken_arguments_become_results():
    line = asked(("sell_company", {}), ("list_plants", "not json"), ("opening_hours", "[1]"))
    assert line.runs == []
    assert [result["reason"] for result in line.tool_results()] == ["unknown_tool", "bad_arguments", "bad_arguments"]
    noted = [(effect.name, effect.result["reason"]) for effect in line.effects if isinstance(effect, NoteRefusedTool)]
    assert noted == [("sell_company", "unknown_tool"), ("list_plants", "bad_arguments"), ("opening_hours", "bad_arguments")]
    line.prompt_is_valid()


def test_a_failing_tool_becomes_a_result_too():
    line = asked(PLANTS)
    line.result(ok=False, data={"reason": "failed", "do": "apologise"})
    assert line.tool_results() == [{"ok": False, "reason": "failed", "do": "apologise"}]


def test_a_tool_of_which_nothing_is_heard_times_out():
    line = asked(PLANTS, ORDER)
    line.wait(40_000)
    assert [result["reason"] for result in line.tool_results()] == ["timed_out", "timed_out"]
    before = len(line.asks)
    line.result(0, data={"late": True})
    assert len(line.asks) == before


def test_who_waits_for_a_tool_is_told_so_in_the_tools_own_words():
    line = asked(PLANTS)
    assert line.state == "thinking"
    line.wait(1_500)
    assert line.said[1:] == ["Let me look around."]
    line.wait(5_000)
    assert len(line.said) > 2
    line.result(data={"plants": []})
    assert len(line.asks) == 2


def test_a_quick_tool_needs_no_words():
    line = asked(PLANTS)
    line.wait(200)
    line.result()
    assert line.said == [GREETING]


def test_what_a_tool_says_is_said_word_for_word_and_the_model_knows():
    line = asked(PLANTS)
    line.result(data={"plants": 3}, say="There are three roses left.")
    assert line.said[-1] == "There are three roses left."
    assert len(line.asks) == 1  # nothing to add
    line.hear_all()
    line.callee("I take one.")
    assert line.tool_results() == [{"ok": True, "plants": 3, "said_to_caller": "There are three roses left."}]
    assert line.messages("assistant")[-1]["content"] == "There are three roses left."


def test_a_tool_may_end_the_call():
    line = asked(ORDER)
    line.result(say="Your order is placed. Goodbye.", end=True)
    line.hear_all()
    assert line.said[-1] == "Your order is placed. Goodbye."
    assert_ended(line, EndReason.FINISHED)


def test_a_tool_may_hand_off_once_everything_was_heard():
    line = asked(ORDER)
    line.result(say="I'll put you through to Ann.", hand_off=("legal", "Asks about a contract."))
    assert [(one.code, one.summary) for one in line.hand_offs] == [("legal", "Asks about a contract.")]
    assert line.ended is None
    line.hear_all()
    assert_ended(line, EndReason.HANDED_OFF)
    silent = asked(ORDER)
    silent.result(hand_off=("user_requested", "Wants a person."))
    assert silent.said[-1] == fixed_lines.PUTTING_THROUGH


def test_a_tool_may_switch_the_use_case_in_the_middle_of_the_call():
    garage = greenhouse(
        slug="garage", title="Garage", greeting="This is the garage's AI assistant.", prompt="You answer for a garage.", tools=(), keys={}
    )
    line = asked(ORDER)
    line.result(start=garage)
    assert line.said[-1] == "This is the garage's AI assistant."
    line.hear_all()
    line.callee("My car rattles.")
    assert "You answer for a garage." in line.asks[-1].messages[0]["content"]
    assert [tool["function"]["name"] for tool in line.asks[-1].tools] == ["end_call"]
    assert any("roses" in message["content"] for message in line.messages("user"))  # the talk so far stays
    line.prompt_is_valid()
    line.model("Oh.")
    line.press("1")
    assert line.said[-1].startswith("Sorry, that key does nothing")


def test_main_menu_said_leads_back_without_asking_the_model():
    line = Ringing(greenhouse(menu=True, tools=(MENU,))).greeted()
    line.callee("Main menu, please.")
    assert [run.name for run in line.runs] == ["main_menu"]
    assert line.asks == []
    line.result(start=greenhouse(slug="front", greeting="Back at the front desk's AI assistant."))
    assert line.said[-1] == "Back at the front desk's AI assistant."
    plain = Ringing().greeted()
    plain.callee("Main menu, please.")
    assert plain.runs == []


def test_what_the_caller_says_while_a_tool_runs_is_answered_with_its_result():
    line = asked(PLANTS)
    line.callee("And how much are they?")
    assert len(line.asks) == 1
    line.result(data={"plants": 3})
    assert len(line.asks) == 2
    assert line.messages("user")[-1]["content"] == '{"callee": "And how much are they?"}'
    line.prompt_is_valid()


def test_tools_of_a_reply_that_was_broken_off_are_not_run():
    line = Ringing().greeted()
    line.callee("Do you have roses?")
    ask = line.asks[-1].ask_id
    line.feed(ReplyPieceArrived(ask, "Let me see what we have in the house today. "))
    line.wait(300)
    line.barge_in(heard=3)
    line.callee("No, tulips!")
    line.feed(ReplyEnded(ask, "stop"))
    assert line.runs == []


def test_a_model_that_only_calls_tools_comes_to_an_end():
    line = asked(PLANTS)
    for _ in range(5):
        line.result()
        line.model("", PLANTS)
    line.result()
    line.hear_all()
    assert_ended(line, EndReason.PROVIDER_FAILED)


def test_a_goodbye_beside_a_failed_tool_waits():
    line = asked(PLANTS, ("end_call", {"farewell": "Bye."}))
    line.result(ok=False, data={"reason": "failed"})
    assert [result["ok"] for result in line.tool_results()] == [False, False]
    assert line.ended is None
    fine = asked(PLANTS, ("end_call", {"farewell": "Bye."}))
    fine.result()
    fine.hear_all()
    assert_ended(fine, EndReason.FINISHED)


def test_a_tool_that_is_done_after_the_caller_left_changes_nothing():
    line = asked(PLANTS)
    line.feed(LineDropped())
    assert line.feed(ToolFinished(line.runs[0].run_id, {}, say="Too late.")) == []
    assert_ended(line, EndReason.CALLEE_HUNG_UP)


READS = greenhouse(tools=(replace(LIST, reads=True), replace(OPEN, reads=True), PLACE))


def dropped(line):
    return [effect.run_id for effect in line.effects if isinstance(effect, DropTool)]


def test_who_wants_something_else_does_not_wait_for_what_is_only_looked_up():
    line = asked(PLANTS, HOURS, use_case=READS)
    line.result(1, data={"open": "9 to 6"})
    line.callee("Never mind the roses. Where are you?")
    assert dropped(line) == [line.runs[0].run_id]
    assert [result.get("reason") for result in line.tool_results()] == ["interrupted", None]
    assert "Where are you?" in line.asks[-1].messages[-1]["content"]
    line.prompt_is_valid()
    line.model("On Brock Road.")
    line.result(0, data={"plants": ["roses"]})
    line.hear_all()
    assert (len(line.asks), line.said[-1]) == (2, "On Brock Road.")


def test_what_acts_is_finished_and_what_waits_behind_it_is_not_begun():
    line = asked(ORDER, PLANTS, use_case=READS)
    line.callee("And where are you?")
    assert dropped(line) == []
    assert len(line.asks) == 1
    line.result(data={"order": 7})
    assert [run.name for run in line.runs] == ["place_order"]
    assert [result.get("order", result.get("reason")) for result in line.tool_results()] == [7, "interrupted"]
    line.prompt_is_valid()


def test_an_order_that_waits_behind_a_look_is_not_placed_when_they_say_something_else():
    line = asked(PLANTS, ORDER, use_case=READS)
    line.callee("No, wait. No roses.")
    assert [run.name for run in line.runs] == ["list_plants"]
    assert [result["reason"] for result in line.tool_results()] == ["interrupted", "interrupted"]


def test_a_nod_or_a_noise_or_a_second_hello_gives_nothing_up():
    line = asked(PLANTS, use_case=READS)
    for said in ("Okay.", "Mm-hm.", "Hello?"):
        line.callee(said)
    line.callee("")
    assert dropped(line) == []


def test_a_look_is_given_up_once_so_that_the_impatient_get_an_answer_too():
    line = asked(PLANTS, use_case=READS)
    line.callee("Are you still there?")
    assert len(dropped(line)) == 1
    line.model("", PLANTS)
    line.callee("Are you still there?")
    assert len(dropped(line)) == 1
    line.result(data={"plants": ["roses"]})
    assert line.tool_results()[-1] == {"ok": True, "plants": ["roses"]}


def test_a_key_does_not_wait_for_what_is_only_looked_up():
    line = asked(PLANTS, use_case=READS)
    line.press("2")
    assert len(dropped(line)) == 1
    assert line.said[-1] == "We are on Brock Road."
