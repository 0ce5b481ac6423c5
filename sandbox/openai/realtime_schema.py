"""What a client may send in a Realtime session: every event and its fields, as the published API describes them.

https://platform.openai.com/docs/api-reference/realtime-client-events
"""

from __future__ import annotations

from typing import Any

import jsonschema

from sandbox.openai.speech import VOICES

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
ANY: Schema = {}


class RefusedError(Exception):
    """The client's event is refused; the session goes on."""

    def __init__(self, message: str, *, code: str, param: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.param = param


def _object(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _one_of(*values: str) -> Schema:
    return {"enum": list(values)}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_FORMAT = {
    "anyOf": [
        _object(("type",), type=_one_of("audio/pcmu", "audio/pcma")),
        _object(("type",), type=_one_of("audio/pcm"), rate={"const": 24_000}),
    ]
}
_LANGUAGE: Schema = {"type": "string", "pattern": "^[a-z]{2,3}$"}
#: What writes down what is heard, and what only some of them take.
_TRANSCRIPTION = {
    "anyOf": [
        _object(
            ("model",),
            model=_one_of("gpt-transcribe", "gpt-live-transcribe"),
            language=_LANGUAGE,
            languages={"type": "array", "items": _LANGUAGE},
            prompt=TEXT,
            keywords={"type": "array", "items": TEXT},
        ),
        _object(("model",), model=_one_of("gpt-realtime-whisper"), language=_LANGUAGE, delay=_one_of("minimal", "low", "medium", "high", "xhigh")),
        _object(
            ("model",),
            model={
                "enum": ["whisper-1", "gpt-4o-transcribe", "gpt-4o-transcribe-diarize", "gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe-2025-12-15"]
            },
            language=_LANGUAGE,
            prompt=TEXT,
        ),
    ]
}
_SERVER_VAD = _object(
    ("type",),
    type=_one_of("server_vad"),
    threshold={"type": "number", "minimum": 0, "maximum": 1},
    prefix_padding_ms=COUNT,
    silence_duration_ms=COUNT,
    idle_timeout_ms=_or_null(COUNT),
    create_response=FLAG,
    interrupt_response=FLAG,
)
_SEMANTIC_VAD = _object(
    ("type",), type=_one_of("semantic_vad"), eagerness=_one_of("low", "medium", "high", "auto"), create_response=FLAG, interrupt_response=FLAG
)
_OUTPUT = _object(format=_FORMAT, voice=_one_of(*sorted(VOICES)), speed={"type": "number", "minimum": 0.25, "maximum": 1.5})
_AUDIO = _object(
    input=_object(
        format=_FORMAT,
        transcription=_or_null(_TRANSCRIPTION),
        turn_detection=_or_null({"anyOf": [_SERVER_VAD, _SEMANTIC_VAD]}),
        noise_reduction=_or_null(_object(("type",), type=_one_of("near_field", "far_field"))),
    ),
    output=_OUTPUT,
)
_TOOL = _object(
    ("type", "name"),
    type=_one_of("function"),
    name={"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$"},
    description=TEXT,
    parameters={"type": "object"},
)
_ANSWERING: dict[str, Any] = {
    "instructions": TEXT,
    "output_modalities": {"const": ["audio"]},
    "tools": {"type": "array", "items": _TOOL},
    "tool_choice": {"anyOf": [_one_of("auto", "none", "required"), {"type": "object"}]},
    "parallel_tool_calls": FLAG,
    "max_output_tokens": {"anyOf": [{"const": "inf"}, {"type": "integer", "minimum": 1, "maximum": 4096}]},
    "reasoning": {"type": "object"},
    "prompt": _or_null({"type": "object"}),
}
_SESSION = _object(
    ("type",),
    type=_one_of("realtime"),
    model=TEXT,
    audio=_AUDIO,
    include={"type": "array", "items": _one_of("item.input_audio_transcription.logprobs")},
    tracing=ANY,
    truncation=ANY,
    **_ANSWERING,
)
_RESPONSE = _object(
    conversation=_one_of("auto", "none"),
    metadata=_or_null({"type": "object", "additionalProperties": {"type": "string", "maxLength": 512}, "maxProperties": 16}),
    input={"type": "array", "items": {"type": "object"}},
    audio=_object(output=_OUTPUT),
    **_ANSWERING,
)
#: Role of a message → what its content may be made of.
_CONTENT = {"user": ("input_text",), "system": ("input_text",), "assistant": ("output_text",)}
ITEMS = [
    *(
        _object(
            ("type", "role", "content"),
            id=TEXT,
            object=TEXT,
            status=TEXT,
            type=_one_of("message"),
            role=_one_of(role),
            content={"type": "array", "minItems": 1, "items": _object(("type", "text"), type=_one_of(*kinds), text=TEXT)},
        )
        for role, kinds in _CONTENT.items()
    ),
    _object(("type", "call_id", "output"), id=TEXT, object=TEXT, status=TEXT, type=_one_of("function_call_output"), call_id=TEXT, output=TEXT),
]
#: Event → its fields besides `type` and `event_id`, and which of them it must have.
EVENTS: dict[str, tuple[tuple[str, ...], dict[str, Schema]]] = {
    "session.update": (("session",), {"session": _SESSION}),
    "input_audio_buffer.append": (("audio",), {"audio": TEXT}),
    "input_audio_buffer.commit": ((), {}),
    "input_audio_buffer.clear": ((), {}),
    "conversation.item.create": (("item",), {"item": {"anyOf": ITEMS}, "previous_item_id": _or_null(TEXT)}),
    "conversation.item.truncate": (("item_id", "content_index", "audio_end_ms"), {"item_id": TEXT, "content_index": COUNT, "audio_end_ms": COUNT}),
    "conversation.item.delete": (("item_id",), {"item_id": TEXT}),
    "conversation.item.retrieve": (("item_id",), {"item_id": TEXT}),
    "response.create": ((), {"response": _RESPONSE}),
    "response.cancel": ((), {"response_id": TEXT}),
}
_CHECKS = {
    kind: jsonschema.Draft202012Validator(_object(("type", *required), type=TEXT, event_id={"type": "string", "maxLength": 512}, **fields))
    for kind, (required, fields) in EVENTS.items()
}


def check(event: dict[str, Any]) -> None:
    """Refuses what is no event of the client's, or has a field that it does not have, lacks, or holds something else. Raises RefusedError."""
    kind = event.get("type")
    if not isinstance(kind, str):
        raise RefusedError("Missing required parameter: 'type'.", code="missing_required_parameter", param="type")
    if kind not in _CHECKS:
        raise RefusedError(f"Invalid value: '{kind}'. Supported values are: {', '.join(map(repr, EVENTS))}.", code="invalid_value", param="type")
    for problem in _CHECKS[kind].iter_errors(event):
        raise _refusal(_deepest(problem))


def _deepest(problem: Any) -> Any:
    """Of alternatives, what is wrong with the one that was meant: that whose own `type`, `role` or `model` fits."""
    while problem.context:
        meant = [one for one in problem.context if list(one.relative_path)[-1:] not in (["type"], ["role"], ["model"])]
        problem = max(meant or problem.context, key=lambda one: len(one.absolute_path))
    return problem


def _refusal(problem: Any) -> RefusedError:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem.absolute_path).lstrip(".")
    match problem.validator:
        case "additionalProperties":
            known = problem.schema.get("properties", {})
            name = ".".join(filter(None, (path, next(iter(sorted(set(problem.instance) - set(known))), ""))))
            return RefusedError(f"Unknown parameter: '{name}'.", code="unknown_parameter", param=name)
        case "required":
            missing = next(name for name in problem.validator_value if name not in problem.instance)
            name = ".".join(filter(None, (path, missing)))
            return RefusedError(f"Missing required parameter: '{name}'.", code="missing_required_parameter", param=name)
        case "type":
            return RefusedError(f"Invalid type for '{path}'.", code="invalid_type", param=path)
    return RefusedError(f"Invalid value for '{path}'.", code="invalid_value", param=path)
