"""The environment that the processes get: what the user gave, and for the rest the sandbox's addresses."""

from __future__ import annotations

from collections.abc import Mapping

from context.marking import noop
from floyd_site.env import Environment, SettingError
from floyd_site.supervision.home import Secrets
from floyd_site.supervision.ports import Ports

SANDBOX_HOST = "floyd.sandbox"
SANDBOX_MEDIA_HOST = "media.floyd.sandbox"
SANDBOX_NUMBER = "+15195550199"
#: A further number of the account, for somebody's own Floyd number.
SANDBOX_SECOND_NUMBER = "+15195550198"
#: Phones of people whom Floyd works for, on the sandbox's page.
SANDBOX_PHONES = {"+15195550142": "Tom", "+15195550177": "Dana"}
#: Of the form that Google's keys have.
SANDBOX_MAPS_KEY = "AIza" + "sandbox" * 5
SANDBOX_REQUEST = noop("Call Sweet Violet's at +1 519 555 0117 and ask whether they have white peonies.")
TWILIO_KEYS = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_NUMBER")
TWILIO_HINT = "All of them are on the first page of console.twilio.com (the number under Phone Numbers)."


def _check_live_carrier(given: Environment) -> None:
    """Checks what real phone calls need besides the carrier's keys.

    Raises:
        SettingError: the carrier could not reach us, or a real callee would meet the sandbox's mind.
    """
    if not given.text("PUBLIC_URL").startswith("https://"):
        raise SettingError(
            "PUBLIC_URL is not an https:// address, but TWILIO_… is set: Twilio must reach this machine. "
            "Start a tunnel to the web port (8000) and set PUBLIC_URL to its address."
        )
    if not given.text("OPENAI_API_KEY") and not given.text("OPENAI_BASE_URL"):
        raise SettingError(
            "OPENAI_API_KEY is not set, but TWILIO_… is: real calls need a real model. "
            "Make a key on platform.openai.com/api-keys, or set OPENAI_BASE_URL to a model server of your own."
        )


def _sandbox_carrier(secrets: Secrets, ports: Ports, sandbox_url: str) -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": secrets.account_sid,
        "TWILIO_AUTH_TOKEN": secrets.auth_token,
        "TWILIO_NUMBER": SANDBOX_NUMBER,
        "TWILIO_API_BASE": sandbox_url,
        "PUBLIC_URL": f"https://{SANDBOX_HOST}",
        "MEDIA_NODE": f"wss://{SANDBOX_MEDIA_HOST}",
        "MEDIA_SITE": f"ws://localhost:{ports.media}",
        "SANDBOX_URL": sandbox_url.replace("127.0.0.1", "localhost"),
        # The sandbox's page that shows the dashboard beside the phones.
        "FRAME_ANCESTORS": sandbox_url.replace("127.0.0.1", "localhost"),
    }


def _sandbox_mail(ports: Ports) -> dict[str, str]:
    imap = f"127.0.0.1:{ports.sandbox_imap}"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(ports.sandbox_smtp),
        "MAIL_FROM": f"floyd@{SANDBOX_HOST}",
        "MAIL_DOMAIN": SANDBOX_HOST,
        "MAIL_INBOX": f"imap://floyd:sandbox@{imap}/INBOX",
        "MAIL_AUTHSERV_ID": f"mx.{SANDBOX_HOST}",
        "MAIL_INTERVAL_S": "3",
        "MAILBOX_INTERVAL_S": "10",
        "PRIVATE_HOSTS": imap,
        "FLOYD_LOGIN_MAILBOX": f"imap://tom%40redmond.example:sandbox@{imap}/INBOX",
    }


def compose(given: Mapping[str, str], *, secrets: Secrets, ports: Ports, servers: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of the processes. What was given wins, except that addresses of the sandbox come as a set.

    Args:
        given: the process environment over .env.
        servers: DATABASE_URL and REDIS_URL of the embedded servers, for those that were not given.

    Raises:
        SettingError: keys of the carrier are half given, or what they need is missing.
    """
    reader = Environment(given)
    sandbox_url = f"http://127.0.0.1:{ports.sandbox_http}"
    live_carrier = bool(reader.all_or_none(TWILIO_KEYS, TWILIO_HINT))
    defaults: dict[str, str] = {
        **servers,
        "SECRET_KEY": secrets.secret_key,
        "VAPID_PRIVATE_KEY": secrets.vapid_private_key,
        "SITE_URL": f"http://localhost:{ports.web}",
        "PYTHONUNBUFFERED": "1",
    }
    forced: dict[str, str] = {}
    if live_carrier:
        _check_live_carrier(reader)
    else:
        forced |= _sandbox_carrier(secrets, ports, sandbox_url)
        # The sandbox's people answer at any hour.
        defaults |= {"CALLING_HOURS_FROM": "0", "CALLING_HOURS_TO": "24", "CALL_LANGUAGES": "fr-CA=fr-CA-Chirp3-HD-Aoede"}
        # What they charge is nobody's money: a rehearsal is not to end at the day's limit.
        defaults["MAX_COST_PER_DAY_MINOR"] = "1000000"
        # Nothing leaves this machine, so anybody on it may have an account; the first request is one that the sandbox's people answer.
        defaults |= {"OPEN_SIGN_UP": "1", "FIRST_REQUEST": SANDBOX_REQUEST}
        if not reader.text("MAIL_FROM") and not reader.text("MAIL_INBOX"):
            forced |= _sandbox_mail(ports)
        if not reader.text("OPENAI_API_KEY") and not reader.text("OPENAI_BASE_URL"):
            forced |= {"OPENAI_BASE_URL": f"{sandbox_url}/v1", "OPENAI_API_KEY": "sk-sandbox"}
        if not reader.text("GOOGLE_APPLICATION_CREDENTIALS") and not reader.text("GOOGLE_SPEECH_ENDPOINT"):
            forced["GOOGLE_SPEECH_ENDPOINT"] = f"127.0.0.1:{ports.sandbox_grpc}"
            forced["GOOGLE_SPEECH_RECOGNIZER"] = "projects/sandbox/locations/global/recognizers/_"
        if not reader.text("GOOGLE_MAPS_API_KEY"):
            forced |= {"GOOGLE_PLACES_ENDPOINT": sandbox_url, "GOOGLE_MAPS_API_KEY": SANDBOX_MAPS_KEY}
    kept = {name: value for name, value in given.items() if value.strip()}
    return {**defaults, **kept, **forced}
