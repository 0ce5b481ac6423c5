"""A Realtime conversation at the wire, as the official client has it: spoken to, and answering."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest

from sandbox.voice import mulaw_encode, say

BRIEF = {
    "user_name": "Tom Redmond",
    "kind": "inform",
    "goal": "Tell the school that Mara is ill.",
    "opening_line": "Mara is ill today.",
    "facts": [{"id": "fact:1", "statement": "Mara has a fever"}],
}
END_CALL = {
    "type": "function",
    "name": "end_call",
    "description": "Ends the call.",
    "parameters": {
        "type": "object",
        "properties": {"result": {"type": "string"}, "farewell": {"type": "string"}},
        "required": ["result", "farewell"],
        "additionalProperties": False,
    },
}
FRAME = 800


def setup(**detection: Any) -> Any:
    turn_detection = {"type": "server_vad", "silence_duration_ms": 400, "create_response": False, "interrupt_response": False} | detection
    return {
        "type": "realtime",
        "instructions": f"Rules.\n\nBRIEF\n{json.dumps(BRIEF)}",
        "tools": [END_CALL],
        "audio": {
            "input": {"format": {"type": "audio/pcmu"}, "transcription": {"model": "gpt-live-transcribe"}, "turn_detection": turn_detection},
            "output": {"format": {"type": "audio/pcmu"}, "voice": "marin"},
        },
    }


class Client:
    """Keeps what the server says."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.seen: list[Any] = []

    async def until(self, kind: str) -> Any:
        async with asyncio.timeout(60):
            while True:
                event = await self.connection.recv()
                self.seen.append(event)
                if event.type == kind:
                    return event

    async def speak(self, text: str) -> None:
        audio = mulaw_encode(say(text)) + b"\xff" * 6_400
        for at in range(0, len(audio), FRAME):
            await self.connection.input_audio_buffer.append(audio=base64.b64encode(audio[at : at + FRAME]).decode())

    async def refused(self, event: dict[str, Any]) -> Any:
        await self.connection.send({"event_id": "e-1"} | event)
        error = (await self.until("error")).error
        assert error.event_id == "e-1" and error.type == "invalid_request_error"
        return error

    def sound_ms(self) -> int:
        return sum(len(base64.b64decode(event.delta)) for event in self.seen if event.type == "response.output_audio.delta") // 8


@pytest.fixture
async def talking(client, state):
    state.expected.callee.add("Will she be okay?", "Thank you for letting us know, goodbye.")
    async with client.realtime.connect(model="gpt-realtime-2.1-mini") as connection:
        made = Client(connection)
        await made.until("session.created")
        yield made


async def test_it_hears_writes_down_answers_and_uses_tools(talking):
    await talking.connection.session.update(session=setup())
    await talking.until("session.updated")
    await talking.speak("Will she be okay?")
    heard = await talking.until("conversation.item.input_audio_transcription.completed")
    assert heard.transcript == "Will she be okay?"
    kinds = [event.type for event in talking.seen]
    order = ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.committed", "conversation.item.added"]
    assert [kind for kind in kinds if kind in order] == order
    assert "response.created" not in kinds, "nobody asked it to answer"
    await talking.connection.response.create(response={"metadata": {"reply": "r1"}})
    done = (await talking.until("response.done")).response
    assert (done.status, done.metadata) == ("completed", {"reply": "r1"})
    assert "I'm sorry" in done.output[0].content[0].transcript and talking.sound_ms() > 800
    assert done.usage.output_token_details.audio_tokens > 0
    await talking.speak("Thank you for letting us know, goodbye.")
    await talking.until("conversation.item.input_audio_transcription.completed")
    await talking.connection.response.create()
    call = await talking.until("response.function_call_arguments.done")
    assert call.name == "end_call" and json.loads(call.arguments)["result"] == "goal_reached"
    await talking.until("response.done")
    result = {"type": "function_call_output", "call_id": call.call_id, "output": '{"ok": true}'}
    await talking.speak("Will she be okay?")
    await talking.until("conversation.item.input_audio_transcription.completed")
    await talking.connection.conversation.item.create(item=result, previous_item_id=call.item_id)
    assert (await talking.until("conversation.item.added")).previous_item_id == call.item_id


async def test_it_answers_by_itself_when_it_is_set_to(talking):
    await talking.connection.session.update(session=setup(create_response=True, interrupt_response=True))
    await talking.speak("Will she be okay?")
    await talking.until("response.done")
    assert talking.sound_ms() > 800


async def test_what_was_not_heard_is_cut_to_the_millisecond(talking):
    await talking.connection.session.update(session=setup())
    await talking.speak("Will she be okay?")
    await talking.until("input_audio_buffer.committed")
    await talking.connection.response.create()
    item = (await talking.until("response.output_item.done")).item
    cut = {"type": "conversation.item.truncate", "item_id": item.id, "content_index": 0}
    too_much = await talking.refused(cut | {"audio_end_ms": talking.sound_ms() + 1})
    assert "already shorter" in too_much.message
    await talking.connection.send(cut | {"audio_end_ms": 500})
    assert (await talking.until("conversation.item.truncated")).audio_end_ms == 500
    await talking.connection.send({"type": "conversation.item.retrieve", "item_id": item.id})
    kept = (await talking.until("conversation.item.retrieved")).item.content[0].transcript
    assert item.content[0].transcript.startswith(kept) and len(kept) < len(item.content[0].transcript)


async def test_one_answer_at_a_time_and_it_can_be_broken_off(talking, state):
    state.faults.set("openai.realtime", {"mode": "stall"})
    await talking.connection.session.update(session=setup())
    await talking.speak("Will she be okay?")
    await talking.until("conversation.item.input_audio_transcription.completed")
    await talking.connection.response.create()
    await talking.until("response.output_audio.delta")
    assert (await talking.refused({"type": "response.create"})).code == "conversation_already_has_active_response"
    await talking.connection.response.cancel()
    done = (await talking.until("response.done")).response
    assert (done.status, done.status_details.reason) == ("cancelled", "client_cancelled")
    assert (await talking.refused({"type": "response.cancel"})).code == "response_cancel_not_active"


@pytest.mark.parametrize(
    ("event", "code", "param"),
    [
        ({"type": "session.update", "session": {"type": "realtime", "voice": "marin"}}, "unknown_parameter", "session.voice"),
        ({"type": "session.update", "session": {"instructions": "Hi"}}, "missing_required_parameter", "session.type"),
        (
            {"type": "session.update", "session": {"type": "realtime", "audio": {"output": {"voice": "frank"}}}},
            "invalid_value",
            "session.audio.output.voice",
        ),
        (
            {
                "type": "session.update",
                "session": {"type": "realtime", "audio": {"input": {"transcription": {"model": "whisper-1", "languages": ["fr"]}}}},
            },
            "unknown_parameter",
            "session.audio.input.transcription.languages",
        ),
        (
            {
                "type": "session.update",
                "session": {"type": "realtime", "audio": {"input": {"transcription": {"model": "gpt-transcribe", "languages": ["fr-CA"]}}}},
            },
            "invalid_value",
            "session.audio.input.transcription.languages[0]",
        ),
        (
            {"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"transcription": {"model": "frank"}}}}},
            "invalid_value",
            "session.audio.input.transcription.model",
        ),
        ({"type": "session.update", "session": {"type": "realtime", "model": "gpt-realtime-2.1"}}, "cannot_update_model", "session.model"),
        ({"type": "response.make"}, "invalid_value", "type"),
        ({"type": "input_audio_buffer.append"}, "missing_required_parameter", "audio"),
        ({"type": "input_audio_buffer.append", "audio": "%%"}, "invalid_value", "audio"),
        ({"type": "input_audio_buffer.commit"}, "input_audio_buffer_commit_empty", None),
        ({"type": "conversation.item.truncate", "item_id": "x", "content_index": 0, "audio_end_ms": 5}, "item_not_found", "item_id"),
        (
            {
                "type": "conversation.item.create",
                "previous_item_id": "x",
                "item": {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
            },
            "item_not_found",
            "previous_item_id",
        ),
        (
            {"type": "conversation.item.create", "item": {"type": "function_call_output", "call_id": "x", "output": "{}"}},
            "invalid_tool_call_id",
            None,
        ),
        ({"type": "response.create", "response": {"metadata": {"a": 1}}}, "invalid_type", "response.metadata.a"),
    ],
)
async def test_what_the_api_does_not_know_is_refused(talking, event, code, param):
    error = await talking.refused(event)
    assert error.code == code and param in (None, error.param)
