"""What no assistant should settle goes to a person, whatever the model would have said."""

import json

import pytest

from calls.conversation.events import CalleePaused
from calls.conversation.reception.topics import LIVE_AGENT
from calls.conversation.reception.use_case import OfferedTool
from tests.calls.conversation.reception.greenhouse import ANYTHING, LIST, Ringing, greenhouse

TOOLS = (LIST, OfferedTool(LIVE_AGENT, "Hands over.", ANYTHING, exclusive=True))
WITH_AGENT = greenhouse(tools=TOOLS, live_agent="+15195550188")


def test_a_topic_for_a_person_is_handed_over_and_the_model_is_not_asked():
    line = Ringing(WITH_AGENT).greeted()
    line.callee("I want a refund for the roses.")
    assert line.asks == []
    [run] = line.runs
    assert run.name == LIVE_AGENT
    assert json.loads(run.arguments) == {"reason": "financial", "summary": "The caller said: I want a refund for the roses."}
    line.result(say="I'll get a person for you.", hand_off=("financial", "Roses."))
    line.hear_all()
    assert [(asked.code, asked.summary) for asked in line.hand_offs] == [("financial", "Roses.")]
    assert line.ended == "handed_off"


@pytest.mark.parametrize("use_case", [greenhouse(), greenhouse(live_agent="+15195550188"), greenhouse(tools=TOOLS)])
def test_where_nobody_takes_calls_over_it_is_left_to_the_model(use_case):
    line = Ringing(use_case).greeted()
    line.callee("I want a refund for the roses.")
    assert line.runs == []
    assert len(line.asks) == 1


def test_a_question_that_was_asked_ahead_of_the_topic_is_dropped():
    line = Ringing(WITH_AGENT).greeted()
    line.feed(CalleePaused("My lawyer says", line.now))
    line.callee("My lawyer says that you owe me roses.")
    assert [json.loads(run.arguments)["reason"] for run in line.runs] == ["legal"]


def test_what_was_asked_last_decides_what_an_agent_is():
    line = Ringing(WITH_AGENT).greeted()
    line.callee("A tour on Friday.")
    line.model("Self-guided, or led by an agent?")
    line.hear_all()
    line.callee("I want an agent.")
    assert line.runs == []
    assert len(line.asks) == 2
    line.model("Fine. At two?")
    line.hear_all()
    line.callee("I want an agent.")
    assert [run.name for run in line.runs] == [LIVE_AGENT]
