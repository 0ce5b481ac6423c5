"""The check of a chat completion request: what the API would refuse is refused here."""

from __future__ import annotations

import re
from typing import Any

from sandbox.openai.errors import bad_request
from sandbox.openai.models import require_model
from sandbox.openai.strict_schema import check_strict

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})
EFFORTS = frozenset({"none", "minimal", "low", "medium", "high", "xhigh"})
TYPES: dict[str, type | tuple[type, ...]] = {
    "model": str,
    "messages": list,
    "tools": list,
    "tool_choice": (str, dict),
    "parallel_tool_calls": bool,
    "stream": bool,
    "stream_options": dict,
    "response_format": dict,
    "max_completion_tokens": int,
    "max_tokens": int,
    "reasoning_effort": str,
    "verbosity": str,
    "temperature": (int, float),
    "top_p": (int, float),
    "n": int,
    "stop": (str, list),
    "seed": int,
    "store": bool,
    "metadata": dict,
    "service_tier": str,
    "user": str,
    "prompt_cache_key": str,
    "prompt_cache_options": dict,
    "prompt_cache_retention": str,
    "safety_identifier": str,
}
MESSAGE_KEYS = {
    "system": frozenset({"role", "content", "name"}),
    "developer": frozenset({"role", "content", "name"}),
    "user": frozenset({"role", "content", "name"}),
    "assistant": frozenset({"role", "content", "name", "refusal", "tool_calls", "audio", "function_call", "annotations"}),
    "tool": frozenset({"role", "content", "tool_call_id"}),
}
Body = dict[str, Any]


def check(body: Body) -> None:
    """Raises ApiError for a request that the API would refuse."""
    for key, value in body.items():
        if key not in TYPES:
            raise bad_request(f"Unknown parameter: '{key}'.", param=key, code="unknown_parameter")
        fitting = isinstance(value, TYPES[key]) and (TYPES[key] is bool or not isinstance(value, bool))
        if value is not None and not fitting:
            raise bad_request(f"Invalid type for '{key}'.", param=key, code="invalid_type")
    require_model(body.get("model"), "chat")
    _check_options(body)
    _check_messages(body.get("messages"))
    _check_tools(body)
    _check_form(body.get("response_format"))


def _check_options(body: Body) -> None:
    options = body.get("stream_options")
    if options is not None:
        if not body.get("stream"):
            raise bad_request("The 'stream_options' parameter is only allowed when 'stream' is enabled.", param="stream_options")
        for key in set(options) - {"include_usage", "include_obfuscation"}:
            raise bad_request(f"Unknown parameter: 'stream_options.{key}'.", param=f"stream_options.{key}", code="unknown_parameter")
    effort = body.get("reasoning_effort")
    if effort is not None and effort not in EFFORTS:
        raise bad_request(f"Invalid value: '{effort}'. Supported values are: {sorted(EFFORTS)}.", param="reasoning_effort", code="invalid_value")
    if body.get("n") not in (None, 1):
        raise bad_request("The sandbox gives one choice: n must be 1.", param="n", code="unsupported_value")
    for key in ("max_completion_tokens", "max_tokens"):
        if body.get(key) is not None and body[key] < 1:
            raise bad_request(f"Invalid '{key}': integer below minimum value.", param=key, code="integer_below_min_value")


# --- messages ---


def _check_messages(messages: Any) -> None:
    if not messages:
        raise bad_request("Invalid 'messages': empty array. Expected an array with minimum length 1.", param="messages", code="empty_array")
    unanswered: list[str] = []
    for index, message in enumerate(messages):
        where = f"messages[{index}]"
        if not isinstance(message, dict):
            raise bad_request(f"Invalid type for '{where}': expected an object.", param=where, code="invalid_type")
        role = message.get("role")
        if role not in ROLES:
            raise bad_request(f"Invalid value: '{role}'. Supported values are: {sorted(ROLES)}.", param=f"{where}.role", code="invalid_value")
        for key in set(message) - MESSAGE_KEYS[role]:
            raise bad_request(f"Unknown parameter: '{where}.{key}'.", param=f"{where}.{key}", code="unknown_parameter")
        _check_content(message, role, where)
        if role == "tool":
            unanswered = _answered(message, unanswered, where)
            continue
        _require_answers(unanswered, where)
        unanswered = _calls_of(message, where)
    _require_answers(unanswered, "messages")


def _check_content(message: Body, role: str, where: str) -> None:
    content = message.get("content")
    if content is None:
        if role == "assistant" and (message.get("tool_calls") or message.get("refusal")):
            return
        raise bad_request(f"Invalid value for 'content': expected a string, got null. ({where})", param=f"{where}.content", code="invalid_type")
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    if not isinstance(parts, list) or not all(isinstance(part, dict) and part.get("type") == "text" for part in parts):
        raise bad_request(f"Invalid type for '{where}.content': the sandbox reads text.", param=f"{where}.content", code="invalid_type")
    if not all(isinstance(part.get("text"), str) for part in parts):
        raise bad_request(f"Missing required parameter: '{where}.content[0].text'.", param=f"{where}.content", code="missing_required_parameter")


def _answered(message: Body, unanswered: list[str], where: str) -> list[str]:
    answered = message.get("tool_call_id")
    if answered not in unanswered:
        text = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
        raise bad_request(f"Invalid parameter: {text}", param=f"{where}.role")
    return [one for one in unanswered if one != answered]


def _require_answers(unanswered: list[str], where: str) -> None:
    if unanswered:
        text = "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'."
        raise bad_request(f"{text} The following tool_call_ids did not have response messages: {', '.join(unanswered)}", param=where)


def _calls_of(message: Body, where: str) -> list[str]:
    """Ids of the tool calls in a message."""
    calls = message.get("tool_calls")
    if calls is None:
        return []
    if not calls:
        raise bad_request(f"Invalid '{where}.tool_calls': empty array.", param=f"{where}.tool_calls", code="empty_array")
    for call in calls:
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or call.get("type") != "function" or not call.get("id"):
            raise bad_request(f"Invalid '{where}.tool_calls'.", param=f"{where}.tool_calls", code="invalid_value")
        if not isinstance(function.get("arguments"), str) or not NAME.fullmatch(str(function.get("name"))):
            raise bad_request(f"Invalid '{where}.tool_calls': a name and arguments as a string.", param=f"{where}.tool_calls", code="invalid_value")
    return [call["id"] for call in calls]


# --- tools and forms ---


def _check_tools(body: Body) -> None:
    tools = body.get("tools")
    if tools is None:
        for key in ("tool_choice", "parallel_tool_calls"):
            if body.get(key) is not None:
                raise bad_request(f"'{key}' is only allowed when 'tools' are specified.", param=key)
        return
    if not tools:
        raise bad_request("Invalid 'tools': empty array. Expected an array with minimum length 1.", param="tools", code="empty_array")
    names = [_check_tool(tool, f"tools[{index}]") for index, tool in enumerate(tools)]
    choice = body.get("tool_choice", "auto")
    wanted = choice.get("function", {}).get("name") if isinstance(choice, dict) else None
    if (isinstance(choice, dict) and wanted not in names) or (isinstance(choice, str) and choice not in {"none", "auto", "required"}):
        raise bad_request("Invalid value for 'tool_choice'.", param="tool_choice", code="invalid_value")


def _check_tool(tool: Any, where: str) -> str:
    function = tool.get("function") if isinstance(tool, dict) and tool.get("type") == "function" else None
    if not isinstance(function, dict):
        raise bad_request(f"Missing required parameter: '{where}.function'.", param=f"{where}.function", code="missing_required_parameter")
    for key in set(function) - {"name", "description", "parameters", "strict"}:
        raise bad_request(f"Unknown parameter: '{where}.function.{key}'.", param=f"{where}.function.{key}", code="unknown_parameter")
    name = str(function.get("name", ""))
    if not NAME.fullmatch(name):
        raise bad_request(f"Invalid '{where}.function.name'.", param=f"{where}.function.name", code="invalid_value")
    if function.get("strict"):
        check_strict(function.get("parameters"), name=name, param=f"{where}.function.parameters")
    return name


def _check_form(form: Any) -> None:
    if form is None:
        return
    if form.get("type") not in {"text", "json_object", "json_schema"}:
        raise bad_request("Invalid value for 'response_format.type'.", param="response_format.type", code="invalid_value")
    if form["type"] != "json_schema":
        return
    wanted = form.get("json_schema")
    if not isinstance(wanted, dict) or not NAME.fullmatch(str(wanted.get("name", ""))):
        raise bad_request("Missing required parameter: 'response_format.json_schema.name'.", param="response_format.json_schema.name")
    for key in set(wanted) - {"name", "description", "schema", "strict"}:
        where = f"response_format.json_schema.{key}"
        raise bad_request(f"Unknown parameter: '{where}'.", param=where, code="unknown_parameter")
    if wanted.get("strict"):
        check_strict(wanted.get("schema"), name=wanted["name"], param="response_format")
