"""Tools as they run for a call: whatever happens becomes a result that is written down."""

import sys

import pytest

from calls.conversation.events import ToolFinished
from calls.lines.tool_runs import Wish
from tests.use_cases.people import OUR_NUMBER, dana, taken_call
from use_cases import running
from use_cases.loading import load_all
from use_cases.models import InboundCall, InboundNumber, ToolRun, UseCase, UseCaseVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(root, monkeypatch):
    monkeypatch.setattr(running.time, "sleep", lambda _: None)
    load_all()
    version = UseCase.objects.get(slug="greenhouse").current
    assert version is not None
    return taken_call(dana(), version)


def ran(call, name, arguments="{}", key="k.t1") -> ToolFinished:
    return running.run(Wish(call.pk, key, "t1", name, arguments, 4))


def made_calls():
    return sys.modules["use_cases.greenhouse.tools"].calls


def test_a_tool_runs_with_its_arguments_and_is_written_down(call):
    finished = ran(call, "list_plants", '{"most": 2}')
    row = ToolRun.objects.get()
    assert (finished.ok, finished.data["plants"]) == (True, ["rose", "tulip"])
    assert (row.name, row.arguments, row.result, row.tries, row.line) == ("list_plants", {"most": 2}, {"ok": True, **finished.data}, 1, 4)
    assert row.ms is not None
    context = made_calls()[0]
    assert (context.call_id, context.caller.first_name, context.key) == (call.pk, "Dana", "k.t1")
    assert context.now.tzinfo is not None


def test_the_same_wish_again_is_not_carried_out_again(call):
    first = ran(call, "list_plants")
    assert ran(call, "list_plants") == first
    assert len(made_calls()) == 1
    ran(call, "list_plants", key="k.t2")
    assert len(made_calls()) == 2


def test_a_temporary_trouble_is_tried_again_with_the_same_key(call):
    finished = ran(call, "moody")
    assert finished.data == {"tries": 2}
    assert ToolRun.objects.get().tries == 2
    assert {context.key for context in made_calls()} == {"k.t1"}


@pytest.mark.parametrize(
    ("name", "arguments", "data"),
    [
        ("fly", "{}", {"reason": "unknown_tool"}),
        ("list_plants", '{"most": "many", "colour": "red"}', {"reason": "bad_arguments", "wrong": ["colour", "most"]}),
        ("list_plants", "no json", {"reason": "bad_arguments", "wrong": ["json"]}),
        ("never", "{}", {"reason": "temporary_trouble"}),
        ("broken", "{}", {"reason": "failed"}),
        ("refuse", "{}", {"reason": "refused", "why": "We are closed."}),
    ],
)
def test_what_goes_wrong_becomes_a_result_that_says_what_to_do(call, name, arguments, data):
    finished = ran(call, name, arguments)
    assert not finished.ok
    assert {key: value for key, value in finished.data.items() if key != "do"} == data
    assert finished.data["do"]
    assert "secret" not in str(finished)
    assert ToolRun.objects.get().result == {"ok": False, **finished.data}


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [('{"to": "the moon"}', {"to": "the moon"}), ("no json", {}), ("[" * 1_900, {}), ('{"to": "' + "x" * 3_000 + '"}', {}), ("[1]", {})],
    ids=["as they are", "no JSON", "too deep", "too long", "no object"],
)
def test_a_wish_of_which_nothing_came_is_written_down_with_its_arguments(call, arguments, kept):
    assert running.give_up(Wish(call.pk, "k.t1", "t1", "fly", arguments, 4), {"reason": "unknown_tool"})
    row = ToolRun.objects.get()
    assert (row.name, row.arguments, row.line, row.result) == ("fly", kept, 4, {"ok": False, "reason": "unknown_tool"})


def test_a_tool_may_ask_for_a_person_where_one_takes_calls_over(call):
    nobody = ran(call, "pass_on", key="k.t9")
    assert (nobody.ok, nobody.hand_off, nobody.data["reason"]) == (False, None, "nobody_takes_calls_over")
    UseCaseVersion.objects.update(live_agent="+15195550188")
    assert ran(call, "pass_on").hand_off == ("user_requested", "Wants a person.")


def test_a_tool_may_start_another_use_case_in_its_version_of_now(call):
    finished = ran(call, "go_elsewhere")
    assert finished.start is not None
    assert (finished.start.slug, finished.start.prompt, finished.start.menu) == ("garage", "You answer for a garage.", False)
    assert InboundCall.objects.get(pk=call.pk).version.use_case.slug == "garage"
    UseCase.objects.filter(slug="garage").update(current=None)
    assert ran(call, "pass_on", key="k.t2").data["reason"] == "unknown_tool"  # the garage has none


def test_a_use_case_that_is_gone_is_not_started(call):
    UseCase.objects.filter(slug="garage").update(current=None)
    assert ran(call, "go_elsewhere").data["reason"] == "no_such_use_case"


def test_main_menu_leads_to_what_the_number_says(call):
    InboundNumber.objects.create(number=OUR_NUMBER, menu=True, use_case="garage")
    finished = ran(call, "main_menu")
    assert finished.start is not None
    assert (finished.start.slug, finished.start.menu) == ("garage", True)
    assert [tool.name for tool in finished.start.tools] == ["main_menu"]
