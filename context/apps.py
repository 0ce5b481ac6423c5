"""The `context` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContextConfig(AppConfig):
    """Registers the app with Django, and says who may watch its live topics."""

    name = "context"
    verbose_name = _("What Floyd knows")  # in the admin

    def ready(self) -> None:
        """Opens `user.<id>` to that user and `staff` to staff, and says how changes are drawn."""
        from django.urls import reverse

        from api import changes
        from context import fragments, holdings, provenance
        from context.access import may_watch_staff, may_watch_user
        from live import access

        access.register("user", may_watch_user)
        access.register("staff", may_watch_staff)
        fragments.register_all()
        holdings.register_all()
        provenance.register("mail", lambda ref: reverse("mail", args=[ref]))
        for kind in ("fact", "contact", "calendar_entry"):
            changes.register(kind, f"context.api.changes.{kind}")
