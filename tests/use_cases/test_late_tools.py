"""A tool that is given up and the write of that tool: the caller is told one thing, and that is what stands in the database."""

import threading

import pytest
from django.db import OperationalError, connection

from calls.conversation.events import ToolFinished
from calls.lines.tool_runs import TIMED_OUT, Wish
from tests.use_cases.people import dana, taken_call
from use_cases import running
from use_cases.loading import load_all
from use_cases.models import Caller, ToolRun, UseCase
from use_cases.tooling import TemporaryToolError, Tool, ToolRefusedError, ToolResult

pytestmark = pytest.mark.django_db(transaction=True)
#: Where in its work a tool can be when it is given up.
STEPS = ("before it begins", "before it writes", "after it wrote", "when it is done")


@pytest.fixture
def call(root):
    load_all()
    version = UseCase.objects.get(slug="greenhouse").current
    assert version is not None
    return taken_call(dana(), version)


class Schedule:
    """Has a tool of the greenhouse stop at a step, where it is given up by somebody else."""

    def __init__(self, call, step, *, tries=1, refuses=False):
        self.call, self.step, self.tries, self.refuses = call, step, tries, refuses
        self.wish = Wish(call.pk, "k.t1", "t1", "note_down", "{}", 0)
        self.given_up: bool | None = None
        self.count = 0

    def at(self, step):
        """Gives up, on a connection of its own, when the work is there."""
        if step != self.step or self.given_up is not None:
            return

        def does():
            try:
                self.given_up = running.give_up(self.wish, TIMED_OUT)
            finally:
                connection.close()

        other = threading.Thread(target=does)
        other.start()
        other.join(20)
        assert self.given_up is not None, "nobody waits for the tool's transaction"

    def tool(self) -> Tool:
        greenhouse = running.offering.tools_for(running.InboundCall.objects.get(pk=self.call.pk).version)["list_plants"]

        def note_down(context, _arguments):
            """Writes something."""
            self.count += 1
            self.at("before it writes")
            Caller.objects.filter(pk=context.caller.pk).update(first_name="Written")
            self.at("after it wrote")
            if self.count < self.tries:
                raise TemporaryToolError
            if self.refuses:
                raise ToolRefusedError("No.")
            return ToolResult({"written": True})

        return Tool("note_down", "Writes.", greenhouse.arguments, note_down, False, 5.0, 3, "", False)

    def run(self, monkeypatch) -> ToolFinished:
        made = self.tool()
        monkeypatch.setattr(running.offering, "tools_for", lambda _version: {"note_down": made})
        monkeypatch.setattr(running.time, "sleep", lambda _: None)
        self.at("before it begins")
        finished = running.run(self.wish)
        self.at("when it is done")
        return finished


def written() -> bool:
    return Caller.objects.get().first_name == "Written"


@pytest.mark.parametrize("tries", [1, 3])
@pytest.mark.parametrize("step", STEPS)
def test_what_was_told_to_have_failed_is_not_in_the_database(call, monkeypatch, step, tries):
    schedule = Schedule(call, step, tries=tries)
    finished = schedule.run(monkeypatch)
    told_done = not schedule.given_up
    assert told_done is (step == "when it is done")
    assert written() is told_done
    row = ToolRun.objects.get()
    assert row.result is not None
    assert row.result["ok"] is told_done
    assert finished.ok is told_done


@pytest.mark.parametrize("step", STEPS)
def test_what_a_tool_wrote_before_it_refused_stays_unless_it_was_given_up(call, monkeypatch, step):
    schedule = Schedule(call, step, refuses=True)
    schedule.run(monkeypatch)
    assert written() is (not schedule.given_up)


def test_a_commit_whose_answer_was_lost_is_told_as_done(call, monkeypatch):
    """The connection breaks behind the commit: the tool is tried again, finds its result, and tells that."""
    schedule = Schedule(call, "never")
    kept, lost = running._Attempt._kept, []

    def loses_the_answer(self, row, does):
        finished = kept(self, row, does)
        if not lost:
            lost.append(True)
            raise OperationalError("server closed the connection unexpectedly")
        return finished

    monkeypatch.setattr(running._Attempt, "_kept", loses_the_answer)
    finished = schedule.run(monkeypatch)
    assert lost and finished.ok and finished.data == {"written": True}
    assert written()
