"""The document part that connects a call to a ConversationRelay line, and what of it may be set.

https://www.twilio.com/docs/voice/twiml/connect/conversationrelay
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from twilio.twiml.voice_response import Connect, ConversationRelay

from calls.conversation.fixed_lines import BACK_AGAIN
from calls.conversation.wordings import wording_of
from calls.models import Call
from calls.nodes import for_answered
from calls.telephony.tokens import stream_token
from providers.voices import google_voice

RELAY_PATH = "/relay"
#: The parameter that names the broken session which a new one goes on with.
RESUMES = "resumes"
_BY = r"none|dtmf|speech|any"
_YES_NO = r"true|false"
_LANGUAGE = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*|multi"
_NAME = r"[A-Za-z0-9._:/-]{1,100}"
#: Attributes that may be set, each with the form of its value. Addresses and parameters are ours.
ATTRIBUTES: dict[str, str] = {
    "welcomeGreeting": r"[\s\S]{1,1000}",
    "welcomeGreetingInterruptible": _BY,
    **dict.fromkeys(("language", "ttsLanguage", "transcriptionLanguage"), _LANGUAGE),
    "ttsProvider": r"Google|Amazon|ElevenLabs",
    "voice": _NAME,
    "transcriptionProvider": r"Deepgram|Google",
    "speechModel": _NAME,
    "interruptible": rf"{_BY}|{_YES_NO}",
    "interruptSensitivity": r"low|medium|high",
    "reportInputDuringAgentSpeech": _BY,
    **dict.fromkeys(
        ("dtmfDetection", "preemptible", "partialPrompts", "ignoreBackchannel", "profanityFilter", "deepgramSmartFormat", "asrSmartFormat"), _YES_NO
    ),
    "backgroundNoiseReduction": _NAME,
    "speechTimeout": r"auto|[6-9]\d\d|[1-4]\d\d\d|5000",
    "eotThreshold": r"0\.[5-9]\d*",
    "eagerEotThreshold": r"0\.[3-9]\d*",
    "hints": r"[\s\S]{1,2000}",
    "ttsTextNormalization": r"on|auto|off",
    "elevenlabsTextNormalization": r"on|auto|off",
}
#: Without a word of the use case's: what is said over Floyd's words is told, nods do not interrupt, and keys do not either.
_USUAL = {
    "partialPrompts": "true",
    "dtmfDetection": "true",
    "interruptible": "speech",
    "reportInputDuringAgentSpeech": "any",
    "ignoreBackchannel": "true",
    "events": "speaker-events tokens-played",
}
#: What holds for the language in which a call begins only.
_OF_ITS_LANGUAGE = frozenset({"language", "ttsLanguage", "transcriptionLanguage", "ttsProvider", "voice"})


def checked(given: Mapping[str, object]) -> dict[str, str]:
    """Attributes as the document writes them: names as the carrier has them, and `interruptByDtmf` for whether keys interrupt.

    Raises:
        ValueError: an attribute that there is not, or a value that it cannot have.
    """
    attributes = {name: _written(value) for name, value in given.items()}
    if (keys_interrupt := attributes.pop("interruptByDtmf", None)) is not None:
        if not re.fullmatch(_YES_NO, keys_interrupt):
            raise ValueError("interruptByDtmf must be true or false")
        attributes.setdefault("interruptible", "any" if keys_interrupt == "true" else "speech")
    for name, value in attributes.items():
        if name not in ATTRIBUTES:
            raise ValueError(f"{name} is no attribute that may be set")
        if not re.fullmatch(ATTRIBUTES[name], value):
            raise ValueError(f"{value!r} is no value of {name}")
    return attributes


def _written(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def relay(call: Call, *, resumes: str = "", tries: int = 0, after: str = "") -> Connect:
    """Connects a call to its media process, which is sent words instead of sound. A use case's greeting is said by the carrier, and cannot be cut.

    Args:
        resumes: the broken session that is gone on with; the greeting is not said again.
        tries: how many sessions of the call broke before.
        after: asked what comes when the line has ended; empty: nothing does.

    Raises:
        ValueError: as `checked`.
    """
    brief = call.brief if isinstance(call.brief, dict) else {}
    spoken = str(brief.get("spoken") or "")
    spoken = "" if spoken == _first_language(brief) else spoken
    set_here = _in_language(_USUAL | _voice(brief) | _use_case(brief), brief, spoken)
    if resumes:
        set_here |= {"welcomeGreeting": wording_of(spoken).line(BACK_AGAIN), "welcomeGreetingInterruptible": "none"}
    noun = ConversationRelay(url=f"{for_answered(call)}{RELAY_PATH}", **set_here)
    others = _voices() | ({_first_language(brief): settings.RELAY_VOICE} if spoken else {})
    for language, usual in others.items():
        provider, voice = _speaker(brief, language, usual)
        noun.language(code=language, **({"tts_provider": provider, "voice": voice} if voice else {}))
    noun.parameter(name="call_id", value=str(call.pk))
    noun.parameter(name="token", value=stream_token(call.pk, session=resumes))
    if resumes:
        noun.parameter(name=RESUMES, value=resumes)
    told = urlencode({"tries": tries} | ({"after": after} if after else {}))
    verb = Connect(action=f"{settings.PUBLIC_URL}/twilio/relay/{call.pk}?{told}", method="POST")
    verb.append(noun)
    return verb


def _voices() -> dict[str, str]:
    """The voices of other languages; empty where the carrier chooses: those that are set are Google's."""
    return {language: voice if settings.RELAY_TTS_PROVIDER == "Google" else "" for language, voice in settings.CALL_LANGUAGES.items()}


def _in_language(attributes: dict[str, str], brief: dict[str, Any], spoken: str) -> dict[str, str]:
    """The attributes for a call that went over to another language."""
    if not spoken:
        return attributes
    provider, voice = _speaker(brief, spoken, _voices().get(spoken, settings.RELAY_VOICE))
    rest = {name: value for name, value in attributes.items() if name not in _OF_ITS_LANGUAGE}
    return rest | {"language": spoken, "ttsProvider": provider} | ({"voice": voice} if voice else {})


def _use_case(brief: dict[str, Any]) -> dict[str, str]:
    """What the use case sets that answers the call, and its greeting."""
    use_case = brief.get("use_case")
    if not use_case:
        return {}
    return checked(use_case.get("relay", {})) | {"welcomeGreeting": brief["introduction"], "welcomeGreetingInterruptible": "none"}


def _first_language(brief: dict[str, Any]) -> str:
    return str(brief.get("language") or "en-US")


def _speaker(brief: dict[str, Any], language: str, usual: str) -> tuple[str, str]:
    """Provider and voice in a language: what the user chose, as Google calls it there; the usual voice where they chose none, where Google has none,
    and where the site has set another provider's voices."""
    chosen = google_voice(str(brief.get("voice") or ""), language) if settings.RELAY_TTS_PROVIDER in ("", "Google") else ""
    return ("Google", chosen) if chosen else (settings.RELAY_TTS_PROVIDER, usual)


def _voice(brief: dict[str, Any]) -> dict[str, str]:
    """Language, voice and recogniser as they are set, and names to listen for."""
    names = (brief.get("callee_name"), brief.get("user_name"), "Floyd")
    provider, voice = _speaker(brief, _first_language(brief), settings.RELAY_VOICE)
    found = {
        "language": _first_language(brief),
        "ttsProvider": provider,
        "voice": voice,
        "transcriptionProvider": settings.RELAY_TRANSCRIPTION_PROVIDER,
        "speechModel": settings.RELAY_SPEECH_MODEL,
        "hints": ", ".join(dict.fromkeys(str(name).replace(",", " ") for name in names if name)),
    }
    return {name: value for name, value in found.items() if value}
