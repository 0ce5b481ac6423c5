"""What a tool changes of prompt, tools and keys in the middle of a call: from the next question and the next key on, without another greeting."""

import json

from calls.conversation.fixed_lines import KEY_DOES_NOTHING
from calls.conversation.reception.use_case import Changes
from tests.calls.conversation.reception.greenhouse import GREETING, HOURS, KEYS, LIST, MENU, ORDER, PLACED, Ringing, greenhouse


def ordered(changes=PLACED, *, use_case=None, **more):
    """A call in which an order was just placed."""
    line = Ringing(use_case).greeted()
    line.callee("One rose, please.")
    line.model("", ("place_order", {"what": "rose"}))
    line.result(changes=changes, **more)
    return line


def offered(line):
    return [tool["function"]["name"] for tool in line.asks[-1].tools]


def prompt(line):
    return line.asks[-1].messages[0]["content"]


def test_the_very_next_question_is_asked_with_what_was_changed_and_nobody_is_greeted_again():
    line = ordered()
    assert offered(line) == ["opening_hours", "end_call"]
    assert "You answer for a greenhouse.\n\nThe order is placed." in prompt(line)
    assert line.tool_results() == [{"ok": True}]
    line.model("It is on its way.")
    line.hear_all()
    assert line.said == [GREETING, "It is on its way."]
    line.prompt_is_valid()


def test_a_tool_that_is_not_offered_any_more_is_refused_with_those_that_are():
    line = ordered()
    line.model("", ("place_order", {"what": "rose"}))
    assert len(line.runs) == 1
    assert line.tool_results()[-1] == {"ok": False, "reason": "unknown_tool", "do": "use one of: opening_hours"}
    line.prompt_is_valid()


def test_keys_do_from_the_next_one_on_what_the_tool_says_and_others_nothing():
    line = ordered(say="It is placed.")
    line.press("1")
    assert line.said[-1] == "We open at nine."
    line.press("2")
    assert line.said[-1] == KEY_DOES_NOTHING


def test_a_tool_that_a_key_runs_changes_them_too():
    line = Ringing().greeted()
    line.press("1")
    line.result(changes=PLACED)
    assert offered(line) == ["opening_hours", "end_call"]
    assert "The order is placed." in prompt(line)


def test_what_runs_beside_it_is_finished_as_it_was_begun():
    line = Ringing(greenhouse(tools=(LIST, ORDER, HOURS))).greeted()
    line.callee("One rose, and what else is there?")
    line.model("", ("opening_hours", {}), ("place_order", {}), ("list_plants", {}))
    line.result()
    line.result(changes=PLACED)
    assert line.runs[-1].name == "list_plants"
    line.result(data={"plants": ["rose"]})
    assert line.tool_results()[-1] == {"ok": True, "plants": ["rose"]}
    assert offered(line) == ["opening_hours", "end_call"]


def test_of_several_changes_the_newest_holds_whichever_is_heard_of_first():
    newest = Changes(3, "The order is on its way.", (LIST,), {})
    line = Ringing().greeted()
    line.callee("A rose, and a tulip.")
    line.model("", ("list_plants", {}), ("opening_hours", {}))
    line.result(1, changes=Changes(2, "Nothing is placed.", (ORDER,), {}))
    line.result(0, changes=newest)
    assert (offered(line), "on its way" in prompt(line)) == (["list_plants", "end_call"], True)
    line.model("", ("list_plants", {}))
    line.result(changes=PLACED)
    assert (offered(line), "on its way" in prompt(line)) == (["list_plants", "end_call"], True)


def test_digits_that_are_being_keyed_still_go_where_they_were_to_go():
    line = Ringing().greeted()
    line.press("3", "4")
    line.callee("Wait, when do you close?")
    line.model("", ("opening_hours", {}))
    line.result(changes=Changes(1, "", (LIST,), {}))
    line.press("2", "#")
    assert (line.runs[-1].name, json.loads(line.runs[-1].arguments)) == ("list_plants", {"number": "42"})
    line.result(say="Thank you.")
    line.press("3")
    assert line.said[-1] == KEY_DOES_NOTHING


def test_another_use_case_comes_with_its_own_and_may_be_changed_anew():
    garage = greenhouse(slug="garage", greeting="The garage's AI assistant.", prompt="You answer for a garage.", tools=(LIST, MENU), keys={})
    line = ordered(Changes(7, "The order is placed.", (HOURS,), {}))
    line.model("", ("opening_hours", {}))
    line.result(start=garage)
    line.hear_all()
    line.callee("My car rattles.")
    assert (offered(line), "order is placed" in prompt(line)) == (["list_plants", "main_menu", "end_call"], False)
    line.model("", ("list_plants", {}))
    line.result(changes=Changes(1, "It rattles.", (MENU,), {}))
    assert (offered(line), prompt(line).endswith("You answer for a garage.\n\nIt rattles.")) == (["main_menu", "end_call"], True)


def test_who_starts_another_use_case_beside_a_change_goes_on_with_that_one():
    garage = greenhouse(slug="garage", greeting="The garage's AI assistant.", prompt="You answer for a garage.", tools=(), keys={})
    line = Ringing().greeted()
    line.callee("A rose.")
    line.model("", ("list_plants", {}), ("opening_hours", {}))
    line.result(0, start=garage)
    line.result(1, changes=PLACED)
    line.hear_all()
    line.callee("Hello, the garage?")
    assert (offered(line), "order is placed" in prompt(line)) == (["end_call"], False)


def test_who_says_something_after_the_goodbye_is_answered_with_what_was_changed():
    line = ordered(end=True, say="Your order is placed. Goodbye.")
    line.callee("Wait, when do you open?")
    line.hear_all()
    assert offered(line) == ["opening_hours", "end_call"]


def test_it_stays_when_the_caller_goes_over_to_another_language():
    line = Ringing(languages=("en-US", "fr-FR"), language="en-US").greeted()
    line.callee("One rose, please.")
    line.model("", ("place_order", {"what": "rose"}))
    line.result(changes=PLACED)
    line.model("It is on its way.")
    line.hear_all()
    line.callee("Parlez-vous français ?")
    line.hear_all()
    assert "The order is placed.\n\nLANGUAGE: the caller speaks French." in prompt(line)
    assert offered(line) == ["opening_hours", "end_call"]


def test_keys_alone_may_change():
    line = ordered(Changes(1, "", (LIST, HOURS, ORDER), {"1": KEYS["2"]}), say="It is placed.")
    line.press("1")
    assert line.said[-1] == "We are on Brock Road."
    line.hear_all()
    line.callee("And a tulip.")
    assert offered(line) == ["list_plants", "opening_hours", "place_order", "end_call"]
    assert prompt(line).endswith("You answer for a greenhouse.")
