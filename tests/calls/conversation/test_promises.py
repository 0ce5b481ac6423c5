"""Floyd promises what its plan allows; what it promised is found again in its lines, and hardly anything else is taken for a promise."""

import pytest

from calls.conversation import fixed_lines
from calls.conversation.brief import CallBrief, SharedFact
from calls.conversation.egress import Egress, Verdict
from calls.conversation.promises import PromiseKind, in_lines, promises_in
from calls.conversation.purse import Purse

NAMES = ("Tom Redmond", "Mara Redmond")
MADE = {
    "I'll let Tom know.": PromiseKind.PASS_ON,
    "I'll pass that on to Mr Redmond.": PromiseKind.PASS_ON,
    "I will tell him about the form.": PromiseKind.PASS_ON,
    "I'll call you back tomorrow.": PromiseKind.CALL_AGAIN,
    "We'll get back to you on Monday.": PromiseKind.CALL_AGAIN,
    "I'll try again later today.": PromiseKind.CALL_AGAIN,
    "He'll be there at nine.": PromiseKind.COME,
    "Tom will pick up the flowers at four.": PromiseKind.COME,
    "I'll keep you updated.": PromiseKind.OTHER,
    "He will let you know by Friday.": PromiseKind.OTHER,
    "Tom Redmond will bring the signed form.": PromiseKind.OTHER,
    "She'll definitely pay on arrival.": PromiseKind.OTHER,
    "I'll email you the details.": PromiseKind.OTHER,
    "I promise it won't happen again.": PromiseKind.OTHER,
    "You have my word.": PromiseKind.OTHER,
    "He’ll make sure that the gate is open.": PromiseKind.OTHER,
}
#: What sounds nearly like one.
NOT_MADE = [
    "I'm calling to let you know that Mara is sick today.",
    "I can't promise that he'll bring it.",
    "I don't know whether he'll be there.",
    "Will he be there at nine?",
    "Should I tell him to bring the form?",
    "Could you call me back?",
    "I'd like to order some flowers.",
    "He won't be there today.",
    "We'll take the roses for $75, please.",
    "I'll need the address, please.",
    "Mara will be home today, she is sick.",
    "I'll hold, thank you.",
    "Thank you, I will.",
    "Let me check that with Tom.",
    "Please tell the teacher.",
    "I'm not sure if they will come.",
    "It will be delivered to 12 Maple Street.",
    "I'll wait while you look.",
    "They said they'd call.",
    "I'll be brief.",
    "I'll spell that for you.",
    "That will be all.",
    "He would be happy with white roses.",
    "I'll have to check that with him.",
]


@pytest.mark.parametrize("text", MADE)
def test_a_promise_is_recognised(text):
    assert [promise.kind for promise in promises_in(text, NAMES)] == [MADE[text]]


@pytest.mark.parametrize("text", NOT_MADE)
def test_what_is_no_promise_is_taken_for_none(text):
    assert promises_in(text, NAMES) == []


def test_fixed_lines_promise_to_call_again_and_nothing_else():
    kinds = {promise.kind for text in fixed_lines.ALL for promise in promises_in(text)}
    assert kinds <= {PromiseKind.CALL_AGAIN, PromiseKind.PASS_ON}


def test_promises_are_found_with_their_lines():
    lines = [(1, "Hi, this is Floyd."), (3, "Thank you. I'll let Tom know, and he'll bring the form."), (5, "Goodbye.")]
    assert [(made.kind, made.line) for made in in_lines(lines, NAMES)] == [(PromiseKind.PASS_ON, 3)]


def brief(**changes) -> CallBrief:
    fields = {
        "user_name": "Tom Redmond",
        "callee_name": "Brock Road School",
        "kind": "inform",
        "goal": "Tell the school that Mara Redmond is sick today.",
        "introduction": "Hi, this is Floyd, an AI assistant calling for Tom Redmond.",
        "opening_line": "Mara Redmond is sick today.",
        "success": "They have noted it.",
        "today": "Saturday, 21 November 2026",
        "facts": (SharedFact("fact:1", "Mara Redmond is in grade 3."),),
    }
    return CallBrief(**(fields | changes))


def judge(text: str, orders: CallBrief, *, agreed: bool = False) -> Verdict:
    purse = Purse(orders)
    if agreed:
        purse.agree("table", None, None, "Thursday at nine")
    egress = Egress(orders, purse)
    egress.callee_said("Will he bring the form, and be there at nine? And pay? Please keep us updated.")
    return egress.judge(text)


@pytest.mark.parametrize("text", ["He'll bring the form.", "I'll keep you updated.", "Tom will pay.", "He'll be there at nine."])
def test_what_nothing_allows_is_not_promised(text):
    assert judge(text, brief()) is Verdict.PROMISE


@pytest.mark.parametrize("text", ["I'll let Tom know.", "I'll pass it on.", "I'll call you back."])
def test_floyds_own_business_may_be_promised(text):
    assert judge(text, brief()) is Verdict.SAY


def test_what_the_plan_allows_may_be_promised():
    orders = brief(may_promise=("Tom brings the signed form",))
    assert judge("He'll bring the form.", orders) is Verdict.SAY
    assert judge("He'll pay.", orders) is Verdict.PROMISE


def test_what_the_users_answer_says_may_be_promised():
    orders = brief(answers=(SharedFact("question:1", "Will he bring the form? — yes, he brings the form"),))
    assert judge("He'll bring the form.", orders) is Verdict.SAY


def test_who_booked_something_will_be_there():
    orders = brief(kind="book", goal="Book a table for two.")
    assert judge("He'll be there at nine.", orders, agreed=True) is Verdict.SAY
    assert judge("He'll be there at nine.", orders) is not Verdict.SAY
