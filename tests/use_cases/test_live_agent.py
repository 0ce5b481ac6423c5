"""Who asks for a person, or brings a matter that is not a machine's, is handed over; nobody else is."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from calls.conversation.reception.topics import Reason, topic_of
from tests.use_cases.tool_calls import a_call
from use_cases.live_agent import live_agent
from use_cases.tooling import HandOffAsked


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("My lawyer will call you.", Reason.LEGAL),
        ("I'm going to sue you", Reason.LEGAL),
        ("That is discrimination.", Reason.LEGAL),
        ("I want legal advice about breaking my lease", Reason.LEGAL),
        ("I slipped on your stairs and was hurt.", Reason.LIABILITY),
        ("Your pizza gave me food poisoning", Reason.LIABILITY),
        ("Who is liable for that?", Reason.LIABILITY),
        ("My son got sick from the salad", Reason.LIABILITY),
        ("I want my money back", Reason.FINANCIAL),
        ("You charged me twice.", Reason.FINANCIAL),
        ("Can I get a refund?", Reason.FINANCIAL),
        ("I’m behind on my rent", Reason.FINANCIAL),
        ("Can I talk to a person?", Reason.USER_REQUESTED),
        ("Let me speak with a real human", Reason.USER_REQUESTED),
        ("I want to speak to the manager.", Reason.USER_REQUESTED),
        ("Please connect me to an agent", Reason.USER_REQUESTED),
        ("Operator, please.", Reason.USER_REQUESTED),
        ("get me a live agent", Reason.USER_REQUESTED),
        ("I got injured, let me talk to a person", Reason.LIABILITY),
    ],
)
def test_topics_that_go_to_a_person(said, reason):
    assert topic_of(said) is reason


@pytest.mark.parametrize(
    "said",
    [
        "",
        "A tour with an agent, please.",
        "I'd like an agent-led tour.",
        "Sue is my name, and I want a large Hawaiian.",
        "What are the fees?",
        "Is there a deposit?",
        "Is it legal to have two cats?",
        "My credit card is in the car.",
        "For one person, please.",
        "Talk to you later!",
        "The issue is the time.",
    ],
)
def test_everyday_words_are_no_such_topic(said):
    assert topic_of(said) is None


@pytest.mark.django_db
def test_the_tool_tells_the_person_why_and_what_was_said():
    result = a_call(datetime(2026, 11, 21, tzinfo=UTC)).run(live_agent, reason="legal", summary="Wants to break her lease.")
    assert result.hand_off == HandOffAsked("legal", "Wants to break her lease.")
    assert result.say


def test_a_reason_that_is_none_is_refused():
    with pytest.raises(ValidationError):
        live_agent.arguments(reason="bored", summary="x")
