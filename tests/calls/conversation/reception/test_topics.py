"""What no assistant should settle goes to a person, whatever the model would have said."""

import json

from calls.conversation.events import CalleePaused
from calls.conversation.reception.topics import LIVE_AGENT
from calls.conversation.reception.use_case import OfferedTool
from tests.calls.conversation.reception.greenhouse import ANYTHING, LIST, Ringing, greenhouse

WITH_AGENT = greenhouse(tools=(LIST, OfferedTool(LIVE_AGENT, "Hands over.", ANYTHING, exclusive=True)))


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


def test_a_use_case_without_that_tool_leaves_it_to_the_model():
    line = Ringing().greeted()
    line.callee("I want a refund for the roses.")
    assert line.runs == []
    assert len(line.asks) == 1


def test_a_question_that_was_asked_ahead_of_the_topic_is_dropped():
    line = Ringing(WITH_AGENT).greeted()
    line.feed(CalleePaused("My lawyer says", line.now))
    line.callee("My lawyer says that you owe me roses.")
    assert [json.loads(run.arguments)["reason"] for run in line.runs] == ["legal"]
