"""Comparing settings: how they are named, what is passed on, and the table."""

import json
import subprocess
from argparse import Namespace
from types import SimpleNamespace

import pytest
from rich.console import Console

from floyd_site.commands import rehearse as command
from floyd_site.rehearsal import comparing
from floyd_site.rehearsal.comparing import WrongVariantError, read_variants, side_by_side
from floyd_site.rehearsal.results import Result, as_json
from floyd_site.rehearsal.scenario import SCENARIOS


def changes(text):
    return [variant.changes for variant in read_variants(text)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("openai_chat,openai_responses", [{"THINKER": "openai_chat"}, {"THINKER": "openai_responses"}]),
        (".,google_speech_v2", [{}, {"RECOGNIZER": "google_speech_v2"}]),
        ("media_stream, conversation_relay", [{"CALL_LINE": "media_stream"}, {"CALL_LINE": "conversation_relay"}]),
        ("OPENAI_SERVICE_TIER=default,priority", [{"OPENAI_SERVICE_TIER": "default"}, {"OPENAI_SERVICE_TIER": "priority"}]),
        (".,openai_responses+SPEAKER=google_speech", [{}, {"THINKER": "openai_responses", "SPEAKER": "google_speech"}]),
    ],
)
def test_names_stand_for_settings(text, meant):
    assert changes(text) == meant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("openai_chat", "two or more"),
        ("openai_chat,openai_chat", "two or more"),
        ("openai_chat,nobody", "stands for no setting"),
        (".,google_speech", "RECOGNIZER=google_speech"),
    ],
)
def test_what_stands_for_nothing_is_told(text, why):
    with pytest.raises(WrongVariantError, match=why):
        read_variants(text)


def report(*results):
    return as_json(list(results), model="gpt-6-luna")


def result(name, *, success=True, micros=10_000, waited_ms=(600, 800)):
    return Result(name, success, "" if success else "no", 1.0, 1, 2, 700, 800, (), micros, "USD", waited_ms)


@pytest.fixture
def played(monkeypatch):
    """What each run of processes was started with; each tells of one scenario, which fails with the second."""
    runs = []

    def run(arguments, *, env, **more):
        runs.append(SimpleNamespace(arguments=arguments, environment=env))
        found = report(result("dentist", success=len(runs) == 1, micros=10_000 if len(runs) == 1 else None))
        return SimpleNamespace(stdout=f"a line of the supervisor's\n{json.dumps(found)}", returncode=0)

    monkeypatch.setattr(subprocess, "run", run)
    return runs


def asked(compare, *, in_json=False, line=None):
    return command.run(Namespace(compare=compare, line=line, names=["dentist"], scenarios=SCENARIOS, together=1, json=in_json))


def test_each_side_has_processes_of_its_own(played, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///mine")
    monkeypatch.setenv("COLUMNS", "200")
    assert asked("openai_chat,openai_responses") == 1
    assert [run.environment["THINKER"] for run in played] == ["openai_chat", "openai_responses"]
    assert not any("DATABASE_URL" in run.environment for run in played)
    assert all("floyd_site.supervisor" in run.arguments and "dentist" in run.arguments and "--json" in run.arguments for run in played)
    table = capsys.readouterr().out
    assert "openai_responses" in table and "0.0100 USD" in table and "0 of 1" in table and "NO" in table


def test_for_programs_it_is_json(played, capsys):
    assert asked("openai_chat,openai_responses", in_json=True) == 1
    both = json.loads(capsys.readouterr().out)
    assert (both["openai_chat"]["succeeded"], both["openai_responses"]["micros"]) == (1, None)


@pytest.mark.parametrize("line", ["realtime", "conversation_relay"])
def test_another_line_than_the_one_that_is_set_has_processes_of_its_own(played, settings, line):
    settings.CALL_LINE = "media_stream"
    assert asked("", line=line) == 0
    assert [run.environment["CALL_LINE"] for run in played] == [line]


def test_what_is_compared_is_compared_on_the_line_that_was_named(played):
    asked("openai_chat,openai_responses", line="realtime")
    assert [(run.environment["CALL_LINE"], run.environment["THINKER"]) for run in played] == [
        ("realtime", "openai_chat"),
        ("realtime", "openai_responses"),
    ]


def test_a_side_that_does_not_start_is_told(monkeypatch, capsys):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout="", returncode=3))
    assert asked(".,SPEAKER=nobody") == 2
    assert "nothing was played (status 3)" in capsys.readouterr().err


def test_a_mistyped_side_is_told_before_anything_is_played(played, capsys):
    assert asked("openai_chat,openai_respones") == 2
    assert "stands for no setting" in capsys.readouterr().err
    assert played == []


def test_all_together_stand_in_the_last_row():
    reports = {"a": report(result("one"), result("two", waited_ms=(100,))), "b": report(result("one", micros=None))}
    assert (reports["a"]["median_ms"], reports["a"]["micros"], reports["b"]["micros"]) == (600, 20_000, None)
    console = Console(width=160, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(side_by_side(reports))
    shown = captured.get()
    assert "not played" in shown and "2 of 2" in shown and "0.0200 USD" in shown


def test_prices_that_are_not_known_are_not_nothing():
    assert (comparing.price(None, "USD"), comparing.price(0, "USD")) == ("–", "0.0000 USD")
