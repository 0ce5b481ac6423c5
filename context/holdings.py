"""What this app holds of a user: what of it they take along, and what goes before their rows go."""

from __future__ import annotations

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry

from context import export, provenance
from context.access_models import ApiToken, IdempotencyKey
from context.import_models import ImportBatch
from context.interview_models import InterviewQuestion
from context.models import CalendarEntry, Contact, Fact, User


def register_all() -> None:
    """Called when the app starts."""
    export.register("account", User, without=("password", "is_superuser", "mail_token", "calendar_token"))
    export.register("facts", Fact)
    export.register("contacts", Contact)
    export.register("calendar", CalendarEntry)
    export.register("imports", ImportBatch)
    export.register("interview", InterviewQuestion)
    provenance.register("import", lambda ref: f"/knows/import/{ref}/")
    export.register("api_tokens", ApiToken, without=("secret_sha256",))
    export.register("email_addresses", EmailAddress)
    export.register("mailboxes", apps.get_model("context", "Mailbox"), without=("password", "places", "lease_until"))
    export.register("mails", apps.get_model("context", "Mail"), without=("lease_until",))
    export.register("devices", apps.get_model("context", "PushSubscription"), without=("endpoint", "p256dh", "auth"))
    export.register("signed_in_devices", UserSession, without=("session_key", "data"))
    export.leave_out(EmailConfirmation, "a key that proves an address")
    export.leave_out(Authenticator, "secrets of the second factor")
    export.leave_out(IdempotencyKey, "hashes that keep a program from sending twice; they go by themselves")
    export.leave_out(LogEntry, "what staff did, in the words of the admin pages")
    export.leave_out(User.groups.through, "rights of staff")
    export.leave_out(User.user_permissions.through, "rights of staff")
