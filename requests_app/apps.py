"""The `requests_app` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsAppConfig(AppConfig):
    """Registers the app with Django, and what it does for live pages."""

    name = "requests_app"
    verbose_name = _("Requests")  # in the admin

    def ready(self) -> None:
        """Opens `request.<id>` to whoever may look at the request, says how changes are drawn, and hears foreign writes."""
        from api import changes
        from context import preferences, provenance
        from live import access, listen
        from requests_app import fragments, holdings
        from requests_app.access import may_watch_request
        from requests_app.foreign import foreign_write
        from requests_app.messages import follow_quiet_hours

        access.register("request", may_watch_request)
        fragments.register_all()
        holdings.register_all()
        preferences.register(follow_quiet_hours)
        provenance.register("request", lambda ref: f"/requests/{ref}/")
        for kind in ("request", "request_gone", "event", "question", "message"):
            changes.register(kind, f"requests_app.api.changes.{kind}")
        listen.register(foreign_write)
