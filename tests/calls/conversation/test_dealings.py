""" "Have you been here before?" is answered from what earlier calls came to, and from nothing else."""

import json

import pytest

from calls.conversation.egress import Egress, Verdict
from calls.conversation.prompt import static_prefix
from calls.conversation.purse import Purse
from calls.conversation.tools import tools_for
from sandbox.mind import think
from tests.calls.conversation.virtual_line import VirtualLine, flowers

ORDER = "Tuesday, 3 March 2026: Floyd called about an order; agreed: roses, $64, Friday; reference A-1234"
VISIT = "Thursday, 4 June 2026: an appointment there"


def answer_to(question, **changes):
    """What Floyd says to a question, with the sandbox's mind as its model and all checks of the core between."""
    line = VirtualLine(flowers(**changes)).introduce()
    before = len(line.said)
    line.callee(question)
    ask = line.asks[-1]
    body = {"messages": [dict(message) for message in ask.messages], "tools": list(tools_for(flowers(**changes)))}
    thought = think(json.loads(json.dumps(body)))
    line.model(thought.text, *((use.name, use.arguments) for use in thought.tools), ask=ask)
    return " ".join(line.said[before:])


@pytest.mark.parametrize("question", ["Have you been here before?", "Has he ordered with us before?", "Is this his first order?"])
def test_it_is_said_when_they_were_there_last(question):
    said = answer_to(question, dealings=(ORDER, VISIT))
    assert said == "The last time was on Tuesday, 3 March 2026. It was roses, $64, Friday. The reference is A-1234."


def test_without_a_record_that_is_said():
    assert answer_to("Have you been here before?") == "I'm sorry, I have no record of an earlier visit."


def test_the_brief_tells_the_model_of_earlier_dealings():
    content = static_prefix(flowers(dealings=(ORDER, VISIT)))["content"]
    assert json.dumps([ORDER, VISIT]) in content


@pytest.mark.parametrize(
    ("clause", "verdict"),
    [
        ("Yes, the last time was on Tuesday, March 3.", Verdict.SAY),
        ("It was roses for $64.", Verdict.SAY),
        ("The reference is A-1234.", Verdict.SAY),
        ("The reference is B-9876.", Verdict.UNKNOWN_FACT),
        ("It was on August 7.", Verdict.UNKNOWN_FACT),
        ("It was $99.", Verdict.MONEY),
    ],
)
def test_what_stands_in_the_dealings_may_be_said_and_nothing_else(clause, verdict):
    brief = flowers(dealings=(ORDER,))
    assert Egress(brief, Purse(brief)).judge(clause) is verdict


def test_without_a_record_no_visit_may_be_invented():
    brief = flowers()
    assert Egress(brief, Purse(brief)).judge("Yes, the last time was on March 3.") is Verdict.UNKNOWN_FACT
