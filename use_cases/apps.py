"""The `use_cases` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from use_cases import folders


class UseCasesConfig(AppConfig):
    """Registers the app with Django, its folders' models among its own."""

    name = "use_cases"
    verbose_name = _("Calls that come in")  # in the admin

    def import_models(self) -> None:
        """Also those that stand in the folders: one that was copied needs no line elsewhere."""
        super().import_models()
        folders.import_models()

    def ready(self) -> None:
        """Says what is held of a user, who runs tools for the lines, and who reads the wish to be called back."""
        from calls.lines import tool_runs
        from requests_app.inbox import register_taker
        from use_cases import holdings, missed, running

        holdings.register_all()
        tool_runs.register(running.Running())
        register_taker(missed.take_text)
