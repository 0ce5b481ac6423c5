"""What callers change and take back: which tool the mind uses for their words."""

import pytest

from sandbox.mind.amending import amended, moment
from sandbox.mind.findings import Result
from sandbox.mind.receptionist import receive
from sandbox.mind.thought import ToolUse
from tests.sandbox.mind.test_receptionist import FRENCH, PROMPT, TOOLS, said, used

ORDER = ["line 1: 1 large Hawaiian with mushroom and ham, $21.94", "line 3: 2 Caesar Salad (dressing on the side), $13.98"]
ORDERED = Result("add_item", {}, {"ok": True, "order": ORDER, "total": "$35.92"})
ALL = TOOLS | {"change_item", "remove_item", "cancel_tour", "existing_appointments"}


def change(line, **what):
    return (ToolUse("change_item", {"line": line, **what}),)


def remove(line):
    return (ToolUse("remove_item", {"line": line}),)


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("Please make the Hawaiian a medium.", change(1, size="medium")),
        ("Change the pizza, the Hawaiian, to a small one.", change(1, size="small")),
        ("A medium Hawaiian instead of the large, please.", change(1, size="medium")),
        ("Could you make it three?", change(3, quantity=3)),
        ("Make that four of the salads.", change(3, quantity=4)),
        ("Make it one Caesar salad only.", change(3, quantity=1)),
        ("Add extra pineapple to the Hawaiian.", change(1, toppings=["mushroom", "ham", "pineapple"])),
        ("Take the mushrooms off the Hawaiian.", change(1, toppings=["ham"])),
        ("I'd like the Hawaiian without ham.", change(1, toppings=["mushroom"])),
        ("Put the dressing on the side of the salad.", change(3, note="dressing on the side")),
        ("Take the salad off again.", remove(3)),
        ("Please remove the Hawaiian.", remove(1)),
        ("I don't want the Caesar salad any more.", remove(3)),
        ("Oh, cancel that.", remove(3)),
        ("Yes, but leave out the salad.", remove(3)),
        ("A large Cobb Salad, please.", ()),
        ("Add a Cobb Salad to the order.", ()),
        ("No, that's all.", ()),
        ("Yes, that is right.", ()),
        ("Make it delivery.", ()),
        ("Please cancel the calzone.", ()),
    ],
)
def test_a_line_is_changed_or_taken_out_by_what_the_caller_calls_it(text, uses):
    assert amended(text, [ORDERED]) == uses


def test_without_an_order_and_behind_one_there_is_nothing_to_change():
    assert amended("Take the salad off.", []) == ()
    assert amended("Take the salad off.", [ORDERED, Result("place_order", {}, {"ok": True, "placed": True})]) == ()
    assert amended("Take the salad off.", [ORDERED, Result("remove_item", {}, {"ok": True, "order": ORDER[:1]})]) == ()


def test_a_change_is_told_with_the_new_total():
    for name, told in (("change_item", "I have changed it."), ("remove_item", "I have taken it off.")):
        talk = [PROMPT, said("x"), *used(name, {}, {"ok": True, "order": ORDER, "total": "$12.00"})]
        assert receive(talk, ALL).text == f"{told} That comes to $12.00. Anything else?"


def test_a_yes_with_a_change_places_nothing():
    talk = [PROMPT, said("x"), *used("add_item", {}, ORDERED.data), *used("read_back_order", {}, {"ok": True, "read_to_the_caller": "x"})]
    assert receive([*talk, said("Yes, but take the salad off.")], ALL).tools == remove(3)
    assert receive([*talk, said("Yes, that is right.")], ALL).tools == (ToolUse("place_order", {}),)


# --- tours ---

TOMORROW = {"date": "tomorrow", "time": "2 p.m."}
CALLED_OFF = (ToolUse("cancel_tour", TOMORROW),)


def talk(*texts, prompt=PROMPT):
    """What the mind says or does to the last of what a caller says; in between it said something."""
    messages = [prompt]
    for text in texts:
        messages += text if isinstance(text, list) else [said(text), {"role": "assistant", "content": "…"}]
    return receive(messages[:-1] if not isinstance(texts[-1], list) else messages, ALL)


@pytest.mark.parametrize(
    "texts",
    [
        ["I'd like to cancel my tour tomorrow at 2 p.m.", "Yes, please."],
        ["Please call off my tour at 2 p.m. tomorrow.", "Yes."],
        ["I can't make my appointment tomorrow at 2 p.m.", "Yes, please do."],
        ["Please cancel my tour.", "It is tomorrow at 2 p.m.", "Yes."],
        [used("existing_appointments", TOMORROW, {"ok": True, "tours": ["a tour"]}), "Please cancel that tour.", "Yes, please do."],
        [used("schedule_tour", TOMORROW | {"layout": "studio"}, {"ok": True, "scheduled": True}), "Oh, cancel it, please.", "Yes."],
    ],
)
def test_a_tour_is_called_off_once_they_said_which_and_that_they_mean_it(texts):
    asked = talk(*texts[:-1])
    assert (asked.text, asked.tools) == ("Shall I call off that tour?", ())
    assert talk(*texts).tools == CALLED_OFF


def test_which_tour_is_asked_and_a_no_leaves_it():
    assert talk("Please cancel my tour.").text == "For which day and time is the tour?"
    assert talk("Please cancel my tour tomorrow at 2 p.m.", "No, leave it.").text == "All right, it stays as it is."


def test_a_yes_to_something_later_calls_nothing_off():
    gone = used("cancel_tour", TOMORROW, {"ok": True, "cancelled": "tour"})
    assert talk("Cancel my tour tomorrow at 2 p.m.", "Yes.", gone, "Yes, thanks.").tools == ()
    offered = used("check_availability", TOMORROW, {"ok": True, "available": True, "time": "x"})
    later = talk("Cancel my tour tomorrow at 2 p.m.", "No.", "I'd like another.", "One more.", offered, "Yes, please.")
    assert [use.name for use in later.tools] == ["schedule_tour"]


def test_what_was_called_off_is_told():
    gone = used("cancel_tour", TOMORROW, {"ok": True, "cancelled": "self-guided tour of the studio on Friday"})
    assert receive([PROMPT, said("Yes."), *gone], ALL).text == "I have called off the self-guided tour of the studio on Friday."


def test_who_speaks_french_changes_and_calls_off():
    ordered = used("add_item", {}, ORDERED.data)
    assert receive([FRENCH, said("x"), *ordered, said("Enlevez la salade, s'il vous plaît.")], ALL).tools == remove(3)
    assert receive([FRENCH, said("x"), *ordered, said("Mettez plutôt la Hawaïenne en moyenne.")], ALL).tools == change(1, size="medium")
    asked = talk("Annulez ma visite demain à 14 heures.", prompt=FRENCH)
    assert asked.text == "J'annule cette visite ?"
    assert talk("Annulez ma visite demain à 14 heures.", "Oui, volontiers.", prompt=FRENCH).tools == (
        ToolUse("cancel_tour", {"date": "tomorrow", "time": "14:00"}),
    )


@pytest.mark.parametrize(
    ("text", "day", "clock"), [("the one on Friday at noon", "Friday", "noon"), ("at 10:30 today", "today", "10:30"), ("x", "", "")]
)
def test_day_and_time_are_found_in_any_order(text, day, clock):
    assert moment(text) == {"date": day, "time": clock}
