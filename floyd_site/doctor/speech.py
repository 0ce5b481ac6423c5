"""Google's hearing and speaking: credentials, and whether the endpoint answers."""

from __future__ import annotations

import google.auth
import grpc
from django.conf import settings
from google.api_core import exceptions as google_errors
from google.auth import exceptions as auth_errors

from floyd_site.doctor.finding import Finding, failed, ok, warning

PART = "google speech"
TIMEOUT_S = 10.0
SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
CREDENTIALS = "Make a service account with Speech and Text-to-Speech in console.cloud.google.com; set GOOGLE_APPLICATION_CREDENTIALS to its key file."


def check_speech() -> list[Finding]:
    """Looks only at what settings use."""
    if not any(name.startswith("google") for name in settings.PROVIDERS.values()):
        return []
    if settings.GOOGLE_SPEECH_ENDPOINT:
        return [_endpoint(settings.GOOGLE_SPEECH_ENDPOINT)]
    return _google()


def _endpoint(address: str) -> Finding:
    with grpc.insecure_channel(address) as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=TIMEOUT_S)
        except grpc.FutureTimeoutError:
            return failed(PART, f"{address} does not answer", "Start it, or unset GOOGLE_SPEECH_ENDPOINT to use Google's own.")
    return ok(PART, f"{address} answers")


def _google() -> list[Finding]:
    from google.cloud.texttospeech_v1 import TextToSpeechClient

    try:
        credentials, project = google.auth.default(scopes=SCOPES)
        voices = TextToSpeechClient(credentials=credentials).list_voices(language_code=settings.GOOGLE_VOICE[:5], timeout=TIMEOUT_S, retry=None)
    except auth_errors.GoogleAuthError as error:
        return [failed(PART, f"no usable credentials ({type(error).__name__})", CREDENTIALS)]
    except google_errors.PermissionDenied:
        return [failed(PART, "the credentials may not use Text-to-Speech", "Enable the Speech and Text-to-Speech APIs for the project.")]
    except google_errors.GoogleAPICallError as error:
        return [failed(PART, f"Google does not answer: {type(error).__name__}", "Check this machine's way to the internet.")]
    found = [ok(PART, f"credentials accepted (project {project or 'not named'})")]
    if settings.GOOGLE_VOICE not in {voice.name for voice in voices.voices}:
        found.append(warning("voice", f"{settings.GOOGLE_VOICE} is not among Google's voices", "Set GOOGLE_VOICE to one that is."))
    return found
