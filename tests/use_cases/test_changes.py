"""What a tool changes of the use case that has its call: checked, kept with the call, told once more with a result that was kept, and shown."""

import pytest
from django.db import OperationalError

from calls.conversation.reception.topics import LIVE_AGENT
from calls.conversation.reception.use_case import MAIN_MENU, AnsweringUseCase
from calls.lines.tool_runs import Wish
from calls.models import Call
from calls.review import sheet
from calls.status import CallStatus
from tests.use_cases import folder, page
from tests.use_cases.people import OUR_NUMBER, dana, taken_call
from use_cases import answering, handing_off, running
from use_cases.loading import load_all
from use_cases.models import HandOff, InboundCall, InboundNumber, ToolRun, UseCase, UseCaseVersion
from use_cases.offering import LONGEST_ADDITION

pytestmark = pytest.mark.django_db
TOOLS = """
from pydantic import SecretStr
from calls.conversation.reception.keys import KeyHandler
from use_cases.live_agent import live_agent
from use_cases.models import Caller


class Pin(BaseModel):
    model_config = ConfigDict(extra="forbid")
    pin: SecretStr


@tool()
def enter_pin(context: ToolContext, arguments: Pin) -> ToolResult:
    \"\"\"Takes a PIN.\"\"\"
    return ToolResult()


def _changes(name, **changes):
    def change(context: ToolContext, arguments: Nothing) -> ToolResult:
        \"\"\"Changes something.\"\"\"
        calls.append(context)
        Caller.objects.filter(pk=context.caller.pk).update(first_name="Written")
        return ToolResult({"done": name}, **changes)

    change.__name__ = name
    return change


KEYS = {"1": KeyHandler(say="Here they are.", tool="list_plants", arguments={"most": 1}), "2": KeyHandler(say="Bye.", tool="refuse")}
add = tool()(_changes("add", prompt="  The order is placed.  "))
add_else = tool()(_changes("add_else", prompt=""))
narrow = tool()(_changes("narrow", tools=frozenset({"list_plants", "add"})))
close = tool()(_changes("close", tools=frozenset()))
key = tool()(_changes("key", keys=KEYS))
menu_key = tool()(_changes("menu_key", keys={"9": KeyHandler(tool="main_menu")}))
all_three = tool()(_changes("all_three", prompt="Placed.", tools=frozenset({"list_plants"}), keys=KEYS, say="There."))
no_such_tool = tool()(_changes("no_such_tool", tools=frozenset({"list_plants", "fly"})))
no_such_key = tool()(_changes("no_such_key", keys={"A": KeyHandler(say="A.")}))
empty_key = tool()(_changes("empty_key", keys={"1": KeyHandler()}))
flying_key = tool()(_changes("flying_key", keys={"1": KeyHandler(tool="fly")}))
long = tool()(_changes("long", prompt="x" * 2_001))
reader = tool(reads=True)(_changes("reader", prompt="Read."))
start_and_more = tool()(_changes("start_and_more", prompt="More.", start="garage"))
"""


@pytest.fixture
def call(root, monkeypatch):
    """Dana has rung a greenhouse whose tools change it."""
    monkeypatch.setattr(running.time, "sleep", lambda _: None)
    folder.write(root, tools=folder.TOOLS + TOOLS)
    load_all()
    UseCaseVersion.objects.update(live_agent="+15195550188")
    InboundNumber.objects.create(number=OUR_NUMBER, menu=True, use_case="garage")
    return taken_call(dana(), UseCase.objects.get(slug="greenhouse").current)


def ran(call, name, key=""):
    return running.run(Wish(call.pk, key or f"k.{name}", "t1", name, "{}", 4))


def names(changes):
    return [tool.name for tool in changes.tools]


def as_it_is(call) -> AnsweringUseCase:
    """As it would be for a conversation that begins now."""
    taken = InboundCall.objects.get(pk=call.pk)
    found = answering.brief_for(taken.version, taken.caller, time_zone="UTC", menu=True, changed=taken.changes).use_case
    assert found is not None
    return found


def test_a_paragraph_stands_behind_the_prompt_until_another_takes_its_place(call):
    before = as_it_is(call)
    changes = ran(call, "add").changes
    assert (changes.number, changes.addition, changes.tools, changes.keys) == (1, "The order is placed.", before.tools, before.keys)
    assert (as_it_is(call).prompt, as_it_is(call).addition) == (before.prompt, "The order is placed.")
    assert ran(call, "add_else").changes.addition == as_it_is(call).addition == ""


def test_of_its_tools_those_that_are_named_are_offered_with_those_that_always_are(call):
    changes = ran(call, "narrow").changes
    assert sorted(names(changes)) == sorted(["add", "list_plants", LIVE_AGENT, "enter_pin", MAIN_MENU])
    assert sorted(names(ran(call, "close").changes)) == sorted([LIVE_AGENT, "enter_pin", MAIN_MENU])
    assert names(as_it_is(call)) == names(ran(call, "add").changes)


def test_keys_are_those_that_are_named_as_far_as_their_tool_is_offered(call):
    assert ran(call, "key").changes.keys == {
        "1": {"say": "Here they are.", "tool": "list_plants", "arguments": {"most": 1}},
        "2": {"say": "Bye.", "tool": "refuse"},
    }
    assert list(ran(call, "narrow").changes.keys) == ["1"]
    assert ran(call, "menu_key").changes.keys == {"9": {"tool": "main_menu"}}
    assert ran(call, "close").changes.keys == {"9": {"tool": "main_menu"}}


def test_a_key_whose_tool_goes_goes_with_it(call):
    assert list(as_it_is(call).keys) == ["1"]
    assert ran(call, "close").changes.keys == {}


def test_a_tool_that_staff_took_out_does_not_come_back_and_is_no_defect(call):
    version = UseCaseVersion.objects.get(use_case__slug="greenhouse")
    version.tools = [name for name in version.tools if name != "list_plants"]
    version.save()
    finished = ran(call, "all_three")
    assert finished.ok
    assert "list_plants" not in names(finished.changes) and "1" not in finished.changes.keys


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no_such_tool", "tools: there is no fly"),
        ("no_such_key", "there is no such key"),
        ("empty_key", "it needs say, tool or model"),
        ("flying_key", "there is no tool fly"),
        ("long", str(LONGEST_ADDITION)),
        ("reader", "only reads"),
        ("start_and_more", "start:"),
    ],
)
def test_what_cannot_be_is_a_failed_tool_that_the_log_explains_and_nothing_of_it_stays(call, caplog, name, why):
    before = as_it_is(call)
    finished = ran(call, name)
    assert (finished.ok, finished.data["reason"], finished.changes, finished.start) == (False, "failed", None, None)
    assert finished.data["do"]
    assert why in caplog.text
    assert as_it_is(call) == before
    taken, row = InboundCall.objects.get(), ToolRun.objects.get()
    assert (taken.changes, taken.caller.first_name, taken.version.use_case.slug, row.effects) == ({}, "Dana", "greenhouse", {})


def test_another_use_case_begins_unchanged(call):
    ran(call, "all_three")
    started = ran(call, "go_elsewhere").start
    assert (started.slug, started.addition, InboundCall.objects.get().changes) == ("garage", "", {})


def test_a_tool_that_is_done_behind_the_start_of_another_use_case_changes_nothing_of_that(call, monkeypatch):
    attempt = running._Attempt(Wish(call.pk, "k.late", "t2", "all_three", "{}", 4))
    ran(call, "go_elsewhere")
    finished = attempt.go(ToolRun.objects.create(call=call, key="k.late", name="all_three"))
    assert (finished.ok, finished.changes, InboundCall.objects.get().changes) == (True, None, {})
    assert ToolRun.objects.get(key="k.late").effects == {"say": "There."}


class TestOnceMore:
    """The same wish again: nothing runs, and what is told is the same."""

    @pytest.mark.parametrize("name", ["all_three", "narrow", "go_elsewhere", "pass_on", "list_plants", "refuse"])
    def test_all_that_it_set_off_is_told_again(self, call, monkeypatch, name):
        now = running.timezone.now()
        monkeypatch.setattr(running.timezone, "now", lambda: now)
        first = ran(call, name)
        assert ran(call, name) == first
        taken = InboundCall.objects.get()
        assert taken.changes.get("number", 0) == (1 if first.changes else 0)

    def test_so_it_is_when_the_answer_of_the_commit_was_lost(self, call, monkeypatch):
        kept, lost = running._Attempt._kept, []

        def loses_the_answer(self, row, does):
            finished = kept(self, row, does)
            if not lost:
                lost.append(finished)
                raise OperationalError("server closed the connection unexpectedly")
            return finished

        monkeypatch.setattr(running._Attempt, "_kept", loses_the_answer)
        assert ran(call, "all_three") == lost[0]
        assert InboundCall.objects.get().changes["number"] == 1

    def test_a_change_is_told_as_it_stands_now(self, call):
        ran(call, "add")
        newest = ran(call, "narrow").changes
        assert ran(call, "add").changes == newest
        ran(call, "go_elsewhere")
        assert ran(call, "add").changes is None

    def test_a_start_from_which_the_call_has_gone_on_is_not_made_again(self, call):
        ran(call, "go_elsewhere")
        version = UseCase.objects.get(slug="greenhouse").current
        InboundCall.objects.update(version=version)
        assert ran(call, "go_elsewhere").start is None


def test_a_call_that_comes_back_from_a_person_is_as_the_tool_left_it(call):
    ran(call, "all_three")
    Call.objects.filter(pk=call.pk).update(end_reason="handed_off", status=CallStatus.IN_PROGRESS)
    asked = HandOff.objects.create(call=call, code="legal", summary="A contract.", state="ringing")
    handing_off.dialled(asked)
    found = AnsweringUseCase.from_json(Call.objects.get().brief["use_case"])
    assert (found.addition, list(found.keys)) == ("Placed.", ["1"])
    assert sorted(names(found)) == sorted(["list_plants", LIVE_AGENT, "enter_pin", MAIN_MENU])
    assert handing_off.NOT_TAKEN in found.prompt
    assert ran(call, "add").changes.number == 2, "it is newer than what the call came back with"


def test_the_page_that_says_how_is_followed_word_for_word(root):
    tools = page.files()["use_cases/greenhouse/tools.py"] + page.change()
    folder.write(root, toml=page.files()["use_cases/greenhouse/use_case.toml"], prompt=page.files()["use_cases/greenhouse/prompt.md"], tools=tools)
    load_all()
    call = taken_call(dana(), UseCase.objects.get(slug="greenhouse").current)
    finished = running.run(Wish(call.pk, "k1", "t1", "set_plant_aside", '{"plant": "fern"}', 4))
    assert finished.ok and finished.changes is not None
    assert finished.changes.addition == "A plant is set aside, until six today."
    assert names(finished.changes) == ["plants_in_stock"]
    assert {key: does["say"] for key, does in finished.changes.keys.items()} == {
        "1": "These are our plants.",
        "2": "We keep it until we close at six.",
    }


def test_reviewers_see_behind_the_line_what_a_tool_changed(call):
    call.lines.create(seq=4, speaker="callee", text="That is all.", intended="That is all.", start_ms=0, end_ms=900)
    ran(call, "all_three")
    ran(call, "list_plants")
    changed, plain = sheet.said(call)[0].tools
    assert '"changed": {' in changed.effects and '"tools": ["list_plants"]' in changed.effects and '"prompt": "Placed."' in changed.effects
    assert plain.effects == ""
