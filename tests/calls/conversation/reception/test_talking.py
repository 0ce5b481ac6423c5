"""A call that came in, from the greeting to the goodbye."""

import pytest

from calls.conversation import fixed_lines
from calls.conversation.disclosure import NotDisclosedError
from calls.conversation.effects import EndReason
from calls.conversation.events import CostReached, HeardUpTo, LineDropped, SpeechFailed, ThinkingFailed
from calls.conversation.reception.reception import Reception
from tests.calls.conversation.reception.greenhouse import GREETING, Ringing, brief, greenhouse
from tests.calls.conversation.virtual_line import assert_ended


def test_who_rings_hears_at_once_that_an_ai_answers():
    line = Ringing()
    line.open()
    assert line.said == [GREETING]
    assert line.playing[0][2] is False  # it cannot be cut
    assert not line.disclosed
    line.hear_all()
    assert line.disclosed == 1
    assert (line.state, line.asks) == ("listening", [])


@pytest.mark.parametrize("greeting", ["Hello, this is the greenhouse.", "Hello, I am not an AI assistant.", ""])
def test_a_greeting_that_does_not_say_so_is_refused(greeting):
    with pytest.raises(NotDisclosedError):
        Reception(brief(greenhouse(greeting=greeting)))
    with pytest.raises(NotDisclosedError):
        Reception(brief(introduction=GREETING, use_case=greenhouse()).__class__(**{**brief().to_json(), "use_case": None}))


def test_a_greeting_that_was_not_heard_is_said_again_and_without_it_there_is_no_call():
    line = Ringing(play=False)
    line.open()
    for number in range(3):
        line.feed(SpeechFailed(f"s{number + 1}"))
    assert line.said == [GREETING] * 3
    assert_ended(line, EndReason.PROVIDER_FAILED)
    assert not line.disclosed


def test_what_is_said_over_the_greeting_is_answered_after_it():
    line = Ringing()
    line.open()
    line.wait(2_000)
    line.callee("Hi.")
    line.callee("Do you have roses?")
    assert line.asks == []
    line.hear_all()
    assert [message["content"] for message in line.messages("user")] == ['{"callee": "Hi."}', '{"callee": "Do you have roses?"}']


def test_turns_go_on_in_a_prompt_that_begins_with_the_role():
    line = Ringing().greeted()
    line.callee("Do you have roses?")
    first = line.asks[-1].messages[0]
    assert "You answer for a greenhouse." in first["content"]
    line.model("Yes, we do. Which colour?")
    line.hear_all()
    line.callee("Red.")
    assert line.asks[-1].messages[0] == first
    assert [message["role"] for message in line.messages()] == ["system", "assistant", "user", "assistant", "user"]
    assert [tool["function"]["name"] for tool in line.asks[-1].tools] == ["list_plants", "opening_hours", "place_order", "end_call"]


def test_an_interruption_cuts_history_to_what_was_heard():
    line = Ringing().greeted()
    line.callee("Do you have roses?")
    line.model("We have red ones and white ones and yellow ones and pink ones.")
    line.wait(700)
    line.barge_in(heard=16)
    line.callee("Red ones, please.")
    assert line.messages("assistant")[-1]["content"] == "We have red ones"
    assert line.messages("user")[-1]["content"] == '{"callee": "Red ones, please."}'


def test_a_murmur_over_the_answer_stops_nothing_for_good():
    line = Ringing().greeted()
    line.callee("Do you have roses?")
    line.model("We have red ones and white ones.")
    line.wait(500)
    line.barge_in(heard=12)
    line.callee("mm-hm")
    line.hear_all()
    assert line.transcript[-1] == ("callee", "mm-hm") or "white ones" in line.transcript[-1][1]
    assert any("white ones." in text for _, text in line.transcript)


def test_the_model_may_end_the_call_with_a_goodbye_and_a_last_question_brings_it_back():
    line = Ringing().greeted()
    line.callee("That was all.")
    line.model("", ("end_call", {"farewell": "Thank you for calling. Goodbye."}))
    assert line.said[-1] == "Thank you for calling. Goodbye."
    line.wait(300)
    line.callee("Oh, wait, are you open on Sunday?")
    assert line.state == "thinking"
    line.model("Yes.", ("end_call", {"farewell": "Goodbye."}))
    line.hear_all()
    assert_ended(line, EndReason.FINISHED)
    line.prompt_is_valid()


def test_a_farewell_is_not_said_twice_and_never_missing():
    line = Ringing().greeted()
    line.callee("Bye!")
    line.model("Goodbye.", ("end_call", {"farewell": "Goodbye."}))
    line.hear_all()
    assert line.said[1:] == ["Goodbye."]
    bare = Ringing().greeted()
    bare.callee("Bye!")
    bare.model("", ("end_call", "no json"))
    bare.hear_all()
    assert bare.said[1:] == [fixed_lines.GOODBYE]
    assert_ended(bare, EndReason.FINISHED)


def test_silence_is_asked_about_twice_and_ends_the_call():
    line = Ringing().greeted()
    line.wait(60_000)
    assert line.said[1:] == [fixed_lines.ARE_YOU_THERE] * 2 + [fixed_lines.NO_RESPONSE]
    assert_ended(line, EndReason.NO_RESPONSE)


def test_limits_of_time_and_money_end_it_politely():
    line = Ringing(max_call_ms=30_000).greeted()
    line.callee("Tell me about roses.")
    line.model(" ".join(["Roses are plants."] * 20))
    line.wait(40_000)
    assert line.said[-1] == fixed_lines.TOO_LONG
    assert_ended(line, EndReason.TOO_LONG)
    dear = Ringing().greeted()
    dear.feed(CostReached())
    dear.hear_all()
    assert_ended(dear, EndReason.TOO_DEAR)


def test_a_model_that_fails_twice_ends_in_an_apology_that_asks_to_call_again():
    line = Ringing().greeted()
    line.callee("Do you have roses?")
    line.feed(ThinkingFailed(line.asks[-1].ask_id))
    line.feed(ThinkingFailed(line.asks[-1].ask_id))
    line.hear_all()
    assert line.said[-1] == fixed_lines.TROUBLE_CALL_AGAIN
    assert_ended(line, EndReason.PROVIDER_FAILED)


def test_words_nobody_understood_end_it_after_three_tries():
    line = Ringing().greeted()
    for _ in range(4):
        line.callee("mumble", confidence=0.1)
        line.hear_all()
    assert line.said[-1] == fixed_lines.CANNOT_HEAR_YOU
    assert_ended(line, EndReason.NOT_UNDERSTOOD)


def test_a_caller_who_hangs_up_leaves_nothing_running():
    line = Ringing().greeted()
    line.callee("Do you have roses?")
    line.feed(LineDropped())
    assert_ended(line, EndReason.CALLEE_HUNG_UP)
    line.feed(HeardUpTo("s1", 3, True, line.now))
