"""Which implementation does what. Adding one: write its module, add its row here, name it in the settings."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

from providers.mailer import Mailer
from providers.talker import Talker
from providers.types import Directory, Recognizer, Speaker, Thinker

#: kind → name → dotted path of a factory that takes the settings.
REGISTRY: dict[str, dict[str, str]] = {
    "recognizer": {"google_speech": "providers.google_speech.make_recognizer", "google_speech_v2": "providers.google_speech_v2.make_recognizer"},
    "thinker": {"openai_chat": "providers.openai_chat.make_thinker", "openai_responses": "providers.openai_responses.make_thinker"},
    "speaker": {
        "google_speech": "providers.google_voice.make_speaker",
        "openai_speech": "providers.openai_speech.make_speaker",
        "openai_realtime": "providers.openai_realtime_voice.make_speaker",
    },
    "talker": {"openai_talk": "providers.openai_realtime.make_talker"},
    "mailer": {"django_mail": "providers.django_mail.make_mailer"},
    "directory": {"google_places": "providers.google_places.make_directory"},
}


def _make(kind: str, settings: Any) -> Any:
    name = settings.PROVIDERS[kind]
    known = REGISTRY[kind]
    if name not in known:
        raise LookupError(f"{kind.upper()} is {name!r}; known are: {', '.join(sorted(known))}.")
    module, factory = known[name].rsplit(".", 1)
    # Imported when first used: the client libraries take more than a second each to load.
    return getattr(import_module(module), factory)(settings)


def recognizer(settings: Any) -> Recognizer:
    """The recogniser that settings name."""
    return cast(Recognizer, _make("recognizer", settings))


def thinker(settings: Any) -> Thinker:
    """The thinker that settings name."""
    return cast(Thinker, _make("thinker", settings))


def speaker(settings: Any) -> Speaker:
    """The speaker that settings name."""
    return cast(Speaker, _make("speaker", settings))


def talker(settings: Any) -> Talker:
    """The talker that settings name."""
    return cast(Talker, _make("talker", settings))


def mailer(settings: Any) -> Mailer:
    """The mailer that settings name."""
    return cast(Mailer, _make("mailer", settings))


def directory(settings: Any) -> Directory:
    """The directory of businesses that settings name."""
    return cast(Directory, _make("directory", settings))
