"""Whoever reviews a call sees word for word what the model was asked, however the answer ended."""

from contextlib import aclosing
from dataclasses import replace

import pytest

from calls.lines import prompts, session, warm
from calls.lines.meter import Billed
from calls.lines.prompts import AskedPrompt, RecordedReplier
from providers.types import ProviderError, ReplyDone
from tests.calls.lines.fakes import FakeThinker, tool
from tests.calls.lines.scene import until

SYSTEM = {"role": "system", "content": "You are Floyd."}
TOOLS = [{"type": "function", "function": {"name": "end_call"}}]


def said(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


class Clock:
    def __init__(self) -> None:
        self.ms = 0

    def now_ms(self) -> int:
        self.ms += 10
        return self.ms


def recorder(*script: object, before: int = 0) -> tuple[RecordedReplier, list[AskedPrompt]]:
    kept: list[AskedPrompt] = []
    return RecordedReplier(FakeThinker(*script), "gpt-6-luna", Clock().now_ms, kept.append, before=before), kept


async def ask(replier: RecordedReplier, *messages: dict[str, str], tools=TOOLS, cache_key: str = "call-1") -> None:
    async for _ in replier.reply(messages=messages, tools=tools, cache_key=cache_key):
        pass


async def test_a_question_is_kept_with_its_answer_times_and_tokens():
    replier, kept = recorder(["One moment.", tool("end_call", farewell="Bye.")])
    await ask(replier, SYSTEM, said("Hello"))
    (one,) = kept
    assert (one.number, one.model, one.purpose, one.messages, one.tools) == (1, "gpt-6-luna", "answer", [SYSTEM, said("Hello")], TOOLS)
    assert (one.text.strip(), one.calls) == ("One moment.", [{"name": "end_call", "arguments": '{"farewell": "Bye."}'}])
    assert (one.ended, one.finish_reason, one.usage.prompt_tokens, one.usage.cached_tokens) == ("whole", "tool_calls", 100, 80)
    assert one.first_ms is not None and one.asked_ms < one.first_ms < one.done_ms


async def test_a_question_that_another_model_answered_has_its_name(monkeypatch):
    replier, kept = recorder(["Hello."])
    answer = replier._replier.reply

    async def by_another(**named):
        async for part in answer(**named):
            yield replace(part, usage=replace(part.usage, model="the-other")) if isinstance(part, ReplyDone) else part

    monkeypatch.setattr(replier._replier, "reply", by_another)
    await ask(replier, SYSTEM)
    assert kept[0].model == "the-other"


async def test_a_call_that_came_back_counts_on_and_keeps_its_questions_whole():
    replier, kept = recorder(before=7)
    await ask(replier, SYSTEM, said("Hello"))
    await ask(replier, SYSTEM, said("Hello"), said("Are you there?"))
    assert [(one.number, one.shared, len(one.messages), one.tools) for one in kept] == [(8, 0, 2, TOOLS), (9, 0, 3, TOOLS)]


async def test_later_questions_keep_only_what_the_first_has_not():
    replier, kept = recorder()
    await ask(replier, SYSTEM, said("Hello"))
    await ask(replier, SYSTEM, said("Hello"), said("Are you there?"))
    await ask(replier, SYSTEM, said("Something else"), tools=[], cache_key="")
    assert [(one.shared, one.messages, one.tools) for one in kept[1:]] == [
        (2, [said("Are you there?")], None),
        (1, [said("Something else")], []),
    ]
    assert kept[2].purpose == "summary"


async def test_a_failure_and_an_answer_that_was_not_waited_for_are_told_apart():
    replier, kept = recorder(["Hello", ProviderError("down")], ["Well then", "hang"])
    with pytest.raises(ProviderError):
        await ask(replier, SYSTEM)
    async with aclosing(replier.reply(messages=[SYSTEM], tools=TOOLS, cache_key="call-1")) as parts:
        async for _ in parts:
            break
    assert [(one.ended, one.text.strip()) for one in kept] == [("failed", "Hello"), ("stopped", "Well")]


async def test_what_is_too_long_or_too_much_is_not_kept(monkeypatch):
    monkeypatch.setattr(prompts, "MOST_PROMPTS", 2)
    monkeypatch.setattr(prompts, "LONGEST", 100)
    replier, kept = recorder()
    await ask(replier, SYSTEM)
    await ask(replier, SYSTEM, said("x" * 200))
    await ask(replier, SYSTEM)
    assert [(one.number, one.cut, one.messages) for one in kept] == [(1, False, [SYSTEM]), (2, True, [])]


async def test_the_questions_of_a_call_are_in_the_database_when_it_is_over(carrier, opened, kit, ended, rows, monkeypatch):
    monkeypatch.setattr(warm, "_kit", replace(kit, keeps_prompts=True, billed=Billed(model="gpt-6-luna")))
    kit.thinker.script = [["Noted\x00, thanks.", tool("end_call", result="goal_reached", farewell="Thank you, goodbye.")]]
    async with carrier():
        kit.recognizer.says("Hello, Brock Road School.")
        await opened()
        kit.recognizer.says("Okay, I will note it. Bye.")
        await ended()
    kept = await rows("select * from calls_turnprompt where ended = 'whole' order by number")
    assert kept[0]["text"].strip() == "Noted, thanks."
    assert kept[0]["calls"][0]["name"] == "end_call"
    first = (await rows("select * from calls_turnprompt where number = 1"))[0]
    assert first["messages"][0]["role"] == "system" and "Mara" in first["messages"][0]["content"]
    assert first["tools"]
    assert (kept[0]["model"], kept[0]["prompt_tokens"], kept[0]["cached_tokens"]) == ("gpt-6-luna", 100, 80)


async def test_questions_are_in_the_database_while_the_call_goes_on(carrier, opened, kit, ended, rows, monkeypatch):
    monkeypatch.setattr(warm, "_kit", replace(kit, keeps_prompts=True))
    monkeypatch.setattr(session, "HEARTBEAT_S", 0.05)
    kit.thinker.script = [["When would that be?"], ["Thank you."]]
    async with carrier():
        kit.recognizer.says("Hello, Brock Road School.")
        await opened()
        kit.recognizer.says("We need a note for that.")

        async def kept():
            return await rows("select 1 from calls_turnprompt where ended = 'whole'")

        await until(kept)
    await ended()
