"""Who asks for a person, or brings a matter that is not a machine's, is handed over; nobody else is."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from calls.conversation.reception.topics import Reason, topic_of, wants_menu
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
        ("Don't make me call my lawyer.", Reason.LEGAL),
        ("Tell your manager I'm going to sue you", Reason.LEGAL),
        ("Can you break the lease early? I want to break my lease.", Reason.LEGAL),
        ("I got an eviction notice today", Reason.LEGAL),
        ("We ate your pizza and all got sick", Reason.LIABILITY),
        ("Your plumber broke my television", Reason.LIABILITY),
        ("I fell on your stairs and broke my leg", Reason.LIABILITY),
        ("Please call an ambulance", Reason.LIABILITY),
        ("My daughter had an allergic reaction", Reason.LIABILITY),
        ("You never refunded me.", Reason.FINANCIAL),
        ("There was no refund on my card", Reason.FINANCIAL),
        ("You charged me a late fee and I paid on time", Reason.FINANCIAL),
        ("Can you waive the late fee?", Reason.FINANCIAL),
        ("I'm late with the rent", Reason.FINANCIAL),
        ("I don't want to talk to a machine I want a person", Reason.USER_REQUESTED),
        ("Not you, I need a human to talk to", Reason.USER_REQUESTED),
        ("Are you a real person? I want a real person.", Reason.USER_REQUESTED),
        ("I'd like to speak with someone, please", Reason.USER_REQUESTED),
        ("Can I talk to someone who works there?", Reason.USER_REQUESTED),
        ("Let me talk to somebody in charge", Reason.USER_REQUESTED),
        ("I want an agent please", Reason.USER_REQUESTED),
        ("Representative!", Reason.USER_REQUESTED),
        ("A human, please.", Reason.USER_REQUESTED),
        ("Talk to a manager.", Reason.USER_REQUESTED),
        ("Can you get me a supervisor right now", Reason.USER_REQUESTED),
    ],
)
def test_topics_that_go_to_a_person(said, reason):
    assert topic_of(said) is reason


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Ich möchte mit einem Menschen sprechen.", Reason.USER_REQUESTED),
        ("Verbinden Sie mich bitte mit einem Mitarbeiter.", Reason.USER_REQUESTED),
        ("Ich will einen echten Menschen", Reason.USER_REQUESTED),
        ("Je voudrais parler à quelqu’un.", Reason.USER_REQUESTED),
        ("Je peux parler à une vraie personne ?", Reason.USER_REQUESTED),
        ("Passez-moi un conseiller.", Reason.USER_REQUESTED),
        ("Quiero hablar con una persona.", Reason.USER_REQUESTED),
        ("Páseme con el encargado.", Reason.USER_REQUESTED),
        ("¿Hay una persona real ahí?", Reason.USER_REQUESTED),
        ("Mein Anwalt meldet sich.", Reason.LEGAL),
        ("Mon avocat va vous appeler.", Reason.LEGAL),
        ("Voy a hablar con mi abogado.", Reason.LEGAL),
        ("Ich habe mich auf Ihrer Treppe verletzt.", Reason.LIABILITY),
        ("J'ai eu une intoxication alimentaire.", Reason.LIABILITY),
        ("Me lastimé en su escalera.", Reason.LIABILITY),
        ("Ich will mein Geld zurück.", Reason.FINANCIAL),
        ("Je veux être remboursée.", Reason.FINANCIAL),
        ("Quiero que me devuelvan el dinero.", Reason.FINANCIAL),
    ],
)
def test_they_are_known_in_other_languages_too(said, reason):
    assert topic_of(said) is reason


@pytest.mark.parametrize(
    "said", ["Main menu, please.", "Zurück zum Menü.", "Ins Hauptmenü, bitte", "Menu principal", "Revenir au menu", "Volver al menú."]
)
def test_the_main_menu_is_asked_for_in_words(said):
    assert wants_menu(said)


@pytest.mark.parametrize("said", ["", "What is on the menu?", "Was steht auf dem Menü?", "Le menu du jour, s'il vous plaît.", "¿Qué hay en el menú?"])
def test_a_menu_that_is_eaten_is_none(said):
    assert not wants_menu(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Für eine Person, bitte.",
        "Une pizza pour une personne.",
        "Una mesa para dos personas, por favor.",
        "Ich spreche gern mit Ihnen.",
        "Eine Haftnotiz wäre gut.",
        "La persona que viene es mi madre.",
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
        # an agent who leads a tour, and other people
        "I want an agent-led tour",
        "I need an agent for the tour",
        "I want an agent to show me around",
        "Agent led, please.",
        "I'd like an agent to come along.",
        "Do I need an agent?",
        "Can I have a large Hawaiian? I need a manager's special",
        "I don't need to talk to a person, you are fine.",
        "I don't want an agent.",
        "I want people to stop calling me",
        "I'd like to speak with someone about a tour on Friday.",
        "We'd like to speak with someone about Tom's booking",
        "Are you a real person?",
        "Am I talking to a real human?",
        "I need a person's name for the bell",
        "I need staff parking.",
        # what is done for the caller
        "Call the garage and ask for a refund",
        "Please call my lawyer and move the appointment.",
        "Hi Floyd, can you call the clinic and talk to a person about my refund",
        "Talk to the staff at the clinic for me",
        "I'd like you to call my attorney on Monday",
        # money, law and harm in questions and small talk
        "What's the late fee?",
        "Is there a late fee if I pay on the fifth?",
        "No refund needed",
        "I don't want a refund, just a new pizza.",
        "Is the deposit refundable?",
        "Is the application fee non-refundable?",
        "When is the deposit refunded?",
        "What's your refund policy?",
        "Do you give refunds?",
        "Do you offer payment plans?",
        "Do I need liability insurance?",
        "I'm a lawyer, so I can show my income.",
        "I work for an attorney in town",
        "My wife has power of attorney",
        "Do you take people with an eviction on their record?",
        "I'm not going to sue anybody",
        "I got sick, so I have to move the tour.",
        "I broke my phone, can you say that again?",
        "I have a knee injury. Is there a lift?",
        "No nuts, or I get an allergic reaction",
    ],
)
def test_everyday_words_are_no_such_topic(said):
    assert topic_of(said) is None


TOUR = "Would you like a self-guided tour, or one led by an agent?"


@pytest.mark.parametrize("said", ["I want an agent.", "I'd like an agent, please", "I need an agent and Friday at two"])
def test_who_is_asked_about_an_agent_for_a_tour_wants_one_for_it(said):
    assert topic_of(said, after=TOUR) is None
    assert topic_of(said) is Reason.USER_REQUESTED


@pytest.mark.parametrize("said", ["Let me talk to an agent.", "I want a real person", "Connect me to an agent"])
def test_a_person_can_be_asked_for_there_too(said):
    assert topic_of(said, after=TOUR) is Reason.USER_REQUESTED


@pytest.mark.django_db
def test_the_tool_tells_the_person_why_and_what_was_said():
    result = a_call(datetime(2026, 11, 21, tzinfo=UTC)).run(live_agent, reason="legal", summary="Wants to break her lease.")
    assert result.hand_off == HandOffAsked("legal", "Wants to break her lease.")
    assert result.say


def test_a_reason_that_is_none_is_refused():
    with pytest.raises(ValidationError):
        live_agent.arguments(reason="bored", summary="x")
