"""The check of a request to the Responses API, and the same request in the words of chat completions, in which the mind reads it.

Names and types are those of `openai.types.responses.ResponseCreateParams` (openai-python, Apache-2.0); what the sandbox does not do is refused.
https://platform.openai.com/docs/api-reference/responses/create
"""

from __future__ import annotations

from typing import Any

from sandbox.openai.chat_request import EFFORTS, NAME
from sandbox.openai.chat_request import check as check_chat
from sandbox.openai.errors import bad_request
from sandbox.openai.strict_schema import check_strict

Body = dict[str, Any]
TYPES: dict[str, type | tuple[type, ...]] = {
    "model": str,
    "input": (str, list),
    "instructions": str,
    "max_output_tokens": int,
    "metadata": dict,
    "parallel_tool_calls": bool,
    "prompt_cache_key": str,
    "prompt_cache_retention": str,
    "reasoning": dict,
    "safety_identifier": str,
    "service_tier": str,
    "store": bool,
    "stream": bool,
    "stream_options": dict,
    "temperature": (int, float),
    "text": dict,
    "tool_choice": (str, dict),
    "tools": list,
    "top_p": (int, float),
    "truncation": str,
    "user": str,
}
#: Part of the API, and nothing that the sandbox keeps or does.
NOT_HERE = frozenset({"background", "context_management", "conversation", "include", "max_tool_calls", "previous_response_id", "prompt"})
TIERS = frozenset({"auto", "default", "flex", "scale", "priority", "fast"})
ROLES = frozenset({"user", "assistant", "system", "developer"})
ITEM_KEYS = {
    "message": frozenset({"type", "role", "content", "id", "status", "phase"}),
    "function_call": frozenset({"type", "call_id", "name", "arguments", "id", "status"}),
    "function_call_output": frozenset({"type", "call_id", "output", "id", "status"}),
}
TOOL_KEYS = frozenset({"type", "name", "description", "parameters", "strict"})
LEAST_OUTPUT_TOKENS = 16


def check(body: Body) -> Body:
    """Checks a request; gives it in the words of chat completions.

    Raises:
        ApiError: the API would refuse it.
    """
    for key, value in body.items():
        if key in NOT_HERE:
            raise bad_request(f"The sandbox does not do '{key}'.", param=key, code="unsupported_parameter")
        if key not in TYPES:
            raise bad_request(f"Unknown parameter: '{key}'.", param=key, code="unknown_parameter")
        if value is not None and not (isinstance(value, TYPES[key]) and (TYPES[key] is bool or not isinstance(value, bool))):
            raise bad_request(f"Invalid type for '{key}'.", param=key, code="invalid_type")
    _check_options(body)
    chat: Body = {"model": body.get("model"), "messages": _messages(body)}
    if tools := body.get("tools"):
        chat["tools"] = [_tool(tool, f"tools[{index}]") for index, tool in enumerate(tools)]
        chat |= {key: body[key] for key in ("tool_choice", "parallel_tool_calls") if body.get(key) is not None}
        if isinstance(chosen := chat.get("tool_choice"), dict):
            chat["tool_choice"] = {"type": "function", "function": {"name": chosen.get("name")}}
    if (form := (body.get("text") or {}).get("format")) is not None:
        chat["response_format"] = _form(form)
    if body.get("max_output_tokens") is not None:
        chat["max_completion_tokens"] = body["max_output_tokens"]
    check_chat(chat)
    return chat


def _check_options(body: Body) -> None:
    if body.get("stream_options") is not None:
        if not body.get("stream"):
            raise bad_request("The 'stream_options' parameter is only allowed when 'stream' is enabled.", param="stream_options")
        _only(body["stream_options"], frozenset({"include_obfuscation"}), "stream_options")
    if (tier := body.get("service_tier")) is not None and tier not in TIERS:
        raise bad_request(f"Invalid value: '{tier}'. Supported values are: {sorted(TIERS)}.", param="service_tier", code="invalid_value")
    reasoning = body.get("reasoning") or {}
    _only(reasoning, frozenset({"effort", "summary"}), "reasoning")
    if (effort := reasoning.get("effort")) is not None and effort not in EFFORTS:
        raise bad_request(f"Invalid value: '{effort}'. Supported values are: {sorted(EFFORTS)}.", param="reasoning.effort", code="invalid_value")
    _only(body.get("text") or {}, frozenset({"format", "verbosity"}), "text")
    most = body.get("max_output_tokens")
    if most is not None and most < LEAST_OUTPUT_TOKENS:
        problem = f"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= {LEAST_OUTPUT_TOKENS}, but got {most} instead."
        raise bad_request(problem, param="max_output_tokens", code="integer_below_min_value")


def _only(given: Any, known: frozenset[str], where: str) -> None:
    if not isinstance(given, dict):
        raise bad_request(f"Invalid type for '{where}': expected an object.", param=where, code="invalid_type")
    for key in sorted(set(given) - known):
        raise bad_request(f"Unknown parameter: '{where}.{key}'.", param=f"{where}.{key}", code="unknown_parameter")


# --- items ---


def _messages(body: Body) -> list[Body]:
    given = body.get("input")
    if not given:
        raise bad_request("Missing required parameter: 'input'.", param="input", code="missing_required_parameter")
    messages: list[Body] = [{"role": "developer", "content": body["instructions"]}] if body.get("instructions") else []
    if isinstance(given, str):
        return [*messages, {"role": "user", "content": given}]
    called: set[str] = set()
    for index, item in enumerate(given):
        _add(messages, item, f"input[{index}]", called)
    if called:
        raise bad_request(f"No tool output found for function call {sorted(called)[0]}.", param="input")
    return messages


def _add(messages: list[Body], item: Any, where: str, called: set[str]) -> None:
    """Adds an item to the conversation; `called` holds the calls that wait for their outputs."""
    kind = item.get("type", "message") if isinstance(item, dict) else None
    if kind not in ITEM_KEYS:
        raise bad_request(f"Invalid value: '{kind}'. Supported values are: {sorted(ITEM_KEYS)}.", param=f"{where}.type", code="invalid_value")
    _only(item, ITEM_KEYS[kind], where)
    if kind == "message":
        messages.append({"role": _role(item, where), "content": _text(item.get("content"), item["role"], f"{where}.content")})
        return
    call_id = item.get("call_id")
    if not isinstance(call_id, str) or not call_id:
        raise bad_request(f"Missing required parameter: '{where}.call_id'.", param=f"{where}.call_id", code="missing_required_parameter")
    if kind == "function_call":
        called.add(call_id)
        _add_call(messages, item, where)
        return
    if call_id not in called:
        raise bad_request(f"No tool call found for function call output with call_id {call_id}.", param="input")
    called.remove(call_id)
    if not isinstance(item.get("output"), str):
        raise bad_request(f"Invalid type for '{where}.output': the sandbox reads a string.", param=f"{where}.output", code="invalid_type")
    messages.append({"role": "tool", "tool_call_id": call_id, "content": item["output"]})


def _role(item: Body, where: str) -> str:
    role = item.get("role")
    if role not in ROLES:
        raise bad_request(f"Invalid value: '{role}'. Supported values are: {sorted(ROLES)}.", param=f"{where}.role", code="invalid_value")
    return str(role)


def _text(content: Any, role: str, where: str) -> str:
    """The text of a message: given as such, or in parts whose type says who wrote them."""
    if isinstance(content, str):
        return content
    kind = "output_text" if role == "assistant" else "input_text"
    parts: list[Any] = content if isinstance(content, list) else [None]
    for part in parts:
        if not isinstance(part, dict) or part.get("type") != kind or not isinstance(part.get("text"), str):
            raise bad_request(f"Invalid value for '{where}': expected a string, or parts of type '{kind}'.", param=where, code="invalid_value")
    return "".join(part["text"] for part in parts)


def _add_call(messages: list[Body], item: Body, where: str) -> None:
    """Calls follow what was said in the same turn; several of one turn stand together."""
    if not isinstance(item.get("arguments"), str) or not NAME.fullmatch(str(item.get("name"))):
        raise bad_request(f"Invalid '{where}': a name and arguments as a string.", param=where, code="invalid_value")
    call = {"id": item["call_id"], "type": "function", "function": {"name": item["name"], "arguments": item["arguments"]}}
    last = messages[-1] if messages else {}
    if last.get("role") == "assistant":
        last.setdefault("tool_calls", []).append(call)
    else:
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})


# --- tools and forms ---


def _tool(tool: Any, where: str) -> Body:
    if not isinstance(tool, dict) or tool.get("type") != "function":
        raise bad_request(f"Invalid value for '{where}.type': the sandbox has functions only.", param=f"{where}.type", code="invalid_value")
    _only(tool, TOOL_KEYS, where)
    for key in ("name", "parameters"):
        if key not in tool:
            raise bad_request(f"Missing required parameter: '{where}.{key}'.", param=f"{where}.{key}", code="missing_required_parameter")
    # Left out, strict is on in this API.
    function = {key: tool[key] for key in ("name", "description", "parameters") if tool.get(key) is not None}
    if tool.get("strict", True):
        check_strict(tool["parameters"], name=str(tool["name"]), param=f"{where}.parameters")
        function["strict"] = True
    return {"type": "function", "function": function}


def _form(form: Any) -> Body:
    if not isinstance(form, dict) or form.get("type") not in {"text", "json_object", "json_schema"}:
        raise bad_request("Invalid value for 'text.format.type'.", param="text.format.type", code="invalid_value")
    if form["type"] != "json_schema":
        return {"type": form["type"]}
    _only(form, frozenset({"type", "name", "description", "schema", "strict"}), "text.format")
    if not NAME.fullmatch(str(form.get("name", ""))):
        raise bad_request("Missing required parameter: 'text.format.name'.", param="text.format.name", code="missing_required_parameter")
    return {"type": "json_schema", "json_schema": {key: value for key, value in form.items() if key != "type"}}
