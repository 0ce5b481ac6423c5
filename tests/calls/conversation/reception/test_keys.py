"""What keys do: a line, a tool, both, digits until the hash, a word to the model; unknown ones are no mistake."""

import json

import pytest

from calls.conversation.fixed_lines import KEY_DOES_NOTHING
from calls.conversation.reception.keys import BadKeysError, Keypad, Pressed, read_keys
from calls.conversation.reception.use_case import OfferedTool
from tests.calls.conversation.reception.greenhouse import GREETING, KEYS, LIST, MENU, Ringing, greenhouse


def notes(line):
    return [json.loads(message["content"]) for message in line.messages("system")[1:]]


def test_a_key_says_its_line_and_interrupts_what_is_said():
    line = Ringing().greeted()
    line.callee("Tell me about roses.")
    line.model("Roses are plants with thorns that smell good.")
    line.wait(500)
    line.press("2")
    assert line.said[-1] == "We are on Brock Road."
    line.hear_all()
    assert line.state == "listening"


def test_a_key_says_its_line_first_and_then_runs_its_tool():
    line = Ringing().greeted()
    line.press("1")
    assert line.said[-1] == "Here is what we have."
    assert [(run.name, json.loads(run.arguments)) for run in line.runs] == [("list_plants", {"sort": "all"})]
    line.result(data={"plants": ["rose"]})
    assert notes(line) == [{"keys_pressed": "1", "tool": "list_plants", "result": {"ok": True, "plants": ["rose"]}}]


def test_digits_are_collected_until_the_hash_or_until_no_more_come():
    line = Ringing().greeted()
    line.press("3")
    assert line.said[-1] == "Enter your number, then hash."
    line.press("4", "0", "7", "#")
    assert json.loads(line.runs[-1].arguments) == {"number": "407"}
    line.result(say="Thank you.")
    line.press("3", "1", "2")
    line.wait(6_000)
    assert json.loads(line.runs[-1].arguments) == {"number": "12"}
    line.result(say="Thank you.")
    line.press("3")
    line.wait(6_000)
    assert len(line.runs) == 2


def test_the_first_digit_is_waited_for_once_the_line_about_it_was_heard():
    long = "Key the number of your order, which stands at the top of the letter that we sent you last week, and then the hash key."
    line = Ringing(greenhouse(keys={"3": {"collect": True, "say": long, "tool": "list_plants", "into": "number"}})).greeted()
    line.press("3")
    line.wait(6_500)
    assert line.playing
    line.hear_all()
    line.wait(4_500)
    line.press("4", "0")
    assert line.runs == []
    line.wait(6_000)
    assert json.loads(line.runs[-1].arguments) == {"number": "40"}


def test_who_keys_over_the_line_about_it_has_heard_enough():
    line = Ringing().greeted()
    line.press("3")
    line.wait(200)
    line.press("4")
    assert line.playing == []
    line.wait(5_100)
    assert json.loads(line.runs[-1].arguments) == {"number": "4"}


def test_what_is_collected_is_the_argument_that_the_tool_must_have():
    pin = OfferedTool("enter_pin", "Takes the PIN.", {"type": "object", "properties": {"pin": {"type": "string"}}, "required": ["pin"]})
    line = Ringing(greenhouse(tools=(pin,), keys={"5": {"collect": True, "tool": "enter_pin"}})).greeted()
    line.press("5", "4", "7", "#")
    assert json.loads(line.runs[-1].arguments) == {"pin": "47"}


def test_a_key_may_be_the_models_business():
    line = Ringing().greeted()
    line.press("4")
    assert notes(line) == [{"keys_pressed": "4"}]


def test_an_unknown_key_gets_a_friendly_line():
    line = Ringing().greeted()
    line.press("9")
    assert line.said[-1] == KEY_DOES_NOTHING
    own = Ringing(greenhouse(keys={"unknown": {"say": "Try 1."}})).greeted()
    own.press("9")
    assert own.said[-1] == "Try 1."


def test_a_key_pressed_over_the_greeting_waits_for_its_end():
    line = Ringing()
    line.open()
    line.wait(300)
    line.press("2")
    assert line.said == [GREETING]
    line.hear_all()
    assert "We are on Brock Road." in line.said


def test_the_star_leads_to_the_menu_where_there_is_one():
    line = Ringing(greenhouse(menu=True, tools=(MENU,), keys={})).greeted()
    line.press("*")
    assert [run.name for run in line.runs] == ["main_menu"]


def test_the_star_leads_to_the_menu_while_digits_are_collected_and_is_none_of_them():
    line = Ringing(greenhouse(menu=True, tools=(LIST, MENU))).greeted()
    line.press("3", "4", "7", "*")
    assert [run.name for run in line.runs] == ["main_menu"]
    line.press("1")
    assert not line.conversation._receptionist.keypad.collecting
    alone = Ringing().greeted()
    alone.press("3", "4", "*", "7", "#")
    assert [json.loads(run.arguments) for run in alone.runs] == [{"number": "47"}]


def test_any_digit_may_begin_what_is_collected():
    pad = Keypad(read_keys({"digits": {"collect": True, "tool": "pin"}, "1": {"say": "One."}}), menu=False)
    assert pad.press("1") == Pressed(say="One.", keys="1")
    assert [pad.press(key) for key in "4711"] == [None] * 4
    assert pad.press("#") == Pressed(tool="pin", arguments={"digits": "4711"}, keys="4 digits")


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"A": {"say": "x"}}, "no such key"),
        ({"1": "x"}, "a table"),
        ({"1": {}}, "needs say"),
        ({"1": {"speak": "x"}}, "known are"),
        ({"1": {"say": 3}}, "must be str"),
        ({"1": {"tool": "fly"}}, "no tool fly"),
        ({"1": {"tool": "list_plants", "model": True}}, "choose one"),
        ({"1": {"say": "x", "collect": True}}, "must go to"),
        ({"1": {"model": True, "collect": True, "until": "AA"}}, "one key"),
    ],
)
def test_handlers_that_cannot_work_are_refused_with_a_reason(keys, why):
    with pytest.raises(BadKeysError, match=why):
        read_keys(keys, {"list_plants"})


def test_good_handlers_are_read():
    assert set(read_keys(KEYS, {"list_plants"})) == {"1", "2", "3", "4"}
