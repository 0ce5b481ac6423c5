"""Settings of accounts: how people sign up, in and out, and prove their mail address and phone number. Everything is django-allauth's."""

from __future__ import annotations

from urllib.parse import urlsplit

from context.marking import noop
from floyd_site.env import Environment

env = Environment()
_site = urlsplit(env.text("SITE_URL", "http://localhost:8000"))

AUTH_USER_MODEL = "context.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# --- signing up ---
# Whoever has an account can have calls made, so by default an administrator makes them.
OPEN_SIGN_UP = env.flag("OPEN_SIGN_UP", default=False)
# What a newcomer is offered to ask for first; their own words lead from there.
FIRST_REQUEST = env.text("FIRST_REQUEST", noop("Find a plumber near me and ask when one could come."))
ACCOUNT_ADAPTER = "floyd_site.account_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {"signup": "context.sign_up.SignUpForm", "verify_phone": "context.phone_forms.CodeForm"}
ACCOUNT_SIGNUP_REDIRECT_URL = "/welcome/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

# --- codes by mail and by text ---
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# Digits only, so that phones offer a texted code above the keyboard. Few tries, and few codes, make up for that.
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 3
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 10 * 60
# Whoever has somebody's open browser for a minute takes neither their phone number nor their mail address.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "change_phone": "20/h/user",
    # Codes sent, by number, by user and by address; then tries at them, whatever session they come from.
    "verify_phone": "1/30s/key,5/d/key,8/d/user,30/d/ip",
    "try_phone_code": "9/d/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", 0, least=0, most=5)

# --- passkeys and the second factor ---
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "context.passkey_form.PasskeyForm"}
MFA_TOTP_ISSUER = "Floyd"
# Browsers know localhost as safe without https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _site.scheme == "http" and _site.hostname == "localhost"

__all__ = [
    "ACCOUNT_ADAPTER",
    "ACCOUNT_CHANGE_EMAIL",
    "ACCOUNT_EMAIL_NOTIFICATIONS",
    "ACCOUNT_EMAIL_SUBJECT_PREFIX",
    "ACCOUNT_EMAIL_VERIFICATION",
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED",
    "ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE",
    "ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND",
    "ACCOUNT_FORMS",
    "ACCOUNT_LOGIN_BY_CODE_ENABLED",
    "ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND",
    "ACCOUNT_LOGIN_METHODS",
    "ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED",
    "ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT",
    "ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS",
    "ACCOUNT_PHONE_VERIFICATION_TIMEOUT",
    "ACCOUNT_RATE_LIMITS",
    "ACCOUNT_REAUTHENTICATION_REQUIRED",
    "ACCOUNT_SIGNUP_FIELDS",
    "ACCOUNT_SIGNUP_REDIRECT_URL",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD",
    "ALLAUTH_TRUSTED_PROXY_COUNT",
    "AUTHENTICATION_BACKENDS",
    "AUTH_PASSWORD_VALIDATORS",
    "AUTH_USER_MODEL",
    "FIRST_REQUEST",
    "LOGIN_REDIRECT_URL",
    "LOGIN_URL",
    "MFA_FORMS",
    "MFA_PASSKEY_LOGIN_ENABLED",
    "MFA_SUPPORTED_TYPES",
    "MFA_TOTP_ISSUER",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    "OPEN_SIGN_UP",
]
