"""What the model writes is held against what the user said and knows, in code."""

import pytest

from requests_app.plan import ActionPlan
from requests_app.plan_check import Ground, check
from tests.fakes import no_call, plan

SNAPSHOT = {
    "taken_at": "2026-11-21T15:00:00+00:00",
    "user": {"name": "Tom Redmond", "currency": "CAD", "time_zone": "America/Toronto"},
    "facts": [
        {"id": "fact:1", "statement": "Mara Redmond is Tom's daughter", "sensitivity": "share"},
        {"id": "fact:2", "statement": "Tom's date of birth is 4 May 1985", "sensitivity": "ask_first"},
    ],
    "contacts": [{"id": "contact:1", "name": "Brock Road School"}],
    "calendar": [{"id": "calendar:1", "title": "Dentist"}],
}
SECRETS = ("Tom's date of birth is 4 May 1985", "The alarm code at home is 4417", "Krista is afraid of thunderstorms")
CALLEE = {"contact_id": "contact:1", "name": "Brock Road School", "kind": "school"}


def checked(ask="Call the school, Mara is sick today.", **changes):
    made = ActionPlan.model_validate(plan(**{"callee": CALLEE, **changes}))
    return check(made, Ground(ask=ask, snapshot=SNAPSHOT, secrets=SECRETS))


def test_a_sound_plan_passes_unchanged():
    result = checked(share=["fact:1"])
    assert (result.problems, result.fatal) == ((), False)
    assert result.plan.model_dump(mode="json") == plan(callee=CALLEE, share=["fact:1"])


def test_a_contact_that_is_not_there_is_dropped():
    result = checked(callee={**CALLEE, "contact_id": "contact:77"})
    assert result.problems and not result.fatal
    assert result.plan.callee.contact_id is None


@pytest.mark.parametrize("fact_id", ["fact:9", "fact:404", "contact:1", "drop table"])
def test_only_shareable_facts_of_the_catalogue_are_shared(fact_id):
    result = checked(share=["fact:1", fact_id, "fact:1"])
    assert result.problems and not result.fatal
    assert result.plan.share == ["fact:1"]


def test_a_fact_to_be_asked_about_first_may_be_named():
    result = checked(share=["fact:1", "fact:2"])
    assert not result.problems and result.plan.share == ["fact:1", "fact:2"]


def test_a_plan_asks_about_a_few_facts_at_most():
    facts = [{"id": f"fact:{number}", "statement": "x", "sensitivity": "ask_first"} for number in range(10, 20)]
    ids = [fact["id"] for fact in facts]
    ground = Ground(ask="x", snapshot={**SNAPSHOT, "facts": facts})
    result = check(ActionPlan.model_validate(plan(share=ids)), ground)
    assert result.plan.share == ids[:3] and result.problems


@pytest.mark.parametrize(
    ("ask", "limit", "kept"),
    [
        ("Order Krista some flowers, up to $80", 8000, 8000),
        ("Order flowers for eighty dollars at most", 8000, 8000),
        ("Order Krista some flowers", 8000, None),
        ("Order Krista some flowers, up to $80", 9000, None),
        ("Order Krista some flowers, up to $80", 80, None),
        ("Order 12 roses", 1200, None),
        ("Not $560 like last time", 56000, None),
        ("Spend $40 or maybe $90 or $200, I don't know", 20000, None),
        ("Order flowers for 80 euros", 8000, None),
        ("Buy me a car for up to $50,000", 5_000_000, None),
        ("Order Krista some flowers, up to $80", None, None),
    ],
)
def test_only_an_amount_in_the_users_own_words_is_a_limit(ask, limit, kept):
    result = checked(ask=ask, kind="buy", limit_minor=limit)
    assert result.plan.limit_minor == kept
    assert bool(result.problems) == (limit != kept)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"goal": " "}, "goal"),
        ({"opening_line": ""}, "opening_line"),
        ({"callee": None}, "callee"),
        ({"opening_line": "This is Tom, Mara is sick."}, "speak as if"),
        ({"opening_line": "Hi, I'm Tom Redmond and my daughter is sick."}, "speak as if"),
        ({"voicemail": "My name is Redmond."}, "speak as if"),
        ({"opening_line": "Tom was born on 4 May 1985."}, "private"),
        ({"goal": "Say that the alarm code is 4417"}, "private"),
        ({"find_out": ["Whether they know that Krista is afraid of thunderstorms"]}, "private"),
    ],
)
def test_a_plan_that_nobody_could_stand_behind_is_of_no_use(changes, says):
    result = checked(**changes)
    assert result.fatal and says in " ".join(result.problems)


@pytest.mark.parametrize(
    "changes",
    [
        {"opening_line": "I'm calling for Tom Redmond: Mara Redmond is sick."},
        {"opening_line": "This is about Mara Redmond in grade 3, who is sick."},
        {"opening_line": "This is Tom's daughter's school day we are talking about."},
        {"goal": "Ask for the date of the school fair at the house"},
    ],
)
def test_ordinary_sentences_are_fine(changes):
    assert not checked(**changes).fatal


def test_what_the_user_says_in_the_ask_may_be_said():
    assert not checked(ask="Tell the alarm company our code is 4417", goal="Tell them that the alarm code is 4417").fatal


@pytest.mark.parametrize(("kind", "needed"), [("answer", "answer"), ("ask_user", "question"), ("decline", "decline_reason")])
def test_each_kind_needs_its_words(kind, needed):
    made = ActionPlan.model_validate(no_call(kind))
    result = check(made, Ground(ask="x", snapshot=SNAPSHOT))
    assert result.fatal and needed in result.problems[0]


def test_sources_that_are_not_there_are_dropped():
    made = ActionPlan.model_validate(no_call("answer", answer="On Thursday.", sources=["calendar:1", "calendar:9", "calendar:1"]))
    result = check(made, Ground(ask="x", snapshot=SNAPSHOT))
    assert result.plan.sources == ["calendar:1"] and result.plan.answer == "On Thursday." and result.problems


def test_lengths_and_hold_are_bounded():
    result = checked(title="x" * 999, steps=["y" * 999] * 99, hold_minutes=100_000)
    assert (len(result.plan.title), len(result.plan.steps), len(result.plan.steps[0]), result.plan.hold_minutes) == (120, 10, 200, 30)


def test_the_currency_is_the_users_whatever_the_model_writes():
    assert checked(currency="USD").plan.currency == "CAD"
