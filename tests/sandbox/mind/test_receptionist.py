"""The receptionist by rule: which tools what is said leads to, and how what they found is said."""

import json

import pytest

from sandbox.mind import think
from sandbox.mind.findings import SORRY
from sandbox.mind.receptionist import is_reception, receive
from sandbox.mind.thought import Thought, ToolUse

PROMPT = {"role": "system", "content": "How you talk.\n\nROLE: Greenhouse\nYou answer the phone."}
TOOLS = frozenset(
    [
        *("check_availability", "schedule_tour", "list_available_apartments", "common_questions"),
        *("start_order", "add_item", "read_back_order", "place_order"),
        *("save_name", "choose_experience", "live_agent", "end_call"),
    ]
)


def said(text):
    return {"role": "user", "content": json.dumps({"callee": text})}


def used(name, arguments, result):
    call = {"id": name, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
    return [{"role": "assistant", "content": None, "tool_calls": [call]}, {"role": "tool", "tool_call_id": name, "content": json.dumps(result)}]


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        (
            "I'd like to see the two-bedroom apartment tomorrow at 2 p.m., self-guided, please.",
            (ToolUse("check_availability", {"date": "tomorrow", "time": "2 p.m.", "tour_type": "self-guided", "layout": "two-bedroom"}),),
        ),
        (
            "Which apartments are available, and are pets allowed?",
            (ToolUse("list_available_apartments", {"layout": ""}), ToolUse("common_questions", {"topic": "pets", "layout": ""})),
        ),
        ("Pickup, please.", (ToolUse("start_order", {"kind": "pickup", "address": ""}),)),
        ("My name is Dana Whitfield.", (ToolUse("save_name", {"first_name": "Dana", "last_name": "Whitfield"}),)),
        ("I'd like the pizza.", (ToolUse("choose_experience", {"title": "pizza"}),)),
        ("That was all. Goodbye.", (ToolUse("end_call", {"farewell": "Thank you for calling. Goodbye."}),)),
    ],
)
def test_what_is_said_leads_to_tools(text, uses):
    assert receive([PROMPT, said(text)], TOOLS) == Thought("", uses)


def test_what_tools_found_is_said_together_and_what_failed_too():
    talk = [PROMPT, said("x"), *used("add_item", {}, {"ok": True, "total": "$21.94"}), *used("place_order", {}, {"ok": False, "reason": "failed"})]
    assert receive(talk, TOOLS) == Thought(f"That comes to $21.94. Anything else? {SORRY}")


def test_a_yes_means_what_was_offered_last():
    wanted = {"date": "tomorrow", "time": "2 pm"}
    offered = used("check_availability", wanted, {"ok": True, "available": True, "time": "Monday at 2:00 pm"})
    assert receive([PROMPT, said("x"), *offered, said("Yes, please do.")], TOOLS).tools == (ToolUse("schedule_tour", wanted),)
    closed = used("place_order", {}, {"ok": True, "placed": False, "earliest": "Tuesday, 24 November 2026 at 11:20 am"})
    then = {"date": "Tuesday, 24 November 2026", "time": "11:20 am"}
    assert receive([PROMPT, said("x"), *closed, said("Yes.")], TOOLS).tools == (ToolUse("place_order", then),)


def test_a_key_that_ran_a_tool_has_its_result_told():
    note = {
        "role": "system",
        "content": json.dumps({"keys_pressed": "1", "tool": "list_plants", "result": {"ok": True, "plants": ["Rose.", "Fern"]}}),
    }
    assert receive([PROMPT, note], TOOLS) == Thought("Rose. Fern.")


def test_who_answers_the_phone_is_told_from_who_calls():
    assert is_reception([PROMPT])
    assert not is_reception([{"role": "system", "content": "Rules.\nROLE: x\nBRIEF\n{}"}])
    body = {"messages": [PROMPT, said("Goodbye.")], "tools": [{"type": "function", "function": {"name": "end_call"}}]}
    assert think(body).tools[0].name == "end_call"
