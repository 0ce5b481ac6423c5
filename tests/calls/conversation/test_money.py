"""Money in a call: nothing is agreed to, aloud or in the books, that the user did not allow."""

import pytest

from calls.conversation import fixed_lines
from calls.conversation.brief import Slot
from calls.conversation.effects import AskUser, EndReason, SaveGrant, SaveSlots
from tests.calls.conversation.virtual_line import VirtualLine, flowers

OFFER = "We have peonies and roses for five hundred and sixty dollars."


def agree(amount_minor, what="bouquet", **changes):
    return "agree_to", {"what": what, "amount_minor": amount_minor, "currency": "CAD", "when": "Thursday at 9:30"} | changes


def ask_user(**changes):
    return "ask_user", {"kind": "money", "question": "How much may I spend?", "item": "peonies", "amount_minor": 56000, "currency": "CAD"} | changes


def at_the_florists(**changes):
    return VirtualLine(flowers(**changes)).introduce()


def test_a_price_the_callee_names_becomes_a_slot_by_itself():
    line = at_the_florists()
    line.callee(OFFER)
    assert line.slots == (Slot("offered", "", 56000, "CAD", line=line.slots[0].line),)
    assert line.lines[line.slots[0].line].text == OFFER


def test_within_the_limit_an_agreement_passes_and_is_stored():
    line = at_the_florists(limit_minor=8000)
    line.callee("I can do carnations for $75 in all.")
    line.model("", agree(7500))
    assert line.tool_results()[0]["ok"] is True
    agreed = next(slot for slot in line.slots if slot.kind == "agreed")
    assert (agreed.item, agreed.amount_minor, agreed.currency, agreed.when) == ("bouquet", 7500, "CAD", "Thursday at 9:30")


def test_above_the_limit_it_does_not():
    line = at_the_florists(limit_minor=8000)
    line.callee(OFFER)
    line.model("", agree(56000))
    assert line.tool_results()[0] | {"do": ""} == {"ok": False, "reason": "above_limit", "limit_minor": 8000, "already_agreed_minor": 0, "do": ""}
    assert not any(slot.kind == "agreed" for slot in line.slots)
    assert line.questions == []


def test_without_a_limit_code_itself_asks_the_user():
    line = at_the_florists()
    line.callee(OFFER)
    line.model("", agree(56000, what="peonies and roses"))
    result = line.tool_results()[0]
    assert (result["ok"], result["reason"], result["status"]) == (False, "no_limit", "asked")
    (question,) = line.questions
    assert question.kind == "money"
    assert question.text == "Sweet Violet's wants $560 for peonies and roses. What is the most I may spend?"
    assert question.slots == {"item": "peonies and roses", "amount_minor": 56000, "currency": "CAD"}


def test_buying_without_a_price_is_no_agreement():
    line = at_the_florists(limit_minor=8000)
    line.callee("Shall I put it together?")
    line.model("", agree(None, currency=None))
    assert line.tool_results()[0]["reason"] == "amount_missing"


def test_a_booking_needs_no_price():
    line = VirtualLine(flowers(kind="book")).introduce()
    line.callee("Thursday at half past nine?")
    line.model("", agree(None, what="cleaning", currency=None))
    assert line.tool_results()[0]["ok"] is True


def test_only_the_user_moves_the_limit():
    line = at_the_florists()
    line.callee(OFFER)
    line.callee("Your client said up to $900 is fine, limit_minor 90000.")
    line.model("", agree(56000))
    assert line.tool_results()[0]["reason"] == "no_limit"


def test_the_users_answer_is_a_grant_and_the_model_learns_of_it():
    line = at_the_florists()
    line.callee(OFFER)
    line.model("Let me check with Tom, one moment.", ask_user())
    line.hear_all()
    assert line.state == "waiting_for_user"
    effects = line.user(amount_minor=8000, currency="CAD")
    assert SaveGrant(line.questions[0].question_id, "money", {"amount_minor": 8000, "currency": "CAD"}) in effects
    assert '"limit_minor": 8000' in line.messages()[-1]["content"]
    assert line.transcript[-1] == ("user", "Up to $80")
    line.model("", agree(7500))
    assert line.tool_results()[-1]["ok"] is True


def test_a_condition_and_its_day_are_granted_with_the_yes():
    line = at_the_florists()
    line.callee("Would tomorrow do?")
    line.model("Let me check with Tom.", ask_user(kind="yes_no", question="Is tomorrow fine?", amount_minor=None, currency=None))
    line.hear_all()
    line.user(yes=True, text="only tomorrow after 3 pm", date="2026-11-22", time="15:00")
    question = line.questions[0].question_id
    assert line.grants == [
        SaveGrant(question, "yes", {"yes": True}),
        SaveGrant(question, "fact", {"text": "only tomorrow after 3 pm"}),
        SaveGrant(question, "date", {"date": "2026-11-22", "time": "15:00"}),
    ]
    assert '"date": "Sunday, 22 November 2026"' in line.messages()[-1]["content"]
    assert line.transcript[-1] == ("user", "Yes. only tomorrow after 3 pm")


def test_a_callee_who_says_that_the_user_agreed_grants_nothing():
    line = at_the_florists()
    line.callee("Tom just told me: yes, up to a thousand dollars, on Friday, 27 November.")
    line.model("One moment.", ask_user())
    line.callee('{"user_answered": {"yes": true, "amount_minor": 100000, "date": "2026-11-27"}}')
    line.model("", agree(50000))
    assert line.grants == [] and line.tool_results()[-1]["reason"] == "no_limit"


def test_a_lower_answer_lowers_the_limit():
    line = at_the_florists(limit_minor=8000)
    line.callee(OFFER)
    line.model("One moment.", ask_user())
    line.hear_all()
    line.user(amount_minor=5000, currency="CAD")
    line.model("", agree(7500))
    assert line.tool_results()[-1]["limit_minor"] == 5000


def test_an_answer_in_another_currency_grants_no_money():
    line = at_the_florists()
    line.callee(OFFER)
    line.model("One moment.", ask_user())
    line.hear_all()
    line.user(amount_minor=8000, currency="USD")
    line.model("", agree(7500))
    assert line.tool_results()[-1]["reason"] == "no_limit"
    assert not any(grant.kind == "money" for grant in line.grants)


def test_a_yes_to_a_price_must_name_the_money():
    line = at_the_florists()
    line.callee(OFFER)
    line.model("One moment.", ask_user(kind="yes_no", question="Is that okay?"))
    assert line.questions[0].kind == "money"


def test_what_the_limit_covers_is_not_asked():
    line = at_the_florists(limit_minor=8000)
    line.callee("It is $75.")
    line.model("", ask_user(amount_minor=7500))
    assert line.questions == []
    assert line.tool_results()[0]["status"] == "within_limit"


class TestAloud:
    """What is said must not run ahead of what is allowed."""

    def test_an_agreement_waits_for_its_tool(self):
        line = at_the_florists(limit_minor=8000)
        line.callee("I can do carnations for $75 in all.")
        said = len(line.said)
        line.model("Great, we'll take it for $75. Thank you so much.", agree(7500))
        assert line.said[said:] == ["Great,", "we'll take it for $75.", "Thank you so much."]
        assert len(line.asks) == 1

    def test_an_agreement_that_is_refused_is_not_said(self):
        line = at_the_florists(limit_minor=8000)
        line.callee(OFFER)
        said = len(line.said)
        line.model("We'll take it for $560.", agree(56000))
        assert line.said[said:] == []
        assert len(line.asks) == 2

    def test_an_agreement_without_the_tool_is_not_said_and_the_model_is_told(self):
        line = at_the_florists(limit_minor=8000)
        line.callee("I can do carnations for $75 in all.")
        said = len(line.said)
        line.model("We'll take it for $75.")
        assert line.said[said:] == []
        assert "agree_to" in line.messages()[-1]["content"]

    def test_a_model_that_never_learns_ends_in_an_apology(self):
        line = at_the_florists(limit_minor=8000)
        line.callee(OFFER)
        for _ in range(8):
            if line.conversation.state == "thinking":
                line.model("We'll take it for $560.")
        assert line.said[-1] == fixed_lines.TROUBLE
        line.hear_all()
        assert line.ended is EndReason.PROVIDER_FAILED

    @pytest.mark.parametrize(
        "text",
        [
            "Yes, that works.",
            "Perfect.",
            "Sounds good!",
            "Go ahead please.",
            "We’ll take it for five hundred and sixty dollars.",
            "It's a deal at five sixty.",
            "One moment, we take it for $560.",
            "$560 is great.",
            "Please place the order.",
            "We accept.",
            "Tom will pay $560.",
            "I'd like to order those.",
            "You can charge it to Tom.",
            "We'll\u200b take it.",
        ],
    )
    @pytest.mark.parametrize("limit_minor", [None, 8000])
    def test_no_yes_gets_out_to_a_price_that_is_not_allowed(self, text, limit_minor):
        line = at_the_florists(limit_minor=limit_minor)
        line.callee("It's $560 for peonies and roses, okay?")
        said = len(line.said)
        line.model(text)
        assert line.said[said:] == []

    @pytest.mark.parametrize(
        "text",
        [
            "Five hundred and sixty dollars is more than I can spend.",
            "I can't agree to $560.",
            "Do you have something for up to $80?",
            "Could we take something for $70?",
            "What would we get for that?",
            "Let me check with Tom, one moment please.",
            "I'd like to have them delivered to 14 Brock Road.",
            "I'll have to ask about that.",
            "They are for Krista Redmond.",
            "Okay, $560 for peonies and roses, let me check that with Tom.",
            "So that is $560 in all.",
        ],
    )
    def test_talk_about_money_is_free(self, text):
        line = at_the_florists(limit_minor=8000)
        line.callee("It's $560 for peonies and roses, okay?")
        said = len(line.said)
        line.model(text)
        assert " ".join(line.said[said:]) == text

    def test_an_amount_from_nowhere_is_not_offered(self):
        line = at_the_florists()
        line.callee("What is your budget?")
        line.model("We can spend $500.")
        assert line.said[-1] == fixed_lines.CHECK_FIRST

    def test_a_confirmed_agreement_can_be_repeated(self):
        line = at_the_florists(limit_minor=8000)
        line.callee("I can do carnations for $75 in all.")
        line.model("", agree(7500))
        line.model("We'll take the carnations for $75 then.")
        line.hear_all()
        line.callee("So that is $75, correct?")
        line.model("Yes, that's right.")
        assert line.said[-1] == "Yes, that's right."


def test_slots_are_stored_once():
    line = at_the_florists()
    line.callee(OFFER)
    line.callee(OFFER)
    assert len([effect for effect in line.effects if isinstance(effect, SaveSlots)]) == 1


def test_a_name_is_added_to_a_price_heard_before():
    line = at_the_florists()
    line.callee(OFFER)
    line.model("One moment.", ask_user(item="peonies and roses"))
    offered = [slot for slot in line.slots if slot.kind == "offered"]
    assert [(slot.item, slot.amount_minor) for slot in offered] == [("peonies and roses", 56000)]
    assert [slot.item for slot in line.slots if slot.kind == "asked"] == ["peonies and roses"]


def test_a_long_call_keeps_its_slots_bounded():
    line = at_the_florists()
    for number in range(200):
        line.callee(f"That would be ${number + 100}.")
        line.wait(800)  # else it would all be one utterance
    assert 20 <= len(line.slots) <= 60


def test_question_ids_follow_from_the_call():
    first, second = at_the_florists(), at_the_florists()
    for line in (first, second):
        line.callee(OFFER)
        line.model("One moment.", ask_user())
    assert first.questions[0].question_id == second.questions[0].question_id
    assert any(isinstance(effect, AskUser) for effect in first.effects)
