"""The `calls` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallsConfig(AppConfig):
    """Registers the app with Django, and what it does for live pages."""

    name = "calls"
    verbose_name = _("Calls")  # in the admin

    def ready(self) -> None:
        """Opens `call.<id>` to whoever may look at its request, shows calls on the request's page, finds past dealings,
        says how changes are drawn."""
        from api import changes
        from calls import correcting, fragments, holdings
        from calls.access import may_watch_call
        from calls.dealings import with_numbers
        from calls.recording.models import HEARD_OF_REQUEST
        from calls.review import summing
        from live import access
        from requests_app import corrections, dealings, page_parts, recorded

        access.register("call", may_watch_call)
        page_parts.register(fragments.calls_part)
        recorded.register(HEARD_OF_REQUEST)
        dealings.register(with_numbers)
        corrections.register(correcting.follow)
        corrections.register(summing.corrected)
        fragments.register_all()
        holdings.register_all()
        for kind in ("call", "line", "turn"):
            changes.register(kind, f"calls.api.changes.{kind}")
