"""Settings of what others provide: the telephone line, hearing, thinking, speaking, the directory."""

from __future__ import annotations

from pathlib import Path

from floyd_site.env import Environment

env = Environment()

# --- Twilio ---
_HINT = "All of them are on the first page of console.twilio.com (the number under Phone Numbers)."
_twilio = env.all_or_none(("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_NUMBER"), _HINT)
TWILIO_ACCOUNT_SID = _twilio.get("TWILIO_ACCOUNT_SID", "")
TWILIO_AUTH_TOKEN = _twilio.get("TWILIO_AUTH_TOKEN", "")
TWILIO_NUMBER = _twilio.get("TWILIO_NUMBER", "")
# Empty: Twilio's own hosts. An address: every request goes there, with the intended host in X-Twilio-Host.
TWILIO_API_BASE = env.text("TWILIO_API_BASE")
DIAL_ONLY = env.text("DIAL_ONLY")
# How calls reach us: as sound, or as words that the carrier itself hears and speaks (ConversationRelay). Empty: the carrier's own choice.
# Or as sound that a model hears and answers with sound (OpenAI Realtime).
CALL_LINES = ("media_stream", "conversation_relay", "realtime")
CALL_LINE = env.choice("CALL_LINE", CALL_LINES)
RELAY_TTS_PROVIDER = env.text("RELAY_TTS_PROVIDER")
RELAY_VOICE = env.text("RELAY_VOICE")
RELAY_TRANSCRIPTION_PROVIDER = env.text("RELAY_TRANSCRIPTION_PROVIDER")
RELAY_SPEECH_MODEL = env.text("RELAY_SPEECH_MODEL")

# --- OpenAI ---
OPENAI_API_KEY = env.text("OPENAI_API_KEY")
OPENAI_BASE_URL = env.text("OPENAI_BASE_URL", "https://api.openai.com/v1")
OPENAI_PLAN_MODEL = env.text("OPENAI_PLAN_MODEL", "gpt-6-sol")
OPENAI_CALL_MODEL = env.text("OPENAI_CALL_MODEL", "gpt-6-luna")
OPENAI_OUTCOME_MODEL = env.text("OPENAI_OUTCOME_MODEL", "gpt-6-luna")
# `reasoning_effort` during calls; empty leaves it to the model (current ones then answer at once).
OPENAI_CALL_REASONING = env.text("OPENAI_CALL_REASONING")
# What OpenAI is paid for being quick during calls (`service_tier`). Auto is what the API does by itself, and servers that only speak like it may
# not know the word: it is empty here, and not sent.
_tier = env.choice("OPENAI_SERVICE_TIER", ("auto", "default", "flex", "priority"))
OPENAI_SERVICE_TIER = "" if _tier == "auto" else _tier
OPENAI_SPEECH_MODEL = env.text("OPENAI_SPEECH_MODEL", "gpt-4o-mini-tts")
OPENAI_REALTIME_MODEL = env.text("OPENAI_REALTIME_MODEL", "gpt-realtime-2.1-mini")
OPENAI_VOICE = env.text("OPENAI_VOICE", "marin")
# On the line `realtime`: what writes down the other side's words, and how it is noticed that they have finished (by loudness, or by what they said).
OPENAI_TRANSCRIPTION_MODEL = env.text("OPENAI_TRANSCRIPTION_MODEL", "gpt-live-transcribe")
REALTIME_TURN_DETECTION = env.choice("REALTIME_TURN_DETECTION", ("server_vad", "semantic_vad"))

# --- Google ---
# Empty: Google's own endpoint with application default credentials. host:port: an insecure channel to a stand-in.
GOOGLE_SPEECH_ENDPOINT = env.text("GOOGLE_SPEECH_ENDPOINT")
GOOGLE_SPEECH_MODEL = env.text("GOOGLE_SPEECH_MODEL", "telephony")
GOOGLE_MICROPHONE_MODEL = env.text("GOOGLE_MICROPHONE_MODEL", "latest_long")
# For google_speech_v2: projects/PROJECT/locations/global/recognizers/_ (or a region, or a recogniser of your own).
GOOGLE_SPEECH_RECOGNIZER = env.text("GOOGLE_SPEECH_RECOGNIZER")
GOOGLE_VOICE = env.text("GOOGLE_VOICE", "en-US-Chirp3-HD-Aoede")
GOOGLE_APPLICATION_CREDENTIALS = env.text("GOOGLE_APPLICATION_CREDENTIALS")
# The directory of businesses. Empty endpoint: Google's own; an address: a stand-in.
GOOGLE_MAPS_API_KEY = env.text("GOOGLE_MAPS_API_KEY")
GOOGLE_PLACES_ENDPOINT = env.text("GOOGLE_PLACES_ENDPOINT").rstrip("/")

# --- which provider does what (see providers/registry.py) ---
PROVIDERS = {
    "recognizer": env.text("RECOGNIZER", "google_speech"),
    "thinker": env.text("THINKER", "openai_chat"),
    "speaker": env.text("SPEAKER", "google_speech"),
    "talker": env.text("TALKER", "openai_talk"),
    "mailer": env.text("MAILER", "django_mail"),
    "directory": env.text("DIRECTORY", "google_places"),
}

# Further languages in which a call may go on when the callee speaks one of them, each with its voice: `fr-CA=fr-CA-Chirp3-HD-Aoede`. A voice that
# speaks all languages needs no name. Floyd has words of its own in French and Spanish; any other is ignored.
CALL_LANGUAGES = env.mapping("CALL_LANGUAGES")

# Rendered audio of phrases that are said again and again (the introduction).
PHRASE_CACHE = Path(env.text("PHRASE_CACHE", str(Path(__file__).resolve().parent.parent / ".floyd" / "phrases")))

__all__ = [
    "CALL_LANGUAGES",
    "CALL_LINE",
    "CALL_LINES",
    "DIAL_ONLY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_MAPS_API_KEY",
    "GOOGLE_MICROPHONE_MODEL",
    "GOOGLE_PLACES_ENDPOINT",
    "GOOGLE_SPEECH_ENDPOINT",
    "GOOGLE_SPEECH_MODEL",
    "GOOGLE_SPEECH_RECOGNIZER",
    "GOOGLE_VOICE",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_CALL_MODEL",
    "OPENAI_CALL_REASONING",
    "OPENAI_OUTCOME_MODEL",
    "OPENAI_PLAN_MODEL",
    "OPENAI_REALTIME_MODEL",
    "OPENAI_SERVICE_TIER",
    "OPENAI_SPEECH_MODEL",
    "OPENAI_TRANSCRIPTION_MODEL",
    "OPENAI_VOICE",
    "PHRASE_CACHE",
    "PROVIDERS",
    "REALTIME_TURN_DETECTION",
    "RELAY_SPEECH_MODEL",
    "RELAY_TRANSCRIPTION_PROVIDER",
    "RELAY_TTS_PROVIDER",
    "RELAY_VOICE",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_API_BASE",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_NUMBER",
]
