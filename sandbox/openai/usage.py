"""Tokens of a request, counted roughly, with a cache of prompts that only exact beginnings hit."""

from __future__ import annotations

import json
from collections import deque
from typing import Any

CHARACTERS_PER_TOKEN = 4
LEAST_CACHED = 1024
STEP = 128
PROMPTS_KEPT = 32


def tokens_of(text: str) -> int:
    """About how many tokens a text has."""
    return -(-len(text) // CHARACTERS_PER_TOKEN) if text else 0


def _shared(one: str, other: str) -> int:
    """Length of the common beginning. Compared in steps: prompts are long, and only whole steps count."""
    step = STEP * CHARACTERS_PER_TOKEN
    length = 0
    while length < len(one) and one[length : length + step] == other[length : length + step]:
        length += step
    return min(length, len(one), len(other))


class PromptCache:
    """Remembers the last prompts; tells how much of a new one was seen before."""

    def __init__(self) -> None:
        self._prompts: deque[str] = deque(maxlen=PROMPTS_KEPT)

    def usage(self, body: dict[str, Any], answer: str) -> dict[str, Any]:
        """The `usage` of an answer; its prompt is remembered."""
        prompt = json.dumps([body.get("response_format"), body.get("tools"), body["messages"]], separators=(",", ":"))
        seen = max((_shared(prompt, known) for known in self._prompts), default=0) // CHARACTERS_PER_TOKEN
        cached = seen // STEP * STEP if seen >= LEAST_CACHED else 0
        self._prompts.append(prompt)
        given, made = tokens_of(prompt), tokens_of(answer)
        return {
            "prompt_tokens": given,
            "completion_tokens": made,
            "total_tokens": given + made,
            "prompt_tokens_details": {"cached_tokens": min(cached, given), "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }
