"""Settings of mail and notifications: how Floyd writes to its users, and how they write to it."""

from __future__ import annotations

from urllib.parse import urlsplit

from floyd_site.env import Environment, SettingError

env = Environment()

# --- out: Django's SMTP backend, or one of Anymail's (EMAIL_BACKEND=anymail.backends.postmark.EmailBackend, and its own ANYMAIL_… variables) ---
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in env.starting_with("ANYMAIL_").items()}
# The address Floyd writes from. Empty: Floyd tells its users nothing by email.
MAIL_FROM = env.text("MAIL_FROM")
DEFAULT_FROM_EMAIL = MAIL_FROM or "floyd@localhost"

# --- in: everything for this domain ends in one mailbox, which Floyd reads (imaps://user:password@host:993/INBOX) ---
MAIL_DOMAIN = env.text("MAIL_DOMAIN").lower()
# In front of the name in every address, for mailboxes with plus addressing: `floyd+` gives floyd+name@….
MAIL_PREFIX = env.text("MAIL_PREFIX").lower()
MAIL_INBOX = env.text("MAIL_INBOX")
if MAIL_INBOX and (urlsplit(MAIL_INBOX).scheme not in ("imap", "imaps") or not urlsplit(MAIL_INBOX).username):
    raise SettingError("MAIL_INBOX must look like imaps://user:password@host:993/INBOX (special characters of the password as %XX).")
if MAIL_INBOX and not MAIL_DOMAIN:
    raise SettingError("MAIL_INBOX is set but MAIL_DOMAIN is not. Give the domain whose mail ends in that mailbox.")
# The name under which the server that receives for MAIL_DOMAIN writes Authentication-Results (its `authserv-id`). Only its word counts.
MAIL_AUTHSERV_ID = env.text("MAIL_AUTHSERV_ID").lower()
MAIL_INTERVAL_S = env.integer("MAIL_INTERVAL_S", 20, least=1, most=3600)
# How often a connected mailbox of a user is read.
MAILBOX_INTERVAL_S = env.integer("MAILBOX_INTERVAL_S", 300, least=1, most=86400)

# host:port pairs inside our own network that mailboxes and push endpoints may name, without TLS. Everything else must be public.
PRIVATE_HOSTS = frozenset(env.listing("PRIVATE_HOSTS"))

# --- notifications of browsers ---
# 32 bytes in base64url. `make run` makes one and keeps it in .floyd/.
VAPID_PRIVATE_KEY = env.text("VAPID_PRIVATE_KEY")
# Whom a push service may write to about us: mailto:… or https://…; empty: our own address.
VAPID_SUBJECT = env.text("VAPID_SUBJECT")

# Mixed into the key that encrypts app passwords at rest; the secret part is SECRET_KEY.
SALT_KEY = env.text("SALT_KEY", "floyd")

__all__ = [
    "ANYMAIL",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_TIMEOUT",
    "EMAIL_USE_TLS",
    "MAILBOX_INTERVAL_S",
    "MAIL_AUTHSERV_ID",
    "MAIL_DOMAIN",
    "MAIL_FROM",
    "MAIL_INBOX",
    "MAIL_INTERVAL_S",
    "MAIL_PREFIX",
    "PRIVATE_HOSTS",
    "SALT_KEY",
    "VAPID_PRIVATE_KEY",
    "VAPID_SUBJECT",
]
