"""Reviewers see the exact question behind each reply, and can put it to a model again without anything happening."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from calls.models import Call
from calls.review import again, prompts
from calls.review_models import ProviderNote, TurnPrompt
from calls.tasks import forget_prompts
from providers import registry
from providers.types import ProviderError
from tests.calls.lines.fakes import FakeThinker, tool
from tests.calls.review.scene import REASON, ended_call, in_queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

SYSTEM = {"role": "system", "content": "You are Floyd.\nBRIEF"}
TOOLS = [{"type": "function", "function": {"name": "end_call"}}]


def keep(call: Call, number: int, asked_ms: int, **fields: Any) -> TurnPrompt:
    """A question as the call's line keeps it; the first one has the beginning of all."""
    own = {"role": "user", "content": f"question {number}"}
    beginning = {"messages": [SYSTEM, own], "shared": 0, "tools": TOOLS} if number == 1 else {"messages": [own], "shared": 1, "tools": None}
    values = {
        "purpose": "answer", "model": "gpt-6-luna", "asked_ms": asked_ms, "first_ms": asked_ms + 300, "done_ms": asked_ms + 700, "ended": "whole",
        "text": f"answer {number}", "finish_reason": "stop", "prompt_tokens": 900, "cached_tokens": 800, "completion_tokens": 9,
    }  # fmt: skip
    return TurnPrompt.objects.create(call=call, number=number, **(beginning | values | fields))


@pytest.fixture
def call(tom) -> Call:
    """Two replies, at 3.0 s and at 9.0 s; the second took two questions, of which one was thrown away."""
    call = in_queue(tom, waits=(800, 900)).call
    keep(call, 1, 2500)
    keep(call, 2, 7000, ended="stopped", text="")
    keep(call, 3, 8000, calls=[{"name": "end_call", "arguments": "{}"}])
    keep(call, 4, 60_000)
    return call


@pytest.fixture
def reviewer(client, sam):
    client.force_login(sam)
    client.post("/staff/reason/", {"reason": REASON})
    return client


def test_questions_stand_with_the_reply_that_they_led_to(call):
    assert prompts.numbers_by_turn(call) == {2: [1], 4: [2, 3]}


def test_a_question_is_put_together_with_the_beginning_of_the_first(call):
    (third,) = prompts.questions(call, numbers={3})
    assert third.messages == [SYSTEM, {"role": "user", "content": "question 3"}]
    assert (third.tools, third.tool_names, third.whole) == (TOOLS, ["end_call"], True)
    assert (third.first_token_ms, third.took_ms) == (300, 700)


def test_what_is_missing_of_a_question_is_said(call):
    TurnPrompt.objects.filter(call=call, number=4).update(cut=True, messages=[])
    TurnPrompt.objects.filter(call=call, number=1).delete()
    assert [question.whole for question in prompts.questions(call)] == [False, False, False]


def test_the_page_of_a_turn_shows_prompt_tools_answer_and_numbers(reviewer, call):
    page = reviewer.get(f"/staff/calls/{call.pk}/turns/4/").content.decode()
    for shown in ("You are Floyd.", "question 3", "answer 3", "end_call", "900 (800 cached)", "not waited for", "gpt-6-luna", "0.30 s"):
        assert shown in page
    assert "question 4" not in page and "question 1" not in page
    assert f"/staff/calls/{call.pk}/turns/2/" in page
    assert "question 4" in reviewer.get(f"/staff/calls/{call.pk}/questions/").content.decode()
    assert f"/staff/calls/{call.pk}/turns/4/" in reviewer.get(f"/staff/calls/{call.pk}/").content.decode()


def test_the_page_of_a_turn_shows_what_the_services_reported_and_floyd_did_around_it(reviewer, call):
    reports = (
        (2400, "recognition", "final", {"text": "Brock Road School, good morning.", "interims": 7, "confidence": 0.91}),
        (7000, "carrier", "interrupt", {"utteranceUntilInterrupt": "Hello, this is <Floyd>"}),
        (8500, "voice", "clause", {"voice": "floyd-2", "characters": 21, "first_byte_ms": 140}),
        (8600, "floyd", "keys", {"keys": "2", "waited_ms": 350, "failed": None}),
        (8700, "floyd", "tool", {"name": "note_learned", "took_ms": 41, "result": "ok"}),
        (11_500, "carrier", "mark", {"name": "s2"}),
        (60_000, "carrier", "mark", {"name": "much later"}),
    )
    for at_ms, source, kind, data in reports:
        ProviderNote.objects.create(call=call, at_ms=at_ms, source=source, kind=kind, data=data)
    page = reviewer.get(f"/staff/calls/{call.pk}/turns/4/").content.decode()
    for shown in ("interrupt", "Hello, this is &lt;Floyd&gt;", "floyd-2", "first byte ms", "140", "s2"):
        assert shown in page
    assert "keys pressed" in page and "waited ms" in page and "note_learned" in page
    assert "good morning" not in page and "much later" not in page
    assert "0.91" in reviewer.get(f"/staff/calls/{call.pk}/turns/2/").content.decode()
    assert "much later" in reviewer.get(f"/staff/calls/{call.pk}/questions/").content.decode()


def test_a_turn_without_questions_and_a_line_that_is_none(reviewer, tom, call):
    other = in_queue(tom).call
    assert "Nothing is kept of this turn" in reviewer.get(f"/staff/calls/{other.pk}/turns/2/").content.decode()
    assert reviewer.get(f"/staff/calls/{other.pk}/turns/77/").status_code == 404


def test_a_turn_is_as_closed_as_its_call(client, sam, tom, call):
    client.force_login(sam)
    assert client.get(f"/staff/calls/{call.pk}/turns/2/").url.startswith("/staff/reason/")
    assert client.post(f"/staff/calls/{call.pk}/questions/3/again/", {"model": "gpt-6-luna"}).url.startswith("/staff/reason/")
    client.force_login(tom)
    assert client.get(f"/staff/calls/{call.pk}/turns/2/").status_code == 404


@pytest.fixture
def thinker(monkeypatch):
    """The thinker that is asked again; `models` are the names under which it was made."""
    fake = FakeThinker()
    fake.models = []

    def make(settings: Any) -> FakeThinker:
        fake.models.append(settings.OPENAI_CALL_MODEL)
        return fake

    monkeypatch.setattr(registry, "thinker", make)
    return fake


def test_a_question_is_asked_again_with_another_model_and_changes_nothing(reviewer, call, thinker, settings):
    settings.REVIEW_MODELS = ["gpt-7-test"]
    thinker.script = [["Quite another answer.", tool("agree_to", amount=5)]]
    before = (call.lines.count(), TurnPrompt.objects.count(), call.request.events.exclude(kind="staff_look").count())
    page = reviewer.post(f"/staff/calls/{call.pk}/questions/3/again/", {"model": "gpt-7-test"})
    assert page.status_code == 200
    for shown in ("gpt-7-test, asked again", "Quite another answer.", "agree_to", "answer 3"):
        assert shown in page.content.decode()
    assert thinker.models == ["gpt-7-test"]
    ((messages, tools, cache_key),) = thinker.asked
    assert (messages, tools, cache_key) == ([SYSTEM, {"role": "user", "content": "question 3"}], TOOLS, "")
    assert before == (call.lines.count(), TurnPrompt.objects.count(), call.request.events.exclude(kind="staff_look").count())


def test_who_looks_into_a_turn_comes_back_to_the_same_list(reviewer, call, thinker):
    """The filters go along to the prompts, from turn to turn, through a question asked again, and back to the call."""
    at = f"/staff/calls/{call.pk}/"
    assert f'href="{at}questions/?wait=1500"' in (sheet := reviewer.get(f"{at}?wait=1500").content.decode())
    assert f'href="{at}turns/2/?wait=1500"' in sheet
    thinker.script = [["Quite another answer."]]
    turn = reviewer.get(f"{at}turns/4/?wait=1500").content.decode()
    again = reviewer.post(f"{at}questions/3/again/?wait=1500", {"model": "gpt-6-luna"}).content.decode()
    for page in (turn, again):
        assert f'href="{at}?wait=1500#line-4"' in page and f'href="{at}turns/2/?wait=1500"' in page
        assert f'action="{at}questions/3/again/?wait=1500#again"' in page and "<h1>“Hello, this is Floyd.”</h1>" in page


def test_what_a_provider_says_against_it_is_shown(reviewer, call, thinker):
    thinker.script = [[ProviderError("openai chat: unknown model", permanent=True)]]
    page = reviewer.post(f"/staff/calls/{call.pk}/questions/3/again/", {"model": again.models()[0]})
    assert page.status_code == 422 and "unknown model" in page.content.decode()


def test_only_models_of_the_settings_and_whole_questions_are_asked(reviewer, call, thinker):
    TurnPrompt.objects.filter(call=call, number=4).update(cut=True)
    for number, model, words in ((3, "gpt-expensive", "not among those"), (4, again.models()[0], "not kept whole")):
        page = reviewer.post(f"/staff/calls/{call.pk}/questions/{number}/again/", {"model": model})
        assert page.status_code == 422 and words in page.content.decode()
    assert reviewer.post(f"/staff/calls/{call.pk}/questions/9/again/", {"model": again.models()[0]}).status_code == 404
    assert thinker.asked == []


def test_questions_are_forgotten_after_some_weeks(tom, settings, monkeypatch):
    monkeypatch.setattr(prompts, "BATCH", 2)
    settings.KEEP_PROMPTS_DAYS = 10
    call = ended_call(tom)
    for number in range(1, 6):
        keep(call, number, number * 1000)
    old = timezone.now() - timedelta(days=11)
    TurnPrompt.objects.filter(number__lte=3).update(created_at=old)
    for _ in range(2):
        ProviderNote.objects.create(call=call, at_ms=1, source="carrier", kind="mark")
    ProviderNote.objects.filter(pk=ProviderNote.objects.earliest("pk").pk).update(created_at=old)
    forget_prompts()
    assert ProviderNote.objects.count() == 1
    assert list(TurnPrompt.objects.values_list("number", flat=True)) == [4, 5]
