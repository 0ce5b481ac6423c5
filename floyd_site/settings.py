"""Django settings, read from the environment (see .env.example for every variable)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from calls.recording.allowed import REGION
from floyd_site import price_table
from floyd_site.account_settings import *  # noqa: F403  its names are settings, too
from floyd_site.env import Environment, SettingError
from floyd_site.log_settings import logging_settings
from floyd_site.mail_settings import *  # noqa: F403
from floyd_site.provider_settings import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# --- the process ---
PROCESS_NAME = env.text("FLOYD_PROCESS", "tool")
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.required("SECRET_KEY", "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'. `make run` does it for you.")

# --- addresses ---
# SITE_URL is what a person opens; PUBLIC_URL is what the carrier reaches (a tunnel or your domain), and what it signs.
SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")
PUBLIC_URL = env.text("PUBLIC_URL", SITE_URL).rstrip("/")
# The wss:// origin of this media process, stored on Call.node; every media process has its own.
MEDIA_NODE = env.text("MEDIA_NODE", PUBLIC_URL.replace("http", "ws", 1)).rstrip("/")
# Where browsers reach this media process, to listen in; and all of them, for the content security policy (wss://*.example.com may stand for many).
MEDIA_SITE = env.text("MEDIA_SITE", MEDIA_NODE).rstrip("/")
MEDIA_SITES = env.listing("MEDIA_SITES", MEDIA_SITE)
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
ALLOWED_HOSTS += sorted({urlsplit(url).hostname or "" for url in (SITE_URL, PUBLIC_URL, MEDIA_NODE)} - {""})
CSRF_TRUSTED_ORIGINS = sorted({url for url in (SITE_URL, PUBLIC_URL) if url.startswith("https://")})

# --- apps ---
INSTALLED_APPS = [
    # For runserver only: it brings Twisted, which the other processes need not load.
    *(["daphne"] if PROCESS_NAME == "tool" else []),
    "floyd_site.admin_app.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "channels",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "live",
    "context",
    "requests_app",
    "calls",
    "use_cases",
    "floyd_site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "floyd_site.compression.CompressText",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "floyd_site.permissions.permissions_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "floyd_site.language.language_of_user",
    "context.devices.note_seen",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "floyd_site.urls"
ASGI_APPLICATION = "floyd_site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "context.unsent.context",
                "floyd_site.banner.context",
                "floyd_site.script_words.context",
            ]
        },
    }
]

# --- PostgreSQL, Valkey ---


CONNECT_TIMEOUT_S = 4


def _database(url: str) -> dict[str, object]:
    """Django's database settings from a libpq URL."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise SettingError(f"DATABASE_URL is not a PostgreSQL address: {error}") from None
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    rest = {name: value for name, value in parts.items() if name not in known}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{ours: parts.get(theirs, "") for theirs, ours in known.items()},
        # The trigger that watches for other people's writes knows ours by this prefix.
        # Who waits on the phone for an answer waits for no server that takes no connections.
        "OPTIONS": {"connect_timeout": CONNECT_TIMEOUT_S, **rest, "application_name": f"floyd-{PROCESS_NAME}"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASE_URL = env.required(
    "DATABASE_URL", "Give a PostgreSQL address (postgresql://user:password@host/name), or use `make run`, which brings its own server."
)
DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.required("REDIS_URL", "Give a Redis or Valkey address (redis://host:6379/0), or use `make run`, which brings its own server.")
# The layer waits 5 s at a time for messages, and the client's own socket timeout is 5 s too: the one must outlast the other.
_layer = {"hosts": [{"address": REDIS_URL, "socket_timeout": 15}], "prefix": env.text("CHANNEL_PREFIX", "floyd")}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": _layer}}
# Limits on tries and texts count in here, for all processes together.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": env.text("CHANNEL_PREFIX", "floyd")}
}
_redis = urlsplit(REDIS_URL)
CELERY_BROKER_URL = f"redis+socket://{_redis.path}?virtual_host=0" if _redis.scheme == "unix" else REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": env.text("CELERY_PREFIX", "floyd-"),
    # A broker that is away must cost whoever sends a hint a moment, not six seconds; workers reconnect by rules of their own.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "socket_connect_timeout": 1,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ROUTES = {"calls.*": {"queue": "calls"}, "*": {"queue": "requests"}}
CELERY_TASK_DEFAULT_QUEUE = "requests"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Tasks are wake-up hints: losing one costs a sweep's interval, so nothing is acknowledged late or redelivered.
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_TIME_LIMIT = 120
SWEEP_INTERVAL_S = env.integer("SWEEP_INTERVAL_S", 3, least=1, most=60)
CELERY_BEAT_SCHEDULE = {
    "sweep requests": {"task": "requests.sweep", "schedule": SWEEP_INTERVAL_S, "options": {"expires": 10}},
    "sweep calls": {"task": "calls.sweep", "schedule": SWEEP_INTERVAL_S, "options": {"expires": 10}},
    "sweep next steps": {"task": "requests.sweep_next_steps", "schedule": SWEEP_INTERVAL_S, "options": {"expires": 10}},
    "ask for prices": {"task": "calls.ask_for_prices", "schedule": 60, "options": {"expires": 50}},
    "forget old requests": {"task": "requests.forget_old", "schedule": 3600, "options": {"expires": 600}},
    "forget old calls": {"task": "calls.forget_old", "schedule": 3600, "options": {"expires": 600}},
    "forget old callers": {"task": "use_cases.forget_old", "schedule": 3600, "options": {"expires": 600}},
    "sweep missed calls": {"task": "use_cases.sweep_missed", "schedule": SWEEP_INTERVAL_S, "options": {"expires": 10}},
    "forget prompts": {"task": "calls.forget_prompts", "schedule": 3600, "options": {"expires": 600}},
    "sweep messages": {"task": "requests.sweep_messages", "schedule": SWEEP_INTERVAL_S, "options": {"expires": 10}},
    "sweep mail": {"task": "requests.sweep_mail", "schedule": SWEEP_INTERVAL_S, "options": {"expires": 10}},
    "prune live changes": {"task": "requests.prune_live_changes", "schedule": 3600, "options": {"expires": 600}},
}

# --- safety of pages ---
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "floyd_site.failures.too_old"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_site = urlsplit(SITE_URL)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'", f"{'wss' if _site.scheme == 'https' else 'ws'}://{_site.netloc}", *MEDIA_SITES],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        # Other sites that may show our pages inside theirs; browsers heed this before X-Frame-Options.
        "frame-ancestors": env.listing("FRAME_ANCESTORS") or ["'none'"],
        "object-src": ["'none'"],
    }
}

# --- the JSON API ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["context.api.authentication.TokenAuthentication", "context.api.authentication.PageAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "api.schema.Described",
    "EXCEPTION_HANDLER": "api.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Floyd",
    "DESCRIPTION": "Give Floyd requests, follow them, answer its questions, and keep what it knows about you.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "RequestStatus": "requests_app.status.Status.choices",
        "QuestionStatus": "requests_app.models.QuestionStatus.choices",
        "QuestionKind": "requests_app.models.QuestionKind.choices",
        "MessageStatus": "requests_app.models.MessageStatus.choices",
        "Way": "requests_app.models.Way.choices",
        "Learning": "context.choices.Learning.choices",
        "Channel": "requests_app.models.Channel.choices",
        "FactStatus": "context.models.FactStatus.choices",
        "Sensitivity": "context.models.Sensitivity.choices",
        "CalleeChoice": "context.choices.CalleeChoice.choices",
        "Source": "context.models.Source.choices",
        "ImportStatus": "context.import_models.ImportStatus.choices",
        "InterviewStatus": "context.interview_models.InterviewStatus.choices",
        "MailboxStatus": "context.mail_models.MailboxStatus.choices",
        "MailStatus": "context.mail_models.MailStatus.choices",
        "StepStatus": "requests_app.next_step.StepStatus.choices",
        "CallStatus": "calls.status.CallStatus.choices",
        "Speaker": "calls.models.Speaker.choices",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.schema.add_problems"],
}
# Requests that one user may make through the API in an hour.
API_REQUESTS_PER_HOUR = env.integer("API_REQUESTS_PER_HOUR", 120, least=0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

# --- language, time, files ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["floyd_site.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}

# --- requests ---
# How long after sending from a page a request can be taken back. It is planned meanwhile; nothing is dialled and no text goes out.
UNDO_S = env.integer("UNDO_S", 5, least=0, most=60)

# --- calls ---
ALLOWED_COUNTRIES = frozenset(env.listing("ALLOWED_COUNTRIES", "US,CA"))
CALLING_HOURS = (env.integer("CALLING_HOURS_FROM", 8, least=0, most=23), env.integer("CALLING_HOURS_TO", 21, least=1, most=24))
MAX_CALLS_PER_DAY = env.integer("MAX_CALLS_PER_DAY", 20, least=0)
MAX_CALL_MINUTES_PER_DAY = env.integer("MAX_CALL_MINUTES_PER_DAY", 120, least=0)
# Most that a user may cost in a day, in minor units (cents) of the price table's currency.
MAX_COST_PER_DAY_MINOR = env.integer("MAX_COST_PER_DAY_MINOR", 1000, least=0)
# Callers whose own call could not be taken, and who are rung back at the site's cost: so many a day (0: none), at once, and for so much a day.
MAX_CALL_BACKS_PER_DAY = env.integer("MAX_CALL_BACKS_PER_DAY", 50, least=0)
MAX_CALL_BACKS_AT_ONCE = env.integer("MAX_CALL_BACKS_AT_ONCE", 3, least=1)
MAX_CALL_BACK_COST_PER_DAY_MINOR = env.integer("MAX_CALL_BACK_COST_PER_DAY_MINOR", 2000, least=0)
PRICES = price_table.load(env.text("PRICE_TABLE"))
MAX_CALL_MINUTES = env.integer("MAX_CALL_MINUTES", 15, least=1, most=60)
MAX_CALLS_PER_NODE = env.integer("MAX_CALLS_PER_NODE", 40, least=1)
USER_ANSWER_WAIT_S = env.integer("USER_ANSWER_WAIT_S", 45, least=1, most=300)
# A number that answered nothing for this long is asked about at the carrier, then put before the user.
DIAL_UNKNOWN_AFTER_S = env.integer("DIAL_UNKNOWN_AFTER_S", 120, least=1)

# --- reviewing calls ---
# How long the exact questions to the model are kept for staff who review a call; 0 keeps none.
KEEP_PROMPTS_DAYS = env.integer("KEEP_PROMPTS_DAYS", 30, least=0, most=3650)
# Models, besides those in use, that staff may put such a question to again.
REVIEW_MODELS = env.listing("REVIEW_MODELS")

# --- recording calls ---
# Nothing is recorded unless this is on, the user (or the use case) allowed it, and the other side's number is in one of these regions: countries
# (CA), or the beginnings of numbers (+1519). It is always announced.
RECORD_CALLS = env.flag("RECORD_CALLS", default=False)
RECORD_REGIONS = frozenset(env.listing("RECORD_REGIONS"))
if _unknown := sorted(region for region in RECORD_REGIONS if not REGION.fullmatch(region)):
    raise SettingError(f"RECORD_REGIONS has {_unknown[0]!r}; give countries (CA) or the beginnings of numbers (+1519), commas between.")
# How long recordings are kept, whatever becomes of the transcript.
KEEP_RECORDINGS_DAYS = env.integer("KEEP_RECORDINGS_DAYS", 30, least=1, most=3650)

# --- keeping records ---
# The longest for which ended requests, calls and texts are kept, and the least that the law may ask for; users choose in between. 0: no limit.
KEEP_RECORDS_DAYS = env.integer("KEEP_RECORDS_DAYS", 1095, least=0, most=36_500)
KEEP_RECORDS_LEAST_DAYS = env.integer("KEEP_RECORDS_LEAST_DAYS", 30, least=0, most=36_500)

# A banner only: nothing in the product acts on it.
SANDBOX_URL = env.text("SANDBOX_URL")

LOGGING = logging_settings(env.text("LOG_LEVEL", "INFO"))
